/** What an operator sees of agencies: what is so now, and how old each figure is. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { upstreamHealthSchema } from '#gateway/openapi/schemas.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'
import { page, startScriptedAgency } from '#gateway/testing/scripted-agency.ts'
import type { z } from 'zod'

type Health = z.infer<typeof upstreamHealthSchema>

const nik = '9999011501900001'
const minute = 60_000
const hour = 60 * minute
const probing = { idleMs: 40, lookEveryMs: 10 }

const health = async (house: House) =>
  (await house.get('/health/upstreams/dukcapil')).body as unknown as Health & { lastHour: object[] }
const ask = (house: House) => house.ask('/v1/residents/lookup', { nik })

it('after a night without traffic knows nothing, and that the agency can be reached', async () => {
  await using house = await startHouse({ probing })
  await ask(house)
  const { lookup } = house.dukcapil.calls
  house.clock.leap(14 * hour)
  await expect
    .poll(async () => (await health(house)).reachable)
    .toMatchObject({
      value: true,
      at: '2026-09-21T16:00:00.000Z',
      step: 'tcp',
      reason: null,
    })
  expect(await health(house)).toMatchObject({
    status: 'pass',
    state: 'unknown',
    attempts: 0,
    faultShare: null,
    latencyMs: null,
    lastSuccess: { at: '2026-09-21T02:00:00.000Z', ageMs: 14 * hour },
  })
  expect(house.dukcapil.calls).toEqual({ lookup })
})

it('sees before the first citizen that an agency cannot be reached', async () => {
  const baseUrl = `http://127.0.0.1:${await closedPort()}`
  await using house = await startHouse({ probing, upstreams: [{ baseUrl }] })
  await expect
    .poll(async () => (await health(house)).reachable)
    .toMatchObject({
      value: false,
      step: 'tcp',
      reason: 'ECONNREFUSED',
    })
  expect(await health(house)).toMatchObject({ status: 'fail', state: 'unknown', attempts: 0 })
})

it('reaches an agency without a byte of HTTP', async () => {
  const received: Buffer[] = []
  let connections = 0
  const agency = createServer(socket => {
    connections += 1
    socket.on('data', (bytes: Buffer) => received.push(bytes)).on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(agency, 'listening')
  onTestFinished(() => void agency.close())
  const baseUrl = `http://127.0.0.1:${(agency.address() as AddressInfo).port}`
  await using house = await startHouse({ probing, upstreams: [{ baseUrl }] })
  await expect.poll(() => connections).toBeGreaterThan(3)
  expect((await health(house)).reachable).toMatchObject({ value: true })
  expect(received).toEqual([])
})

it('leaves alone an agency that is being asked', async () => {
  await using house = await startHouse({ probing: { ...probing, idleMs: 1_000 } })
  await ask(house) // the clock stands still: from here on it was asked just now
  const before = (await health(house)).reachable?.at // on a slow machine it was tried before it was asked
  house.clock.leap(500)
  await new Promise(resolve => setTimeout(resolve, 2_000))
  expect((await health(house)).reachable?.at).toBe(before)
})

it('tells that an agency is gone at once, and that it is back', async () => {
  await using house = await startHouse({ upstreams: [{ policy: { retries: 0 } }] })
  for (let question = 0; question < 30; question++) await ask(house)
  expect(await health(house)).toMatchObject({ status: 'pass', state: 'ok' })

  house.clock.leap(2 * minute)
  house.dukcapil.setWeather('html')
  for (let question = 0; question < 3; question++) await ask(house)
  expect(await health(house)).toMatchObject({
    status: 'fail',
    state: 'down',
    since: { at: '2026-09-21T02:02:00.000Z', ageMs: 0 },
    attempts: 33,
    faults: 3,
    faultShare: 0.091,
    outcomes: { ok: 30, UPSTREAM_UNREADABLE: 3 },
    lastFailure: { code: 'UPSTREAM_UNREADABLE', ageMs: 0 },
  })

  house.dukcapil.clearWeather()
  house.clock.leap(minute + 10_000)
  for (let question = 0; question < 5; question++) await ask(house)
  expect(await health(house)).toMatchObject({
    status: 'pass',
    state: 'ok',
    lastFailure: { code: 'UPSTREAM_UNREADABLE', ageMs: minute + 10_000 },
  })
})

it('shows a slow agency in its percentiles, and calls it degraded', async () => {
  await using house = await startHouse({ upstreams: [{ policy: { deadlineMs: 6_000 } }] })
  house.dukcapil.setWeather('slow=3100')
  await ask(house)
  const { status, state, latencyMs, faults } = await health(house)
  expect({ status, state, faults }).toEqual({ status: 'warn', state: 'degraded', faults: 0 })
  expect(latencyMs!.p50).toBeGreaterThanOrEqual(3_000)
})

it('tells a capability that fails from one that answers', async () => {
  await using agency = await startScriptedAgency()
  const grants = {
    'resident.lookup': { 'skck.new': ['/nik', '/fullName'] },
    'resident.match': { 'skck.new': ['/nik', '/fullName'] },
  }
  await using house = await startHouse({
    agreements: [agreement({ grants })],
    upstreams: [{ baseUrl: agency.url, policy: { retries: 0 } }],
  })
  agency.says(page({ NIK: nik, NAMA_LGKP: 'WARGA CONTOH SATU' }))
  for (let question = 0; question < 3; question++) await ask(house)
  agency.says({ body: '<html>' })
  for (let question = 0; question < 4; question++)
    await house.ask('/v1/residents/match', { nik, fullName: 'WARGA CONTOH SATU' })
  agency.says(page({ NIK: nik, NAMA_LGKP: 'WARGA CONTOH SATU' }))
  await ask(house)
  const { status, state, capabilities } = await health(house)
  expect({ status, state }).toEqual({ status: 'warn', state: 'degraded' })
  const byId = Object.fromEntries(capabilities.map(capability => [capability.id, capability]))
  expect(byId['resident.lookup']).toMatchObject({ state: 'ok', attempts: 4, faults: 0, lastFailure: null })
  expect(byId['resident.match']).toMatchObject({
    state: 'down',
    attempts: 4,
    outcomes: { UPSTREAM_UNREADABLE: 4 },
    lastSuccess: null,
  })
  expect(byId['family.lookup']).toMatchObject({ state: 'unknown', attempts: 0, lastAttempt: null })
})

it('shows every figure growing old, and none frozen', async () => {
  await using house = await startHouse()
  await ask(house)
  house.clock.leap(4 * minute)
  const age = { ageMs: 4 * minute }
  expect(await health(house)).toMatchObject({
    state: 'ok',
    lastAttempt: age,
    lastSuccess: age,
    quotaLeft: age,
    circuit: 'closed',
    circuitSince: age,
    capabilities: expect.arrayContaining([
      expect.objectContaining({ id: 'resident.lookup', lastAttempt: expect.objectContaining(age) }),
    ]),
  })
  house.clock.leap(minute + 10_000)
  expect(await health(house)).toMatchObject({ status: 'warn', state: 'unknown', since: { ageMs: 0 } })
})

it('shows the last hour by minute', async () => {
  await using house = await startHouse()
  await ask(house)
  house.clock.leap(30 * minute)
  house.dukcapil.setWeather('html', { calls: 1 })
  await ask(house)
  const { lastHour } = await health(house)
  expect(lastHour).toHaveLength(60)
  expect(lastHour[29]).toMatchObject({ at: '2026-09-21T02:00:00.000Z', attempts: 1, faults: 0 })
  expect(lastHour[59]).toMatchObject({ at: '2026-09-21T02:30:00.000Z', faults: 1 })
  expect(lastHour[58]).toMatchObject({ attempts: 0, latencyMs: null })
})

it('stays ready and says so with every agency down', async () => {
  await using house = await startHouse({
    upstreams: [{ policy: { retries: 0 } }, { id: 'other' }],
    routes: [{ capability: 'resident.lookup', upstreams: ['dukcapil'] }],
  })
  house.dukcapil.setWeather('html')
  for (let question = 0; question < 3; question++) await ask(house)
  const live = await house.get('/health/live', {})
  const ready = await house.get('/health/ready', {})
  const all = await house.get('/health/upstreams')
  for (const { status, headers } of [live, ready, all]) {
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/health+json')
    expect(headers.get('cache-control')).toBe('no-store')
  }
  expect(live.body).toEqual({ status: 'pass' })
  expect(ready.body).toEqual({
    status: 'warn',
    state: 'ready',
    warnings: ['on trial: this gateway asks about synthetic people only'],
  })
  expect(all.body).toMatchObject({
    status: 'warn', // of the other, nobody knows
    upstreams: [
      { id: 'dukcapil', status: 'fail', state: 'down' },
      { id: 'other', status: 'warn', state: 'unknown' },
    ],
  })
})

it('names gateways to whoever oversees, and to no counter', async () => {
  await using house = await startHouse()
  await ask(house)
  expect(await health(house)).toMatchObject({
    everywhere: { gateways: 1, silent: 0, attempts: 1, faults: 0, faultShare: 0, differ: false },
  })
  expect(await health(house)).not.toHaveProperty('gateways')
  for (const overseer of ['operations', 'inspection', 'monitoring'] as const)
    expect((await house.get('/health/upstreams/dukcapil', as(overseer))).body).toMatchObject({
      gateways: [
        {
          gateway: expect.stringMatching(/-[0-9a-f]{4}$/),
          ageMs: 0,
          isSilent: false,
          state: 'ok',
          attempts: 1,
        },
      ],
    })
})

it('calls an agency down within seconds of its last good answer, whatever is asked of it then', async () => {
  await using house = await startHouse()
  expect((await ask(house)).status).toBe(200)
  house.dukcapil.setWeather('500')
  house.clock.leap(1_000)
  for (const fullName of ['WARGA CONTOH SATU', 'WARGA CONTOH DUA'])
    expect((await house.ask('/v1/residents/match', { nik, fullName })).status).toBe(502)
  expect(await health(house)).toMatchObject({ status: 'fail', state: 'down' })
  house.dukcapil.clearWeather()
  expect((await ask(house)).status).toBe(200)
  expect((await health(house)).state).toBe('degraded') // a tenth of the last minute failed
})
