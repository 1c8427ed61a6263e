import type { Evidence } from '#gateway/ledger/evidence.ts'
import type { Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import { faultCodeOf } from './fetch-document.ts'
import { createIdentify, type Identify } from './members.ts'
import { createRateLimits, type TakeRequest } from './rate-limit.ts'
import { createRefuseRole, type RefuseRole } from './refuse-role.ts'
import { createVerify } from './tokens.ts'

/** What a request passes before its route: who calls, how often, and with which role. */
export interface Door {
  readonly identify: Identify
  readonly takeRequest: TakeRequest
  readonly refuseRole: RefuseRole
}

export interface DoorHouse {
  readonly evidence: Evidence
  readonly log: Log
  readonly metrics: Pick<Metrics, 'identityFault'>
  readonly now: () => number
}

export function createDoor(
  { members, issuers }: Pick<Settings, 'members' | 'issuers'>,
  { evidence, log, metrics, now }: DoorHouse,
): Door {
  const verify = createVerify(issuers, {
    members,
    now,
    onFault(issuer, error) {
      log.warn({ issuer, reason: faultCodeOf(error) }, "an identity provider's keys cannot be read")
      metrics.identityFault(issuer)
    },
  })
  return {
    identify: createIdentify(members, {
      now,
      verify: issuers.length > 0 ? verify : undefined,
      onExpiring: ({ member, keyId }, days) =>
        log.warn({ member: member.id, keyId, days }, 'an API key in use expires soon'),
    }),
    takeRequest: createRateLimits(now),
    refuseRole: createRefuseRole(evidence, now),
  }
}
