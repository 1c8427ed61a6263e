/** What is the case, from facts: a rule for each code. Whether and when anybody is told of it is decided elsewhere. */
import type { SharedData } from '#gateway/shared-data/shared-data.ts'
import type { Condition } from '#gateway/ops/gateway-view.ts'
import type { Heard } from '#gateway/ops/heartbeat.ts'
import type { OpenSubmissions } from '#gateway/ops/open-submissions.ts'
import type { Lag } from '#gateway/ops/metrics.ts'
import { type AlarmCodeName, alarmCodeNames } from './codes.ts'

/** What one gateway knows. What it cannot know is absent, and nothing is made of it. */
export interface Facts {
  readonly upstreams: readonly UpstreamFacts[]
  /** The counters are open, or will be within the hour: an agency that nobody asks yet must be there. */
  readonly isOnDuty: boolean
  readonly upstreamQuotas: readonly (QuotaFacts & { readonly upstream: string })[]
  readonly agreements: readonly { readonly id: string; readonly leftMs: number }[]
  readonly agreementQuotas: readonly (QuotaFacts & {
    readonly agreement: string
    /** Undefined: of all purposes together. */
    readonly purpose: string | undefined
  })[]
  /** Of the last hour. */
  readonly drift: readonly { readonly upstream: string; readonly codes: number; readonly texts: number }[]
  readonly orders: readonly OpenSubmissions[]
  /** Orders past the time of their service standard, as far as was looked. */
  readonly overdue: readonly { readonly upstream: string; readonly count: number }[]
  readonly isEvidenceKept: boolean
  /** A word for what is wrong with the ledger's anchors. */
  readonly anchors: string | undefined
  readonly isStoreAway: boolean
  readonly redis: SharedData['state']
  readonly disks: readonly DiskFacts[]
  readonly gateways: readonly Pick<Heard<unknown>, 'gateway' | 'isSilent' | 'ageMs' | 'clockAheadMs'>[]
  /** This one's name, and how far its clock has leapt of late. */
  readonly leap: { readonly gateway: string; readonly ms: number } | undefined
  readonly webhooks: readonly Lag[]
}

/** Nothing is the matter. */
export const allWell: Facts = {
  upstreams: [],
  isOnDuty: false,
  upstreamQuotas: [],
  agreements: [],
  agreementQuotas: [],
  drift: [],
  orders: [],
  overdue: [],
  isEvidenceKept: true,
  anchors: undefined,
  isStoreAway: false,
  redis: 'memory',
  disks: [],
  gateways: [],
  leap: undefined,
  webhooks: [],
}

/** As `Upstream.health()` tells it. */
export interface UpstreamFacts {
  readonly id: string
  readonly state: string
  readonly mode: string
  readonly heldSince: number | undefined
  readonly circuit: string
  readonly attempts: number
  readonly faults: number
  readonly lastFailure: { readonly code: string } | undefined
  /** Whether a trial connection came about, while nobody asks. */
  readonly reachable?: { readonly value: boolean; readonly reason?: string | undefined } | undefined
}

export interface QuotaFacts {
  readonly left: number
  /** Undefined: nobody has said. */
  readonly perDay: number | undefined
}

export interface DiskFacts {
  /** `data`, `anchors` */
  readonly name: string
  readonly freeBytes: number
  readonly totalBytes: number
}

export interface Thresholds {
  /** Of a day's quota. */
  readonly quotaLeftPercent: number
  readonly diskFreePercent: number
}

export const usualThresholds: Thresholds = { quotaLeftPercent: 10, diskFreePercent: 5 }

const dayMs = 24 * 60 * 60_000
const endingMs = 30 * dayMs
/** One odd record is none; several are. */
const fewestOdd = 3
/** An agency is asked again by itself; what is not known after that, a person asks about. */
const uncertainSeconds = 15 * 60
/** The store's time is known to within a beat. */
const mostAheadMs = 5_000
const webhookLagSeconds = 15 * 60

type Found = Omit<Condition, 'code'>

// oxfmt-ignore
const rules: Readonly<Record<AlarmCodeName, (facts: Facts, thresholds: Thresholds) => readonly Found[]>> = {
  UPSTREAM_DOWN: ({ upstreams }) =>
    upstreams
      .filter(({ state }) => state === 'down')
      .map(({ id, attempts, faults, lastFailure }) =>
        found(id, { attempts, faults, ...(lastFailure && { lastFailure: lastFailure.code }) })),

  UPSTREAM_UNREACHABLE: ({ upstreams, isOnDuty }) =>
    upstreams
      .filter(({ state, reachable }) => isOnDuty && state === 'unknown' && reachable?.value === false)
      .map(({ id, reachable }) => found(id, { reason: reachable?.reason ?? 'UNREACHABLE' })),

  UPSTREAM_HELD: ({ upstreams }) => upstreams.filter(({ mode }) => mode === 'held').map(({ id }) => found(id)),

  UPSTREAM_MISCONFIGURED: ({ upstreams }) =>
    upstreams
      .filter(({ heldSince }) => heldSince !== undefined)
      .map(({ id, lastFailure }) => found(id, { lastFailure: lastFailure?.code ?? 'UPSTREAM_MISCONFIGURED' })),

  // Half-open it stays until somebody asks: a night without questions is no outage.
  CIRCUIT_OPEN_LONG: ({ upstreams }) =>
    upstreams
      .filter(({ circuit, state, attempts }) => circuit !== 'closed' && attempts > 0 && !isLeftAlone(state))
      .map(({ id }) => found(id)),

  UPSTREAM_QUOTA_NEAR: ({ upstreamQuotas }, thresholds) =>
    upstreamQuotas.filter(quota => isNear(quota, thresholds)).map(quota => found(quota.upstream, quotaOf(quota))),

  UPSTREAM_QUOTA_SPENT: ({ upstreamQuotas }) =>
    upstreamQuotas.filter(({ left }) => left <= 0).map(quota => found(quota.upstream, quotaOf(quota))),

  AGREEMENT_QUOTA_NEAR: ({ agreementQuotas }, thresholds) =>
    each(agreementQuotas.filter(quota => isNear(quota, thresholds))),

  AGREEMENT_QUOTA_SPENT: ({ agreementQuotas }) => each(agreementQuotas.filter(({ left }) => left <= 0)),

  DRIFT_CODES: ({ drift }) =>
    drift.filter(({ codes }) => codes >= fewestOdd).map(({ upstream, codes }) => found(upstream, { lastHour: codes })),

  DRIFT_TEXTS: ({ drift }) =>
    drift.filter(({ texts }) => texts >= fewestOdd).map(({ upstream, texts }) => found(upstream, { lastHour: texts })),

  ORDERS_DEAD: ({ orders }) => inState(orders, 'dead', 0),

  ORDERS_UNCERTAIN: ({ orders }) => inState(orders, 'uncertain', uncertainSeconds),

  ORDERS_OVERDUE: ({ overdue }) =>
    overdue.filter(({ count }) => count > 0).map(({ upstream, count }) => found(upstream, { count })),

  AGREEMENT_ENDING: ({ agreements }) =>
    agreements
      .filter(({ leftMs }) => leftMs > 0 && leftMs <= endingMs)
      .map(({ id, leftMs }) => found(id, { days: Math.ceil(leftMs / dayMs) })),

  AGREEMENT_ENDED: ({ agreements }) => agreements.filter(({ leftMs }) => leftMs <= 0).map(({ id }) => found(id)),

  LEDGER_BEHIND: ({ isEvidenceKept }) => (isEvidenceKept ? [] : [found('ledger')]),

  ANCHORS_BEHIND: ({ anchors }) => (anchors === undefined ? [] : [found('anchors', { reason: anchors })]),

  STORE_AWAY: ({ isStoreAway }) => (isStoreAway ? [found('store')] : []),

  REDIS_AWAY: ({ redis }) => (redis === 'redis-away' ? [found('redis')] : []),

  DISK_NEARLY_FULL: ({ disks }, { diskFreePercent }) =>
    disks
      .filter(({ freeBytes, totalBytes }) => freeBytes * 100 < totalBytes * diskFreePercent)
      .map(({ name, freeBytes, totalBytes }) =>
        found(name, { freePercent: Math.floor((freeBytes * 100) / totalBytes), freeMegabytes: Math.floor(freeBytes / 1e6) })),

  CLOCK_SKEW: ({ gateways, leap }) => [
    ...gateways
      .filter(({ isSilent, clockAheadMs }) => !isSilent && Math.abs(clockAheadMs) > mostAheadMs)
      .map(({ gateway, clockAheadMs }) => found(gateway, { aheadSeconds: Math.round(clockAheadMs / 1_000) })),
    ...(leap ? [found(leap.gateway, { leaptSeconds: Math.round(leap.ms / 1_000) })] : []),
  ],

  GATEWAY_SILENT: ({ gateways }) => gateways.filter(({ isSilent }) => isSilent).map(({ gateway }) => found(gateway)),

  WEBHOOK_BEHIND: ({ webhooks }) =>
    webhooks
      .filter(({ seconds }) => seconds > webhookLagSeconds)
      .map(({ webhook, seconds }) => found(webhook, { lagMinutes: Math.floor(seconds / 60) })),
}

/** Each code and source once. */
export const conditionsOf = (facts: Facts, thresholds: Thresholds = usualThresholds): readonly Condition[] =>
  alarmCodeNames.flatMap(code => {
    const bySource = new Map(rules[code](facts, thresholds).map(one => [one.source, one]))
    return [...bySource.values()].map(one => ({ code, ...one }))
  })

function found(source: string, facts?: Condition['facts']): Found {
  return { source, ...(facts && { facts }) }
}

const isLeftAlone = (state: string): boolean => state === 'held' || state === 'maintenance'

const isNear = ({ left, perDay }: QuotaFacts, { quotaLeftPercent }: Thresholds): boolean =>
  perDay !== undefined && left > 0 && left * 100 <= perDay * quotaLeftPercent

const quotaOf = ({ left, perDay }: QuotaFacts) => ({ left, ...(perDay !== undefined && { perDay }) })

/** An agreement may have a quota for each purpose; the one with the least left speaks for it. */
const each = (quotas: Facts['agreementQuotas']): readonly Found[] =>
  quotas
    .toSorted((one, other) => other.left - one.left)
    .map(quota =>
      found(quota.agreement, {
        ...(quota.purpose !== undefined && { purpose: quota.purpose }),
        ...quotaOf(quota),
      }),
    )

const inState = (orders: Facts['orders'], state: string, olderThanSeconds: number): readonly Found[] =>
  orders
    .filter(order => order.state === state && order.count > 0 && order.oldestSeconds >= olderThanSeconds)
    .map(({ upstream, count, oldestSeconds }) =>
      found(upstream, { count, oldestMinutes: Math.floor(oldestSeconds / 60) }),
    )
