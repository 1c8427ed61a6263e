import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { type House, startHouse } from '#gateway/testing/house.ts'

const nik = '9999011501900001'
const family = '9999010101200001'

let house: House
beforeAll(async () => {
  const grants = {
    'resident.lookup': { 'skck.new': ['/nik', '/fullName', '/religion', '/address'] },
    'resident.match': { 'skck.new': ['/nik', '/fullName', '/birthDate', '/address'] },
    'family.lookup': { 'skck.new': ['/familyCardNumber', '/members/*/nik', '/members/*/familyRelation'] },
  }
  house = await startHouse({ agreements: [agreement({ grants })] })
})
afterAll(() => house.close())

describe('lookup', () => {
  it('releases what the agreement grants, says where it came from, and names what it withholds', async () => {
    const { status, headers, body } = await house.ask('/v1/residents/lookup', { nik })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      provenance: {
        '': { source: 'dukcapil', mode: 'live', fetchedAt: '2026-09-21T02:00:00.000Z', ageMs: 0 },
      },
      sources: [{ id: 'dukcapil', state: 'ok', sent: 'yes', ms: expect.any(Number) }],
      warnings: [],
    })
    expect(body.data).toEqual({
      nik,
      fullName: 'WARGA CONTOH SATU',
      religion: { code: 'islam', text: 'ISLAM' },
      address: {
        street: 'JL CONTOH NO 1',
        neighbourhood: '001',
        communityUnit: '002',
        hamlet: null,
        postalCode: '99999',
        province: { code: '99', name: 'PROVINSI CONTOH' },
        regency: { code: '9901', name: 'KABUPATEN CONTOH' },
        district: { code: '990101', name: 'KECAMATAN CONTOH' },
        village: { code: '9901011004', name: 'KELURAHAN CONTOH' },
      },
    })
    expect(body.withheld).toEqual(expect.arrayContaining(['/familyCardNumber', '/birthDate', '/motherName']))
    expect(body.withheld).not.toContain('/disability') // the agency does not say: nothing is withheld
  })

  it('narrows to the elements asked for by name; what is not asked for is not withheld', async () => {
    const { body } = await house.ask(
      '/v1/residents/lookup',
      { nik },
      { 'mpp-elements': '/fullName, /address/village' },
    )
    expect(body.data).toEqual({
      fullName: 'WARGA CONTOH SATU',
      address: { village: { code: '9901011004', name: 'KELURAHAN CONTOH' } },
    })
    expect(body.withheld).not.toContain('/nik')
  })

  it('marks a text that no code list knows, and shows it all the same', async () => {
    const { body } = await house.ask('/v1/residents/lookup', { nik: '9999015506820067' })
    expect(body.data).toMatchObject({ religion: { code: 'unknown', text: expect.any(String) } })
    expect(body.warnings).toEqual([{ code: 'CODE_UNKNOWN', path: '/religion' }])
  })

  it.each([
    ['not found', '9999011501909999', 404, 'NOT_FOUND'],
    ['deceased', '9999010202450021', 409, 'SUBJECT_DECEASED'],
    ['recorded twice', '9999014303550087', 409, 'SUBJECT_DUPLICATE'],
    ['inactive', '9999010404660089', 409, 'SUBJECT_INACTIVE'],
    ['refused by the agency', '9999010505770091', 422, 'REJECTED'],
    ['a record without a name', '9999010606880093', 502, 'UPSTREAM_INVALID'],
    ['a birth date that is no day', '9999014707790095', 502, 'UPSTREAM_INVALID'],
  ])('tells apart: %s', async (_, nik, status, code) => {
    const { body } = await house.ask('/v1/residents/lookup', { nik })
    expect(body).toMatchObject({ status, code, source: 'dukcapil', sent: 'yes', auditId: expect.any(String) })
    expect(body.sources).toEqual([{ id: 'dukcapil', state: code, sent: 'yes', ms: expect.any(Number) }])
  })
})

describe('match', () => {
  it('answers yes or no for each element sent, and no value comes back', async () => {
    const form = { nik, fullName: 'Warga Contoh Satu', birthDate: '1990-01-16' }
    const { status, body, text } = await house.ask('/v1/residents/match', form)
    expect(status).toBe(200)
    expect(body.data).toEqual({
      nik: { verdict: 'match' },
      fullName: { verdict: 'match', similarity: 100 },
      birthDate: { verdict: 'mismatch' },
    })
    expect(text).not.toMatch(/contoh satu|1990-01-1/i)
  })

  it('asks the agency about no element that the agreement does not grant', async () => {
    const before = house.dukcapil.calls['verify']
    const { body } = await house.ask('/v1/residents/match', { nik, motherName: 'IBU CONTOH' })
    expect(body).toMatchObject({ code: 'NOT_GRANTED', reason: 'ELEMENT_NOT_GRANTED', sent: 'no' })
    expect(body.errors).toEqual([{ pointer: '/motherName', detail: expect.any(String) }])
    expect(house.dukcapil.calls['verify']).toBe(before)
  })
})

describe('family', () => {
  it('releases the granted elements of every member, in order', async () => {
    const { status, body } = await house.ask('/v1/families/lookup', { familyCardNumber: family })
    expect(status).toBe(200)
    expect(body.data).toEqual({
      familyCardNumber: family,
      members: [
        { nik, familyRelation: { code: 'head', text: 'KEPALA KELUARGA' } },
        { nik: '9999015203920003', familyRelation: expect.objectContaining({ code: 'wife' }) },
        { nik: '9999010806150005', familyRelation: expect.objectContaining({ code: 'child' }) },
        { nik: '9999016902240007', familyRelation: expect.objectContaining({ code: 'child' }) },
      ],
    })
    expect(body.withheld).toContain('/members/*/fullName')
  })
})
