/** `npm run bench -- observing`: what health, metrics and traces add to a question, in one process, in CPU time. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGateway } from '../gateway/gateway.ts'
import { createMetrics } from '../gateway/ops/metrics.ts'
import { noTracing, startTracing, type Tracing } from '../gateway/ops/tracing.ts'
import { demoKeys } from '../gateway/settings/demo.ts'
import { openStore } from '../gateway/store/open.ts'
import { createTraffic } from '../gateway/upstream/traffic.ts'
import { demoSettings } from './demo-settings.ts'
import { startDukcapil } from '../mocks/dukcapil/server.ts'
import { bodyAbout } from './people.ts'
import { columns, median } from './table.ts'

const silent = { info() {}, warn() {}, error() {} }

/** CPU microseconds of one, over many. */
async function cpuOf(count: number, once: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  for (let done = 0; done < count; done++) await once()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

/** What an attempt tells health. */
function healthOf() {
  const traffic = createTraffic(Date.now, ['resident.lookup'])
  let ms = 0
  return () => traffic.note('resident.lookup', 'ok', (ms = (ms + 7) % 3_000))
}

/** What a question tells the metrics. */
function metricsOf() {
  const metrics = createMetrics([])
  const upstream = 'dukcapil'
  const capability = 'resident.lookup'
  return () => {
    metrics.request({ route: '/v1/residents/lookup', capability, member: 'front-office', code: 'OK' }, 0.001)
    metrics.attempt({ upstream, capability, outcome: 'ok', ms: 1, unknownCodes: [] })
    metrics.answer({ upstream, capability, mode: 'live' })
  }
}

/** What a live question tells the traces. */
function spansOf(tracing: Tracing) {
  const upstream = 'dukcapil'
  const capability = 'resident.lookup'
  return () =>
    tracing.within(
      'request',
      {},
      () => {
        tracing.within('choose', { capability }, () => tracing.note({ candidates: 1 }))
        tracing.within('find', { upstream, capability }, () => {
          tracing.within('attempt', { upstream, capability, attempt: 1 }, () =>
            tracing.note({ code: 'OK', sent: 'yes' }),
          )
          tracing.note({ shared: 'miss' })
        })
        tracing.within('record', {}, () => {})
        tracing.note({ method: 'POST', route: '/v1/residents/lookup', capability, code: 'OK', status: 200 })
      },
      () => undefined,
    )
}

/** A collector that takes everything, in this process too: its part is in the figure. */
async function startCollector() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, server }
}

/** The whole gateway without sockets and without the disk; asks the same question, which is answered from memory. */
async function questionOf(tracing: Tracing, dataFolder: string, agency: string) {
  const elsewhere = 'http://127.0.0.1:9'
  const addresses = { MOCK_DUKCAPIL_URL: agency, MOCK_OSS_URL: elsewhere, MOCK_POLRI_URL: elsewhere }
  const settings = await demoSettings(addresses)
  const store = await openStore({ dataFolder }, { ledgerKey: settings.keys.ledger })
  const gateway = createGateway({
    settings: {
      ...settings,
      agreements: settings.agreements.map(agreement => ({ ...agreement, quotas: [] })),
    },
    store: { ...store, appendLedger: async () => {} },
    log: silent,
    tracing,
  })
  const headers = {
    authorization: `Bearer ${demoKeys['front-office']}`,
    'content-type': 'application/json',
    'mpp-purpose': 'skck.new',
    'mpp-counter': 'A-03',
    'mpp-officer': 'o-7f3a',
  }
  const send = async (path: string, body: string, more: Record<string, string> = {}) => {
    const request = new Request(`http://gateway${path}`, {
      method: 'POST',
      headers: { ...headers, ...more },
      body,
    })
    const response = await gateway.app.fetch(request)
    return (await response.json()) as { id: string; provenance: Record<string, { mode: string }> }
  }
  const visit = await send('/v1/cases', '{}')
  const ask = () => send('/v1/residents/lookup', bodyAbout(0), { 'mpp-case': visit.id })
  await ask()
  const { provenance } = await ask()
  if (provenance['']?.mode !== 'cached') throw new Error('the question was not answered from memory')
  return {
    ask,
    async close() {
      await gateway.close()
      await store.close()
    },
  }
}

export async function measureObserving(rounds: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-bench-'))
  const dukcapil = await startDukcapil()
  const { url, server } = await startCollector()
  const sampled = (ratio: number) =>
    startTracing({ url, headers: {}, serviceName: 'bench', sampler: { followsParent: true, ratio } }, silent)
  const tracings = {
    off: noTracing,
    '0 %': await sampled(0),
    '1 %': await sampled(0.01),
    '100 %': await sampled(1),
  }
  const questions = await Promise.all(
    Object.entries(tracings).map(
      async ([name, tracing]) =>
        [name, await questionOf(tracing, join(folder, name.replace(' %', '')), dukcapil.url)] as const,
    ),
  )

  const figures = new Map<string, number[]>()
  for (let round = 0; round <= rounds; round++) {
    const note = (name: string, figure: number) =>
      round > 0 && figures.set(name, [...(figures.get(name) ?? []), figure]) // the first was to warm up
    note('health alone', await cpuOf(1_000_000, healthOf()))
    note('metrics alone', await cpuOf(200_000, metricsOf()))
    note('spans alone, traces off', await cpuOf(1_000_000, spansOf(noTracing)))
    for (const [name, { ask }] of questions)
      note(`a question from memory, traces ${name}`, await cpuOf(10_000, ask))
  }

  for (const [, question] of questions) await question.close()
  for (const tracing of Object.values(tracings)) await tracing.close()
  server.closeAllConnections()
  server.close()
  await dukcapil.close()
  rmSync(folder, { recursive: true })

  const off = median(figures.get('a question from memory, traces off')!)
  const rows = [...figures].map(([name, all]) => {
    const figure = median(all)
    const isQuestion = name.startsWith('a question')
    return [
      name,
      figure.toFixed(2),
      isQuestion ? (figure / off).toFixed(2) : '',
      `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}`,
    ]
  })
  return columns([['what', 'CPU µs', 'ratio', 'spread'], ...rows])
}
