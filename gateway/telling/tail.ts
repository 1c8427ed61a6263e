import { setTimeout as sleep } from 'node:timers/promises'
import { faultOf, type Log } from '#gateway/log.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import type { LoggedEvent } from '#gateway/store/submissions.ts'
import { createBell } from './bell.ts'

/** The end of the log of events, read by one for all of this gateway. */
export interface Tail {
  /** From now on told whenever the member has a new event, and when events may have been missed. Returns how to end it. */
  watch(member: string, onEvents: () => void): () => void
  /** Events of the member above a position, in order, at most `limit` of them; and the position from which to go on. */
  read(
    after: number,
    member: string,
    limit: number,
  ): Promise<{ readonly events: readonly LoggedEvent[]; readonly position: number }>
  /** There may be something new. */
  nudge(): void
  close(): Promise<void>
}

export interface TailSettings {
  /** How often the store is looked at when nobody nudges: another gateway may have logged something. */
  readonly pollMs: number
  /** Between two looks, however often it is nudged. */
  readonly gapMs: number
  /** So many of the latest events are kept in memory. */
  readonly most: number
}

const usual: TailSettings = { pollMs: 1_000, gapMs: 20, most: 1_000 }
const pageSize = 500

/** Nothing is read while nobody watches. */
export function createTail(
  store: Pick<Store, 'readEvents' | 'lastEventPosition'>,
  log: Log,
  settings: Partial<TailSettings> = {},
): Tail {
  const { pollMs, gapMs, most } = { ...usual, ...settings }
  const watchers = new Map<string, Set<() => void>>()
  const bell = createBell()
  let latest: LoggedEvent[] = []
  /** `latest` holds every event from after `start` up to `end`; undefined: it holds nothing. */
  let start = 0
  let end: number | undefined
  let running: Promise<void> | undefined
  const closing = new AbortController()

  async function run(): Promise<void> {
    while (watchers.size > 0 && !closing.signal.aborted) {
      const isMore = await advance().catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) log.error({ fault: faultOf(error) }, 'telling stumbled')
        return false
      })
      if (isMore) continue
      await sleep(gapMs)
      await bell.wait(pollMs)
    }
    end = undefined
    latest = []
    running = undefined
  }

  /** Whether there is more. */
  async function advance(): Promise<boolean> {
    if (end === undefined) {
      start = end = await store.lastEventPosition()
      for (const member of watchers.keys()) tell(member)
      return false
    }
    const page = await store.readEvents(end, pageSize)
    if (page.length === 0) return false
    end = page.at(-1)!.position
    latest.push(...page)
    const gone = latest.splice(0, Math.max(0, latest.length - most))
    start = gone.at(-1)?.position ?? start
    for (const member of new Set(page.map(event => event.member))) tell(member)
    return page.length === pageSize
  }

  function tell(member: string): void {
    for (const onEvents of watchers.get(member) ?? []) onEvents()
  }

  return {
    watch(member, onEvents) {
      watchers.getOrInsertComputed(member, () => new Set()).add(onEvents)
      running ??= run()
      return () => {
        const others = watchers.get(member)
        others?.delete(onEvents)
        if (others?.size === 0) watchers.delete(member)
      }
    },

    async read(after, member, limit) {
      const known = end // before it is read: everything up to here is in what is read then
      const events =
        known !== undefined && after >= start
          ? latest.filter(event => event.position > after && event.member === member).slice(0, limit)
          : await store.readEvents(after, limit, member)
      const last = events.at(-1)?.position ?? after
      return { events, position: events.length === limit ? last : Math.max(last, known ?? 0) }
    },

    nudge: bell.ring,

    async close() {
      closing.abort()
      bell.ring()
      await running
    },
  }
}
