import { hash } from 'node:crypto'
import { expect, it } from 'vitest'
import { as, memberOf, startHouse } from '#gateway/testing/house.ts'

const another = 'mpp_test_another_key_of_the_front-office'
const frontOffice = memberOf('front-office', ['member'])
const limited = {
  ...frontOffice,
  rateLimit: { requests: 3, seconds: 60 },
  keys: [...frontOffice.keys, { ...frontOffice.keys[0]!, id: 'another', sha256: hash('sha256', another) }],
}
const settings = { members: [limited, memberOf('health-desk', ['member'])] }

it('tells every known caller where it stands, and refuses what is too much until it has waited', async () => {
  await using house = await startHouse({ settings })
  const first = await house.get('/health/upstreams')
  expect(first.headers.get('ratelimit-policy')).toBe('"default";q=3;w=60')
  expect(first.headers.get('ratelimit')).toBe('"default";r=2;t=20')

  // a failure counts and tells as an answer does, and another key of the same member is no way around
  const failed = await house.get('/health/upstreams/nobody', { authorization: `Bearer ${another}` })
  expect(failed.status).toBe(404)
  expect(failed.headers.get('ratelimit')).toBe('"default";r=1;t=40')
  expect((await house.get('/v1/me/rights')).headers.get('ratelimit')).toBe('"default";r=0;t=60')

  const { status, headers, body } = await house.get('/health/upstreams')
  expect(status).toBe(429)
  expect(headers.get('retry-after')).toBe('20')
  expect(headers.get('ratelimit')).toBe('"default";r=0;t=60')
  expect(body).toMatchObject({ code: 'RATE_LIMITED', sent: 'no', retryAfter: 20, auditId: null })

  expect((await house.get('/health/upstreams', as('health-desk'))).status).toBe(200)
  house.clock.leap(20_000)
  expect((await house.get('/health/upstreams')).status).toBe(200)
})

it('tells strangers nothing', async () => {
  await using house = await startHouse({ settings })
  for (let count = 0; count < 5; count += 1) {
    const { status, headers } = await house.get('/metrics', {})
    expect(status).toBe(401)
    expect(headers.get('ratelimit')).toBeNull()
  }
})

it('asks no agency beyond it', async () => {
  await using house = await startHouse({ settings })
  const nik = '9999011501900001'
  const caseId = await house.openCase({ members: [] })
  const statuses = []
  for (let count = 0; count < 4; count += 1)
    statuses.push((await house.ask('/v1/residents/lookup', { nik }, { 'mpp-case': caseId })).status)
  expect(statuses).toEqual([200, 200, 429, 429])
  expect(house.dukcapil.calls).toEqual({ lookup: 2 })
})
