import type { ContractPath } from '#contracts/elements.ts'
import type { Candidates } from '#gateway/upstream/routing.ts'
import type { Upstream } from '#gateway/upstream/upstream.ts'
import type { AgreementRegister } from './agreement-register.ts'
import { decideAmong, type Grant, type Refusal } from './decide.ts'

/** What a question needs leave for; nothing of whom it is about. */
export interface Asking {
  readonly member: string
  readonly capability: string
  /** A public question has none. */
  readonly purpose: string | undefined
  /** Elements asked for by name; undefined: all that may be shown. */
  readonly asked: readonly ContractPath[] | undefined
  /** What may be shown without an agreement. */
  readonly open: Grant | undefined
}

/** An upstream that may be asked, and under which grant. */
export interface Chosen {
  readonly upstream: Upstream
  readonly grant: Grant
}

/** Who may be asked, in order; and where nobody may, why not. */
export interface Choice {
  readonly chosen: readonly Chosen[]
  readonly refusals: readonly Refusal[]
}

export type Choose = (asking: Asking) => Choice

/** Routes and decides: each candidate on its own. Without an agreement there is still what is public. */
export function createChoose(
  candidates: Candidates,
  agreements: AgreementRegister,
  now: () => number,
): Choose {
  return function choose({ member, capability, purpose, asked, open }) {
    const upstreams = candidates(capability, { member, purpose })
    const refusals: Refusal[] = []
    const chosen: Chosen[] = []
    if (purpose !== undefined)
      for (const upstream of upstreams) {
        const among = agreements.between(member, upstream.id)
        const decision = decideAmong({ capability, purpose, asked }, among, now())
        if (decision.granted) chosen.push({ upstream, grant: decision })
        else refusals.push(decision)
      }
    if (chosen.length > 0 || !open) return { chosen, refusals }
    return { chosen: upstreams.map(upstream => ({ upstream, grant: open })), refusals }
  }
}
