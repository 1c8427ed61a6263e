import { expect, it } from 'vitest'
import { startHouse } from '#gateway/testing/house.ts'

it.each([
  ['Asia/Jakarta', '2026-09-21T16:59:59Z', '2026-09-21T17:00:00Z'],
  ['Asia/Jayapura', '2026-09-21T14:59:59Z', '2026-09-21T15:00:00Z'],
])('a birth tomorrow is refused, until it is that day in the mall: %s', async (timeZone, before, after) => {
  await using house = await startHouse({
    settings: { mall: { name: 'Mal Contoh', timeZone, dayEnds: '24:00' } },
  })
  const match = async () =>
    house.ask(
      '/v1/residents/match',
      { nik: '9999011501900001', birthDate: '2026-09-22' },
      { 'mpp-case': await house.openCase() },
    )
  house.clock.leap(Date.parse(before) - house.clock.now())
  expect((await match()).body).toMatchObject({
    code: 'INPUT_INVALID',
    sent: 'no',
    errors: [{ pointer: '/birthDate', detail: 'lies in the future' }],
  })
  expect(house.dukcapil.calls).toEqual({})
  house.clock.leap(Date.parse(after) - house.clock.now())
  expect((await match()).body).not.toMatchObject({ code: 'INPUT_INVALID' })
})
