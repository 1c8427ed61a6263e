/** What everyone may know about a business needs neither context nor agreement; everything else about it does. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { businessLookup } from '#contracts/business.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import ossAdapter from '../../../adapters/oss/adapter.ts'
import { credentials, startOss } from '../../../mocks/oss/server.ts'

const nib = '9999900000001'
const ownersNpwp = '9999014611830045' // a NIK: business 9999900000002 is a sole trader's

/** Nothing is said of where, who and why. */
const bare = {
  'mpp-case': undefined,
  'mpp-purpose': undefined,
  'mpp-counter': undefined,
  'mpp-officer': undefined,
}
const pks = agreement({
  upstream: 'oss',
  grants: { 'business.lookup': { 'skck.new': ['/npwp', '/responsiblePersons'] } },
})

async function startWithOss(options: HouseOptions = {}) {
  const oss = await startOss()
  onTestFinished(() => oss.close())
  const house = await startHouse({
    agreements: [pks],
    upstreams: [
      {
        id: 'oss',
        adapter: ossAdapter,
        baseUrl: oss.url,
        config: { userKey: credentials.user_key },
        policy: { retries: 0 },
      },
    ],
    ...options,
  })
  onTestFinished(() => house.close())
  return { house, oss }
}

const ledgerOf = ({ store }: House) => store.readLedger(0, 100)
const publicPaths = [...businessLookup.elements]
  .filter(([, { dataClass }]) => dataClass === 'public')
  .map(([path]) => path)
const personalTexts = /RUTH CONTOH|9999014611830045|JL |@/
const personalKeys = /"(npwp|capital|responsiblePersons|address)"/

describe('without context', () => {
  it.each([
    ['GET', (house: House) => house.get(`/v1/businesses/${nib}`)],
    ['POST', (house: House) => house.ask('/v1/businesses/lookup', { nib }, bare)],
  ])(
    '%s by NIB: what is public comes back, the rest is named, and the ledger has nothing to tell',
    async (_, ask) => {
      const { house } = await startWithOss()
      const { status, body, text } = await ask(house)
      expect(status).toBe(200)
      expect(body.data).toMatchObject({ nib, name: 'USAHA CONTOH', status: { code: 'active' } })
      expect(text).not.toMatch(personalTexts)
      expect(text).not.toMatch(personalKeys)
      expect(body.withheld).toContain('/npwp')
      expect(body.withheld).toContain('/responsiblePersons/*/name')
      expect(body.withheld?.filter(path => publicPaths.includes(path))).toEqual([])
      expect(body.auditId).toBeNull()
      expect(await ledgerOf(house)).toEqual([])
    },
  )

  it('the status alone, and how it changes', async () => {
    const { house, oss } = await startWithOss()
    const check = async () => (await house.get(`/v1/businesses/${nib}/status`)).body.data
    expect(await check()).toEqual({ nib, name: 'USAHA CONTOH', status: { code: 'active', text: 'Aktif' } })
    oss.setStatus(nib, '05')
    expect(await check()).toMatchObject({ status: { code: 'suspended' } })
  })

  it('a caller must be known all the same', async () => {
    const { house } = await startWithOss()
    expect((await house.get(`/v1/businesses/${nib}`, {})).body.code).toBe('UNAUTHENTICATED')
  })

  it.each([
    ['by NPWP, which may be a NIK', { npwp: ownersNpwp }, {}],
    ['for a personal element by name', { nib }, { 'mpp-elements': '/npwp' }],
  ])('a question %s is refused: it names what is missing, and nothing is sent', async (_, input, headers) => {
    const { house, oss } = await startWithOss()
    const { status, body } = await house.ask('/v1/businesses/lookup', input, { ...bare, ...headers })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'CONTEXT_MISSING', sent: 'no' })
    expect(body.errors?.map(({ header }) => header)).toEqual([
      'Mpp-Purpose',
      'Mpp-Counter',
      'Mpp-Officer',
      'Mpp-Case',
    ])
    expect(oss.calls).toEqual({})
  })

  it('one context header makes it a personal question, and then all are due', async () => {
    const { house } = await startWithOss()
    const headers = { ...bare, 'mpp-purpose': 'skck.new' }
    expect((await house.ask('/v1/businesses/lookup', { nib }, headers)).body.code).toBe('CONTEXT_MISSING')
  })

  it.each([
    ['GET', '/v1/businesses/99999', '/nib', 'NIB has 13 digits'],
    ['POST', { nib: '99999000000O1' }, '/nib', 'NIB has 13 digits'],
    ['POST', { npwp: '123' }, '/npwp', 'NPWP has 15 or 16 digits; 16 are a NIK, or 0 and the old form'],
  ])('%s %j: the field is named', async (_, question, pointer, detail) => {
    const { house, oss } = await startWithOss()
    const { status, body } =
      typeof question === 'string'
        ? await house.get(question)
        : await house.ask('/v1/businesses/lookup', question)
    expect(status).toBe(422)
    expect(body.errors).toEqual([{ pointer, detail }])
    expect(oss.calls).toEqual({})
  })

  it('a query parameter is not overlooked', async () => {
    const { house, oss } = await startWithOss()
    const { body } = await house.get(`/v1/businesses/${nib}?npwp=${ownersNpwp}`)
    expect(body).toMatchObject({ code: 'INPUT_INVALID', errors: [{ parameter: 'npwp' }] })
    expect(oss.calls).toEqual({})
  })

  it('"not found" and "could not ask" never look alike', async () => {
    const { house, oss } = await startWithOss()
    const ask = async () => (await house.get('/v1/businesses/9999900000009')).body
    expect(await ask()).toMatchObject({ status: 404, code: 'NOT_FOUND', source: 'oss', sent: 'yes' })
    oss.setWeather('reset')
    expect(await ask()).toMatchObject({
      status: 502,
      code: 'UPSTREAM_UNAVAILABLE',
      sent: 'maybe',
      auditId: null,
    })
    expect(await ledgerOf(house)).toEqual([])
  })

  it('goes on while no evidence can be kept', async () => {
    const wrapStore = (store: Store): Store => ({
      ...store,
      appendLedger: () => Promise.reject(new StoreUnavailable('disk full')),
    })
    const { house } = await startWithOss({ wrapStore })
    expect((await house.get(`/v1/businesses/${nib}`)).status).toBe(200)
    expect((await house.ask('/v1/businesses/lookup', { nib })).body.code).toBe('STORE_UNAVAILABLE')
  })
})

describe('with context', () => {
  it('the agreement adds what it grants, and there is evidence of it, by person', async () => {
    const { house } = await startWithOss()
    const { body } = await house.ask('/v1/businesses/lookup', { npwp: ownersNpwp })
    expect(body.data).toMatchObject({
      nib: '9999900000002',
      npwp: ownersNpwp,
      responsiblePersons: [{ name: 'RUTH CONTOH' }],
    })
    expect(body.withheld).toContain('/address/street')
    const [row] = await ledgerOf(house)
    const entry = JSON.parse(row!.content!) as { subjects: string[]; elements: string[] }
    expect(row!.id).toBe(body.auditId)
    expect(entry).toMatchObject({ outcome: 'released', agreement: 'pks-front-office-oss' })
    expect(entry.elements).toContain('/responsiblePersons/*/name')
    expect(entry.subjects.length).toBeGreaterThanOrEqual(2) // the business and its owner
    expect(row!.content).not.toMatch(personalTexts)
  })

  it('without an agreement there is still what is public; by NPWP there is not', async () => {
    const { house } = await startWithOss()
    const { body } = await house.ask('/v1/businesses/lookup', { nib }, as('health-desk'))
    expect(body.data).toMatchObject({ nib, name: 'USAHA CONTOH' })
    expect(body.data).not.toHaveProperty('npwp')
    const byNpwp = await house.ask('/v1/businesses/lookup', { npwp: ownersNpwp }, as('health-desk'))
    expect(byNpwp.body).toMatchObject({ code: 'NOT_GRANTED', reason: 'AGREEMENT_MISSING', sent: 'no' })
  })
})

describe('a reference table', () => {
  const table = '/v1/reference-tables/nib-statuses'

  it('is asked for once a day, for everybody', async () => {
    const { house, oss } = await startWithOss()
    const first = await house.get(table)
    expect(first.body.data).toMatchObject({
      rows: expect.arrayContaining([{ code: '01', name: 'Aktif', note: null }]),
    })
    expect((await house.get(table, as('health-desk'))).body.provenance?.['']?.mode).toBe('cached')
    house.clock.leap(24 * 3_600_000)
    expect((await house.get(table)).body.provenance?.['']?.mode).toBe('live')
    expect(oss.calls).toEqual({ getDataReferensi: 2 })
  })

  it('stands in for a month when the agency fails, and says so', async () => {
    const { house, oss } = await startWithOss()
    await house.get(table)
    oss.setWeather('500')
    house.clock.leap(25 * 3_600_000)
    const { body } = await house.get(table)
    expect(body.provenance?.['']).toMatchObject({ mode: 'stale', ageMs: 25 * 3_600_000 })
    expect(body.sources).toMatchObject([{ id: 'oss', state: 'UPSTREAM_UNAVAILABLE' }])
  })

  it('that does not exist is refused, by field', async () => {
    const { house } = await startWithOss()
    expect((await house.get('/v1/reference-tables/horses')).body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ pointer: '/table' }],
    })
  })
})
