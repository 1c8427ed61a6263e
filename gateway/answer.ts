import type { ContractPath } from '#contracts/elements.ts'
import type { FailureCode, Sent } from '#contracts/failures.ts'

/** Where an answer came from: asked just now, kept from before, or kept from before because the agency failed. */
export type Mode = 'live' | 'cached' | 'stale'

export interface Provenance {
  /** The upstream. */
  readonly source: string
  readonly mode: Mode
  /** ISO instant. */
  readonly fetchedAt: string
  readonly ageMs: number
}

/** One upstream that was tried. */
export interface SourceReport {
  readonly id: string
  readonly state: 'ok' | FailureCode
  /** Whether this question left the building, or the one in flight that it joined. */
  readonly sent: Sent
  readonly ms: number
}

/** What a question gets: the allowed elements, and where they come from. */
export interface Answer {
  readonly data: Readonly<Record<string, unknown>>
  /** By contract path, inherited by children. */
  readonly provenance: Readonly<Record<'' | ContractPath, Provenance>>
  readonly sources: readonly SourceReport[]
  /** Elements that the agency gave and the agreement withholds. */
  readonly withheld: readonly ContractPath[]
  /** Shown elements whose text no code list knows. */
  readonly warnings: readonly { readonly code: 'CODE_UNKNOWN'; readonly path: ContractPath }[]
  /** The ledger's entry; null for what is public. */
  readonly auditId: string | null
}
