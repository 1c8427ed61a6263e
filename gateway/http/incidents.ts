import type { Context } from 'hono'
import { z } from 'zod'
import { type Affected, affectedCsvHead, affectedCsvLine } from '#gateway/ledger/affected.ts'
import { dueAt } from '#gateway/ledger/clock.ts'
import { inputInvalid } from '#gateway/validate.ts'
import { checkPast } from './access-log.ts'
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

/** What happened, and what it exposed: all that fits all that is given. */
export const affectedInput = z
  .strictObject({
    incident: z.strictObject({ reference, discoveredAt: pastInstant }),
    member: z.string().min(1).max(64).optional(),
    key: z.string().min(1).max(64).optional(),
    from: pastInstant.optional(),
    until: pastInstant.optional(),
    ...page,
  })
  .refine(({ member, key, from, until }) => [member, key, from, until].some(part => part !== undefined), {
    path: ['member'],
    error: 'a member, one of its keys, or a period (from, until): whatever narrows it down',
  })
  .refine(({ member, key }) => key === undefined || member !== undefined, {
    path: ['member'],
    error: 'the member whose key it is: ids of keys differ within a member only',
  })

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
  const input = affectedInput.safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const { incident, cursor, limit, ...exposure } = input.data
  checkPast(incident.discoveredAt, '/incident/discoveredAt', house.now())

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
