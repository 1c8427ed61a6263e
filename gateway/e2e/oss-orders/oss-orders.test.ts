/** Orders at the stand-in OSS: what the adapter sends it takes, what it says the adapter reads, and a lost answer is found out. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { licenceIssue, licenceReportStatus, licenceUpdate } from '#contracts/licence-orders.ts'
import type { Order, Submission } from '#contracts/submission.ts'
import { createUpstream, type Upstream } from '#gateway/upstream/upstream.ts'
import adapter from '../../../adapters/oss/adapter.ts'
import { credentials, startOss, type Oss } from '../../../mocks/oss/server.ts'

const licenceId = 'I-2026010508000000000002'
let oss: Oss
let upstream: Upstream

beforeAll(async () => {
  oss = await startOss()
})
afterAll(() => oss.close())
beforeEach(() => {
  oss.clearWeather()
  oss.resetRegister()
  oss.setLicenceStatus(licenceId, '45')
  upstream = createUpstream({
    id: 'oss',
    adapter,
    baseUrl: oss.url,
    config: adapter.config.parse({ userKey: credentials.user_key }),
    policy: { ...adapter.policy, retries: 0 },
    timeZone: 'Asia/Jakarta',
  })
})
afterEach(() => upstream.close())

type Any = Submission<any, any>

const order = ({ input, example }: Any, changes: object = {}): Order => ({
  id: '019b0000-0000-7000-8000-000000000001',
  input: input.parse({ ...example.input, licenceId, ...changes }),
  acceptedAt: Date.now(),
  reference: undefined,
  isAccepted: false,
  attachments: {},
})
const deliver = (submission: Any, given: Order, ms = 5_000) =>
  upstream.deliver(
    submission,
    given,
    () => ms,
    () => Promise.resolve(),
  )
const follow = (submission: Any, given: Order) => upstream.follow(submission, given, () => 5_000)

const followed: readonly (readonly [string, Any])[] = [
  ['licence.issue', licenceIssue],
  ['licence.report-status', licenceReportStatus],
]

describe.each([...followed, ['licence.update', licenceUpdate]] as const)('%s', (id, submission: Any) => {
  it('is taken, with one effect', async () => {
    const state = id === 'licence.issue' ? 'accepted' : 'confirmed'
    expect(await deliver(submission, order(submission))).toMatchObject({ state, result: { licenceId } })
    expect(oss.effects).toHaveLength(1)
  })

  it('of a licence that OSS does not have is refused', async () => {
    const unknown = order(submission, { licenceId: 'I-2026010508000000000099' })
    await expect(deliver(submission, unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('of a business with another id is refused', async () => {
    const wrong = order(submission, { ossId: 'P02-202601050800000000002' })
    await expect(deliver(submission, wrong)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(oss.effects).toEqual([])
  })
})

describe.each(followed)('%s, its answer lost', (_, submission) => {
  test.each([
    'reset',
    'truncated',
    'lost=502',
    'acted-payload-failed',
    'acted-gateway-timeout',
    'empty',
    'hang',
  ])('%s', async weather => {
    const given = order(submission)
    if (weather === 'empty') oss.setLicenceStatus(licenceId, '09')
    oss.setWeather(weather, { calls: 1 })
    const { sent } = (await deliver(submission, given, 2_000).catch((error: unknown) => error)) as {
      sent?: string
    }
    expect(sent).not.toBe('no')

    // It is not sent again: OSS is asked.
    const { state } = await follow(submission, given)
    const hasActed = oss.effects.length > 0
    expect([hasActed, state]).toEqual(weather === 'empty' ? [false, 'absent'] : [true, 'confirmed'])
  })
})

it('a decision is followed from step to step', async () => {
  const given = { ...order(licenceIssue), isAccepted: true }
  const seen: unknown[] = []
  for (const status of ['10', '41', '42', '43', '44', '58', '77', '57']) {
    oss.setLicenceStatus(licenceId, status)
    const { state, agencyState, clock } = await follow(licenceIssue, given)
    seen.push([agencyState, state, clock])
  }
  expect(seen).toEqual([
    ['10', 'accepted', undefined],
    ['41', 'accepted', 'pause'],
    ['42', 'accepted', 'resume'],
    ['43', 'accepted', 'reset'],
    ['44', 'accepted', 'restart'],
    ['58', 'unlisted', undefined],
    ['77', 'unlisted', undefined],
    ['57', 'confirmed', 'approved-by-silence'],
  ])
})
