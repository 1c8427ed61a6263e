import { describe, expect, it, test } from 'vitest'
import { drivingLicenceRenew } from './driving-licence.ts'
import { lossReportFile } from './loss-report.ts'
import { policeRecordRequest } from './police-record.ts'
import type { Submission } from './submission.ts'

const nik = '9999011501900001'
const other = '9999015203920003'
const attachment = 'att_0123456789abcdefghijAB'

const orders = [lossReportFile, policeRecordRequest, drivingLicenceRenew] as unknown as Submission[]

type Form = Readonly<Record<string, unknown>>
const exampleOf = (order: unknown) => structuredClone((order as Submission).example.input) as Form

/** Where a form is wrong, and why. */
const mistakesIn = (order: unknown, form: unknown): string[] | undefined =>
  (order as Submission).input
    .safeParse(form)
    .error?.issues.flatMap(issue =>
      (issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...issue.path, key]) : [issue.path]).map(
        path => `/${path.join('/')}: ${issue.code === 'unrecognized_keys' ? 'no such field' : issue.message}`,
      ),
    )
const placesOf = (mistakes: string[] | undefined) => new Set(mistakes?.map(text => text.split(':', 1)[0]!))

/** The form with another value at a pointer; undefined takes the field away. */
function withChanged(form: unknown, pointer: string, value: unknown): unknown {
  const [, key, ...rest] = pointer.split('/')
  if (key === undefined) return value
  const copy = (Array.isArray(form) ? [...(form as unknown[])] : { ...(form as object) }) as Record<
    string,
    unknown
  >
  copy[key] = withChanged(copy[key], rest.length > 0 ? `/${rest.join('/')}` : '', value)
  if (copy[key] === undefined) delete copy[key]
  return copy
}
const changed = (order: unknown, changes: Form): unknown =>
  Object.entries(changes).reduce<unknown>(
    (form, [at, value]) => withChanged(form, at, value),
    exampleOf(order),
  )

function* leavesOf(value: unknown, at = ''): Generator<string> {
  if (typeof value !== 'object' || value === null) yield at
  else for (const [key, child] of Object.entries(value)) yield* leavesOf(child, `${at}/${key}`)
}

describe.each(orders)('$id', order => {
  const { input, output, example, elements } = order

  it('takes its own example, and an answer like it', () => {
    expect(input.safeParse(example.input).error).toBeUndefined()
    expect(output.safeParse(example.output).error).toBeUndefined()
  })

  it.each([...leavesOf(example.input)])('names %s when it is wrong', at => {
    for (const wrong of [null, [], { more: 1 }])
      expect([...placesOf(mistakesIn(order, withChanged(example.input, at, wrong)))]).toContain(at)
  })

  it('names every wrong field at once', () => {
    const leaves = [...leavesOf(example.input)].filter(at => at !== '/delivery/way') // it decides what else is asked for
    const form = leaves.reduce<unknown>((form, at) => withChanged(form, at, null), exampleOf(order))
    expect([...placesOf(mistakesIn(order, form))]).toEqual(expect.arrayContaining(leaves))
  })

  it.each(['', ...Object.keys(example.input).map(key => `/${key}`)])(
    'knows no other field in %s, and needs an object',
    at => {
      const group = at
        .split('/')
        .slice(1)
        .reduce<unknown>((value, key) => (value as Form)[key], example.input)
      if (typeof group !== 'object' || group === null || Array.isArray(group)) return
      expect(mistakesIn(order, withChanged(example.input, at, { ...group, catatan: 'ADA' }))).toEqual([
        `${at}/catatan: no such field`,
      ])
      for (const none of [null, 'x', 7, []])
        expect([...placesOf(mistakesIn(order, withChanged(example.input, at, none)))]).toContain(at || '/')
    },
  )

  it('shows nothing of an answer to everyone', () => {
    const classes = [...elements.values()].map(({ dataClass }) => dataClass)
    expect(classes).not.toContain('public')
  })

  it('hands its papers over', () => {
    const form = input.parse({ ...exampleOf(order), documents: [{ requirement: 'ktp', attachment }] })
    const inItself = order === policeRecordRequest ? [{ requirement: 'application-form' }] : []
    expect(order.documents!(form)).toEqual([{ requirement: 'ktp', attachment }, ...inItself])
    const none = input.parse({ ...exampleOf(order), documents: undefined })
    expect(order.documents!(none)).toEqual(inItself)
  })
})

describe('what fields must agree on', () => {
  const foreign = { '/applicant/citizenship': 'foreign' }
  const papers = {
    '/applicant/nationality': 'NEGERI CONTOH',
    '/applicant/passportNumber': 'X0000000',
    '/applicant/stayPermit': { kind: 'limited', number: 'KITAS-99' },
  }
  const gone = undefined

  test.each([
    ['a foreigner with papers', policeRecordRequest, { ...foreign, ...papers }, undefined],
    [
      'a foreigner without',
      policeRecordRequest,
      { ...foreign, '/applicant/phone': gone },
      [
        '/applicant/nationality: is needed of a foreigner',
        '/applicant/passportNumber: is needed of a foreigner',
        '/applicant/phone: Invalid input: expected string, received undefined',
        '/applicant/stayPermit: is needed of a foreigner',
      ],
    ],
    [
      'a citizen with a permit to stay',
      policeRecordRequest,
      papers,
      ['/applicant/nationality: is for foreigners only', '/applicant/stayPermit: is for foreigners only'],
    ],
    [
      'a foreigner without a NIK',
      policeRecordRequest,
      { ...foreign, ...papers, '/applicant/nik': gone },
      ['/applicant/nik: Invalid input: expected string, received undefined'],
    ],
    [
      'married to nobody, while the purpose is missing too',
      policeRecordRequest,
      { '/family/spouse': gone, '/purpose': gone },
      [
        '/family/spouse: is needed of the married',
        '/purpose: Invalid input: expected string, received undefined',
      ],
    ],
    [
      'single',
      policeRecordRequest,
      { '/family/spouse': gone, '/applicant/maritalStatus': 'single' },
      undefined,
    ],
    [
      'a renewal of what?',
      policeRecordRequest,
      { '/kind': 'renewal' },
      ['/previousCertificateNumber: is needed of a renewal'],
    ],
    [
      'a yes without a case',
      policeRecordRequest,
      { '/criminalCases': { ever: true } },
      ['/criminalCases/entries: are needed: the answer is yes'],
    ],
    [
      'a no with one',
      policeRecordRequest,
      { '/violations': { ever: false, entries: [{ violation: 'X' }] } },
      ['/violations/entries: must be empty: the answer is no'],
    ],
    [
      'a job that ended before it began',
      policeRecordRequest,
      { '/workHistory/0/untilYear': 2009 },
      ['/workHistory/0/untilYear: lies before fromYear'],
    ],
    [
      'a second sibling without a name',
      policeRecordRequest,
      { '/family/siblings/1': { age: 8 } },
      ['/family/siblings/1/fullName: Invalid input: expected string, received undefined'],
    ],
    [
      'a thing in no list that nobody describes',
      lossReportFile,
      { '/items/0/type': 'other', '/items/0/description': gone },
      ['/items/0/description: is needed of what is in no list'],
    ],
    ['nothing lost', lossReportFile, { '/items': [] }, ['/items: what was lost?']],
    [
      'a time that is none',
      lossReportFile,
      { '/loss/time': '24:00' },
      ['/loss/time: a time of day such as 14:30'],
    ],
    [
      'lost before its owner was born',
      lossReportFile,
      { '/reporter/birthDate': '2026-01-05' },
      ['/loss/date: is before the reporter was born'],
    ],
    ['lost on the day of birth', lossReportFile, { '/reporter/birthDate': '2026-01-04' }, undefined],
    [
      'a day that is none is told once',
      lossReportFile,
      { '/reporter/birthDate': '9999' },
      ['/reporter/birthDate: Invalid ISO date'],
    ],
    ['several lines', lossReportFile, { '/loss/circumstances': 'Terjatuh.\r\nDi pasar.\n' }, undefined],
    [
      'control characters',
      lossReportFile,
      { '/loss/circumstances': 'Terjatuh.\u0000' },
      ['/loss/circumstances: text and line breaks, without other control characters'],
    ],
    [
      'two lines where one belongs',
      lossReportFile,
      { '/loss/place': 'PASAR\nCONTOH' },
      ['/loss/place: one line, without control characters'],
    ],
    [
      'a licence that had ended when its holder was examined',
      drivingLicenceRenew,
      { '/licence/validUntil': '2029-01-31' },
      [
        '/licence/validUntil: an expired licence cannot be renewed: it had ended when its holder was examined',
      ],
    ],
    ['its last day', drivingLicenceRenew, { '/licence/validUntil': '2029-02-01' }, undefined],
    ['no word of its end', drivingLicenceRenew, { '/licence/validUntil': gone }, undefined],
    [
      'a class that is not renewed so',
      drivingLicenceRenew,
      { '/licence/class': 'b1' },
      ['/licence/class: only classes a and c are renewed so'],
    ],
    [
      'a proxy with a name',
      drivingLicenceRenew,
      { '/delivery': { way: 'proxy', proxy: { nik: other, fullName: 'WARGA' } } },
      undefined,
    ],
    [
      'a proxy without',
      drivingLicenceRenew,
      { '/delivery': { way: 'proxy' } },
      ['/delivery/proxy: Invalid input: expected object, received undefined'],
    ],
    [
      'the post to nowhere',
      drivingLicenceRenew,
      { '/delivery': { way: 'post' } },
      ['/delivery/address: Invalid input: expected object, received undefined'],
    ],
    [
      'an address for nobody to go to',
      drivingLicenceRenew,
      { '/delivery': { way: 'self', address: {} } },
      ['/delivery/address: no such field'],
    ],
  ] as const)('%s', (_, order, changes, mistakes) => {
    expect(mistakesIn(order, changed(order, changes))?.toSorted()).toEqual(mistakes)
  })
})

describe('whom an order is about', () => {
  it('the reporter, and whose things they were, each once', () => {
    const item = { type: 'diploma', ownerNik: other }
    const form = lossReportFile.input.parse({
      ...lossReportFile.example.input,
      items: [item, item, { type: 'identityCard', ownerNik: nik }],
    })
    expect(lossReportFile.subjects(form)).toEqual([
      { type: 'nik', value: nik },
      { type: 'nik', value: other },
    ])
  })

  it('the holder, the licence, and who collects it', () => {
    const form = drivingLicenceRenew.input.parse(
      changed(drivingLicenceRenew, {
        '/delivery': { way: 'proxy', proxy: { nik: other, fullName: 'WARGA CONTOH DUA' } },
      }),
    )
    expect(drivingLicenceRenew.subjects(form)).toEqual([
      { type: 'nik', value: nik },
      { type: 'drivingLicenceNumber', value: '999999010001' },
      { type: 'nik', value: other },
    ])
  })

  it('the applicant', () => {
    const form = policeRecordRequest.input.parse(exampleOf(policeRecordRequest))
    expect(policeRecordRequest.subjects(form)).toEqual([{ type: 'nik', value: nik }])
  })
})

it('tells of a criminal record no more than the question about an application does', () => {
  expect(policeRecordRequest.elements.get('/canBeIssued')?.dataClass).toBe('specific')
  expect([...policeRecordRequest.elements.keys()].filter(path => /reason|record|note/i.test(path))).toEqual(
    [],
  )
})
