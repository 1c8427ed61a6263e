/**
 * Brings orders to the agencies: takes those that are due, sends each at most once, and finds out what became of the rest.
 * Any number of gateways may do so on one store. An order is this worker's by its lease, a revision that nobody else has.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Operation } from '#contracts/adapter.ts'
import type { Order, Progress, SubmissionState } from '#contracts/submission.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Evidence } from '#gateway/ledger/evidence.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import { SealBroken, type Sealer } from '#gateway/sealing.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import type { NewSubmissionEvent, SubmissionChange, SubmissionRow } from '#gateway/store/submissions.ts'
import type { Upstream } from '#gateway/upstream/upstream.ts'
import { byOperator } from './by-hand.ts'
import { openAttachment, openContent, type OrderContent, sealContent } from './content.ts'
import { lastWordIn, stateEvent } from './events.ts'
import { recordOrdered } from './ordered.ts'
import { recordEffect } from './effects.ts'
import {
  asked,
  backoffMs,
  type Step,
  stepOfAbsence,
  stepOfDeath,
  stepOfFailure,
  stepOfProgress,
} from './outcome.ts'
import type { Pace } from './pace.ts'

export interface Delivery {
  start(): void
  /** There may be something to do. */
  nudge(): void
  /** Takes nothing more, and waits for what is under way. */
  close(): Promise<void>
}

export interface DeliveryHouse {
  readonly store: Store
  readonly upstreams: readonly Upstream[]
  readonly sealer: Sealer
  readonly evidence: Evidence
  /** Whether the order's agreement still covers it: a reason, when not. */
  readonly refusalOf: (row: SubmissionRow) => string | undefined
  readonly log: Log
  readonly metrics: Pick<Metrics, 'submissionAttempt' | 'submissionUnlisted'>
  /** Told of every change. */
  readonly onMove: (row: SubmissionRow) => void
  readonly pace: Pace
  readonly now: () => number
  readonly settings?: Partial<DeliverySettings>
}

export interface DeliverySettings {
  /** How often the store is looked at when nobody nudges: another gateway may have accepted something. */
  readonly pollMs: number
  /** How long an order that could not be brought to the agency is tried before it is `dead`. */
  readonly giveUpMs: number
  /** Or how often it was uncertain: it is sent again only when it is known not to have happened, and even that ends. */
  readonly mostAttempts: number
  /** How long an agency is asked in vain what became of an order before a person finds out. */
  readonly askForMs: number
  /** Beyond the upstream's deadline, what a worker may need for the rest. */
  readonly leaseMarginMs: number
}

const dayMs = 24 * 60 * 60_000

const usual: DeliverySettings = {
  pollMs: 1_000,
  giveUpMs: 7 * dayMs,
  mostAttempts: 20,
  askForMs: dayMs,
  leaseMarginMs: 15_000,
}

/** Somebody else has the order: the lease ran out, or it was cancelled. */
class LeaseLost extends Error {}

export function createDelivery(house: DeliveryHouse): Delivery {
  const { store, sealer, evidence, log, metrics, onMove, pace, now } = house
  const settings = { ...usual, ...house.settings }
  const upstreams = house.upstreams.filter(({ operations }) =>
    operations.values().some(({ capability }) => capability.kind === 'submission'),
  )
  const underWay = new Map(upstreams.map(({ id }) => [id, new Set<Promise<void>>()]))
  /** Since when this worker knows an attempt as uncertain, by the clock that nobody can set. What is forgotten begins anew. */
  const watched = new LRUCache<string, { readonly attempts: number; readonly since: number }>({ max: 10_000 })
  /** What this worker has begun and not ended. */
  const handled = new Set<string>()
  const closing = new AbortController()
  let wake = Promise.withResolvers<void>()
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      let took = 0
      if (pace.pauseMs() === 0) {
        for (const upstream of upstreams) took += await takeFor(upstream).catch(stumbled)
        pace.onTaken(took)
      }
      if (took === 0) await rest(pace.pauseMs() || settings.pollMs)
    }
    await Promise.all([...underWay.values()].flatMap(calls => [...calls]))
  }

  function stumbled(error: unknown): 0 {
    if (!(error instanceof StoreUnavailable)) log.error({ fault: faultOf(error) }, 'delivery stumbled')
    return 0
  }

  async function rest(ms: number): Promise<void> {
    const timer = setTimeout(wake.resolve, ms)
    await wake.promise
    clearTimeout(timer)
    wake = Promise.withResolvers()
  }

  /** Never more than half of the places: counters come first. */
  async function takeFor(upstream: Upstream): Promise<number> {
    const calls = underWay.get(upstream.id)!
    const free = Math.min(pace.places(), Math.ceil(upstream.policy.concurrency / 2)) - calls.size
    if (free <= 0 || closing.signal.aborted) return 0
    const leaseMs = leaseOf(upstream)
    const leasedAt = performance.now()
    // Of an agency that is left alone, only what nobody is sending any more: it is not what it seems to be.
    const rows = isPaused(upstream)
      ? await store.takeLapsedSubmissions(upstream.id, free, leaseMs)
      : await store.takeSubmissions([upstream.id], free, leaseMs)
    for (const row of rows) {
      const call = handle(row, upstream, leasedAt + leaseMs)
        .catch((error: unknown) => {
          if (error instanceof LeaseLost || isStoreAway(error)) return
          log.error({ submission: row.id, upstream: upstream.id, fault: faultOf(error) }, 'delivery stumbled')
        })
        .finally(() => {
          calls.delete(call)
          wake.resolve()
        })
      calls.add(call)
    }
    return rows.length
  }

  const leaseOf = ({ policy }: Upstream): number => policy.deadlineMs + settings.leaseMarginMs

  async function handle(row: SubmissionRow, upstream: Upstream, leaseEndsAt: number): Promise<void> {
    if (handled.has(row.id)) return // a clock has leapt: its lease seems over, and it is under way here
    handled.add(row.id)
    try {
      await handleAlone(row, upstream, leaseEndsAt)
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error
      await bury(row, 'CONTENT_UNREADABLE')
    } finally {
      handled.delete(row.id)
    }
  }

  async function handleAlone(row: SubmissionRow, upstream: Upstream, leaseEndsAt: number): Promise<void> {
    const operation = upstream.operations.get(row.capability)
    const content = openContent(sealer, row)
    if (!operation || !content) return bury(row, operation ? 'CONTENT_DESTROYED' : 'CAPABILITY_NOT_SERVED')
    const task = { row, upstream, operation, content, leaseEndsAt }
    switch (row.state) {
      case 'queued':
        return deliver(task)
      case 'sending': {
        // Whoever had it is gone, or so late that it may not begin any more.
        const uncertain = { ...task, row: await lost(task) }
        return isPaused(upstream) ? undefined : reconcile(uncertain)
      }
      case 'uncertain':
        return reconcile(task)
      case 'accepted':
        return follow(task)
      default:
        return void (await move(row, { dueInMs: null }))
    }
  }

  async function deliver({ row, upstream, operation, content, leaseEndsAt }: Task): Promise<void> {
    if (upstream.assisted.has(row.capability)) return void (await move(row, asked(undefined)))
    const refusal = house.refusalOf(row)
    if (refusal !== undefined) return bury(row, refusal)
    const order = await orderOf(row, content)
    if (!order) return bury(row, 'ATTACHMENT_GONE')
    if (row.attempts === 0) await recordOrdered(evidence, row, content)

    // An attempt must end well before its lease does: what is too late to begin is not begun.
    const remaining = (): number =>
      Math.min(leaseEndsAt - settings.leaseMarginMs - performance.now(), upstream.policy.deadlineMs)
    let sending: SubmissionRow | undefined
    let progress: Progress
    try {
      progress = await upstream.deliver(operation.capability, order, remaining, async () => {
        const attempts = row.attempts + 1
        const change = {
          state: 'sending',
          awaits: 'agency',
          attempts,
          dueInMs: msUntil(leaseEndsAt),
        } as const
        sending = await move(row, change, [stateEvent(now(), { state: 'sending' })])
      })
    } catch (error) {
      if (!(error instanceof GatewayFailure)) throw error
      const { retryAfter } = error.facts
      const retryInMs = backoffMs(row.attempts, retryAfter)
      if (!sending && error.code === 'INTERNAL_ERROR') return bury(row, 'REQUEST_UNWRITABLE')
      if (!sending) return void (await move(row, { dueInMs: retryInMs }))
      metrics.submissionAttempt({ upstream: upstream.id, outcome: error.code })
      const step = stepOfFailure(error, operation.follow, retryInMs, now())
      return conclude(sending, await unlessExhausted(sending, step), content)
    }
    metrics.submissionAttempt({ upstream: upstream.id, outcome: 'ok' })
    await settle(sending ?? row, content, operation, progress)
  }

  /** Tried for too long or too often; an operator who runs it again gives it all of that anew. */
  async function isExhausted({ id, acceptedAt, attempts }: SubmissionRow, at: number): Promise<boolean> {
    if (at - acceptedAt <= settings.giveUpMs && attempts < settings.mostAttempts) return false
    const events = await store.readSubmissionEvents(id)
    const again = events.findLastIndex(({ content }) => content['reason'] === byOperator)
    // What the agency never saw does not count: it may be down for days.
    const doubtful = events.slice(again + 1).filter(({ type }) => type === 'submission.uncertain')
    const since = events[again]?.at ?? acceptedAt
    return at - since > settings.giveUpMs || doubtful.length >= settings.mostAttempts
  }

  /** The one that had it may still be working: from here on it counts as uncertain, and the settling begins. */
  async function lost({ row, operation, leaseEndsAt }: Task): Promise<SubmissionRow> {
    const change = {
      state: 'uncertain',
      awaits: asked(operation.follow).awaits,
      dueInMs: operation.follow ? msUntil(leaseEndsAt) : null,
    } as const
    const outcome = 'ATTEMPT_LOST'
    const moved = await move(row, change, [stateEvent(now(), { state: 'uncertain', reason: outcome })])
    metrics.submissionAttempt({ upstream: row.upstream, outcome })
    return moved
  }

  /** Asks the agency what became of it. Never sends it again but when it is known not to have happened. */
  async function reconcile({ row, upstream, operation, content, leaseEndsAt }: Task): Promise<void> {
    const { follow } = operation
    if (!follow) return void (row.awaits === 'officer' || (await move(row, asked(undefined))))
    const known = watched.get(row.id)
    const watch =
      known?.attempts === row.attempts ? known : { attempts: row.attempts, since: performance.now() }
    watched.set(row.id, watch)
    const progress = await askAbout({ row, upstream, operation, content, leaseEndsAt }, false)
    if (!progress) return
    if (progress.state !== 'absent') return settle(row, content, operation, progress)

    // By the store's clock and by our own: one of them may leap. By ours, also what somebody else has begun is over by then.
    const settleMs = follow.settleSeconds * 1_000
    const settlesInMs = Math.max(
      row.since + settleMs - storeTime(row, upstream),
      watch.since + Math.max(settleMs, leaseOf(upstream)) - performance.now(),
    )
    if (settlesInMs > 0) return void (await move(row, { dueInMs: Math.ceil(settlesInMs) }))
    await conclude(row, await unlessExhausted(row, stepOfAbsence(now())), content)
  }

  async function follow(task: Task): Promise<void> {
    const progress = await askAbout(task, true)
    if (progress) await settle(task.row, task.content, task.operation, progress)
  }

  /**
   * Undefined when the agency could not be asked: then it is put off. That the order is not there, only the adapter's reading
   * says (`absent`): a bare 404 may be a proxy's.
   */
  async function askAbout(
    { row, upstream, operation, content, leaseEndsAt }: Task,
    isAccepted: boolean,
  ): Promise<Progress | undefined> {
    const remaining = (): number => Math.min(leaseEndsAt - performance.now(), upstream.policy.deadlineMs)
    const order = { ...orderWithout(row, content), isAccepted }
    try {
      return await upstream.follow(operation.capability, order, remaining)
    } catch (error) {
      if (!(error instanceof GatewayFailure)) throw error
      const isHopeless = row.state === 'uncertain' && storeTime(row, upstream) - row.since > settings.askForMs
      const dueInMs = backoffMs(Math.min(row.attempts, 4), error.facts.retryAfter)
      await move(row, isHopeless ? asked(undefined) : { dueInMs })
      return undefined
    }
  }

  async function settle(
    row: SubmissionRow,
    content: OrderContent,
    operation: Operation,
    progress: Progress,
  ): Promise<void> {
    const isBegun = row.state !== 'queued' && row.state !== 'sending'
    const lastWord = isBegun ? content.agencyState : undefined
    const { events, ...step } = stepOfProgress(progress, row.state, lastWord, operation.follow, now())
    const { reference = content.reference } = progress
    const result = progress.result ? { ...content.result, ...progress.result } : content.result
    const agencyState = lastWordIn(events) ?? content.agencyState
    const heard = { ...content, reference, result, agencyState }
    const isNews = JSON.stringify(heard) !== JSON.stringify(content)
    if (step.state === row.state && events.length === 0 && !isNews) return void (await move(row, step))
    await conclude(row, { ...step, events }, heard)
  }

  /**
   * Keeps how it ended, also when the lease has run out meanwhile: what this worker heard from the agency is the truth about its
   * attempt, as long as nobody has begun another one.
   */
  async function conclude(
    row: SubmissionRow,
    { events, ...step }: Step,
    content: OrderContent,
  ): Promise<void> {
    const change: SubmissionChange = { ...step, takenBy: null, sealed: sealContent(sealer, row.id, content) }
    const moved = await persistently(async () => {
      await recordEffect(evidence, row, content.ordered, step.state, events)
      const inTime = await store.moveSubmission(row.id, row.revision, change, events)
      if (inTime) return inTime
      const current = await store.findSubmission(row.id)
      return current && isTruth(step.state, row, current)
        ? store.moveSubmission(row.id, current.revision, change, events)
        : undefined
    })
    if (step.state !== 'uncertain') watched.delete(row.id)
    if (moved && events.some(({ type }) => type === 'submission.unlisted'))
      metrics.submissionUnlisted({ upstream: row.upstream })
    if (moved) return tell(moved)
    log.warn(
      { submission: row.id, upstream: row.upstream, outcome: step.state },
      'an order went on without what was heard of it',
    )
  }

  /** An attempt that nothing came of is tried again only so long and so often. */
  async function unlessExhausted(row: SubmissionRow, step: Step): Promise<Step> {
    if (step.state !== 'queued' || !(await isExhausted(row, now()))) return step
    const { events, ...dead } = stepOfDeath(now(), 'GIVEN_UP')
    return { ...dead, events: [...step.events, ...events] }
  }

  async function move(
    row: SubmissionRow,
    change: SubmissionChange,
    events: readonly NewSubmissionEvent[] = [],
  ): Promise<SubmissionRow> {
    const moved = await store.moveSubmission(row.id, row.revision, change, events)
    if (!moved) throw new LeaseLost()
    if (events.length > 0) tell(moved)
    return moved
  }

  /** What the agency has answered must not be lost because the store is away for a while. */
  async function persistently<Result>(keep: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await keep()
      } catch (error) {
        if (!isStoreAway(error) || closing.signal.aborted) throw error
        await sleep(settings.pollMs)
      }
    }
  }

  function tell(row: SubmissionRow): void {
    onMove(row)
    if (row.dueAt !== null) wake.resolve()
  }

  /** It cannot go on without an operator. */
  async function bury(row: SubmissionRow, reason: string): Promise<void> {
    const change = { state: 'dead', awaits: 'operator', dueInMs: null } as const
    await move(row, change, [stateEvent(now(), { state: 'dead', reason })])
  }

  async function orderOf(row: SubmissionRow, content: OrderContent): Promise<Order | undefined> {
    const ids = content.documents.flatMap(({ attachment }) => attachment ?? [])
    if (ids.length === 0) return orderWithout(row, content)
    const found = await store.findAttachments(row.member, ids)
    if (found.length < new Set(ids).size) return undefined
    const attachments = Object.fromEntries(
      found.map(one => [one.id, { contentType: one.contentType, bytes: openAttachment(sealer, one) }]),
    )
    return { ...orderWithout(row, content), attachments }
  }

  /** The store's own time when the row was taken: it is due again when the lease ends. */
  const storeTime = (row: SubmissionRow, upstream: Upstream): number => row.dueAt! - leaseOf(upstream)

  return {
    start() {
      running ??= run()
    },
    nudge: () => wake.resolve(),
    async close() {
      closing.abort()
      wake.resolve()
      await running
    },
  }
}

interface Task {
  readonly row: SubmissionRow
  readonly upstream: Upstream
  readonly operation: Operation
  readonly content: OrderContent
  /** By `performance.now()`. */
  readonly leaseEndsAt: number
}

/** Nothing is sent to the agency now, nor is it asked anything. */
const isPaused = (upstream: Upstream): boolean => upstream.pausedForMs() > 0

/** By `performance.now()`. */
const msUntil = (at: number): number => Math.max(0, Math.ceil(at - performance.now()))

/** May what was heard of an attempt be kept, though the order has gone on since? */
function isTruth(heard: SubmissionState, attempt: SubmissionRow, current: SubmissionRow): boolean {
  if (attempt.state !== 'sending' || current.attempts !== attempt.attempts) return false
  const isOpen = current.state === 'sending' || current.state === 'uncertain'
  if (heard === 'accepted' || heard === 'confirmed' || heard === 'rejected')
    return isOpen || current.state === 'queued' || current.state === 'dead' || current.state === 'cancelled'
  // That nothing happened says nothing of what an officer has begun since.
  return isOpen && current.takenBy === null && heard !== 'uncertain'
}

const isStoreAway = (error: unknown): boolean =>
  error instanceof StoreUnavailable || (error instanceof GatewayFailure && error.code === 'STORE_UNAVAILABLE')

const orderWithout = (row: SubmissionRow, { input, reference }: OrderContent): Order => ({
  id: row.id,
  input,
  acceptedAt: row.acceptedAt,
  reference,
  isAccepted: row.state === 'accepted',
  attachments: {},
})
