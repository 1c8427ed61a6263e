import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openPostgresStore } from '#gateway/store/postgres.ts'
import { openSqliteStore } from '#gateway/store/sqlite.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { createQuotas, type Quota, type Quotas } from './quotas.ts'

const key = Buffer.alloc(32, 'ledger')
const quotaOf = (perDay: number, timeZone = 'Asia/Jakarta'): Quota => ({ key: 'q', perDay, timeZone })
const today = { key: 'q', day: '2026-09-21' }

/** Takes until nothing is left; how many there were. */
async function takeAll(quotas: Quotas, quota: Quota): Promise<number> {
  let count = 0
  while (await quotas.take(quota)) count += 1
  return count
}

/** Counts what is asked of the store. */
function counted(store: Store): { store: Store; calls: () => number } {
  let calls = 0
  const count = new Proxy(store, {
    get(target, name: keyof Store) {
      return (...given: never[]) => {
        calls += 1
        return (target[name] as (...given: never[]) => unknown)(...given)
      }
    },
  })
  return { store: count, calls: () => calls }
}

describe('a quota', () => {
  it.each([1, 7, 100, 1_234, 20_000])('of %d a day gives as many and no more', async perDay => {
    const quotas = createQuotas(createMemoryStore(key), createClock().now)
    expect(await takeAll(quotas, quotaOf(perDay))).toBe(perDay)
    expect(await quotas.left(quotaOf(perDay))).toBe(0)
  })

  it('asks the store once for a whole block, and for single ones when few are left', async () => {
    const { store, calls } = counted(createMemoryStore(key))
    const quotas = createQuotas(store, createClock().now)
    const quota = quotaOf(20_000)
    for (let count = 0; count < 10_000; count++) await quotas.take(quota)
    expect(calls()).toBeLessThan(1_000)
    expect(quotas.take(quota)).not.toBeInstanceOf(Promise)
    const before = await store.readQuota(today)
    for (let count = 0; count < 9_990; count++) await quotas.take(quota)
    expect(20_000 - before).toBeGreaterThan(100)
    expect(await store.readQuota(today)).toBe(19_991) // nothing is held back from other gateways
  })

  it('counts what is given back as not used, for other gateways too', async () => {
    const store = createMemoryStore(key)
    const [here, there] = [createQuotas(store, createClock().now), createQuotas(store, createClock().now)]
    const quota = quotaOf(2)
    const [one] = [await here.take(quota), await here.take(quota)]
    expect(await there.take(quota)).toBeUndefined()
    one!.giveBack()
    expect(await there.take(quota)).toBeDefined()
    expect(await here.take(quota)).toBeUndefined()
  })

  it('is given back in whole at an orderly end, but for what was used; a killed gateway takes a block with it', async () => {
    const store = createMemoryStore(key)
    const quota = quotaOf(20_000)
    const orderly = createQuotas(store, createClock().now)
    for (let count = 0; count < 10; count++) await orderly.take(quota)
    await orderly.close()
    expect(await store.readQuota(today)).toBe(10)
    const killed = createQuotas(store, createClock().now)
    for (let count = 0; count < 10; count++) await killed.take(quota)
    const lost = (await store.readQuota(today)) - 20
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThan(50)
  })

  it('is believed lower when the agency says so, never higher', async () => {
    const store = createMemoryStore(key)
    const quotas = createQuotas(store, createClock().now)
    const quota = quotaOf(1_000)
    for (let count = 0; count < 5; count++) await quotas.take(quota)
    quotas.believe(quota, 2_000)
    expect(await quotas.left(quota)).toBe(995)
    quotas.believe(quota, 20) // somebody else asks with our access
    expect(await quotas.left(quota)).toBe(20)
    expect(await takeAll(quotas, quota)).toBe(20)
  })

  it('is spent when the agency says so, blocks in hand included', async () => {
    const quotas = createQuotas(createMemoryStore(key), createClock().now)
    const quota = quotaOf(20_000)
    for (let count = 0; count < 10; count++) await quotas.take(quota)
    quotas.believe(quota, 0)
    expect(await quotas.take(quota)).toBeUndefined()
  })

  it('of a new day is not spent by what the agency said of the day before, told late or by a slow clock', async () => {
    const clock = createClock(Date.parse('2026-09-22T00:00:00.100+07:00'))
    const quotas = createQuotas(createMemoryStore(key), clock.now)
    const quota = quotaOf(1_000)
    quotas.believe(quota, 0)
    expect(await quotas.take(quota)).toBeDefined()
    clock.leap(10 * 60_000)
    quotas.believe(quota, 0)
    expect(await quotas.take(quota)).toBeUndefined()
  })

  it('counts on under a new figure', async () => {
    const quotas = createQuotas(createMemoryStore(key), createClock().now)
    for (let count = 0; count < 10; count++) await quotas.take(quotaOf(1_000))
    expect(await takeAll(quotas, quotaOf(15))).toBe(5)
    expect(await takeAll(quotas, quotaOf(20))).toBe(5)
  })

  it('is not lost when the store says what is given and then not what is left', async () => {
    const store = createMemoryStore(key)
    const away = () => Promise.reject(new StoreUnavailable('away'))
    const quotas = createQuotas({ ...store, readQuota: away }, createClock().now)
    expect(await takeAll(quotas, quotaOf(5))).toBe(5)
  })

  it('cannot be taken while the store is away, and can again afterwards', async () => {
    const store = createMemoryStore(key)
    let isAway = true
    const quotas = createQuotas(
      {
        ...store,
        takeQuota: (...given) =>
          isAway ? Promise.reject(new StoreUnavailable('away')) : store.takeQuota(...given),
      },
      createClock().now,
    )
    await expect(quotas.take(quotaOf(5))).rejects.toThrow(StoreUnavailable)
    isAway = false
    expect(await takeAll(quotas, quotaOf(5))).toBe(5)
  })
})

describe.each([
  ['Asia/Jakarta', '2026-09-21T23:59:59.999+07:00'],
  ['Asia/Makassar', '2026-09-21T23:59:59.999+08:00'],
  ['Asia/Jayapura', '2026-09-21T23:59:59.999+09:00'],
])('the day in %s', (timeZone, lastMoment) => {
  it('turns at its own midnight, says how long that is, and gives back what is left of the old one', async () => {
    const clock = createClock(Date.parse(lastMoment) - 3_600_000)
    const store = createMemoryStore(key)
    const quotas = createQuotas(store, clock.now)
    const quota = quotaOf(1_000, timeZone)
    for (let count = 0; count < 15; count++) await quotas.take(quota)
    expect(quotas.secondsUntilTurn(quota)).toBe(3_601)
    clock.leap(3_600_000)
    expect(quotas.secondsUntilTurn(quota)).toBe(1)
    expect(await quotas.left(quota)).toBe(985)
    clock.leap(1)
    expect(await quotas.left(quota)).toBe(1_000)
    expect(quotas.secondsUntilTurn(quota)).toBe(86_400)
    await quotas.close()
    expect(await store.readQuota(today)).toBe(15)
  })

  it('takes no block with it that arrives after it has turned', async () => {
    const clock = createClock(Date.parse(lastMoment))
    const store = createMemoryStore(key)
    const quotas = createQuotas(store, clock.now)
    const quota = quotaOf(20_000, timeZone)
    await quotas.take(quota)
    const late = quotas.take(quota) // a whole block is under way
    clock.leap(1)
    expect((await quotas.take(quota))?.day.name).toBe('2026-09-22')
    expect((await late)?.day.name).toBe('2026-09-21')
    await quotas.close()
    expect(await store.readQuota(today)).toBe(2)
  })

  it('is never exceeded by takers that wait while it turns', async () => {
    const clock = createClock(Date.parse(lastMoment))
    const store = createMemoryStore(key)
    const quotas = createQuotas(store, clock.now)
    const quota = quotaOf(10, timeZone)
    const dayOfOne = async () => (await quotas.take(quota))?.day.name
    const asking = Array.from({ length: 30 }, dayOfOne)
    clock.leap(1)
    const askingAfter = Array.from({ length: 30 }, dayOfOne)
    const days = await Promise.all([...asking, ...askingAfter])
    expect(days.filter(day => day === '2026-09-21')).toHaveLength(10)
    expect(days.filter(day => day === '2026-09-22')).toHaveLength(10)
  })
})

/** Two gateways on one store, 200 askers at once: never more than the quota, and none of it missed. */
async function share(store: Store, otherGateways: Store): Promise<void> {
  const gateways = [createQuotas(store, createClock().now), createQuotas(otherGateways, createClock().now)]
  const quota = quotaOf(1_000)
  let used = 0
  let underWay = 0
  let most = 0

  /** Asks until all is spent; every third question comes to nothing, and gives back. */
  async function ask(asker: number): Promise<void> {
    const quotas = gateways[asker % 2]!
    for (let count = asker; ; count++) {
      const reservation = await quotas.take(quota)
      if (!reservation) return
      underWay += 1
      most = Math.max(most, used + underWay)
      await turn()
      underWay -= 1
      if (count % 3 === 0) reservation.giveBack()
      else used += 1
    }
  }
  await Promise.all(Array.from({ length: 200 }, (_, asker) => ask(asker)))
  expect(most).toBeLessThanOrEqual(1_000)

  for (const quotas of gateways) await quotas.close()
  const rest = createQuotas(store, createClock().now)
  expect(used + (await takeAll(rest, quota))).toBe(1_000)
}

describe('200 askers at once never get more than the quota, and miss none of it', () => {
  it('in memory', async () => {
    const store = createMemoryStore(key)
    await share(store, store)
  })

  it('SQLite, and the count survives a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mpp-quotas-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const store = await openSqliteStore({ folder, ledgerKey: key })
    await share(store, store)
    await store.close()
    const reopened = await openSqliteStore({ folder, ledgerKey: key })
    onTestFinished(() => reopened.close())
    expect(await createQuotas(reopened, createClock().now).left(quotaOf(1_000))).toBe(0)
  })
})

await describeWithPostgres('200 askers at once', postgres => {
  it('never get more than the quota from two gateways with a connection of their own, and miss none of it', async () => {
    const url = postgres.newPlace()
    const open = async () => {
      const store = await openPostgresStore({ url, ledgerKey: key })
      onTestFinished(() => store.close())
      return store
    }
    await share(await open(), await open())
  })
})
