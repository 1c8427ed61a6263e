/**
 * Daily quotas, exact however many gateways share a store. Each gateway reserves blocks there and hands them out without
 * asking again; what a killed one had reserved and not used is lost until the day turns: at most a block.
 */
import type { QuotaDay, Store } from '#gateway/store/store.ts'
import { createToday, type Day, secondsUntilTurn } from './day.ts'

export interface Quota {
  /** Names it in the store. */
  readonly key: string
  readonly perDay: number
  /** Its day turns here. */
  readonly timeZone: string
}

/** One of a day's quota, reserved. */
export interface Reservation {
  readonly day: Day
  /** It was not used. To be called at most once. */
  giveBack(): void
}

export interface Quotas {
  /** One of today's; undefined when all are taken. Synchronous while the block lasts. @throws what the store throws. */
  take(quota: Quota): Reservation | undefined | Promise<Reservation | undefined>
  /** How many are left today; what other gateways have reserved and not used is not counted. @throws as `take` does. */
  left(quota: Quota): Promise<number>
  /** The agency says how many are left today: where that is fewer than is known here, it is believed. */
  believe(quota: Quota, left: number): void
  /** Seconds until the quota's day turns. */
  secondsUntilTurn(quota: Quota): number
  /** Gives back what is reserved and not used. */
  close(): Promise<void>
}

/** What this gateway holds of a quota's day. */
interface Stock {
  readonly quota: Quota
  readonly day: Day
  unused: number
  /** How many are reserved at once. */
  block: number
  /** How many the store is known to have given away, to all gateways together. */
  used: number
  /** Those who wait for the next block. */
  waiting: PromiseWithResolvers<boolean>[]
  isRefilling: boolean
}

/** Clocks differ, and answers take their time: so long after the turn of a day, "none left" would cost the whole new one. */
const turningMs = 10 * 60_000

/** About a hundredth of what is left, so that a gateway that is killed takes little with it. */
const blockOf = (left: number): number => Math.min(50, Math.max(1, Math.floor(left / 100)))

export function createQuotas(
  store: Pick<Store, 'takeQuota' | 'returnQuota' | 'raiseQuota' | 'readQuota'>,
  now: () => number,
): Quotas {
  const today = createToday(now)
  const stocks = new Map<string, Stock>()
  const writing = new Set<Promise<void>>()

  /** Nobody waits for it: a store that is away takes it from the quota's day, and nothing else. */
  function write(written: Promise<void>): void {
    const settled = written.catch(() => {}).finally(() => writing.delete(settled))
    writing.add(settled)
  }

  function giveBack({ quota, day }: Stock, count: number): void {
    if (count > 0) write(store.returnQuota(keyOf(quota, day), count))
  }

  const isCurrent = (stock: Stock): boolean => stocks.get(stock.quota.key) === stock

  function stockOf(quota: Quota): Stock {
    const day = today(quota.timeZone)
    const known = stocks.get(quota.key)
    if (known?.day === day && known.quota.perDay === quota.perDay) return known
    if (known) empty(known)
    const stock = { quota, day, unused: 0, block: 1, used: 0, waiting: [], isRefilling: false }
    stocks.set(quota.key, stock)
    return stock
  }

  function empty(stock: Stock): void {
    giveBack(stock, stock.unused)
    stock.unused = 0
  }

  function reserved(stock: Stock): Reservation {
    return {
      day: stock.day,
      giveBack() {
        if (isCurrent(stock) && stock.unused < stock.block - 1) stock.unused += 1
        else giveBack(stock, 1) // another gateway may need it
      },
    }
  }

  /** Takes for everyone who waits, in one go. */
  async function refill(stock: Stock): Promise<void> {
    const { quota, day } = stock
    const key = keyOf(quota, day)
    stock.isRefilling = true
    while (stock.waiting.length > 0) {
      const waiting = stock.waiting.splice(0)
      try {
        const wanted = Math.max(stock.block, waiting.length)
        const [granted, used = stock.used] = await Promise.all([
          store.takeQuota(key, quota.perDay, wanted),
          store.readQuota(key).catch(() => undefined), // what is taken is not lost for it
        ])
        stock.used = used
        stock.block = blockOf(quota.perDay - stock.used)
        stock.unused += granted
        for (const waiter of waiting) {
          const isServed = stock.unused > 0
          if (isServed) stock.unused -= 1
          waiter.resolve(isServed)
        }
        if (!isCurrent(stock)) empty(stock)
      } catch (error) {
        for (const waiter of waiting) waiter.reject(error)
      }
    }
    stock.isRefilling = false
  }

  return {
    take(quota) {
      const stock = stockOf(quota)
      if (stock.unused > 0) {
        stock.unused -= 1
        return reserved(stock)
      }
      const waiter = Promise.withResolvers<boolean>()
      stock.waiting.push(waiter)
      if (!stock.isRefilling) void refill(stock)
      return waiter.promise.then(isServed => (isServed ? reserved(stock) : undefined))
    },

    async left(quota) {
      const stock = stockOf(quota)
      const used = await store.readQuota(keyOf(quota, stock.day))
      return Math.max(0, quota.perDay - used + stock.unused)
    },

    believe(quota, left) {
      const stock = stockOf(quota)
      if (now() - stock.day.startsAt < turningMs) return // it may still speak of yesterday
      stock.unused = Math.min(stock.unused, left) // what the agency does not give is nobody's to give back
      const used = Math.min(quota.perDay, quota.perDay - left + stock.unused)
      if (used <= stock.used) return
      stock.used = used
      stock.block = blockOf(quota.perDay - used)
      const forget = () => void (stock.used = 0) // so that it is told again
      write(store.raiseQuota(keyOf(quota, stock.day), used).catch(forget))
    },

    secondsUntilTurn: ({ timeZone }) => secondsUntilTurn(today(timeZone), now()),

    async close() {
      for (const stock of stocks.values()) empty(stock)
      stocks.clear()
      await Promise.all(writing)
    },
  }
}

const keyOf = ({ key }: Quota, day: Day): QuotaDay => ({ key, day: day.name })
