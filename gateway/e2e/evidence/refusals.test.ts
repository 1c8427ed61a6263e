/** What is refused before anybody decides on it is on record all the same: a known member tried. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import {
  as,
  type HeaderChanges,
  type House,
  memberOf,
  type Reply,
  startHouse,
} from '#gateway/testing/house.ts'
import oss from '../../../adapters/oss/adapter.ts'
import { credentials, startOss } from '../../../mocks/oss/server.ts'

const nik = '9999011501900001'
const subject = expect.stringMatching(/^[\w-]{43}$/) as string

let house: House
beforeEach(async () => {
  house = await startHouse({ agreements: [agreement(), agreement({ member: 'health-desk' })] })
})
afterEach(() => house.close())

const contentsOf = async ({ store }: House) => {
  const rows = await store.readLedger(0, 1_000)
  return rows.map(({ id, content }) => ({ id, ...(JSON.parse(content!) as object) }))
}

/** The only row, which the answer names. */
async function rowOf(house: House, { body }: Reply): Promise<object> {
  const [row, ...others] = await contentsOf(house)
  expect(others).toEqual([])
  const { id, ...content } = row!
  expect(id).toBe(body.auditId)
  return content
}

const lookup = (headers: HeaderChanges = {}, input: unknown = { nik }) =>
  house.ask('/v1/residents/lookup', input, headers)

const asked = {
  kind: 'refusal',
  capability: 'resident.lookup',
  member: 'front-office',
  key: 'test',
  officer: 'o-7f3a',
  identity: 'asserted',
  counter: 'A-03',
  purpose: 'skck.new',
  case: expect.stringMatching(/^case_/) as string,
  source: 'gateway',
  sent: 'no',
}

describe('a question with a case', () => {
  it("that is another organisation's tells who tried it on whom, and which case it was", async () => {
    const visit = await house.openCase({ members: [] })
    const reply = await lookup({ ...as('health-desk'), 'mpp-case': visit })
    expect(await rowOf(house, reply)).toEqual({
      ...asked,
      member: 'health-desk',
      case: visit,
      subjects: [subject],
      outcome: 'CASE_INVALID',
      reason: 'CASE_FOREIGN',
    })
  })

  it.each([
    ['that nobody opened', 'CASE_UNKNOWN', async () => 'case_0123456789abcdefghijkl'],
    [
      'that has ended',
      'CASE_EXPIRED',
      async () => {
        const visit = await house.openCase({ minutes: 1 })
        house.clock.leap(60_000)
        return visit
      },
    ],
  ])('%s is on record', async (_, reason, open) => {
    const reply = await lookup({ 'mpp-case': await open() })
    expect(await rowOf(house, reply)).toEqual({
      ...asked,
      subjects: [subject],
      outcome: 'CASE_INVALID',
      reason,
    })
  })
})

describe('a question that is not whole', () => {
  it('is on record with what fits its form, and nothing else of what was said', async () => {
    const reply = await lookup({ 'mpp-purpose': 'SKCK baru', 'mpp-officer': nik, 'mpp-case': undefined })
    const { purpose: _, officer: _1, identity: _2, case: _3, ...rest } = asked
    expect(await rowOf(house, reply)).toEqual({ ...rest, subjects: [subject], outcome: 'CONTEXT_MISSING' })
  })

  it.each([
    ['a NIK that is none', { nik: '9999013102900001' }],
    ['a field too many', { nik, '9999011501900003': 'WARGA CONTOH' }],
    ['a citizen on trial', { nik: '3204011501900001' }],
  ])('%s: whom it is about is not said, and no value', async (_, input) => {
    const reply = await lookup({}, input)
    const row = await rowOf(house, reply)
    expect(row).toEqual({ ...asked, subjects: [], outcome: 'INPUT_INVALID' })
    expect(JSON.stringify(row)).not.toMatch(/\d{16}|WARGA/)
  })

  it.each([
    ['no JSON', '{"nik":', {}, 'BODY_MALFORMED'],
    ['too large a body', JSON.stringify({ nik, filler: 'x'.repeat(64 * 1024) }), {}, 'BODY_TOO_LARGE'],
    ['an element that nobody knows', { nik }, { 'mpp-elements': '/shoeSize' }, 'INPUT_INVALID'],
  ])('%s', async (_, input, headers, outcome) => {
    expect(await rowOf(house, await lookup(headers, input))).toEqual({ ...asked, subjects: [], outcome })
  })

  it('is not refused while that cannot be put on record: nobody may try unseen', async () => {
    await using house = await startHouse({
      wrapStore: store => ({ ...store, appendLedger: () => Promise.reject(new StoreUnavailable('away')) }),
    })
    const { body } = await house.ask('/v1/residents/lookup', { nik }, { 'mpp-purpose': undefined })
    expect(body).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE', auditId: null })
  })
})

describe('a question about a business', () => {
  const bare = {
    'mpp-case': undefined,
    'mpp-purpose': undefined,
    'mpp-counter': undefined,
    'mpp-officer': undefined,
  }
  const startWithOss = async () => {
    const agency = await startOss()
    onTestFinished(() => agency.close())
    const config = { userKey: credentials.user_key }
    const house = await startHouse({ upstreams: [{ id: 'oss', adapter: oss, baseUrl: agency.url, config }] })
    onTestFinished(() => house.close())
    return house
  }

  it('by what may be a NIK, without context, is on record', async () => {
    const house = await startWithOss()
    const reply = await house.ask('/v1/businesses/lookup', { npwp: '9999014611830045' }, bare)
    expect(await rowOf(house, reply)).toEqual({
      kind: 'refusal',
      capability: 'business.lookup',
      member: 'front-office',
      key: 'test',
      subjects: [subject],
      outcome: 'CONTEXT_MISSING',
      source: 'gateway',
      sent: 'no',
    })
  })

  it('that is public leaves no trace, whatever is wrong with it', async () => {
    const house = await startWithOss()
    for (const [input, headers] of [
      [{ nib: '12' }, {}],
      ['{', {}],
      [{ nib: '9999900000001' }, { 'mpp-elements': '/shoeSize' }],
    ] as const) {
      const { status, body } = await house.ask('/v1/businesses/lookup', input, { ...bare, ...headers })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(body.auditId).toBeNull()
    }
    expect(await contentsOf(house)).toEqual([])
  })
})

it('a case that is not opened is on record', async () => {
  const reply = await house.ask('/v1/cases', { members: ['unknown-desk'] }, { 'mpp-case': undefined })
  const { case: _, ...rest } = asked
  expect(await rowOf(house, reply)).toEqual({
    ...rest,
    capability: 'cases',
    subjects: [],
    outcome: 'INPUT_INVALID',
  })
})

it('who is too fast is counted only: the rate limit bounds what a member can write into the ledger', async () => {
  const frontOffice = memberOf('front-office', ['member'])
  await using house = await startHouse({
    settings: {
      members: [
        { ...frontOffice, rateLimit: { requests: 3, seconds: 60 } },
        memberOf('monitoring', ['monitor']),
      ],
    },
  })
  const visit = await house.openCase({ members: [] })
  const codes = []
  for (let count = 0; count < 10; count += 1)
    codes.push((await house.ask('/v1/residents/lookup', {}, { 'mpp-case': visit })).body.code)
  expect(codes.filter(code => code === 'INPUT_INVALID')).toHaveLength(2)
  expect(await contentsOf(house)).toHaveLength(2)
  expect((await house.get('/metrics', as('monitoring'))).text).toContain(
    'member="front-office",code="RATE_LIMITED"} 8',
  )
})

it('a month of refusals is in the report of how agreements are used', async () => {
  await lookup({ 'mpp-purpose': undefined })
  const { text } = await house.get('/v1/reports/usage?month=2026-09', as('inspection'))
  expect(JSON.parse(text)).toMatchObject({
    lines: [{ agreement: null, member: 'front-office', purpose: null, outcome: 'CONTEXT_MISSING', count: 1 }],
  })
})
