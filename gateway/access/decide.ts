import type { ContractPath } from '#contracts/elements.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Agreement, type HasElements, type Party, publicElementsOf } from './agreements.ts'

/** What a member wants to do, as far as an agreement decides on it. */
export interface Intent {
  readonly capability: string
  readonly purpose: string
  /** Elements asked for by name; undefined asks for all that are granted. */
  readonly asked: readonly ContractPath[] | undefined
}

/** Why not, in words that the member can act on. The order is how far the request got. */
export const refusalReasons = [
  'AGREEMENT_MISSING',
  'CAPABILITY_NOT_GRANTED',
  'PURPOSE_NOT_GRANTED',
  'ELEMENT_NOT_GRANTED',
  'AGREEMENT_NOT_YET_VALID',
  'AGREEMENT_EXPIRED',
  'AGREEMENT_SUSPENDED',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

export interface Grant {
  readonly granted: true
  /** Undefined where only public elements are shown: they need none. */
  readonly agreement: Agreement | undefined
  /** What the agreement grants for the purpose, public elements included. */
  readonly grantedElements: ReadonlySet<ContractPath>
  /** What may be shown now: the granted elements, narrowed to those asked for. */
  readonly elements: ReadonlySet<ContractPath>
}

export interface Refusal {
  readonly granted: false
  readonly reason: RefusalReason
  readonly detail: string
  /** The agreement that was decided on, for the ledger. */
  readonly agreement?: string
  /** The elements that are not granted. */
  readonly elements?: readonly ContractPath[]
}

export type Decision = Grant | Refusal

/** The one decision on who may see what. Pure: it runs before the call (what may be asked) and after it (what may be shown). */
export function decide(intent: Intent, agreement: Agreement, now: number): Decision {
  const purposes = agreement.grants.get(intent.capability)
  if (!purposes)
    return refuse('CAPABILITY_NOT_GRANTED', `agreement ${agreement.id} does not grant ${intent.capability}`)

  const grantedElements = purposes.get(intent.purpose)
  if (!grantedElements)
    return refuse(
      'PURPOSE_NOT_GRANTED',
      `agreement ${agreement.id} grants ${intent.capability} for ${[...purposes.keys()].join(', ')} only`,
    )

  const ungranted = intent.asked?.filter(element => !grantedElements.has(element)) ?? []
  if (ungranted.length > 0)
    return {
      ...refuse('ELEMENT_NOT_GRANTED', `agreement ${agreement.id} does not grant ${ungranted.join(', ')}`),
      elements: ungranted,
    }

  if (now < agreement.validFrom)
    return refuse('AGREEMENT_NOT_YET_VALID', `agreement ${agreement.id} is not valid yet`)
  if (now >= agreement.validUntil) return refuse('AGREEMENT_EXPIRED', `agreement ${agreement.id} has expired`)
  if (agreement.suspendedBy.length > 0) {
    const parties = agreement.suspendedBy.map(party => partyNames[party]).join(' and ')
    return refuse('AGREEMENT_SUSPENDED', `agreement ${agreement.id} is suspended by ${parties}`)
  }

  return {
    granted: true,
    agreement,
    grantedElements,
    elements: intent.asked ? new Set(intent.asked) : grantedElements,
  }
}

const partyNames: Readonly<Record<Party, string>> = {
  member: 'your organisation',
  upstream: 'the agency',
  gateway: 'the mall',
}

/**
 * What needs neither context nor agreement: public elements, asked for by whoever asks about no person.
 * Undefined where there are none, or where something personal is asked for by name.
 */
export function publicGrant(
  capability: HasElements,
  asked: readonly ContractPath[] | undefined,
): Grant | undefined {
  const grantedElements = publicElementsOf(capability)
  if (grantedElements.size === 0 || asked?.some(element => !grantedElements.has(element))) return undefined
  return {
    granted: true,
    agreement: undefined,
    grantedElements,
    elements: asked ? new Set(asked) : grantedElements,
  }
}

const refuse = (reason: RefusalReason, detail: string): Refusal => ({ granted: false, reason, detail })

/** An agreement that is in force no longer. */
export const ended = ({ id }: Pick<Agreement, 'id'>): Refusal =>
  refuse('AGREEMENT_MISSING', `agreement ${id} has ended`)

/** The first agreement that grants the intent, or the refusal that got furthest. */
export function decideAmong(intent: Intent, agreements: readonly Agreement[], now: number): Decision {
  const refusals: Refusal[] = []
  for (const agreement of agreements) {
    const decision = decide(intent, agreement, now)
    if (decision.granted) return decision
    refusals.push({ ...decision, agreement: agreement.id })
  }
  return furthest(refusals)
}

const missing = refuse(
  'AGREEMENT_MISSING',
  'your organisation has no agreement with an agency that serves this',
)

/** The refusal that got furthest: it tells the member most. */
export const furthest = (refusals: readonly Refusal[]): Refusal =>
  refusals.reduce(
    (best, one) => (refusalReasons.indexOf(one.reason) > refusalReasons.indexOf(best.reason) ? one : best),
    missing,
  )

/** The refusal that got furthest, as the caller is told. */
export function notGranted(refusals: readonly Refusal[]): GatewayFailure {
  const { reason, detail, agreement, elements = [] } = furthest(refusals)
  const errors = elements.map(pointer => ({ pointer, detail: 'not granted for this purpose' }))
  return new GatewayFailure('NOT_GRANTED', {
    reason,
    detail,
    agreement,
    ...(errors.length > 0 && { errors }),
  })
}
