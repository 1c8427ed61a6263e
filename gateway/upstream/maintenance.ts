/** When an agency is known to be away: every day, on days of the week, or once. In the upstream's time zone. */
import type { Text } from '#contracts/text.ts'
import { dayAt } from '#gateway/quotas/day.ts'
import { type Weekday, weekdays } from '#gateway/services/calendar.ts'

/** Again and again: on these days, from a time of day until another, which is of the next day when it is not later. */
export interface RecurringWindow {
  readonly days: ReadonlySet<Weekday>
  /** Minutes after midnight, as the clock on the wall shows them. */
  readonly from: number
  readonly until: number
  readonly message?: Text | undefined
}

/** Once; epoch milliseconds: from the first, before the second. */
export interface DatedWindow {
  readonly startsAt: number
  readonly endsAt: number
  readonly message?: Text | undefined
}

export type MaintenanceWindow = RecurringWindow | DatedWindow

/** A stretch of maintenance: windows that touch are one. The message is that of the window that is on. */
export interface Maintenance {
  readonly startsAt: number
  readonly endsAt: number
  readonly message?: Text | undefined
}

/** What windows say of an instant, and until when that holds. */
export interface MaintenanceAt {
  readonly now: Maintenance | undefined
  /** The next one that begins within a week. */
  readonly next: Maintenance | undefined
}

const dayMs = 24 * 60 * 60_000
/** How far ahead is looked: further ones cannot change what is so now. */
const aheadMs = 8 * dayMs

export function maintenanceAt(
  windows: readonly MaintenanceWindow[],
  at: number,
  timeZone: string,
): MaintenanceAt {
  const stretches = joined(windows.flatMap(window => datesOf(window, at, timeZone)))
  const now = stretches.find(({ startsAt, endsAt }) => startsAt <= at && at < endsAt)
  return {
    now: now && { ...now, message: messageAt(windows, at, timeZone) },
    next: stretches.find(({ startsAt }) => startsAt > at),
  }
}

/** The same, worked out only when it may have changed: every question asks. */
export function createMaintenanceClock(
  windows: () => readonly MaintenanceWindow[],
  timeZone: string,
): (at: number) => MaintenanceAt {
  let of: readonly MaintenanceWindow[] | undefined
  let known: MaintenanceAt = { now: undefined, next: undefined }
  let from = 0
  let until = 0
  return function maintenance(at) {
    const present = windows()
    if (of === present && from <= at && at < until) return known
    of = present
    known = maintenanceAt(present, at, timeZone)
    from = at
    // While windows touch, another message may come before the end; half a minute late is early enough.
    until = Math.min(known.next?.startsAt ?? Infinity, known.now?.endsAt ?? Infinity, at + 30_000)
    return known
  }
}

/** Each of its dates that is not over and begins within reach. */
function datesOf(window: MaintenanceWindow, at: number, timeZone: string): DatedWindow[] {
  if (isDated(window)) return window.endsAt > at && window.startsAt < at + aheadMs ? [window] : []
  const dates: DatedWindow[] = []
  for (
    let day = dayAt(at - dayMs, timeZone);
    day.startsAt < at + aheadMs;
    day = dayAt(day.endsAt, timeZone)
  ) {
    const date = Temporal.PlainDate.from(day.name)
    if (!window.days.has(weekdays[date.dayOfWeek - 1]!)) continue
    const until = window.until > window.from ? window.until : window.until + 24 * 60
    const startsAt = instantOf(date, window.from, timeZone)
    const endsAt = instantOf(date, until, timeZone)
    if (endsAt > at) dates.push({ startsAt, endsAt, message: window.message })
  }
  return dates
}

const instantOf = (date: Temporal.PlainDate, minutes: number, timeZone: string): number =>
  date.toPlainDateTime().add({ minutes }).toZonedDateTime(timeZone).epochMilliseconds

/** In order, those that touch made one. */
function joined(dates: readonly DatedWindow[]): Maintenance[] {
  const stretches: Maintenance[] = []
  for (const { startsAt, endsAt, message } of dates.toSorted((one, other) => one.startsAt - other.startsAt)) {
    const last = stretches.at(-1)
    if (!last || startsAt > last.endsAt) stretches.push({ startsAt, endsAt, message })
    else stretches[stretches.length - 1] = { ...last, endsAt: Math.max(last.endsAt, endsAt) }
  }
  return stretches
}

/** Of the windows that are on, the one that says something and ends last. */
const messageAt = (windows: readonly MaintenanceWindow[], at: number, timeZone: string): Text | undefined =>
  windows
    .flatMap(window => datesOf(window, at, timeZone))
    .filter(({ startsAt, message }) => startsAt <= at && message)
    .toSorted((one, other) => other.endsAt - one.endsAt)[0]?.message

/** `22:00-02:00` */
export const hoursText = ({ from, until }: Pick<RecurringWindow, 'from' | 'until'>): string =>
  [from, until]
    .map(minutes =>
      [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':'),
    )
    .join('-')

export const isDated = (window: MaintenanceWindow): window is DatedWindow => 'startsAt' in window

/** Once and for all: a recurring one never is. */
export const isOver = (window: MaintenanceWindow, at: number): boolean =>
  isDated(window) && window.endsAt <= at

/** `22:00-02:00`: minutes after midnight; undefined when it is none. What does not end later ends on the next day. */
export function readMaintenanceHours(text: string): { from: number; until: number } | undefined {
  const [, hour, minute, untilHour, untilMinute] =
    /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? []
  if (hour === undefined) return undefined
  const from = Number(hour) * 60 + Number(minute)
  const until = Number(untilHour) * 60 + Number(untilMinute)
  return from === until || until > 24 * 60 ? undefined : { from, until }
}
