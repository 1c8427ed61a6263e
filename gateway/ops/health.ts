import type { Upstream, UpstreamHealth } from '#gateway/upstream/upstream.ts'

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())

/** One upstream's health as the API tells it: figures of real traffic, each with its time. */
export function healthOf(upstream: Upstream, now: number) {
  const health: UpstreamHealth = upstream.health()
  const { latency, lastFailure, quotaLeft } = health
  return {
    id: health.id,
    title: health.title,
    trust: health.trust,
    capabilities: health.capabilities,
    state: health.state,
    circuit: health.circuit,
    heldSince: iso(health.heldSince),
    attempts: health.attempts,
    faults: health.faults,
    lastSuccessAt: iso(health.lastSuccessAt),
    lastFailure: lastFailure ? { at: iso(lastFailure.at), code: lastFailure.code } : null,
    latencyMs: latency
      ? { p50: Math.round(latency.p50), p95: Math.round(latency.p95), p99: Math.round(latency.p99) }
      : null,
    quotaLeft: quotaLeft ? { value: quotaLeft.value, ageMs: now - quotaLeft.at } : null,
  }
}
