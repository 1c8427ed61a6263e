/** Whose data was erased, as the store remembers it: every gateway holds shared answers against it. */
import type { Store } from '#gateway/store/store.ts'

/**
 * How long a gateway trusts what it knows of erasures before it asks the store again. An erasure waits it out before it is
 * answered: from then on there is no gateway that knows less and still serves, whatever became of its connections.
 */
const leaseMs = 1_000

export interface Erasures {
  /** The last one known here. What is fetched from now on is fetched after it. */
  readonly horizon: number
  /**
   * Whether everything erased up to now is known here; nothing about anybody is served otherwise. The hot path must not pay
   * for a promise, so there is one only when a gateway has not been asked for a while, or the store is slow or away.
   */
  areKnown(): true | Promise<boolean>
  /** Whether somebody it is about was erased after it was asked for. */
  isVoid(answer: { readonly subjects: readonly string[]; readonly horizon: number }): boolean
  /** Resolves when no gateway serves anything older about them. Rejects when the store does not remember it. */
  erase(subject: string, at: number): Promise<void>
}

export interface ErasuresOptions {
  readonly store: Pick<Store, 'keepErasure' | 'readErasures'>
  /** Told of every subject (a keyed hash) as soon as its erasure is known here. */
  readonly onErased: (subjects: ReadonlySet<string>) => void
}

const pageSize = 1_000

export function createErasures({ store, onErased }: ErasuresOptions): Erasures {
  /** The last erasure of each subject. */
  const last = new Map<string, number>()
  let horizon = 0
  let knownAt = -Infinity // on the clock of `performance.now`
  let asking: Promise<boolean> | undefined

  /** Never rejects, and takes no longer than what it brings would be good for. */
  function catchUp(): Promise<boolean> {
    return (asking ??= inTime(ask()).finally(() => (asking = undefined)))
  }

  async function ask(): Promise<boolean> {
    const askedAt = performance.now()
    try {
      while ((await learn()) === pageSize);
    } catch {
      return false // what cannot be asked is not known
    }
    knownAt = Math.max(knownAt, askedAt)
    return true
  }

  /** What a slow store said before may come after what it said since. */
  async function learn(): Promise<number> {
    const erasures = await store.readErasures(horizon, pageSize)
    for (const { sequence, subject } of erasures) {
      last.set(subject, Math.max(sequence, last.get(subject) ?? 0))
      horizon = Math.max(sequence, horizon)
    }
    if (erasures.length > 0) onErased(new Set(erasures.map(({ subject }) => subject)))
    return erasures.length
  }

  void catchUp() // what a gateway before this one could not finish goes on at once
  return {
    get horizon() {
      return horizon
    },
    areKnown() {
      const age = performance.now() - knownAt
      if (age < leaseMs / 2) return true
      const answer = catchUp() // in good time: under load nobody waits for it
      return age < leaseMs ? true : answer
    },
    isVoid: ({ subjects, horizon: at }) => subjects.some(subject => (last.get(subject) ?? 0) > at),
    async erase(subject, at) {
      await store.keepErasure(subject, at)
      onErased(new Set([subject]))
      const { promise: leasesAreOver, resolve } = Promise.withResolvers<void>()
      setTimeout(resolve, leaseMs + 50) // timers and clocks are not quite exact
      await asking // it may have begun too early to see this one
      await catchUp()
      await leasesAreOver
    },
  }
}

async function inTime(answer: Promise<boolean>): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, leaseMs, false)
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
