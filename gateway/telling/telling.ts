/** Tells members what happened to their orders, from the one stored log: in streams, and by webhooks. */
import type { Member } from '#gateway/access/members.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Store } from '#gateway/store/store.ts'
import type { LoggedEvent } from '#gateway/store/submissions.ts'
import { type EventStream, openStream, type StreamSettings } from './stream.ts'
import { createTail, type TailSettings } from './tail.ts'
import { createTeller, type TellerSettings, type Webhook } from './teller.ts'

export interface StreamRequest {
  readonly member: string
  /** The id of an event: told what came after it. Undefined: what comes from now on. */
  readonly after: string | undefined
  /** Whether the caller may still be told. */
  readonly isStillKnown: () => Promise<boolean>
  /** Breaks its connection. */
  readonly cutOff: () => void
}

export interface Telling {
  readonly webhooks: readonly Webhook[]
  /**
   * Server-sent events, as bytes.
   * @throws INPUT_INVALID (`EVENT_UNKNOWN`), RATE_LIMITED (`TOO_MANY_STREAMS`), STORE_UNAVAILABLE
   */
  stream(request: StreamRequest): Promise<ReadableStream<Uint8Array>>
  /** Something was logged here. */
  nudge(): void
  /** Tries a webhook again at once. */
  retry(webhook: string): void
  /** Ends the streams, and begins nothing more. */
  drain(): void
  close(): Promise<void>
}

export interface TellingHouse {
  readonly store: Store
  readonly members: readonly Pick<Member, 'id' | 'webhooks'>[]
  readonly log: Log
  readonly metrics: Pick<Metrics, 'webhook' | 'streams'>
  readonly now: () => number
  readonly settings?: {
    readonly mostStreams?: number
    readonly tail?: Partial<TailSettings>
    readonly stream?: Partial<StreamSettings>
    readonly teller?: Partial<TellerSettings>
  }
}

/** Of one member at one gateway. */
const usualMostStreams = 64

export function createTelling(house: TellingHouse): Telling {
  const { store, members, log, metrics, now, settings = {} } = house
  const { mostStreams = usualMostStreams } = settings
  const tail = createTail(store, log, settings.tail)
  const streams = new Map<string, Set<EventStream>>()
  const webhooks = members.flatMap(({ id: member, webhooks = [] }) =>
    webhooks.map(webhook => ({ ...webhook, member })),
  )
  const tellerHouse = { store, log, metrics, now, ...(settings.teller && { settings: settings.teller }) }
  const tellers = new Map(webhooks.map(webhook => [webhook.id, createTeller(webhook, tellerHouse)]))
  for (const { id, member } of webhooks) tail.watch(member, tellers.get(id)!.nudge)
  let isDraining = false
  let tellersClosed: Promise<unknown> | undefined

  function drain(): void {
    isDraining = true
    for (const stream of [...streams.values()].flatMap(open => [...open])) stream.end()
    tellersClosed ??= Promise.all([...tellers.values()].map(teller => teller.close()))
  }

  return {
    webhooks,

    async stream({ member, after, isStillKnown, cutOff }) {
      const position = await (
        after === undefined ? store.lastEventPosition() : ownPosition(store, after, member)
      ).catch(storeUnavailable)
      if (position === undefined) throw eventUnknown()
      const open = streams.getOrInsertComputed(member, () => new Set())
      if (open.size >= mostStreams) throw tooManyStreams(mostStreams)

      const stream = openStream({
        tail,
        member,
        position,
        isStillKnown,
        cutOff,
        onOver() {
          unwatch()
          open.delete(stream)
          metrics.streams(member, open.size)
        },
        ...(settings.stream && { settings: settings.stream }),
      })
      const unwatch = tail.watch(member, stream.wake)
      open.add(stream)
      metrics.streams(member, open.size)
      if (isDraining) stream.end() // its reader goes elsewhere
      return stream.body
    },

    nudge: tail.nudge,
    retry: webhook => tellers.get(webhook)?.retry(),
    drain,
    async close() {
      drain()
      await tellersClosed
      await tail.close()
    },
  }
}

/** An event of another member is as unknown as one that never was. */
const ownPosition = async (store: Store, id: string, member: string): Promise<number | undefined> =>
  (await ownEvent(store, id, member))?.position

export async function ownEvent(
  store: Pick<Store, 'findEventPosition' | 'readEvents'>,
  id: string,
  member: string,
): Promise<LoggedEvent | undefined> {
  const position = await store.findEventPosition(id)
  if (position === undefined) return undefined
  const [event] = await store.readEvents(position - 1, 1, member)
  return event?.id === id ? event : undefined
}

const eventUnknown = () =>
  new GatewayFailure('INPUT_INVALID', {
    reason: 'EVENT_UNKNOWN',
    detail:
      'this event is not known any more: open the stream without it, then read GET /v1/submissions for what happened until now',
    errors: [{ header: 'Last-Event-ID', detail: 'expected: the id of an event of your organisation' }],
  })

const tooManyStreams = (most: number) =>
  new GatewayFailure('RATE_LIMITED', {
    reason: 'TOO_MANY_STREAMS',
    detail: `your organisation has ${most} streams open at this gateway: close one, or let your counters share one`,
  })
