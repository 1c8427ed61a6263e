import CircuitBreaker from 'opossum'
import type { Policy } from '#contracts/adapter.ts'
import { failures } from '#contracts/failures.ts'
import { GatewayFailure } from '#gateway/failure.ts'

export type CircuitState = 'closed' | 'open' | 'half-open'

export interface Breaker {
  /** Runs one attempt, or throws `CIRCUIT_OPEN` without running it. Every attempt must keep a deadline of its own. */
  run<Result>(attempt: () => Promise<Result>): Promise<Result>
  /** Watches it as `run` does, and runs it also while the circuit is open. */
  measure<Result>(attempt: () => Promise<Result>): Promise<Result>
  readonly state: CircuitState
  /** Since when it is closed, or is not: a trial that fails begins nothing new. */
  readonly since: number
  /** Until one call may try again; 0: calls pass. */
  readonly waitMs: number
  close(): void
}

const windowMs = 10_000

/**
 * opossum as a state machine only: time-outs, limits, caching and fallbacks are the pipeline's.
 * What counts as a fault is the failure table's word; a business "no" is a sign of life.
 */
export function createBreaker(
  upstream: string,
  { errorPercent, minimumCalls, openMs }: Policy['breaker'],
  now: () => number,
): Breaker {
  let openedAt = 0
  let openings = 0
  let isClosed = true
  let since = now()
  const circuit = new CircuitBreaker((attempt: () => Promise<unknown>) => attempt(), {
    timeout: false,
    errorThresholdPercentage: errorPercent - 1e-6, // opossum opens above the figure, we at it
    volumeThreshold: minimumCalls,
    resetTimeout: openMs,
    rollingCountTimeout: windowMs,
    rollingCountBuckets: 10,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    // A fault of ours (not a GatewayFailure) says nothing about the agency.
    errorFilter: error => !(error instanceof GatewayFailure && failures[error.code].circuit === 'counts'),
  })
  function turn(closed: boolean): void {
    if (isClosed === closed) return
    isClosed = closed
    since = now()
  }
  circuit.on('open', () => {
    openedAt = now()
    openings += 1
    turn(false)
  })
  circuit.on('close', () => turn(true))

  const open = (): GatewayFailure => {
    const leftMs = openedAt + openMs - now()
    // Half-open, the one trial in flight decides: nobody knows when.
    const retryAfter = circuit.opened && leftMs > 0 ? Math.ceil(leftMs / 1_000) : null
    const detail = 'the agency failed repeatedly and is left alone for now'
    return new GatewayFailure('CIRCUIT_OPEN', { source: upstream, retryAfter, detail })
  }

  /** Undefined when the circuit did not let it run. */
  async function fire<Result>(
    attempt: () => Promise<Result>,
  ): Promise<{ result: Promise<Result> } | undefined> {
    const begunAfter = openings
    const isLate = (): boolean => begunAfter !== openings
    let running: Promise<Result> | undefined
    const told = circuit.fire(() => {
      running = attempt()
      return running.finally(() => (isLate() ? silence : undefined))
    })
    told.catch(() => {})
    if (running === undefined) return undefined
    await running.catch(() => {})
    return { result: isLate() ? running : (told as Promise<Result>) } // not before opossum knows
  }

  return {
    async run(attempt) {
      const fired = await fire(attempt)
      if (!fired) throw open()
      return fired.result
    },
    async measure(attempt) {
      const fired = await fire(attempt)
      return fired ? fired.result : attempt()
    },
    get state() {
      return circuit.halfOpen ? 'half-open' : circuit.opened ? 'open' : 'closed'
    },
    get since() {
      return since
    },
    get waitMs() {
      return circuit.opened ? Math.max(0, openedAt + openMs - now()) : 0
    },
    close() {
      circuit.shutdown()
    },
  }
}

/**
 * What opossum hears of a call that was begun before the circuit last opened: nothing. Such a latecomer would otherwise
 * decide the trial in its place, and two trials could run at once.
 */
const silence = new Promise<never>(() => {})
