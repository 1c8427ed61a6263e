import type { Context } from 'hono'
import { z } from 'zod'
import { type Access, accessLogCsv, exemptionNotice } from '#gateway/ledger/access-log.ts'
import { dueAt } from '#gateway/ledger/clock.ts'
import { accessLogFields, type InputRules } from '#gateway/ledger/input.ts'
import { inputInvalid } from '#gateway/validate.ts'
import { auditorOf, cursorOf, type LedgerHouse, page, positionOf, respondInEither } from './ledger.ts'
import { languageOf } from './problem.ts'
import type { Environment } from './request.ts'

const bodyOf = (rules: InputRules) => z.strictObject({ ...accessLogFields(rules), ...page })

/** The body, as it is documented. */
export const accessLogInput = bodyOf({ identities: 'real', now: Date.now })

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
  const input = bodyOf(house).safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const { nik, request, cursor, limit } = input.data
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
