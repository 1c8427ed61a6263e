import { expect, it } from 'vitest'
import { createTimes } from './times.ts'

const now = () => Date.parse('2026-09-21T02:00:00Z') // 09:00 in Jakarta, 11:00 in Jayapura
const id = createTimes('id', { timeZone: 'Asia/Jakarta', now })
const en = createTimes('en', { timeZone: 'Asia/Jayapura', now })

it.each([
  [id.instant('2026-09-21T02:32:00Z'), '09.32'],
  [en.instant('2026-09-21T02:32:00Z'), '11:32'],
  [id.instant('2026-09-22T01:10:00Z'), '22 Sep, 08.10'],
  [id.ago(0), 'sekarang'],
  [id.ago(12_000), '12 detik yang lalu'],
  [en.ago(61_000), '1 minute ago'],
  [en.ago(-5_000), 'now'],
  [id.ahead(30_000), 'dalam 30 detik'],
  [en.ahead(0), 'in 1 second'],
  [id.duration(0), '0 detik'],
  [id.duration(252_000), '4 menit, 12 detik'],
  [en.duration(600_000), '10 minutes'],
  [en.duration(3_661_000), '1 hour, 1 minute'],
])('%s', (told, expected) => {
  expect(told).toBe(expected)
})
