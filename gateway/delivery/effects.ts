import { randomUUIDv7 } from 'node:crypto'
import type { SubmissionState } from '#contracts/submission.ts'
import type { Evidence } from '#gateway/ledger/evidence.ts'
import type { OrderContent } from './content.ts'
import type { NewSubmissionEvent, SubmissionRow } from '#gateway/store/submissions.ts'

/** What stands in the ledger of a delivery: that something happened at an agency, or may have. */
const effects: ReadonlySet<SubmissionState> = new Set(['accepted', 'confirmed', 'rejected', 'uncertain'])

/** Puts on record what a step of an order, given under `ordered`, did; nothing of a step without effect. Told twice rather than not at all. */
export async function recordEffect(
  evidence: Evidence,
  row: SubmissionRow,
  ordered: OrderContent['ordered'] | undefined,
  state: SubmissionState,
  events: readonly NewSubmissionEvent[],
): Promise<void> {
  const event = events.find(({ type }) => type === `submission.${state}`)
  if (!event || !effects.has(state)) return
  const { code, upstreamCode, sent, agencyState } = event.content as Record<string, string | undefined>
  await evidence.record({
    id: randomUUIDv7(),
    at: event.at,
    content: {
      kind: 'effect',
      outcome: state as 'accepted',
      submission: row.id,
      attempt: row.attempts,
      capability: row.capability,
      upstream: row.upstream,
      member: row.member,
      purpose: row.purpose,
      case: row.case,
      agreement: row.agreement,
      agreementVersion: ordered?.agreementVersion,
      exempt: ordered?.exempt,
      subjects: row.subjects,
      ...(code !== undefined && { code, upstreamCode, sent }),
      agencyState,
    },
  })
}
