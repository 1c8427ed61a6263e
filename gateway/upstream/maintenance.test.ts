import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Weekday, weekdays } from '#gateway/services/calendar.ts'
import {
  createMaintenanceClock,
  maintenanceAt,
  type MaintenanceWindow,
  readMaintenanceHours,
} from './maintenance.ts'

const at = (text: string, offset = '+07:00'): number => Date.parse(`${text}${offset}`)
const iso = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant + 7 * 3_600_000).toISOString().slice(0, 16)

const hours = (text: string) => readMaintenanceHours(text)!
const daily = (text: string): MaintenanceWindow => ({ days: new Set(weekdays), ...hours(text) })
const on = (day: Weekday, text: string): MaintenanceWindow => ({ days: new Set([day]), ...hours(text) })
const once = (from: string, until: string): MaintenanceWindow => ({ startsAt: at(from), endsAt: at(until) })

describe('a window', () => {
  it.each([
    ['daily, before it', [daily('12:00-13:00')], '2026-03-02T11:59', undefined, '2026-03-02T12:00'],
    [
      'daily, its first moment',
      [daily('12:00-13:00')],
      '2026-03-02T12:00',
      '2026-03-02T13:00',
      '2026-03-03T12:00',
    ],
    [
      'daily, its last moment',
      [daily('12:00-13:00')],
      '2026-03-02T12:59',
      '2026-03-02T13:00',
      '2026-03-03T12:00',
    ],
    ['daily, after it', [daily('12:00-13:00')], '2026-03-02T13:00', undefined, '2026-03-03T12:00'],
    [
      'across midnight, before',
      [daily('22:00-02:00')],
      '2026-03-02T23:30',
      '2026-03-03T02:00',
      '2026-03-03T22:00',
    ],
    [
      'across midnight, after',
      [daily('22:00-02:00')],
      '2026-03-03T01:59',
      '2026-03-03T02:00',
      '2026-03-03T22:00',
    ],
    ['until midnight', [daily('22:00-24:00')], '2026-03-02T23:59', '2026-03-03T00:00', '2026-03-03T22:00'],
    [
      'weekly, on its day',
      [on('sunday', '22:00-02:00')],
      '2026-03-01T22:00',
      '2026-03-02T02:00',
      '2026-03-08T22:00',
    ],
    [
      'weekly, on the day that it ends',
      [on('sunday', '22:00-02:00')],
      '2026-03-02T01:00',
      '2026-03-02T02:00',
      '2026-03-08T22:00',
    ],
    [
      'weekly, the evening after',
      [on('sunday', '22:00-02:00')],
      '2026-03-02T22:30',
      undefined,
      '2026-03-08T22:00',
    ],
    [
      'dated',
      [once('2026-12-31T20:00', '2027-01-01T06:00')],
      '2026-12-31T23:59',
      '2027-01-01T06:00',
      undefined,
    ],
    ['dated, over', [once('2026-12-31T20:00', '2027-01-01T06:00')], '2027-01-01T06:00', undefined, undefined],
    [
      'dated, too far ahead to matter',
      [once('2026-12-31T20:00', '2027-01-01T06:00')],
      '2026-03-01T06:00',
      undefined,
      undefined,
    ],
    [
      'two that touch',
      [daily('22:00-24:00'), daily('00:00-03:00')],
      '2026-03-02T22:30',
      '2026-03-03T03:00',
      '2026-03-03T22:00',
    ],
    [
      'one within another',
      [daily('20:00-23:00'), daily('21:00-22:00')],
      '2026-03-02T21:30',
      '2026-03-02T23:00',
      '2026-03-03T20:00',
    ],
  ])('%s', (_, windows, instant, endsAt, next) => {
    const said = maintenanceAt(windows, at(instant), 'Asia/Jakarta')
    expect(iso(said.now?.endsAt)).toBe(endsAt)
    expect(iso(said.next?.startsAt)).toBe(next)
  })

  it.each([
    ['Asia/Jakarta', '+07:00'],
    ['Asia/Makassar', '+08:00'],
    ['Asia/Jayapura', '+09:00'],
  ])('is read in %s', (timeZone, offset) => {
    const windows = [daily('22:00-02:00')]
    expect(maintenanceAt(windows, at('2026-03-02T21:59:59', offset), timeZone).now).toBeUndefined()
    const { now } = maintenanceAt(windows, at('2026-03-02T22:00:00', offset), timeZone)
    expect(now?.endsAt).toBe(at('2026-03-03T02:00:00', offset))
  })

  it('says its own message, of several that are on the one that ends last', () => {
    const long = { ...daily('08:00-12:00'), message: { id: 'Panjang', en: 'Long' } }
    const short = { ...daily('09:00-10:00'), message: { id: 'Pendek', en: 'Short' } }
    const message = (text: string) => maintenanceAt([short, long], at(text), 'Asia/Jakarta').now?.message?.en
    expect(message('2026-03-02T09:30')).toBe('Long')
    expect(maintenanceAt([daily('08:00-12:00')], at('2026-03-02T09:30'), 'Asia/Jakarta').now).toMatchObject({
      message: undefined,
    })
  })
})

const zones = { 'Asia/Jakarta': 7, 'Asia/Makassar': 8, 'Asia/Jayapura': 9 }
const minuteMs = 60_000
const anyWindow: fc.Arbitrary<MaintenanceWindow> = fc.oneof(
  fc
    .record({
      days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }).map(days => new Set(days)),
      from: fc.integer({ min: 0, max: 1_439 }),
      until: fc.integer({ min: 1, max: 1_440 }),
    })
    .filter(({ from, until }) => from !== until),
  fc
    .record({
      start: fc.integer({ min: 0, max: 20 * 1_440 }),
      minutes: fc.integer({ min: 1, max: 3 * 1_440 }),
    })
    .map(({ start, minutes }) => {
      const startsAt = at('2026-03-01T00:00') + start * minuteMs
      return { startsAt, endsAt: startsAt + minutes * minuteMs }
    }),
)

/** By the clock on the wall, a window at a time. */
function isOn(window: MaintenanceWindow, instant: number, offsetHours: number): boolean {
  if ('startsAt' in window) return window.startsAt <= instant && instant < window.endsAt
  const local = Math.floor(instant / minuteMs) + offsetHours * 60
  const minute = local % 1_440
  const day = Math.floor(local / 1_440)
  const weekday = (dayNumber: number): Weekday => weekdays[(dayNumber + 3) % 7]! // 1 January 1970 was a Thursday
  if (window.from < window.until)
    return window.days.has(weekday(day)) && window.from <= minute && minute < window.until
  return (
    (window.days.has(weekday(day)) && window.from <= minute) ||
    (window.days.has(weekday(day - 1)) && minute < window.until)
  )
}

it('holds for any windows: on exactly when one is, until none is', () => {
  fc.assert(
    fc.property(
      fc.array(anyWindow, { maxLength: 4 }),
      fc.integer({ min: 0, max: 14 * 1_440 }),
      fc.constantFrom('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'),
      (windows, minutes, timeZone) => {
        const instant = at('2026-03-03T00:00') + minutes * minuteMs
        const on = (when: number): boolean => windows.some(window => isOn(window, when, zones[timeZone]))
        const { now, next } = maintenanceAt(windows, instant, timeZone)
        expect(now !== undefined).toBe(on(instant))
        const reach = instant + 7 * 1_440 * minuteMs
        const changes = now?.endsAt ?? next?.startsAt ?? reach
        for (let when = instant; when < Math.min(changes, reach); when += 7 * minuteMs)
          expect(on(when)).toBe(now !== undefined)
        if (changes < reach) expect(on(changes)).toBe(now === undefined)
      },
    ),
    { numRuns: 300 },
  )
})

it('is worked out anew when it may have changed, and when the windows are others', () => {
  let windows: readonly MaintenanceWindow[] = [daily('12:00-13:00')]
  const clock = createMaintenanceClock(() => windows, 'Asia/Jakarta')
  expect(clock(at('2026-03-02T11:59:59')).now).toBeUndefined()
  expect(clock(at('2026-03-02T12:00:00')).now).toBeDefined()
  expect(clock(at('2026-03-02T13:00:00')).now).toBeUndefined()
  windows = [once('2026-03-02T13:00', '2026-03-02T14:00')]
  expect(clock(at('2026-03-02T13:00:00')).now).toBeDefined()
  expect(clock(at('2026-03-02T11:00:00')).now).toBeUndefined() // a clock that was set back
})

it.each(['22:00', '22:00-22:00', '24:00-02:00', '22:00-24:01', '9:00-10:00', '22:00 - 02:00'])(
  'does not take %s for hours',
  text => {
    expect(readMaintenanceHours(text)).toBeUndefined()
  },
)
