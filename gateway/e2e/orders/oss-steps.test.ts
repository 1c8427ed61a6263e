/** The decision on a licence, from the counter through the steps of OSS to its end: states, and the clock of its service. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { licenceIssue } from '#contracts/licence-orders.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { type House, startHouse } from '#gateway/testing/house.ts'
import { service } from '#gateway/testing/services.ts'
import oss from '../../../adapters/oss/adapter.ts'
import { credentials, inboundCredentials, type Oss, startOss } from '../../../mocks/oss/server.ts'

const { document: _, ...decision } = licenceIssue.example.input
const nib = decision.nib
const licenceId = 'I-2026010508000000000002'

const hourMs = 60 * 60_000
/** How often OSS is asked. */
const everyMs = 5 * 60_000
const at = (instant: string): string => new Date(instant).toISOString()

/** Five working days, at eight hours each. */
const services = new Map([
  [
    'skck.new',
    service('skck.new', {
      time: {
        promised: { amount: 5, unit: 'workingDays' },
        source: { id: 'contoh', en: 'example' },
        toBeConfirmed: false,
      },
    }),
  ],
])

let agency: Oss
let house: House
let id: string

const read = async () => (await house.get(`/v1/submissions/${id}`)).body as Record<string, any>
const becomes = (state: string) =>
  vi.waitFor(async () => {
    const { state: is } = await read()
    if (is !== state) throw new Error(`it is ${is}`)
  }, tries)
const tries = { timeout: 20_000, interval: 10 }

/** What OSS says of the licence at a time, and the order once it has been asked. */
async function atOss(status: string, instant: string) {
  agency.setLicenceStatus(licenceId, status)
  const before = agency.calls['checkLicenseStatus'] ?? 0
  house.clock.leap(Date.parse(instant) - house.clock.now())
  await vi.waitFor(() => expect(agency.calls['checkLicenseStatus']).toBe(before + 1), tries)
  // It was answered: whatever it meant is kept when the order is to be looked at again, or ended.
  await vi.waitFor(async () => {
    const { dueAt } = (await house.store.findSubmission(id))!
    expect([null, house.clock.now() + everyMs]).toContain(dueAt)
  }, tries)
  const { state, service, history } = await read()
  return { state, clock: service.clock, last: history.at(-1), warnings: warningsIn(history) }
}

const warningsIn = (history: readonly any[]): readonly string[] =>
  history.flatMap(({ type, agencyState }) => (type === 'submission.unlisted' ? [agencyState] : []))

/** On Monday at 9.00 the decision is handed to OSS, which has it. */
beforeEach(async () => {
  agency = await startOss()
  house = await startHouse({
    upstreams: [
      {
        id: 'oss',
        adapter: oss,
        baseUrl: agency.url,
        config: { userKey: credentials.user_key },
        inbound: { allowFrom: ['127.0.0.1'], config: inboundCredentials },
      },
    ],
    agreements: [agreement({ upstream: 'oss' })],
    settings: { services },
    delivery: { pollMs: 20 },
  })
  const { body } = await house.ask(
    licenceIssue.path,
    { ...decision, licenceId },
    { 'idempotency-key': 'decision-1' },
  )
  ;({ id } = body as { id: string })
  await becomes('accepted')
  return async () => {
    await house.close()
    await agency.close()
  }
})

it('goes on, stands still, goes on again and is done: 10, 41, 42, 50', async () => {
  expect(await atOss('10', '2026-09-21T10:00+07:00')).toMatchObject({
    state: 'accepted',
    clock: { state: 'running', elapsedMs: hourMs, dueAt: at('2026-09-28T09:00+07:00') },
    last: { type: 'submission.step', agencyState: '10' },
  })
  // From Monday noon to Tuesday noon the applicant is asked for something: that time does not count.
  expect(await atOss('41', '2026-09-21T12:00+07:00')).toMatchObject({
    state: 'accepted',
    clock: { state: 'paused', elapsedMs: 3 * hourMs, dueAt: null },
    last: { type: 'submission.step', agencyState: '41', clock: 'pause' },
  })
  expect(await atOss('41', '2026-09-22T09:00+07:00')).toMatchObject({
    clock: { state: 'paused', elapsedMs: 3 * hourMs },
  })
  expect(await atOss('42', '2026-09-22T12:00+07:00')).toMatchObject({
    state: 'accepted',
    clock: {
      state: 'running',
      elapsedMs: 3 * hourMs,
      dueAt: at('2026-09-29T09:00+07:00'),
      pauses: [{ from: at('2026-09-21T12:00+07:00'), until: at('2026-09-22T12:00+07:00'), reason: '41' }],
    },
    last: { agencyState: '42', clock: 'resume' },
  })
  expect(await atOss('50', '2026-09-22T15:00+07:00')).toMatchObject({
    state: 'confirmed',
    clock: { state: 'done', elapsedMs: 6 * hourMs, isLate: false, finishedAt: at('2026-09-22T15:00+07:00') },
    last: { type: 'submission.confirmed', agencyState: '50', clock: 'done' },
  })
  // A step is told once, however often OSS is asked.
  const { history } = await read()
  expect(history.map(({ type }: any) => type.replace('submission.', ''))).toEqual([
    'queued',
    'sending',
    'accepted',
    'step',
    'step',
    'step',
    'confirmed',
  ])
  expect(agency.effects).toHaveLength(1)
})

it('is approved by silence when OSS says that the time ran out: 57', async () => {
  await atOss('10', '2026-09-21T10:00+07:00')
  expect(await atOss('57', '2026-09-28T10:00+07:00')).toMatchObject({
    state: 'confirmed',
    clock: { state: 'approved-by-silence', isLate: true, remainingMs: -hourMs },
    last: { type: 'submission.confirmed', agencyState: '57', clock: 'approved-by-silence' },
  })
})

describe('a code that no table has', () => {
  it.each(['58', '77'])('warns once, and changes nothing: %s', async code => {
    await atOss('41', '2026-09-21T10:00+07:00')
    const odd = await atOss(code, '2026-09-21T11:00+07:00')
    expect(odd).toMatchObject({
      state: 'accepted',
      clock: { state: 'paused', elapsedMs: hourMs },
      last: { type: 'submission.unlisted', state: 'accepted', agencyState: code },
      warnings: [code],
    })
    expect((await atOss(code, '2026-09-21T12:00+07:00')).warnings).toEqual([code])
    expect(await atOss('42', '2026-09-21T13:00+07:00')).toMatchObject({
      state: 'accepted',
      clock: { state: 'running', elapsedMs: hourMs },
    })
  })
})

describe("OSS's own notice that a licence was signed", () => {
  const push = (id_izin: string) =>
    agency.push(`${house.url}/inbound/oss/receiveFileDS`, { nib, id_izin, date: '20260921' })

  it('has OSS asked at once', async () => {
    expect(agency.calls['checkLicenseStatus']).toBeUndefined()
    await push(licenceId)
    await becomes('confirmed')
  })

  it('is not in vain when it comes while nobody can be asked', async () => {
    agency.setWeather('gateway-timeout')
    await push(licenceId)
    await vi.waitFor(() => expect(agency.calls['checkLicenseStatus']).toBeGreaterThan(0), tries)
    agency.clearWeather()
    expect(await read()).toMatchObject({ state: 'accepted' })
    await vi.waitFor(async () => {
      house.clock.leap(everyMs)
      expect(await read()).toMatchObject({ state: 'confirmed' })
    }, tries)
  })
})
