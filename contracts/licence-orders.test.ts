import { describe, expect, it, test } from 'vitest'
import { licenceIssue, licenceReportStatus, licenceUpdate } from './licence-orders.ts'

const issue = licenceIssue.example.input
const report = licenceReportStatus.example.input
const update = licenceUpdate.example.input

/** The form carries it. */
const nib = { requirement: 'nib' }

type Contract = typeof licenceIssue | typeof licenceReportStatus | typeof licenceUpdate
const mistakesIn = ({ input }: Contract, given: unknown) =>
  input.safeParse(given).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
const without = (given: object, ...fields: readonly string[]) =>
  Object.fromEntries(Object.entries(given).filter(([field]) => !fields.includes(field)))

describe.each([
  ['/v1/licences/decisions', licenceIssue],
  ['/v1/licences/status-reports', licenceReportStatus],
  ['/v1/licences/updates', licenceUpdate],
] as [string, Contract][])('%s', (path, contract) => {
  const { example } = contract

  it('is an order at its own address, shown by an example that fits', () => {
    expect([contract.kind, contract.path]).toEqual(['submission', path])
    expect(mistakesIn(contract, example.input)).toBeUndefined()
    expect(contract.output.parse(example.output)).toEqual(example.output)
  })

  it('is about the licence and its business, and about nobody who signs or reports it', () => {
    expect(contract.subjects(example.input as never)).toEqual([
      { type: 'licenceId', value: example.input.licenceId },
      { type: 'nib', value: example.input.nib },
    ])
  })

  it('follows the other orders of its licence', () => {
    expect(contract.orderKey!(example.input as never)).toBe(example.input.licenceId)
  })

  test.each([
    ['licenceId', 'R-2026010508000000000001'],
    ['nib', '99999'],
    ['projectId', 'I-2026010508000000000001'],
    ['ossId', 'P02-2026010508000000000001'],
    ['ossId', 'P02'],
    ['code', '0560000000011'],
    ['code', ''],
    ['status', '50'],
    ['status', 'unknown'],
    ['note', ''],
    ['note', 'a'.repeat(65_536)],
    ['attachment', 'http://dokumen.mpp.example/lampiran.pdf'],
    ['attachment', 'lampiran.pdf'],
    ['attachment', 'data:application/pdf;base64,JVBERi0='],
    ['colour', 'red'],
  ])('refuses %s %o', (field, value) => {
    expect(contract.input.safeParse({ ...example.input, [field]: value }).success).toBe(false)
  })
})

describe('a decision', () => {
  const signed = (more: object) => ({ ...issue, signer: { ...issue.signer, ...more } })

  test.each([
    ['of a village', { ...issue, region: '9999011004' }],
    ['of a province', { ...issue, region: '99' }],
    ['for a time', { ...issue, validUntil: '2031-01-20', validMonths: 60, validYears: 5 }],
    ['signed by no civil servant', { ...issue, signer: { name: 'BUPATI CONTOH', position: 'Bupati' } }],
    ['with a kind', { ...issue, kind: 'supportingOperations' }],
    ['on a building', { ...issue, building: { commitmentId: 'K-1', area: 120.25, floors: 2, height: 8.5 } }],
  ])('%s', (_, given) => {
    expect(mistakesIn(licenceIssue, given)).toBeUndefined()
  })

  test.each([
    ['a number too long', { ...issue, number: '9'.repeat(51) }],
    ['a date that is none', { ...issue, issuedOn: '2026-02-30' }],
    ['another form of date', { ...issue, validUntil: '20-01-2031' }],
    ['no months', { ...issue, validMonths: 0 }],
    ['half a year', { ...issue, validYears: 0.5 }],
    ['too many months', { ...issue, validMonths: 100_000 }],
    ['a region that is none', { ...issue, region: '999' }],
    ['a signer without a position', { ...issue, signer: { name: 'KEPALA CONTOH' } }],
    ['a name too long', signed({ name: 'A'.repeat(51) })],
    ['a civil servant number too long', signed({ civilServantNumber: '9'.repeat(26) })],
    ['a position too long', signed({ position: 'A'.repeat(151) })],
    ['a hundred floors', { ...issue, building: { floors: 100 } }],
    ['a height of six characters', { ...issue, building: { height: 100.25 } }],
    ['an area of a thousandth', { ...issue, building: { area: 0.001 } }],
    ['an area below nothing', { ...issue, building: { area: -1 } }],
  ])('is refused with %s', (_, given) => {
    expect(licenceIssue.input.safeParse(given).success).toBe(false)
  })

  const licenceFields = ['number', 'issuedOn', 'signer']
  const needed = licenceFields.map(field => `${field}: ${field} is needed where there is a licence`)

  test.each(['approved', 'issuedProvisionally', 'approvedBySilence'])(
    'that grants a licence (%s) has its number, date and signer',
    status => {
      expect(mistakesIn(licenceIssue, { ...without(issue, ...licenceFields), status })).toEqual(needed)
    },
  )

  test.each(['refused', 'requirementsRefused', 'requirementsVerified'])(
    'that grants none (%s) needs none of it',
    status => {
      expect(mistakesIn(licenceIssue, { ...without(issue, ...licenceFields), status })).toBeUndefined()
    },
  )

  it('tells all that is wrong at once', () => {
    const given = { ...without(issue, ...licenceFields), nib: 12, issuedBy: 'nobody' }
    expect(mistakesIn(licenceIssue, given)).toEqual([
      expect.stringMatching(/^nib: /),
      expect.stringContaining('issuedBy'),
      ...needed,
    ])
  })

  test.each([null, 'text', [], undefined])('%o is none', given => {
    expect(licenceIssue.input.safeParse(given).success).toBe(false)
  })

  it('names the links that OSS fetches', () => {
    const attachment = 'https://dokumen.mpp.example/lampiran.pdf'
    expect(licenceIssue.documents!(licenceIssue.input.parse(without(issue, 'document')))).toEqual([nib])
    expect(licenceIssue.documents!(licenceIssue.input.parse({ ...issue, attachment }))).toEqual([
      nib,
      { link: issue.document },
      { link: attachment },
    ])
    expect(licenceUpdate.documents!(licenceUpdate.input.parse(update))).toEqual([
      nib,
      { link: update.document },
      { link: update.attachment },
    ])
  })
})

describe('a change', () => {
  it('is of an issued licence, whatever its status, and says who decides', () => {
    const given = { ...without(update, 'number', 'authority'), status: 'suspended' }
    expect(mistakesIn(licenceUpdate, given)).toEqual([
      expect.stringMatching(/^authority: /),
      'number: number is needed where there is a licence',
    ])
  })

  test.each(['kind', 'building'])('has no %s, which OSS takes only with a decision', field => {
    expect(licenceUpdate.input.safeParse({ ...update, [field]: {} }).success).toBe(false)
  })
})

describe('a report', () => {
  const bill = 'https://dokumen.mpp.example/sps.pdf'
  const payment = {
    accountCode: '425289',
    revenueCode: '001',
    billingCode: '820260106000001',
    billedOn: '2026-01-06',
    dueOn: '2026-01-13',
    amount: 150_000,
    document: bill,
  }

  test.each([
    ['a bill', { ...report, payment }],
    ['no time of its own', without(report, 'at')],
    ['a product', { ...report, productId: 'S-2026010508000000000001' }],
    ['a form', { ...report, isFormApproved: false }],
  ])('may have %s', (_, given) => {
    expect(mistakesIn(licenceReportStatus, given)).toBeUndefined()
  })

  test.each([
    ['a time without a zone', { ...report, at: '2026-01-06T09:00:00' }],
    ['a day without a time', { ...report, at: '2026-01-06' }],
    ['an agency of four digits', { ...report, agencyCode: '0056' }],
    ['nobody who reports it', without(report, 'officer')],
    ['a name too long', { ...report, officer: { name: 'A'.repeat(51) } }],
    ['a product that is none', { ...report, productId: '-' }],
    ['half a rupiah', { ...report, payment: { amount: 0.5 } }],
    ['a debt below nothing', { ...report, payment: { amount: -1 } }],
    ['an account too long', { ...report, payment: { accountCode: '4'.repeat(21) } }],
    ['a bill code too long', { ...report, payment: { billingCode: '8'.repeat(51) } }],
    ['a bill that is no link', { ...report, payment: { document: 'sps.pdf' } }],
    ['a link too long for a bill', { ...report, payment: { document: `${bill}?${'a'.repeat(255)}` } }],
  ])('is refused with %s', (_, given) => {
    expect(licenceReportStatus.input.safeParse(given).success).toBe(false)
  })

  it('names the link of its bill too', () => {
    const attachment = 'https://dokumen.mpp.example/berita-acara.pdf'
    expect(licenceReportStatus.documents!(licenceReportStatus.input.parse(report))).toEqual([nib])
    const given = licenceReportStatus.input.parse({ ...report, attachment, payment })
    expect(licenceReportStatus.documents!(given)).toEqual([nib, { link: attachment }, { link: bill }])
  })
})
