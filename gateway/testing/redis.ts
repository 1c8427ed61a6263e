/**
 * A real Redis for tests. Absent: the tests are skipped by name with the reason printed; in CI that is a failure.
 * Each suite has a key prefix of its own and removes its keys at the end; nothing is ever flushed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, test } from 'vitest'

export interface TestRedis {
  readonly url: string
  /** For `connectRedis`; what stands under it is removed at the end. */
  readonly prefix: string
}

/** A `redis-server` of the suite's own, on a free port; empty at each start. */
export interface RedisServer {
  readonly url: string
  /** Connections stay open and nothing is answered. */
  freeze(): void
  thaw(): void
  countKeys(): Promise<number>
  /** As a crash does: no goodbye. */
  kill(): Promise<void>
  /** On the same port again. */
  start(): Promise<void>
}

/** A suite on `REDIS_URL`, else 127.0.0.1:6379, else a `redis-server` of its own. Await it at the top of the file. */
export async function describeWithRedis(name: string, suite: (redis: TestRedis) => void): Promise<void> {
  const prefix = `mpp:test-${randomBytes(6).toString('hex')}:`
  const given = process.env['REDIS_URL']
  const url = given ?? 'redis://127.0.0.1:6379'

  if (await answers(url)) {
    describe(name, () => {
      afterAll(() => removeKeys(url, prefix))
      suite({ url, prefix })
    })
  } else if (given === undefined && serverIsOnPath()) {
    describeWithOwnRedis(name, server =>
      suite({
        get url() {
          return server.url
        },
        prefix,
      }),
    )
  } else {
    const reason = given === undefined ? absent : 'REDIS_URL is set, but nobody answers there'
    describeAbsent(name, reason, () => suite({ url, prefix }))
  }
}

/** A suite with a `redis-server` that it may freeze and kill. */
export function describeWithOwnRedis(name: string, suite: (server: RedisServer) => void): void {
  const server = createRedisServer()
  if (!serverIsOnPath()) return describeAbsent(name, absent, () => suite(server))
  describe(name, () => {
    beforeAll(() => server.start())
    afterAll(() => server.kill())
    suite(server)
  })
}

const absent = 'no Redis: set REDIS_URL, start one on 127.0.0.1:6379, or put redis-server on PATH'

function describeAbsent(name: string, reason: string, suite: () => void) {
  if (process.env['CI']) {
    describe(name, () => {
      test('has the Redis it needs', () => {
        throw new Error(reason)
      })
    })
  } else {
    console.warn(`skipped: ${name} (${reason})`)
    describe.skip(`${name} (${reason})`, suite)
  }
}

/** Not started; undefined: there is none on PATH. */
export const ownRedis = (): RedisServer | undefined => (serverIsOnPath() ? createRedisServer() : undefined)

function createRedisServer(): RedisServer {
  let port = 0
  let child: ChildProcess | undefined
  const killWithUs = () => child?.kill('SIGKILL')

  return {
    get url() {
      return `redis://127.0.0.1:${port}`
    },
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    countKeys() {
      return withConnection(this.url, redis => redis.dbsize())
    },
    async kill() {
      if (child === undefined) return
      process.off('exit', killWithUs)
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      child = undefined
    },
    async start() {
      port ||= await freePort()
      const settings = [
        '--bind',
        '127.0.0.1',
        '--port',
        String(port),
        '--dir',
        tmpdir(),
        '--save',
        '',
        '--appendonly',
        'no',
      ]
      child = spawn('redis-server', settings, { stdio: 'ignore' })
      process.once('exit', killWithUs)
      while (!(await answers(this.url))) {
        if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode} at its start`)
        await setTimeout(20)
      }
    },
  }
}

function serverIsOnPath(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}

async function answers(url: string): Promise<boolean> {
  try {
    await withConnection(url, redis => redis.ping())
    return true
  } catch {
    return false
  }
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  await withConnection(url, async redis => {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }) as AsyncIterable<
      string[]
    >) {
      if (keys.length > 0) await redis.unlink(...keys)
    }
  })
}

async function withConnection<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 1_000,
    commandTimeout: 5_000,
    retryStrategy: null,
  })
  redis.on('error', () => {}) // the rejection says it
  try {
    await redis.connect()
    return await use(redis)
  } finally {
    redis.disconnect()
  }
}
