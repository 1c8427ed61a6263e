/** Orders that wait for an officer: who may see and take them, what was ordered, and how it ended, entered by hand. */
import { randomUUIDv7 } from 'node:crypto'
import { withTexts } from '#contracts/code-list.ts'
import type { ClockAct, OrderDocument, SubmissionState } from '#contracts/submission.ts'
import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import { askerOf, type Header, hasContext, readStanding, type Standing } from '#gateway/access/context.ts'
import type { Caller } from '#gateway/access/members.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Language } from '#gateway/http/problem.ts'
import { type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Sealer } from '#gateway/sealing.ts'
import type { ServiceView } from '#gateway/services/views.ts'
import type { Store } from '#gateway/store/store.ts'
import type { SubmissionEvent, SubmissionFilter, SubmissionRow } from '#gateway/store/submissions.ts'
import { inputInvalid } from '#gateway/validate.ts'
import {
  byHand,
  checkConfirmed,
  moveWhenFree,
  recordAct,
  underWay,
  type Upstreams,
  waitingIn,
} from './by-hand.ts'
import { openAttachment, openContent, openIfReadable, sealContent } from './content.ts'
import { recordEffect } from './effects.ts'
import { stateEvent, submissionEvent } from './events.ts'
import { recordOrdered } from './ordered.ts'
import { agreementOf, checkPurpose } from './refusal.ts'
import {
  type Behind,
  behindOf,
  findAhead,
  keepLookRefused,
  noSuchSubmission,
  type ShowHouse,
  type ShownSubmission,
  shown,
} from './show.ts'

/** An order on the list: nothing personal. */
export interface WorkItem extends ShownSubmission {
  /** Who ordered. */
  readonly member: string
  readonly takenBy: Taker | null
  /** What it waits behind: it cannot be taken before that has gone on; null: it waits for nothing. */
  readonly behind: Behind | null
  /** Of the service standard; null where the order's content has been destroyed. */
  readonly service: WorkService | null
}

/** What tells which order is pressing. */
export interface WorkService {
  readonly title: string
  /** ISO instant; null while the clock stands still, and where no time is promised. */
  readonly dueAt: string | null
  readonly isLate: boolean
}

export interface Taker {
  readonly member: string
  /** An opaque id. */
  readonly officer: string
}

export interface WorkItemDetail extends WorkItem {
  /** What was ordered; null for those who do not say why they look. */
  readonly order: OrderedContent | null
  readonly auditId: string | null
}

export interface OrderedContent {
  readonly input: Readonly<Record<string, unknown>>
  readonly documents: readonly OrderDocument[]
  /** The agency's number for it, once entered. */
  readonly reference: string | null
}

/** How an officer says that it ended, or where it is. */
export interface Outcome {
  readonly outcome: 'accepted' | 'confirmed' | 'rejected'
  /** The agency's number for it. */
  readonly reference?: string | undefined
  /** As the capability's output; what is not known is left out. */
  readonly result?: unknown
  /** Why it was rejected. */
  readonly reason?: string | undefined
  /** The agency's own word for the step. */
  readonly agencyState?: string | undefined
  /** What an accepted one's step does to the clock of the service standard. */
  readonly clock?: (typeof clockActsByHand)[number] | undefined
}

/** What an officer may do to the clock: an outcome ends it. */
export const clockActsByHand = ['pause', 'resume', 'reset', 'restart'] as const satisfies readonly ClockAct[]

/** An officer, or an operator, who acts on an item. */
export interface Hand {
  readonly caller: Caller
  readonly by: Actor & Taker
  /** Why, for the ledger; at the board everybody says so. */
  readonly why?: string | undefined
}

export interface WorkListHouse {
  readonly store: Store
  readonly upstreams: Upstreams
  readonly agreements: AgreementRegister
  readonly sealer: Sealer
  readonly evidence: Evidence
  readonly serviceView: ShowHouse['serviceView']
  /** The members whose officers bring orders to this upstream's agency, beside the one that ordered. */
  readonly assistedBy: ReadonlyMap<string, ReadonlySet<string>>
  /** Why an order may not be brought to the agency any more; undefined: it may. */
  readonly refusalOf: (row: SubmissionRow) => string | undefined
  /** Told of every change. */
  readonly onMove: (row: SubmissionRow) => void
  readonly now: () => number
}

type WorkFilter = Pick<SubmissionFilter, 'upstreams' | 'states' | 'case' | 'oldestFirst'>

export type WorkList = ReturnType<typeof createWorkList>

export function createWorkList(house: WorkListHouse) {
  const { store, upstreams, agreements, sealer, evidence, assistedBy, onMove, now } = house

  async function itemNow(row: SubmissionRow, caller: Caller, language: Language): Promise<WorkItem> {
    const events = await store.readSubmissionEvents(row.id).catch(storeUnavailable)
    const behind = await behindOf(store, row, ({ member }) =>
      mayAct({ member, upstream: row.upstream }, caller),
    )
    return itemOf(house, row, behind, events, language)
  }

  const mayAct = (row: Pick<SubmissionRow, 'member' | 'upstream'>, { member, roles }: Caller): boolean =>
    roles.includes('operator') ||
    row.member === member.id ||
    (assistedBy.get(row.upstream)?.has(member.id) ?? false)

  /** Whatever its state; what the caller may not act on is as unknown as what never was. */
  async function find(id: string, caller: Caller): Promise<SubmissionRow> {
    const row = await store.findSubmission(id).catch(storeUnavailable)
    if (!row || !mayAct(row, caller)) throw noSuchSubmission()
    return row
  }

  async function findWaiting(id: string, caller: Caller): Promise<SubmissionRow> {
    const row = await find(id, caller)
    if (row.awaits !== 'officer') throw notOnTheList(row)
    return row
  }

  /** What was ordered, for those who say why they look; on record, refused or not. */
  async function look(row: SubmissionRow, caller: Caller, header: Header) {
    try {
      return await release(row, caller, readStanding(header, caller))
    } catch (error) {
      throw await keepLookRefused(evidence, error, row, { at: now(), ...askerOf(header, caller) })
    }
  }

  /** What is on record before anything of an order is shown to whoever is to bring it to the agency. */
  async function release(row: SubmissionRow, caller: Caller, standing: Standing) {
    const { purpose, counter, officer, identity } = standing
    checkPurpose(row, purpose)
    const refusal = row.state === 'queued' ? house.refusalOf(row) : undefined
    if (refusal !== undefined)
      throw new GatewayFailure('NOT_GRANTED', {
        reason: refusal,
        detail: 'its agreement does not cover this order any more',
      })
    const agreement = agreementOf(row, agreements)
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
        agreement: row.agreement,
        agreementVersion: agreement && agreements.versionOf(agreement),
        exempt: agreement?.exemptFromAccessLog || undefined,
        member: caller.member.id,
        key: caller.keyId,
        counter,
        officer,
        identity,
        purpose,
        case: row.case,
        subjects: row.subjects,
        elements: [],
        shown: 'order',
      },
    })
    // What was destroyed while this was being recorded is not shown.
    const current = await findWaiting(row.id, caller)
    const content = openContent(sealer, current)
    if (!content) throw noSuchSubmission()
    return { auditId, row: current, content }
  }

  return {
    /** A page that follows `from`. Undefined `upstreams`: of all. */
    async list(
      caller: Caller,
      filter: WorkFilter,
      from: number,
      limit: number,
      language: Language,
    ): Promise<{ readonly items: readonly WorkItem[]; readonly next: number | undefined }> {
      const rows = await Promise.all(
        filtersFor(caller, filter, assistedBy).map(one =>
          store.listSubmissions({ ...one, awaits: 'officer' }, from, limit).catch(storeUnavailable),
        ),
      )
      const page = [...new Map(rows.flat().map(row => [row.id, row])).values()]
        .toSorted((one, other) => (one.sequence - other.sequence) * (filter.oldestFirst ? 1 : -1))
        .slice(0, limit)
      return {
        items: await Promise.all(page.map(row => itemNow(row, caller, language))),
        next: page.length === limit ? page.at(-1)!.sequence : undefined,
      }
    },

    /** With what was ordered for those who say why they look. */
    async detail(id: string, caller: Caller, header: Header, language: Language): Promise<WorkItemDetail> {
      const row = await findWaiting(id, caller)
      if (!hasContext(header))
        return { ...(await itemNow(row, caller, language)), order: null, auditId: null }
      const { auditId, row: current, content } = await look(row, caller, header)
      const { input, documents, reference = null } = content
      return {
        ...(await itemNow(current, caller, language)),
        order: { input, documents, reference },
        auditId,
      }
    },

    /** A paper of the order, for the officer who hands it to the agency. */
    async attachment(id: string, attachment: string, caller: Caller, header: Header) {
      const row = await findWaiting(id, caller)
      const { content } = await look(row, caller, header)
      const isNamed = content.documents.some(document => document.attachment === attachment)
      const [found] = isNamed
        ? await store.findAttachments(row.member, [attachment]).catch(storeUnavailable)
        : []
      if (!found) throw noSuchAttachment()
      return { contentType: found.contentType, bytes: openAttachment(sealer, found) }
    },

    /** The order is this officer's: nobody else takes it, and one that was queued can no longer be cancelled. */
    async take(id: string, { caller, by, why }: Hand): Promise<SubmissionRow> {
      const row = await findWaiting(id, caller)
      const taken = await moveWhenFree(store, row, async current => {
        if (current.awaits !== 'officer') throw notOnTheList(current)
        if (current.takenBy !== null) {
          if (current.takenBy === nameOf(by)) return current
          throw takenByAnother(current)
        }
        const ahead = await findAhead(store, current)
        if (ahead) throw waitsBehind(ahead, mayAct({ ...current, member: ahead.member }, caller))
        const at = now()
        const refusal = current.state === 'queued' ? house.refusalOf(current) : undefined
        if (refusal !== undefined) {
          await bury(current, refusal)
          const detail = 'its agreement does not cover this order any more: it now waits for an operator'
          const failure = new GatewayFailure('NOT_GRANTED', { reason: refusal, detail })
          throw await keepLookRefused(evidence, failure, current, { at, ...by })
        }
        const content = current.state === 'queued' ? openContent(sealer, current) : undefined
        if (content) await recordOrdered(evidence, current, content)
        const change =
          current.state === 'queued' ? ({ state: 'sending', attempts: current.attempts + 1 } as const) : {}
        const state = change.state ?? current.state
        return store.moveSubmission(id, current.revision, { ...change, takenBy: nameOf(by), dueInMs: null }, [
          submissionEvent('submission.taken', at, { state, reason: byHand }),
        ])
      })
      // After it: of two who take it at once, only one has it on record. Told again where that failed the first time.
      await recordAct(evidence, now(), by, taken, { act: 'submission.take', reason: why })
      onMove(taken)
      return taken
    },

    /** Back on the list, by its taker or an operator, who says that nothing was done at the agency. */
    async release(id: string, { caller, by }: Hand, reason: string): Promise<SubmissionRow> {
      const row = await findWaiting(id, caller)
      const released = await moveWhenFree(store, row, async current => {
        if (current.awaits !== 'officer') throw notOnTheList(current)
        if (current.takenBy === null) throw notTaken()
        if (current.takenBy !== nameOf(by) && !caller.roles.includes('operator'))
          throw takenByAnother(current)
        const at = now()
        const state = current.state === 'sending' ? 'queued' : current.state
        const waiting = state === 'queued' ? waitingIn(state, current, upstreams) : {}
        await recordAct(evidence, at, by, current, { act: 'submission.release', reason, acted: false })
        return store.moveSubmission(id, current.revision, { state, ...waiting, takenBy: null }, [
          submissionEvent('submission.released', at, { state, reason: byHand }),
        ])
      })
      onMove(released)
      return released
    },

    /** What came of it, by its taker. An accepted one stays on the list, for whoever takes it next. */
    async finish(id: string, { caller, by, why }: Hand, said: Outcome): Promise<SubmissionRow> {
      const row = await findWaiting(id, caller)
      const content = openContent(sealer, row)
      if (!content) throw noSuchSubmission()
      const { outcome, agencyState, clock, reason } = said
      const result = said.result === undefined ? content.result : readResult(row, said.result)
      const { reference = content.reference } = said
      const sealed = sealContent(sealer, id, {
        ...content,
        reference,
        result,
        reason: reason ?? content.reason,
        agencyState: agencyState ?? content.agencyState,
      })

      const finished = await moveWhenFree(store, row, async current => {
        if (current.awaits !== 'officer') throw notOnTheList(current)
        if (current.takenBy === null) throw notTaken()
        if (current.takenBy !== nameOf(by)) throw takenByAnother(current)
        checkConfirmed(outcome, { reference, result })
        const at = now()
        const isStep = current.state === 'accepted' && outcome === 'accepted'
        const event = isStep
          ? submissionEvent('submission.step', at, { state: outcome, agencyState, clock, reason: byHand })
          : stateEvent(at, { state: outcome, agencyState, clock, reason: byHand })
        await recordAct(evidence, at, by, current, { act: 'submission.finish', reason: why, outcome })
        await recordEffect(evidence, current, content.ordered, outcome, [event])
        const awaits = outcome === 'accepted' ? 'officer' : null
        const change = { state: outcome, awaits, dueInMs: null, takenBy: null, sealed } as const
        return store.moveSubmission(id, current.revision, change, [event])
      })
      onMove(finished)
      return finished
    },

    itemOf: itemNow,
  }

  async function bury(row: SubmissionRow, reason: string): Promise<void> {
    const change = { state: 'dead', awaits: 'operator', dueInMs: null } as const
    const event = stateEvent(now(), { state: 'dead', reason })
    const buried = await store.moveSubmission(row.id, row.revision, change, [event])
    if (buried) onMove(buried)
  }

  function readResult({ upstream, capability: id }: SubmissionRow, result: unknown) {
    const capability = upstreams.get(upstream)?.operations.get(id)?.capability
    if (!capability)
      throw underWay(
        'CAPABILITY_NOT_SERVED',
        `${upstream} does not serve ${id} here any more: leave the result out`,
      )
    const parsed = capability.output.strict().safeParse(withTexts(capability.output, result))
    if (parsed.success) return parsed.data
    throw inputInvalid({
      issues: parsed.error.issues.map(issue => ({ ...issue, path: ['result', ...issue.path] })),
    })
  }
}

/** Operators see all of it; a member what it ordered, and what it brings to agencies. */
function filtersFor(
  { member, roles }: Caller,
  filter: WorkFilter,
  assistedBy: WorkListHouse['assistedBy'],
): readonly SubmissionFilter[] {
  if (roles.includes('operator')) return [filter]
  const assisted = [...assistedBy].filter(([, members]) => members.has(member.id)).map(([id]) => id)
  const those = filter.upstreams?.filter(id => assisted.includes(id)) ?? assisted
  return [{ ...filter, member: member.id }, ...(those.length > 0 ? [{ ...filter, upstreams: those }] : [])]
}

/** Officers' ids are their members' own: two members may have the same. */
const nameOf = ({ member, officer }: Taker): string => `${member}/${officer}`

/** Neither id holds a slash. */
export function takerOf({ takenBy }: Pick<SubmissionRow, 'takenBy'>): Taker | null {
  if (takenBy === null) return null
  const [member = '', officer = ''] = takenBy.split('/')
  return { member, officer }
}

export const itemOf = (
  { sealer, serviceView }: Pick<WorkListHouse, 'sealer' | 'serviceView'>,
  row: SubmissionRow,
  behind: Behind | null,
  events: readonly SubmissionEvent[],
  language: Language,
): WorkItem => {
  const content = openIfReadable(sealer, row)
  return {
    ...shown(row, language),
    member: row.member,
    takenBy: takerOf(row),
    behind,
    service: content ? pressing(serviceView(content, events, language)) : null,
  }
}

const pressing = ({ title, clock }: ServiceView): WorkService => ({
  title,
  dueAt: clock?.dueAt ?? null,
  isLate: clock?.isLate ?? false,
})

const stateWord = (state: SubmissionState): string => state.toUpperCase()

const notOnTheList = ({ state }: SubmissionRow): GatewayFailure =>
  underWay(
    stateWord(state),
    `it is ${state}, and does not wait for an officer: GET /v1/submissions/{id} tells more`,
  )

const notTaken = (): GatewayFailure =>
  underWay(
    'NOT_TAKEN',
    'nobody has taken it: take it first, so that no other officer brings it to the agency too',
  )

function takenByAnother(row: SubmissionRow): GatewayFailure {
  const { member, officer } = takerOf(row)!
  return underWay('TAKEN', `${officer} of ${member} has taken it: only they, or an operator, can release it`)
}

function waitsBehind({ id, state }: Pick<SubmissionRow, 'id' | 'state'>, maySee: boolean): GatewayFailure {
  const which = maySee ? id : 'of another organisation'
  return underWay(
    'BEHIND',
    `it waits behind an earlier order about the same thing, ${which}, which is ${state}: agencies get them one after the other`,
  )
}

const noSuchAttachment = () =>
  new GatewayFailure('ROUTE_UNKNOWN', {
    reason: 'ATTACHMENT_UNKNOWN',
    detail: 'the order names no such attachment, or it is gone',
  })
