import { describe, expect, it } from 'vitest'
import { createLog } from '#gateway/log.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createAgreementRegister } from './agreement-register.ts'
import { createExpiry, endOf } from './expiry.ts'

const day = 24 * 60 * 60_000
const { now } = createClock()

describe('the end of an agreement', () => {
  it.each([
    [60 * day + 1, undefined],
    [60 * day, { days: 60, message: 'ends within 60 days' }],
    [30 * day + 1, { days: 31, message: 'ends within 60 days' }],
    [30 * day, { days: 30, message: 'ends within 30 days' }],
    [7 * day + 1, { days: 8, message: 'ends within 30 days' }],
    [7 * day, { days: 7, message: 'ends within 7 days' }],
    [1, { days: 1, message: 'ends within 7 days' }],
    [0, { days: 0, message: 'has ended' }],
    [-400 * day, { days: 0, message: 'has ended' }],
  ])('%d milliseconds ahead: %j', (ahead, said) => {
    expect(endOf(agreement({ validUntil: now() + ahead }), now())).toEqual(said)
  })
})

it('is told once a day, by id and member', () => {
  const clock = createClock() // nine in the morning
  const lines: string[] = []
  const register = createAgreementRegister([
    agreement({ id: 'soon', validUntil: clock.now() + 20 * day }),
    agreement({ id: 'late', validUntil: clock.now() + 90 * day }),
  ])
  const log = createLog({ write: line => lines.push(line) })
  const expiry = createExpiry(register, 'Asia/Jakarta', { log, now: clock.now })
  expiry.tell()
  for (let hour = 0; hour < 14; hour++) {
    clock.leap(60 * 60_000)
    expiry.tellDaily()
  }
  expect(lines.map(line => JSON.parse(line) as object)).toMatchObject([
    { agreement: 'soon', member: 'front-office', days: 20, msg: 'an agreement ends within 30 days' },
  ])
  clock.leap(60 * 60_000) // midnight
  expiry.tellDaily()
  expiry.tellDaily()
  expect(lines).toHaveLength(2)
})

it('is told to anybody as a number, without names', () => {
  const clock = createClock()
  const endingIn = (...days: number[]) =>
    days.map((ahead, index) => agreement({ id: `pks-${index}`, validUntil: clock.now() + ahead * day }))
  const warningsOf = (...days: number[]) =>
    createExpiry(createAgreementRegister(endingIn(...days)), 'Asia/Jakarta', {
      log: createLog({ write: () => {} }),
      now: clock.now,
    }).warnings()
  expect(warningsOf(31, 400)).toEqual([])
  expect(warningsOf(30)).toEqual(['1 agreement ends within 30 days'])
  expect(warningsOf(-1)).toEqual(['1 agreement has ended'])
  expect(warningsOf(0, 1, -9, 7, 30, 31)).toEqual([
    '2 agreements have ended',
    '3 agreements end within 30 days',
  ])
})
