import type { SubmissionEventType } from '#gateway/delivery/events.ts'
import { type SubmissionState, submissionStates } from '#contracts/submission.ts'
import type { LoggedEvent } from '#gateway/store/submissions.ts'

const stateTypes = Object.keys(submissionStates).map(
  state => `submission.${state as SubmissionState}` as const,
)

/** What may be told of orders. */
export const eventTypes: readonly SubmissionEventType[] = [
  ...stateTypes,
  'submission.attempt-failed',
  'submission.step',
  'submission.unlisted',
  'submission.taken',
  'submission.released',
]

/** An event as its member is told of it, in a stream and by a webhook. Ids, states and codes only: nothing personal. */
export interface ToldEvent {
  /** A UUID: whoever is told twice knows it by this. */
  readonly id: string
  readonly type: string
  /** ISO instant. */
  readonly at: string
  readonly submission: string
  readonly capability: string
  readonly case: string
  /** The state that the order was in afterwards. */
  readonly state?: SubmissionState
  /** `code`, `upstreamCode`, `sent`, `agencyState`, `clock`, `reason`, as far as there is any. */
  readonly [said: string]: unknown
}

export const toldOf = ({
  id,
  type,
  at,
  submission,
  capability,
  case: visit,
  content,
}: LoggedEvent): ToldEvent => ({
  id,
  type,
  at: new Date(at).toISOString(),
  submission,
  capability,
  case: visit,
  ...content,
})
