import { isFinal } from '#contracts/submission.ts'
import type { Store } from '#gateway/store/store.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'

export interface Waiting {
  /** An order has changed here. */
  onMove(row: SubmissionRow): void
  /** Resolves when nothing more comes of the order by itself (it is final, or waits for a person), or the time is over. */
  whenSettled(id: string, withinMs: number): Promise<void>
  /** The gateway stops: nobody waits any longer. */
  end(): void
}

const isSettled = ({ state, awaits }: Pick<SubmissionRow, 'state' | 'awaits'>): boolean =>
  isFinal(state) || awaits === 'officer' || awaits === 'operator'

/** Another gateway may finish it: the store is asked so often. */
const askEveryMs = 500

export function createWaiting({ findSubmission }: Pick<Store, 'findSubmission'>): Waiting {
  const waiting = new Map<string, Set<() => void>>()
  let isEnding = false

  return {
    onMove({ id, state, awaits }) {
      if (isSettled({ state, awaits })) for (const resolve of waiting.get(id) ?? []) resolve()
    },

    async whenSettled(id, withinMs) {
      const endsAt = performance.now() + withinMs
      const { promise, resolve } = Promise.withResolvers<void>()
      const waiters = waiting.getOrInsertComputed(id, () => new Set())
      waiters.add(resolve)
      let isOver = false
      void promise.then(() => (isOver = true))
      try {
        for (;;) {
          const row = await findSubmission(id).catch(() => undefined)
          const leftMs = endsAt - performance.now()
          if (isOver || isEnding || leftMs <= 0 || (row && isSettled(row))) return
          const timer = Promise.withResolvers<void>()
          const timeout = setTimeout(timer.resolve, Math.min(askEveryMs, leftMs))
          await Promise.race([promise, timer.promise])
          clearTimeout(timeout)
        }
      } finally {
        waiters.delete(resolve)
        if (waiters.size === 0) waiting.delete(id)
      }
    },

    end() {
      isEnding = true
      for (const resolve of [...waiting.values()].flatMap(waiters => [...waiters])) resolve()
    },
  }
}
