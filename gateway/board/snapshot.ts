/** What is the case, read at most once a second however many pages of the board show it. */
import type { Agreement } from '#gateway/access/agreements.ts'
import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import type { Alarm, Alarms } from '#gateway/ops/alarms/alarm.ts'
import { severityOf } from '#gateway/ops/alarms/alarm.ts'
import type { GatewayView } from '#gateway/ops/gateway-view.ts'
import type { Heartbeats } from '#gateway/ops/gateways.ts'
import type { Heard } from '#gateway/ops/heartbeat.ts'
import type { OpenSubmissions } from '#gateway/ops/open-submissions.ts'
import type { Steering, UpstreamSteering } from '#gateway/ops/steering.ts'
import type { AgreedQuotas, QuotaLeft } from '#gateway/quotas/agreed-quotas.ts'
import type { LedgerRow, Store } from '#gateway/store/store.ts'
import type { WebhookState } from '#gateway/telling/webhook-states.ts'
import type { UpstreamState } from '#gateway/upstream/state.ts'
import type { Minute } from '#gateway/upstream/traffic.ts'
import type { Upstream, UpstreamHealth } from '#gateway/upstream/upstream.ts'

export interface SeenUpstream {
  readonly id: string
  readonly health: UpstreamHealth
  readonly minutes: readonly Minute[]
  readonly steering: UpstreamSteering
  /** Today's, where one is known: as counted here, or as the agency says. */
  readonly quota: { readonly left: number; readonly perDay: number | undefined } | undefined
  readonly alarms: readonly Alarm[]
  readonly orders: readonly OpenSubmissions[]
}

export interface SeenAgreement {
  readonly agreement: Agreement
  readonly version: string
  readonly quotas: readonly QuotaLeft[]
}

export interface Snapshot {
  readonly at: number
  /** What is in trouble comes first. */
  readonly upstreams: readonly SeenUpstream[]
  readonly alarms: readonly Alarm[]
  readonly orders: readonly OpenSubmissions[]
  /** How many orders wait for an officer, or for an operator; counted up to a hundred. */
  readonly waiting: number
  readonly gateways: readonly Heard<GatewayView>[]
}

export interface SnapshotHouse {
  readonly upstreams: readonly Upstream[]
  readonly configured: readonly {
    readonly id: string
    readonly timeZone: string
    readonly quota?: { readonly perDay: number }
  }[]
  /** Today, as counted here, or as the agency told. */
  readonly quotaLeft: (upstream: string, timeZone: string) => Promise<number | undefined>
  readonly steering: Pick<Steering, 'of' | 'onChange'>
  readonly alarms: Pick<Alarms, 'open' | 'onChange'>
  readonly heartbeats: Heartbeats
  readonly openSubmissions: () => Promise<readonly OpenSubmissions[]>
  readonly agreements: AgreementRegister
  readonly agreedQuotas: Pick<AgreedQuotas, 'left'>
  readonly readWebhooks: () => Promise<readonly WebhookState[]>
  readonly store: Pick<Store, 'readLedgerHead' | 'listSubmissions'>
  readonly now: () => number
}

/** Each is read again once it is so old; what fails is told to who asked, and tried again by the next. */
export interface Snapshots {
  readonly now: () => Promise<Snapshot>
  readonly agreements: () => Promise<readonly SeenAgreement[]>
  readonly webhooks: () => Promise<readonly WebhookState[]>
  readonly ledgerHead: () => Promise<LedgerRow | undefined>
  /** Something was changed: who asks next is told of it. */
  readonly forget: () => void
}

export const mostWaiting = 100

export function createSnapshots(house: SnapshotHouse): Snapshots {
  const { upstreams, steering, alarms, heartbeats, now } = house
  let changes = 0
  const forget = (): void => void (changes += 1)
  steering.onChange(forget)
  alarms.onChange(forget)

  /** Read again when somebody asks and it is older than this, or something was changed; who asks meanwhile waits with the first. */
  function kept<Value>(ms: number, read: () => Promise<Value>): () => Promise<Value> {
    let readAt = -Infinity
    let seen = changes
    let value: Promise<Value> | undefined
    return () => {
      if (value && seen === changes && performance.now() - readAt < ms) return value
      readAt = performance.now()
      seen = changes
      const mine = read()
      value = mine
      mine.catch(() => {
        if (value === mine) value = undefined
      })
      return mine
    }
  }

  const quotasLeft = kept(10_000, async () => {
    const all = await Promise.all(
      house.configured.map(async ({ id, timeZone, quota }) => {
        const left = await house.quotaLeft(id, timeZone).catch(() => undefined) // that the store is away is told elsewhere
        return [id, left === undefined ? undefined : { left, perDay: quota?.perDay }] as const
      }),
    )
    return new Map(all)
  })

  const waiting = kept(5_000, async () => {
    const rows = await house.store
      .listSubmissions({ awaits: 'officer', oldestFirst: true }, 0, mostWaiting)
      .catch(() => [])
    return rows.length
  })

  /** A minute is long enough that its line need not grow every second. */
  const lastHours = kept(
    5_000,
    async () => new Map(upstreams.map(upstream => [upstream.id, upstream.lastHour()])),
  )

  async function look(): Promise<Snapshot> {
    const [quotas, minutes, orders, work] = await Promise.all([
      quotasLeft(),
      lastHours(),
      house.openSubmissions(),
      waiting(),
    ])
    const dead = orders.filter(({ state }) => state === 'dead')
    const open = alarms.open
    const seen = upstreams.map((upstream): SeenUpstream => {
      const { id } = upstream
      const health = upstream.health()
      return {
        id,
        health,
        minutes: minutes.get(id)!,
        steering: steering.of(id),
        quota: quotas.get(id),
        alarms: open.filter(({ source }) => source === id),
        orders: orders.filter(order => order.upstream === id),
      }
    })
    return {
      at: now(),
      upstreams: seen.toSorted(byTrouble),
      alarms: open,
      orders,
      waiting: Math.min(mostWaiting, work + dead.reduce((sum, { count }) => sum + count, 0)),
      gateways: heartbeats.heard,
    }
  }

  return {
    now: kept(900, look),
    agreements: kept(10_000, () =>
      Promise.all(
        house.agreements.all.map(async agreement => ({
          agreement,
          version: house.agreements.versionOf(agreement),
          quotas: await quotasOf(agreement, house.agreedQuotas),
        })),
      ),
    ),
    webhooks: kept(3_000, house.readWebhooks),
    ledgerHead: kept(2_000, () => house.store.readLedgerHead()),
    forget,
  }
}

/** Of all purposes together, and of each that has one of its own. */
async function quotasOf(agreement: Agreement, quotas: Pick<AgreedQuotas, 'left'>): Promise<QuotaLeft[]> {
  const purposes = [...new Set(agreement.quotas.map(({ purpose }) => purpose ?? ''))]
  const all = await Promise.all(purposes.map(purpose => quotas.left(agreement, purpose).catch(() => [])))
  return [...new Map(all.flat().map(quota => [quota.purpose ?? '', quota])).values()]
}

const order: readonly UpstreamState[] = ['down', 'held', 'degraded', 'maintenance', 'unknown', 'ok']

function byTrouble(one: SeenUpstream, other: SeenUpstream): number {
  return (
    order.indexOf(one.health.state) - order.indexOf(other.health.state) ||
    weightOf(other) - weightOf(one) ||
    (one.id < other.id ? -1 : 1)
  )
}

const weightOf = ({ alarms }: SeenUpstream): number =>
  alarms.reduce((sum, alarm) => sum + (severityOf(alarm) === 'critical' ? 10 : 1), 0)
