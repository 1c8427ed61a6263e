import { GatewayFailure } from '#gateway/failure.ts'

const trialEveryMs = 60_000

export interface Hold {
  /** Throws `HELD` unless nothing is held, or it is time for a trial. */
  check(): void
  /** The same, and takes the trial. */
  admit(): void
  /** The agency refused our credentials, address or institution: stop before it locks the account. Returns seconds until the next trial. */
  hold(): number
  /** The agency answered as it should. */
  lift(): void
  readonly since: number | undefined
  /** Until the next trial; 0: nothing is held, or it is time for one. */
  readonly waitMs: number
}

/** Holds an upstream whose configuration the agency refuses; one question a minute tries whether it is mended. */
export function createHold(
  upstream: string,
  now: () => number,
  /** When operators last let it go: then it is tried at once. */
  letGoAt: () => number = () => 0,
): Hold {
  let since: number | undefined
  let triedAt = 0

  function waitMs(): number {
    if (since === undefined || letGoAt() > triedAt) return 0
    return Math.max(0, triedAt + trialEveryMs - now())
  }

  function check(): void {
    const wait = waitMs()
    if (wait <= 0) return
    throw new GatewayFailure('HELD', {
      source: upstream,
      retryAfter: Math.ceil(wait / 1_000),
      detail: 'the agency cannot be asked now',
    })
  }

  return {
    check,
    admit() {
      check()
      triedAt = now()
    },
    hold() {
      since ??= now()
      triedAt = now()
      return trialEveryMs / 1_000
    },
    lift() {
      since = undefined
    },
    get since() {
      return since
    },
    get waitMs() {
      return waitMs()
    },
  }
}
