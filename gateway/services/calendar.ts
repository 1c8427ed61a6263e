/** Working time: what is between two instants, and where so much of it ends. In the mall's time zone. */
import { dayAt } from '#gateway/quotas/day.ts'

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
export type Weekday = (typeof weekdays)[number]

/** Minutes after midnight, as the clock on the wall shows them: from the first, before the second. */
export interface OpeningHours {
  readonly from: number
  readonly until: number
}

export interface Holiday {
  /** `2026-12-25` */
  readonly date: string
  readonly name: string
  /** Of a half day; empty: closed. */
  readonly hours: readonly OpeningHours[]
}

export interface CalendarSettings {
  readonly timeZone: string
  /** In order, none touching another; at least one day of the week has some. */
  readonly hours: Readonly<Record<Weekday, readonly OpeningHours[]>>
  readonly holidays: readonly Holiday[]
}

/** Instants are epoch milliseconds. A working day is a day with opening hours, whole ones and half ones alike. */
export interface Calendar {
  workingMs(from: number, until: number): number
  /** Each day counts for the part of its opening hours that lies between. */
  workingDays(from: number, until: number): number
  /** The first instant by which so much working time has passed. */
  afterWorkingMs(from: number, ms: number): number
  afterWorkingDays(from: number, days: number): number
}

interface WorkingDay {
  readonly endsAt: number
  readonly open: readonly (readonly [from: number, until: number])[]
  readonly openMs: number
}

/** Of a day's sum that floating point leaves over: less than a hundredth of a millisecond. */
const nothing = 1e-10

export function createCalendar({ timeZone, hours, holidays }: CalendarSettings): Calendar {
  const hoursOf = new Map(holidays.map(({ date, hours }) => [date, hours]))
  const days = new Map<number, WorkingDay>()

  /** Of the day that starts at this instant. */
  function dayFrom(startsAt: number): WorkingDay {
    return days.getOrInsertComputed(startsAt, () => {
      const { name, endsAt } = dayAt(startsAt, timeZone)
      const date = Temporal.PlainDate.from(name)
      const open = (hoursOf.get(name) ?? hours[weekdays[date.dayOfWeek - 1]!]).map(
        ({ from, until }) => [shown(date, from), shown(date, until)] as const,
      )
      return { endsAt, open, openMs: sum(open.map(([from, until]) => until - from)) }
    })
  }

  /** When the clock first shows this time or a later one: it may be put forward beyond it, or back before it. */
  function shown(date: Temporal.PlainDate, minutes: number): number {
    const local = date.toPlainDateTime().add({ minutes })
    const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
    return zoned.toPlainDateTime().equals(local)
      ? zoned.epochMilliseconds
      : zoned.getTimeZoneTransition('next')!.epochMilliseconds
  }

  /** Every day from that of the first instant on. */
  function* daysFrom(from: number): Generator<WorkingDay> {
    let day = dayFrom(dayAt(from, timeZone).startsAt)
    for (;;) {
      yield day
      day = dayFrom(day.endsAt)
    }
  }

  /** `weigh` says how much a millisecond of a day counts. */
  function between(from: number, until: number, weigh: (day: WorkingDay) => number): number {
    let total = 0
    if (until <= from) return total
    for (const day of daysFrom(from)) {
      if (day.openMs > 0) total += openMs(day, from, until) * weigh(day)
      if (day.endsAt >= until) break
    }
    return total
  }

  function after(from: number, amount: number, weigh: (day: WorkingDay) => number): number {
    let left = amount
    if (left <= 0) return from
    for (const day of daysFrom(from)) {
      if (day.openMs === 0) continue
      const inDay = openMs(day, from, day.endsAt) * weigh(day)
      if (inDay > 0 && left <= inDay + nothing) return instantIn(day, from, Math.round(left / weigh(day)))
      left -= inDay
    }
    throw new Error('unreachable: some day of each week is open')
  }

  return {
    workingMs: (from, until) => between(from, until, byTime),
    workingDays: (from, until) => between(from, until, byDay),
    afterWorkingMs: (from, ms) => after(from, ms, byTime),
    afterWorkingDays: (from, days) => after(from, days, byDay),
  }
}

/** Whether it is open, or will be within so many minutes: from then on it matters that an agency answers. */
export const opensWithin = (calendar: Calendar, at: number, minutes: number): boolean =>
  calendar.workingMs(at, at + minutes * 60_000) > 0

const byTime = (): number => 1
const byDay = ({ openMs }: WorkingDay): number => 1 / openMs

/** How long a day is open between two instants. */
const openMs = ({ open }: WorkingDay, from: number, until: number): number =>
  sum(open.map(([opens, closes]) => Math.max(0, Math.min(closes, until) - Math.max(opens, from))))

/** When a day has been open for so long after an instant; it is for at least as long. */
function instantIn({ open }: WorkingDay, from: number, ms: number): number {
  let left = ms
  let end = from
  for (const [opens, closes] of open) {
    const begin = Math.max(opens, from)
    if (closes <= begin) continue
    end = Math.min(begin + left, closes)
    left -= end - begin
    if (left <= 0) break
  }
  return end
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** `08:00-15:00`; undefined when it is none. */
export function readOpeningHours(text: string): OpeningHours | undefined {
  const [, ...parts] = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text) ?? []
  if (parts.length === 0) return undefined
  const [hour, minute, untilHour = '24', untilMinute = '0'] = parts
  const from = Number(hour) * 60 + Number(minute)
  const until = Number(untilHour) * 60 + Number(untilMinute)
  return from < until ? { from, until } : undefined
}
