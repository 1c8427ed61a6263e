import { randomUUIDv7 } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { CapabilityKind } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { FailureCode, Sent } from '#contracts/failures.ts'
import type { Mode } from '#gateway/answer.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { noTracing, type Tracing } from '#gateway/ops/tracing.ts'
import {
  type LedgerEntry,
  type LedgerRow,
  type Store,
  StoreRefused,
  StoreUnavailable,
} from '#gateway/store/store.ts'

/** What a row of the ledger says. It holds no personal value: whom it is about stands there as keyed hashes. */
export type LedgerContent =
  | Ordered
  | Effect
  | Release
  | RefusedQuestion
  | RefusedRole
  | Audit
  | Act
  | Destruction

/** Who, and with what. */
export interface Actor {
  /** The member. */
  readonly member: string
  /** Which of its keys. */
  readonly key: string
  /** An opaque id. */
  readonly officer?: string | undefined
  /** Who says who the officer is: a token that was checked, or the caller. */
  readonly identity?: 'verified' | 'asserted' | undefined
}

/** Who asked what about whom, where and why. */
interface Question extends Actor {
  /** The capability, or the notice that was read; `notices` and `cases` where a refusal came before. */
  readonly capability: string
  readonly counter?: string | undefined
  readonly purpose?: string | undefined
  readonly subjects: readonly string[]
  readonly case?: string | undefined
  /** The agreement under which it was asked, as far as one was found. */
  readonly agreement?: string | undefined
  /** As it was in force: the first digits of its version's digest. */
  readonly agreementVersion?: string | undefined
  /** Everyone who was asked, where several were: they all know who was asked about. */
  readonly asked?: readonly { readonly id: string; readonly state: string; readonly sent: Sent }[] | undefined
}

/** Personal data was shown. */
export interface Release extends Question {
  readonly kind: CapabilityKind
  readonly outcome: 'released'
  readonly counter: string
  readonly purpose: string
  readonly upstream: string
  /** What was shown. */
  readonly elements: readonly ContractPath[]
  /** The law exempts it: the person it is about is not told of it. */
  readonly exempt?: true | undefined
  readonly mode?: Mode | undefined
  readonly fetchedAt?: number | undefined
  readonly sent?: Sent | undefined
  /** The notice that was read. */
  readonly notice?: string | undefined
  /** The order whose result was shown. */
  readonly submission?: string | undefined
  /** What was ordered was shown itself, to whoever brings it to the agency, with the agency's number where there is one: none of it is an element of an answer. */
  readonly shown?: 'order' | undefined
  /** The agency's number for the order was shown, or why it was rejected: the citizen's own, which no agreement withholds. */
  readonly reference?: true | undefined
  readonly reason?: true | undefined
}

/** An order was accepted; nothing was shown. */
export interface Ordered extends Question {
  readonly kind: 'submission'
  readonly outcome: 'ordered'
  readonly purpose: string
  readonly submission: string
  readonly upstream: string
  readonly exempt?: true | undefined
  readonly elements: readonly []
}

/** The gateway brought an order to an agency, or may have: nobody sat at a counter. */
export interface Effect {
  readonly kind: 'effect'
  readonly outcome: 'accepted' | 'confirmed' | 'rejected' | 'uncertain'
  readonly submission: string
  readonly attempt: number
  readonly capability: string
  readonly upstream: string
  readonly member: string
  readonly purpose: string
  readonly case: string
  readonly agreement: string
  /** As when it was ordered. */
  readonly agreementVersion?: string | undefined
  readonly exempt?: true | undefined
  readonly subjects: readonly string[]
  readonly code?: string | undefined
  readonly upstreamCode?: string | undefined
  readonly sent?: string | undefined
  readonly agencyState?: string | undefined
}

/**
 * A known member's question was refused or came to nothing: no data was shown. Where it was refused before it was understood,
 * what could not be read is left out.
 */
export interface RefusedQuestion extends Question {
  readonly kind: 'refusal'
  readonly outcome: FailureCode
  /** The upstream that said no or could not be asked, or `gateway`. */
  readonly source: string
  readonly sent: Sent
  readonly reason?: string | undefined
  readonly upstreamCode?: string | undefined
  /** The order that was to be seen or taken. */
  readonly submission?: string | undefined
}

/** A known caller was refused at the door of a route. */
export interface RefusedRole extends Actor {
  readonly kind: 'role-refusal'
  readonly outcome: 'NOT_GRANTED'
  readonly reason: 'ROLE_MISSING'
  /** The route's pattern. */
  readonly route: string
  /** One of these roles would have done. */
  readonly needed: readonly string[]
}

/** An auditor looked into the ledger itself. */
export interface Audit extends Actor {
  readonly kind: 'audit'
  readonly act: 'subject.access-log' | 'incident.affected'
  /** Why: whose request or which incident, under which number. */
  readonly reference: string
  /** When that came in, or was discovered; epoch milliseconds. The law's 72 hours run from here. */
  readonly since: number
  /** The person who asked. */
  readonly subjects?: readonly string[]
  /** What was looked for. */
  readonly search?: Readonly<Record<string, string | number | undefined>>
}

/** Somebody who runs the gateway changed something, or tried to: `agreements.reload`, `upstream.hold`, `subject.erase`. */
export interface Act extends Actor {
  readonly kind: 'act'
  readonly act: string
  readonly reason?: string | undefined
  /** What else there is to say of it. */
  readonly [fact: string]: unknown
}

/** What is kept no longer than so long was destroyed. `begun` stands before the first record goes, `done` after the last. */
export interface Destruction {
  readonly kind: 'destruction'
  readonly class: RetentionClass
  /** Everything of its class recorded before this instant; epoch milliseconds. */
  readonly until: number
  readonly state: 'begun' | 'done'
  /** How many records. */
  readonly count?: number
  /** How many rows runs before it had destroyed that never came to say so: with this they are accounted for. */
  readonly recovered?: number
}

/** The kinds that are kept equally long. That something was destroyed is never destroyed. */
export const retentionClasses = {
  access: ['query', 'match', 'submission', 'notice', 'effect'],
  refusals: ['refusal', 'role-refusal'],
  acts: ['audit', 'act'],
} as const satisfies Record<string, readonly LedgerContent['kind'][]>

/** Outside the ledger: `notices` are what agencies told us, `submissions` what was ordered and what came of it. */
export type RetentionClass = keyof typeof retentionClasses | 'notices' | 'submissions'

/** Does the content of this class stand in the ledger itself? */
export const isOfLedger = (name: RetentionClass): name is keyof typeof retentionClasses =>
  Object.hasOwn(retentionClasses, name)

/** What a row says; undefined once it has been destroyed. It is what `record` was given: the chain vouches for that. */
export const contentOf = ({ content }: Pick<LedgerRow, 'content'>): LedgerContent | undefined =>
  content === null ? undefined : (JSON.parse(content) as LedgerContent)

export const isRelease = (content: LedgerContent | undefined): content is Release =>
  content !== undefined && 'outcome' in content && content.outcome === 'released'

/** An order, or what came of it at the agency: nothing was shown. */
export const isOrdering = (content: LedgerContent | undefined): content is Ordered | Effect =>
  content?.kind === 'effect' || (content?.kind === 'submission' && content.outcome === 'ordered')

export interface EvidenceEntry extends Omit<LedgerEntry, 'content'> {
  readonly content: LedgerContent
}

/** Keeps evidence before anything personal leaves. */
export interface Evidence {
  /** Durable when resolved; without it, nothing may be released. */
  record(entry: EvidenceEntry): Promise<void>
  /** The same, where others may have recorded it already, under the same id. */
  recordOnce(entry: EvidenceEntry): Promise<void>
  /** Whether the last entry could be kept. */
  readonly isKept: boolean
}

/** `onRecord` is told of every entry that is kept. */
export function createEvidence(
  store: Pick<Store, 'appendLedger'>,
  onRecord: () => void = () => {},
  tracing: Tracing = noTracing,
): Evidence {
  let isKept = true
  /** What was recorded once of late. */
  const once = new LRUCache<string, Promise<void>>({ max: 10_000 })

  async function record({ id, at, content }: EvidenceEntry): Promise<void> {
    try {
      await tracing.within('record', {}, () => store.appendLedger({ id, at, content: { ...content } }))
      isKept = true
      onRecord()
    } catch (error) {
      if (!(error instanceof StoreRefused)) isKept = false
      storeUnavailable(error)
    }
  }

  async function recordUnlessTaken(entry: EvidenceEntry): Promise<void> {
    try {
      await record(entry)
    } catch (error) {
      if (error instanceof StoreRefused) return
      once.delete(entry.id)
      throw error
    }
  }

  return {
    record,
    recordOnce(entry) {
      const recorded = once.get(entry.id) ?? recordUnlessTaken(entry)
      once.set(entry.id, recorded)
      return recorded
    },
    get isKept() {
      return isKept
    },
  }
}

/** What the row of a refusal says beside the failure itself; the id, where it has one already. */
export type RefusalEntry = Pick<EvidenceEntry, 'at'> &
  Omit<RefusedQuestion, 'kind' | 'outcome' | 'source' | 'sent'> & { readonly id?: string }

/** The failure of a known member's question, once it is on record; without evidence, that is the failure. */
export async function keepRefusal(
  evidence: Evidence,
  failure: GatewayFailure,
  { id = randomUUIDv7(), at, ...asked }: RefusalEntry,
): Promise<GatewayFailure> {
  const { code, source, sent, facts } = failure
  if (code === 'STORE_UNAVAILABLE') return failure
  const { agreement, reason, upstreamCode } = facts
  const content: RefusedQuestion = {
    kind: 'refusal',
    ...asked,
    outcome: code,
    agreement,
    source,
    sent,
    reason,
    upstreamCode,
  }
  try {
    await evidence.record({ id, at, content })
    return failure.with({ auditId: id })
  } catch (error) {
    if (error instanceof GatewayFailure) return error.with({ sent })
    throw error
  }
}

/** Throws the store's trouble in the house's words; anything else is a fault of ours. */
export function storeUnavailable(error: unknown): never {
  if (!(error instanceof StoreUnavailable)) throw error
  throw new GatewayFailure('STORE_UNAVAILABLE', {
    retryAfter: null,
    detail: 'what must be kept cannot be kept now, so nothing is released',
  })
}
