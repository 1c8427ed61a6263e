import { expect, it } from 'vitest'
import { type House, startHouse } from '#gateway/testing/house.ts'

const input = { nik: '9999011501900001' }
const minute = 60_000

const health = async (house: House) => (await house.get('/health/upstreams/dukcapil')).body
const ask = async (house: House, times: number) => {
  for (let question = 0; question < times; question++) await house.ask('/v1/residents/lookup', input)
}

it('says what real traffic shows: unknown, ok, degraded, down, held', async () => {
  await using house = await startHouse({ upstreams: [{ policy: { retries: 0 } }] })
  expect(await health(house)).toMatchObject({
    state: 'unknown',
    circuit: 'closed',
    lastSuccess: null,
    latencyMs: null,
  })

  await ask(house, 4)
  expect(await health(house)).toMatchObject({
    state: 'ok',
    attempts: 4,
    faults: 0,
    lastSuccess: { at: '2026-09-21T02:00:00.000Z', ageMs: 0 },
    lastFailure: null,
    latencyMs: { p50: expect.any(Number) },
    quotaLeft: { value: expect.any(Number), ageMs: 0 },
  })

  house.dukcapil.setWeather('html', { calls: 1 })
  await ask(house, 1)
  expect(await health(house)).toMatchObject({
    state: 'degraded',
    lastFailure: { code: 'UPSTREAM_UNREADABLE' },
  })

  house.dukcapil.setWeather('html')
  await ask(house, 12)
  expect(await health(house)).toMatchObject({ state: 'down', circuit: 'open' })
})

it('ages: figures of ten minutes ago say nothing about now', async () => {
  await using house = await startHouse()
  await ask(house, 1)
  house.clock.leap(10 * minute)
  expect(await health(house)).toMatchObject({
    state: 'unknown',
    attempts: 0,
    lastSuccess: { at: '2026-09-21T02:00:00.000Z', ageMs: 10 * minute },
    latencyMs: null,
    quotaLeft: { ageMs: 10 * minute },
  })
})

it('says since when an upstream is held', async () => {
  await using house = await startHouse()
  house.dukcapil.setWeather('wrong-password')
  await ask(house, 1)
  house.clock.leap(minute / 2)
  expect(await health(house)).toMatchObject({
    state: 'held',
    heldSince: { at: '2026-09-21T02:00:00.000Z', ageMs: minute / 2 },
  })
})
