import type { Context } from 'hono'
import { z } from 'zod'
import { type Affected, affectedCsvHead, affectedCsvLine } from '#gateway/ledger/affected.ts'
import { dueAt } from '#gateway/ledger/clock.ts'
import { affectedFields, affectedRules, type InputRules } from '#gateway/ledger/input.ts'
import { inputInvalid } from '#gateway/validate.ts'
import { auditorOf, cursorOf, type LedgerHouse, page, positionOf, respondInEither } from './ledger.ts'
import { languageOf } from './problem.ts'
import type { Environment } from './request.ts'

const bodyOf = (rules: InputRules) =>
  z.strictObject({ ...affectedFields(rules), ...page }).check(affectedRules)

/** The body, as it is documented. */
export const affectedInput = bodyOf({ identities: 'real', now: Date.now })

export interface AffectedAnswer {
  readonly incident: {
    readonly reference: string
    readonly discoveredAt: string
    /** By when they and the agency are told. */
    readonly notifyBy: string
  }
  readonly subjects: readonly Affected[]
  readonly cursor: string | null
  readonly auditId: string
}

/** `POST /v1/incidents/affected`: whom a breach concerns, by keyed hash. */
export async function affected(
  house: LedgerHouse,
  c: Context<Environment>,
  body: unknown,
): Promise<Response> {
  const by = auditorOf(c)
  const input = bodyOf(house).safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const { incident, cursor, limit, ...exposure } = input.data

  const { subjects, next, auditId } = await house.findAffected({
    by,
    ...incident,
    exposure,
    language: languageOf(c.req.header('accept-language')),
    position: cursor === undefined ? undefined : positionOf(cursor),
    limit,
  })
  const answer: AffectedAnswer = {
    incident: {
      reference: incident.reference,
      discoveredAt: new Date(incident.discoveredAt).toISOString(),
      notifyBy: dueAt(incident.discoveredAt),
    },
    subjects,
    cursor: next ? cursorOf(next) : null,
    auditId,
  }
  return respondInEither(c, answer, () => affectedCsvHead + subjects.map(affectedCsvLine).join(''), {
    'mpp-cursor': answer.cursor,
    'mpp-audit-id': auditId,
    'mpp-due-at': answer.incident.notifyBy,
  })
}
