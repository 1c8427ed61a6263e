import { GatewayFailure } from '#gateway/failure.ts'

export interface Bulkhead {
  /** Runs when a place is free; gives up within `remainingMs`, or at once when as many wait as may run. */
  run<Result>(work: () => Promise<Result>, remainingMs: number): Promise<Result>
  readonly running: number
  readonly waiting: number
}

/** At most `limit` calls to one agency at once, so that a slow one cannot take the whole gateway with it. */
export function createBulkhead(upstream: string, limit: number): Bulkhead {
  let running = 0
  const waiting = new Set<() => void>()

  const full = () =>
    new GatewayFailure('BULKHEAD_FULL', {
      source: upstream,
      retryAfter: null,
      detail: 'too many questions to this agency at once',
    })

  function place(remainingMs: number): Promise<void> | undefined {
    if (running < limit) {
      running += 1
      return undefined
    }
    if (waiting.size >= limit) throw full()
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(enter)
        reject(full())
      }, remainingMs)
      waiting.add(enter)
    })
  }

  /** A place that becomes free goes to the one who waited longest; `running` stays as it is. */
  function leave(): void {
    const [next] = waiting
    if (next) {
      waiting.delete(next)
      next()
    } else running -= 1
  }

  return {
    async run(work, remainingMs) {
      const wait = place(remainingMs)
      if (wait) await wait
      try {
        return await work()
      } finally {
        leave()
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting.size
    },
  }
}
