/** Working time as somebody tells it who looks at the clock on the wall every minute: slow, and plainly right. For tests. */
import fc from 'fast-check'
import { type CalendarSettings, type OpeningHours, weekdays } from '#gateway/services/calendar.ts'

const minuteMs = 60_000

/** Instants are whole minutes. */
export function naiveCalendar({ timeZone, hours, holidays }: CalendarSettings) {
  /** Which minutes of a day are open. From the first time the clock shows an hour on, until the first time that it shows another. */
  const daysKnown = new Map<string, ReadonlySet<number>>()

  function openMinutes(date: Temporal.PlainDate): ReadonlySet<number> {
    return daysKnown.getOrInsertComputed(date.toString(), name => {
      const start = date.toZonedDateTime(timeZone).epochMilliseconds
      const end = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
      const ofDay: readonly OpeningHours[] =
        holidays.find(holiday => holiday.date === name)?.hours ?? hours[weekdays[date.dayOfWeek - 1]!]
      const open = new Set<number>()
      let latest = 0
      for (let at = start; at < end; at += minuteMs) {
        const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
        latest = Math.max(latest, hour * 60 + minute) // put back, the clock shows again what has been
        if (ofDay.some(({ from, until }) => from <= latest && latest < until)) open.add(at)
      }
      return open
    })
  }

  const isOpen = (at: number): boolean =>
    openMinutes(Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate()).has(at)

  return {
    isOpen,
    workingMs(from: number, until: number): number {
      let total = 0
      for (let at = from; at < until; at += minuteMs) if (isOpen(at)) total += minuteMs
      return total
    },
  }
}

const dayHours: fc.Arbitrary<readonly OpeningHours[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { maxLength: 6 })
  .map(quarters => {
    const marks = quarters.toSorted((one, other) => one - other).map(quarter => quarter * 15)
    return marks.flatMap((from, index) =>
      index % 2 === 0 && marks[index + 1] !== undefined ? [{ from, until: marks[index + 1]! }] : [],
    )
  })

/** Days around which zones with summer time change their clocks, and others. */
const dates = [
  '2026-03-02',
  '2026-03-07',
  '2026-03-28',
  '2026-04-04',
  '2026-10-03',
  '2026-10-24',
  '2026-12-24',
]

export const anyCalendar: fc.Arbitrary<CalendarSettings> = fc
  .record({
    timeZone: fc.constantFrom(
      'Asia/Jakarta',
      'Asia/Makassar',
      'Asia/Jayapura',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe', // half an hour
    ),
    days: fc.tuple(dayHours, dayHours, dayHours, dayHours, dayHours, dayHours, dayHours),
    holidays: fc.uniqueArray(
      fc.record({
        date: fc
          .tuple(fc.constantFrom(...dates), fc.nat(5))
          .map(([date, days]) => Temporal.PlainDate.from(date).add({ days }).toString()),
        name: fc.constant('Hari libur'),
        hours: dayHours,
      }),
      { selector: ({ date }) => date, maxLength: 6 },
    ),
  })
  .filter(({ days }) => days.some(day => day.length > 0))
  .map(({ days, ...rest }) => ({
    ...rest,
    hours: Object.fromEntries(
      weekdays.map((day, index) => [day, days[index]!]),
    ) as unknown as CalendarSettings['hours'],
  }))

/** A whole minute on or after one of the days, in a time zone. */
export const probe: fc.Arbitrary<(timeZone: string) => number> = fc
  .tuple(fc.constantFrom(...dates), fc.integer({ min: 0, max: 3 * 24 * 60 }))
  .map(
    ([date, minutes]) =>
      (timeZone: string) =>
        Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds + minutes * minuteMs,
  )
