import { describe, expect, it } from 'vitest'
import { decisionSchema, rightsSchema } from '#gateway/openapi/schemas.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

const grants = {
  'resident.lookup': { 'skck.new': ['/nik', '/fullName'], 'skck.renewal': ['/nik'] },
  'resident.match': { 'skck.new': ['/nik', '/fullName'] },
}
const quotas = [
  { purpose: undefined, perDay: 5 },
  { purpose: 'skck.new', perDay: 1 },
]
const day = 24 * 60 * 60_000

const rightsOf = async (house: House, headers = {}) => {
  const { status, body } = await house.get('/v1/me/rights', { ...as('front-office'), ...headers })
  expect(status).toBe(200)
  return rightsSchema.parse(body)
}
const decide = async (house: House, question: object) => {
  const { status, body } = await house.ask('/v1/decide', question)
  expect(status).toBe(200)
  return decisionSchema.parse(body)
}

describe('GET /v1/me/rights', () => {
  it('tells what may be asked: elements, of whom, until when, and what is left of the quota today', async () => {
    const agreements = [agreement({ grants, quotas, reuse: { scope: 'case', timeToLiveMs: 60_000 } })]
    await using house = await startHouse({ agreements })
    await house.ask('/v1/residents/lookup', { nik: '9999011501900001' })
    const { member, rights } = await rightsOf(house, { 'accept-language': 'en' })
    expect(member).toBe('front-office')
    expect(rights.map(({ capability, purpose, kind }) => [capability, purpose, kind])).toEqual([
      ['resident.lookup', 'skck.new', 'query'],
      ['resident.lookup', 'skck.renewal', 'query'],
      ['resident.match', 'skck.new', 'match'],
    ])
    expect(rights[0]).toEqual({
      capability: 'resident.lookup',
      kind: 'query',
      title: expect.any(String) as string,
      elements: [
        { path: '/nik', label: expect.any(String) as string, dataClass: 'personal' },
        { path: '/fullName', label: 'Full name', dataClass: 'personal' },
      ],
      purpose: 'skck.new',
      upstream: 'dukcapil',
      agreement: 'pks-front-office-dukcapil',
      validUntil: '2026-12-31T17:00:00.000Z',
      reuse: { scope: 'case', timeToLiveSeconds: 60, staleSeconds: 0 },
      quotas: [
        { purpose: null, perDay: 5, left: 4, secondsUntilTurn: 15 * 3_600 },
        { purpose: 'skck.new', perDay: 1, left: 0, secondsUntilTurn: 15 * 3_600 },
      ],
    })
    expect(rights[1]!.quotas).toMatchObject([{ purpose: null, left: 4 }])
  })

  it('speaks Indonesian unless told otherwise', async () => {
    await using house = await startHouse({ agreements: [agreement({ grants })] })
    const [right] = (await rightsOf(house)).rights
    expect(right!.elements[1]!.label).toBe('Nama lengkap')
  })

  it.each([
    ['another member has', { member: 'health-desk' }],
    ['is suspended', { suspendedBy: ['upstream'] }],
    ['has ended', { validUntil: Date.parse('2026-09-21T09:00:00+07:00') }],
  ] as const)('leaves out what an agreement grants that %s', async (_, change) => {
    await using house = await startHouse({ agreements: [agreement({ grants, ...change })] })
    expect((await rightsOf(house)).rights).toEqual([])
  })

  it('sends nothing and keeps nothing', async () => {
    await using house = await startHouse({ agreements: [agreement({ grants, quotas })] })
    await rightsOf(house)
    expect(house.dukcapil.calls).toEqual({})
    expect(await house.store.readLedger(0, 10)).toEqual([])
  })
})

describe('POST /v1/decide', () => {
  const question = { capability: 'resident.lookup', purpose: 'skck.new' }

  it('says yes as the question would be answered, and under which conditions', async () => {
    await using house = await startHouse({ agreements: [agreement({ grants, quotas })] })
    expect(await decide(house, { ...question, elements: ['/fullName'] })).toMatchObject({
      allowed: true,
      upstreams: [
        {
          id: 'dukcapil',
          agreement: 'pks-front-office-dukcapil',
          elements: ['/fullName'],
          quotas: [{ left: 5 }, { purpose: 'skck.new', left: 1 }],
        },
      ],
    })
  })

  it.each([
    ['another purpose', {}, { purpose: 'tax.check' }, 'PURPOSE_NOT_GRANTED', []],
    ['another capability', {}, { capability: 'family.lookup' }, 'CAPABILITY_NOT_GRANTED', []],
    ['an element', {}, { elements: ['/nik', '/motherName'] }, 'ELEMENT_NOT_GRANTED', ['/motherName']],
    [
      'a group of elements',
      {},
      { elements: ['/address'] },
      'ELEMENT_NOT_GRANTED',
      expect.arrayContaining(['/address/street']),
    ],
    ["another member's agreement", { member: 'health-desk' }, {}, 'AGREEMENT_MISSING', []],
    ['a suspended agreement', { suspendedBy: ['gateway'] }, {}, 'AGREEMENT_SUSPENDED', []],
    [
      'one that has ended',
      { validUntil: Date.parse('2026-09-21T09:00:00+07:00') },
      {},
      'AGREEMENT_EXPIRED',
      [],
    ],
    [
      'one that has not begun',
      { validFrom: Date.parse('2026-09-21T09:00:00+07:00') + day },
      {},
      'AGREEMENT_NOT_YET_VALID',
      [],
    ],
  ] as const)('says no, and why: %s', async (_, change, more, reason, elements) => {
    await using house = await startHouse({ agreements: [agreement({ grants, ...change })] })
    const decision = await decide(house, { ...question, ...more })
    expect(decision).toMatchObject({ allowed: false, reason, elements, retryAfter: null })
    const path = 'capability' in more ? '/v1/families/lookup' : '/v1/residents/lookup'
    const input =
      'capability' in more ? { familyCardNumber: '9999010101200001' } : { nik: '9999011501900001' }
    const asked = await house.ask(path, input, {
      'mpp-purpose': 'purpose' in more ? more.purpose : 'skck.new',
      'mpp-elements': 'elements' in more ? more.elements.join(',') : undefined,
    })
    expect(asked.body).toMatchObject({ code: 'NOT_GRANTED', reason }) // the question itself is told the same
  })

  it('says no while the quota is spent, and until when', async () => {
    await using house = await startHouse({ agreements: [agreement({ grants, quotas })] })
    await house.ask('/v1/residents/lookup', { nik: '9999011501900001' })
    expect(await decide(house, question)).toMatchObject({
      allowed: false,
      reason: 'QUOTA_SPENT',
      retryAfter: 15 * 3_600,
    })
    expect(await decide(house, { ...question, purpose: 'skck.renewal' })).toMatchObject({ allowed: true })
  })

  it('sends nothing, counts nothing and keeps nothing, whatever it says', async () => {
    await using house = await startHouse({ agreements: [agreement({ grants, quotas })] })
    for (const purpose of ['skck.new', 'skck.new', 'tax.check']) await decide(house, { ...question, purpose })
    expect(house.dukcapil.calls).toEqual({})
    expect(await house.store.readLedger(0, 10)).toEqual([])
    expect((await rightsOf(house)).rights[0]!.quotas).toMatchObject([{ left: 5 }, { left: 1 }])
  })

  it.each([
    ['no such capability', { capability: 'resident.guess', purpose: 'skck.new' }, '/capability'],
    ['no such element', { ...question, elements: ['/nik', '/shoeSize'] }, '/elements/1'],
    ['no purpose code', { ...question, purpose: '9999011501900001' }, '/purpose'],
    ['a person', { ...question, nik: '9999011501900001' }, '/nik'],
  ])('takes nothing else: %s', async (_, body, pointer) => {
    await using house = await startHouse()
    const answer = await house.ask('/v1/decide', body)
    expect(answer.body).toMatchObject({ code: 'INPUT_INVALID', errors: [{ pointer }] })
    expect(answer.text).not.toContain('9999011501900001')
  })
})
