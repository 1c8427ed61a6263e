/** What the agencies said, kept for a while: memory in front, Redis (sealed) behind when there is one. */
import { LRUCache } from 'lru-cache'
import type { Sealer } from '../sealing.ts'
import type { RedisClient } from './redis.ts'

/** Shared by all readers: treat as immutable. */
export interface SharedEntry {
  /** The normalised record, as JSON can carry it. */
  readonly data: unknown
  /** The upstream's id. */
  readonly source: string
  /** Epoch ms. */
  readonly fetchedAt: number
  /** Of the agreement it was fetched under; the reader's own may be shorter. */
  readonly timeToLiveMs: number
}

export interface SharedData {
  /**
   * At once when memory has a fresh one: the hot path must not pay for a promise. The reader compares the age with
   * its own time to live: an entry may be past it and still be here, as a stale one. Never throws or rejects.
   */
  read(key: string): SharedEntry | undefined | Promise<SharedEntry | undefined>
  /** Kept for `keepMs`: time to live plus the stale window. Returns at once; Redis is written behind. */
  write(key: string, entry: SharedEntry, keepMs: number): void
  /** Forgets the memory, and waits for what is being written behind. Redis belongs to whoever connected it. */
  close(): Promise<void>
  /** For health. */
  readonly state: 'memory' | 'redis' | 'redis-away'
}

/** `unreadable`: what Redis holds does not open under our keys. `redis-failed`: it was asked and did not do it. */
export type SharedDataFault = 'unreadable' | 'redis-failed'

export interface SharedDataOptions {
  sealer: Sealer
  maximumEntries?: number
  redis?: RedisClient
  /** Epoch ms. */
  now?: () => number
  /** Faults are misses for the reader; here they can be counted. */
  onFault?: (fault: SharedDataFault) => void
}

/** What Redis holds, sealed. The end is inside, so that a record put back later does not live longer. */
interface Kept {
  readonly entry: SharedEntry
  readonly keepUntil: number
}

/** Keys are opaque (an HMAC made by the caller): they stand readable in Redis. */
export function createSharedData({
  sealer,
  maximumEntries = 10_000,
  redis,
  now = Date.now,
  onFault = () => {},
}: SharedDataOptions): SharedData {
  const memory = new LRUCache<string, SharedEntry>({ max: maximumEntries, perf: { now }, ttlResolution: 0 })
  let written: Promise<unknown> = Promise.resolve() // the last one; Redis answers in order

  function read(key: string) {
    const held = memory.get(key)
    // Past its time, another gateway may have put a newer one into Redis.
    if (redis === undefined || (held !== undefined && now() - held.fetchedAt < held.timeToLiveMs)) return held
    return readBehind(redis, key)
  }

  async function readBehind(client: RedisClient, key: string) {
    const kept = await fetchKept(client, key)
    const held = memory.get(key) // perhaps written while we waited
    if (kept === undefined || (held !== undefined && held.fetchedAt >= kept.entry.fetchedAt)) return held
    const remainingMs = kept.keepUntil - now()
    if (remainingMs <= 0) return held
    memory.set(key, kept.entry, { ttl: remainingMs })
    return kept.entry
  }

  async function fetchKept(client: RedisClient, key: string): Promise<Kept | undefined> {
    const sealed = await client.get(key).catch(redisFailed)
    if (sealed === undefined) return undefined
    try {
      return JSON.parse(sealer.open(sealed, contextOf(key)).toString()) as Kept
    } catch {
      onFault('unreadable')
      return undefined
    }
  }

  function write(key: string, entry: SharedEntry, keepMs: number) {
    const wholeMs = Math.floor(keepMs)
    if (wholeMs <= 0) return // 0 would mean "for ever" to the memory
    memory.set(key, entry, { ttl: wholeMs })
    if (redis === undefined) return
    const kept: Kept = { entry, keepUntil: now() + wholeMs }
    written = redis.set(key, sealer.seal(JSON.stringify(kept), contextOf(key)), wholeMs).catch(redisFailed)
  }

  function redisFailed() {
    onFault('redis-failed')
    return undefined
  }

  return {
    read,
    write,
    async close() {
      memory.clear()
      await written
    },
    get state() {
      if (redis === undefined) return 'memory'
      return redis.state === 'ready' ? 'redis' : 'redis-away'
    },
  }
}

/** With the version of `Kept`: after a change of shape, older records are misses. */
function contextOf(key: string): string {
  return `shared-data/1/${key}`
}
