import type { Context } from 'hono'
import { readOfficer } from '#gateway/access/context.ts'
import type { Actor } from '#gateway/ledger/evidence.ts'
import type { Environment } from './request.ts'

/** Who acts: the person is on record, by the opaque id of `Mpp-Officer` or of the caller's token. */
export function operatorOf(c: Context<Environment>): Actor {
  const caller = c.var.caller!
  const officer = readOfficer(name => c.req.header(name), caller)
  return { member: caller.member.id, key: caller.keyId, ...officer }
}
