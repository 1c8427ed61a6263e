import type { RedisClient } from './redis.ts'

/** Removes what Redis holds about somebody, now or when it is back. Until then it lies there sealed, and nobody serves it. */
export interface RedisErasure {
  begin(subjects: ReadonlySet<string>): void
  isPending(subject: string): boolean
  close(): void
}

const retryMs = 1_000

export function createRedisErasure(redis: RedisClient): RedisErasure {
  /** Each with its latest erasure: one that comes while Redis is at work on the one before is done again. */
  const pending = new Map<string, ReadonlySet<string>>()
  let isRunning = false
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  async function run() {
    if (isRunning || isClosed) return
    isRunning = true
    clearTimeout(timer)
    for (const [subject, erasure] of pending) {
      const isRemoved = await redis.removeTagged(subject).catch(() => false)
      if (!isRemoved) break // the others would fare no better
      if (pending.get(subject) === erasure) pending.delete(subject)
    }
    isRunning = false
    if (pending.size > 0 && !isClosed) timer = setTimeout(run, retryMs).unref()
  }

  return {
    begin(subjects) {
      for (const subject of subjects) pending.set(subject, subjects)
      void run()
    },
    isPending: subject => pending.has(subject),
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
