import { describe, expect, it } from 'vitest'
import { endOfDay } from './calendar.ts'

describe('the end of the day', () => {
  it.each([
    ['Asia/Jakarta', '24:00', '2026-11-21T16:59:59.999Z', '2026-11-21T17:00:00.000Z'],
    ['Asia/Jakarta', '24:00', '2026-11-21T17:00:00.000Z', '2026-11-22T17:00:00.000Z'],
    ['Asia/Jakarta', '16:00', '2026-11-21T08:00:00.000Z', '2026-11-21T09:00:00.000Z'],
    ['Asia/Jakarta', '16:00', '2026-11-21T09:00:00.000Z', '2026-11-22T09:00:00.000Z'],
    ['Asia/Makassar', '24:00', '2026-11-21T15:59:59.999Z', '2026-11-21T16:00:00.000Z'],
    ['Asia/Jayapura', '24:00', '2026-11-21T14:59:59.999Z', '2026-11-21T15:00:00.000Z'],
    ['Asia/Jayapura', '24:00', '2026-11-21T15:00:00.000Z', '2026-11-22T15:00:00.000Z'],
  ])('in %s, a day that ends at %s: seen from %s it is %s', (timeZone, dayEnds, now, expected) => {
    expect(new Date(endOfDay(Date.parse(now), timeZone, dayEnds)).toISOString()).toBe(expected)
  })
})
