/** Questions in flight with the same key are asked once. */

export type Joined<T> =
  /** `joined`: another caller's question brought it. */
  | { readonly timedOut: false; readonly value: T; readonly joined: boolean }
  /** This caller's time was up first; the shared question goes on for the others. */
  | { readonly timedOut: true }

export type Join<T> = (key: string, start: () => Promise<T>, remainingMs: number) => Promise<Joined<T>>

const timedOut = { timedOut: true } as const

/**
 * The first caller of a key starts the question, later ones wait for it, each no longer than its own `remainingMs`
 * (`Infinity`: as long as the question itself may take; then there is no timer to pay for).
 * A failure (rejection) reaches all who wait; nothing is kept, so the next caller starts anew.
 *
 * `start` keeps a deadline by itself and must not listen to the first caller hanging up, since others may wait for the
 * same answer. All callers get the same object: read only.
 */
export function createJoin<T>(): Join<T> {
  const inFlight = new Map<string, Promise<T>>()

  return function join(key, start, remainingMs) {
    const shared = inFlight.get(key)
    if (shared) return wait(shared, true, remainingMs)
    const question = Promise.try(start).finally(() => inFlight.delete(key))
    inFlight.set(key, question)
    return wait(question, false, remainingMs)
  }
}

async function wait<T>(question: Promise<T>, joined: boolean, remainingMs: number): Promise<Joined<T>> {
  if (remainingMs === Infinity) return { timedOut: false, value: await question, joined }
  const { promise: timeIsUp, resolve } = Promise.withResolvers<typeof timedOut>()
  const timer = setTimeout(resolve, remainingMs, timedOut)
  try {
    return await Promise.race([
      question.then(value => ({ timedOut: false, value, joined }) as const),
      timeIsUp,
    ])
  } finally {
    clearTimeout(timer)
  }
}
