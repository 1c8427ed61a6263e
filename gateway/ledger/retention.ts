/** Nothing is kept longer than its class allows, and what was destroyed is on record. No law says how long: the PKS does. */
import { randomUUIDv7 } from 'node:crypto'
import { endOfDay } from '#gateway/calendar.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Store } from '#gateway/store/store.ts'
import { type Destruction, type Evidence, type RetentionClass, retentionClasses } from './evidence.ts'

/** Days by class; a class that is absent is kept for good. */
export type RetentionSettings = { readonly [Class in RetentionClass]?: number | undefined }

export interface Retention {
  /** Destroys what is due; how many records of each class. */
  run(): Promise<Partial<Record<RetentionClass, number>>>
  /** From now on, whenever the mall's day ends. Returns how to end it. */
  start(): () => Promise<void>
}

export interface RetentionHouse {
  readonly store: Pick<Store, 'destroyLedgerContent' | 'destroyNotices'>
  readonly evidence: Evidence
  readonly log: Log
  readonly metrics: Pick<Metrics, 'destroyed'>
  readonly timeZone: string
  readonly now: () => number
}

const dayMs = 24 * 60 * 60_000
/** Small enough that nobody waits for it. */
const batchRecords = 500
/** The longest that a timer can wait. */
const longestWaitMs = 2 ** 31 - 1

export function createRetention(settings: RetentionSettings, house: RetentionHouse): Retention {
  const { store, evidence, log, metrics, timeZone, now } = house
  const due = Object.entries(settings).flatMap(([name, days]) =>
    days === undefined ? [] : [{ name: name as RetentionClass, days }],
  )
  let underWay: Promise<unknown> = Promise.resolve()
  const ending = new AbortController()

  async function run() {
    const destroyed: Partial<Record<RetentionClass, number>> = {}
    for (const { name, days } of due) destroyed[name] = await destroy(name, now() - days * dayMs)
    return destroyed
  }

  /** On record before the first record goes, so that a crash leaves nothing unexplained. */
  async function destroy(name: RetentionClass, until: number): Promise<number> {
    const note = (state: Pick<Destruction, 'state' | 'count'>) =>
      evidence.record({
        id: randomUUIDv7(),
        at: now(),
        content: { kind: 'destruction', class: name, until, ...state },
      })
    const batch = () =>
      name === 'notices'
        ? store.destroyNotices(until, batchRecords)
        : store.destroyLedgerContent(retentionClasses[name], until, batchRecords)

    await note({ state: 'begun' })
    let count = 0
    for (let one = batchRecords; one === batchRecords && !ending.signal.aborted; count += one)
      one = await batch()
    await note({ state: 'done', count })
    metrics.destroyed({ class: name }, count)
    log.info({ class: name, count }, 'retention')
    return count
  }

  return {
    run,
    start() {
      if (due.length === 0) return () => Promise.resolve()
      let timer: NodeJS.Timeout
      const wait = (): void => {
        const ms = endOfDay(now(), timeZone) - now()
        timer = setTimeout(attempt, Math.min(ms, longestWaitMs))
        timer.unref()
      }
      const attempt = (): void => {
        underWay = run()
          .catch((error: unknown) =>
            log.error({ fault: faultOf(error) }, 'retention failed: tried again tomorrow'),
          )
          .finally(wait)
      }
      wait()
      return async () => {
        ending.abort()
        clearTimeout(timer)
        await underWay
        clearTimeout(timer)
      }
    },
  }
}
