import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCalendar, naiveCalendar, probe } from '#gateway/testing/naive-calendar.ts'
import { openFrom } from '#gateway/testing/services.ts'
import {
  type Calendar,
  type CalendarSettings,
  createCalendar,
  opensWithin,
  readOpeningHours,
  weekdays,
} from './calendar.ts'

const hour = 60 * 60_000
const at = (text: string): number => Date.parse(`${text}+07:00`)
const said = (instant: number): string =>
  new Date(instant + 7 * hour).toISOString().slice(0, 16).replace('T', ' ')

/** Mondays to Thursdays 08–15, Fridays 08–11:30 and 13–15. */
const office: CalendarSettings = {
  timeZone: 'Asia/Jakarta',
  hours: {
    ...openFrom(8, 15, weekdays.slice(0, 4)),
    friday: [
      { from: 480, until: 690 },
      { from: 780, until: 900 },
    ],
  },
  holidays: [
    { date: '2026-03-19', name: 'Hari libur', hours: [] },
    { date: '2026-03-24', name: 'Setengah hari', hours: [{ from: 480, until: 660 }] },
  ],
}
const calendar = createCalendar(office)

describe('working time between two instants', () => {
  it.each([
    ['within a day', '2026-03-02T09:00', '2026-03-02T10:30', 1.5],
    ['before opening and after closing', '2026-03-02T00:00', '2026-03-03T00:00', 7],
    ['across midnight', '2026-03-02T14:00', '2026-03-03T09:00', 2],
    ['across a break', '2026-03-06T11:00', '2026-03-06T13:30', 1],
    ['across a weekend', '2026-03-06T14:00', '2026-03-09T09:00', 2],
    ['across a holiday', '2026-03-18T14:00', '2026-03-20T09:00', 2],
    ['on a half day', '2026-03-24T09:00', '2026-03-24T15:00', 2],
    ['of nothing', '2026-03-02T09:00', '2026-03-02T09:00', 0],
    ['backwards', '2026-03-03T09:00', '2026-03-02T09:00', 0],
  ])('%s', (_, from, until, hours) => {
    expect(calendar.workingMs(at(from), at(until))).toBe(hours * hour)
  })
})

describe('the instant that lies so much after another', () => {
  it.each([
    ['2026-03-02T09:00', 60, '2026-03-02 10:00'],
    ['2026-03-02T14:30', 60, '2026-03-03 08:30'],
    ['2026-03-06T11:00', 60, '2026-03-06 13:30'],
    ['2026-03-06T22:00', 60, '2026-03-09 09:00'],
    ['2026-03-02T08:00', 420, '2026-03-02 15:00'], // at closing, not at the next opening
    ['2026-03-02T06:00', 0, '2026-03-02 06:00'],
  ])('%s and %i working minutes', (from, minutes, due) => {
    expect(said(calendar.afterWorkingMs(at(from), minutes * 60_000))).toBe(due)
  })

  it.each([
    ['2026-03-02T10:00', 1, '2026-03-03 10:00'],
    ['2026-03-02T08:00', 1, '2026-03-02 15:00'],
    ['2026-03-02T20:00', 1, '2026-03-03 15:00'],
    ['2026-03-07T10:00', 2, '2026-03-10 15:00'], // from Saturday: Monday and Tuesday
    ['2026-03-17T15:00', 3, '2026-03-23 15:00'], // not the holiday, nor the weekend
    ['2026-03-23T10:00', 1, '2026-03-24 08:51'], // a half day is a day, and passes faster
  ])('%s and %i working days', (from, days, due) => {
    expect(said(calendar.afterWorkingDays(at(from), days))).toBe(due)
  })
})

it.each([
  ['before the hour before opening', '2026-03-02T06:59', false],
  ['within it', '2026-03-02T07:01', true],
  ['while open', '2026-03-02T12:00', true],
  ['after closing', '2026-03-02T15:00', false],
  ['before the end of a break', '2026-03-06T12:30', true],
  ['on a holiday', '2026-03-19T07:30', false],
  ['on a half day', '2026-03-24T07:30', true],
])('opens within an hour or is open: %s', (_, text, expected) => {
  expect(opensWithin(calendar, at(text), 60)).toBe(expected)
})

describe('a zone that puts its clocks forward and back', () => {
  const around = createCalendar({ timeZone: 'Europe/Berlin', hours: openFrom(0, 24), holidays: [] })
  const night = createCalendar({ timeZone: 'Europe/Berlin', hours: openFrom(2, 4), holidays: [] })
  it('has days of 23 and 25 hours', () => {
    const day = (date: string, length: number) =>
      around.workingMs(Date.parse(`${date}T00:00+01:00`), Date.parse(`${date}T00:00+01:00`) + length * hour)
    expect(day('2026-03-29', 23)).toBe(23 * hour)
    expect(around.workingDays(Date.parse('2026-03-28T23:00Z'), Date.parse('2026-03-29T22:00Z'))).toBeCloseTo(
      1,
    )
  })
  it('opens when the clock has passed the hour that it leaves out', () => {
    const start = Date.parse('2026-03-28T23:00Z')
    expect(night.workingMs(start, start + 23 * hour)).toBe(hour)
    expect(night.afterWorkingMs(start, 1)).toBe(Date.parse('2026-03-29T01:00Z') + 1)
  })
  it('stays open through the hour that comes twice', () => {
    const start = Date.parse('2026-10-24T22:00Z')
    expect(night.workingMs(start, start + 25 * hour)).toBe(3 * hour)
  })
})

describe('any calendar', () => {
  it('counts as many minutes as one who looks at the clock every minute', () => {
    fc.assert(
      fc.property(anyCalendar, probe, fc.integer({ min: 0, max: 6_000 }), (settings, start, minutes) => {
        const from = start(settings.timeZone)
        const until = from + minutes * 60_000
        expect(createCalendar(settings).workingMs(from, until)).toBe(
          naiveCalendar(settings).workingMs(from, until),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('has passed what was asked for at the instant after it, and not a moment before', () => {
    const amount = fc.integer({ min: 1, max: 20_000 })
    fc.assert(
      fc.property(anyCalendar, probe, amount, (settings, start, minutes) => {
        const calendar = createCalendar(settings)
        const from = start(settings.timeZone)
        const due = calendar.afterWorkingMs(from, minutes * 60_000)
        expect(calendar.workingMs(from, due)).toBe(minutes * 60_000)
        expect(calendar.workingMs(from, due - 1)).toBe(minutes * 60_000 - 1)
        const days = minutes / 1_000
        const dueDay = calendar.afterWorkingDays(from, days)
        expect(calendar.workingDays(from, dueDay)).toBeCloseTo(days, 6)
      }),
    )
  })

  it('adds up: the parts of a span are as long as the whole', () => {
    const minutes = fc.integer({ min: 0, max: 30_000 })
    const parts: readonly (keyof Calendar & `working${string}`)[] = ['workingMs', 'workingDays']
    fc.assert(
      fc.property(anyCalendar, probe, minutes, minutes, (settings, start, first, second) => {
        const calendar = createCalendar(settings)
        const from = start(settings.timeZone)
        const [middle, until] = [from + first * 60_000, from + (first + second) * 60_000]
        for (const part of parts)
          expect(calendar[part](from, middle) + calendar[part](middle, until)).toBeCloseTo(
            calendar[part](from, until),
            6,
          )
      }),
    )
  })
})

it.each([
  ['08:00-15:00', { from: 480, until: 900 }],
  ['00:00-24:00', { from: 0, until: 1_440 }],
  ['15:00-08:00', undefined],
  ['08:00-08:00', undefined],
  ['24:00-24:00', undefined],
  ['8:00-15:00', undefined],
  ['08:00-15:60', undefined],
  ['08:00 - 15:00', undefined],
])('reads %s', (text, hours) => {
  expect(readOpeningHours(text)).toEqual(hours)
})
