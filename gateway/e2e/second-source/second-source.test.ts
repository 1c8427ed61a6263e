/** Two agencies know the same people: the registry, and the police's proxy of it, under an agreement of its own. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, dukcapilConfig, type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import polriAdapter from '../../../adapters/polri/adapter.ts'
import { credentials, startPolri } from '../../../mocks/polri/server.ts'

const nik = '9999011501900001'
const nobody = '9999011501909999'

/** The registry grants more than the police do. */
const registry = agreement()
const police = agreement({
  upstream: 'polri',
  grants: { 'resident.lookup': { 'skck.new': ['/nik', '/fullName', '/birthDate'] } },
})
const routes = [{ capability: 'resident.lookup', upstreams: ['dukcapil', 'polri'] }]

async function startBoth(options: HouseOptions = {}) {
  const polri = await startPolri()
  onTestFinished(() => polri.close())
  const house = await startHouse({
    agreements: [registry, police],
    routes,
    upstreams: [
      { id: 'dukcapil', policy: { retries: 0, deadlineMs: 1_000 } },
      { id: 'polri', adapter: polriAdapter, baseUrl: polri.url, config: credentials },
    ],
    ...options,
  })
  onTestFinished(() => house.close())
  return { house, polri }
}

const lookup = (house: House, input: object = { nik }, headers = {}) =>
  house.ask('/v1/residents/lookup', input, headers)

describe('while the registry answers', () => {
  it('nobody asks the police', async () => {
    const { house, polri } = await startBoth()
    const { body } = await lookup(house)
    expect(body.provenance?.['']).toMatchObject({ source: 'dukcapil', mode: 'live' })
    expect(body.sources).toMatchObject([{ id: 'dukcapil', state: 'ok' }])
    expect(polri.calls).toEqual({})
  })

  it('its "not found" is the answer: the police are never asked', async () => {
    const { house, polri } = await startBoth()
    const { status, body } = await lookup(house, { nik: nobody })
    expect(status).toBe(404)
    expect(body).toMatchObject({ code: 'NOT_FOUND', source: 'dukcapil', sent: 'yes' })
    expect(polri.calls).toEqual({})
  })
})

describe('while the registry cannot be asked', () => {
  it.each([
    ['reset', 'UPSTREAM_UNAVAILABLE', 'maybe'],
    ['500', 'UPSTREAM_UNAVAILABLE', 'yes'],
    ['html', 'UPSTREAM_UNREADABLE', 'yes'],
    ['hang', 'UPSTREAM_TIMEOUT', 'maybe'],
    ['quota-gone', 'UPSTREAM_QUOTA_SPENT', 'yes'],
    ['wrong-password', 'UPSTREAM_MISCONFIGURED', 'yes'],
  ])(
    '(%s) the police answer, under their own agreement, and the answer says so',
    async (weather, state, sent) => {
      const { house } = await startBoth()
      house.dukcapil.setWeather(weather)
      const { status, body } = await lookup(house)
      expect(status).toBe(200)
      expect(body.data).toEqual({ nik, fullName: 'WARGA CONTOH SATU', birthDate: '1990-01-15' })
      expect(body.provenance?.['']).toMatchObject({ source: 'polri', mode: 'live' })
      expect(body.sources).toMatchObject([
        { id: 'dukcapil', state, sent },
        { id: 'polri', state: 'ok', sent: 'yes' },
      ])
      expect(body.withheld).toContain('/motherName')
      const [row] = await house.store.readLedger(0, 1)
      expect(JSON.parse(row!.content!)).toMatchObject({
        upstream: 'polri',
        agreement: 'pks-front-office-polri',
        asked: [
          { id: 'dukcapil', state, sent },
          { id: 'polri', state: 'ok', sent: 'yes' },
        ],
      })
    },
  )

  it('an element that the police may not show is not asked of them', async () => {
    const { house, polri } = await startBoth()
    house.dukcapil.setWeather('reset')
    const { body } = await lookup(house, { nik }, { 'mpp-elements': '/motherName' })
    expect(body).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', source: 'dukcapil' })
    expect(polri.calls).toEqual({})
  })

  it('a member without an agreement with the police does not get their answer', async () => {
    const { house, polri } = await startBoth({
      agreements: [registry, police, agreement({ member: 'health-desk' })],
    })
    house.dukcapil.setWeather('reset')
    const { body } = await lookup(house, { nik }, as('health-desk'))
    expect(body).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', source: 'dukcapil' })
    expect(polri.calls).toEqual({})
  })

  it('the police\'s "not found" is an answer too', async () => {
    const { house } = await startBoth()
    house.dukcapil.setWeather('reset')
    const { body } = await lookup(house, { nik: nobody })
    expect(body).toMatchObject({ code: 'NOT_FOUND', source: 'polri', sent: 'yes' })
  })

  it('and neither the police: the last word is theirs, with both in the sources', async () => {
    const { house, polri } = await startBoth()
    house.dukcapil.setWeather('reset')
    polri.setWeather('500')
    const { body } = await lookup(house)
    expect(body).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', source: 'polri' })
    expect(body.sources).toMatchObject([{ id: 'dukcapil' }, { id: 'polri' }])
  })
})

describe('an old answer', () => {
  const reuse = { scope: 'case', timeToLiveMs: 1_000, staleMs: 3_600_000 } as const
  const agreements = [agreement({ reuse }), police]

  it('gives way to what the police know today', async () => {
    const { house } = await startBoth({ agreements })
    await lookup(house)
    house.clock.leap(60_000)
    house.dukcapil.setWeather('reset')
    expect((await lookup(house)).body.provenance?.['']).toMatchObject({ source: 'polri', mode: 'live' })
  })

  it('is shown, as old, when nobody can be asked', async () => {
    const { house, polri } = await startBoth({ agreements })
    await lookup(house)
    house.clock.leap(60_000)
    house.dukcapil.setWeather('reset')
    polri.setWeather('reset')
    const { body } = await lookup(house)
    expect(body.provenance?.['']).toMatchObject({ source: 'dukcapil', mode: 'stale', ageMs: 60_000 })
    expect(body.data).toHaveProperty('motherName')
  })
})

describe('two upstreams of one adapter', () => {
  it('have credentials, a quota and a circuit of their own; rules say who goes where', async () => {
    const central = { ...dukcapilConfig, institution: 'DISKOMINFO' }
    await using house = await startHouse({
      upstreams: [
        { id: 'dukcapil', config: central },
        { id: 'health', config: { ...central, password: 'sandi-yang-salah' } },
      ],
      routes: [
        { capability: 'resident.lookup', members: ['health-desk'], upstreams: ['health'] },
        { capability: 'resident.lookup', upstreams: ['dukcapil'] },
      ],
      agreements: [agreement(), agreement({ member: 'health-desk', upstream: 'health' })],
    })
    expect((await lookup(house, { nik }, as('health-desk'))).body).toMatchObject({
      code: 'UPSTREAM_MISCONFIGURED',
      source: 'health',
    })
    expect((await lookup(house)).body.provenance?.['']).toMatchObject({ source: 'dukcapil' })
    const { upstreams } = (await house.get('/health/upstreams')).body as unknown as {
      upstreams: readonly { id: string; state: string }[]
    }
    expect(upstreams.map(({ id, state }) => [id, state])).toEqual([
      ['dukcapil', 'ok'],
      ['health', 'held'],
    ])
  })

  it('a purpose can have a source of its own', async () => {
    await using house = await startHouse({
      upstreams: [{ id: 'dukcapil' }, { id: 'region' }],
      routes: [
        { capability: 'resident.lookup', purposes: ['skck.renewal'], upstreams: ['region'] },
        { capability: 'resident.lookup', upstreams: ['dukcapil'] },
      ],
      agreements: [agreement(), agreement({ upstream: 'region' })],
    })
    const sourceFor = async (purpose: string) =>
      (await lookup(house, { nik }, { 'mpp-purpose': purpose })).body.provenance?.['']?.source
    expect(await sourceFor('skck.new')).toBe('dukcapil')
    expect(await sourceFor('skck.renewal')).toBe('region')
  })
})
