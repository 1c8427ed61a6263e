/** What is wrong with an order is told at once and whole, nothing of it is kept, and its key is still to be used. */
import { expect, it, onTestFinished } from 'vitest'
import { licenceIssue } from '#contracts/licence-orders.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, memberOf, startHouse } from '#gateway/testing/house.ts'
import oss from '../../../adapters/oss/adapter.ts'
import { credentials, startOss } from '../../../mocks/oss/server.ts'
import { type Counter, openCounter, openDesk, permit, permitAgreement } from './counter.ts'

const key = 'b7c9a1e4-0000-4000-8000-000000000002'

/** Nothing is kept, and the same key brings the right order. */
async function expectUntouched(counter: Counter): Promise<void> {
  expect(await counter.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 10)).toEqual([])
  const right = await counter.order(key)
  expect(right.status).toBe(202)
  expect(right.headers.get('idempotency-replayed')).toBeNull()
}

const unknownPaper = { requirement: 'kk', attachment: 'att_AAAAAAAAAAAAAAAAAAAAAA' }

it.each([
  ['no JSON', '{"nik":', 400, { code: 'BODY_MALFORMED' }],
  ['no object', '[]', 422, { code: 'INPUT_INVALID' }],
  [
    'every field that is wrong',
    { nik: '99990115', text: '', permit: 7, colour: 'red', documents: [{ requirement: 'KTP el' }] },
    422,
    {
      code: 'INPUT_INVALID',
      errors: expect.arrayContaining(
        ['/nik', '/text', '/permit', '/colour', '/documents/0/requirement'].map(pointer =>
          expect.objectContaining({ pointer }),
        ),
      ),
    },
  ],
  [
    'papers that nobody uploaded',
    { ...permit, documents: [{ requirement: 'ktp' }, unknownPaper] },
    422,
    {
      code: 'INPUT_INVALID',
      errors: [{ pointer: '/documents/1/attachment', detail: expect.stringContaining('upload it') }],
    },
  ],
  [
    'a paper that the service does not ask for',
    { ...permit, text: 'nib', documents: [{ requirement: 'ktp' }, { requirement: 'nib' }] },
    422,
    {
      code: 'INPUT_INVALID',
      errors: [
        {
          pointer: '/documents/1/requirement',
          detail: expect.stringMatching(/: ktp, kk, birth-deed-or-diploma/),
        },
      ],
    },
  ],
])('refuses %s', async (_, input, status, problem) => {
  const desk = await openDesk()
  const counter = await openCounter(desk.url)
  expect(await counter.order(key, input)).toMatchObject({ status, body: problem })
  await expectUntouched(counter)
})

it.each([
  [
    'without a key',
    { 'idempotency-key': undefined },
    400,
    {
      code: 'IDEMPOTENCY_KEY_MISSING',
      errors: [{ header: 'Idempotency-Key', detail: expect.stringContaining('8 to 128') }],
    },
  ],
  ['with a key that is too short', { 'idempotency-key': '17' }, 400, { code: 'IDEMPOTENCY_KEY_MISSING' }],
  [
    'without saying who and why',
    { 'mpp-officer': undefined, 'mpp-purpose': undefined },
    422,
    { code: 'CONTEXT_MISSING', errors: [{ header: 'Mpp-Purpose' }, { header: 'Mpp-Officer' }] },
  ],
  [
    'for a service that nobody offers',
    { 'mpp-purpose': 'moon.visit' },
    403,
    { code: 'NOT_GRANTED', reason: 'SERVICE_UNKNOWN', errors: [{ header: 'Mpp-Purpose' }] },
  ],
  [
    'for a purpose that is not granted',
    { 'mpp-purpose': 'skck.renewal' },
    403,
    { code: 'NOT_GRANTED', reason: 'PURPOSE_NOT_GRANTED' },
  ],
  [
    'of a member without an agreement',
    as('health-desk'),
    403,
    { code: 'NOT_GRANTED', reason: 'AGREEMENT_MISSING' },
  ],
])('refuses an order %s', async (_, headers, status, problem) => {
  const desk = await openDesk()
  const counter = await openCounter(desk.url)
  expect(await counter.order(key, permit, headers)).toMatchObject({ status, body: problem })
  await expectUntouched(counter)
})

it('refuses an order under an agreement that is suspended, until it is so no more', async () => {
  let suspendedBy: readonly ('upstream' | 'member')[] = ['upstream']
  const agreements = () => [{ ...permitAgreement(), suspendedBy }]
  const desk = await openDesk()
  const counter = await openCounter(desk.url, { agreements: agreements(), readAgreements: agreements })
  expect((await counter.order(key)).body).toMatchObject({
    code: 'NOT_GRANTED',
    reason: 'AGREEMENT_SUSPENDED',
  })
  suspendedBy = []
  await counter.ask('/v1/operator/reload', '', { ...as('operations'), 'mpp-case': undefined })
  await expectUntouched(counter)
})

it('takes links at the origins of the member only, and fetches none', async () => {
  const agency = await startOss()
  onTestFinished(() => agency.close())
  const office = memberOf('front-office', ['member'])
  await using house = await startHouse({
    upstreams: [{ id: 'oss', adapter: oss, baseUrl: agency.url, config: { userKey: credentials.user_key } }],
    agreements: [agreement({ upstream: 'oss' })],
    settings: { members: [{ ...office, documentOrigins: new Set(['https://dokumen.mpp.example']) }] },
  })
  const licence = { ...licenceIssue.example.input, licenceId: 'I-2026010508000000000002' }
  const visit = await house.openCase({ members: [] })
  const order = (input: object) =>
    house.ask(licenceIssue.path, input, { 'idempotency-key': key, 'mpp-case': visit })

  const document = 'https://dokumen.mpp.example.evil.example/izin.pdf'
  const foreign = await order({ ...licence, document, attachment: 'https://127.0.0.1/izin.pdf' })
  expect(foreign).toMatchObject({
    status: 422,
    body: {
      code: 'INPUT_INVALID',
      errors: [
        { pointer: '/document', detail: expect.stringContaining('https://dokumen.mpp.example)') },
        { pointer: '/attachment' },
      ],
    },
  })
  expect(agency.effects).toEqual([])
  expect(await order(licence)).toMatchObject({ status: 202 })
})
