import type { Notice } from '#contracts/capability.ts'
import { noticesOf, type UpstreamSettings } from '#gateway/upstream/upstream.ts'
import { createReceive, type InboundHouse, type Receive } from './receive.ts'

/** An address at which an agency calls us. */
export interface InboundRoute {
  readonly path: string
  readonly upstream: string
  readonly notice: Notice
  readonly receive: Receive
}

/** One for each notice of an upstream that has an `inbound` block. */
export const createInbound = (
  upstreams: readonly UpstreamSettings[],
  house: InboundHouse,
): readonly InboundRoute[] =>
  upstreams.flatMap(upstream => {
    const { id, adapter, inbound } = upstream
    if (!inbound) return []
    if (!inbound.allowFrom)
      house.log.warn({ upstream: id }, 'agencies may call from any address; set inbound.allowFrom')
    return noticesOf(adapter).map(operation => ({
      path: `/inbound/${id}${operation.specification.path}`,
      upstream: id,
      notice: operation.notice,
      receive: createReceive(operation, upstream, inbound, house),
    }))
  })
