/** What the agencies said, kept for a while: memory in front, Redis (sealed) behind when there is one. */
import { LRUCache } from 'lru-cache'
import type { Sealer } from '../sealing.ts'
import { createErasures, type ErasuresOptions } from './erasures.ts'
import type { RedisClient } from './redis.ts'
import { createRedisErasure } from './redis-erasure.ts'

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
  /** Everyone whose erasure makes it void, as keyed hashes; nobody, where all of it is public. */
  readonly subjects: readonly string[]
  /** The `horizon` when it was asked for. */
  readonly horizon: number
}

export interface SharedData {
  /**
   * At once when memory has a fresh one: the hot path must not pay for a promise. The reader compares the age with
   * its own time to live: an entry may be past it and still be here, as a stale one. Never throws or rejects.
   */
  read(key: string): SharedEntry | undefined | Promise<SharedEntry | undefined>
  /** Kept for `keepMs`: time to live plus the stale window. Returns at once; Redis is written behind. */
  write(key: string, entry: SharedEntry, keepMs: number): void
  /** Stands for what is known to be erased now: read before an agency is asked, and written with what it answers. */
  readonly horizon: number
  /** Whether an entry that was read a while ago may still be served: somebody may have been erased meanwhile. */
  isStillGood(entry: SharedEntry): Promise<boolean>
  /**
   * Erases all about somebody (a keyed hash). When it resolves no gateway serves any of it, and `pending` names the places
   * where it still lies, sealed, to be removed as soon as they can be reached. Rejects when the store cannot remember it.
   */
  erase(subject: string, at: number): Promise<{ readonly pending: readonly 'redis'[] }>
  /** Forgets the memory, and waits for what is being written behind. Redis belongs to whoever connected it. */
  close(): Promise<void>
  /** How many answers the memory holds, and how old they are, in milliseconds. Goes through all of them. */
  survey(): { readonly entries: number; readonly medianAgeMs: number; readonly oldestAgeMs: number }
  /** For health. */
  readonly state: 'memory' | 'redis' | 'redis-away'
}

/** `unreadable`: what Redis holds does not open under our keys. `redis-failed`: it was asked and did not do it. */
export type SharedDataFault = 'unreadable' | 'redis-failed'

export interface SharedDataOptions {
  sealer: Sealer
  /** Remembers who was erased. */
  store: ErasuresOptions['store']
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
  store,
  maximumEntries = 10_000,
  redis,
  now = Date.now,
  onFault = () => {},
}: SharedDataOptions): SharedData {
  const memory = new LRUCache<string, SharedEntry>({ max: maximumEntries, perf: { now }, ttlResolution: 0 })
  let written: Promise<unknown> = Promise.resolve() // the last one; Redis answers in order
  const redisErasure = redis && createRedisErasure(redis)
  const erasures = createErasures({
    store,
    onErased(subjects) {
      forget(subjects)
      redisErasure?.begin(subjects)
    },
  })

  function read(key: string) {
    const held = memory.get(key)
    // Past its time, another gateway may have put a newer one into Redis.
    if (redis === undefined || (held !== undefined && now() - held.fetchedAt < held.timeToLiveMs))
      return held && served(held)
    return readBehind(redis, key)
  }

  /** What the memory holds is void of nothing that is known: it is served as soon as enough is. */
  function served(held: SharedEntry) {
    if (held.subjects.length === 0) return held
    const known = erasures.areKnown()
    return known === true ? held : isStillGood(held).then(isGood => (isGood ? held : undefined))
  }

  async function readBehind(client: RedisClient, key: string) {
    const kept = await fetchKept(client, key)
    if (kept && (await isStillGood(kept.entry))) bringForward(key, kept)
    const held = memory.get(key) // perhaps another one, written while we waited
    return held && served(held)
  }

  function bringForward(key: string, { entry, keepUntil }: Kept) {
    const remainingMs = keepUntil - now()
    const held = memory.peek(key)
    if (remainingMs <= 0 || erasures.isVoid(entry) || (held && held.fetchedAt >= entry.fetchedAt)) return
    memory.set(key, entry, { ttl: remainingMs })
  }

  async function isStillGood(entry: SharedEntry) {
    if (entry.subjects.length === 0) return true
    return (await erasures.areKnown()) && !erasures.isVoid(entry)
  }

  /** Erasing is rare, and memory is bounded: going through all of it costs less than an index that every write keeps. */
  function forget(subjects: ReadonlySet<string>) {
    memory.purgeStale()
    const about = memory
      .entries()
      .filter(([, entry]) => entry.subjects.some(subject => subjects.has(subject)))
    for (const [key] of about.toArray()) memory.delete(key)
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
    if (erasures.isVoid(entry)) return // erased while the agency was asked
    memory.set(key, entry, { ttl: wholeMs })
    if (redis === undefined) return
    const kept: Kept = { entry, keepUntil: now() + wholeMs }
    const sealed = sealer.seal(JSON.stringify(kept), contextOf(key))
    written = redis.set(key, sealed, wholeMs, entry.subjects).catch(redisFailed)
  }

  function redisFailed() {
    onFault('redis-failed')
    return undefined
  }

  return {
    read,
    write,
    get horizon() {
      return erasures.horizon
    },
    isStillGood,
    async erase(subject, at) {
      await erasures.erase(subject, at)
      return { pending: redisErasure?.isPending(subject) ? ['redis'] : [] }
    },
    async close() {
      redisErasure?.close()
      memory.clear()
      await written
    },
    survey() {
      memory.purgeStale()
      const ages = Float64Array.from(memory.values(), ({ fetchedAt }) => now() - fetchedAt).toSorted()
      const { length: entries } = ages
      return { entries, medianAgeMs: ages[entries >> 1] ?? 0, oldestAgeMs: ages.at(-1) ?? 0 }
    },
    get state() {
      if (redis === undefined) return 'memory'
      return redis.state === 'ready' ? 'redis' : 'redis-away'
    },
  }
}

/** With the version of `Kept`: after a change of shape, older records are misses. */
function contextOf(key: string): string {
  return `shared-data/2/${key}`
}
