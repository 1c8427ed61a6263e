/** Questions in flight with the same key are asked once. */

export type Joined<T> =
  /** `joined`: another caller's question brought it. */
  | { readonly timedOut: false; readonly value: T; readonly joined: boolean }
  /** This caller's time was up first; the shared question goes on for the others. */
  | { readonly timedOut: true }

export type Join<T> = (key: string, start: () => Promise<T>, remainingMs: number) => Promise<Joined<T>>

const timedOut = { timedOut: true } as const

/**
 * The first caller of a key starts the question, later ones wait for it, each no longer than its own `remainingMs`.
 * A failure (rejection) reaches all who wait; nothing is kept, so the next caller starts anew.
 *
 * `start` keeps the first caller's deadline by itself (the first caller pays for no timer here) and must not listen
 * to that caller hanging up, since others may wait for the same answer. All callers get the same object: read only.
 */
export function createJoin<T>(): Join<T> {
  const inFlight = new Map<string, Promise<T>>()

  async function lead(key: string, start: () => Promise<T>): Promise<Joined<T>> {
    const question = start()
    inFlight.set(key, question)
    try {
      return { timedOut: false, value: await question, joined: false }
    } finally {
      inFlight.delete(key)
    }
  }

  function follow(question: Promise<T>, remainingMs: number): Promise<Joined<T>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, remainingMs, timedOut)
      question
        .then(value => resolve({ timedOut: false, value, joined: true }), reject)
        .finally(() => clearTimeout(timer))
    })
  }

  return function join(key, start, remainingMs) {
    const question = inFlight.get(key)
    return question === undefined ? lead(key, start) : follow(question, remainingMs)
  }
}
