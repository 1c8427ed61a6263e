import type { SubmissionStore } from '#gateway/store/submissions.ts'

/** The orders of an upstream that are in a state and not over. */
export interface OpenSubmissions {
  readonly upstream: string
  readonly state: string
  readonly count: number
  /** When the one that has been in the state longest came into it; epoch milliseconds, in the store's time. */
  readonly oldestSince: number
  readonly oldestSeconds: number
}

const keptMs = 5_000

/** What the store has counted, seen at an instant. */
export const openAt = (
  counts: Awaited<ReturnType<SubmissionStore['countSubmissions']>>,
  at: number,
): readonly OpenSubmissions[] =>
  counts.map(one => ({ ...one, oldestSeconds: Math.max(0, Math.round((at - one.oldestSince) / 1_000)) }))

/** Counts at most every few seconds, however many ask; nothing while the store is away. */
export function createOpenSubmissions(
  store: Pick<SubmissionStore, 'countSubmissions'>,
  now: () => number,
): () => Promise<readonly OpenSubmissions[]> {
  let countedAt = -Infinity
  let counted: Promise<readonly OpenSubmissions[]> = Promise.resolve([])

  return () => {
    if (performance.now() - countedAt > keptMs) {
      countedAt = performance.now()
      const at = now()
      counted = store.countSubmissions().then(
        counts => openAt(counts, at),
        () => [],
      )
    }
    return counted
  }
}
