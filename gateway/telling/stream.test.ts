import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { acceptOrder, moveTo } from '#gateway/store/test-order.ts'
import type { Store } from '#gateway/store/store.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { createTelling, type Telling, type TellingHouse } from './telling.ts'

let store: Store
let telling: Telling

beforeEach(() => {
  store = createMemoryStore(Buffer.alloc(32, 'ledger'))
})

function start(settings: NonNullable<TellingHouse['settings']> = {}) {
  telling = createTelling({
    store,
    members: [],
    log: { info() {}, warn() {}, error() {} },
    metrics: { webhook() {}, streams() {} },
    now: Date.now,
    settings: { tail: { pollMs: 10, gapMs: 1, most: 5, ...settings.tail }, ...settings },
  })
  onTestFinished(() => telling.close())
}

async function open(changes: Partial<Parameters<Telling['stream']>[0]> = {}) {
  const body = await telling.stream({
    member: 'polres',
    after: undefined,
    isStillKnown: async () => true,
    cutOff() {},
    ...changes,
  })
  const reader = body.getReader()
  const read = async () => {
    const { value, done } = await reader.read()
    return done ? undefined : Buffer.from(value).toString()
  }
  expect(await read()).toBe('retry: 3000\n\n')
  return { read, reader, events: async () => idsIn((await read()) ?? '') }
}

const idsIn = (text: string): string[] => Array.from(text.matchAll(/^id: (.+)$/gm), ([, id]) => id!)
const logged = async (): Promise<string[]> => (await store.readEvents(0, 10_000)).map(({ id }) => id)

it('takes a page out of the log for a caller that reads, and nothing for one that does not', async () => {
  await acceptOrder(store)
  const [first] = await logged()
  for (let count = 0; count < 500; count += 1) await acceptOrder(store)
  const readEvents = vi.spyOn(store, 'readEvents')
  start()
  const stuck = await open({ after: first! })
  const page = await stuck.events()
  expect(page).toHaveLength(100)

  const ofMember = () => readEvents.mock.calls.filter(([, , member]) => member === 'polres').length
  const before = ofMember()
  for (let count = 0; count < 300; count += 1) await acceptOrder(store)
  await vi.waitFor(async () => expect(readEvents.mock.calls.at(-1)![0]).toBe(await store.lastEventPosition()))
  expect(ofMember()).toBe(before) // woken three hundred times, it holds no more than before

  const told = [...page]
  while (told.length < 800) told.push(...(await stuck.events()))
  expect(told).toEqual((await logged()).slice(1))
})

it('reads the log once for all streams', async () => {
  const readEvents = vi.spyOn(store, 'readEvents')
  start({ tail: { pollMs: 10, gapMs: 1, most: 100 } })
  const streams = await Promise.all(Array.from({ length: 20 }, () => open()))
  const pages = streams.map(stream => stream.events())
  await vi.waitFor(() => expect(readEvents).toHaveBeenCalled()) // the tail has begun
  const { id } = await acceptOrder(store)
  const [event] = await store.readSubmissionEvents(id)
  for (const page of await Promise.all(pages)) expect(page).toEqual([event!.id])
  const catchUps = readEvents.mock.calls.filter(([, , member]) => member !== undefined)
  expect(catchUps.length).toBeLessThanOrEqual(streams.length) // each at most as it began, none for the event
})

it('cuts off a caller that takes nothing', async () => {
  start({ stream: { patienceMs: 20 } })
  const cutOff = vi.fn()
  await open({ cutOff })
  await vi.waitFor(() => expect(cutOff).toHaveBeenCalledOnce())
})

it('gives no more streams to a member than it may have, and one again when one has ended', async () => {
  start({ mostStreams: 2 })
  const first = await open()
  await open()
  await expect(open()).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    facts: { reason: 'TOO_MANY_STREAMS' },
  })
  await open({ member: 'health-desk' })
  await first.reader.cancel()
  await open()
})

it('sends a sign of life while nothing happens, and ends when its caller is known no more', async () => {
  start({ stream: { heartbeatMs: () => 5 } })
  let isKnown = true
  const { read } = await open({ isStillKnown: async () => isKnown })
  expect(await read()).toBe(': \n\n')
  expect(await read()).toBe(': \n\n')
  isKnown = false
  await acceptOrder(store)
  expect(await read()).toBeUndefined()
})

it('ends with what was sent; whoever comes later is sent elsewhere at once', async () => {
  start()
  const one = await open()
  const order = await acceptOrder(store)
  expect(await one.events()).toHaveLength(1)
  const pending = one.read()
  telling.drain()
  expect(await pending).toBeUndefined()
  await moveTo(store, order, 'confirmed')
  const late = await open()
  expect(await late.read()).toBeUndefined()
})

it('goes on when the store was away', async () => {
  start()
  const { events } = await open()
  const page = events()
  const away = vi.spyOn(store, 'readEvents').mockRejectedValue(new Error('away'))
  const { id } = await acceptOrder(store)
  await vi.waitFor(() => expect(away.mock.calls.length).toBeGreaterThan(1))
  away.mockRestore()
  const [event] = await store.readSubmissionEvents(id)
  expect(await page).toEqual([event!.id])
})
