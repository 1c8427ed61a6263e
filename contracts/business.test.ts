import { describe, expect, it, test } from 'vitest'
import { businessChanged, businessCheck, businessLookup, businessProjects } from './business.ts'
import { type Capability, isPersonal } from './capability.ts'
import { licenceDocumentSigned, licenceLookup, licenceStatusCheck } from './licence.ts'
import { referenceTableRead, referenceTables } from './reference-table.ts'

const nib = '9999900000001'
const nik = '9999011501900001'
const spouse = '9999015203920003'

describe('business.lookup', () => {
  const mistakesIn = (input: object) =>
    businessLookup.input
      .safeParse(input)
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

  test.each([
    [{ nib }, undefined],
    [{ npwp: '999900001999000' }, undefined],
    [{ npwp: nik }, undefined],
    [{}, ['nib: nib or npwp is needed']],
    [{ nib, npwp: nik }, ['npwp: either nib or npwp, not both']],
    [{ nib: '99999' }, ['nib: NIB has 13 digits']],
    [{ npwp: '1234' }, ['npwp: NPWP has 15 or 16 digits; 16 are a NIK, or 0 and the old form']],
  ])('%o', (input, mistakes) => {
    expect(mistakesIn(input)).toEqual(mistakes)
  })

  test.each([
    ['a NIB is public', { nib }, [{ type: 'nib', value: nib }], false],
    ['a NIK for an NPWP is a person', { npwp: nik }, [{ type: 'nik', value: nik }], true],
    ['an NPWP is personal', { npwp: '999900001999000' }, [{ type: 'npwp', value: '999900001999000' }], true],
    [
      '… and the same in either form',
      { npwp: '0999900001999000' },
      [{ type: 'npwp', value: '999900001999000' }],
      true,
    ],
  ] as const)('%s', (_, input, subjects, personal) => {
    expect(businessLookup.subjects(input)).toEqual(subjects)
    expect(businessLookup.subjects(input).some(isPersonal)).toBe(personal)
  })

  it('names everyone whom an answer is about, each once', () => {
    const output = businessLookup.output.parse({
      nib,
      name: 'USAHA CONTOH',
      npwp: '999900001999000',
      shareholders: [
        { kind: { code: 'individual', text: 'Perorangan' }, identityNumber: nik, npwp: nik },
        { kind: { code: 'legalBody', text: 'Badan Hukum' }, identityNumber: spouse, npwp: '999900002999000' },
        { identityNumber: 'X0000000', npwp: null },
      ],
      responsiblePersons: [{ identityNumber: nik }, { identityNumber: spouse }],
    })
    const subjects = [
      { type: 'nib', value: nib },
      { type: 'npwp', value: '999900001999000' },
      { type: 'nik', value: nik },
      { type: 'nik', value: spouse },
    ]
    expect(businessLookup.subjects({ nib }, output)).toEqual(subjects)
    expect(businessChanged.subjects(output)).toEqual(subjects)
    expect(businessLookup.subjects({ npwp: nik }, output)).toContainEqual({ type: 'nik', value: nik })
  })

  it('shows the public what the public register shows, and nothing of a person', () => {
    const publicElements = [...businessLookup.elements].flatMap(([path, { dataClass }]) =>
      dataClass === 'public' ? [path.slice(1)] : [],
    )
    const ofBusiness =
      'nib ossId name shortName status documentKind actorKind form legalPersonality scale investmentStatus ' +
      'importIdentification submittedOn issuedOn changedOn'
    const ofProject = 'projectId number name kbli activity sector kind risk scale submittedOn'
    const ofLicence =
      'licenceId projectId productId name code kind agency authority authorityParameter specificField status ' +
      'checklist isRepeatable isExtension environmentalDocument/code environmentalDocument/name'
    const under = (prefix: string, names: string) => names.split(' ').map(name => prefix + name)
    expect(publicElements).toEqual([
      ...under('', ofBusiness),
      ...under('projects/*/', ofProject),
      ...under('licences/*/', ofLicence),
    ])
  })

  test.each([
    '/capital/authorised',
    '/capital/foreignPercent',
    '/shareholders/*/capital',
    '/shareholders/*/taxStatus',
    '/projects/*/investment/total',
  ] as const)('%s is money, so of the specific kind', path => {
    expect(businessLookup.elements.get(path)?.dataClass).toBe('specific')
  })
})

describe('what has a public address', () => {
  const capabilities: readonly Capability[] = [
    businessLookup,
    businessCheck,
    businessProjects,
    licenceLookup,
    licenceStatusCheck,
    referenceTableRead,
  ] as never

  test.each(capabilities.map(capability => [capability.id, capability] as const))(
    '%s is asked by public identifiers only',
    (_, capability) => {
      const { publicPath, input, example, subjects, output } = capability
      const names = [...publicPath!.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
      expect(names.filter(name => !(name in input.shape))).toEqual([])
      const asked = input.parse(Object.fromEntries(names.map(name => [name, example.input[name]])))
      expect(subjects(asked as never).some(isPersonal)).toBe(false)
      expect(output.parse(example.output)).toEqual(example.output)
    },
  )

  it('keeps reference tables a day, and thirty more when the agency fails; all in them is public', () => {
    expect(referenceTableRead.publicReuse).toEqual({ timeToLiveSeconds: 86_400, staleSeconds: 2_592_000 })
    expect([...referenceTableRead.elements.values()].every(({ dataClass }) => dataClass === 'public')).toBe(
      true,
    )
    expect(referenceTables).toHaveLength(32)
  })
})

describe('OSS numbers', () => {
  test.each([
    ['I-2026010508000000000001', true],
    ['I-12334', false],
    ['R-2026010508000000000001', false],
    ['i-2026010508000000000001', false],
    ['I-20260105080000000000012345', false],
    ['../I-2026010508000000000001', false],
  ])('%s', (licenceId, valid) => {
    expect(licenceStatusCheck.input.safeParse({ licenceId }).success).toBe(valid)
  })
})

describe('licences', () => {
  const licenceId = 'I-2026010508000000000001'
  const document = 'https://oss.example/izin.pdf'

  it('asks for the documents handed in only when told so', () => {
    expect(licenceLookup.input.parse({ licenceId })).toEqual({ licenceId, withRequirements: false })
  })

  it('names the licence, and the business that an answer or a notice is about', () => {
    const status = { licenceId, status: { code: 'approved', text: 'Disetujui' } } as const
    const both = [
      { type: 'licenceId', value: licenceId },
      { type: 'nib', value: nib },
    ]
    expect(licenceStatusCheck.subjects({ licenceId }, { ...status, nib })).toEqual(both)
    expect(licenceStatusCheck.subjects({ licenceId }, status)).toEqual(both.slice(0, 1))
    expect(licenceDocumentSigned.subjects({ licenceId, nib, document })).toEqual(both)
  })

  test.each(['javascript:alert(1)', 'file:///etc/passwd', 'izin.pdf'])('%s is not a link', link => {
    expect(licenceDocumentSigned.output.safeParse({ licenceId, nib, document: link }).success).toBe(false)
  })
})
