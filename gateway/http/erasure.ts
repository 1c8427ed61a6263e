import type { Context } from 'hono'
import { z } from 'zod'
import { nik } from '#contracts/identifiers.ts'
import { readOfficer } from '#gateway/access/context.ts'
import type { EraseSubject } from '#gateway/data-at-rest/erase-subject.ts'
import { reference } from '#gateway/ledger/input.ts'
import { inputInvalid } from '#gateway/validate.ts'
import type { Environment } from './request.ts'

/** Whom to erase, why, and at whose request. */
export const erasureInput = z.strictObject({ nik, reason: reference, reference })

/** `POST /v1/subjects/erase`: all that is kept about a person, in every place. */
export async function eraseSubject(erase: EraseSubject, c: Context<Environment>, body: unknown) {
  const caller = c.var.caller!
  const officer = readOfficer(name => c.req.header(name), caller)
  const input = erasureInput.safeParse(body)
  if (!input.success) throw inputInvalid(input.error)
  const by = { member: caller.member.id, key: caller.keyId, ...officer }
  const { erasedAt, ...erasure } = await erase({ by, ...input.data })
  return { erasedAt: new Date(erasedAt).toISOString(), ...erasure }
}
