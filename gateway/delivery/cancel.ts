import { randomUUIDv7 } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Store } from '#gateway/store/store.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'
import { stateEvent } from './events.ts'

/** Withdraws an order while nothing of it was sent. @throws SUBMISSION_UNDER_WAY from then on. */
export async function cancelSubmission(
  {
    store,
    evidence,
    now,
  }: { readonly store: Store; readonly evidence: Evidence; readonly now: () => number },
  row: SubmissionRow,
  by: Actor,
  reason: string,
): Promise<SubmissionRow> {
  for (let current = row; ;) {
    if (current.state === 'cancelled') return current
    if (current.state !== 'queued')
      throw new GatewayFailure('SUBMISSION_UNDER_WAY', {
        reason: current.state.toUpperCase(),
        detail: `it is ${current.state}: only what is still queued can be cancelled`,
      })
    const at = now()
    const change = { state: 'cancelled', awaits: null, dueInMs: null, takenBy: null } as const
    const event = stateEvent(at, { state: 'cancelled', reason: 'BY_MEMBER' })
    await evidence.record({
      id: randomUUIDv7(),
      at,
      content: {
        kind: 'act',
        act: 'submission.cancel',
        ...by,
        submission: row.id,
        subjects: row.subjects,
        reason,
      },
    })
    const moved = await store
      .moveSubmission(row.id, current.revision, change, [event])
      .catch(storeUnavailable)
    if (moved) return moved
    const again = await store.findSubmission(row.id).catch(storeUnavailable)
    if (!again) return current
    current = again // a worker has leased it, or let go of it: look once more
  }
}
