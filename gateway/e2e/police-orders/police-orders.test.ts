/** The police's three orders before the stand-in police: what the adapter sends they take, and what they say it reads. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drivingLicenceRenew } from '#contracts/driving-licence.ts'
import { lossReportFile } from '#contracts/loss-report.ts'
import { policeRecordRequest } from '#contracts/police-record.ts'
import type { Order, Submission } from '#contracts/submission.ts'
import { createUpstream, type Upstream } from '#gateway/upstream/upstream.ts'
import adapter from '../../../adapters/polri/adapter.ts'
import { credentials, startPolri, type Polri } from '../../../mocks/polri/server.ts'

let polri: Polri
let upstream: Upstream
beforeAll(async () => {
  polri = await startPolri()
  upstream = createUpstream({
    id: 'polri',
    adapter,
    baseUrl: polri.url,
    config: adapter.config.parse(credentials),
    policy: { ...adapter.policy, deadlineMs: 1_000 },
    timeZone: 'Asia/Jakarta',
  })
})
afterAll(async () => {
  await upstream.close()
  await polri.close()
})

const remaining = () => 5_000
const begun = async () => {}
let count = 0

function newOrder({ input, example }: Submission): Order {
  count += 1
  return {
    id: `01997b6e-4d00-7000-8000-${String(count).padStart(12, '0')}`,
    input: input.parse(example.input),
    acceptedAt: Date.now(),
    reference: undefined,
    isAccepted: false,
    attachments: {},
  }
}
const effectsOf = ({ id }: Order) => polri.orders().filter(({ reference }) => reference === id)

describe.each([
  [lossReportFile, [['TERBIT', 'confirmed', undefined]]],
  [
    policeRecordRequest,
    [
      ['TERBAYAR', 'accepted', 'resume'],
      ['PENELITIAN_CATATAN', 'accepted', 'resume'],
      ['SIDIK_JARI', 'accepted', 'pause'],
      ['TERBIT', 'confirmed', undefined],
    ],
  ],
  [
    drivingLicenceRenew,
    [
      ['TERBAYAR', 'accepted', 'resume'],
      ['TERBIT', 'confirmed', undefined],
    ],
  ],
] as const)('$id', (declared, steps) => {
  const submission = declared as unknown as Submission

  it('is taken, followed to its end, and done once', async () => {
    const order = newOrder(submission)
    const taken = await upstream.deliver(submission, order, remaining, begun)
    expect(taken).toMatchObject({ state: 'accepted', agencyState: 'TERDAFTAR', result: {} })
    const known = { ...order, reference: taken.reference, isAccepted: true }
    for (const [agencyState, state, clock] of steps) {
      polri.steerOrder(order.id, 'advance')
      const progress = await upstream.follow(submission, known, remaining)
      expect(progress).toMatchObject({ agencyState, state, reference: taken.reference })
      expect(progress.clock).toBe(clock)
    }
    expect(effectsOf(order)).toHaveLength(1)
  })

  it('is refused, or in a state in no list, or forgotten', async () => {
    const order = newOrder(submission)
    await upstream.deliver(submission, order, remaining, begun)
    polri.steerOrder(order.id, 'DITOLAK')
    expect(await upstream.follow(submission, order, remaining)).toMatchObject({ state: 'rejected' })
    polri.steerOrder(order.id, 'DIARSIPKAN')
    expect(await upstream.follow(submission, order, remaining)).toMatchObject({ state: 'unlisted' })
    polri.steerOrder(order.id, 'forget')
    expect(await upstream.follow(submission, order, remaining)).toEqual({ state: 'absent' })
  })

  it.each(['reset', 'truncated', 'hang', 'lost=504', 'mixed-up'])(
    'is found where it was done and nobody heard of it: %s',
    async weather => {
      const order = newOrder(submission)
      polri.setWeather(weather, { calls: 1 })
      await expect(upstream.deliver(submission, order, remaining, begun)).rejects.toMatchObject({
        code: expect.stringMatching(/^UPSTREAM_/),
      })
      expect(effectsOf(order)).toHaveLength(1)
      expect(await upstream.follow(submission, order, remaining)).toMatchObject({ state: 'accepted' })
    },
  )

  it('is absent where it never got there', async () => {
    const order = newOrder(submission)
    polri.setWeather('empty', { calls: 1 })
    await expect(upstream.deliver(submission, order, remaining, begun)).rejects.toThrow()
    expect(effectsOf(order)).toEqual([])
    expect(await upstream.follow(submission, order, remaining)).toEqual({ state: 'absent' })
  })
})

it('is answered with a "no" where the form does not suit the police', async () => {
  const submission = drivingLicenceRenew as unknown as Submission
  const order = newOrder(submission)
  const licence = { number: '999999010002', class: 'a' }
  const theirs = { ...order, input: { ...order.input, licence } }
  await expect(upstream.deliver(submission, theirs, remaining, begun)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    sent: 'yes',
  })
})
