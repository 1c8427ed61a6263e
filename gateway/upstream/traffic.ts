import { type FailureCode, failures } from '#contracts/failures.ts'

const sliceMs = 10_000
const slices = 30
const remembered = 256

export type UpstreamState = 'ok' | 'degraded' | 'down' | 'maintenance' | 'held' | 'unknown'

export interface TrafficReport {
  readonly attempts: number
  readonly faults: number
  readonly lastSuccessAt: number | undefined
  readonly lastFailure: { readonly at: number; readonly code: FailureCode } | undefined
  /** Milliseconds of recent attempts, or undefined without any. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined
}

export interface Traffic {
  /** Notes the end of one attempt; a business "no" is a success of the agency. */
  note(outcome: 'ok' | FailureCode, ms: number): void
  /** What real traffic of the last five minutes says. */
  report(): TrafficReport
}

/** The health of an agency as its real traffic shows it. */
export function createTraffic(now: () => number): Traffic {
  const ring = Array.from({ length: slices }, () => ({ slice: -1, attempts: 0, faults: 0 }))
  const latencies: { at: number; ms: number }[] = []
  let lastSuccessAt: number | undefined
  let lastFailure: TrafficReport['lastFailure']

  return {
    note(outcome, ms) {
      const at = now()
      const slice = Math.floor(at / sliceMs)
      const counts = ring[slice % slices]!
      if (counts.slice !== slice) Object.assign(counts, { slice, attempts: 0, faults: 0 })
      counts.attempts += 1
      if (isFault(outcome)) {
        counts.faults += 1
        lastFailure = { at, code: outcome }
      } else lastSuccessAt = at
      latencies.push({ at, ms })
      if (latencies.length > remembered) latencies.shift()
    },

    report() {
      const oldest = Math.floor(now() / sliceMs) - slices
      const recent = ring.filter(({ slice }) => slice > oldest)
      const sorted = latencies
        .filter(({ at }) => at > now() - slices * sliceMs)
        .map(({ ms }) => ms)
        .toSorted((one, other) => one - other)
      const percentile = (share: number): number =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
      return {
        attempts: sum(recent, 'attempts'),
        faults: sum(recent, 'faults'),
        lastSuccessAt,
        lastFailure,
        latency:
          sorted.length === 0
            ? undefined
            : { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) },
      }
    },
  }
}

const isFault = (outcome: 'ok' | FailureCode): outcome is FailureCode =>
  outcome !== 'ok' && failures[outcome].meaning === 'unanswered'

const sum = <Key extends string>(rows: readonly Record<Key, number>[], key: Key): number =>
  rows.reduce((total, row) => total + row[key], 0)

/** A verdict from figures: half the attempts failing is down, a tenth is degraded, none is unknown. */
export function stateOf({ attempts, faults }: TrafficReport): UpstreamState {
  if (attempts === 0) return 'unknown'
  if (faults / attempts >= 0.5) return 'down'
  return faults / attempts >= 0.1 ? 'degraded' : 'ok'
}
