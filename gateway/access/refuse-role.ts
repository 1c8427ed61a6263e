import { randomUUIDv7 } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Actor, Evidence } from '#gateway/ledger/evidence.ts'
import type { Role } from './members.ts'

/** Refuses a known caller that holds none of the roles which a route needs, once that is on record. */
export type RefuseRole = (caller: Actor, needed: readonly Role[], route: string) => Promise<never>

export function createRefuseRole(evidence: Evidence, now: () => number): RefuseRole {
  return async function refuseRole(caller, needed, route) {
    const auditId = randomUUIDv7()
    const reason = 'ROLE_MISSING'
    await evidence.record({
      id: auditId,
      at: now(),
      content: { kind: 'role-refusal', outcome: 'NOT_GRANTED', reason, ...caller, route, needed },
    })
    throw new GatewayFailure('NOT_GRANTED', {
      reason,
      detail: `this needs the role ${needed.join(' or ')}, which your key or token does not have`,
      auditId,
    })
  }
}
