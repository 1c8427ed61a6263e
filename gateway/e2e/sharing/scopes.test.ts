import { describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type HeaderChanges, type House, startHouse } from '#gateway/testing/house.ts'

const input = { nik: '9999011501900001' }
const lookup = (house: House, headers?: HeaderChanges) => house.ask('/v1/residents/lookup', input, headers)
const modeOf = async (house: House, headers?: HeaderChanges) =>
  (await lookup(house, headers)).body.provenance?.[''].mode

describe('scope none', () => {
  it('keeps nothing, whatever time to live it names', async () => {
    const reuse = { scope: 'none', timeToLiveMs: 60_000, staleMs: 60_000 } as const
    await using house = await startHouse({ agreements: [agreement({ reuse })] })
    expect(await modeOf(house)).toBe('live')
    expect(await modeOf(house)).toBe('live')
    house.dukcapil.setWeather('html')
    expect((await lookup(house)).body.code).toBe('UPSTREAM_UNREADABLE')
  })
})

describe('scope case', () => {
  const reuse = { scope: 'case', timeToLiveMs: 60_000 } as const

  it('two members share one fetched answer, each sees its own elements, and each release has its own evidence', async () => {
    const agreements = [
      agreement({ reuse, grants: { 'resident.lookup': { 'skck.new': ['/nik', '/fullName', '/religion'] } } }),
      agreement({
        member: 'health-desk',
        reuse,
        grants: { 'resident.lookup': { 'health.card': ['/nik', '/bloodGroup'] } },
      }),
    ]
    await using house = await startHouse({ agreements })
    const front = await lookup(house)
    const desk = await lookup(house, { ...as('health-desk'), 'mpp-purpose': 'health.card' })
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
    expect(Object.keys(front.body.data ?? {})).toEqual(['nik', 'fullName', 'religion'])
    expect(Object.keys(desk.body.data ?? {})).toEqual(['nik', 'bloodGroup'])
    expect(desk.body.withheld).toEqual(expect.arrayContaining(['/fullName', '/religion']))
    expect(desk.body.provenance?.['']).toMatchObject({ mode: 'cached', source: 'dukcapil' })
    expect(desk.body.sources).toMatchObject([{ id: 'dukcapil', state: 'ok', sent: 'no' }])

    const rows = await house.store.readLedger(0, 10)
    const released = rows.map(({ id, content }) => ({
      id,
      ...(JSON.parse(content!) as Record<string, unknown>),
    }))
    expect(released).toMatchObject([
      {
        id: front.body.auditId,
        member: 'front-office',
        mode: 'live',
        elements: ['/nik', '/fullName', '/religion'],
      },
      { id: desk.body.auditId, member: 'health-desk', mode: 'cached', elements: ['/nik', '/bloodGroup'] },
    ])
  })

  it('a member without an agreement gets nothing of it', async () => {
    await using house = await startHouse({ agreements: [agreement({ reuse })] })
    await lookup(house)
    const { body, text } = await lookup(house, as('health-desk'))
    expect(body).toMatchObject({ code: 'NOT_GRANTED', reason: 'AGREEMENT_MISSING' })
    expect(text).not.toContain('WARGA CONTOH')
  })

  it('a member whose own agreement shares nothing asks for itself', async () => {
    await using house = await startHouse({
      agreements: [agreement({ reuse }), agreement({ member: 'health-desk' })],
    })
    expect(await modeOf(house)).toBe('live')
    expect(await modeOf(house, as('health-desk'))).toBe('live')
    expect(await modeOf(house)).toBe('cached')
  })

  it.each([
    ['of the reader', 60_000, 10_000],
    ['of the one who fetched it', 10_000, 60_000],
  ])('the shorter time to live wins: %s', async (_, fetched, read) => {
    const agreements = [
      agreement({ reuse: { scope: 'case', timeToLiveMs: fetched } }),
      agreement({ member: 'health-desk', reuse: { scope: 'case', timeToLiveMs: read } }),
    ]
    await using house = await startHouse({ agreements })
    await lookup(house)
    house.clock.leap(10_000 - 1)
    expect(await modeOf(house, as('health-desk'))).toBe('cached')
    house.clock.leap(1)
    expect(await modeOf(house, as('health-desk'))).toBe('live')
  })

  it('never reaches another case, even of the same member and person', async () => {
    await using house = await startHouse({ agreements: [agreement({ reuse })] })
    expect(await modeOf(house)).toBe('live')
    expect(await modeOf(house, { 'mpp-case': await house.openCase() })).toBe('live')
    expect(house.dukcapil.calls).toEqual({ lookup: 2 })
  })
})

describe('scope agreement', () => {
  const reuse = { scope: 'agreement', timeToLiveMs: 60_000 } as const

  it('reaches other cases of the same agreement and purpose, and nothing else', async () => {
    await using house = await startHouse({
      agreements: [agreement({ reuse }), agreement({ member: 'health-desk', reuse })],
    })
    expect(await modeOf(house)).toBe('live')
    expect(await modeOf(house, { 'mpp-case': await house.openCase() })).toBe('cached')
    expect(await modeOf(house, { 'mpp-purpose': 'skck.renewal' })).toBe('live')
    expect(await modeOf(house, as('health-desk'))).toBe('live')
    expect(house.dukcapil.calls).toEqual({ lookup: 3 })
  })
})

describe('what is kept', () => {
  it('is an answer, never a failure or a business "no"', async () => {
    const reuse = { scope: 'case', timeToLiveMs: 60_000, staleMs: 60_000 } as const
    await using house = await startHouse({
      agreements: [agreement({ reuse })],
      upstreams: [{ policy: { retries: 0 } }],
    })
    house.dukcapil.setWeather('500', { calls: 1 })
    expect((await lookup(house)).body.code).toBe('UPSTREAM_UNAVAILABLE')
    expect(await modeOf(house)).toBe('live')
    const nobody = { nik: '9999011501909999' }
    for (const _ of [1, 2])
      expect((await house.ask('/v1/residents/lookup', nobody)).body.code).toBe('NOT_FOUND')
    expect(house.dukcapil.calls).toEqual({ lookup: 4 })
  })

  it('serves the same person only: another NIK, capability or spelling of a form asks anew', async () => {
    const reuse = { scope: 'case', timeToLiveMs: 60_000 } as const
    await using house = await startHouse({ agreements: [agreement({ reuse })] })
    await lookup(house)
    const other = await house.ask('/v1/residents/lookup', { nik: '9999015203920003' })
    expect(other.body.data).toMatchObject({ nik: '9999015203920003', fullName: 'ISTRI CONTOH SATU' })
    await house.ask('/v1/residents/match', { ...input, fullName: 'WARGA CONTOH SATU' })
    await house.ask('/v1/residents/match', { fullName: 'WARGA CONTOH SATU', ...input }) // the same, in another order
    await house.ask('/v1/residents/match', { ...input, fullName: 'WARGA CONTOH DUA' })
    expect(house.dukcapil.calls).toEqual({ lookup: 2, verify: 2 })
  })
})
