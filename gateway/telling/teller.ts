/**
 * Tells one endpoint what happened, in the order of the log, one event at a time: what is told is on record before the next
 * one begins, so whoever goes on after a crash tells at most one event again, with the same id.
 */
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import type { DeadEvent, LoggedEvent, WebhookRow } from '#gateway/store/submissions.ts'
import { createTransport, TransportFault } from '#gateway/upstream/transport.ts'
import { createBell } from './bell.ts'
import { signedHeaders } from './standard-webhooks.ts'
import { toldOf } from './told-event.ts'

/** An endpoint of a member that is told of its orders. */
export interface WebhookSettings {
  /** Of all members' webhooks, no other has it. */
  readonly id: string
  /** https, or http on 127.0.0.1. */
  readonly url: string
  /** What is told is signed with each. */
  readonly secrets: readonly Buffer[]
  /** Told of these only; undefined: of all. */
  readonly types?: ReadonlySet<string> | undefined
}

export interface Webhook extends WebhookSettings {
  readonly member: string
}

export interface Teller {
  /** There may be something new. */
  nudge(): void
  /** Tries again at once what it has put off. */
  retry(): void
  /** Begins nothing more, and waits for what is under way. */
  close(): Promise<void>
}

export interface TellerHouse {
  readonly store: Pick<Store, 'takeWebhook' | 'moveWebhook' | 'readEvents'>
  readonly log: Log
  readonly metrics: Pick<Metrics, 'webhook'>
  readonly now: () => number
  readonly settings?: Partial<TellerSettings>
}

export interface TellerSettings {
  /** How long the endpoint may take to answer. */
  readonly timeoutMs: number
  /** Beyond that, what a teller may need for the rest. */
  readonly leaseMarginMs: number
  /** How long after each failed attempt the next one comes; after the last of them the event is given up. */
  readonly waitsMs: readonly number[]
  /** Attempts that the endpoint may refuse (4xx) before the event is given up: what it understood, it refuses again. */
  readonly mostRefusals: number
  /** How often the store is looked at when nobody nudges: another gateway may have had the webhook, and ended. */
  readonly lookMs: number
}

const minuteMs = 60_000

/**
 * Begins as Standard Webhooks' schedule does and goes on as long, three days; but no wait is longer than half an hour, as all
 * later events wait with the one that is tried again.
 */
const waitsMs = [5_000, 5 * minuteMs, ...Array<number>(143).fill(30 * minuteMs)]

const usual: TellerSettings = {
  timeoutMs: 15_000,
  leaseMarginMs: 15_000,
  waitsMs,
  mostRefusals: 4,
  lookMs: 20_000,
}

const pageSize = 100
const mostAnswerBytes = 1024 * 1024

/** Another teller has the webhook: the lease ran out, or it was rewound. */
class LeaseLost extends Error {}

/** Why the endpoint was not told. */
interface Failure {
  /** `HTTP_503`, `TIMEOUT` */
  readonly reason: string
  readonly isRefusal: boolean
}

export function createTeller(webhook: Webhook, { store, log, metrics, now, settings }: TellerHouse): Teller {
  const { id, member, url, secrets, types } = webhook
  const { timeoutMs, leaseMarginMs, waitsMs, mostRefusals, lookMs } = { ...usual, ...settings }
  const { origin, pathname } = new URL(url)
  const transport = createTransport({ baseUrl: origin, connections: 1, maxAnswerBytes: mostAnswerBytes })
  const leaseMs = timeoutMs + leaseMarginMs
  const bell = createBell()
  /** By `performance.now()`: until then, new events change nothing. */
  let putOffUntil = 0
  const closing = new AbortController()
  const running = run()

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const restMs = await round().catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable || error instanceof LeaseLost))
          log.error({ webhook: id, fault: faultOf(error) }, 'telling stumbled')
        return error instanceof LeaseLost ? 0 : Math.min(lookMs, 1_000)
      })
      const endsAt = performance.now() + restMs
      do await bell.wait(Math.max(0, endsAt - performance.now()))
      while (!closing.signal.aborted && performance.now() < Math.min(endsAt, putOffUntil))
    }
  }

  /** Tells all there is to tell; how long to rest then. */
  async function round(): Promise<number> {
    const takenAt = performance.now()
    const row = await store.takeWebhook(id, leaseMs)
    return row ? tell(row, takenAt + leaseMs) : lookMs
  }

  async function tell(row: WebhookRow, until: number): Promise<number> {
    let { revision, position, failures } = row
    let leaseEndsAt = until

    async function keep(dueInMs: number, dead?: DeadEvent): Promise<void> {
      const at = performance.now()
      if (!(await store.moveWebhook(id, revision, { position, failures, dueInMs }, dead)))
        throw new LeaseLost()
      revision += 1
      leaseEndsAt = at + dueInMs
    }

    for (;;) {
      const page = closing.signal.aborted ? [] : await store.readEvents(position, pageSize, member)
      for (const event of page) {
        if (closing.signal.aborted) break
        if (types && !types.has(event.type)) {
          position = event.position
          continue
        }
        if (performance.now() > leaseEndsAt - timeoutMs) await keep(leaseMs)
        const failure = await send(event)
        if (!failure) {
          ;({ position } = event)
          failures = 0
          await keep(leaseMs)
          continue
        }
        failures += 1
        const waitMs = waitAfter(failures, failure)
        if (waitMs !== undefined) {
          if (failures === 1) log.warn({ webhook: id, member, reason: failure.reason }, 'webhook not told')
          await keep(waitMs)
          putOffUntil = performance.now() + waitMs
          return waitMs
        }
        ;({ position } = event)
        failures = 0
        const { reason } = failure
        await keep(leaseMs, { webhook: id, position, at: now(), reason })
        metrics.webhook({ webhook: id, outcome: 'dead' })
        log.error({ webhook: id, member, submission: event.submission, reason }, 'event given up')
      }
      if (page.length > 0 && !closing.signal.aborted) continue
      if (!closing.signal.aborted) failures = 0 // what failed may have been forgotten since
      await keep(0)
      return lookMs
    }
  }

  function waitAfter(failures: number, { isRefusal }: Failure): number | undefined {
    const waitMs = isRefusal && failures >= mostRefusals ? undefined : waitsMs[failures - 1]
    return waitMs === undefined ? undefined : Math.ceil(waitMs * (1 + Math.random() / 5))
  }

  async function send(event: LoggedEvent): Promise<Failure | undefined> {
    const body = JSON.stringify(toldOf(event))
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'mpp-gateway',
      ...signedHeaders({ id: event.id, at: now(), body }, secrets),
    }
    const failure = await transport
      .send({ method: 'POST', path: pathname, headers, body }, timeoutMs)
      .then(({ status }) => failureOf(status), faultFailure)
    metrics.webhook({ webhook: id, outcome: failure ? 'failed' : 'ok' })
    return failure
  }

  return {
    nudge: bell.ring,
    retry() {
      putOffUntil = 0
      bell.ring()
    },
    async close() {
      closing.abort()
      bell.ring()
      await running
      await transport.close()
    },
  }
}

/** Only 2xx counts; redirects are not followed. */
const failureOf = (status: number): Failure | undefined =>
  status >= 200 && status < 300
    ? undefined
    : {
        reason: `HTTP_${status}`,
        isRefusal: status >= 400 && status < 500 && ![408, 425, 429].includes(status),
      }

function faultFailure(error: unknown): Failure {
  if (!(error instanceof TransportFault)) throw error
  return { reason: error.code.replace('UPSTREAM_', ''), isRefusal: false }
}
