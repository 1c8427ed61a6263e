/** Nothing is kept longer than its class allows, and what was destroyed is on record. No law says how long: the PKS does. */
import { randomUUIDv7 } from 'node:crypto'
import { endOfDay, startOfDay } from '#gateway/calendar.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Store } from '#gateway/store/store.ts'
import { DestructionAccount, destructionIn } from './destructions.ts'
import {
  type Destruction,
  type Evidence,
  isOfLedger,
  type RetentionClass,
  retentionClasses,
} from './evidence.ts'

/** Days by class; a class that is absent is kept for good. */
export type RetentionSettings = { readonly [Class in RetentionClass]?: number | undefined }

export interface Retention {
  /**
   * Destroys what is due; how many records of each class. A class is left out while a run of it may be under way elsewhere.
   * Each class is on its own; rejects with the first fault once all were tried.
   */
  run(): Promise<Partial<Record<RetentionClass, number>>>
  /**
   * From now on, once a day: when the mall's day ends, or at once where the day has had no run yet. What does not succeed is
   * tried again every hour. Returns how to end it.
   */
  start(): () => Promise<void>
}

export interface RetentionHouse {
  readonly store: Pick<
    Store,
    'destroyLedgerContent' | 'destroyNotices' | 'destroySubmissions' | 'readLedger' | 'readLedgerHead'
  >
  readonly evidence: Evidence
  readonly log: Log
  readonly metrics: Pick<Metrics, 'destroyed'>
  readonly timeZone: string
  readonly now: () => number
}

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
/** Small enough that nobody waits for it. */
const batchRecords = 500
const pageRows = 1_000

export function createRetention(settings: RetentionSettings, house: RetentionHouse): Retention {
  const { store, evidence, log, metrics, timeZone, now } = house
  const classes = Object.entries(settings).flatMap(([name, days]) =>
    days === undefined ? [] : [{ name: name as RetentionClass, days }],
  )
  const ending = new AbortController()

  /** Runs each class that `isDue`, by what the ledger tells of it. */
  async function runThose(isDue: (history: ClassHistory) => boolean) {
    const destroyed: Partial<Record<RetentionClass, number>> = {}
    const faults: unknown[] = []
    const histories = await readHistory(
      store,
      classes.map(({ name }) => name),
    )
    const due = classes.filter(({ name }) => isDue(histories.get(name)!))
    for (const { name, days } of due) {
      const { unendedSince } = histories.get(name)!
      if (ending.signal.aborted) break
      if (unendedSince !== undefined && now() - unendedSince < hourMs) continue // perhaps another gateway is at it
      try {
        destroyed[name] = await destroy(name, now() - days * dayMs, unendedSince !== undefined)
      } catch (error) {
        faults.push(error)
        log.error({ class: name, fault: faultOf(error) }, 'retention failed')
      }
    }
    return { destroyed, faults, isDone: due.every(({ name }) => destroyed[name] !== undefined) }
  }

  /** On record before the first record goes, so that a crash leaves nothing unexplained; the next run then says how much it was. */
  async function destroy(name: RetentionClass, until: number, isRecovery: boolean): Promise<number> {
    const note = (state: Pick<Destruction, 'state' | 'count' | 'recovered'>) =>
      evidence.record({
        id: randomUUIDv7(),
        at: now(),
        content: { kind: 'destruction', class: name, until, ...state },
      })
    const batch = () => {
      if (isOfLedger(name)) return store.destroyLedgerContent(retentionClasses[name], until, batchRecords)
      return name === 'notices'
        ? store.destroyNotices(until, batchRecords)
        : store.destroySubmissions(now() - until, batchRecords)
    }

    const recovered = isRecovery && { recovered: isOfLedger(name) ? await unaccountedRows(store) : 0 }
    await note({ state: 'begun' })
    let count = 0
    // Ended in order half-way, it says what it has done; the rest waits for the next day.
    for (let one = batchRecords; one === batchRecords && !ending.signal.aborted; count += one)
      one = await batch()
    await note({ state: 'done', count, ...recovered })
    metrics.destroyed({ class: name }, count)
    log.info({ class: name, count, ...recovered }, 'retention')
    return count
  }

  return {
    async run() {
      const { destroyed, faults } = await runThose(() => true)
      if (faults.length > 0) throw faults[0]
      return destroyed
    },
    start() {
      if (classes.length === 0) return () => Promise.resolve()
      let timer: NodeJS.Timeout | undefined
      const attempt = async (): Promise<void> => {
        let isDone = false
        try {
          const today = startOfDay(now(), timeZone)
          isDone = (await runThose(({ doneAt = -Infinity }) => doneAt < today)).isDone
        } catch (error) {
          log.error({ fault: faultOf(error) }, 'retention failed')
        }
        if (ending.signal.aborted) return
        const untilMidnight = endOfDay(now(), timeZone) - now()
        const wait = isDone ? untilMidnight : Math.min(hourMs, untilMidnight)
        timer = setTimeout(() => (underWay = attempt()), wait).unref()
      }
      let underWay = attempt()
      return async () => {
        ending.abort()
        clearTimeout(timer)
        await underWay
      }
    },
  }
}

interface ClassHistory {
  /** When it last was done. */
  doneAt?: number
  /** When the last run began that has not ended, unless a later one has recovered what it left. */
  unendedSince?: number
  isRecovered?: boolean
}

/** From the ledger's end backwards: no further than the last runs of all these classes, and a day for others beside them. */
async function readHistory(
  store: Pick<Store, 'readLedger' | 'readLedgerHead'>,
  classes: readonly RetentionClass[],
): Promise<ReadonlyMap<RetentionClass, ClassHistory>> {
  const histories = new Map<RetentionClass, ClassHistory>(classes.map(name => [name, {}]))
  const ended = new Set<string>()
  let last = (await store.readLedgerHead())?.sequence ?? 0
  while (last > 0) {
    const rows = await store.readLedger(Math.max(0, last - pageRows), Math.min(pageRows, last))
    for (const row of rows.toReversed()) {
      const note = destructionIn(row)
      const history = note && histories.get(note.class)
      if (!history) continue
      const run = `${note.class} ${note.until}`
      if (note.state === 'done') {
        history.doneAt ??= row.at
        history.isRecovered ||= note.recovered !== undefined
        ended.add(run)
      } else if (!ended.has(run) && !history.isRecovered) history.unendedSince ??= row.at
    }
    const doneSince = Math.min(...histories.values().map(({ doneAt = -Infinity }) => doneAt))
    if (rows.length === 0 || rows[0]!.at < doneSince - dayMs) break
    last -= pageRows
  }
  return histories
}

/** Rows without content that no run has said it destroyed. */
async function unaccountedRows(store: Pick<Store, 'readLedger'>): Promise<number> {
  const account = new DestructionAccount()
  for (let after = 0; ; after += pageRows) {
    const rows = await store.readLedger(after, pageRows)
    account.read(rows)
    if (rows.length < pageRows) return Math.max(0, account.destroyed - account.accounted)
  }
}
