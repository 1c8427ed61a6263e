import type { Context } from 'hono'
import { z } from 'zod'
import { nik } from '#contracts/identifiers.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Access, accessLogCsv, exemptionNotice } from '#gateway/ledger/access-log.ts'
import { dueAt } from '#gateway/ledger/clock.ts'
import { checkNik, inputInvalid } from '#gateway/validate.ts'
import {
  auditorOf,
  cursorOf,
  type LedgerHouse,
  page,
  pastInstant,
  positionOf,
  reference,
  respondInEither,
} from './ledger.ts'
import { languageOf } from './problem.ts'
import type { Environment } from './request.ts'

/** Who asks to know, and the request that they made. */
export const accessLogInput = z.strictObject({
  nik,
  request: z.strictObject({ reference, receivedAt: pastInstant }),
  ...page,
})

export interface AccessLogAnswer {
  readonly request: {
    readonly reference: string
    readonly receivedAt: string
    /** By when the person has an answer. */
    readonly dueAt: string
  }
  readonly accesses: readonly Access[]
  /** Of the next page; null after the last one. */
  readonly cursor: string | null
  readonly notice: string
  readonly auditId: string
}

/** `POST /v1/subjects/access-log`: who looked at somebody, for them to be told. */
export async function accessLog(
  house: LedgerHouse,
  c: Context<Environment>,
  body: unknown,
): Promise<Response> {
  const by = auditorOf(c)
  const input = accessLogInput.safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const { nik, request, cursor, limit } = input.data
  checkNik(nik, house.identities)
  checkPast(request.receivedAt, '/request/receivedAt', house.now())

  const language = languageOf(c.req.header('accept-language'))
  const { accesses, next, auditId } = await house.readAccessLog({
    by,
    nik,
    ...request,
    language,
    position: cursor === undefined ? undefined : positionOf(cursor),
    limit,
  })
  const answer: AccessLogAnswer = {
    request: {
      reference: request.reference,
      receivedAt: new Date(request.receivedAt).toISOString(),
      dueAt: dueAt(request.receivedAt),
    },
    accesses,
    cursor: next ? cursorOf(next) : null,
    notice: exemptionNotice[language],
    auditId,
  }
  return respondInEither(c, answer, () => accessLogCsv(accesses, language), {
    'mpp-cursor': answer.cursor,
    'mpp-audit-id': auditId,
    'mpp-due-at': answer.request.dueAt,
  })
}

/** The law's clock does not start in the future. */
export function checkPast(at: number, pointer: string, now: number): void {
  if (at <= now) return
  const detail = 'expected: an instant that has passed'
  throw new GatewayFailure('INPUT_INVALID', {
    detail: `${pointer} is in the future`,
    errors: [{ pointer, detail }],
  })
}
