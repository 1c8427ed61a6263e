import type { Context } from 'hono'
import { z } from 'zod'
import type { Door } from '#gateway/access/door.ts'
import { type FieldError, GatewayFailure, repeatable } from '#gateway/failure.ts'
import type { Telling } from '#gateway/telling/telling.ts'
import { readStates, resend, type ResendHouse } from '#gateway/telling/webhook-states.ts'
import { readInput } from './body.ts'
import { operatorOf } from './operator.ts'
import { readParameters } from './parameters.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'
import { everyAnswer } from './security-headers.ts'
import { reasonText } from './submissions.ts'

export interface EventsHouse extends ResendHouse {
  readonly stream: Telling['stream']
  readonly identify: Door['identify']
}

/** `GET /v1/events`: what happens to the member's orders, as server-sent events, until either side ends it. */
export async function streamEvents(house: EventsHouse, c: Context<Environment>): Promise<Response> {
  const { member } = c.var.caller!
  const after = readAfter(c)
  const headers = {
    ...everyAnswer,
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no', // a proxy that collects answers would hold the events back
    ...c.get('rateLimit'),
  }
  if (c.req.method === 'HEAD') return c.body(null, 200, headers)
  const authorization = c.req.header('authorization')
  const body = await house.stream({
    member: member.id,
    after,
    async isStillKnown() {
      try {
        return (await house.identify(authorization)).member.id === member.id
      } catch {
        return false // its key or token has expired: the reader is told so when it comes again
      }
    },
    cutOff: () => void c.env.outgoing.destroy(),
  })
  return c.body(body, 200, headers)
}

const eventId = z.uuid()

/** The header is from a reader that comes again, so it is newer than what the address says. */
function readAfter(c: Context<Environment>): string | undefined {
  const { after, ...others } = readParameters(c)
  const header = c.req.header('last-event-id')
  const errors: FieldError[] = Object.keys(others).map(name => ({
    parameter: repeatable(name),
    detail: 'no such parameter',
  }))
  const detail = 'expected: the id of an event'
  if (after !== undefined && !eventId.safeParse(after).success) errors.push({ parameter: 'after', detail })
  if (header !== undefined && !eventId.safeParse(header).success)
    errors.push({ header: 'Last-Event-ID', detail })
  if (errors.length > 0)
    throw new GatewayFailure('INPUT_INVALID', { detail: 'the place to go on from does not fit', errors })
  return header ?? after
}

/** `GET /v1/operator/webhooks` */
export const listWebhooks = async (house: EventsHouse, c: Context<Environment>): Promise<Response> =>
  respond(c, 200, { webhooks: await readStates(house) })

export const resendInput = z.strictObject({
  reason: reasonText,
  /** An event: it and all later ones are told again. */
  from: z.uuid(),
})

/** `POST /v1/operator/webhooks/{id}/resend` */
export async function resendWebhook(house: EventsHouse, c: Context<Environment>): Promise<Response> {
  const by = operatorOf(c)
  const input = await readInput(c, resendInput)
  return respond(c, 200, await resend(house, c.req.param('id')!, { by, ...input }))
}
