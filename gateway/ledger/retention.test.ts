import { randomUUIDv7 } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { createLog } from '#gateway/log.ts'
import type { Store } from '#gateway/store/store.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { contentOf, createEvidence, type LedgerContent } from './evidence.ts'
import { createRetention, type RetentionSettings } from './retention.ts'

const dayMs = 24 * 60 * 60_000
const now = Date.parse('2026-09-21T09:00:00+07:00')
const who = { member: 'front-office', key: 'test' }
const question = { ...who, capability: 'resident.lookup', counter: 'A-03', purpose: 'skck.new', subjects: [] }

const contents: Readonly<Record<string, LedgerContent>> = {
  access: { ...question, kind: 'query', outcome: 'released', upstream: 'dukcapil', elements: [] },
  refusals: { ...question, kind: 'refusal', outcome: 'NOT_FOUND', source: 'dukcapil', sent: 'yes' },
  acts: { ...who, kind: 'act', act: 'test' },
}

afterEach(() => void vi.useRealTimers())

async function storeWith(ages: readonly number[]): Promise<Store> {
  const store = createMemoryStore(Buffer.alloc(32))
  for (const content of Object.values(contents))
    for (const days of ages) {
      const entry = { id: randomUUIDv7(), at: now - days * dayMs, content: { ...content } }
      await store.appendLedger(entry)
    }
  return store
}

const retentionOf = (store: Store, settings: RetentionSettings, log: string[] = []) =>
  createRetention(settings, {
    store,
    evidence: createEvidence(store),
    log: createLog({ write: line => log.push(line) }),
    metrics: { destroyed: () => {} },
    timeZone: 'Asia/Jakarta',
    now: Date.now,
  })

it('destroys what is older than its class allows, nothing else, and says so before and after', async () => {
  vi.useFakeTimers({ now, toFake: ['Date'] })
  const store = await storeWith([100, 31, 29])
  expect(await retentionOf(store, { access: 30, refusals: 60 }).run()).toEqual({ access: 2, refusals: 1 })

  const rows = await store.readLedger(0, 100)
  const kept = rows.slice(0, 9).map(({ content }) => content !== null)
  expect(kept).toEqual([false, false, true, false, true, true, true, true, true])
  const until = (days: number) => now - days * dayMs
  expect(rows.slice(9).map(contentOf)).toEqual([
    { kind: 'destruction', class: 'access', until: until(30), state: 'begun' },
    { kind: 'destruction', class: 'access', until: until(30), state: 'done', count: 2 },
    { kind: 'destruction', class: 'refusals', until: until(60), state: 'begun' },
    { kind: 'destruction', class: 'refusals', until: until(60), state: 'done', count: 1 },
  ])
})

it('destroys more than a batch, in batches, and notices too', async () => {
  let left = 1_234
  const batches: number[] = []
  const store: Store = {
    ...createMemoryStore(Buffer.alloc(32)),
    async destroyNotices(_, limit) {
      const count = Math.min(left, limit)
      left -= count
      batches.push(count)
      return count
    },
  }
  expect(await retentionOf(store, { notices: 1 }).run()).toEqual({ notices: 1_234 })
  expect(batches).toEqual([500, 500, 234])
})

it('destroys what was ordered so long after the order has ended', async () => {
  const asked: (readonly [number, number])[] = []
  const store: Store = {
    ...createMemoryStore(Buffer.alloc(32)),
    async destroySubmissions(...parameters) {
      asked.push(parameters)
      return 3
    },
  }
  expect(await retentionOf(store, { submissions: 90 }).run()).toEqual({ submissions: 3 })
  expect(asked).toEqual([[90 * dayMs, 500]])
  expect((await store.readLedger(0, 10)).map(contentOf)).toMatchObject([
    { class: 'submissions', state: 'begun' },
    { class: 'submissions', state: 'done', count: 3 },
  ])
})

const hourMs = 60 * 60_000

/** Whenever a class was done, by the ledger. */
async function donesOf(store: Store) {
  const rows = await store.readLedger(0, 1_000)
  return rows.flatMap(row => {
    const content = contentOf(row)
    const isDone = content?.kind === 'destruction' && content.state === 'done'
    return isDone ? [[content.class, new Date(row.at).toISOString(), content.count]] : []
  })
}

it("runs at once where the day has had no run yet, and whenever the mall's day ends", async () => {
  vi.useFakeTimers({ now })
  const store = await storeWith([40])
  const first = retentionOf(store, { acts: 30 }).start()
  await vi.advanceTimersByTimeAsync(hourMs)
  await first()
  const second = retentionOf(store, { acts: 30 }).start() // on the same day
  await vi.advanceTimersByTimeAsync(14 * hourMs)
  await second()
  const atOnce = new Date(now).toISOString()
  const midnight = '2026-09-21T17:00:00.000Z'
  expect(await donesOf(store)).toEqual([
    ['acts', atOnce, 1],
    ['acts', midnight, 0],
  ])
  await vi.advanceTimersByTimeAsync(3 * dayMs)
  const third = retentionOf(store, { acts: 30 }).start()
  await vi.advanceTimersByTimeAsync(1)
  await third()
  expect(await donesOf(store)).toHaveLength(3)
})

it('tries a class that failed every hour until it is done for the day, and the others on their own', async () => {
  vi.useFakeTimers({ now })
  const store = await storeWith([40])
  let isAway = true
  const log: string[] = []
  const end = retentionOf(
    {
      ...store,
      async destroyLedgerContent(kinds, before, limit) {
        if (isAway && kinds.includes('query')) throw new Error('away')
        return store.destroyLedgerContent(kinds, before, limit)
      },
    },
    { access: 30, acts: 30 },
    log,
  ).start()
  await vi.advanceTimersByTimeAsync(3 * hourMs + 1)
  expect(log.filter(line => line.includes('retention failed'))).toHaveLength(4)
  expect(await donesOf(store)).toEqual([['acts', new Date(now).toISOString(), 1]])
  isAway = false
  await vi.advanceTimersByTimeAsync(2 * hourMs)
  expect(await donesOf(store)).toEqual([
    ['acts', new Date(now).toISOString(), 1],
    ['access', new Date(now + 4 * hourMs).toISOString(), 1],
  ])
  await end()
})

it('tries again also where the store could not even be asked', async () => {
  vi.useFakeTimers({ now })
  const store = await storeWith([40])
  let isAway = true
  const end = retentionOf(
    {
      ...store,
      readLedgerHead: () => (isAway ? Promise.reject(new Error('away')) : store.readLedgerHead()),
    },
    { acts: 30 },
  ).start()
  await vi.advanceTimersByTimeAsync(1)
  isAway = false
  await vi.advanceTimersByTimeAsync(hourMs)
  expect(await donesOf(store)).toEqual([['acts', new Date(now + hourMs).toISOString(), 1]])
  await end()
})
