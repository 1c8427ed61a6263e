import { expect, it, onTestFinished } from 'vitest'
import { createLog } from '#gateway/log.ts'
import { createEvidence } from '#gateway/ledger/evidence.ts'
import type { Condition } from '#gateway/ops/gateway-view.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { type Clock, createClock } from '#gateway/testing/clock.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { alarmKind, createAlarmRegister } from './register.ts'

const down: Condition = { code: 'UPSTREAM_DOWN', source: 'desk', facts: { faults: 4 } }
const held: Condition = { code: 'UPSTREAM_HELD', source: 'desk' }
const operator = { member: 'operations', key: 'test', officer: 'o-90' }
const minute = 60_000

function start(clock: Clock, store: Store, conditions: { now: readonly Condition[] }, settings = {}) {
  const register = createAlarmRegister({
    store,
    evidence: createEvidence(store),
    heard: () => conditions.now,
    own: isStoreAway =>
      isStoreAway ? [...conditions.now, { code: 'STORE_AWAY', source: 'store' }] : conditions.now,
    log: createLog({
      write: line => {
        throw new Error(line)
      },
    }),
    now: clock.now,
    elapsed: clock.now,
    settings,
  })
  onTestFinished(() => register.close())
  return register
}

function place() {
  const clock = createClock()
  const store = createMemoryStore(Buffer.alloc(32, 'ledger'), clock.now)
  return { clock, store, conditions: { now: [] as readonly Condition[] } }
}

const codes = (alarms: { readonly open: readonly { readonly code: string }[] }) =>
  alarms.open.map(({ code }) => code)

it('raises what has lasted, since it began, and clears what has been gone for two minutes', async () => {
  const { clock, store, conditions } = place()
  const alarms = start(clock, store, conditions)
  await alarms.look()
  conditions.now = [down, held]
  const since = clock.now()
  await alarms.look()
  expect(codes(alarms)).toEqual(['UPSTREAM_HELD'])
  clock.leap(10_000)
  await alarms.look()
  expect(alarms.open).toMatchObject([
    { code: 'UPSTREAM_DOWN', source: 'desk', since, facts: { faults: 4 }, lastSeenAt: clock.now() },
    { code: 'UPSTREAM_HELD' },
  ])
  conditions.now = [held]
  await alarms.look()
  clock.leap(2 * minute - 1)
  await alarms.look()
  expect(codes(alarms)).toEqual(['UPSTREAM_DOWN', 'UPSTREAM_HELD'])
  clock.leap(1)
  await alarms.look()
  expect(codes(alarms)).toEqual(['UPSTREAM_HELD'])
  expect(alarms.recent().find(({ code }) => code === 'UPSTREAM_DOWN')).toMatchObject({
    clearedAt: clock.now(),
  })
})

it('is one alarm while it comes and goes, the same when it soon comes back, and another one later', async () => {
  const { clock, store, conditions } = place()
  const alarms = start(clock, store, conditions)
  const seen = new Set<string>()
  for (let round = 0; round < 60; round++) {
    conditions.now = round % 3 === 0 ? [] : [held]
    await alarms.look()
    clock.leap(30_000)
    for (const { id } of alarms.recent()) seen.add(id)
  }
  expect(seen.size).toBe(1)

  conditions.now = []
  await alarms.look()
  clock.leap(2 * minute)
  await alarms.look()
  expect(alarms.open).toEqual([])
  clock.leap(9 * minute)
  conditions.now = [held]
  await alarms.look()
  expect(alarms.open).toMatchObject([{ id: [...seen][0], code: 'UPSTREAM_HELD' }])

  conditions.now = []
  await alarms.look()
  clock.leap(2 * minute)
  await alarms.look()
  clock.leap(10 * minute)
  conditions.now = [held]
  await alarms.look()
  expect(seen).not.toContain(alarms.open[0]!.id)
  expect(alarms.recent()).toHaveLength(2)
})

it('is one record, whoever of several gateways raises and clears it', async () => {
  const { clock, store, conditions } = place()
  const gateways = [1, 2, 3].map(() => start(clock, store, conditions))
  const look = () => Promise.all(gateways.map(gateway => gateway.look()))
  conditions.now = [held]
  await look()
  await look()
  const ids = new Set(gateways.map(({ open }) => open.map(({ id }) => id).join()))
  expect(ids.size).toBe(1)
  conditions.now = []
  await look()
  clock.leap(2 * minute)
  await look()
  await look()
  for (const gateway of gateways) expect(gateway.open).toEqual([])
  expect((await store.readHouseState([alarmKind])).rows).toHaveLength(1)
})

it('goes on from memory while the store is away, and is written when it is back', async () => {
  const { clock, store, conditions } = place()
  let isAway = false
  const away = async () => {
    throw new StoreUnavailable('away')
  }
  const sometimes: Store = {
    ...store,
    readHouseState: (...given) => (isAway ? away() : store.readHouseState(...given)),
    putHouseState: (...given) => (isAway ? away() : store.putHouseState(...given)),
  }
  const [one, other] = [start(clock, sometimes, conditions), start(clock, sometimes, conditions)]
  conditions.now = [held]
  await one.look()
  await other.look()
  isAway = true
  await one.look()
  await other.look()
  expect(codes(one)).toEqual(['STORE_AWAY', 'UPSTREAM_HELD'])
  expect(one.isStoreAway).toBe(true)
  await expect(one.acknowledge(one.open[0]!.id, operator, 'dilihat')).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  })
  isAway = false
  await one.look()
  await other.look()
  await one.look()
  expect(one.open).toEqual(other.open)
  expect(codes(other)).toEqual(['STORE_AWAY', 'UPSTREAM_HELD'])
  clock.leap(2 * minute)
  await one.look()
  await other.look()
  for (const gateway of [one, other]) expect(codes(gateway)).toEqual(['UPSTREAM_HELD'])
})

it('is acknowledged once, on record, and stays so while it lasts', async () => {
  const { clock, store, conditions } = place()
  const alarms = start(clock, store, conditions)
  conditions.now = [held]
  await alarms.look()
  const { id } = alarms.open[0]!
  let changes = 0
  alarms.onChange(() => (changes += 1))
  const seen = await alarms.acknowledge(id, operator, 'menunggu instansi')
  expect(seen.acknowledged).toEqual({
    by: { member: 'operations', officer: 'o-90' },
    at: clock.now(),
    reason: 'menunggu instansi',
  })
  expect(await alarms.acknowledge(id, operator, 'lagi')).toEqual(seen)
  expect(changes).toBe(1)
  expect(await store.readLedger(0, 10)).toHaveLength(1)
  const [row] = await store.readLedger(0, 10)
  expect(JSON.parse(row!.content!)).toMatchObject({
    act: 'alarm.acknowledge',
    alarm: id,
    code: 'UPSTREAM_HELD',
  })
  clock.leap(5 * minute)
  await alarms.look()
  expect(alarms.open[0]).toMatchObject({ id, acknowledged: { reason: 'menunggu instansi' } })
  await expect(alarms.acknowledge('nothing', operator, 'apa')).rejects.toMatchObject({
    code: 'ROUTE_UNKNOWN',
  })
})

it('keeps cleared ones for some days, and not more than so many', async () => {
  const { clock, store, conditions } = place()
  const alarms = start(clock, store, conditions, { mostKept: 3 })
  for (let round = 0; round < 6; round++) {
    conditions.now = [held]
    await alarms.look()
    conditions.now = []
    await alarms.look()
    clock.leap(2 * minute)
    await alarms.look()
    clock.leap(11 * minute)
  }
  await alarms.look()
  expect(alarms.recent()).toHaveLength(4)
  clock.leap(8 * 24 * 60 * minute)
  await alarms.look()
  await alarms.look()
  expect(alarms.recent()).toEqual([])
})

it('says nothing of what only another version knows', async () => {
  const { clock, store, conditions } = place()
  const alarms = start(clock, store, conditions)
  conditions.now = [{ code: 'MOON_FULL', source: 'sky' }]
  await alarms.look()
  expect(alarms.open).toEqual([])
})
