import { randomUUIDv7 } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { isFinal, type SubmissionState } from '#contracts/submission.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { createEvidence, type Evidence, type LedgerContent } from '#gateway/ledger/evidence.ts'
import { createLog } from '#gateway/log.ts'
import { createSealer } from '#gateway/sealing.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import {
  deskAdapter,
  type Manner,
  muteDeskAdapter,
  type OrderDesk,
  startOrderDesk,
} from '#gateway/testing/order-desk.ts'
import { createUpstream } from '#gateway/upstream/upstream.ts'
import { byOperator } from './by-hand.ts'
import { openContent, sealContent } from './content.ts'
import { createDelivery, type Delivery, type DeliverySettings } from './delivery.ts'
import { stateEvent } from './events.ts'
import { backoffMs } from './outcome.ts'

const sealer = createSealer([{ id: 'test', key: Buffer.alloc(32, 'sealing') }])
const subject = 'keyed-hash-of-somebody'
let store: Store
let desk: OrderDesk

beforeEach(async () => {
  store = createMemoryStore(Buffer.alloc(32, 'ledger'))
  desk = await startOrderDesk()
})
afterEach(() => desk.close())

interface WorkerOptions {
  readonly adapter?: ReturnType<typeof deskAdapter>
  readonly over?: Partial<Store>
  readonly refusal?: string
  readonly evidence?: Evidence
  readonly pausedForMs?: () => number
  readonly settings?: Partial<DeliverySettings>
}

function startWorker(options: WorkerOptions = {}): Delivery {
  const { adapter = deskAdapter({ follow: { settleSeconds: 0.3, everySeconds: 0.1 } }) } = options
  const upstream = createUpstream({
    id: 'desk',
    adapter,
    baseUrl: desk.url,
    config: {},
    policy: { ...adapter.policy, deadlineMs: 300 },
    timeZone: 'Asia/Jakarta',
  })
  const worker = createDelivery({
    store: { ...store, ...options.over },
    upstreams: [{ ...upstream, ...(options.pausedForMs && { pausedForMs: options.pausedForMs }) }],
    sealer,
    evidence: options.evidence ?? createEvidence(store),
    refusalOf: () => options.refusal,
    log: createLog({ write: () => {} }),
    metrics: { submissionAttempt() {}, submissionUnlisted() {} },
    onMove: () => {},
    pace: {
      places: () => 8,
      pauseMs: () => 0,
      onTaken() {},
      onRequest() {},
      onAppend: append => append,
      close() {},
    },
    now: Date.now,
    settings: { pollMs: 20, leaseMarginMs: 200, ...options.settings },
  })
  worker.start()
  onTestFinished(async () => {
    await worker.close()
    await upstream.close()
  })
  return worker
}

async function order(changes: { orderKey?: string; acceptedAt?: number } = {}): Promise<string> {
  const id = randomUUIDv7()
  const at = changes.acceptedAt ?? Date.now()
  await store.acceptSubmission(
    {
      id,
      capability: 'permit.order',
      upstream: 'desk',
      member: 'front-office',
      case: 'case_1',
      purpose: 'permit.new',
      agreement: 'pks-1',
      orderKey: changes.orderKey ?? null,
      subjects: [subject],
      acceptedAt: at,
      state: 'queued',
      awaits: 'gateway',
      dueInMs: 0,
      sealed: sealContent(sealer, id, {
        input: { nik: '9999011501900001', text: 'LAPAK' },
        counter: 'A-03',
        officer: 'o-7f3a',
        ordered: { key: 'k1' },
        documents: [],
        standard: {},
      }),
      attachments: [],
    },
    { key: id, fingerprint: id, lastsMs: 1_000 },
    stateEvent(at, { state: 'queued' }),
  )
  return id
}

const find = async (id: string): Promise<SubmissionRow> => (await store.findSubmission(id))!

const becomes = (id: string, state: SubmissionState) =>
  vi.waitFor(async () => expect((await find(id)).state).toBe(state), { timeout: 10_000, interval: 10 })

const storyOf = async (id: string): Promise<readonly string[]> =>
  (await store.readSubmissionEvents(id)).map(({ type }) => type.replace('submission.', ''))

const ledger = async (): Promise<readonly LedgerContent[]> =>
  (await store.readLedger(0, 1_000)).map(({ content }) => JSON.parse(content!) as LedgerContent)

const effectsOf = (id: string): number => desk.effects.filter(effect => effect === id).length

describe('an order that the agency takes', () => {
  it('is confirmed at once where the agency ends it at once', async () => {
    desk.takes('finish')
    const id = await order()
    startWorker()
    await becomes(id, 'confirmed')
    expect(await storyOf(id)).toEqual(['queued', 'sending', 'confirmed'])
    const row = await find(id)
    expect(row).toMatchObject({ attempts: 1, awaits: null, dueAt: null })
    expect(openContent(sealer, row)).toMatchObject({
      reference: `P-${id}`,
      result: { permitNumber: `P-${id}` },
    })
    expect(await ledger()).toEqual([
      expect.objectContaining({ kind: 'submission', outcome: 'ordered', submission: id }),
      expect.objectContaining({ kind: 'effect', outcome: 'confirmed', submission: id, subjects: [subject] }),
    ])
  })

  it('is followed until it ends, each step told once', async () => {
    const id = await order()
    startWorker()
    await becomes(id, 'accepted')
    desk.sets(id, 'waiting')
    await vi.waitFor(async () => expect(await storyOf(id)).toContain('step'))
    desk.sets(id, 'done')
    await becomes(id, 'confirmed')
    expect(await storyOf(id)).toEqual(['queued', 'sending', 'accepted', 'step', 'confirmed'])
    expect((await store.readSubmissionEvents(id))[3]!.content).toEqual({
      state: 'accepted',
      agencyState: 'waiting',
      clock: 'pause',
    })
  })

  it('is written again only where the agency says something new', async () => {
    const id = await order()
    const writes: string[] = []
    startWorker({
      over: {
        readSubmissionEvents() {
          throw new Error('what happened to an order before is not read for its next step')
        },
        async moveSubmission(...parameters) {
          writes.push(Object.keys(parameters[2]).includes('sealed') ? 'content' : 'nothing new')
          return store.moveSubmission(...parameters)
        },
      },
    })
    await becomes(id, 'accepted')
    writes.length = 0
    await vi.waitFor(() => expect(writes.length).toBeGreaterThan(2), { timeout: 5_000 })
    expect(new Set(writes)).toEqual(new Set(['nothing new']))
    for (const word of ['waiting', 'taken', 'waiting']) {
      desk.sets(id, word)
      await vi.waitFor(async () =>
        expect((await store.readSubmissionEvents(id)).at(-1)!.content).toMatchObject({ agencyState: word }),
      )
    }
    expect(await storyOf(id)).toEqual(['queued', 'sending', 'accepted', 'step', 'step', 'step'])
    expect(openContent(sealer, await find(id))).toMatchObject({ agencyState: 'waiting' })
  })

  it('keeps its state at a word that no table has, and warns once', async () => {
    const id = await order()
    startWorker()
    await becomes(id, 'accepted')
    desk.sets(id, 'x58')
    await vi.waitFor(async () => expect(await storyOf(id)).toContain('unlisted'))
    await new Promise(resolve => setTimeout(resolve, 400)) // several more looks
    expect(await storyOf(id)).toEqual(['queued', 'sending', 'accepted', 'unlisted'])
    desk.sets(id, 'done')
    await becomes(id, 'confirmed')
  })

  it('is rejected with the code of an agency that says no', async () => {
    desk.takes('refuse')
    const id = await order()
    startWorker()
    await becomes(id, 'rejected')
    expect((await store.readSubmissionEvents(id)).at(-1)!.content).toEqual({
      state: 'rejected',
      code: 'REJECTED',
      upstreamCode: 'R-1',
      sent: 'yes',
    })
  })
})

describe('an answer that is lost, late or wrong', () => {
  it.each(['act-drop', 'act-hang', 'act-500', 'act-html', 'act-twice-heard'] as const)(
    'is found out by asking: %s',
    async manner => {
      desk.takes(manner)
      const id = await order()
      startWorker()
      await becomes(id, 'uncertain')
      await becomes(id, 'accepted')
      expect(effectsOf(id)).toBe(1)
      expect(desk.calls).toBe(1)
    },
  )

  it.each(['drop', 'hang', '500', 'busy'] as const)(
    'counts as not happened only when it is still unknown after the settle time: %s',
    async manner => {
      desk.takes(manner, 'act')
      const id = await order()
      startWorker()
      await becomes(id, 'accepted')
      expect(effectsOf(id)).toBe(1)
      expect(await storyOf(id)).toEqual(['queued', 'sending', 'uncertain', 'queued', 'sending', 'accepted'])
    },
  )

  it('waits for what the agency shows late', async () => {
    desk.takes('act-hang')
    desk.hides(600)
    const id = await order()
    startWorker({ adapter: deskAdapter({ follow: { settleSeconds: 2, everySeconds: 0.1 } }) })
    await becomes(id, 'accepted')
    expect(effectsOf(id)).toBe(1)
  })

  it('is left to a person where the agency cannot be asked', async () => {
    desk.takes('act-drop')
    const id = await order()
    startWorker({ adapter: muteDeskAdapter() })
    await becomes(id, 'uncertain')
    expect(await find(id)).toMatchObject({ awaits: 'officer', dueAt: null })
    expect(desk.calls).toBe(1)
  })
})

describe('an agency that is away', () => {
  it('gets the order when it is back, and nothing in between', async () => {
    const { port } = new URL(desk.url)
    await desk.close()
    const id = await order()
    startWorker()
    await new Promise(resolve => setTimeout(resolve, 300))
    expect((await find(id)).state).toBe('queued')
    desk = await startOrderDesk(Number(port))
    await store.wakeSubmissions('desk', [subject])
    await vi.waitFor(
      async () => expect(isFinal((await find(id)).state) || (await find(id)).state).toBe('accepted'),
      {
        timeout: 15_000,
      },
    )
    expect(effectsOf(id)).toBe(1)
  }, 20_000)

  it('leaves an order that is too old to an operator, after it was tried', async () => {
    await desk.close()
    const id = await order({ acceptedAt: Date.now() - 10_000 })
    startWorker({ settings: { giveUpMs: 5_000 } })
    await becomes(id, 'dead')
    expect(await find(id)).toMatchObject({ attempts: 1, awaits: 'operator', dueAt: null })
    expect(await storyOf(id)).toEqual(['queued', 'sending', 'attempt-failed', 'dead'])
  })

  it('is not tried while it is left alone, and no order is too old for that', async () => {
    const adapter = deskAdapter({ follow: { settleSeconds: 0.3, everySeconds: 0.1 } })
    const id = await order({ acceptedAt: Date.now() - 10_000 })
    const worker = startWorker({ adapter, settings: { giveUpMs: 5_000 }, pausedForMs: () => 60_000 })
    worker.nudge()
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(await find(id)).toMatchObject({ state: 'queued', attempts: 0 })
    expect(desk.calls).toBe(0)
  })

  it.each([
    ['can be asked', deskAdapter, { state: 'uncertain', awaits: 'gateway' }],
    ['cannot be asked', muteDeskAdapter, { state: 'uncertain', awaits: 'officer', dueAt: null }],
  ])(
    'hears nothing while it is left alone, but what was being sent counts as uncertain: one that %s',
    async (_, adapter, expected) => {
      const id = await order()
      const [row] = await store.takeSubmissions(['desk'], 1, 50)
      await store.moveSubmission(id, row!.revision, { state: 'sending', attempts: 1, dueInMs: 50 }, [])
      const waiting = await order()
      let pausedMs = 60_000
      startWorker({ adapter: adapter(), pausedForMs: () => pausedMs }) // that other one died here
      await becomes(id, 'uncertain')
      await new Promise(resolve => setTimeout(resolve, 200))
      expect(await find(id)).toMatchObject({ ...expected, attempts: 1 })
      expect((await store.readSubmissionEvents(id)).at(-1)!.content).toEqual({
        state: 'uncertain',
        reason: 'ATTEMPT_LOST',
      })
      expect(await find(waiting)).toMatchObject({ state: 'queued', attempts: 0 })
      expect([desk.calls, desk.questions]).toEqual([0, 0])

      pausedMs = 0
      await becomes(waiting, 'accepted')
    },
  )

  it('cannot put an order off for ever', () => {
    expect(backoffMs(0, 4_000_000_000)).toBe(60 * 60_000)
  })
})

it('begins to settle anew with every attempt, whatever the clock of the store says', async () => {
  desk.takes('drop', 'act-hang')
  const id = await order()
  desk.hides(700)
  startWorker({
    adapter: deskAdapter({ follow: { settleSeconds: 1, everySeconds: 0.1 } }),
    over: {
      async takeSubmissions(...parameters) {
        const rows = await store.takeSubmissions(...parameters)
        // From the second attempt on the store says that an hour has passed.
        return rows.map(row =>
          row.attempts > 1 && row.dueAt !== null ? { ...row, dueAt: row.dueAt + 3_600_000 } : row,
        )
      },
    },
  })
  await becomes(id, 'accepted')
  expect(effectsOf(id)).toBe(1)
})

it('hands an order that it cannot read or write to an operator, and sends nothing', async () => {
  const [unreadable, unwritable] = [await order(), await order()]
  const adapter = deskAdapter()
  startWorker({
    adapter: {
      ...adapter,
      operations: (...bind) =>
        adapter.operations(...bind).map(operation => ({
          ...operation,
          specification: {
            ...operation.specification,
            request() {
              throw new TypeError('no such date')
            },
          },
        })),
    },
    over: {
      async takeSubmissions(...parameters) {
        const rows = await store.takeSubmissions(...parameters)
        return rows.map(row =>
          row.id === unreadable ? { ...row, sealed: Buffer.from('\u0001\u0004testnothing of ours') } : row,
        )
      },
    },
  })
  await becomes(unreadable, 'dead')
  await becomes(unwritable, 'dead')
  const reasonOf = async (id: string) => (await store.readSubmissionEvents(id)).at(-1)!.content['reason']
  expect([await reasonOf(unreadable), await reasonOf(unwritable)]).toEqual([
    'CONTENT_UNREADABLE',
    'REQUEST_UNWRITABLE',
  ])
  expect(desk.calls).toBe(0)
})

it('says that it is uncertain, and puts it on record, when the first answer is in no table', async () => {
  desk.takes('act-odd')
  const id = await order()
  startWorker()
  await becomes(id, 'uncertain')
  expect(await storyOf(id)).toEqual(['queued', 'sending', 'uncertain', 'unlisted'])
  expect(await find(id)).toMatchObject({ awaits: 'officer' })
  expect((await ledger()).map(row => 'outcome' in row && row.outcome)).toEqual(['ordered', 'uncertain'])
})

describe('what is heard late of an attempt', () => {
  /** Holds the answer back until the test lets go of it. */
  async function heldBack(manner: Manner, state: SubmissionState) {
    desk.takes(manner)
    const id = await order()
    let letGo!: () => void
    const held = new Promise<void>(resolve => (letGo = resolve))
    startWorker({
      adapter: muteDeskAdapter(),
      over: {
        async moveSubmission(...parameters) {
          if (parameters[2].state === state) await held
          return store.moveSubmission(...parameters)
        },
      },
    })
    await vi.waitFor(async () => expect((await find(id)).state).toBe('sending'))
    await vi.waitFor(() => expect(desk.calls).toBe(1))
    return { id, letGo }
  }

  it.each(['uncertain', 'queued', 'dead'] as const)(
    'that the agency has it, counts where it was taken for %s',
    async state => {
      const { id, letGo } = await heldBack('act', 'accepted')
      const { revision } = await find(id)
      await store.moveSubmission(id, revision, { state, awaits: 'officer', dueInMs: null }, [])
      letGo()
      await becomes(id, 'accepted')
    },
  )

  it('that nothing happened, does not take it out of the hands of an officer', async () => {
    const { id, letGo } = await heldBack('quota', 'queued')
    const { revision } = await find(id)
    const taken = {
      state: 'uncertain',
      awaits: 'officer',
      takenBy: 'front-office/o-1',
      dueInMs: null,
    } as const
    await store.moveSubmission(id, revision, taken, [])
    letGo()
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(await find(id)).toMatchObject({ state: 'uncertain', takenBy: 'front-office/o-1' })
    expect(desk.calls).toBe(1)
  })
})

it('ends what is sent again and again, and begins anew when an operator says so', async () => {
  desk.takes('drop')
  const id = await order()
  startWorker({ settings: { mostAttempts: 2 } })
  await becomes(id, 'dead')
  expect(desk.calls).toBe(2)
  const { revision } = await find(id)
  desk.takes('drop', 'finish')
  const again = stateEvent(Date.now(), { state: 'queued', reason: byOperator })
  await store.moveSubmission(id, revision, { state: 'queued', awaits: 'gateway', dueInMs: 0 }, [again])
  await becomes(id, 'confirmed')
  expect(desk.calls).toBe(4)
})

it('asks a person what became of an order when the agency does not say for long', async () => {
  desk.takes('act-drop')
  desk.isMute = true
  const id = await order()
  startWorker({ settings: { askForMs: 100 } })
  await vi.waitFor(
    async () => expect(await find(id)).toMatchObject({ state: 'uncertain', awaits: 'officer' }),
    {
      timeout: 15_000,
    },
  )
  expect(desk.calls).toBe(1)
}, 20_000)

it('sends nothing under an agreement that has ended', async () => {
  const id = await order()
  startWorker({ refusal: 'AGREEMENT_EXPIRED' })
  await becomes(id, 'dead')
  expect(desk.calls).toBe(0)
})

it('never sends again what another worker had begun to send', async () => {
  desk.takes('act')
  const id = await order()
  const [row] = await store.takeSubmissions(['desk'], 1, 100)
  await store.moveSubmission(id, row!.revision, { state: 'sending', attempts: 1, dueInMs: 100 }, [])
  startWorker() // that other one died here, before or after its first byte
  await becomes(id, 'uncertain')
  await becomes(id, 'accepted')
  expect(await storyOf(id)).toEqual(['queued', 'uncertain', 'queued', 'sending', 'accepted'])
  expect(effectsOf(id)).toBe(1)
})

it('keeps an answer that comes after its lease, when the order is only known as uncertain', async () => {
  const id = await order()
  let answered!: () => void
  const held = new Promise<void>(resolve => (answered = resolve))
  startWorker({
    adapter: muteDeskAdapter(),
    over: {
      async moveSubmission(...parameters) {
        if (parameters[2].state === 'accepted') await held
        return store.moveSubmission(...parameters)
      },
    },
  })
  await vi.waitFor(() => expect(effectsOf(id)).toBe(1))
  const row = await find(id)
  expect(row.state).toBe('sending')
  await store.moveSubmission(id, row.revision, { state: 'uncertain', awaits: 'officer', dueInMs: null }, [])
  answered()
  await becomes(id, 'accepted')
})

it('keeps what it heard while the store was away', async () => {
  let away = 3
  const id = await order()
  startWorker({
    over: {
      async moveSubmission(...parameters) {
        if (parameters[2].state === 'accepted' && away-- > 0) throw new StoreUnavailable('away')
        return store.moveSubmission(...parameters)
      },
    },
  })
  await becomes(id, 'accepted')
  expect(effectsOf(id)).toBe(1)
})

it('is never taken for unsent because the store was away when the agency had answered', async () => {
  const id = await order()
  let isAway = true
  let isEnding = false
  const evidence = createEvidence(store)
  const worker = startWorker({
    evidence: {
      ...evidence,
      async record(entry) {
        if (!isAway) return evidence.record(entry)
        isAway = !isEnding // back at the moment in which the worker gives up
        throw new GatewayFailure('STORE_UNAVAILABLE')
      },
    },
  })
  await vi.waitFor(() => expect(effectsOf(id)).toBe(1))
  isEnding = true
  await worker.close()
  expect((await find(id)).state).toBe('sending')
  startWorker()
  await becomes(id, 'accepted')
  expect(effectsOf(id)).toBe(1)
})

it('brings orders with one key one after the other, and waits behind one that is uncertain', async () => {
  desk.takes('act-hang', 'finish')
  desk.isMute = true
  const first = await order({ orderKey: 'permit-1' })
  const second = await order({ orderKey: 'permit-1' })
  const other = await order({ orderKey: 'permit-2' })
  startWorker()
  await becomes(first, 'uncertain')
  await becomes(other, 'confirmed')
  expect(effectsOf(second)).toBe(0)
  desk.isMute = false
  await becomes(second, 'confirmed')
  expect(effectsOf(first)).toBe(1)
})

it('shares the work with another worker, each order once', async () => {
  desk.takes('finish')
  const ids = await Promise.all(Array.from({ length: 60 }, () => order()))
  startWorker()
  startWorker()
  for (const id of ids) await becomes(id, 'confirmed')
  expect(desk.effects.toSorted()).toEqual(ids.toSorted())
})
