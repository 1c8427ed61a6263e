/** Everything that runs during the bench: the servers on one core, the load and the agency on the others. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { demoKeys } from '../gateway/settings/demo.ts'
import { type Child, startChild } from './child.ts'
import type { Cores } from './cores.ts'
import { bodyAbout, personNik } from './people.ts'

/** Rows in a ledger before the first question: of one that has just begun, and of one that has grown. */
const youngRows = '1000'
const grownRows = process.env['BENCH_ROWS'] ?? youngRows

/** Which script, with which environment beside what all have. */
const servers = {
  gateway: { script: 'gateway', environment: { BENCH_ROWS: youngRows } },
  'node-http': { script: 'node-http' },
  hono: { script: 'hono' },
  'hono-dispatch': { script: 'hono-dispatch' },
  'without-ledger': { script: 'gateway', environment: { BENCH_LEDGER: 'off' } },
  postgres: { script: 'gateway', environment: { BENCH_STORE: 'postgres', BENCH_ROWS: youngRows } },
  'postgres-without-ledger': {
    script: 'gateway',
    environment: { BENCH_STORE: 'postgres', BENCH_LEDGER: 'off' },
  },
  grown: { script: 'gateway', environment: { BENCH_ROWS: grownRows } },
  'postgres-grown': { script: 'gateway', environment: { BENCH_STORE: 'postgres', BENCH_ROWS: grownRows } },
} satisfies Readonly<Record<string, { script: string; environment?: Record<string, string> }>>
export type ServerId = keyof typeof servers
export interface Server extends Child {
  readonly ready: { readonly url: string }
}

export interface House {
  readonly servers: ReadonlyMap<ServerId, Server>
  readonly load: Child
  /** Holds the gateway's store. */
  readonly dataFolder: string
  /** The headers of a question, in a case opened just now at this gateway: nothing is cached yet. */
  openCase(at?: ServerId): Promise<Record<string, string>>
  /** Questions that the agency has been asked so far. */
  agencyCalls(): Promise<number>
  close(): Promise<void>
}

export async function openHouse(cores: Cores, ids: readonly ServerId[]): Promise<House> {
  const children: Child[] = []
  const start = async (
    script: string,
    on: string | undefined,
    environment: Record<string, string> = {},
  ): Promise<Child> => {
    const child = await startChild(join(import.meta.dirname, script), { cores: on, environment })
    children.push(child)
    return child
  }
  const cache = join(import.meta.dirname, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const dataFolder = mkdtempSync(join(cache, 'bench-')) // beside the code, because /tmp may be no disk

  async function close(): Promise<void> {
    await Promise.all(children.map(child => child.stop()))
    rmSync(dataFolder, { recursive: true, force: true })
  }

  try {
    const agency = await start('../mocks/main.ts', cores.others)
    const agencyUrl = (agency.ready as { ready: { dukcapil: string } }).ready.dukcapil
    const environment: Record<string, string> = {
      MOCK_DUKCAPIL_URL: agencyUrl,
      MOCK_OSS_URL: agencyUrl, // never asked
      MOCK_POLRI_URL: agencyUrl,
    }
    const startServer = async (id: ServerId) => {
      const server: { script: string; environment?: Record<string, string> } = servers[id]
      const own = { BENCH_DATA: join(dataFolder, id), ...server.environment }
      return (await start(`servers/${server.script}.ts`, cores.server, { ...environment, ...own })) as Server
    }
    const gateway = await startServer('gateway')
    /** What is no gateway takes the headers of one. */
    const openCase = (at: ServerId = 'gateway') =>
      openCaseAt((servers[at].script === 'gateway' ? started.get(at)! : gateway).ready.url)
    const started = new Map<ServerId, Server>([['gateway', gateway]])
    const headers = await openCase()
    environment['BENCH_LIVE_ANSWER'] = await askOnce(gateway.ready.url, headers, 0, '"mode":"live"')
    environment['BENCH_ANSWER'] = await askOnce(gateway.ready.url, headers, 0, '"mode":"cached"')
    for (const id of ids.filter(other => other !== 'gateway')) started.set(id, await startServer(id))
    return {
      servers: started,
      load: await start('load.ts', cores.others),
      dataFolder,
      openCase,
      async agencyCalls() {
        const { calls } = (await (await fetch(`${agencyUrl}/mock/calls`)).json()) as {
          calls: { lookup?: number }
        }
        return calls.lookup ?? 0
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

export async function openCaseAt(url: string): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${demoKeys['front-office']}`, 'content-type': 'application/json' }
  const opened = await fetch(`${url}/v1/cases`, { method: 'POST', headers, body: '{}' })
  const { id } = (await opened.json()) as { id: string }
  return {
    ...headers,
    'mpp-case': id,
    'mpp-purpose': 'skck.new',
    'mpp-counter': 'A-03',
    'mpp-officer': 'o-7f3a',
  }
}

/** Asks once; the answer must be right. */
export async function askOnce(
  url: string,
  headers: Record<string, string>,
  person: number,
  expects: string,
): Promise<string> {
  const answer = await fetch(`${url}/v1/residents/lookup`, {
    method: 'POST',
    headers,
    body: bodyAbout(person),
  })
  const text = await answer.text()
  const isRight = answer.status === 200 && text.includes(personNik(person)) && text.includes(expects)
  if (!isRight) throw new Error(`wrong answer from ${url}: ${answer.status} ${text}`)
  return text
}
