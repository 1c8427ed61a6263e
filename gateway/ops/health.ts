/** An upstream's health as the API tells it: every figure with its age. */
import type { Maintenance } from '#gateway/upstream/maintenance.ts'
import type { Figures, Minute } from '#gateway/upstream/traffic.ts'
import type { UpstreamState } from '#gateway/upstream/state.ts'
import type { Upstream, UpstreamHealth } from '#gateway/upstream/upstream.ts'
import { instantOf, shareOf } from './figures.ts'
import { viewOf } from './gateway-view.ts'
import { everywhere, type Heartbeats, gatewaysOn } from './gateways.ts'

/** Of `application/health+json` (draft-inadarei-api-health-check). */
export const healthStatuses = ['pass', 'warn', 'fail'] as const
export type HealthStatus = (typeof healthStatuses)[number]

const statusBy: Record<Exclude<UpstreamState, 'unknown'>, HealthStatus> = {
  ok: 'pass',
  degraded: 'warn',
  maintenance: 'warn',
  down: 'fail',
  held: 'fail',
}

/** An agency that nobody asks is as well as its connection; of one that was not tried either, nobody knows. */
function statusOf({ state, reachable }: UpstreamHealth): HealthStatus {
  if (state !== 'unknown') return statusBy[state]
  if (!reachable) return 'warn'
  return reachable.value ? 'pass' : 'fail'
}

/** One that fails among others that do not is a warning. */
export function statusOfAll(statuses: readonly HealthStatus[]): HealthStatus {
  const [first = 'pass'] = statuses
  return statuses.every(status => status === first) ? first : 'warn'
}

/** Which gateways there are is told to whoever oversees; what they say together, to everyone. */
export function healthOf(
  upstream: Upstream,
  { heartbeats, now, isOverseer }: { heartbeats: Heartbeats; now: number; isOverseer: boolean },
) {
  const health = upstream.health()
  const { quotaLeft, reachable, maintenance } = health
  const gateways = gatewaysOn(viewOf(health), heartbeats, now)
  return {
    status: statusOf(health),
    id: health.id,
    title: health.title,
    trust: health.trust,
    state: health.state,
    since: instantOf(health.since, now)!,
    circuit: health.circuit,
    circuitSince: instantOf(health.circuitSince, now)!,
    heldSince: instantOf(health.heldSince, now),
    mode: health.mode,
    modeSince: instantOf(health.modeSince, now),
    maintenance: {
      now: maintenance.now ? stretchOf(maintenance.now) : null,
      next: maintenance.next ? stretchOf(maintenance.next) : null,
    },
    quotaLeft: quotaLeft ? { value: quotaLeft.value, ...instantOf(quotaLeft.at, now)! } : null,
    reachable: reachable
      ? {
          value: reachable.value,
          ...instantOf(reachable.at, now)!,
          step: reachable.step,
          reason: reachable.reason ?? null,
        }
      : null,
    ...figuresOf(health, now),
    capabilities: health.capabilities.map(capability => ({
      id: capability.id,
      trust: capability.trust,
      state: capability.state,
      ...figuresOf(capability, now),
    })),
    everywhere: everywhere(gateways),
    ...(isOverseer && { gateways }),
  }
}

/** Instants are ISO 8601; without a message counters are told that the agency is under maintenance. */
export const stretchOf = ({ startsAt, endsAt, message }: Maintenance) => ({
  from: new Date(startsAt).toISOString(),
  until: new Date(endsAt).toISOString(),
  message: message ?? null,
})

/** Of the last five minutes, as old as the last attempt. */
function figuresOf({ attempts, faults, outcomes, latency, ...last }: Figures, now: number) {
  const { lastFailure } = last
  return {
    attempts,
    faults,
    faultShare: shareOf(faults, attempts),
    outcomes,
    latencyMs: rounded(latency),
    lastAttempt: instantOf(last.lastAttemptAt, now),
    lastSuccess: instantOf(last.lastSuccessAt, now),
    lastFailure: lastFailure ? { ...instantOf(lastFailure.at, now)!, code: lastFailure.code } : null,
  }
}

export const minuteOf = ({ at, attempts, faults, latency }: Minute) => ({
  at: new Date(at).toISOString(),
  attempts,
  faults,
  latencyMs: rounded(latency),
})

const rounded = (latency: Figures['latency']) =>
  latency
    ? { p50: Math.round(latency.p50), p95: Math.round(latency.p95), p99: Math.round(latency.p99) }
    : null
