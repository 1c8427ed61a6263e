/** Whether an agency can be connected to: tried while nobody asks it, and never by a question. */
import { reach, type ReachStep, type Way } from './reach.ts'
import { windowMs } from './traffic.ts'

export interface Reachable {
  readonly value: boolean
  /** When it was tried, in epoch milliseconds. */
  readonly at: number
  /** The step that failed, or the last that there is. */
  readonly step: ReachStep
  /** An error code such as `ECONNREFUSED`; undefined when nothing failed. */
  readonly reason: string | undefined
}

export interface Reachability {
  /** What the last try showed; undefined when there was none, or long ago. */
  readonly latest: Reachable | undefined
  /** Never throws. Settles when nothing of the try is left, not even a name that is looked up. */
  probe(signal: AbortSignal): Promise<void>
}

export function createReachability(way: Way, now: () => number, limitMs = 3_000): Reachability {
  let tried: Reachable | undefined

  return {
    get latest() {
      return tried && now() - tried.at < windowMs ? tried : undefined
    },

    async probe(signal) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
      let latest: Reachable | undefined
      for await (const { step, error } of reach(way, within)) {
        if (signal.aborted) return
        latest = { value: error === undefined, at: now(), step, reason: error?.code }
        if (error) tried = latest
      }
      tried = latest // not before the last step: a connection alone is no secure one
    },
  }
}
