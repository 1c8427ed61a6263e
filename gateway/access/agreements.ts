import type { Capability } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'

/** How far an answer may be used again. `none`: nothing is kept. */
export type ReuseScope = 'none' | 'case' | 'agreement'

/** Who can suspend an agreement: the member, the agency of the upstream, or whoever runs the gateway. */
export const parties = ['member', 'upstream', 'gateway'] as const
export type Party = (typeof parties)[number]

/** How many answers may be released a day: for one purpose, or, without one, for all purposes together. */
export interface AgreedQuota {
  readonly purpose: string | undefined
  readonly perDay: number
}

/** A data-sharing agreement (PKS): who may see which element of which capability for which purpose, until when. */
export interface Agreement {
  readonly id: string
  readonly upstream: string
  readonly member: string
  readonly legalBasis: string
  /** Whom to turn to. */
  readonly contact: { readonly name: string; readonly email: string }
  /** Epoch milliseconds; valid from the first, no longer at the second. */
  readonly validFrom: number
  readonly validUntil: number
  /** While anyone stands here, nothing is granted. */
  readonly suspendedBy: readonly Party[]
  /** Each of them counts for itself; none: as many as are asked for. */
  readonly quotas: readonly AgreedQuota[]
  readonly reuse: { readonly scope: ReuseScope; readonly timeToLiveMs: number; readonly staleMs: number }
  /** Capability id → purpose → elements, parents already expanded to what the contract names today. */
  readonly grants: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<ContractPath>>>
  /** The law exempts what is done under it: the people it is about are not told. */
  readonly exemptFromAccessLog?: boolean
}

/** A capability or a notice, as far as agreements speak of it. */
export type HasElements = Pick<Capability, 'elements'>

/** The elements that a granted path stands for: itself, or the children that the contract names. None for the whole record. */
export const expandPath = (path: string, { elements }: HasElements): readonly ContractPath[] =>
  path === ''
    ? []
    : [...elements.keys()].filter(element => element === path || element.startsWith(`${path}/`))

const publicElements = new WeakMap<HasElements['elements'], ReadonlySet<ContractPath>>()

/** What everyone may see. The same set each time, so that views of a record can be kept by it. */
export const publicElementsOf = ({ elements }: HasElements): ReadonlySet<ContractPath> =>
  publicElements.getOrInsertComputed(
    elements,
    () => new Set([...elements].flatMap(([path, { dataClass }]) => (dataClass === 'public' ? [path] : []))),
  )
