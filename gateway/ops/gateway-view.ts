/** What a gateway says of itself with every heartbeat: short, and nothing personal. */
import type { CircuitState } from '#gateway/upstream/breaker.ts'
import type { UpstreamState } from '#gateway/upstream/state.ts'
import type { UpstreamHealth } from '#gateway/upstream/upstream.ts'

export interface GatewayView {
  readonly upstreams: readonly UpstreamView[]
  readonly conditions: readonly Condition[]
}

/** An upstream as one gateway sees it. Instants are epoch milliseconds by that gateway's clock. */
export interface UpstreamView {
  readonly id: string
  readonly state: UpstreamState
  readonly since: number
  readonly attempts: number
  readonly faults: number
  readonly circuit: CircuitState
  readonly lastSuccessAt?: number | undefined
  readonly reachable?: boolean | undefined
}

/** Something that a person should know of while it lasts. */
export interface Condition {
  readonly code: string
  /** The upstream, agreement, member or part of the gateway that it is about. */
  readonly source: string
  readonly facts?: Readonly<Record<string, string | number>>
}

export const viewOf = ({
  id,
  state,
  since,
  attempts,
  faults,
  circuit,
  lastSuccessAt,
  reachable,
}: UpstreamHealth): UpstreamView => ({
  id,
  state,
  since,
  attempts,
  faults,
  circuit,
  lastSuccessAt,
  reachable: reachable?.value,
})
