import { randomUUIDv7 } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Evidence } from '#gateway/ledger/evidence.ts'
import type { Caller, Role } from './members.ts'

/** Refuses a known caller that holds none of the roles which a route needs, once that is on record. */
export type RefuseRole = (caller: Caller, needed: readonly Role[], route: string) => Promise<never>

export function createRefuseRole(evidence: Evidence, now: () => number): RefuseRole {
  return async function refuseRole({ member, keyId }, needed, route) {
    const auditId = randomUUIDv7()
    const reason = 'ROLE_MISSING'
    await evidence.record({
      id: auditId,
      at: now(),
      content: {
        kind: 'role-refusal',
        outcome: 'NOT_GRANTED',
        reason,
        member: member.id,
        key: keyId,
        route,
        needed,
      },
    })
    throw new GatewayFailure('NOT_GRANTED', {
      reason,
      detail: `this needs the role ${needed.join(' or ')}, which your key or token does not have`,
      auditId,
    })
  }
}
