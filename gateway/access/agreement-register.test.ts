import { describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { createAgreementRegister, versionOf } from './agreement-register.ts'

const lookup = (...elements: string[]) => ({ 'resident.lookup': { 'skck.new': elements } })

describe('the version of an agreement', () => {
  it('is the same for the same agreement, in whatever order its file says it', () => {
    const one = agreement({
      grants: { ...lookup('/nik', '/fullName'), 'family.lookup': { a: ['/address'] } },
    })
    const other = agreement({
      grants: { 'family.lookup': { a: ['/address'] }, ...lookup('/fullName', '/nik') },
    })
    expect(versionOf(other).digest).toBe(versionOf(one).digest)
  })

  it.each([
    ['an element', { grants: lookup('/nik', '/fullName', '/religion') }],
    ['the term', { validUntil: Date.parse('2028-01-01T00:00:00+07:00') }],
    ['a suspension', { suspendedBy: ['upstream'] }],
    ['a quota', { quotas: [{ purpose: undefined, perDay: 5 }] }],
    ['the legal basis', { legalBasis: 'PKS 2/2027' }],
  ] as const)('is another one when it changes %s', (_, change) => {
    const grants = lookup('/nik', '/fullName')
    expect(versionOf(agreement({ grants, ...change })).digest).not.toBe(
      versionOf(agreement({ grants })).digest,
    )
  })

  it('says everything that it grants, element by element', () => {
    const { content } = versionOf(agreement({ grants: lookup('/nik', '/fullName') }))
    expect(JSON.parse(content)).toMatchObject({
      id: 'pks-front-office-dukcapil',
      validUntil: '2026-12-31T17:00:00.000Z',
      grants: [
        {
          capability: 'resident.lookup',
          purposes: [{ purpose: 'skck.new', elements: ['/fullName', '/nik'] }],
        },
      ],
    })
  })
})

describe('another set of agreements', () => {
  const [kept, changed, dropped] = ['kept', 'changed', 'dropped'].map(id => agreement({ id }))
  const next = [
    versionOf(agreement({ id: 'kept' })),
    versionOf(agreement({ id: 'changed', grants: lookup('/nik') })),
    versionOf(agreement({ id: 'new' })),
  ]

  it('is compared by what it says', () => {
    const register = createAgreementRegister([kept!, changed!, dropped!])
    expect(register.compare(next)).toEqual({
      added: ['new'],
      changed: ['changed'],
      ended: ['dropped'],
      unchanged: ['kept'],
    })
  })

  it('replaces the whole of the other; what says the same stays the same object', () => {
    const register = createAgreementRegister([kept!, changed!, dropped!])
    register.replace(next)
    expect(register.between('front-office', 'dukcapil').map(({ id }) => id)).toEqual([
      'kept',
      'changed',
      'new',
    ])
    expect(register.current(kept!)).toBe(kept)
    expect(register.current(changed!)).toBe(next[1]!.agreement)
    expect(register.current(dropped!)).toBeUndefined()
  })

  it('ends an agreement whose id goes to other parties', () => {
    const register = createAgreementRegister([kept!])
    register.replace([versionOf(agreement({ id: 'kept', member: 'health-desk' }))])
    expect(register.current(kept!)).toBeUndefined()
  })
})
