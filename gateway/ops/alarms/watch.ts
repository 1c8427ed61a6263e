/** Gathers the facts of which this gateway's conditions are made: what is at hand every time, what must be read less often. */
import type { Agreement } from '#gateway/access/agreements.ts'
import type { AgreedQuotas } from '#gateway/quotas/agreed-quotas.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Condition } from '#gateway/ops/gateway-view.ts'
import type { Heard } from '#gateway/ops/heartbeat.ts'
import { openAt } from '#gateway/ops/open-submissions.ts'
import type { Lag } from '#gateway/ops/metrics.ts'
import type { SharedData } from '#gateway/shared-data/shared-data.ts'
import { type Calendar, opensWithin } from '#gateway/services/calendar.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import type { UpstreamSettings } from '#gateway/upstream/upstream.ts'
import { conditionsOf, type Facts, type Thresholds, type UpstreamFacts } from './conditions.ts'
import { type Disk, type ReadDisk, readDisks } from './disks.ts'
import type { Drift } from './drift.ts'
import { createLeapWatch } from './leap.ts'

export interface Watch {
  /** Reads what must be read, as often as that is due. Never throws. */
  look(): Promise<void>
  conditions(isStoreAway: boolean): readonly Condition[]
}

export interface WatchHouse {
  readonly upstreams: readonly {
    readonly id: string
    health(): UpstreamFacts
  }[]
  readonly calendar: Calendar
  readonly configured: readonly Pick<UpstreamSettings, 'id' | 'timeZone' | 'quota'>[]
  /** What an upstream has left of today's; undefined: nobody knows. */
  readonly quotaLeft: (upstream: string, timeZone: string) => Promise<number | undefined>
  readonly agreements: { readonly all: readonly Agreement[] }
  readonly agreedQuotas: Pick<AgreedQuotas, 'left'>
  readonly drift: Drift
  readonly store: Pick<Store, 'countSubmissions'>
  readonly countOverdue: () => Promise<Facts['overdue']>
  readonly evidence: { readonly isKept: boolean }
  readonly anchoring: { readonly problem: string | undefined } | undefined
  readonly sharedData: Pick<SharedData, 'state'>
  readonly disks: readonly Disk[]
  readonly readDisk?: ReadDisk
  /** As of the last beat. */
  readonly heartbeat: () => { readonly gateway: string; readonly heard: readonly Heard<unknown>[] }
  readonly webhookLags: () => Promise<readonly Lag[]>
  readonly thresholds: Thresholds
  readonly log: Log
  readonly now: () => number
  readonly elapsed: () => number
  readonly settings?: Partial<WatchSettings>
}

export interface WatchSettings {
  /** How often quotas, orders, webhooks and disks are looked at. */
  readonly readMs: number
  /** And the clocks of the orders that have been open longest. */
  readonly overdueMs: number
}

const usual: WatchSettings = { readMs: 15_000, overdueMs: 60_000 }

export function createWatch(house: WatchHouse): Watch {
  const { upstreams, calendar, agreements, drift, evidence, anchoring, sharedData, heartbeat, log } = house
  const { thresholds, now, elapsed } = house
  const { readMs, overdueMs } = { ...usual, ...house.settings }
  const leap = createLeapWatch(now, elapsed)

  async function orders(): Promise<Facts['orders']> {
    return openAt(await house.store.countSubmissions(), now())
  }

  async function upstreamQuotas(): Promise<Facts['upstreamQuotas']> {
    const all = house.configured.map(async ({ id, timeZone, quota }) => {
      const left = await house.quotaLeft(id, timeZone)
      return left === undefined ? [] : [{ upstream: id, left, perDay: quota?.perDay }]
    })
    return (await Promise.all(all)).flat()
  }

  async function agreementQuotas(): Promise<Facts['agreementQuotas']> {
    const all = agreements.all.map(async agreement => {
      const quotas = await house.agreedQuotas.left(agreement)
      return quotas.map(({ purpose, left, perDay }) => ({ agreement: agreement.id, purpose, left, perDay }))
    })
    return (await Promise.all(all)).flat()
  }

  /** What was read last stays while it cannot be read. */
  function reading<Value>(first: Value, everyMs: number, read: () => Promise<Value>) {
    let value = first
    let readAt = -Infinity
    return {
      get value() {
        return value
      },
      async look(): Promise<void> {
        if (elapsed() - readAt < everyMs) return
        readAt = elapsed()
        try {
          value = await read()
        } catch (error) {
          if (!isOfStore(error))
            log.error({ fault: faultOf(error) }, 'what operators are told of could not be read')
        }
      },
    }
  }

  const read = {
    orders: reading<Facts['orders']>([], readMs, orders),
    upstreamQuotas: reading<Facts['upstreamQuotas']>([], readMs, upstreamQuotas),
    agreementQuotas: reading<Facts['agreementQuotas']>([], readMs, agreementQuotas),
    webhooks: reading<Facts['webhooks']>([], readMs, house.webhookLags),
    disks: reading<Facts['disks']>([], readMs, () => readDisks(house.disks, house.readDisk)),
    overdue: reading<Facts['overdue']>([], overdueMs, house.countOverdue),
  }

  function facts(isStoreAway: boolean): Facts {
    const at = now()
    const { gateway, heard } = heartbeat()
    return {
      upstreams: upstreams.map(upstream => upstream.health()),
      isOnDuty: opensWithin(calendar, at, 60),
      upstreamQuotas: read.upstreamQuotas.value,
      agreements: agreements.all.map(({ id, validUntil }) => ({ id, leftMs: validUntil - at })),
      agreementQuotas: read.agreementQuotas.value,
      drift: drift.counts(),
      orders: read.orders.value,
      overdue: read.overdue.value,
      isEvidenceKept: evidence.isKept,
      anchors: anchoring?.problem,
      isStoreAway,
      redis: sharedData.state,
      disks: read.disks.value,
      gateways: heard,
      leap: leap.ms === undefined ? undefined : { gateway, ms: leap.ms },
      webhooks: read.webhooks.value,
    }
  }

  return {
    async look() {
      leap.look()
      await Promise.all(Object.values(read).map(one => one.look()))
    },
    conditions: isStoreAway => conditionsOf(facts(isStoreAway), thresholds),
  }
}

const isOfStore = (error: unknown): boolean =>
  error instanceof StoreUnavailable || (error instanceof GatewayFailure && error.code === 'STORE_UNAVAILABLE')
