import type { z } from 'zod'
import type {
  Adapter,
  InboundOperation,
  Operation,
  Policy,
  SubmitSpecification,
  TrustLevel,
} from '#contracts/adapter.ts'
import { capabilities, notices, submissions } from '#contracts/capabilities.ts'
import type { Capability, Notice } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { endOfDay } from '#gateway/calendar.ts'
import type { Order, Progress, Submission } from '#contracts/submission.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { noTracing, type Tracing } from '#gateway/ops/tracing.ts'
import { noQuota, type UpstreamQuota } from '#gateway/quotas/upstream-quota.ts'
import { createAuthentication } from './authentication.ts'
import { createBreaker, type CircuitState } from './breaker.ts'
import { createBulkhead } from './bulkhead.ts'
import { type Answered, checkWritable, exchange, type ExchangeOptions } from './exchange.ts'
import { createHold } from './hold.ts'
import type { Maintenance, MaintenanceWindow } from './maintenance.ts'
import { createRetryBudget, withRetries } from './retry.ts'
import { createReachability, type Reachable } from './reachability.ts'
import { overall, stateOf, trafficState, type UpstreamState } from './state.ts'
import { createTraffic, type Figures, type Minute } from './traffic.ts'
import { checkSteered, type Mode, type Steered, steeredWaitMs, unsteered } from './steered.ts'
import { createTransport } from './transport.ts'

/** A configured instance of an adapter: where it is, with which credentials, and how hard it may be pushed. */
export interface UpstreamSettings {
  readonly id: string
  readonly adapter: Adapter
  /** What it serves here; undefined: all that its adapter can. */
  readonly capabilities?: ReadonlySet<string>
  /** Of these, the orders that a person brings to the agency; undefined: none. */
  readonly assisted?: ReadonlySet<string>
  /** The members whose officers bring orders to its agency by hand, beside the one that ordered; undefined: none. */
  readonly assistedBy?: ReadonlySet<string>
  /** Who looks after its orders that cannot go on. */
  readonly owner?: string
  /** Of what its agency tells, what is taken here; undefined: all. */
  readonly notices?: ReadonlySet<string>
  readonly baseUrl: string
  /** Parsed by the adapter's own schema. */
  readonly config: unknown
  readonly policy: Policy
  /** Its days, quotas and maintenance windows are read in it. */
  readonly timeZone: string
  /** When its agency is known to be away; undefined: never. */
  readonly maintenance?: readonly MaintenanceWindow[]
  /** How many attempts its agency allows; absent: nobody has said. */
  readonly quota?: { readonly perDay: number }
  /** Absent: its agency does not call us here. */
  readonly inbound?: InboundSettings
  readonly tls?: {
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly serverName?: string
  }
}

/** How the agency's calls to us are told from others. */
export interface InboundSettings {
  /** Addresses and ranges; undefined: anyone may try. */
  readonly allowFrom: readonly string[] | undefined
  /** Parsed by the adapter's own schema. */
  readonly config: unknown
}

/** All as of now; instants are epoch milliseconds. */
export interface UpstreamHealth extends Figures {
  readonly id: string
  readonly title: Adapter['title']
  readonly trust: TrustLevel
  readonly state: UpstreamState
  /** Since when it was seen in this state; heartbeats look every few seconds. */
  readonly since: number
  readonly circuit: CircuitState
  /** Since when the circuit is closed, or is not. */
  readonly circuitSince: number
  /** Since when the agency refuses our access. */
  readonly heldSince: number | undefined
  /** As operators have switched it, and since when. */
  readonly mode: Mode
  readonly modeSince: number | undefined
  readonly maintenance: { readonly now: Maintenance | undefined; readonly next: Maintenance | undefined }
  readonly quotaLeft: { readonly value: number; readonly at: number } | undefined
  /** As tried while nobody asked. */
  readonly reachable: Reachable | undefined
  readonly capabilities: readonly CapabilityHealth[]
}

/** Of what it serves, and how far the contract is to be trusted. */
export interface CapabilityHealth extends Figures {
  readonly id: string
  readonly trust: TrustLevel
  readonly state: UpstreamState
}

export interface Upstream {
  readonly id: string
  readonly policy: Policy
  readonly operations: ReadonlyMap<string, Operation>
  /** Orders that wait for a person, who brings them to the agency. */
  readonly assisted: ReadonlySet<string>
  /** Asks the agency under every protection: operators' hold → maintenance → hold → bulkhead → retry (each attempt: quota → breaker → send and read). */
  ask(capability: Capability, input: Record<string, unknown>, remaining: () => number): Promise<Answered>
  /**
   * Brings an order to the agency under every protection, in one attempt. `begin` is awaited when nothing but the agency is
   * left to wait for: what it throws keeps the order here.
   */
  deliver(
    capability: Capability,
    order: Order,
    remaining: () => number,
    begin: () => Promise<void>,
  ): Promise<Progress>
  /** For how long nothing can be asked: held, in maintenance, or the circuit open. 0: it may be. */
  pausedForMs(): number
  /** Asks the agency what became of an order; only where its operation can be followed. */
  follow(capability: Capability, order: Order, remaining: () => number): Promise<Progress>
  health(): UpstreamHealth
  /** Of all its attempts, sixty minutes, the one under way last. */
  lastHour(): readonly Minute[]
  readonly lastAttemptAt: number | undefined
  /** Tries whether its agency can be connected to. Asks nothing, and never throws. */
  probe(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** How one attempt at an agency ended. */
export interface Attempt {
  readonly upstream: string
  readonly capability: string
  readonly outcome: 'ok' | FailureCode
  readonly ms: number
  /** Elements of the answer whose text no code list knows. */
  readonly unknownCodes: readonly ContractPath[]
  /** Where the answer breaks the contract: paths, never values. */
  readonly brokenAt?: string | undefined
}

export interface UpstreamOptions {
  readonly now?: () => number
  /** Told of the end of every attempt. */
  readonly onAttempt?: (attempt: Attempt) => void
  readonly quota?: UpstreamQuota
  /** How operators steer it now. */
  readonly steered?: () => Steered
  readonly tracing?: Tracing
}

export function createUpstream(
  settings: UpstreamSettings,
  {
    now = Date.now,
    onAttempt,
    quota = noQuota,
    steered = () => unsteered,
    tracing = noTracing,
  }: UpstreamOptions = {},
): Upstream {
  const { id, adapter, policy, config, assisted = new Set<string>() } = settings
  const operations = new Map(
    operationsOf(adapter)
      .filter(({ capability }) => settings.capabilities?.has(capability.id) ?? true)
      .map(operation => [operation.capability.id, operation]),
  )
  const capabilities = [...operations].map(([capability, { specification }]) => ({
    id: capability,
    trust: assisted.has(capability) ? ('assisted' as const) : (specification.trust ?? adapter.trust),
  }))
  const transport = createTransport({
    baseUrl: settings.baseUrl,
    connections: policy.concurrency,
    connectTimeoutMs: Math.min(policy.deadlineMs, 3_000), // a call that gave up while connecting holds its place until then
    ...(settings.tls && { tls: settings.tls }),
  })
  const hold = createHold(id, now, () => steered().letGoAt)
  const bulkhead = createBulkhead(id, policy.concurrency)
  const breaker = createBreaker(id, policy.breaker, now)
  const budget = createRetryBudget()
  const traffic = createTraffic(now, operations.keys())
  const reachability = createReachability(settings, now)
  let seen: { readonly state: UpstreamState; readonly at: number } | undefined
  let quotaLeft: UpstreamHealth['quotaLeft']
  const way = { upstream: id, transport, config, exactIntegers: adapter.exactIntegers ?? [], now }
  const wire: ExchangeOptions = {
    ...way,
    authenticate: createAuthentication(adapter.authentication, { ...way, deadlineMs: policy.deadlineMs }),
    statuses: adapter.statuses,
    onQuotaLeft(value) {
      quotaLeft = { value, at: now() }
      quota.believe(value)
    },
  }

  async function attempt(
    operation: Operation,
    input: Record<string, unknown>,
    remainingMs: number,
  ): Promise<Answered> {
    const startedAt = performance.now()
    const note = ({
      unknownCodes = [],
      ...ended
    }: Pick<Attempt, 'outcome' | 'brokenAt'> & Partial<Attempt>): void => {
      const ms = performance.now() - startedAt
      traffic.note(operation.capability.id, ended.outcome, ms)
      onAttempt?.({ upstream: id, capability: operation.capability.id, ms, unknownCodes, ...ended })
    }
    try {
      const answered = await exchange(operation, input, remainingMs, wire)
      hold.lift()
      note({ outcome: 'ok', unknownCodes: answered.unknownCodes })
      tracing.note({ code: 'OK', sent: 'yes' })
      return answered
    } catch (error) {
      if (!(error instanceof GatewayFailure)) throw error // a fault of ours says nothing about the agency
      note({ outcome: error.code, brokenAt: error.facts.brokenAt })
      if (failures[error.code].circuit === 'holds') throw error.with({ retryAfter: hold.hold() })
      if (failures[error.code].meaning === 'answered') hold.lift()
      if (error.code !== 'UPSTREAM_QUOTA_SPENT') throw error
      wire.onQuotaLeft(0)
      throw error.with({ retryAfter: Math.ceil((endOfDay(now(), settings.timeZone) - now()) / 1_000) })
    }
  }

  function operationOf({ id: capability }: Capability): Operation {
    const operation = operations.get(capability)
    if (!operation) throw new TypeError(`${id} does not serve ${capability}`)
    return operation
  }

  async function protect(
    operation: Operation,
    input: Record<string, unknown>,
    remaining: () => number,
    begin?: () => Promise<void>,
  ): Promise<Answered> {
    checkSteered(id, steered(), now())
    hold.check()
    return bulkhead.run(async () => {
      const steering = steered()
      checkSteered(id, steering, now())
      hold.admit() // all once more: it may have begun while this question waited for its place
      let attempts = 0
      const once = async (): Promise<Answered> => {
        await begin?.()
        const facts = { upstream: id, capability: operation.capability.id, attempt: ++attempts }
        return tracing.within('attempt', facts, () => attempt(operation, input, remaining()))
      }
      const guarded = steering.mode === 'measure-only' ? breaker.measure : breaker.run
      return withRetries(() => quota.run(() => guarded(once)), {
        retries: operation.specification.repeatable ? policy.retries : 0,
        budget,
        remaining,
      })
    }, remaining())
  }

  return {
    id,
    policy,
    operations,
    assisted,

    ask: (capability, input, remaining) => protect(operationOf(capability), input, remaining),

    async deliver(capability, order, remaining, begin) {
      const operation = operationOf(capability)
      checkWritable(operation, { ...order }, wire)
      const { record } = await protect(operation, { ...order }, remaining, begin)
      return record as unknown as Progress
    },

    pausedForMs() {
      const steering = steered()
      const circuitMs = steering.mode === 'measure-only' ? 0 : breaker.waitMs
      return Math.max(steeredWaitMs(steering, now()), hold.waitMs, circuitMs)
    },

    async follow(capability, order, remaining) {
      const { operation } = operationOf(capability).follow!
      return (await protect(operation, { ...order }, remaining)).record as unknown as Progress
    },

    health() {
      const report = traffic.report()
      const each = capabilities.map(capability => {
        const figures = report.capabilities.get(capability.id)!
        return { ...capability, ...figures, state: trafficState(figures, policy.deadlineMs) }
      })
      const { state: circuit, since: circuitSince } = breaker
      const { mode, since: modeSince, maintenance } = steered()
      const facts = { mode, window: maintenance.now, isRefused: hold.since !== undefined, circuit }
      const state = stateOf({ ...facts, traffic: overall(each, report.faultsInARow) })
      const began = { held: mode === 'held' ? modeSince : hold.since, maintenance: maintenance.now?.startsAt }
      if (seen?.state !== state) seen = { state, at: began[state as keyof typeof began] ?? now() }
      return {
        id,
        title: adapter.title,
        trust: adapter.trust,
        state,
        since: seen.at,
        circuit,
        circuitSince,
        heldSince: hold.since,
        mode,
        modeSince,
        maintenance,
        quotaLeft,
        reachable: reachability.latest,
        capabilities: each.map(({ state, ...capability }) => ({
          ...capability,
          state: stateOf({ ...facts, traffic: state }),
        })),
        ...report.all,
      }
    },

    lastHour: traffic.lastHour,

    get lastAttemptAt() {
      return traffic.lastAttemptAt
    },

    probe: reachability.probe,

    async close() {
      breaker.close()
      await transport.close()
    },
  }
}

/**
 * An adapter's operations, bound to their capabilities. Of the house's own capabilities it is always the house's declaration
 * that counts: who may see what, and whom it is about, is not for a package to say.
 */
export const operationsOf = (adapter: Adapter): readonly Operation[] =>
  adapter.operations(
    (capability, specification) => ({
      capability: houseCapabilities.get(capability.id) ?? capability,
      specification,
    }),
    (submission, specification) =>
      orderOperation(
        (houseCapabilities.get(submission.id) as Submission | undefined) ?? submission,
        specification,
      ),
  )

/** An order as an operation like any other: what goes in is the order, what comes out its progress. */
function orderOperation(
  submission: Submission,
  { status, ...specification }: SubmitSpecification<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType, unknown>,
): Operation {
  const bound = (exchange: object, repeatable: boolean) =>
    ({ capability: submission, specification: { ...exchange, repeatable } }) as unknown as Operation
  if (!status) return bound(specification, false)
  const { settleSeconds, everySeconds, ...asking } = status
  return {
    ...bound(specification, false),
    follow: { operation: bound(asking, true), settleSeconds, everySeconds },
  }
}

const houseCapabilities = new Map(Object.entries<Capability>({ ...capabilities, ...submissions } as never))

/** The capabilities as the adapter itself declares them. */
export const declaredBy = (adapter: Adapter): readonly Capability[] =>
  adapter
    .operations(
      (capability, specification) => ({ capability, specification }),
      (submission, specification) => orderOperation(submission, specification),
    )
    .map(({ capability }) => capability)

/** What an agency tells us unasked, bound to its notices. */
export const noticesOf = ({ inbound }: Adapter): readonly InboundOperation[] =>
  inbound?.operations((notice, specification) => ({
    notice: houseNotices.get(notice.id) ?? notice,
    specification,
  })) ?? []

const houseNotices = new Map(Object.entries<Notice>(notices as never))
