import { expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

const auditor = {
  ...as('inspection'),
  'mpp-case': undefined,
  'mpp-officer': 'inspector-1',
  'accept-language': 'en',
}

interface Affected {
  readonly incident: { readonly notifyBy: string }
  readonly subjects: readonly {
    readonly subject: string
    readonly accesses: number
    readonly firstAt: string
    readonly lastAt: string
    readonly elements: readonly { readonly path: string; readonly label: string }[]
    readonly lastAuditId: string
    readonly exempt: boolean
  }[]
  readonly cursor: string | null
}

async function askAffected(house: House, exposure: object, headers = {}) {
  const incident = { reference: 'INS/2026/3', discoveredAt: new Date(house.clock.now()).toISOString() }
  const reply = await house.ask(
    '/v1/incidents/affected',
    { incident, ...exposure },
    { ...auditor, ...headers },
  )
  return { ...reply, found: reply.body as unknown as Affected }
}

const lookup = (house: House, nik: string, headers = {}) =>
  house.ask('/v1/residents/lookup', { nik }, { 'mpp-elements': '/fullName', ...headers })

const one = '9999011501900001'
const two = '9999014107850002'

async function houseOfTwo(): Promise<House> {
  return startHouse({ agreements: [agreement(), agreement({ member: 'health-desk' })] })
}

it('tells whom a breach concerns by keyed hash: how often, when, what; and by when to tell them', async () => {
  await using house = await houseOfTwo()
  const start = house.clock.now()
  await lookup(house, one)
  house.clock.leap(60_000)
  const { body } = await lookup(house, one, { 'mpp-elements': '/birthDate' })
  await lookup(house, one, as('health-desk'))
  await house.ask('/v1/families/lookup', { familyCardNumber: '9999010101200001' }, as('health-desk'))
  house.clock.leap(60_000)

  const { status, found, text } = await askAffected(house, { member: 'front-office' })
  expect(status).toBe(200)
  expect(found.subjects).toEqual([
    {
      subject: expect.stringMatching(/^[\w-]{43}$/),
      accesses: 2,
      firstAt: new Date(start).toISOString(),
      lastAt: new Date(start + 60_000).toISOString(),
      elements: [
        { path: '/fullName', label: 'Full name' },
        { path: '/birthDate', label: 'Date of birth' },
      ],
      lastAuditId: body.auditId,
      exempt: false,
    },
  ])
  expect(Date.parse(found.incident.notifyBy)).toBe(house.clock.now() + 72 * 60 * 60_000)
  expect(text).not.toMatch(/9999\d{12}|CONTOH/)

  const until = new Date(start + 1).toISOString()
  expect((await askAffected(house, { until })).found.subjects).toMatchObject([{ accesses: 1 }])
  expect((await askAffected(house, { member: 'health-desk' })).found.subjects.length).toBeGreaterThan(3)
  expect((await askAffected(house, { member: 'health-desk', key: 'other' })).found.subjects).toEqual([])
  expect((await askAffected(house, { member: 'front-office', key: 'test' })).found.subjects).toHaveLength(1)
})

it('comes page by page, also as CSV, and each page is on record', async () => {
  await using house = await houseOfTwo()
  await lookup(house, one)
  await lookup(house, two)
  await lookup(house, one)
  house.clock.leap(1)
  const first = await askAffected(house, { member: 'front-office', limit: 1 })
  const second = await askAffected(house, { member: 'front-office', limit: 1, cursor: first.found.cursor })
  const third = await askAffected(house, { member: 'front-office', limit: 1, cursor: second.found.cursor })
  const [a, b, c] = [first, second, third].map(({ found }) => found.subjects[0]!.subject)
  expect(a).not.toBe(b)
  expect(c).toBe(a) // with later accesses
  expect(third.found.cursor).toBeNull()

  const csv = await askAffected(house, { member: 'front-office' }, { accept: 'text/csv' })
  expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
    'subject,firstAt,lastAt,accesses,elements,lastAuditId,exempt',
    expect.stringContaining(`${a},`),
  ])
  const rows = await house.store.readLedger(3, 10)
  expect(rows.map(({ content }) => JSON.parse(content!) as object)).toMatchObject(
    Array.from({ length: 4 }, () => ({
      kind: 'audit',
      act: 'incident.affected',
      officer: 'inspector-1',
      reference: 'INS/2026/3',
      search: { member: 'front-office' },
    })),
  )
})

it('holds what the law exempts, apart from the rest and marked, also when its agreement has left', async () => {
  const exempt = agreement({ exemptFromAccessLog: true })
  let agreements = [exempt]
  await using house = await startHouse({ agreements, readAgreements: () => agreements })
  await lookup(house, one)
  agreements = [agreement({ id: 'another' })]
  const operator = { ...as('operations'), 'mpp-case': undefined }
  expect((await house.ask('/v1/operator/reload', {}, operator)).status).toBe(200)
  await lookup(house, one, { 'mpp-elements': '/birthDate' })
  house.clock.leap(1)

  const { found } = await askAffected(house, { member: 'front-office' })
  expect(found.subjects).toMatchObject([
    { exempt: true, accesses: 1, elements: [{ path: '/fullName' }] },
    { exempt: false, accesses: 1, elements: [{ path: '/birthDate' }] },
  ])
  expect(found.subjects[0]!.subject).toBe(found.subjects[1]!.subject)
  const csv = await askAffected(house, { member: 'front-office' }, { accept: 'text/csv' })
  expect(csv.text).toMatch(/Full name,[\w-]+,true\r\n.*Date of birth,[\w-]+,false\r\n$/)
})

it('finds what was seen with a token, however long its id is', async () => {
  await using house = await houseOfTwo()
  await lookup(house, one)
  const [row] = await house.store.readLedger(0, 1)
  const content = JSON.parse(row!.content!) as Record<string, unknown>
  const key = `token-${'j'.repeat(122)}`
  const id = '01990000-0000-7000-8000-000000000001'
  await house.store.appendLedger({ id, at: house.clock.now(), content: { ...content, key } })
  house.clock.leap(1)
  const { found } = await askAffected(house, { member: 'front-office', key })
  expect(found.subjects).toMatchObject([{ accesses: 1, lastAuditId: id }])
})

it('names everything that is wrong at once', async () => {
  await using house = await houseOfTwo()
  const reply = await askAffected(house, {
    incident: { reference: one, discoveredAt: '2099-01-01T00:00:00Z' },
    key: one,
    from: '2099-01-01T00:00:00Z',
    until: '2020-01-01T00:00:00Z',
  })
  expect(reply.body.errors?.map(error => ('pointer' in error ? error.pointer : error)).toSorted()).toEqual([
    '/from',
    '/incident/discoveredAt',
    '/incident/reference',
    '/key',
    '/member',
    '/until',
  ])
})

it.each([
  ['a period that ends before it begins', { from: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' }],
  ['nothing to go by', {}],
  ['a key without its member', { key: 'test' }],
  ['a time without offset', { from: '2026-01-01T00:00:00' }],
])('refuses %s', async (_, exposure) => {
  await using house = await houseOfTwo()
  expect((await askAffected(house, exposure)).body.code).toBe('INPUT_INVALID')
})
