/** One exchange through the real pipeline: a counter's request, a whole gateway, and an agency played by nock. */
import { hash } from 'node:crypto'
import nock from 'nock'
import type { Adapter } from '#contracts/adapter.ts'
import { createGateway } from '#gateway/gateway.ts'
import { createLog } from '#gateway/log.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import type { UpstreamHealth } from '#gateway/upstream/upstream.ts'
import { readExact, writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'

export interface Played {
  /** What the counter got. */
  readonly status: number
  readonly answer: Record<string, unknown>
  /** What the agency got, as fixtures write it. */
  readonly received: readonly Exchange['request'][]
  /** The ledger's entry of it. */
  readonly evidence: Readonly<Record<string, unknown>>
  readonly health: UpstreamHealth
  /** What the gateway wrote down or shows to operators: nothing secret or personal may be in it. */
  readonly traces: Readonly<Record<'log' | 'metrics' | 'health' | 'ledger', string>>
}

const agencyUrl = 'http://agency.test'
const apiKey = 'counter-of-the-conformance-kit'
const purpose = 'conformance'

export async function playExchange(adapter: Adapter, exchange: Exchange): Promise<Played> {
  const log: string[] = []
  const settings = settingsFor(adapter, exchange)
  const store = createMemoryStore(settings.keys.ledger)
  const gateway = createGateway({ settings, store, log: createLog({ write: line => log.push(line) }) })
  const agency = playAgency(exchange.response)
  const call = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
    gateway.app.request(path, { ...init, headers: { authorization: `Bearer ${apiKey}`, ...headers } })
  try {
    const opened = await call('/v1/cases', { method: 'POST', body: '{}' })
    const visit = (await opened.json()) as { id: string }
    const response = await call(
      exchange.capability.path,
      { method: 'POST', body: JSON.stringify(exchange.input) },
      { 'mpp-case': visit.id, 'mpp-purpose': purpose, 'mpp-counter': 'A-01', 'mpp-officer': 'o-1' },
    )
    const answer = (await response.json()) as Record<string, unknown>
    const [row] = await store.readLedger(0, 1)
    const ledger = row?.content ?? '{}'
    return {
      status: response.status,
      answer,
      received: agency.received,
      evidence: JSON.parse(ledger) as Record<string, unknown>,
      health: gateway.upstreams[0]!.health(),
      traces: {
        log: log.join(''),
        metrics: await (await call('/metrics')).text(),
        health: await (await call('/health/upstreams')).text(),
        ledger,
      },
    }
  } finally {
    agency.end()
    await gateway.close()
  }
}

/** One upstream, one member, and an agreement that grants everything for one purpose and keeps nothing. */
function settingsFor(adapter: Adapter, { capability, config }: Exchange): Settings {
  const key = Buffer.alloc(32, 'conformance')
  // Asked once: what an answer means shows at once, and whether to ask again is not for the adapter to say.
  const policy = { ...adapter.policy, retries: 0 }
  return {
    mall: { name: 'Conformance', timeZone: 'Asia/Jakarta', dayEnds: '24:00' },
    identities: 'synthetic',
    keys: { sealing: [{ id: 'test', key }], ledger: key, pseudonyms: key },
    members: [{ id: 'counter', name: 'Counter', keys: [{ id: 'test', sha256: hash('sha256', apiKey) }] }],
    upstreams: [{ id: adapter.id, adapter, baseUrl: agencyUrl, config, policy, timeZone: 'Asia/Jakarta' }],
    agreements: [
      {
        id: 'everything',
        upstream: adapter.id,
        member: 'counter',
        legalBasis: 'Conformance',
        validFrom: 0,
        validUntil: Infinity,
        reuse: { scope: 'none', timeToLiveMs: 0, staleMs: 0 },
        grants: new Map([[capability.id, new Map([[purpose, new Set(capability.elements.keys())]])]]),
      },
    ],
  }
}

/** Answers the first request, whatever it is, and remembers it. */
function playAgency({ status, headers, body, text = writeExact(body) }: Exchange['response']) {
  const received: Exchange['request'][] = []
  const scope = nock(agencyUrl)
  for (const method of ['GET', 'POST'])
    scope.intercept(/.*/, method).reply(status, text, { 'content-type': 'application/json', ...headers })
  scope.on('request', (request: Request, _: unknown, sent: string) => {
    const { pathname, search } = new URL(request.url)
    const method = request.method as 'GET' | 'POST'
    received.push({ method, path: pathname + search, ...(sent && { body: readExact(sent) }) })
  })
  return { received, end: () => nock.cleanAll() }
}
