/** A stored record of something that operators are told of. Instants are epoch milliseconds, in the store's time. */
import type { Actor } from '#gateway/ledger/evidence.ts'
import { type AlarmCodeName, alarmCodes, severities, type Severity } from './codes.ts'

export interface Alarm {
  /** A UUIDv7. */
  readonly id: string
  readonly code: AlarmCodeName
  /** An upstream, an agreement, a gateway, a webhook, or a part of the house (`store`, `redis`, `ledger` …). */
  readonly source: string
  /** Since when it has been so. */
  readonly since: number
  /** Nothing personal. */
  readonly facts: Readonly<Record<string, string | number>>
  /** When it was last seen to be so, to within a minute. */
  readonly lastSeenAt: number
  /** An operator has seen it, and says what is done. */
  readonly acknowledged?: Acknowledgement | undefined
  /** Undefined while it is open. */
  readonly clearedAt?: number | undefined
}

export interface Acknowledgement {
  readonly by: Pick<Actor, 'member' | 'officer'>
  readonly at: number
  readonly reason: string
}

/** What the board, the API and the doctor see of alarms. */
export interface Alarms {
  /** Most urgent first, then the oldest. */
  readonly open: readonly Alarm[]
  /** The open ones, and those cleared in the last days, latest first. */
  recent(): readonly Alarm[]
  /**
   * An operator has seen it: on record, and not repeated. A second one changes nothing.
   * @throws ROUTE_UNKNOWN, STORE_UNAVAILABLE
   */
  acknowledge(id: string, by: Actor, reason: string): Promise<Alarm>
  /** Told after every change, wherever it was made. */
  onChange(listener: () => void): void
}

export const severityOf = ({ code }: Pick<Alarm, 'code'>): Severity => alarmCodes[code].severity

/** Most urgent first, then the oldest. */
export const byUrgency = (one: Alarm, other: Alarm): number =>
  severities.indexOf(severityOf(one)) - severities.indexOf(severityOf(other)) || one.since - other.since

/** One at a time for each: what an alarm is about. */
export const subjectOf = ({ code, source }: { readonly code: string; readonly source: string }): string =>
  `${code} ${source}`
