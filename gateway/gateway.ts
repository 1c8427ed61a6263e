/** The house, put together: every room is made once, here, and handed to those who need it. */
import { failures } from '#contracts/failures.ts'
import { type App, createApp } from './app.ts'
import { createCases } from './access/cases.ts'
import { createIdentify } from './access/members.ts'
import { createEvidence } from './ledger/evidence.ts'
import { addressList } from './http/client-address.ts'
import { createInbound } from './inbound/inbound.ts'
import { createMailbox } from './inbound/mailbox.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './ops/metrics.ts'
import { createPseudonyms } from './pseudonym.ts'
import { createQuery } from './query.ts'
import { createSealer } from './sealing.ts'
import type { Settings } from './settings/settings.ts'
import type { RedisClient } from './shared-data/redis.ts'
import { createSharedData } from './shared-data/shared-data.ts'
import type { Store } from './store/store.ts'
import { createRouting } from './upstream/routing.ts'
import { type Attempt, createUpstream, type Upstream } from './upstream/upstream.ts'

export interface GatewayOptions {
  readonly settings: Settings
  readonly store: Store
  readonly log: Log
  readonly redis?: RedisClient | undefined
  readonly now?: () => number
}

export interface Gateway {
  readonly app: App
  readonly upstreams: readonly Upstream[]
  /** From now on `/health/ready` sends callers elsewhere. */
  drain(): void
  /** Closes what the gateway opened; store and Redis belong to whoever opened them. */
  close(): Promise<void>
}

export function createGateway({ settings, store, log, redis, now = Date.now }: GatewayOptions): Gateway {
  const upstreams: Upstream[] = []
  const metrics: Metrics = createMetrics(upstreams)
  const onAttempt = (attempt: Attempt): void => {
    metrics.attempt(attempt)
    const { upstream, outcome } = attempt
    if (outcome !== 'ok' && failures[outcome].circuit === 'holds')
      log.warn({ upstream, code: outcome }, 'held: the agency refuses our access')
  }
  for (const upstream of settings.upstreams) {
    upstreams.push(createUpstream(upstream, { now, onAttempt }))
  }
  const capabilities = [
    ...new Map(
      upstreams.flatMap(({ operations }) => [...operations].map(([id, { capability }]) => [id, capability])),
    ).values(),
  ]

  const evidence = createEvidence(store)
  const cases = createCases({ store, now, timeZone: settings.mall.timeZone, dayEnds: settings.mall.dayEnds })
  const sealer = createSealer(settings.keys.sealing)
  const pseudonyms = createPseudonyms(settings.keys.pseudonyms)
  const sharedData = createSharedData({
    sealer,
    now,
    onFault: metrics.sharedDataFault,
    ...(redis && { redis }),
  })
  const query = createQuery({
    identities: settings.identities,
    cases,
    agreements: settings.agreements,
    candidates: createRouting(upstreams, settings.routes),
    sharedData,
    evidence,
    pseudonyms,
    now,
    onAnswer: metrics.answer,
  })
  const inbound = createInbound(settings.upstreams, { store, sealer, pseudonyms, log, metrics, now })
  const readMailbox = createMailbox({
    sources: inbound,
    agreements: settings.agreements,
    store,
    sealer,
    evidence,
    log,
    metrics,
    now,
  })

  let draining = false
  const app = createApp({
    capabilities,
    upstreams,
    sources: { upstreams: settings.upstreams, routes: settings.routes },
    memberIds: new Set(settings.members.map(({ id }) => id)),
    identify: createIdentify(settings.members),
    cases,
    query,
    inbound,
    trustedProxies: addressList(settings.trustedProxies),
    readMailbox,
    log,
    metrics,
    readiness: () => ({
      ready: !draining,
      status: draining ? 'draining' : 'ready',
      warnings: [
        ...(evidence.isKept ? [] : ['the store keeps no evidence: personal data is not released']),
        ...(sharedData.state === 'redis-away' ? ['Redis is away: shared data is kept in memory only'] : []),
        ...(settings.identities === 'synthetic'
          ? ['on trial: this gateway asks about synthetic people only']
          : []),
      ],
    }),
    now,
  })
  return {
    app,
    upstreams,
    drain() {
      draining = true
    },
    async close() {
      await sharedData.close()
      await Promise.all(upstreams.map(upstream => upstream.close()))
    },
  }
}
