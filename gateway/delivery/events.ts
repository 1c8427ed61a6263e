/** What is told of an order: ids, states and codes, never anything personal. One log: history, clock, streams and webhooks read it. */
import { randomUUIDv7 } from 'node:crypto'
import type { FailureCode, Sent } from '#contracts/failures.ts'
import type { ClockAct, SubmissionState } from '#contracts/submission.ts'
import type { NewSubmissionEvent } from '#gateway/store/submissions.ts'

/**
 * `submission.<state>`: it came into that state. `attempt-failed`: nothing happened at the agency, and it is tried again.
 * `step`: the agency reports a step of its own. `unlisted`: one that no table knows. `taken`, `released`: at the work list.
 */
export type SubmissionEventType =
  | `submission.${SubmissionState}`
  | 'submission.attempt-failed'
  | 'submission.step'
  | 'submission.unlisted'
  | 'submission.taken'
  | 'submission.released'

export interface EventContent {
  readonly state: SubmissionState
  /** Why it failed, or why it is where it is. */
  readonly code?: FailureCode | undefined
  /** The agency's own code for that. */
  readonly upstreamCode?: string | undefined
  readonly sent?: Sent | undefined
  /** The agency's own word for the step. */
  readonly agencyState?: string | undefined
  readonly clock?: ClockAct | undefined
  /** A stable code: `ABSENT`, `GIVEN_UP`, `BY_HAND`. */
  readonly reason?: string | undefined
}

export const submissionEvent = (
  type: SubmissionEventType,
  at: number,
  { state, ...said }: EventContent,
): NewSubmissionEvent => ({
  id: randomUUIDv7(),
  at,
  type,
  content: { state, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) },
})

/** The agency's last word for the order's state, where one of these events has any. */
export const lastWordIn = (events: readonly Pick<NewSubmissionEvent, 'content'>[]): string | undefined =>
  (
    events.findLast(({ content }) => content['agencyState'] !== undefined)?.content as
      | EventContent
      | undefined
  )?.agencyState

/** The event of a state that it came into. */
export const stateEvent = (at: number, content: EventContent): NewSubmissionEvent =>
  submissionEvent(`submission.${content.state}`, at, content)
