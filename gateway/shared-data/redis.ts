/**
 * The one door to Redis: no command holds its caller longer than 50 ms, a Redis that is away costs nothing, and a
 * returned one is used again by itself.
 */
import { Redis } from 'ioredis'

export type RedisState = 'connecting' | 'ready' | 'away'

export interface RedisClient {
  readonly state: RedisState
  /** Undefined: nothing there, or Redis is away and was not asked. Rejects when it was asked and failed. */
  get(key: string): Promise<Buffer | undefined>
  /**
   * Kept for `keepMs` (whole milliseconds, at least 1), and found again by each tag. Not written when Redis is away; rejects
   * as `get` does.
   */
  set(key: string, value: Buffer, keepMs: number, tags?: readonly string[]): Promise<void>
  /** Removes everything with this tag. False: Redis is away and was not asked. Rejects as `get` does. */
  removeTagged(tag: string): Promise<boolean>
  close(): Promise<void>
}

export interface RedisOptions {
  /** Before every key; `mpp:` unless told (tests have their own). */
  prefix?: string
  /** Each change, with a short code such as `ECONNREFUSED`, `WRONGPASS` or `TIMEOUT` when Redis is away. */
  onState?: (state: RedisState, reason?: string) => void
}

/** A tag is the set of its keys, and lives as long as the last of them. */
const setTagged = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for index = 2, #KEYS do
  redis.call('SADD', KEYS[index], KEYS[1])
  if redis.call('PTTL', KEYS[index]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[index], ARGV[2]) end
end`

const removeTagged = `
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('UNLINK', key) end
redis.call('UNLINK', KEYS[1])
return 1`

/** ioredis makes a method of each script that it is given. */
interface Scripts {
  setTagged(keyCount: number, ...keysAndArguments: (string | number | Buffer)[]): Promise<unknown>
  removeTagged(key: string): Promise<unknown>
}

/** `url` may hold a password: it is in no error and no state. */
export function connectRedis(url: string, { prefix = 'mpp:', onState }: RedisOptions = {}): RedisClient {
  const pause = createPause()
  let state: RedisState = 'connecting'
  let reason = 'CLOSED'
  let closing = false

  // No automatic pipelining: it waits for the pipeline before, which doubles the time lost to a frozen Redis, and it
  // costs 15 to 50 % more CPU (ioredis 6.0.0).
  const client = new Redis(url, {
    scripts: {
      setTagged: { lua: setTagged },
      removeTagged: { lua: removeTagged, numberOfKeys: 1 },
    },
    keyPrefix: prefix,
    commandTimeout: 50,
    connectTimeout: 500,
    socketTimeout: 1_000, // a frozen connection is given up, and made again
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: attempt => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
  }) as Redis & Scripts
  client.on('error', error => {
    reason = codeOf(error)
  })
  client.on('close', () => become('away', reason))
  client.on('ready', () => {
    reason = 'CLOSED'
    pause.end()
    become('ready')
  })

  function become(next: RedisState, why?: string) {
    if (closing || next === state) return
    state = next
    onState?.(next, why)
  }

  async function ask<T>(command: () => Promise<T>): Promise<T | undefined> {
    if (client.status !== 'ready' || !pause.admits()) return undefined
    try {
      const answer = await command()
      settled(true)
      return answer
    } catch (error) {
      settled(!isTimeout(error))
      throw error
    }
  }

  /** Anything but a timeout is an answer, or a closed connection, of which `close` tells. */
  function settled(answered: boolean) {
    if (!answered) {
      if (pause.timedOut()) become('away', 'TIMEOUT')
    } else if (client.status === 'ready') {
      pause.end()
      become('ready')
    }
  }

  return {
    get state() {
      return state
    },
    async get(key) {
      return (await ask(() => client.getBuffer(key))) ?? undefined
    },
    async set(key, value, keepMs, tags = []) {
      await ask(() =>
        tags.length === 0
          ? client.set(key, value, 'PX', keepMs)
          : client.setTagged(1 + tags.length, key, ...tags.map(keyOfTag), value, keepMs),
      )
    },
    async removeTagged(tag) {
      return (await ask(() => client.removeTagged(keyOfTag(tag)))) !== undefined
    },
    async close() {
      closing = true // wanted: nobody needs to be told
      state = 'away'
      await client.quit().catch(() => client.disconnect())
    },
  }
}

const keyOfTag = (tag: string): string => `s:${tag}`

const timeoutsInARow = 3
const pauseMs = 1_000

/** After three timeouts in a row Redis is left alone, but for one trial a second, until it answers. */
function createPause() {
  let timeouts = 0
  let resumeAt = 0

  return {
    admits(): boolean {
      if (timeouts < timeoutsInARow) return true
      const now = performance.now()
      if (now < resumeAt) return false
      resumeAt = now + pauseMs // this one is the trial; it settles long before the next
      return true
    },
    /** Whether Redis is paused now. */
    timedOut(): boolean {
      timeouts += 1
      if (timeouts < timeoutsInARow) return false
      resumeAt = performance.now() + pauseMs
      return true
    },
    end() {
      timeouts = 0
    },
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out'
}

/** Never the message or the error itself: they may quote the command, and with it the password. */
function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? /^[A-Z]{3,}\b/.exec(error.message)?.[0] ?? (isTimeout(error) ? 'TIMEOUT' : 'CLOSED')
}
