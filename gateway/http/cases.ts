import { z } from 'zod'
import type { Cases } from '#gateway/access/cases.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { inputInvalid } from '#gateway/validate.ts'

/** What opens a case: who else takes part, and how long it may last at most. */
export const caseInput = z.strictObject({
  members: z.array(z.string()).max(50).default([]),
  minutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .optional(),
})

/** `POST /v1/cases`: one citizen's visit, open until the mall's day ends. */
export async function openCase(cases: Cases, member: string, known: ReadonlySet<string>, body: unknown) {
  const input = caseInput.safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const unknown = input.data.members.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/members/${index}`, detail: 'no such member' }],
  )
  if (unknown.length > 0)
    throw new GatewayFailure('INPUT_INVALID', { detail: 'unknown member', errors: unknown })

  const visit = await cases.open(member, input.data.members, input.data.minutes)
  return {
    id: visit.id,
    members: visit.members,
    openedAt: iso(visit.openedAt),
    expiresAt: iso(visit.expiresAt),
  }
}

const iso = (at: number): string => new Date(at).toISOString()
