import { describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { type House, startHouse } from '#gateway/testing/house.ts'
import { page, startScriptedAgency } from '#gateway/testing/scripted-agency.ts'

const notFound = { nik: '9999011501909999' }
/** Different people, so that no question is joined with another. */
const people = Array.from({ length: 20 }, (_, index) => ({ nik: `99990115019000${index + 11}` }))

const lookup = (house: House, input: object) => house.ask('/v1/residents/lookup', input)
const calls = (house: House) => house.dukcapil.calls['lookup'] ?? 0

/** Twelve faults, one after another. */
async function breakCircuit(house: House): Promise<void> {
  house.dukcapil.setWeather('html')
  for (const person of people.slice(0, 12)) await lookup(house, person)
}

async function halfOpen(house: House): Promise<void> {
  const health = async () => (await house.get('/health/upstreams/dukcapil')).body
  await expect.poll(health).toMatchObject({ circuit: 'half-open' })
}

describe('twelve faults', () => {
  it('open the circuit: the agency is left alone, and the caller learns for how long', async () => {
    await using house = await startHouse()
    await breakCircuit(house)
    const before = calls(house)
    expect(before).toBeLessThanOrEqual(12)
    const { status, headers, body } = await lookup(house, people[15]!)
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: 'CIRCUIT_OPEN', source: 'dukcapil', sent: 'no', retryAfter: 30 })
    expect(headers.get('retry-after')).toBe('30')
    expect(calls(house)).toBe(before)
    expect((await house.get('/health/upstreams/dukcapil')).body).toMatchObject({
      state: 'down',
      circuit: 'open',
    })
  })

  it('among three times as many good answers do not', async () => {
    await using house = await startHouse()
    for (let round = 0; round < 12; round++) {
      house.dukcapil.setWeather('html', { calls: 1 })
      for (const person of people.slice(0, 4)) await lookup(house, person)
    }
    expect((await lookup(house, people[0]!)).status).toBe(200)
  })
})

it('thirty times a business "no" does not open it', async () => {
  await using house = await startHouse()
  for (let question = 0; question < 30; question++)
    expect((await lookup(house, notFound)).body.code).toBe('NOT_FOUND')
  expect((await house.get('/health/upstreams/dukcapil')).body).toMatchObject({
    state: 'ok',
    circuit: 'closed',
  })
})

describe('after a while', () => {
  const upstreams = [{ policy: { breaker: { errorPercent: 50, minimumCalls: 10, openMs: 1_000 } } }]

  it('exactly one of many questions goes through as a trial, and its good answer closes the circuit', async () => {
    await using house = await startHouse({ upstreams })
    await breakCircuit(house)
    const before = calls(house)
    house.dukcapil.setWeather('slow=1000')
    await halfOpen(house)
    const replies = await Promise.all(people.map(person => lookup(house, person)))
    expect(calls(house)).toBe(before + 1)
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = replies.filter(({ status }) => status !== 200)
    // Nobody knows how long the trial takes.
    for (const { body } of refused)
      expect(body).toMatchObject({ code: 'CIRCUIT_OPEN', sent: 'no', retryAfter: null })
    house.dukcapil.clearWeather()
    const again = await Promise.all(people.map(person => lookup(house, person)))
    expect(again.map(({ status }) => status)).toEqual(people.map(() => 200))
  })

  it('a trial that fails opens it again', async () => {
    await using house = await startHouse({ upstreams })
    await breakCircuit(house)
    await halfOpen(house)
    expect((await lookup(house, people[0]!)).body.code).toBe('UPSTREAM_UNREADABLE')
    expect((await lookup(house, people[1]!)).body.code).toBe('CIRCUIT_OPEN')
  })

  it('a trial that gets a business "no" closes it', async () => {
    await using house = await startHouse({ upstreams })
    await breakCircuit(house)
    house.dukcapil.clearWeather()
    await halfOpen(house)
    expect((await lookup(house, notFound)).body.code).toBe('NOT_FOUND')
    expect((await lookup(house, people[0]!)).status).toBe(200)
  })
})

describe('while it is open, an answer from before', () => {
  const ttl = 10_000

  it('stands in where the agreement allows it, marked as stale with its age', async () => {
    const reuse = { scope: 'case', timeToLiveMs: ttl, staleMs: ttl } as const
    await using house = await startHouse({ agreements: [agreement({ reuse })] })
    const fresh = await lookup(house, people[15]!)
    house.clock.leap(ttl + 5_000)
    await breakCircuit(house)
    const { status, body } = await lookup(house, people[15]!)
    expect(status).toBe(200)
    expect(body.data).toEqual(fresh.body.data)
    expect(body.provenance).toEqual({
      '': { source: 'dukcapil', mode: 'stale', fetchedAt: '2026-09-21T02:00:00.000Z', ageMs: ttl + 5_000 },
    })
    expect(body.sources).toEqual([
      { id: 'dukcapil', state: 'CIRCUIT_OPEN', sent: 'no', ms: expect.any(Number) },
    ])

    house.clock.leap(5_000)
    expect((await lookup(house, people[15]!)).body.code).toBe('CIRCUIT_OPEN')
  })

  it('stays where it is when the agreement does not', async () => {
    const reuse = { scope: 'case', timeToLiveMs: ttl, staleMs: 0 } as const
    await using house = await startHouse({ agreements: [agreement({ reuse })] })
    await lookup(house, people[15]!)
    house.clock.leap(ttl)
    await breakCircuit(house)
    expect((await lookup(house, people[15]!)).body).toMatchObject({ code: 'CIRCUIT_OPEN', sent: 'no' })
  })
})

it('an answer from before never stands in for a business "no"', async () => {
  await using agency = await startScriptedAgency()
  const reuse = { scope: 'case', timeToLiveMs: 1_000, staleMs: 60_000 } as const
  await using house = await startHouse({
    agreements: [agreement({ reuse })],
    upstreams: [{ baseUrl: agency.url }],
  })
  const input = { nik: '9999011501900001' }
  agency.says(page({ NIK: input.nik, NAMA_LGKP: 'WARGA CONTOH SATU' }))
  expect((await lookup(house, input)).status).toBe(200)
  house.clock.leap(2_000)
  agency.says(page({ RESPON: 'Data Tidak Ditemukan' }))
  expect((await lookup(house, input)).body).toMatchObject({ code: 'NOT_FOUND', sent: 'yes' })
  agency.says({ status: 500, body: '' })
  expect((await lookup(house, input)).body.provenance?.['']).toMatchObject({ mode: 'stale', ageMs: 2_000 })
})
