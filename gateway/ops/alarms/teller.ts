/**
 * Tells one webhook of the operators what is the case. Nothing is queued: a message says what has changed since the last one
 * that arrived, at a set pace, whatever happened in between; one that did not arrive is made anew. What was told stands in the
 * store, so of several gateways one tells; while the store is away, each tells from memory.
 */
import { randomUUIDv7 } from 'node:crypto'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { HouseStateStore } from '#gateway/store/house-state.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { signedHeaders } from '#gateway/telling/standard-webhooks.ts'
import { createTransport, TransportFault } from '#gateway/upstream/transport.ts'
import { type Alarm, severityOf } from './alarm.ts'
import type { Severity } from './codes.ts'
import { hasAnything, type Known, messageOf, type Plan, planOf } from './message.ts'

/** An endpoint that is told of alarms. */
export interface AlarmWebhook {
  readonly id: string
  /** https, or http on 127.0.0.1. */
  readonly url: string
  /** What is told is signed with each. */
  readonly secrets: readonly Buffer[]
  /** Told of these only; undefined: of all. */
  readonly severities?: ReadonlySet<Severity> | undefined
}

export interface AlarmTeller {
  /** Tells what there is to tell now, unless it is too soon or under way. Never throws. */
  round(): Promise<void>
  /** Begins nothing more, and waits for what is under way. */
  close(): Promise<void>
}

export interface AlarmTellerHouse {
  readonly store: HouseStateStore
  readonly alarms: { readonly open: readonly Alarm[] }
  /** The mall, as people call it. */
  readonly mall: string
  readonly log: Log
  readonly metrics: Pick<Metrics, 'alarmWebhook'>
  readonly now: () => number
  readonly settings?: Partial<AlarmTellerSettings>
}

export interface AlarmTellerSettings {
  /** How long the endpoint may take to answer. */
  readonly timeoutMs: number
  /** A message comes no sooner after the one before. */
  readonly paceMs: number
  /** What is open and nobody has acknowledged is told again so often. */
  readonly repeatMs: number
  /** After a failed attempt, doubled with each, up to the longest. */
  readonly retryMs: number
  readonly longestRetryMs: number
}

const usual: AlarmTellerSettings = {
  timeoutMs: 10_000,
  paceMs: 30_000,
  repeatMs: 60 * 60_000,
  retryMs: 10_000,
  longestRetryMs: 10 * 60_000,
}

export const alarmWebhookKind = 'alarm-webhook'

/** As kept in the store. Instants are epoch milliseconds, in its time. */
interface State {
  readonly known: readonly Known[]
  /** Attempts in a row that failed. */
  readonly failures: number
  /** Nothing is told before; while somebody is telling, until they must have ended. */
  readonly notBefore: number
}

const nothingTold: State = { known: [], failures: 0, notBefore: 0 }

export function createAlarmTeller(webhook: AlarmWebhook, house: AlarmTellerHouse): AlarmTeller {
  const { id, url, secrets, severities } = webhook
  const { store, alarms, mall, log, metrics, now } = house
  const { timeoutMs, paceMs, repeatMs, retryMs, longestRetryMs } = { ...usual, ...house.settings }
  const { origin, pathname } = new URL(url)
  const transport = createTransport({ baseUrl: origin, connections: 1 })
  /** As last read or told: what counts while the store is away. */
  let state = nothingTold
  let revision = 0
  /** The store does not know it yet. */
  let isUnsaved = false
  let isClosed = false
  let running: Promise<void> | undefined

  /** What time it is; in the store, if that is there. */
  async function read(): Promise<number | undefined> {
    try {
      const { at, rows } = await store.readHouseState([alarmWebhookKind])
      const row = rows.find(row => row.id === id)
      revision = row?.revision ?? 0
      if (isUnsaved && (await keep(state, false))) return at // as it was told from memory; the others go on from there
      isUnsaved = false
      state = row ? (JSON.parse(row.content) as State) : nothingTold
      return at
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      return undefined
    }
  }

  /** False: another gateway was quicker. */
  async function keep(next: State, isAway: boolean): Promise<boolean> {
    const content = JSON.stringify(next)
    try {
      if (isAway) throw new StoreUnavailable('away')
      if (!(await store.putHouseState({ kind: alarmWebhookKind, id, content }, revision))) return false
      revision += 1
      isUnsaved = false
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      isUnsaved = true
    }
    state = next
    return true
  }

  async function tell(): Promise<void> {
    const storeAt = await read()
    const isAway = storeAt === undefined
    const at = storeAt ?? now()
    if (at < state.notBefore) return
    const open = alarms.open.filter(alarm => !severities || severities.has(severityOf(alarm)))
    const plan = planOf(state.known, open, at, repeatMs)
    if (!hasAnything(plan)) return
    const { known, failures } = state
    if (!(await keep({ known, failures, notBefore: at + 2 * timeoutMs }, isAway))) return
    const reason = await send(plan, at)
    if (reason === undefined) {
      await keep({ known: plan.known, failures: 0, notBefore: at + paceMs }, isAway)
      return
    }
    if (failures === 0) log.warn({ webhook: id, reason }, 'webhook not told of alarms')
    const waitMs = Math.min(longestRetryMs, retryMs * 2 ** failures) * (1 + Math.random() / 5)
    await keep({ known, failures: failures + 1, notBefore: at + Math.ceil(waitMs) }, isAway)
  }

  /** Undefined: it was taken. */
  async function send(plan: Plan, at: number): Promise<string | undefined> {
    const body = JSON.stringify(messageOf(plan, mall, at))
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'mpp-gateway',
      ...signedHeaders({ id: randomUUIDv7(), at: now(), body }, secrets),
    }
    const reason = await transport.send({ method: 'POST', path: pathname, headers, body }, timeoutMs).then(
      ({ status }) => (status >= 200 && status < 300 ? undefined : `HTTP_${status}`),
      (error: unknown) => {
        if (!(error instanceof TransportFault)) throw error
        return error.code.replace('UPSTREAM_', '')
      },
    )
    metrics.alarmWebhook({ webhook: id, outcome: reason === undefined ? 'ok' : 'failed' })
    return reason
  }

  return {
    round() {
      if (isClosed) return running ?? Promise.resolve()
      running ??= tell()
        .catch((error: unknown) =>
          log.error({ webhook: id, fault: faultOf(error) }, 'telling of alarms stumbled'),
        )
        .finally(() => (running = undefined))
      return running
    },
    async close() {
      isClosed = true
      await running
      await transport.close()
    },
  }
}
