import { expect, it } from 'vitest'
import { startHouse } from '#gateway/testing/house.ts'

const strangers = [
  ['no header', undefined],
  ['an empty one', ''],
  ['another scheme', 'Basic bXBwOm1wcA=='],
  ['a scheme without a key', 'Bearer'],
  ['a key too short', 'Bearer mpp'],
  ['a key that nobody has', 'Bearer mpp_test_key_of_the_front-desk'],
  ['two keys', 'Bearer mpp_test_key_of_the_front-office, Bearer mpp_test_key_of_the_health-desk'],
] as const

it('refuses every caller that it does not know, all in the same words', async () => {
  await using house = await startHouse()
  const refusals = new Set<string>()
  for (const [name, authorization] of strangers) {
    const { status, headers, body } = await house.ask(
      '/v1/residents/lookup',
      { nik: '9999011501900001' },
      { authorization },
    )
    expect(status, name).toBe(401)
    expect(headers.get('www-authenticate'), name).toBe('Bearer')
    refusals.add(JSON.stringify({ ...body, requestId: '' }))
  }
  expect([...refusals]).toEqual([expect.stringContaining('"code":"UNAUTHENTICATED"')])
  expect(house.dukcapil.calls).toEqual({})
})

it.each(['/v1/cases', '/v1/residents/lookup', '/health/upstreams', '/health/upstreams/dukcapil', '/metrics'])(
  'is closed to strangers: %s',
  async path => {
    await using house = await startHouse()
    const { status } = path.startsWith('/v1')
      ? await house.ask(path, {}, { authorization: undefined })
      : await house.get(path, {})
    expect(status).toBe(401)
  },
)
