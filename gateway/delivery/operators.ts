/** What operators do to orders that cannot go on by themselves: see them, run them again, say by hand how they ended. */
import { isFinal, type SubmissionState } from '#contracts/submission.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Language } from '#gateway/http/problem.ts'
import { type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Sealer } from '#gateway/sealing.ts'
import type { Store } from '#gateway/store/store.ts'
import type {
  NewSubmissionEvent,
  SubmissionChange,
  SubmissionEvent,
  SubmissionFilter,
  SubmissionRow,
} from '#gateway/store/submissions.ts'
import {
  byOperator,
  checkConfirmed,
  moveWhenFree,
  recordAct,
  underWay,
  type Upstreams,
  waitingIn,
} from './by-hand.ts'
import { openIfReadable, sealContent } from './content.ts'
import { recordEffect } from './effects.ts'
import { stateEvent } from './events.ts'
import { behindOf } from './show.ts'
import { itemOf, type WorkItem, type WorkListHouse } from './work-list.ts'

/** An order as operators see it: nothing personal. */
export interface OperatedSubmission extends WorkItem {
  /** Who looks after this agency's orders; null while an order goes its way. */
  readonly owner: string | null
  /** Why it is where it is: `GIVEN_UP`, or the code of a failure. */
  readonly reason: string | null
  readonly lastFailure: LastFailure | null
}

export interface LastFailure {
  /** ISO instant. */
  readonly at: string
  readonly code: string
  readonly upstreamCode: string | null
  readonly sent: string | null
}

export const openStates = [
  'queued',
  'sending',
  'accepted',
  'uncertain',
  'dead',
] as const satisfies readonly SubmissionState[]

/** What a rerun, or a dry one, does to an order. */
export interface Rerun {
  readonly id: string
  /** Where it goes. */
  readonly state: SubmissionState
}

export interface OperatorsHouse {
  readonly store: Store
  readonly upstreams: Upstreams
  readonly sealer: Sealer
  readonly evidence: Evidence
  readonly serviceView: WorkListHouse['serviceView']
  /** By upstream, as configured. */
  readonly owners: ReadonlyMap<string, string>
  /** Told of every change. */
  readonly onMove: (row: SubmissionRow) => void
  readonly now: () => number
}

export type Operators = ReturnType<typeof createOperators>

/** How an order ended, as an operator has found out. */
export const resolutions = ['confirmed', 'rejected', 'accepted', 'not-happened'] as const

export interface Resolution {
  readonly outcome: (typeof resolutions)[number]
  /** The agency's number for it. */
  readonly reference?: string | undefined
  readonly reason: string
}

export function createOperators(house: OperatorsHouse) {
  const { store, upstreams, sealer, evidence, owners, onMove, now } = house

  const eventsOf = (id: string) => store.readSubmissionEvents(id).catch(storeUnavailable)

  async function find(id: string): Promise<SubmissionRow> {
    const row = await store.findSubmission(id).catch(storeUnavailable)
    if (row) return row
    throw new GatewayFailure('ROUTE_UNKNOWN', {
      reason: 'SUBMISSION_UNKNOWN',
      detail: 'there is no such submission',
    })
  }

  async function operated(row: SubmissionRow, language: Language): Promise<OperatedSubmission> {
    const [events, behind] = await Promise.all([eventsOf(row.id), behindOf(store, row, () => true)])
    const failure = events.findLast(({ content }) => content['code'] !== undefined)
    const last = events.findLast(({ content }) => content['state'] === row.state)?.content
    return {
      ...itemOf(house, row, behind, events, language),
      owner: isLookedAfter(row) ? (owners.get(row.upstream) ?? theOperators[language]) : null,
      reason: (last?.['reason'] ?? last?.['code'] ?? null) as string | null,
      lastFailure: failure ? lastFailureIn(failure) : null,
    }
  }

  /** Where it goes is decided by what is known of its last attempt: what may have arrived is never sent again blindly. */
  async function rerunOne(
    row: SubmissionRow,
    by: Actor,
    { reason, nothingHappened }: { readonly reason: string; readonly nothingHappened: boolean },
  ): Promise<SubmissionRow> {
    const moved = await moveWhenFree(store, row, async current => {
      if (current.state !== 'dead') throw notDead(current)
      const before = stateBeforeDeath(current, await eventsOf(row.id))
      if (nothingHappened && before === 'accepted') throw agencyHasIt()
      const state = nothingHappened ? 'queued' : before
      const at = now()
      await recordAct(evidence, at, by, current, { act: 'submission.rerun', reason, state, nothingHappened })
      return move(current, { state, takenBy: null }, [stateEvent(at, { state, reason: byOperator })])
    })
    onMove(moved)
    return moved
  }

  async function wasAccepted(row: SubmissionRow): Promise<boolean> {
    const state = row.state === 'dead' ? stateBeforeDeath(row, await eventsOf(row.id)) : row.state
    return state === 'accepted'
  }

  const move = (
    row: SubmissionRow,
    change: SubmissionChange & { readonly state: SubmissionState },
    events: readonly NewSubmissionEvent[],
  ) =>
    store.moveSubmission(
      row.id,
      row.revision,
      { ...change, ...waitingIn(change.state, row, upstreams) },
      events,
    )

  return {
    operated,

    /** Newest first, below `from`; oldest first, above it, where the filter says so. */
    async list(
      filter: Omit<SubmissionFilter, 'sinceBefore'>,
      olderThanMinutes: number | undefined,
      from: number,
      limit: number,
      language: Language,
    ): Promise<{ readonly submissions: readonly OperatedSubmission[]; readonly next: number | undefined }> {
      const sinceBefore = sinceOf(olderThanMinutes)
      const rows = await store
        .listSubmissions({ ...filter, sinceBefore }, from, limit)
        .catch(storeUnavailable)
      return {
        submissions: await Promise.all(rows.map(row => operated(row, language))),
        next: rows.length === limit ? rows.at(-1)!.sequence : undefined,
      }
    },

    async rerun(
      id: string,
      by: Actor,
      how: { readonly reason: string; readonly nothingHappened: boolean },
    ): Promise<SubmissionRow> {
      return rerunOne(await find(id), by, how)
    },

    /** Dead ones that fit, newest first, at most `limit`; whoever gets ahead of it keeps what they have. */
    async rerunAll(
      filter: Pick<SubmissionFilter, 'upstreams' | 'capability' | 'member'>,
      olderThanMinutes: number | undefined,
      by: Actor,
      {
        reason,
        limit,
        dryRun,
      }: { readonly reason: string; readonly limit: number; readonly dryRun: boolean },
    ): Promise<{ readonly submissions: readonly Rerun[]; readonly more: boolean }> {
      const dead = { ...filter, states: ['dead'], sinceBefore: sinceOf(olderThanMinutes) } as const
      const found = await store
        .listSubmissions(dead, Number.MAX_SAFE_INTEGER, limit + 1)
        .catch(storeUnavailable)
      const submissions: Rerun[] = []
      for (const row of found.slice(0, limit)) {
        const state = dryRun
          ? stateBeforeDeath(row, await eventsOf(row.id))
          : await rerunOne(row, by, { reason, nothingHappened: false }).then(moved => moved.state, overtaken)
        if (state) submissions.push({ id: row.id, state })
      }
      return { submissions, more: found.length > limit }
    },

    /** How it ended, as an operator has found out at the agency: of what is uncertain, dead, or in an officer's hands. */
    async resolve(id: string, by: Actor, { outcome, reference, reason }: Resolution): Promise<SubmissionRow> {
      const row = await find(id)
      const resolved = await moveWhenFree(store, row, async current => {
        if (!isResolvable(current)) throw notResolvable(current)
        if (outcome === 'not-happened' && (await wasAccepted(current))) throw agencyHasIt()
        const content = openIfReadable(sealer, current)
        checkConfirmed(outcome, { ...content, ...(reference !== undefined && { reference }) })
        const at = now()
        const state = outcome === 'not-happened' ? 'queued' : outcome
        const event = stateEvent(at, { state, reason: byOperator })
        await recordAct(evidence, at, by, current, { act: 'submission.resolve', outcome, reason })
        await recordEffect(evidence, current, content?.ordered, state, [event])
        const sealed =
          content && reference !== undefined ? sealContent(sealer, id, { ...content, reference }) : undefined
        return move(current, { state, takenBy: null, ...(sealed && { sealed }) }, [event])
      })
      onMove(resolved)
      return resolved
    },
  }

  /** By this gateway's clock, which agrees with the store's to within far less than a minute. */
  function sinceOf(olderThanMinutes: number | undefined): number | undefined {
    return olderThanMinutes === undefined ? undefined : now() - olderThanMinutes * 60_000
  }
}

/** Where a dead order was when it died. One whose events are forgotten may have arrived if anything was ever sent of it. */
export function stateBeforeDeath(
  { attempts }: Pick<SubmissionRow, 'attempts'>,
  events: readonly Pick<SubmissionEvent, 'content'>[],
): 'queued' | 'uncertain' | 'accepted' {
  const before = events.findLast(({ content }) => content['state'] !== 'dead')?.content['state']
  if (before === 'queued' || before === 'accepted') return before
  return before === undefined && attempts === 0 ? 'queued' : 'uncertain'
}

const lastFailureIn = ({ at, content }: SubmissionEvent): LastFailure => {
  const { code, upstreamCode = null, sent = null } = content as Partial<Record<string, string>>
  return { at: new Date(at).toISOString(), code: code!, upstreamCode, sent }
}

const isLookedAfter = ({ state, awaits }: SubmissionRow): boolean =>
  awaits === 'operator' || state === 'uncertain' || state === 'dead'

const theOperators = { id: 'Operator mal ini', en: "The mall's operators" } as const

/** A worker or another operator got ahead: it is theirs. */
function overtaken(error: unknown): undefined {
  if (!(error instanceof GatewayFailure && error.code === 'SUBMISSION_UNDER_WAY')) throw error
}

/** In an officer's hands it is `sending` without anything being sent by the gateway. */
const isResolvable = ({ state, awaits }: SubmissionRow): boolean =>
  state === 'uncertain' || state === 'dead' || (awaits === 'officer' && state !== 'queued')

const notDead = ({ state }: SubmissionRow): GatewayFailure =>
  underWay(
    state.toUpperCase(),
    isFinal(state)
      ? `it is ${state}: nothing more happens to it`
      : `it is ${state}, and goes on by itself or by hand: only what is dead is run again${state === 'uncertain' ? ', resolve what is uncertain' : ''}`,
  )

/** What the agency has is never sent again, whoever says so. */
const agencyHasIt = (): GatewayFailure =>
  underWay(
    'ACCEPTED',
    'the agency has said that it has this order: say how it ends there, or order anew with a key of its own',
  )

const notResolvable = ({ state }: SubmissionRow): GatewayFailure =>
  underWay(
    state.toUpperCase(),
    `it is ${state}: only what is uncertain, dead, or in an officer's hands is resolved by hand`,
  )
