import type { SubmissionStore } from '#gateway/store/submissions.ts'

/** The orders of an upstream that are in a state and not over. */
export interface OpenSubmissions {
  readonly upstream: string
  readonly state: string
  readonly count: number
  /** How long the one that came into the state first has been in it. */
  readonly oldestSeconds: number
}

const keptMs = 5_000

/** Counts at most every few seconds, however many ask; nothing while the store is away. */
export function createOpenSubmissions(
  store: Pick<SubmissionStore, 'countSubmissions'>,
  now: () => number,
): () => Promise<readonly OpenSubmissions[]> {
  let countedAt = -Infinity
  let counted: Promise<readonly OpenSubmissions[]> = Promise.resolve([])

  async function count(): Promise<readonly OpenSubmissions[]> {
    const at = now()
    const counts = await store.countSubmissions().catch(() => [])
    return counts.map(({ oldestSince, ...rest }) => ({
      ...rest,
      oldestSeconds: Math.max(0, Math.round((at - oldestSince) / 1_000)),
    }))
  }

  return () => {
    if (performance.now() - countedAt > keptMs) {
      countedAt = performance.now()
      counted = count()
    }
    return counted
  }
}
