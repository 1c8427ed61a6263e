/** `npm run bench -- board`: how long the board takes to open, and what each open one costs the gateway. See README.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoKeys } from '../gateway/settings/demo.ts'
import { type Child, startChild } from './child.ts'
import type { Cores } from './cores.ts'
import type { Usage } from './servers/under-test.ts'
import { columns, median } from './table.ts'

interface Amounts {
  readonly backlog: number
  readonly rounds: number
  readonly seconds: number
}

const pages = { overview: '/ops', orders: '/ops/orders', 'work list': '/ops/work' }
const openBoards = [1, 10, 50]

export async function measureBoard(cores: Cores, { backlog, rounds, seconds }: Amounts): Promise<string> {
  const cache = join(import.meta.dirname, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const dataFolder = mkdtempSync(join(cache, 'bench-'))
  const children: Child[] = []
  const start = async (script: string, on: string | undefined, environment = {}): Promise<Child> => {
    const child = await startChild(join(import.meta.dirname, script), { cores: on, environment })
    children.push(child)
    return child
  }
  try {
    const agency = await start('../mocks/main.ts', cores.others)
    const { dukcapil } = (agency.ready as { ready: { dukcapil: string } }).ready
    const gateway = await start('servers/board.ts', cores.server, {
      MOCK_DUKCAPIL_URL: dukcapil,
      MOCK_OSS_URL: dukcapil,
      MOCK_POLRI_URL: dukcapil,
      BENCH_DATA: dataFolder,
      BENCH_BACKLOG: String(backlog),
    })
    const { url } = gateway.ready as { url: string }
    const cookie = await signIn(url)

    const opened: string[][] = []
    for (const [name, path] of Object.entries(pages)) {
      const times: number[] = []
      let bytes = 0
      for (let round = 0; round < 5 * rounds; round += 1) {
        await sleep(1_100) // what somebody else has just looked at would be shown
        const startedAt = performance.now()
        const page = await (await fetch(`${url}${path}`, { headers: { cookie } })).text()
        times.push(performance.now() - startedAt)
        bytes = page.length
      }
      opened.push([name, median(times).toFixed(0), Math.max(...times).toFixed(0), (bytes / 1024).toFixed(0)])
    }

    const alone: number[] = []
    const watched = new Map<number, { cores: number; kilobytes: number }[]>(
      openBoards.map(count => [count, []]),
    )
    for (let round = 0; round < rounds; round += 1) {
      alone.push((await watch(gateway, url, cookie, 0, seconds)).cores)
      for (const count of openBoards)
        watched.get(count)!.push(await watch(gateway, url, cookie, count, seconds))
    }
    const baseline = median(alone)
    return [
      `${backlog} orders wait; 50 upstreams, each asked once a second; medians of ${rounds} rounds of ${seconds} s\n`,
      columns([['page', 'ms to open', 'longest', 'KiB'], ...opened]),
      '',
      columns([
        ['open boards', 'of a core, in all', 'of a core, each', 'KiB/s each', 'aim'],
        ['0', baseline.toFixed(4), '', '', ''],
        ...openBoards.map(count => {
          const all = watched.get(count)!
          const added = median(all.map(one => one.cores)) - baseline
          const kilobytes = median(all.map(one => one.kilobytes)) / count
          return [
            String(count),
            added.toFixed(4),
            (added / count).toFixed(4),
            kilobytes.toFixed(1),
            '< 0.01 each',
          ]
        }),
      ]),
    ].join('\n')
  } finally {
    await Promise.all(children.map(child => child.stop()))
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/ops/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ key: demoKeys.operations, officer: 'o-90' }),
  })
  return answer.headers.getSetCookie()[0]!.split(';')[0]!
}

/** So many boards open for a while: what part of a core the gateway used meanwhile, and what it sent. */
async function watch(gateway: Child, url: string, cookie: string, count: number, seconds: number) {
  const stop = new AbortController()
  let bytes = 0
  const boards = Array.from({ length: count }, async () => {
    const page = await (await fetch(`${url}/ops`, { headers: { cookie } })).text()
    const [, version] = /data-version="([^"]+)"/.exec(page)!
    const address = `${url}/ops/live?page=/ops&version=${version}`
    const { body } = await fetch(address, { headers: { cookie }, signal: stop.signal })
    const read = async () => {
      for await (const chunk of body!) bytes += chunk.length
    }
    return { ended: read().catch(() => {}) }
  })
  const reading = await Promise.all(boards)
  await sleep(1_000)
  bytes = 0
  const before = await gateway.ask<Usage>('usage')
  const startedAt = performance.now()
  await sleep(seconds * 1_000)
  const after = await gateway.ask<Usage>('usage')
  const elapsedMs = performance.now() - startedAt
  const sent = bytes
  stop.abort()
  await Promise.all(reading.map(({ ended }) => ended))
  return {
    cores: (after.process - before.process) / 1_000 / elapsedMs,
    kilobytes: sent / 1024 / (elapsedMs / 1_000),
  }
}
