import { expect, it } from 'vitest'
import { type AlarmCodeName, alarmCodeNames } from './codes.ts'
import { allWell, conditionsOf, type Facts, type UpstreamFacts } from './conditions.ts'

const ok: UpstreamFacts = {
  id: 'desk',
  state: 'ok',
  mode: 'normal',
  heldSince: undefined,
  circuit: 'closed',
  attempts: 10,
  faults: 0,
  lastFailure: undefined,
}

const upstream = (changes: Partial<UpstreamFacts>): Partial<Facts> => ({ upstreams: [{ ...ok, ...changes }] })
const idle = { state: 'unknown', attempts: 0 }
const unreachable = { ...idle, reachable: { value: false, reason: 'ENOTFOUND' } }
const day = 24 * 60 * 60_000
const gateway = { gateway: 'mpp-01', isSilent: false, ageMs: 0, clockAheadMs: 0 }
const order = { upstream: 'desk', count: 2, oldestSince: 0, oldestSeconds: 60 }

/** What is the case, and what is nearly so: the one tells, the other does not. */
// oxfmt-ignore
const table: Readonly<Record<AlarmCodeName, readonly [is: Partial<Facts>, isNot: Partial<Facts>, source: string, facts?: object]>> = {
  UPSTREAM_DOWN: [upstream({ state: 'down', faults: 6, lastFailure: { code: 'UPSTREAM_TIMEOUT' } }), upstream({ state: 'degraded', attempts: 1, faults: 1 }), 'desk', { attempts: 10, faults: 6, lastFailure: 'UPSTREAM_TIMEOUT' }],
  UPSTREAM_UNREACHABLE: [{ ...upstream(unreachable), isOnDuty: true }, upstream(unreachable), 'desk', { reason: 'ENOTFOUND' }],
  UPSTREAM_HELD: [upstream({ state: 'held', mode: 'held' }), upstream({ mode: 'measure-only' }), 'desk'],
  UPSTREAM_MISCONFIGURED: [upstream({ state: 'held', heldSince: 1 }), upstream({ state: 'held', mode: 'held' }), 'desk', { lastFailure: 'UPSTREAM_MISCONFIGURED' }],
  CIRCUIT_OPEN_LONG: [upstream({ circuit: 'half-open' }), { upstreams: [{ ...ok, faults: 9 }, { ...ok, ...idle, circuit: 'half-open' }, { ...ok, state: 'maintenance', circuit: 'open' }] }, 'desk'],
  UPSTREAM_QUOTA_NEAR: [{ upstreamQuotas: [{ upstream: 'desk', left: 10, perDay: 100 }] }, { upstreamQuotas: [{ upstream: 'desk', left: 11, perDay: 100 }, { upstream: 'other', left: 3, perDay: undefined }] }, 'desk', { left: 10, perDay: 100 }],
  UPSTREAM_QUOTA_SPENT: [{ upstreamQuotas: [{ upstream: 'desk', left: 0, perDay: undefined }] }, { upstreamQuotas: [{ upstream: 'desk', left: 1, perDay: 100 }] }, 'desk', { left: 0 }],
  AGREEMENT_QUOTA_NEAR: [{ agreementQuotas: [{ agreement: 'pks', purpose: 'skck.new', left: 1, perDay: 10 }] }, { agreementQuotas: [{ agreement: 'pks', purpose: undefined, left: 0, perDay: 10 }] }, 'pks', { purpose: 'skck.new', left: 1, perDay: 10 }],
  AGREEMENT_QUOTA_SPENT: [{ agreementQuotas: [{ agreement: 'pks', purpose: undefined, left: 0, perDay: 10 }] }, { agreementQuotas: [{ agreement: 'pks', purpose: undefined, left: 1, perDay: 10 }] }, 'pks', { left: 0, perDay: 10 }],
  DRIFT_CODES: [{ drift: [{ upstream: 'desk', codes: 3, texts: 0 }] }, { drift: [{ upstream: 'desk', codes: 2, texts: 9 }] }, 'desk', { lastHour: 3 }],
  DRIFT_TEXTS: [{ drift: [{ upstream: 'desk', codes: 0, texts: 3 }] }, { drift: [{ upstream: 'desk', codes: 9, texts: 2 }] }, 'desk', { lastHour: 3 }],
  ORDERS_DEAD: [{ orders: [{ ...order, state: 'dead' }] }, { orders: [{ ...order, state: 'queued', oldestSeconds: 9_999 }] }, 'desk', { count: 2, oldestMinutes: 1 }],
  ORDERS_UNCERTAIN: [{ orders: [{ ...order, state: 'uncertain', oldestSeconds: 900 }] }, { orders: [{ ...order, state: 'uncertain', oldestSeconds: 899 }] }, 'desk', { count: 2, oldestMinutes: 15 }],
  ORDERS_OVERDUE: [{ overdue: [{ upstream: 'desk', count: 1 }] }, { overdue: [{ upstream: 'desk', count: 0 }] }, 'desk', { count: 1 }],
  AGREEMENT_ENDING: [{ agreements: [{ id: 'pks', leftMs: 30 * day }] }, { agreements: [{ id: 'pks', leftMs: 30 * day + 1 }, { id: 'ended', leftMs: 0 }] }, 'pks', { days: 30 }],
  AGREEMENT_ENDED: [{ agreements: [{ id: 'pks', leftMs: 0 }] }, { agreements: [{ id: 'pks', leftMs: 1 }] }, 'pks'],
  LEDGER_BEHIND: [{ isEvidenceKept: false }, { isStoreAway: true }, 'ledger'],
  ANCHORS_BEHIND: [{ anchors: 'LATE' }, {}, 'anchors', { reason: 'LATE' }],
  STORE_AWAY: [{ isStoreAway: true }, {}, 'store'],
  REDIS_AWAY: [{ redis: 'redis-away' }, { redis: 'redis' }, 'redis'],
  DISK_NEARLY_FULL: [{ disks: [{ name: 'data', freeBytes: 4e9, totalBytes: 1e11 }] }, { disks: [{ name: 'data', freeBytes: 5e9, totalBytes: 1e11 }] }, 'data', { freePercent: 4, freeMegabytes: 4_000 }],
  CLOCK_SKEW: [{ gateways: [{ ...gateway, clockAheadMs: -90_000 }] }, { gateways: [{ ...gateway, clockAheadMs: 5_000 }, { ...gateway, isSilent: true, clockAheadMs: 90_000 }] }, 'mpp-01', { aheadSeconds: -90 }],
  GATEWAY_SILENT: [{ gateways: [{ ...gateway, isSilent: true }] }, { gateways: [gateway] }, 'mpp-01'],
  WEBHOOK_BEHIND: [{ webhooks: [{ webhook: 'izin', seconds: 901 }] }, { webhooks: [{ webhook: 'izin', seconds: 900 }] }, 'izin', { lagMinutes: 15 }],
}

it('says nothing while all is well', () => {
  expect(conditionsOf({ ...allWell, ...upstream(ok), isOnDuty: true, gateways: [gateway] })).toEqual([])
})

it.each(alarmCodeNames)('%s', code => {
  const [is, isNot, source, facts] = table[code]
  const those = (changes: Partial<Facts>) =>
    conditionsOf({ ...allWell, ...changes }).filter(one => one.code === code)
  expect(those(is)).toEqual([{ code, source, ...(facts && { facts }) }])
  expect(those(isNot)).toEqual([])
})

it('tells of a leap, and once of each source', () => {
  const facts = {
    ...allWell,
    gateways: [{ ...gateway, clockAheadMs: 7_000 }],
    leap: { gateway: 'mpp-01', ms: 7_000 },
  }
  expect(conditionsOf(facts)).toEqual([{ code: 'CLOCK_SKEW', source: 'mpp-01', facts: { leaptSeconds: 7 } }])
})

it('is told where nearly is', () => {
  const disks = [{ name: 'data', freeBytes: 15, totalBytes: 100 }]
  const upstreamQuotas = [{ upstream: 'desk', left: 30, perDay: 100 }]
  const facts = { ...allWell, disks, upstreamQuotas }
  const codes = conditionsOf(facts, { quotaLeftPercent: 30, diskFreePercent: 20 }).map(({ code }) => code)
  expect(codes).toEqual(['UPSTREAM_QUOTA_NEAR', 'DISK_NEARLY_FULL'])
})
