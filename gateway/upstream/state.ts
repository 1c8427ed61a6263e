/** What an upstream is to be called, from what is known of it at this moment. Nothing of this is remembered. */
import type { CircuitState } from './breaker.ts'
import type { Figures } from './traffic.ts'

export type UpstreamState = 'ok' | 'degraded' | 'down' | 'maintenance' | 'held' | 'unknown'

type TrafficState = Extract<UpstreamState, 'ok' | 'degraded' | 'down' | 'unknown'>

export interface StateFacts {
  /** What operators have switched. */
  readonly mode: 'normal' | 'held' | 'measure-only'
  /** The maintenance window that is open, if one is. */
  readonly window: object | undefined
  /** The agency refuses our access, and is left alone. */
  readonly isRefused: boolean
  readonly circuit: CircuitState
  readonly traffic: TrafficState
}

/** Why nothing is sent comes before what was seen when something was. */
export function stateOf({ mode, window, isRefused, circuit, traffic }: StateFacts): UpstreamState {
  if (mode === 'held' || isRefused) return 'held'
  if (window) return 'maintenance'
  if (circuit === 'open') return 'down'
  return traffic
}

/**
 * Down: half the attempts of the last minute fail; without any, half of those of the last five. Degraded: a tenth fails, or one
 * answer in twenty takes more than half of the time that there is. So neither an hour of good answers hides that an agency has
 * just gone, nor a bad minute that it is back.
 */
export function trafficState(
  { attempts, faults, lastMinute, latency }: Pick<Figures, 'attempts' | 'faults' | 'lastMinute' | 'latency'>,
  deadlineMs: number,
): TrafficState {
  if (attempts === 0) return 'unknown'
  const current = lastMinute.attempts > 0 ? lastMinute : { attempts, faults }
  if (share(current) >= 0.5) return current.faults > 1 ? 'down' : 'degraded' // one alone may be chance
  const isSlow = latency !== undefined && latency.p95 > deadlineMs / 2
  return share(current) >= 0.1 || share({ attempts, faults }) >= 0.1 || isSlow ? 'degraded' : 'ok'
}

/** A question and its retry may fail by chance. */
const fewestInARow = 3

/**
 * Down only when all that was asked is: where one capability fails and another answers, the agency is there. But what answered
 * before all that came since has failed says nothing of now.
 */
export function overall(
  capabilities: readonly { readonly state: TrafficState; readonly lastMinute: Figures['lastMinute'] }[],
  /** Attempts at any of them that have failed since one succeeded. */
  faultsInARow: number,
): TrafficState {
  const asked = capabilities.filter(({ state }) => state !== 'unknown')
  if (asked.length === 0) return 'unknown'
  if (faultsInARow >= fewestInARow) return 'down'
  const current = asked.filter(({ lastMinute }) => lastMinute.attempts > 0)
  if ((current.length > 0 ? current : asked).every(({ state }) => state === 'down')) return 'down'
  return asked.every(({ state }) => state === 'ok') ? 'ok' : 'degraded'
}

const share = ({ attempts, faults }: Pick<Figures, 'attempts' | 'faults'>): number => faults / attempts
