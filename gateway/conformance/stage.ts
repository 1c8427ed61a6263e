/**
 * A whole gateway before one agency, as the kit asks it: one counter, and an agreement that grants everything and keeps nothing.
 * Of an order the upstream alone: who brings it there, and when, is not for an adapter to say.
 */
import { hash } from 'node:crypto'
import type { Adapter, Policy } from '#contracts/adapter.ts'
import { createGateway } from '#gateway/gateway.ts'
import { createLog } from '#gateway/log.ts'
import { usualThresholds } from '#gateway/ops/alarms/conditions.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { openFrom, service } from '#gateway/testing/services.ts'
import type { UpstreamHealth } from '#gateway/upstream/upstream.ts'
import type { Exchange } from './fixtures.ts'
import { openOrderStage } from './order-stage.ts'

export interface Outcome {
  /** What the counter got. */
  readonly status: number
  readonly answer: Readonly<Record<string, unknown>>
  /** The ledger's entry of it. */
  readonly evidence: Readonly<Record<string, unknown>>
  readonly health: UpstreamHealth
  /** What the gateway wrote down or shows to operators: nothing secret or personal may be in it. */
  readonly traces: Readonly<Record<string, string>>
}

export interface Stage {
  /** Asks the exchange's question, or this one. Nothing is held from one to the next. */
  ask(input?: Exchange['input']): Promise<Outcome>
  [Symbol.asyncDispose](): Promise<void>
}

const apiKey = 'counter-of-the-conformance-kit'
const purpose = 'conformance'

/** `policy`: what differs from the adapter's own. */
export function openStage(
  adapter: Adapter,
  exchange: Exchange,
  baseUrl: string,
  policy: Partial<Policy>,
): Stage {
  const { capability, config, order, at = Date.now(), input: usualInput } = exchange
  if (order) return openOrderStage(adapter, { ...exchange, order }, baseUrl, policy)
  const key = Buffer.alloc(32, 'conformance')
  const roles = ['member', 'monitor'] as const
  const settings: Settings = {
    mall: { name: 'Conformance', timeZone: 'Asia/Jakarta', dayEnds: '24:00' },
    calendar: { timeZone: 'Asia/Jakarta', hours: openFrom(0, 24), holidays: [] },
    services: new Map([[purpose, service(purpose)]]),
    identities: 'synthetic',
    keys: { sealing: [{ id: 'test', key }], ledger: key, pseudonyms: key },
    members: [
      {
        id: 'counter',
        name: 'Counter',
        roles,
        rateLimit: { requests: 100_000, seconds: 1 },
        keys: [{ id: 'test', sha256: hash('sha256', apiKey), roles, expiresAt: Infinity }],
      },
    ],
    issuers: [],
    alarms: { webhooks: [], repeatMinutes: 60, ...usualThresholds },
    anchors: undefined,
    retention: {},
    board: undefined,
    upstreams: [
      {
        id: adapter.id,
        adapter,
        baseUrl,
        config,
        policy: { ...adapter.policy, ...policy },
        timeZone: 'Asia/Jakarta',
      },
    ],
    routes: [],
    trustedProxies: [],
    limits: { connections: 1 },
    agreements: [
      {
        id: 'everything',
        upstream: adapter.id,
        member: 'counter',
        legalBasis: 'Conformance',
        contact: { name: 'Conformance', email: 'conformance@example.go.id' },
        validFrom: 0,
        validUntil: Date.parse('9999-12-31'),
        suspendedBy: [],
        quotas: [],
        reuse: { scope: 'none', timeToLiveMs: 0, staleMs: 0 },
        grants: new Map([[capability.id, new Map([[purpose, new Set(capability.elements.keys())]])]]),
      },
    ],
    readAgreements: () => [],
  }
  const log: string[] = []
  const store = createMemoryStore(key)
  const open = () =>
    createGateway({ settings, store, log: createLog({ write: line => log.push(line) }), now: () => at })
  let gateway = open()
  let visit: { id: string } | undefined
  let recorded = 0
  const call = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
    gateway.app.request(path, { ...init, headers: { authorization: `Bearer ${apiKey}`, ...headers } })

  return {
    async ask(input = usualInput) {
      if (gateway.upstreams[0]!.health().heldSince !== undefined) {
        // The clock stands still, so that what is signed or sealed over time can be replayed: no hold would ever end.
        await gateway.close()
        gateway = open()
      }
      log.length = 0
      visit ??= (await (await call('/v1/cases', { method: 'POST', body: '{}' })).json()) as { id: string }
      const response = await call(
        capability.path,
        { method: 'POST', body: JSON.stringify(input) },
        { 'mpp-case': visit.id, 'mpp-purpose': purpose, 'mpp-counter': 'A-01', 'mpp-officer': 'o-1' },
      )
      const rows = await store.readLedger(recorded, 10)
      recorded += rows.length
      const ledger = rows.at(-1)?.content ?? '{}'
      return {
        status: response.status,
        answer: (await response.json()) as Outcome['answer'],
        evidence: JSON.parse(ledger) as Outcome['evidence'],
        health: gateway.upstreams[0]!.health(),
        traces: {
          log: log.join(''),
          metrics: await (await call('/metrics')).text(),
          health: await (await call('/health/upstreams')).text(),
          ledger,
        },
      }
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  }
}
