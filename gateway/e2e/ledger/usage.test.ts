import { expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

const usage = (house: House, month: string, headers = {}) =>
  house.get(`/v1/reports/usage?month=${month}`, { ...as('operations'), ...headers })

const lookup = (house: House, nik = '9999011501900001', headers = {}) =>
  house.ask('/v1/residents/lookup', { nik }, headers)

const line = {
  agreement: 'pks-front-office-dukcapil',
  member: 'front-office',
  purpose: 'skck.new',
  capability: 'resident.lookup',
  upstream: 'dukcapil',
  outcome: 'released',
  reason: null,
  mode: null,
}

it('tells how an agreement was used in a month: answers by where they came from, refusals by reason', async () => {
  const reuse = { scope: 'case', timeToLiveMs: 10_000, staleMs: 60_000 } as const
  await using house = await startHouse({
    agreements: [agreement({ reuse })],
    upstreams: [{ policy: { retries: 0 } }],
  })
  await lookup(house)
  await lookup(house)
  await lookup(house)
  await lookup(house, '9999011501909999')
  await lookup(house, undefined, { 'mpp-purpose': 'other' })
  house.clock.leap(20_000)
  house.dukcapil.setWeather('html')
  await lookup(house)

  const { status, body } = await usage(house, '2026-09')
  expect(status).toBe(200)
  expect(body).toEqual({
    month: '2026-09',
    timeZone: 'Asia/Jakarta',
    from: '2026-08-31T17:00:00.000Z',
    until: '2026-09-30T17:00:00.000Z',
    lines: expect.any(Array),
    destroyed: 0,
  })
  const { lines } = body as unknown as { lines: readonly { outcome: string }[] }
  expect(lines).toHaveLength(5)
  expect(lines).toEqual(
    expect.arrayContaining([
      { ...line, mode: 'live', count: 1 },
      { ...line, mode: 'cached', count: 2 },
      { ...line, mode: 'stale', count: 1 },
      { ...line, outcome: 'NOT_FOUND', count: 1 },
      {
        ...line,
        purpose: 'other',
        upstream: null,
        outcome: 'NOT_GRANTED',
        reason: 'PURPOSE_NOT_GRANTED',
        count: 1,
      },
    ]),
  )
})

it("begins and ends a month with the mall's day", async () => {
  await using house = await startHouse()
  house.clock.leap(Date.parse('2026-09-30T16:59:59Z') - house.clock.now())
  await lookup(house, undefined, { 'mpp-case': await house.openCase() })
  house.clock.leap(1_000)
  await lookup(house, undefined, { 'mpp-case': await house.openCase() })
  const counts = await Promise.all(
    ['2026-08', '2026-09', '2026-10', '2026-11'].map(async month => {
      const { lines } = (await usage(house, month)).body as unknown as { lines: readonly { count: number }[] }
      return lines.map(({ count }) => count)
    }),
  )
  expect(counts).toEqual([[], [1], [1], []])
})

it('comes as CSV, also for auditors', async () => {
  await using house = await startHouse()
  await lookup(house)
  const { text, headers } = await usage(house, '2026-09', { ...as('inspection'), accept: 'text/csv' })
  expect(headers.get('content-type')).toContain('text/csv')
  expect(text).toBe(
    'month,agreement,member,purpose,capability,upstream,outcome,reason,mode,count\r\n' +
      '2026-09,pks-front-office-dukcapil,front-office,skck.new,resident.lookup,dukcapil,released,,live,1\r\n',
  )
})

it.each(['', '2026', '2026-13', '2026-1', '2026-09&other=1'])('refuses the month %j', async month => {
  await using house = await startHouse()
  expect((await usage(house, month)).body.code).toBe('INPUT_INVALID')
})

it('is not for members', async () => {
  await using house = await startHouse()
  expect((await usage(house, '2026-09', as('front-office'))).body.code).toBe('NOT_GRANTED')
})
