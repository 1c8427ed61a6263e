import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { endOfDay } from '#gateway/calendar.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Case, Store } from '#gateway/store/store.ts'

export interface Cases {
  open(member: string, others: readonly string[], minutes: number | undefined): Promise<Case>
  /** The case, if it is this member's and still open. Synchronous when this gateway has seen it before. */
  find(id: string, member: string): Case | Promise<Case>
}

export interface CasesOptions {
  readonly store: Store
  readonly timeZone: string
  /** When the mall's day ends, `HH:MM` in its time zone; `24:00` is midnight. */
  readonly dayEnds: string
  readonly now: () => number
}

/** Citizens' visits. A case never changes once opened, so what has been read may be remembered. */
export function createCases({ store, timeZone, dayEnds, now }: CasesOptions): Cases {
  const seen = new LRUCache<string, Case>({ max: 10_000 })

  const admit = (visit: Case | undefined, member: string): Case => {
    if (!visit) throw invalid('CASE_UNKNOWN', 'no such case: open one with POST /v1/cases')
    if (!visit.members.includes(member))
      throw invalid('CASE_FOREIGN', 'your organisation does not take part in this case')
    if (now() >= visit.expiresAt)
      throw invalid('CASE_EXPIRED', 'this case has ended: open a new one with POST /v1/cases')
    return visit
  }

  return {
    async open(member, others, minutes) {
      const openedAt = now()
      const end = endOfDay(openedAt, timeZone, dayEnds)
      const visit: Case = {
        id: `case_${randomBytes(16).toString('base64url')}`,
        openedBy: member,
        members: [...new Set([member, ...others])],
        openedAt,
        expiresAt: minutes === undefined ? end : Math.min(end, openedAt + minutes * 60_000),
      }
      await store.openCase(visit).catch(storeUnavailable)
      seen.set(visit.id, visit)
      return visit
    },

    find(id, member) {
      const visit = seen.get(id)
      if (visit) return admit(visit, member)
      return store
        .findCase(id)
        .catch(storeUnavailable)
        .then(found => {
          if (found) seen.set(id, found)
          return admit(found, member)
        })
    },
  }
}

const invalid = (reason: string, detail: string) =>
  new GatewayFailure('CASE_INVALID', { reason, detail, errors: [{ header: 'Mpp-Case', detail }] })
