/**
 * The alarms of the house: raised when a condition has lasted, cleared when it has been gone for a while. They stand in the
 * store, one for each code and source, put there by whichever gateway comes first. While the store is away each gateway goes on
 * from memory, and writes what came of it when the store is back.
 */
import { randomUUIDv7 } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Condition } from '#gateway/ops/gateway-view.ts'
import type { HouseState, HouseStateStore } from '#gateway/store/house-state.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { type Alarm, type Alarms, byUrgency, subjectOf } from './alarm.ts'
import { alarmCodes, isAlarmCode } from './codes.ts'

export interface AlarmRegister extends Alarms {
  /** Whether the store could be read at the last look. */
  readonly isStoreAway: boolean
  /** What time it was then: in the store, or here where that is away. */
  readonly at: number
  /** Sees what is the case now, and changes what is to be changed. Never throws. */
  look(): Promise<void>
  close(): Promise<void>
}

export interface AlarmHouse {
  readonly store: HouseStateStore
  readonly evidence: Evidence
  /** What is the case, as all gateways say that can be heard; undefined while nothing can be heard. */
  readonly heard: () => readonly Condition[] | undefined
  /** As this one says. */
  readonly own: (isStoreAway: boolean) => readonly Condition[]
  readonly log: Log
  readonly now: () => number
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number
  readonly settings?: Partial<AlarmSettings>
}

export interface AlarmSettings {
  /** How long a condition must be gone before its alarm is cleared. */
  readonly clearAfterMs: number
  /** One that comes back within so long of being cleared is the same. */
  readonly reopenMs: number
  /** How often it is noted that it is still so. */
  readonly noteMs: number
  /** How long cleared ones are kept, and how many at most. */
  readonly keptMs: number
  readonly mostKept: number
}

const minuteMs = 60_000

const usual: AlarmSettings = {
  clearAfterMs: 2 * minuteMs,
  reopenMs: 10 * minuteMs,
  noteMs: minuteMs,
  keptMs: 7 * 24 * 60 * minuteMs,
  mostKept: 200,
}

/** By code and source: the one that is open, or was last. */
export const alarmKind = 'alarm'
/** By id: those before it. */
export const pastAlarmKind = 'alarm-past'

interface Kept {
  readonly alarm: Alarm
  /** 0: it is not in the store. */
  readonly revision: number
}

export function createAlarmRegister(house: AlarmHouse): AlarmRegister {
  const { store, evidence, heard, own, log, now, elapsed } = house
  const { clearAfterMs, reopenMs, noteMs, keptMs, mostKept } = { ...usual, ...house.settings }
  const listeners: (() => void)[] = []
  /** As the store has them. */
  let kept = new Map<string, Kept>()
  let past: readonly Alarm[] = []
  /** What the store does not have yet. */
  const unsaved = new Map<string, Alarm>()
  /** By `elapsed`: since when a condition holds, and since when that of an open alarm is gone. */
  const holdsSince = new Map<string, number>()
  const goneSince = new Map<string, number>()
  let isStoreAway = false
  let at = now()
  let told = ''
  let isClosed = false
  let looking = Promise.resolve()

  const current = (subject: string): Alarm | undefined => unsaved.get(subject) ?? kept.get(subject)?.alarm
  const all = (): Alarm[] =>
    [...new Set([...kept.keys(), ...unsaved.keys()])].map(subject => current(subject)!)

  function look(): Promise<void> {
    looking = looking.then(lookOnce).catch(error => {
      log.error({ fault: faultOf(error) }, 'alarms stumbled')
    })
    return looking
  }

  async function lookOnce(): Promise<void> {
    if (isClosed) return
    await read()
    await catchUp()
    const conditions = (isStoreAway ? undefined : heard()) ?? own(isStoreAway)
    const holding = new Map(
      conditions.flatMap(one => (isAlarmCode(one.code) ? [[subjectOf(one), one] as const] : [])),
    )
    for (const subject of holdsSince.keys()) if (!holding.has(subject)) holdsSince.delete(subject)
    for (const [subject, condition] of holding) await hold(subject, condition)
    for (const [subject, alarm] of all().map(alarm => [subjectOf(alarm), alarm] as const))
      if (isOpen(alarm) && !holding.has(subject)) await miss(subject, alarm)
    await sweep()
    tell()
  }

  async function read(): Promise<void> {
    try {
      const { at: storeAt, rows } = await store.readHouseState([alarmKind, pastAlarmKind])
      const alarms = rows.filter(({ kind }) => kind === alarmKind)
      kept = new Map(alarms.map(row => [row.id, { alarm: alarmIn(row), revision: row.revision }]))
      const ids = new Set(alarms.map(row => alarmIn(row).id)) // one whose successor never came is still there
      past = rows.filter(({ kind, id }) => kind === pastAlarmKind && !ids.has(id)).map(alarmIn)
      at = storeAt
      isStoreAway = false
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      at = now()
      isStoreAway = true
    }
  }

  /** Writes what came of it while the store was away. Where another gateway raised the same, its alarm counts. */
  async function catchUp(): Promise<void> {
    if (isStoreAway) return
    const waiting = new Map(unsaved)
    unsaved.clear()
    for (const [subject, alarm] of waiting) {
      const there = kept.get(subject)
      if (there && isOpen(there.alarm) && there.alarm.id !== alarm.id) continue
      if (there && there.alarm.id !== alarm.id) await archive(there.alarm)
      const acknowledged = there?.alarm.id === alarm.id ? there.alarm.acknowledged : alarm.acknowledged
      await save(subject, { ...alarm, acknowledged })
    }
  }

  async function hold(subject: string, { code, source, facts = {} }: Condition): Promise<void> {
    if (!isAlarmCode(code)) return
    goneSince.delete(subject)
    const heldMs = elapsed() - holdsSince.getOrInsert(subject, elapsed())
    const alarm = current(subject)
    if (alarm && isOpen(alarm)) {
      const isOther = !isDeepStrictEqual(alarm.facts, facts)
      if (at - alarm.lastSeenAt >= (isOther ? noteMs / 6 : noteMs))
        await save(subject, { ...alarm, facts, lastSeenAt: at })
      return
    }
    if (heldMs < alarmCodes[code].afterMs) return
    if (alarm && at - alarm.clearedAt! < reopenMs) {
      const { clearedAt: _cleared, ...reopened } = alarm
      return save(subject, { ...reopened, facts, lastSeenAt: at })
    }
    if (alarm) await archive(alarm)
    await save(subject, { id: randomUUIDv7(), code, source, since: at - heldMs, facts, lastSeenAt: at })
  }

  async function miss(subject: string, alarm: Alarm): Promise<void> {
    if (elapsed() - goneSince.getOrInsert(subject, elapsed()) < clearAfterMs) return
    goneSince.delete(subject)
    await save(subject, { ...alarm, clearedAt: at })
  }

  /** Whoever else has changed it meanwhile has done the same, and the next look shows it. */
  async function save(subject: string, alarm: Alarm): Promise<void> {
    const { revision = 0 } = kept.get(subject) ?? {}
    const content = JSON.stringify(alarm)
    try {
      if (isStoreAway) throw new StoreUnavailable('away')
      const isDone = await store.putHouseState({ kind: alarmKind, id: subject, content }, revision)
      if (isDone) kept.set(subject, { alarm, revision: revision + 1 })
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      unsaved.set(subject, alarm)
    }
  }

  async function archive(alarm: Alarm): Promise<void> {
    past = [...past, alarm]
    await whenThere({ kind: pastAlarmKind, id: alarm.id, content: JSON.stringify(alarm) })
  }

  async function sweep(): Promise<void> {
    if (isStoreAway) return
    const byAge = past.toSorted((one, other) => other.clearedAt! - one.clearedAt!)
    for (const [index, { id, clearedAt }] of byAge.entries())
      if (index >= mostKept || at - clearedAt! > keptMs)
        await whenThere({ kind: pastAlarmKind, id, content: null })
    for (const [id, { alarm, revision }] of kept)
      if (!isOpen(alarm) && at - alarm.clearedAt! > keptMs)
        await whenThere({ kind: alarmKind, id, content: null }, revision)
  }

  /** History: what cannot be written now is not worth waiting for. */
  async function whenThere(...change: Parameters<HouseStateStore['putHouseState']>): Promise<void> {
    await store.putHouseState(...change).catch(error => {
      if (!(error instanceof StoreUnavailable)) throw error
    })
  }

  function tell(): void {
    const state = JSON.stringify([isStoreAway, all()])
    if (state === told) return
    told = state
    for (const listener of listeners) listener()
  }

  const openOnes = (): Alarm[] => all().filter(isOpen).toSorted(byUrgency)

  return {
    get open() {
      return openOnes()
    },
    recent() {
      const cleared = [...past, ...all().filter(alarm => !isOpen(alarm))]
      return [...openOnes(), ...cleared].toSorted((one, other) => other.since - one.since)
    },
    get isStoreAway() {
      return isStoreAway
    },
    get at() {
      return at
    },
    look,

    async acknowledge(id, by, reason) {
      for (;;) {
        await look()
        const [subject, one] = [...kept].find(([, { alarm }]) => alarm.id === id) ?? []
        const alarm = one?.alarm ?? past.find(alarm => alarm.id === id)
        if (isStoreAway) return storeUnavailable(new StoreUnavailable('away'))
        if (!alarm) throw alarmUnknown()
        if (!one || subject === undefined || !isOpen(alarm) || alarm.acknowledged) return alarm
        const { code, source } = alarm
        await evidence.record({
          id: randomUUIDv7(),
          at: now(),
          content: { kind: 'act', act: 'alarm.acknowledge', ...by, reason, alarm: id, code, source },
        })
        const { member, officer } = by
        const seen: Alarm = { ...alarm, acknowledged: { by: { member, officer }, at, reason } }
        const document = { kind: alarmKind, id: subject, content: JSON.stringify(seen) }
        if (!(await store.putHouseState(document, one.revision).catch(storeUnavailable))) continue
        kept.set(subject, { alarm: seen, revision: one.revision + 1 })
        tell()
        return seen
      }
    },

    onChange: listener => void listeners.push(listener),

    async close() {
      isClosed = true
      await looking
    },
  }
}

export const isOpen = ({ clearedAt }: Alarm): boolean => clearedAt === undefined

export const alarmIn = ({ content }: Pick<HouseState, 'content'>): Alarm => JSON.parse(content) as Alarm

const alarmUnknown = (): GatewayFailure =>
  new GatewayFailure('ROUTE_UNKNOWN', {
    reason: 'ALARM_UNKNOWN',
    detail: 'there is no such alarm: cleared ones are kept for seven days',
  })
