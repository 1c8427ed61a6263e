/** What a gateway says of itself in its heartbeat. */
export interface GatewayView {
  readonly upstreams: readonly unknown[]
  readonly conditions: readonly Condition[]
}

/** Something that is the case now, and that operators are told of when it lasts: see `alarms/codes.ts`. */
export interface Condition {
  readonly code: string
  /** An upstream, an agreement, a gateway, a webhook, or a part of the house. */
  readonly source: string
  /** Nothing personal. */
  readonly facts?: Readonly<Record<string, string | number>>
}
