/** Whether the clock on the wall has leapt of late: it is held against one that nobody sets. */

const leapMs = 2_000
/** A leap is past when it is done; so long is it spoken of. */
const toldForMs = 5 * 60_000

export interface LeapWatch {
  /** To be called every few seconds. */
  look(): void
  /** How far it leapt, forward or back (below zero); undefined: it did not, of late. */
  readonly ms: number | undefined
}

export function createLeapWatch(now: () => number, elapsed: () => number): LeapWatch {
  let offset = now() - elapsed()
  let latest: { readonly ms: number; readonly at: number } | undefined

  return {
    look() {
      const before = offset
      offset = now() - elapsed()
      if (Math.abs(offset - before) > leapMs) latest = { ms: offset - before, at: elapsed() }
    },
    get ms() {
      return latest && elapsed() - latest.at < toldForMs ? latest.ms : undefined
    },
  }
}
