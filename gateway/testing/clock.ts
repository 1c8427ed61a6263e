/** A clock that a test moves by hand; it starts in the morning of a working day in Jakarta. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  leap(ms: number): void
}

export function createClock(start = Date.parse('2026-09-21T09:00:00+07:00')): Clock {
  let at = start
  return {
    now: () => at,
    leap(ms) {
      at += ms
    },
  }
}
