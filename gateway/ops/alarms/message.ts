/** What a webhook of the operators is told, and what it has been told. */
import type { Text } from '#contracts/text.ts'
import { type Alarm, byUrgency, severityOf, subjectOf } from './alarm.ts'
import { type AlarmCodeName, alarmCodes, runbookOf, type Severity } from './codes.ts'

/** Instants are ISO 8601. Nothing in it is personal. */
export interface AlarmMessage {
  /** `alarms.still-open`: nothing has changed, and it is time to say so. */
  readonly type: 'alarms.changed' | 'alarms.still-open'
  readonly timestamp: string
  readonly data: {
    /** The mall, as people call it. */
    readonly mall: string
    /** Since the last message: most urgent first. */
    readonly raised: readonly ToldAlarm[]
    readonly cleared: readonly ToldAlarm[]
    /** All others that are open. */
    readonly open: readonly ToldAlarm[]
  }
}

export interface ToldAlarm {
  readonly id: string
  readonly code: AlarmCodeName
  readonly severity: Severity
  readonly source: string
  readonly since: string
  readonly title: Text
  readonly facts: Readonly<Record<string, string | number>>
  readonly acknowledged: boolean
  /** Where the runbook speaks of it. */
  readonly runbook: string
}

/** What a webhook was last told is open, and when. */
export interface Known {
  readonly alarm: Alarm
  /** When it was last spoken of. */
  readonly at: number
}

export interface Plan {
  readonly raised: readonly Alarm[]
  readonly cleared: readonly Alarm[]
  /** Open, known and not acknowledged, and not spoken of for long enough. */
  readonly repeated: readonly Alarm[]
  /** What will be known once this is told. */
  readonly known: readonly Known[]
}

/** What there is to say: an alarm is known by what it is about, so one that came back unseen was never gone. */
export function planOf(known: readonly Known[], open: readonly Alarm[], at: number, repeatMs: number): Plan {
  const before = new Map(known.map(one => [subjectOf(one.alarm), one]))
  const now = new Set(open.map(subjectOf))
  return {
    raised: open.filter(alarm => !before.has(subjectOf(alarm))),
    cleared: known.map(({ alarm }) => alarm).filter(alarm => !now.has(subjectOf(alarm))),
    repeated: open.filter(alarm => {
      const one = before.get(subjectOf(alarm))
      return one !== undefined && !alarm.acknowledged && at - one.at >= repeatMs
    }),
    known: open.map(alarm => ({ alarm, at })),
  }
}

export const hasAnything = ({ raised, cleared, repeated }: Plan): boolean =>
  raised.length + cleared.length + repeated.length > 0

export function messageOf({ raised, cleared, known }: Plan, mall: string, at: number): AlarmMessage {
  const isNew = new Set(raised)
  const others = known.map(({ alarm }) => alarm).filter(alarm => !isNew.has(alarm))
  return {
    type: raised.length + cleared.length > 0 ? 'alarms.changed' : 'alarms.still-open',
    timestamp: new Date(at).toISOString(),
    data: {
      mall,
      raised: raised.toSorted(byUrgency).map(toldOf),
      cleared: cleared.toSorted(byUrgency).map(toldOf),
      open: others.toSorted(byUrgency).map(toldOf),
    },
  }
}

const toldOf = (alarm: Alarm): ToldAlarm => ({
  id: alarm.id,
  code: alarm.code,
  severity: severityOf(alarm),
  source: alarm.source,
  since: new Date(alarm.since).toISOString(),
  title: alarmCodes[alarm.code].title,
  facts: alarm.facts,
  acknowledged: alarm.acknowledged !== undefined,
  runbook: runbookOf(alarm.code),
})
