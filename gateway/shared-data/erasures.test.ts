import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMemoryStore } from '../testing/memory-store.ts'
import { createSealer } from '../sealing.ts'
import type { Store } from '../store/store.ts'
import { createErasures } from './erasures.ts'
import { createSharedData, type SharedEntry } from './shared-data.ts'

const sealer = createSealer([{ id: 'test', key: Buffer.alloc(32, 'sealing') }])
const minuteMs = 60_000

let store: Store
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  store = createMemoryStore(Buffer.alloc(32, 'ledger'))
})
afterEach(() => {
  vi.useRealTimers()
})

const about = (...subjects: readonly string[]): SharedEntry => ({
  data: {},
  source: 'registry',
  fetchedAt: Date.now(),
  timeToLiveMs: minuteMs,
  subjects,
  horizon: 0,
})

/** A gateway that knows what its store knows. */
async function gateway(from: Pick<Store, 'keepErasure' | 'readErasures'> = store) {
  const cache = createSharedData({ sealer, store: from })
  await cache.isStillGood(about('nobody'))
  return cache
}

/** Erases, with the time that it takes. */
async function erase(cache: Pick<Awaited<ReturnType<typeof gateway>>, 'erase'>, subject: string) {
  const erased = cache.erase(subject, 1)
  await vi.advanceTimersByTimeAsync(1_100)
  await erased
}

test('when it is done, no gateway serves what it still held about them, and all serve the rest', async () => {
  const [one, other] = [await gateway(), await gateway()]
  for (const cache of [one, other]) {
    cache.write('hers', about('her', 'him'), minuteMs)
    cache.write('theirs', about('them'), minuteMs)
  }
  await erase(one, 'him')
  for (const cache of [one, other]) {
    expect(await cache.read('hers')).toBeUndefined()
    expect(await cache.read('theirs')).toBeDefined()
  }
})

test('a hit waits for nothing, and the store is asked twice a second at most', async () => {
  const readErasures = vi.spyOn(store, 'readErasures')
  const cache = await gateway()
  const entry = about('her')
  cache.write('key', entry, minuteMs)
  for (let ms = 0; ms < 10_000; ms += 10) {
    expect(cache.read('key')).toBe(entry)
    await vi.advanceTimersByTimeAsync(10)
  }
  expect(readErasures.mock.calls.length).toBeLessThanOrEqual(21)
})

test('what is not known is not served: a store that fails, or answers too late; what is public goes on', async () => {
  const answers = { fail: false, takesMs: 0 }
  const cache = await gateway({
    ...store,
    async readErasures(after, limit) {
      if (answers.fail) throw new Error('away')
      if (answers.takesMs > 0) await new Promise(resolve => setTimeout(resolve, answers.takesMs))
      return store.readErasures(after, limit)
    },
  })
  const [personal, open] = [about('her'), about()]
  cache.write('personal', personal, minuteMs)
  cache.write('open', open, minuteMs)
  const readLater = async () => {
    await vi.advanceTimersByTimeAsync(1_000)
    const read = cache.read('personal')
    await vi.advanceTimersByTimeAsync(5_000)
    return read
  }
  expect(await readLater()).toBe(personal)
  answers.fail = true
  expect(await readLater()).toBeUndefined()
  Object.assign(answers, { fail: false, takesMs: 1_500 })
  expect(await readLater(), 'what it says is too old by then').toBeUndefined()
  expect(cache.read('open')).toBe(open)
  answers.takesMs = 0
  expect(await readLater()).toBe(personal)
})

test('an answer that was asked for before the erasure is not kept after it; one asked for later is', async () => {
  const cache = await gateway()
  const { horizon } = cache
  await erase(cache, 'her')
  cache.write('key', { ...about('her'), horizon }, minuteMs)
  expect(await cache.read('key')).toBeUndefined()
  cache.write('key', { ...about('her'), horizon: cache.horizon }, minuteMs)
  expect(await cache.read('key')).toBeDefined()
})

test('a gateway that starts learns all of them, however many', async () => {
  for (let n = 0; n < 2_500; n += 1) await store.keepErasure(`subject-${n}`, 1)
  const learnt = new Set<string>()
  const erasures = createErasures({
    store,
    onErased: subjects => subjects.forEach(subject => learnt.add(subject)),
  })
  expect(await erasures.areKnown()).toBe(true)
  expect(learnt.size).toBe(2_500)
  expect(erasures.horizon).toBe(2_500)
  expect(erasures.isVoid({ subjects: ['subject-2400'], horizon: 2_400 })).toBe(true)
  expect(erasures.isVoid({ subjects: ['subject-2400'], horizon: 2_401 })).toBe(false)
})

test('an erasure that the store does not remember is none', async () => {
  const cache = await gateway({ ...store, keepErasure: () => Promise.reject(new Error('full')) })
  await expect(cache.erase('her', 1)).rejects.toThrow('full')
})
