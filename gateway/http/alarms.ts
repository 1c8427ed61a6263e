/** What operators are told of. */
import type { Context } from 'hono'
import { z } from 'zod'
import { type Alarm, type Alarms, severityOf } from '#gateway/ops/alarms/alarm.ts'
import { type AlarmCodeName, alarmCodes, runbookOf, type Severity } from '#gateway/ops/alarms/codes.ts'
import { readInput } from './body.ts'
import { operatorOf } from './operator.ts'
import { readParameters, readQuery, refuseParameters } from './parameters.ts'
import { type Language, languageOf } from './problem.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'
import { reasonInput } from './submissions.ts'

/** Instants are ISO 8601. */
export interface AlarmView {
  readonly id: string
  readonly code: AlarmCodeName
  readonly severity: Severity
  /** An upstream, an agreement, a gateway, a webhook, or a part of the house. */
  readonly source: string
  readonly title: string
  readonly meaning: string
  /** What to do. */
  readonly action: string
  /** Where the runbook says more. */
  readonly runbook: string
  readonly since: string
  readonly lastSeenAt: string
  readonly facts: Readonly<Record<string, string | number>>
  /** Null: nobody has said yet that they have seen it. */
  readonly acknowledged: {
    readonly at: string
    readonly by: { readonly member: string; readonly officer: string | null }
    readonly reason: string
  } | null
  /** Null: it is open. */
  readonly clearedAt: string | null
}

const iso = (at: number): string => new Date(at).toISOString()

export function alarmView(alarm: Alarm, language: Language): AlarmView {
  const { title, meaning, action } = alarmCodes[alarm.code]
  const { acknowledged: seen } = alarm
  return {
    id: alarm.id,
    code: alarm.code,
    severity: severityOf(alarm),
    source: alarm.source,
    title: title[language],
    meaning: meaning[language],
    action: action[language],
    runbook: runbookOf(alarm.code),
    since: iso(alarm.since),
    lastSeenAt: iso(alarm.lastSeenAt),
    facts: alarm.facts,
    acknowledged: seen
      ? {
          at: iso(seen.at),
          by: { member: seen.by.member, officer: seen.by.officer ?? null },
          reason: seen.reason,
        }
      : null,
    clearedAt: alarm.clearedAt === undefined ? null : iso(alarm.clearedAt),
  }
}

const states = ['open', 'all'] as const

export const alarmsQuery = z.strictObject({
  state: z.enum(states, { error: 'expected: open or all' }).default('open'),
})

/** `GET /v1/operator/alarms`: the open ones, most urgent first; or those cleared of late too, latest first. */
export function listAlarms(alarms: Alarms, c: Context<Environment>): Response {
  const { state } = readQuery(readParameters(c), alarmsQuery)
  const those = state === 'all' ? alarms.recent() : alarms.open
  const language = languageOf(c.req.header('accept-language'))
  return respond(c, 200, { alarms: those.map(alarm => alarmView(alarm, language)) })
}

/** `POST /v1/operator/alarms/{id}/acknowledge` */
export async function acknowledgeAlarm(alarms: Alarms, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const { reason } = await readInput(c, reasonInput)
  const alarm = await alarms.acknowledge(c.req.param('id')!, operatorOf(c), reason)
  return respond(c, 200, alarmView(alarm, languageOf(c.req.header('accept-language'))))
}
