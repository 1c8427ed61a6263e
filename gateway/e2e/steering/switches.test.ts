import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, dukcapilConfig, startHouse } from '#gateway/testing/house.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { acts, lookup, switchTo } from './operator.ts'

describe('an upstream that an operator holds', () => {
  it('is not asked, and the counter learns that it is held; let go, it answers again; both are on record', async () => {
    await using house = await startHouse()
    const held = await switchTo(house, 'held', 'salah data')
    expect(held.status).toBe(200)
    expect(held.body).toMatchObject({
      id: 'dukcapil',
      mode: 'held',
      switched: {
        at: expect.any(String),
        by: { member: 'operations', officer: 'o-90' },
        reason: 'salah data',
      },
    })

    const refused = await lookup(house, { 'accept-language': 'en' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBeNull()
    expect(refused.body).toMatchObject({
      code: 'HELD',
      reason: 'HELD_BY_OPERATOR',
      source: 'dukcapil',
      sent: 'no',
      retryAfter: null,
      detail: 'Operators hold the connection to this agency until further notice',
    })
    expect((await lookup(house)).body.detail).toBe(
      'Pengelola menahan sambungan ke instansi ini sampai pemberitahuan berikutnya',
    )
    expect(refused.text).not.toContain('salah data') // an operator's reason is not the counter's business
    expect(house.dukcapil.calls).toEqual({})
    expect((await house.get('/health/upstreams/dukcapil')).body).toMatchObject({ state: 'held' })

    await switchTo(house, 'normal', 'data sudah benar')
    expect((await lookup(house)).status).toBe(200)
    expect(await acts(house)).toMatchObject([
      {
        act: 'upstream.hold',
        upstream: 'dukcapil',
        reason: 'salah data',
        member: 'operations',
        officer: 'o-90',
      },
      { act: 'upstream.let-go', upstream: 'dukcapil', reason: 'data sudah benar' },
    ])
  })

  it('leaves the question to the next source', async () => {
    await using house = await startHouse({
      agreements: [agreement(), agreement({ id: 'second', upstream: 'mirror' })],
      upstreams: [{}, { id: 'mirror', config: dukcapilConfig }],
      routes: [{ capability: 'resident.lookup', upstreams: ['dukcapil', 'mirror'] }],
    })
    await switchTo(house, 'held')
    const { body } = await lookup(house)
    expect(body.sources).toMatchObject([
      { id: 'dukcapil', state: 'HELD', sent: 'no' },
      { id: 'mirror', state: 'ok' },
    ])
  })

  it('is held still after a restart', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'mpp-steering-'))
    onTestFinished(() => rmSync(dataFolder, { recursive: true }))
    {
      await using house = await startHouse({ dataFolder })
      await switchTo(house, 'held')
    }
    await using house = await startHouse({ dataFolder })
    expect((await lookup(house)).body.code).toBe('HELD')
    const { body } = await house.get('/v1/operator/upstreams', as('monitoring'))
    expect(body).toMatchObject({ upstreams: [{ id: 'dukcapil', mode: 'held' }] })
  })
})

describe('what is refused', () => {
  it.each([
    ['an act without a reason', { mode: 'held' }, '/reason'],
    ['an empty reason', { mode: 'held', reason: '  ' }, '/reason'],
    ['a reason with a number of somebody', { mode: 'held', reason: 'NIK 9999011501900001' }, '/reason'],
    ['a mode that there is not', { mode: 'off', reason: 'instansi meminta' }, '/mode'],
  ])('%s', async (_, input, pointer) => {
    await using house = await startHouse()
    const { status, body } = await house.ask('/v1/operator/upstreams/dukcapil/mode', input, {
      ...as('operations'),
      'mpp-case': undefined,
    })
    expect(status).toBe(422)
    expect(body.errors).toMatchObject([{ pointer }])
    expect(await acts(house)).toEqual([])
    expect((await lookup(house)).status).toBe(200)
  })

  it('an upstream that there is not: the known ones are named', async () => {
    await using house = await startHouse()
    const { status, body } = await switchTo(house, 'held', 'instansi meminta', 'dukcapil-2')
    expect(status).toBe(404)
    expect(body).toMatchObject({ code: 'ROUTE_UNKNOWN', detail: 'no such upstream: dukcapil' })
  })

  it('somebody who may only look, and somebody who does not say who they are', async () => {
    await using house = await startHouse()
    const hold = (headers: Record<string, string | undefined>) =>
      house.ask('/v1/operator/upstreams/dukcapil/mode', { mode: 'held', reason: 'coba saja' }, headers)
    for (const member of ['inspection', 'monitoring', 'front-office'] as const)
      expect((await hold(as(member))).body).toMatchObject({ code: 'NOT_GRANTED', reason: 'ROLE_MISSING' })
    expect((await hold({ ...as('operations'), 'mpp-officer': undefined })).body).toMatchObject({
      code: 'CONTEXT_MISSING',
      errors: [{ header: 'Mpp-Officer' }],
    })
    expect((await lookup(house)).status).toBe(200)
  })
})

it('only measured, an agency that fails is asked on, and the circuit is seen to be open', async () => {
  await using house = await startHouse({ upstreams: [{ policy: { retries: 0 } }] })
  await switchTo(house, 'measure-only')
  house.dukcapil.setWeather('500')
  for (let count = 0; count < 15; count += 1)
    expect((await lookup(house)).body.code).toBe('UPSTREAM_UNAVAILABLE')
  expect(house.dukcapil.calls).toEqual({ lookup: 15 })
  expect((await house.get('/health/upstreams/dukcapil')).body).toMatchObject({
    circuit: 'open',
    state: 'down',
  })
  house.dukcapil.clearWeather()
  expect((await lookup(house)).status).toBe(200)

  await switchTo(house, 'normal')
  expect((await lookup(house)).body.code).toBe('CIRCUIT_OPEN')
})

it('let go, an agency that refused our password is tried at once', async () => {
  await using house = await startHouse()
  house.dukcapil.setWeather('wrong-password')
  await lookup(house)
  house.dukcapil.clearWeather()
  house.clock.leap(1)
  expect((await lookup(house)).body.code).toBe('HELD')
  await switchTo(house, 'normal', 'sandi sudah diganti')
  expect((await lookup(house)).status).toBe(200)
})

await describeWithPostgres('of two gateways', postgres => {
  it('both hold what an operator holds at one of them, and both let go', async () => {
    const databaseUrl = postgres.newPlace()
    await using here = await startHouse({ databaseUrl })
    await using there = await startHouse({ databaseUrl })
    const becomes = (status: number) =>
      vi.waitFor(async () => expect((await lookup(there)).status).toBe(status), {
        timeout: 10_000,
        interval: 50,
      })
    await switchTo(here, 'held')
    await becomes(503)
    await switchTo(there, 'normal')
    await vi.waitFor(async () => expect((await lookup(here)).status).toBe(200), {
      timeout: 10_000,
      interval: 50,
    })
    await becomes(200)
  })
})
