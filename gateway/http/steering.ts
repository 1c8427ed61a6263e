/** How operators steer upstreams. Every act has a reason, and is in the ledger. */
import type { Context } from 'hono'
import { z } from 'zod'
import type { Text } from '#contracts/text.ts'
import { stretchOf } from '#gateway/ops/health.ts'
import type { Steering, UpstreamSteering } from '#gateway/ops/steering.ts'
import { type Weekday, weekdays } from '#gateway/services/calendar.ts'
import {
  hoursText,
  isDated,
  type MaintenanceWindow,
  readMaintenanceHours,
} from '#gateway/upstream/maintenance.ts'
import { type Mode, modes } from '#gateway/upstream/steered.ts'
import { readInput } from './body.ts'
import { operatorOf } from './operator.ts'
import { refuseParameters } from './parameters.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'
import { reasonText } from './submissions.ts'

/** Instants are ISO 8601. */
export interface SteeredUpstream {
  readonly id: string
  readonly mode: Mode
  /** Null: nobody has ever switched it. */
  readonly switched: ActView | null
  readonly maintenance: {
    /** Null: not now. */
    readonly now: StretchView | null
    /** The next one that begins within a week. */
    readonly next: StretchView | null
    /** By operators: now, to come, or again and again. */
    readonly declared: readonly (WindowView & ActView & { readonly id: string })[]
  }
}

interface ActView {
  readonly at: string
  readonly by: { readonly member: string; readonly officer: string | null }
  readonly reason: string
}

interface StretchView {
  readonly from: string
  readonly until: string
  /** What counters are told; null: that the agency is under maintenance. */
  readonly message: Text | null
}

/** Of a recurring one `days` and `hours`, of another `from` and `until`. */
interface WindowView {
  readonly from: string | null
  readonly until: string | null
  readonly days: readonly Weekday[] | null
  /** `22:00-02:00`, in the upstream's time zone. */
  readonly hours: string | null
  readonly message: Text | null
}

const iso = (at: number): string => new Date(at).toISOString()

type Switched = NonNullable<UpstreamSteering['switched']>

const actOf = ({ at, by, reason }: Pick<Switched, 'at' | 'by' | 'reason'>): ActView => ({
  at: iso(at),
  by: { member: by.member, officer: by.officer ?? null },
  reason,
})

export function steeredUpstream({
  id,
  mode,
  switched,
  maintenance,
  declared,
}: UpstreamSteering): SteeredUpstream {
  return {
    id,
    mode,
    switched: switched ? actOf(switched) : null,
    maintenance: {
      now: maintenance.now ? stretchOf(maintenance.now) : null,
      next: maintenance.next ? stretchOf(maintenance.next) : null,
      declared: declared.map(one => ({
        id: one.id,
        ...windowOf(one),
        ...actOf(one),
      })),
    },
  }
}

function windowOf(window: MaintenanceWindow): WindowView {
  const message = window.message ?? null
  return isDated(window)
    ? { from: iso(window.startsAt), until: iso(window.endsAt), days: null, hours: null, message }
    : { from: null, until: null, days: [...window.days], hours: hoursText(window), message }
}

/** `GET /v1/operator/upstreams` */
export function listSteered(steering: Steering, c: Context<Environment>): Response {
  refuseParameters(c)
  return respond(c, 200, { upstreams: steering.all().map(steeredUpstream) })
}

export const modeInput = z.strictObject({ mode: z.enum(modes), reason: reasonText })

/** `POST /v1/operator/upstreams/{id}/mode`: hold it, only measure it, let it go. */
export async function switchMode(steering: Steering, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const upstream = steering.of(c.req.param('id')!).id
  const { mode, reason } = await readInput(c, modeInput)
  return respond(
    c,
    200,
    steeredUpstream(await steering.setMode(upstream, mode, { by: operatorOf(c), reason })),
  )
}

const instant = z.iso.datetime({
  offset: true,
  error: 'expected: an instant such as 2026-12-31T22:00:00+07:00',
})

const hours = z.string().refine(text => readMaintenanceHours(text) !== undefined, {
  error: 'expected: hours such as 12:00-13:00, or 22:00-02:00 until the next day',
})

export const maintenanceInput = z
  .strictObject({
    /** Once. Default: now. */
    from: instant.optional(),
    until: instant.optional(),
    /** Again and again, in the upstream's time zone: `22:00-02:00` ends on the next day. */
    hours: hours.optional(),
    /** With `hours`: the days on which it begins. Default: every day. */
    days: z.array(z.enum(weekdays)).min(1).optional(),
    /** What counters are told. */
    message: z.strictObject({ id: reasonText, en: reasonText }).optional(),
    reason: reasonText,
  })
  .superRefine(({ from, until, days, hours }, { addIssue }) => {
    const refuse = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message })
    if (hours === undefined && until === undefined)
      refuse('until', 'expected: its end, or hours again and again')
    if (hours === undefined && days !== undefined) refuse('days', 'expected: only with hours')
    if (hours !== undefined && (from ?? until) !== undefined)
      refuse('hours', 'expected: no from or until beside it')
  })

/** The window that was asked for; what has no beginning begins at once. */
export function windowIn(
  { from, until, days, hours, message }: z.output<typeof maintenanceInput>,
  now: number,
): MaintenanceWindow {
  if (hours !== undefined)
    return { days: new Set(days ?? weekdays), ...readMaintenanceHours(hours)!, message }
  return { startsAt: from === undefined ? now : Date.parse(from), endsAt: Date.parse(until!), message }
}

/** `POST /v1/operator/upstreams/{id}/maintenance`: its agency is away from one instant until another, or again and again. */
export async function declareMaintenance(
  steering: Steering,
  now: () => number,
  c: Context<Environment>,
): Promise<Response> {
  refuseParameters(c)
  const upstream = steering.of(c.req.param('id')!).id
  const input = await readInput(c, maintenanceInput)
  const hand = { by: operatorOf(c), reason: input.reason }
  const steered = await steering.declareMaintenance(upstream, windowIn(input, now()), hand)
  return respond(c, 201, steeredUpstream(steered))
}

export const endMaintenanceInput = z.strictObject({ reason: reasonText })

/** `POST /v1/operator/upstreams/{id}/maintenance/{maintenance}/end`: it is over, or does not take place. */
export async function endMaintenance(steering: Steering, c: Context<Environment>): Promise<Response> {
  refuseParameters(c)
  const upstream = steering.of(c.req.param('id')!).id
  const { reason } = await readInput(c, endMaintenanceInput)
  const id = c.req.param('maintenance')!
  return respond(
    c,
    200,
    steeredUpstream(await steering.endMaintenance(upstream, id, { by: operatorOf(c), reason })),
  )
}
