import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, it, type Mock, onTestFinished, vi } from 'vitest'
import type { SubmissionState } from '#contracts/submission.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Store } from '#gateway/store/store.ts'
import { acceptOrder, moveTo } from '#gateway/store/test-order.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { startReceiver, type Told } from '#gateway/testing/webhook-receiver.ts'
import { createTeller, type Teller, type TellerSettings, type Webhook } from './teller.ts'

let store: Store
let metrics: { webhook: Mock<Metrics['webhook']> }
const secret = Buffer.alloc(32, 'secret')

beforeEach(() => {
  store = createMemoryStore(Buffer.alloc(32, 'ledger'))
  metrics = { webhook: vi.fn() }
})

function start(url: string, settings: Partial<TellerSettings> = {}, changes: Partial<Webhook> = {}): Teller {
  const teller = createTeller(
    { id: 'hook', member: 'polres', url, secrets: [secret], ...changes },
    {
      store,
      log: { info() {}, warn() {}, error() {} },
      metrics,
      now: Date.now,
      settings: { lookMs: 10, waitsMs: [1, 1, 1], ...settings },
    },
  )
  onTestFinished(() => teller.close())
  return teller
}

/** It is told from now on. */
const begun = () => vi.waitFor(async () => expect(await store.readWebhook('hook')).toBeDefined())

async function order(...states: SubmissionState[]): Promise<string> {
  let row = await acceptOrder(store)
  for (const state of states) row = await moveTo(store, row, state)
  return row.id
}

const logged = async () => (await store.readEvents(0, 1_000, 'polres')).map(({ id }) => id)
const idsOf = (told: readonly Told[]) => told.map(({ event }) => event.id)
const isTold = () =>
  vi.waitFor(async () =>
    expect((await store.readWebhook('hook'))!.position).toBe(await store.lastEventPosition()),
  )

it('tells what happens, in order, signed, with ids, states and codes', async () => {
  const { url, told, hears } = await startReceiver()
  await order('confirmed') // before there was a webhook
  start(url)
  await begun()
  const submission = await order('sending', 'accepted', 'confirmed')
  await hears(4)
  await isTold()

  expect(idsOf(told)).toEqual((await logged()).slice(2))
  expect(told.map(({ event }) => event.type)).toEqual([
    'submission.queued',
    'submission.sending',
    'submission.accepted',
    'submission.confirmed',
  ])
  const { event, headers, body, path } = told[3]!
  expect(event).toEqual({
    id: event.id,
    type: 'submission.confirmed',
    at: '2026-09-21T14:13:20.000Z',
    submission,
    capability: 'loss-report.file',
    case: 'a case',
    state: 'confirmed',
    reason: expect.any(String),
  })
  expect(path).toBe('/orders/told')
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': event.id })
  const signed = `${event.id}.${String(headers['webhook-timestamp'])}.${body}`
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
  )
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60)
})

it("tells its member's events of its types, and nothing else", async () => {
  const { url, told, hears } = await startReceiver()
  start(url, {}, { types: new Set(['submission.confirmed']) })
  await begun()
  await acceptOrder(store, { member: 'health-desk' })
  const first = await order('sending', 'confirmed')
  const second = await order('confirmed')
  await hears(2)
  await acceptOrder(store, { member: 'health-desk' })
  await order('rejected')
  await vi.waitFor(async () => {
    const last = (await store.readEvents(0, 1_000, 'polres')).at(-1)!
    expect((await store.readWebhook('hook'))!.position).toBe(last.position)
  })
  expect(told.map(({ event }) => [event.type, event.submission])).toEqual([
    ['submission.confirmed', first],
    ['submission.confirmed', second],
  ])
})

describe('an endpoint that is away', () => {
  it('is told all of it afterwards, in order', async () => {
    const port = await closedPort()
    const away = start(`http://127.0.0.1:${port}/`, { waitsMs: Array<number>(100_000).fill(5) })
    await begun()
    for (let count = 0; count < 40; count += 1) await order('sending', 'confirmed')
    await vi.waitFor(async () => expect((await store.readWebhook('hook'))!.failures).toBeGreaterThan(2))
    await away.close()

    const { url, told, hears } = await startReceiver()
    start(url)
    await hears(120)
    expect(idsOf(told)).toEqual(await logged())
    expect(await store.readDeadEvents('hook', 10)).toEqual([])
  })

  it.each([
    ['500', 500 as const],
    ['302, which is not followed', 302 as const],
  ])('by a %s is tried again with the same id and body, and a new signature in time', async (_, status) => {
    const { url, told, hears } = await startReceiver((_, attempt) => (attempt < 3 ? status : 200))
    start(url)
    await begun()
    await order()
    await hears(3)
    await isTold()
    expect(new Set(idsOf(told)).size).toBe(1)
    expect(new Set(told.map(({ body }) => body)).size).toBe(1)
    expect(await store.readWebhook('hook')).toMatchObject({ failures: 0 })
    expect(metrics.webhook.mock.calls.map(([{ outcome }]) => outcome)).toEqual(['failed', 'failed', 'ok'])
  })

  it('by never answering holds nothing up for longer than its time', async () => {
    const { url, told, hears } = await startReceiver((_, attempt) => (attempt === 1 ? 'hang' : 200))
    start(url, { timeoutMs: 100 })
    await begun()
    await order()
    await hears(2)
    await isTold()
    expect(new Set(idsOf(told)).size).toBe(1)
  })

  it('waits out its time, whatever happens meanwhile, unless it is told to try again', async () => {
    const { url, told, hears } = await startReceiver((_, attempt) => (attempt === 1 ? 503 : 200))
    const teller = start(url, { waitsMs: [1_000_000] })
    await begun()
    await order()
    await hears(1)
    await vi.waitFor(async () => expect((await store.readWebhook('hook'))!.failures).toBe(1))
    await order()
    for (let count = 0; count < 5; count += 1) teller.nudge()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(told).toHaveLength(1)

    const { revision } = (await store.readWebhook('hook'))!
    await store.moveWebhook('hook', revision, { dueInMs: 0 })
    teller.retry()
    await hears(3)
    expect(idsOf(told).slice(1)).toEqual(await logged())
  })
})

describe('what an endpoint does not take', () => {
  it('goes to the dead letters when its schedule is over, and the next is told', async () => {
    const { url, told } = await startReceiver(({ event }) => (event.type.endsWith('sending') ? 500 : 200))
    start(url)
    await begun()
    await order('sending', 'confirmed')
    await isTold()
    const ids = await logged()
    expect(idsOf(told)).toEqual([ids[0], ids[1], ids[1], ids[1], ids[1], ids[2]])
    expect(await store.readDeadEvents('hook', 10)).toMatchObject([{ position: 2, reason: 'HTTP_500' }])
    expect(metrics.webhook).toHaveBeenCalledWith({ webhook: 'hook', outcome: 'dead' })
  })

  it('and says so itself, goes there sooner', async () => {
    const { url, told } = await startReceiver(({ event }) => (event.type.endsWith('sending') ? 410 : 200))
    start(url, { mostRefusals: 2 })
    await begun()
    await order('sending', 'confirmed')
    await isTold()
    const ids = await logged()
    expect(idsOf(told)).toEqual([ids[0], ids[1], ids[1], ids[2]])
    expect(await store.readDeadEvents('hook', 10)).toMatchObject([{ position: 2, reason: 'HTTP_410' }])
  })
})

describe('several tellers', () => {
  it('tell everything once, in order', async () => {
    const { url, told } = await startReceiver()
    for (let count = 0; count < 4; count += 1) start(url)
    await begun()
    for (let count = 0; count < 50; count += 1) await order('sending', 'confirmed')
    await isTold()
    expect(idsOf(told)).toEqual(await logged())
  })

  it('tell again what one of them told and could not put on record any more', async () => {
    const { url, told, hears } = await startReceiver()
    const moveWebhook = vi.spyOn(store, 'moveWebhook')
    const first = start(url, { timeoutMs: 50, leaseMarginMs: 50 })
    await begun()
    await vi.waitFor(() => expect(moveWebhook).toHaveBeenCalled())
    moveWebhook.mockRejectedValue(new Error('killed'))
    await order('confirmed')
    await hears(1)
    moveWebhook.mockRestore()
    await first.close()
    start(url)
    await isTold()
    const [queued, confirmed] = await logged()
    expect(new Set(idsOf(told).slice(0, -1))).toEqual(new Set([queued]))
    expect(told.length).toBeGreaterThanOrEqual(3)
    expect(idsOf(told).at(-1)).toBe(confirmed)
  })
})
