/**
 * What each gateway says of itself, kept in the store every few seconds: so each one, the board and the doctor see what all of
 * them see, and that one has fallen silent.
 */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

import { faultOf, type Log } from '#gateway/log.ts'
import type { HouseStateStore } from '#gateway/store/house-state.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'

/** As a gateway wrote it; instants are epoch milliseconds by its own clock. */
export interface Said<View> {
  /** `mpp-01-3f9a`: its host, and what tells several there apart. */
  readonly gateway: string
  readonly startedAt: number
  /** When it wrote this. */
  readonly at: number
  readonly view: View
}

export interface Heard<View> extends Said<View> {
  /** How long ago, in the store's time. */
  readonly ageMs: number
  /** It has missed several beats: it hangs, was killed, or cannot reach the store. */
  readonly isSilent: boolean
  /** How far its clock is ahead of the store's; negative: behind. Within a beat's time on the way, it is exact to that. */
  readonly clockAheadMs: number
}

export interface Heartbeat<View> {
  readonly gateway: string
  /** Says now what it says every few seconds. Never throws. */
  beat(): Promise<void>
  /** What all of them said last, this one included, as of its last beat; empty while nothing could be read. */
  readonly heard: readonly Heard<View>[]
  /** Says nothing more, and takes away what it said. */
  close(): Promise<void>
}

export interface HeartbeatHouse<View> {
  readonly store: HouseStateStore
  readonly view: () => View | Promise<View>
  /** Told after each beat, which ends with it. Never throws. */
  readonly onBeat?: () => void | Promise<void>
  readonly log: Log
  readonly now: () => number
  readonly settings?: Partial<HeartbeatSettings>
}

export interface HeartbeatSettings {
  readonly everyMs: number
  /** Beats missed before it counts as silent. */
  readonly patience: number
  /** One that has been silent for so long is forgotten. */
  readonly forgottenAfterMs: number
}

const usual: HeartbeatSettings = { everyMs: 5_000, patience: 4, forgottenAfterMs: 60 * 60_000 }

export const gatewayKind = 'gateway'

export function createHeartbeat<View>(house: HeartbeatHouse<View>): Heartbeat<View> {
  const { store, view, onBeat, log, now } = house
  const settings = { ...usual, ...house.settings }
  const gateway = `${hostname()}-${randomBytes(2).toString('hex')}`
  const startedAt = now()
  let heard: readonly Heard<View>[] = []
  let isClosed = false
  let underWay = Promise.resolve()

  async function sayAndHear(): Promise<void> {
    try {
      const seen = await view() // may take a while: what time it is is said last
      const said: Said<View> = { gateway, startedAt, at: now(), view: seen }
      await store.putHouseState({ kind: gatewayKind, id: gateway, content: JSON.stringify(said) })
      heard = await readHeartbeats<View>(store, settings)
      const forgotten = heard.filter(({ ageMs }) => ageMs > settings.forgottenAfterMs)
      for (const { gateway: id } of forgotten)
        await store.putHouseState({ kind: gatewayKind, id, content: null })
    } catch (error) {
      heard = []
      if (!(error instanceof StoreUnavailable)) log.error({ fault: faultOf(error) }, 'a heartbeat stumbled')
    }
    await onBeat?.()
  }

  let waiting = 0

  function beat(): Promise<void> {
    if (isClosed) return underWay
    waiting += 1
    underWay = underWay.then(sayAndHear).finally(() => (waiting -= 1))
    return underWay
  }

  /** A store that hangs makes no queue of them. */
  const timer = setInterval(() => {
    if (waiting === 0) void beat()
  }, settings.everyMs).unref()

  return {
    gateway,
    beat,
    get heard() {
      return heard
    },
    async close() {
      isClosed = true
      clearInterval(timer)
      await underWay
      await store.putHouseState({ kind: gatewayKind, id: gateway, content: null }).catch(() => {})
    },
  }
}

/** What every gateway on a store said last. */
export async function readHeartbeats<View>(
  store: Pick<HouseStateStore, 'readHouseState'>,
  { everyMs, patience }: Pick<HeartbeatSettings, 'everyMs' | 'patience'> = usual,
): Promise<readonly Heard<View>[]> {
  const { at, rows } = await store.readHouseState([gatewayKind])
  return rows.map(({ content, changedAt }) => {
    const said = JSON.parse(content) as Said<View>
    const ageMs = Math.max(0, at - changedAt)
    return { ...said, ageMs, isSilent: ageMs > everyMs * patience, clockAheadMs: said.at - changedAt }
  })
}
