/** An order as its member sees it: how far it is, who acts next, and, for those who say why they look, what came of it. */
import { randomUUIDv7 } from 'node:crypto'
import type { ContractPath } from '#contracts/elements.ts'
import { submissionStates } from '#contracts/submission.ts'
import type { Text } from '#contracts/text.ts'
import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import { askerOf, type Context, type Header, hasContext, readContext } from '#gateway/access/context.ts'
import type { Cases } from '#gateway/access/cases.ts'
import { decide, ended, notGranted } from '#gateway/access/decide.ts'
import type { Caller } from '#gateway/access/members.ts'
import { viewOf } from '#gateway/access/release.ts'
import { failureOf, GatewayFailure } from '#gateway/failure.ts'
import type { Language } from '#gateway/http/problem.ts'
import { type Evidence, keepRefusal, type RefusalEntry, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Sealer } from '#gateway/sealing.ts'
import type { ServiceView } from '#gateway/services/views.ts'
import type { Store } from '#gateway/store/store.ts'
import type { Awaited, SubmissionEvent, SubmissionFilter, SubmissionRow } from '#gateway/store/submissions.ts'
import type { Upstream } from '#gateway/upstream/upstream.ts'
import { type OrderContent, openIfReadable } from './content.ts'
import { agreementOf, checkPurpose } from './refusal.ts'

/** What needs no reason to be seen. */
export interface ShownSubmission {
  readonly id: string
  readonly capability: string
  readonly source: string
  readonly state: SubmissionRow['state']
  /** The state in words. */
  readonly stateText: string
  /** When it came into that state, and when it was accepted from the counter; ISO instants. */
  readonly since: string
  readonly acceptedAt: string
  readonly case: string
  readonly purpose: string
  /** Attempts begun. */
  readonly attempts: number
  readonly next: NextStep | null
}

/** What happens next, and by whom. */
export interface NextStep {
  readonly by: 'gateway' | 'agency' | 'officer' | 'operator'
  readonly text: string
  /** When a worker looks at it again at the latest; ISO instant. */
  readonly at: string | null
}

export interface Behind {
  /** Null: it is not the caller's to see. */
  readonly id: string | null
  readonly state: SubmissionRow['state']
}

type Ahead = Pick<SubmissionRow, 'id' | 'member' | 'state'>

/** The first order that this one waits behind. */
export async function findAhead(
  store: Pick<Store, 'findSubmissionAhead'>,
  { id, state, orderKey }: Pick<SubmissionRow, 'id' | 'state' | 'orderKey'>,
): Promise<Ahead | undefined> {
  if (state !== 'queued' || orderKey === null) return undefined
  return store.findSubmissionAhead(id).catch(storeUnavailable)
}

/** The same as it is shown to whom `maySee` is about. */
export async function behindOf(
  store: Pick<Store, 'findSubmissionAhead'>,
  row: SubmissionRow,
  maySee: (ahead: Ahead) => boolean,
): Promise<Behind | null> {
  const ahead = await findAhead(store, row)
  return ahead ? { id: maySee(ahead) ? ahead.id : null, state: ahead.state } : null
}

export interface SubmissionDetail extends ShownSubmission {
  /** What it waits behind, because agencies get orders about one thing one after the other; null: it waits for nothing. */
  readonly behind: Behind | null
  readonly history: readonly {
    readonly at: string
    readonly type: string
    readonly [said: string]: unknown
  }[]
  /** The service standard and its clock; null where the order's content has been destroyed. */
  readonly service: ServiceView | null
  /** The agency's number for it; null while there is none, and for those who do not say why they look. */
  readonly reference: string | null
  /** Why it was rejected, as an officer wrote it; null likewise. */
  readonly reason: string | null
  /** What came of it: the capability's output, as far as the agreement grants it. */
  readonly data: Readonly<Record<string, unknown>> | null
  readonly withheld: readonly ContractPath[]
  readonly auditId: string | null
}

export interface ShowHouse {
  readonly store: Store
  readonly upstreams: readonly Upstream[]
  readonly agreements: AgreementRegister
  readonly cases: Cases
  readonly sealer: Sealer
  readonly evidence: Evidence
  /** The service standard of an order, its requirements, fee and clock. */
  readonly serviceView: (
    content: OrderContent,
    events: readonly SubmissionEvent[],
    language: Language,
  ) => ServiceView
  readonly now: () => number
}

export type Show = ReturnType<typeof createShow>

export function createShow(house: ShowHouse) {
  const { store, sealer, agreements, evidence, cases, now } = house
  const upstreams = new Map(house.upstreams.map(upstream => [upstream.id, upstream]))

  /** The member's own order; anybody else's is as unknown as one that never was. */
  async function find(id: string, member: string): Promise<SubmissionRow> {
    const row = await store.findSubmission(id).catch(storeUnavailable)
    if (row?.member !== member) throw noSuchSubmission()
    return row
  }

  async function detailOf(
    row: SubmissionRow,
    caller: Caller,
    context: Context | undefined,
    language: Language,
  ): Promise<SubmissionDetail> {
    const events = await store.readSubmissionEvents(row.id).catch(storeUnavailable)
    const behind = await behindOf(store, row, ({ member }) => member === row.member)
    const content = openIfReadable(sealer, row)
    const released = content && context && (await release(row, content, caller, context))
    return {
      ...shown(row, language),
      behind,
      history: events.map(({ at, type, content }) => ({ ...content, at: iso(at), type })),
      service: content ? house.serviceView(content, events, language) : null,
      reference: (released && content.reference) ?? null,
      reason: (released && content.reason) ?? null,
      data: released?.data ?? null,
      withheld: released?.withheld ?? [],
      auditId: released?.auditId ?? null,
    }
  }

  return {
    find,

    detailOf,

    async detail(
      id: string,
      { caller, header, language }: { caller: Caller; header: Header; language: Language },
    ): Promise<SubmissionDetail> {
      const row = await find(id, caller.member.id)
      if (!hasContext(header)) return detailOf(row, caller, undefined, language)
      try {
        return await detailOf(row, caller, await readContext(header, caller, cases), language)
      } catch (error) {
        throw await keepLookRefused(evidence, error, row, { at: now(), ...askerOf(header, caller) })
      }
    },

    async list(
      filter: SubmissionFilter,
      before: number,
      limit: number,
      language: Language,
    ): Promise<{ readonly submissions: readonly ShownSubmission[]; readonly next: number | undefined }> {
      const rows = await store.listSubmissions(filter, before, limit).catch(storeUnavailable)
      return {
        submissions: rows.map(row => shown(row, language)),
        next: rows.length === limit ? rows.at(-1)!.sequence : undefined,
      }
    },
  }

  /** Under the agreement as it is now, for what it was ordered for; on record before it is shown. */
  async function release(row: SubmissionRow, content: OrderContent, caller: Caller, context: Context) {
    const { result = {}, reference, reason } = content
    if (reference === undefined && reason === undefined && content.result === undefined) return undefined
    const capability = upstreams.get(row.upstream)?.operations.get(row.capability)?.capability
    checkPurpose(row, context.purpose)
    const agreement = agreementOf(row, agreements)
    if (!capability || !agreement) throw notGranted([ended({ id: row.agreement })])
    const decision = decide(
      { capability: row.capability, purpose: context.purpose, asked: undefined },
      agreement,
      now(),
    )
    if (!decision.granted) throw notGranted([decision])
    const { data, shown, withheld } = viewOf(result, capability.elements.keys(), decision)
    const auditId = randomUUIDv7()
    await evidence.record({
      id: auditId,
      at: now(),
      content: {
        kind: 'submission',
        outcome: 'released',
        submission: row.id,
        capability: row.capability,
        upstream: row.upstream,
        agreement: agreement.id,
        agreementVersion: agreements.versionOf(agreement),
        exempt: agreement.exemptFromAccessLog || undefined,
        member: caller.member.id,
        key: caller.keyId,
        counter: context.counter,
        officer: context.officer,
        identity: context.identity,
        purpose: context.purpose,
        case: context.case,
        subjects: row.subjects,
        elements: shown,
        reference: reference === undefined ? undefined : true,
        reason: reason === undefined ? undefined : true,
      },
    })
    return { data, withheld, auditId }
  }
}

/** Who wanted to see or take an order is on record, as those are who ask about a person. */
export const keepLookRefused = (
  evidence: Evidence,
  error: unknown,
  { id, capability, agreement, subjects }: SubmissionRow,
  asker: Omit<RefusalEntry, 'id' | 'capability' | 'subjects' | 'submission'>,
): Promise<GatewayFailure> =>
  keepRefusal(evidence, failureOf(error), { ...asker, capability, agreement, subjects, submission: id })

export const shown = (row: SubmissionRow, language: Language): ShownSubmission => ({
  id: row.id,
  capability: row.capability,
  source: row.upstream,
  state: row.state,
  stateText: stateTextOf(row)[language],
  since: iso(row.since),
  acceptedAt: iso(row.acceptedAt),
  case: row.case,
  purpose: row.purpose,
  attempts: row.attempts,
  next: nextOf(row, language),
})

const inHand: Text = { id: 'Sedang dikerjakan petugas', en: "In an officer's hands" }

/** What an officer has in hand is not being sent by anybody. */
const stateTextOf = ({ state, takenBy }: SubmissionRow): Text =>
  state === 'sending' && takenBy !== null ? inHand : submissionStates[state]

const nextTexts = {
  gateway: { id: 'Gerbang mengirimnya sendiri', en: 'The gateway sends it by itself' },
  agency: { id: 'Instansi memprosesnya', en: 'The agency works on it' },
  officer: {
    id: 'Petugas menyelesaikannya di aplikasi instansi (daftar kerja)',
    en: "An officer completes it in the agency's own application (work list)",
  },
  operator: { id: 'Operator memutuskan kelanjutannya', en: 'An operator decides how it goes on' },
} as const satisfies Record<Awaited, Text>

/** Nobody does anew what may have happened already. */
const certaintyTexts: Partial<Record<Awaited, Text>> = {
  gateway: { id: 'Gerbang memastikannya pada instansi', en: 'The gateway makes certain at the agency' },
  officer: {
    id: 'Petugas memastikannya di aplikasi instansi (daftar kerja)',
    en: "An officer makes certain in the agency's own application (work list)",
  },
}

const nextOf = ({ state, awaits, dueAt }: SubmissionRow, language: Language): NextStep | null =>
  awaits && {
    by: awaits,
    text: ((state === 'uncertain' && certaintyTexts[awaits]) || nextTexts[awaits])[language],
    at: dueAt === null ? null : iso(dueAt),
  }

const iso = (at: number): string => new Date(at).toISOString()

export const noSuchSubmission = () =>
  new GatewayFailure('ROUTE_UNKNOWN', {
    reason: 'SUBMISSION_UNKNOWN',
    detail: 'your organisation has no such submission',
  })
