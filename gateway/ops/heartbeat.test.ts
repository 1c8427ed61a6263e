import { expect, it, onTestFinished } from 'vitest'
import { StoreUnavailable, type Store } from '#gateway/store/store.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { createLog } from '#gateway/log.ts'
import { createHeartbeat } from './heartbeat.ts'

const ledgerKey = Buffer.alloc(32, 'ledger')

function start(store: Store, view: () => object, now: () => number) {
  const heartbeat = createHeartbeat({
    store,
    view,
    log: createLog({ write: () => {} }),
    now,
    settings: { everyMs: 5_000, patience: 4 },
  })
  onTestFinished(() => heartbeat.close())
  return heartbeat
}

it('tells every gateway what all of them say', async () => {
  const clock = createClock()
  const store = createMemoryStore(ledgerKey, clock.now)
  const [one, other] = [
    start(store, () => ({ dukcapil: 'ok' }), clock.now),
    start(store, () => ({ dukcapil: 'down' }), clock.now),
  ]
  expect(one.gateway).not.toBe(other.gateway)
  await one.beat()
  await other.beat()
  await one.beat()
  const views = Object.fromEntries(one.heard.map(({ gateway, view }) => [gateway, view]))
  expect(views).toEqual({ [one.gateway]: { dukcapil: 'ok' }, [other.gateway]: { dukcapil: 'down' } })
})

it('tells that one has fallen silent, and how old its word is; an orderly end leaves nothing', async () => {
  const clock = createClock()
  const store = createMemoryStore(ledgerKey, clock.now)
  const [one, other] = [start(store, () => ({}), clock.now), start(store, () => ({}), clock.now)]
  await other.beat()
  clock.leap(20_001)
  await one.beat()
  const silent = one.heard.find(({ gateway }) => gateway === other.gateway)
  expect(silent).toMatchObject({ isSilent: true, ageMs: 20_001 })
  expect(one.heard.find(({ gateway }) => gateway === one.gateway)).toMatchObject({ isSilent: false })
  await other.close()
  await one.beat()
  expect(one.heard.map(({ gateway }) => gateway)).toEqual([one.gateway])
})

it("shows a clock that is not the store's", async () => {
  const clock = createClock()
  const store = createMemoryStore(ledgerKey, clock.now)
  const ahead = start(
    store,
    () => ({}),
    () => clock.now() + 90_000,
  )
  await ahead.beat()
  expect(ahead.heard).toMatchObject([{ clockAheadMs: 90_000, ageMs: 0 }])
})

it('hears nothing while the store is away, and goes on afterwards', async () => {
  const clock = createClock()
  const store = createMemoryStore(ledgerKey, clock.now)
  let isAway = true
  const heartbeat = start(
    {
      ...store,
      putHouseState: (...given) =>
        isAway ? Promise.reject(new StoreUnavailable('away')) : store.putHouseState(...given),
    },
    () => ({}),
    clock.now,
  )
  await heartbeat.beat()
  expect(heartbeat.heard).toEqual([])
  isAway = false
  await heartbeat.beat()
  expect(heartbeat.heard).toHaveLength(1)
})
