import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createMemoryStore } from '../testing/memory-store.ts'
import { describeWithOwnRedis, describeWithRedis } from '../testing/redis.ts'
import { createSealer } from '../sealing.ts'
import { connectRedis, type RedisClient, type RedisState } from './redis.ts'
import { createSharedData, type SharedDataOptions, type SharedEntry } from './shared-data.ts'

const sealer = createSealer([{ id: 'test', key: randomBytes(32) }])
const store = createMemoryStore(randomBytes(32))
const minuteMs = 60_000
/** Waits are for what happens by itself soon; a slow machine gets much more time than it needs. */
const patient = { timeout: 10_000, interval: 20 }

function entryOf(fullName: string, fetchedAt = Date.now()): SharedEntry {
  return {
    data: { nik: '9999011501900001', fullName },
    source: 'registry',
    fetchedAt,
    timeToLiveMs: minuteMs,
    subjects: [],
    horizon: 0,
  }
}

describe('in memory', () => {
  let time = 1_000_000
  const now = () => time

  test('an entry is there at once, the same object, until its keeping time ends', () => {
    const cache = createSharedData({ sealer, store, now })
    const entry = entryOf('BUDI CONTOH', time)
    expect(cache.read('key')).toBeUndefined()
    cache.write('key', entry, 2 * minuteMs)
    time += 2 * minuteMs
    expect(cache.read('key'), 'stale, and still kept').toBe(entry)
    time += 1
    expect(cache.read('key')).toBeUndefined()
    expect(cache.state).toBe('memory')
  })

  test('no keeping time, no entry', () => {
    const cache = createSharedData({ sealer, store, now })
    cache.write('none', entryOf('BUDI CONTOH', time), 0)
    cache.write('less', entryOf('BUDI CONTOH', time), 0.9)
    expect([cache.read('none'), cache.read('less')]).toEqual([undefined, undefined])
  })

  test('holds the most recently used, up to its bound', () => {
    const cache = createSharedData({ sealer, store, now, maximumEntries: 2 })
    cache.write('a', entryOf('A', time), minuteMs)
    cache.write('b', entryOf('B', time), minuteMs)
    void cache.read('a')
    cache.write('c', entryOf('C', time), minuteMs)
    expect(['a', 'b', 'c'].map(key => cache.read(key) !== undefined)).toEqual([true, false, true])
  })
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map(close => close()))
})

async function readyRedis(
  url: string,
  prefix: string,
  onState?: (state: RedisState, reason?: string) => void,
) {
  const redis = connectRedis(url, { prefix, ...(onState && { onState }) })
  closing.push(() => redis.close())
  await expect.poll(() => redis.state, patient).toBe('ready')
  return redis
}

/** A gateway of its own: memory, and a connection. */
async function gateway(url: string, prefix: string, options: Partial<SharedDataOptions> = {}) {
  const redis = await readyRedis(url, prefix)
  return createSharedData({ sealer, store, redis, ...options })
}

function readSoon(cache: { read: (key: string) => unknown }, key: string) {
  return vi.waitFor(async () => {
    const entry = await cache.read(key)
    if (entry === undefined) throw new Error(`nothing under ${key} yet`)
    return entry
  }, patient)
}

function getSoon(redis: RedisClient, key: string) {
  return readSoon({ read: name => redis.get(name) }, key) as Promise<Buffer>
}

function setSoon(redis: RedisClient, key: string, value: Buffer) {
  return vi.waitFor(() => redis.set(key, value, minuteMs), patient)
}

await describeWithRedis('with Redis behind', server => {
  test('another gateway reads what the first wrote, then has it in its own memory', async () => {
    const first = await gateway(server.url, server.prefix)
    const second = await gateway(server.url, server.prefix)
    const entry = entryOf('SITI CONTOH')
    first.write('shared', entry, minuteMs)
    expect(await readSoon(second, 'shared')).toEqual(entry)
    expect(second.read('shared'), 'without a promise').toEqual(entry)
  })

  test('nobody who reads Redis learns what was said about whom', async () => {
    const cache = await gateway(server.url, server.prefix)
    const redis = await readyRedis(server.url, server.prefix)
    cache.write('sealed', entryOf('KENARI RAHASIA'), minuteMs)
    const raw = await getSoon(redis, 'sealed')
    for (const part of ['KENARI', 'fullName', '9999011501900001', 'registry'])
      expect(raw.includes(part)).toBe(false)
  })

  test('what does not open is a miss and is counted: garbage, another key’s record, another master key, a key that is gone', async () => {
    const faults: string[] = []
    const redis = await readyRedis(server.url, server.prefix)
    const cache = createSharedData({ sealer, store, redis, onFault: fault => faults.push(fault) })
    const stranger = createSharedData({
      sealer: createSealer([{ id: 'test', key: randomBytes(32) }]),
      store,
      redis,
    })
    cache.write('original', entryOf('ORANG LAIN'), minuteMs)
    stranger.write('foreign', entryOf('ORANG ASING'), minuteMs)
    createSharedData({
      sealer: createSealer([{ id: 'before', key: randomBytes(32) }]),
      store,
      redis,
    }).write('rotated', entryOf('ORANG LAMA'), minuteMs)
    await setSoon(redis, 'garbage', Buffer.from('{"entry":{}}'))
    await setSoon(redis, 'moved', await getSoon(redis, 'original'))
    await getSoon(redis, 'foreign')
    await getSoon(redis, 'rotated')

    for (const key of ['garbage', 'moved', 'foreign', 'rotated']) {
      await vi.waitFor(async () => {
        expect(await cache.read(key)).toBeUndefined()
        expect(faults.splice(0)).toEqual(['unreadable'])
      }, patient)
    }
  })

  test('what is about somebody is removed by them alone, however often it was written', async () => {
    const redis = await readyRedis(server.url, server.prefix)
    const value = Buffer.from('sealed')
    await vi.waitFor(() => redis.set('family', value, minuteMs, ['her', 'him']), patient)
    await vi.waitFor(() => redis.set('family', value, minuteMs, ['her', 'him']), patient)
    await vi.waitFor(() => redis.set('alone', value, 10, ['her']), patient)
    await vi.waitFor(() => redis.set('other', value, minuteMs, ['him']), patient)
    expect(await vi.waitFor(() => redis.removeTagged('her'), patient)).toBe(true)
    await vi.waitFor(async () => expect(await redis.get('other')).toEqual(value), patient)
    expect(await redis.get('family')).toBeUndefined()
  })

  test('Redis lets an entry go when its keeping time ends', async () => {
    const cache = await gateway(server.url, server.prefix)
    const redis = await readyRedis(server.url, server.prefix)
    cache.write('short', entryOf('BUDI CONTOH'), 1_500)
    await getSoon(redis, 'short')
    await vi.waitFor(async () => expect(await redis.get('short')).toBeUndefined(), patient)
  })

  test('reading does not lengthen a life, and a record put back after its end is not revived', async () => {
    let time = Date.now()
    const first = await gateway(server.url, server.prefix)
    const second = await gateway(server.url, server.prefix, { now: () => time })
    const redis = await readyRedis(server.url, server.prefix)
    first.write('life', entryOf('BUDI CONTOH'), 3 * minuteMs)
    const record = await getSoon(redis, 'life')
    time += 2 * minuteMs
    expect(await readSoon(second, 'life'), 'stale, and still kept').toBeDefined()
    time += 2 * minuteMs
    await setSoon(redis, 'life', record)
    expect(await second.read('life')).toBeUndefined()
  })

  test('a stale entry in memory gives way to a newer one from another gateway, never a newer to an older', async () => {
    let time = Date.now()
    const first = await gateway(server.url, server.prefix, { now: () => time })
    const second = await gateway(server.url, server.prefix, { now: () => time })
    const [older, newer] = [entryOf('LAMA', time), entryOf('BARU', time + 2 * minuteMs)]
    first.write('renewed', older, 10 * minuteMs)
    await readSoon(second, 'renewed')
    time += 2 * minuteMs
    expect(await first.read('renewed'), 'nothing newer').toEqual(older)
    second.write('renewed', newer, 10 * minuteMs)
    await vi.waitFor(async () => expect(await first.read('renewed')).toEqual(newer), patient)

    const redis = await readyRedis(server.url, server.prefix)
    first.write('mine', newer, 10 * minuteMs)
    const record = await getSoon(redis, 'mine')
    second.write('mine', older, 10 * minuteMs)
    await vi.waitFor(async () => expect(await redis.get('mine')).not.toEqual(record), patient)
    time += 2 * minuteMs
    expect(await first.read('mine')).toBe(newer)
  })

  test('after closing, memory is empty and what was written just before is in Redis', async () => {
    const own = await readyRedis(server.url, server.prefix)
    const cache = createSharedData({ sealer, store, redis: own })
    const another = await gateway(server.url, server.prefix)
    cache.write('last', entryOf('BUDI CONTOH'), minuteMs)
    await cache.close()
    await own.close()
    expect(await cache.read('last')).toBeUndefined()
    await readSoon(another, 'last')
  })
})

describeWithOwnRedis('when Redis fails', server => {
  test('frozen: reads are misses, soon without asking, memory goes on; thawed: used again', async () => {
    const states: string[] = []
    const faults: string[] = []
    const redis = await readyRedis(server.url, 'mpp:', (state, reason) =>
      states.push([state, reason].join(' ').trim()),
    )
    const cache = createSharedData({ sealer, store, redis, onFault: fault => faults.push(fault) })
    const entry = entryOf('BUDI CONTOH')
    cache.write('before', entry, minuteMs)
    await getSoon(redis, 'before')

    server.freeze()
    const began = performance.now()
    for (let n = 0; n < 500; n++) expect(await cache.read(`absent-${n}`)).toBeUndefined()
    // 25 s if each one waited for its 50 ms.
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(faults.length, 'asked in vain').toBeLessThan(10)
    expect(cache.state).toBe('redis-away')
    cache.write('during', entry, minuteMs)
    expect(cache.read('before')).toBe(entry)
    expect(cache.read('during')).toBe(entry)

    server.thaw()
    await expect.poll(async () => [await redis.get('before'), cache.state][1], patient).toBe('redis')
    await vi.waitFor(async () => {
      const another = createSharedData({ sealer, store, redis })
      const entries = await Promise.all(Array.from({ length: 10 }, async () => another.read('before')))
      expect(entries, 'each one is asked again, not only a trial').toEqual(entries.map(() => entry))
    }, patient)
    expect(states.slice(0, 2)).toEqual(['ready', 'away TIMEOUT'])
    expect(states.at(-1)).toBe('ready')
  }, 30_000)

  test('dead in the middle: answers go on; started again: used again, by itself', async () => {
    const redis = await readyRedis(server.url, 'mpp:')
    const cache = createSharedData({ sealer, store, redis })
    const entry = entryOf('BUDI CONTOH')
    cache.write('held', entry, minuteMs)

    await server.kill()
    await expect.poll(() => cache.state, patient).toBe('redis-away')
    for (let n = 0; n < 500; n++) expect(await cache.read(`absent-${n}`)).toBeUndefined()
    expect(cache.read('held')).toBe(entry)
    cache.write('unseen', entry, minuteMs)

    await server.start()
    await expect.poll(() => cache.state, patient).toBe('redis')
    cache.write('after', entry, minuteMs)
    const another = createSharedData({ sealer, store, redis })
    expect(await readSoon(another, 'after')).toEqual(entry)
  }, 30_000)

  test('absent from the start: it works from memory, says why, and joins in when Redis comes', async () => {
    await server.kill()
    const states: string[] = []
    const redis = connectRedis(server.url, {
      onState: (state, reason) => states.push([state, reason].join(' ').trim()),
    })
    closing.push(() => redis.close())
    const cache = createSharedData({ sealer, store, redis })
    expect(await cache.read('key')).toBeUndefined()
    await expect.poll(() => states, patient).toEqual(['away ECONNREFUSED'])
    await server.start()
    await expect.poll(() => states, patient).toEqual(['away ECONNREFUSED', 'ready'])
  }, 30_000)
})

test('a refused password is a reason by code; whatever the server says is not repeated', async () => {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', command => socket.write(`-WRONGPASS ${JSON.stringify(command.toString())}\r\n`))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => void server.close())
  const states: string[] = []
  const { port } = server.address() as AddressInfo
  const redis = connectRedis(`redis://:kata-sandi-rahasia@127.0.0.1:${port}`, {
    onState: (...state) => states.push(state.join(' ')),
  })
  closing.push(() => redis.close())
  await expect.poll(() => states, patient).toEqual(['away WRONGPASS'])
})
