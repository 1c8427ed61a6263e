import { z } from 'zod'
import type { Context } from 'hono'
import type { Cases } from '#gateway/access/cases.ts'
import { askerOf } from '#gateway/access/context.ts'
import { failureOf, GatewayFailure } from '#gateway/failure.ts'
import { type Evidence, keepRefusal } from '#gateway/ledger/evidence.ts'
import { inputInvalid } from '#gateway/validate.ts'
import type { Environment } from './request.ts'

export interface CasesHouse {
  readonly cases: Cases
  readonly memberIds: ReadonlySet<string>
  readonly evidence: Evidence
  readonly now: () => number
}

/** What opens a case: who else takes part, and how long it may last at most. */
export const caseInput = z.strictObject({
  members: z.array(z.string()).max(50).default([]),
  minutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .optional(),
})

/** `POST /v1/cases`: one citizen's visit, open until the mall's day ends. A refusal is on record. */
export async function openCase(house: CasesHouse, c: Context<Environment>, body: () => Promise<unknown>) {
  const caller = c.var.caller!
  try {
    return await openFor(house, caller.member.id, await body())
  } catch (error) {
    throw await keepRefusal(house.evidence, failureOf(error), {
      at: house.now(),
      capability: 'cases',
      ...askerOf(name => c.req.header(name), caller),
      subjects: [],
    })
  }
}

async function openFor({ cases, memberIds }: CasesHouse, member: string, body: unknown) {
  const input = caseInput.safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const unknown = input.data.members.flatMap((id, index) =>
    memberIds.has(id) ? [] : [{ pointer: `/members/${index}`, detail: 'no such member' }],
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
