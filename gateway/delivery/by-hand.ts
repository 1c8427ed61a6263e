/** What orders that a person moves have in common. */
import { randomUUIDv7 } from 'node:crypto'
import type { Follow } from '#contracts/adapter.ts'
import { isFinal, type SubmissionState } from '#contracts/submission.ts'
import type { FieldError } from '#gateway/failure.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Act, type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Store } from '#gateway/store/store.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'
import type { Upstream } from '#gateway/upstream/upstream.ts'
import type { OrderContent } from './content.ts'
import { asked, followed, type Step } from './outcome.ts'

/** A reason by hand stands in an event under this; by an operator, under the other. */
export const byHand = 'BY_HAND'
export const byOperator = 'BY_OPERATOR'

export type Upstreams = ReadonlyMap<string, Pick<Upstream, 'operations' | 'assisted'>>

/** Who acts next on an order that a person puts into a state: as any other order in that state. */
export function waitingIn(
  state: SubmissionState,
  { upstream: id, capability }: Pick<SubmissionRow, 'upstream' | 'capability'>,
  upstreams: Upstreams,
): Pick<Step, 'awaits' | 'dueInMs'> {
  const upstream = upstreams.get(id)
  const isAssisted = upstream?.assisted.has(capability) ?? false
  const follow: Follow | undefined = isAssisted ? undefined : upstream?.operations.get(capability)?.follow
  if (state === 'uncertain') return asked(follow)
  if (state === 'accepted') return followed(follow)
  if (isFinal(state)) return { awaits: null, dueInMs: null }
  return isAssisted ? { awaits: 'officer', dueInMs: null } : { awaits: 'gateway', dueInMs: 0 }
}

/** Puts on record that somebody did something to an order. */
export const recordAct = (
  evidence: Evidence,
  at: number,
  by: Actor,
  { id: submission, subjects }: Pick<SubmissionRow, 'id' | 'subjects'>,
  { act, ...facts }: Pick<Act, 'act'> & Readonly<Record<string, unknown>>,
): Promise<void> =>
  evidence.record({
    id: randomUUIDv7(),
    at,
    content: { kind: 'act', act, ...by, submission, subjects, ...facts },
  })

/** Its state, or whoever has it, does not allow this. */
export const underWay = (reason: string, detail: string, errors?: readonly FieldError[]): GatewayFailure =>
  new GatewayFailure('SUBMISSION_UNDER_WAY', { reason, detail, ...(errors && { errors }) })

/** Nothing is confirmed that leaves the citizen with nothing in hand. @throws INPUT_INVALID */
export function checkConfirmed(
  outcome: string,
  { reference, result = {} }: Pick<OrderContent, 'reference' | 'result'>,
): void {
  if (outcome !== 'confirmed' || reference !== undefined || Object.keys(result).length > 0) return
  const detail = "expected: the agency's number, or what came of it: without either the citizen has nothing"
  throw new GatewayFailure('INPUT_INVALID', { detail, errors: [{ pointer: '/reference', detail }] })
}

/**
 * Moves an order that others may be moving too: `attempt` sees it as it is, and is asked again when it was changed meanwhile.
 * It returns undefined for "changed meanwhile", and throws when the order is not in a state for it any more.
 */
export async function moveWhenFree(
  store: Pick<Store, 'findSubmission'>,
  row: SubmissionRow,
  attempt: (row: SubmissionRow) => Promise<SubmissionRow | undefined>,
): Promise<SubmissionRow> {
  for (let current = row; ;) {
    const moved = await attempt(current).catch(storeUnavailable)
    if (moved) return moved
    current = (await store.findSubmission(row.id).catch(storeUnavailable)) ?? current
  }
}
