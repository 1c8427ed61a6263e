/** How far each webhook has been told, for operators; and telling it again. */
import { randomUUIDv7 } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Lag } from '#gateway/ops/metrics.ts'
import type { Store } from '#gateway/store/store.ts'
import type { LoggedEvent } from '#gateway/store/submissions.ts'
import type { Webhook } from './teller.ts'
import { ownEvent, type Telling } from './telling.ts'

/** Instants are ISO 8601. */
export interface WebhookState {
  readonly id: string
  readonly member: string
  readonly url: string
  /** Null: all. */
  readonly types: readonly string[] | null
  /** In the log: the last event told, or given up. Null before the first look. */
  readonly position: number | null
  /** Attempts at the next one that failed. */
  readonly failures: number
  /** When the next attempt comes, while one has failed. */
  readonly nextAttemptAt: string | null
  /** The oldest one that it has not been told. */
  readonly next: { readonly id: string; readonly type: string; readonly at: string } | null
  readonly lagSeconds: number
  /** What was given up, latest first, at most 50. */
  readonly dead: readonly {
    /** Null: forgotten since, by its age. */
    readonly event: string | null
    readonly submission: string | null
    readonly position: number
    readonly at: string
    /** `HTTP_410`, `TIMEOUT` */
    readonly reason: string
  }[]
}

const mostDead = 50

interface StatesHouse {
  readonly store: Store
  readonly webhooks: readonly Webhook[]
  readonly now: () => number
}

export const readStates = ({ store, webhooks, now }: StatesHouse): Promise<readonly WebhookState[]> =>
  Promise.all(webhooks.map(webhook => stateOf(webhook, store, now()))).catch(storeUnavailable)

async function stateOf(webhook: Webhook, store: Store, at: number): Promise<WebhookState> {
  const { id, member, url, types } = webhook
  const row = await store.readWebhook(id)
  const next = row && (await nextOf(webhook, row.position, store))
  const dead = await store.readDeadEvents(id, mostDead)
  return {
    id,
    member,
    url,
    types: types ? [...types] : null,
    position: row?.position ?? null,
    failures: row?.failures ?? 0,
    nextAttemptAt: row && row.failures > 0 ? iso(row.dueAt) : null,
    next: next ? { id: next.id, type: next.type, at: iso(next.at) } : null,
    lagSeconds: lagOf(next, at),
    dead: await Promise.all(
      dead.map(async ({ position, at, reason }) => {
        const event = await eventAt(position, member, store)
        return {
          event: event?.id ?? null,
          submission: event?.submission ?? null,
          position,
          at: iso(at),
          reason,
        }
      }),
    ),
  }
}

/** For the metrics; without those that cannot be read now. */
export async function readLags({ store, webhooks, now }: StatesHouse): Promise<readonly Lag[]> {
  const lags = await Promise.allSettled(
    webhooks.map(async webhook => {
      const row = await store.readWebhook(webhook.id)
      const next = row && (await nextOf(webhook, row.position, store))
      return { webhook: webhook.id, seconds: lagOf(next, now()) }
    }),
  )
  return lags.flatMap(lag => (lag.status === 'fulfilled' ? [lag.value] : []))
}

/** Of what it is not told of, some may stand between: as long as nobody has looked, they are passed over here. */
async function nextOf({ member, types }: Webhook, position: number, store: Store) {
  const page = await store.readEvents(position, 100, member)
  return page.find(({ type }) => !types || types.has(type))
}

const lagOf = (next: LoggedEvent | undefined, at: number): number =>
  next ? Math.max(0, Math.round((at - next.at) / 1_000)) : 0

async function eventAt(position: number, member: string, store: Store): Promise<LoggedEvent | undefined> {
  const [event] = await store.readEvents(position - 1, 1, member)
  return event?.position === position ? event : undefined
}

const iso = (at: number): string => new Date(at).toISOString()

export interface ResendHouse extends StatesHouse {
  readonly evidence: Evidence
  readonly retry: Telling['retry']
}

/**
 * Tells a webhook again all that it was told from one event on, that one included, in order and with the same ids.
 * @throws ROUTE_UNKNOWN, INPUT_INVALID (`EVENT_UNKNOWN`), STORE_UNAVAILABLE
 */
export async function resend(
  house: ResendHouse,
  id: string,
  { by, reason, from }: { readonly by: Actor; readonly reason: string; readonly from: string },
): Promise<WebhookState> {
  const { store, webhooks, evidence, now } = house
  const webhook = webhooks.find(webhook => webhook.id === id)
  if (!webhook) throw new GatewayFailure('ROUTE_UNKNOWN', { detail: 'no such webhook' })
  const event = await ownEvent(store, from, webhook.member).catch(storeUnavailable)
  if (!event)
    throw new GatewayFailure('INPUT_INVALID', {
      reason: 'EVENT_UNKNOWN',
      errors: [{ pointer: '/from', detail: 'expected: the id of an event of this member that is kept' }],
    })
  await evidence.record({
    id: randomUUIDv7(),
    at: now(),
    content: { kind: 'act', act: 'webhook.resend', ...by, reason, webhook: id, from },
  })
  await rewind(store, id, event.position - 1).catch(storeUnavailable)
  house.retry(id)
  return stateOf(webhook, store, now()).catch(storeUnavailable)
}

/** Whoever is telling it at this moment loses it, and whoever takes it next begins there. */
async function rewind(store: Store, id: string, position: number): Promise<void> {
  for (;;) {
    const row = (await store.readWebhook(id)) ?? (await store.takeWebhook(id, 0))
    const change = { position, failures: 0, dueInMs: 0 }
    if (row && (await store.moveWebhook(id, row.revision, change))) return
  }
}
