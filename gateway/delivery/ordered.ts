import { type Evidence, type Ordered } from '#gateway/ledger/evidence.ts'
import type { NewSubmission } from '#gateway/store/submissions.ts'
import type { OrderContent } from './content.ts'

type AcceptedOrder = Pick<
  NewSubmission,
  'id' | 'acceptedAt' | 'capability' | 'upstream' | 'agreement' | 'member' | 'purpose' | 'case' | 'subjects'
>

/**
 * Puts on record who ordered what, where, why and about whom. It stands in the ledger under the order's own id, so once: whoever
 * goes on with an order makes sure of it, because whoever accepted it may have come to a sudden end.
 */
export function recordOrdered(
  evidence: Evidence,
  { id, acceptedAt, capability, upstream, agreement, member, purpose, case: visit, subjects }: AcceptedOrder,
  { counter, officer, ordered }: Pick<OrderContent, 'counter' | 'officer' | 'ordered'>,
): Promise<void> {
  const content: Ordered = {
    kind: 'submission',
    outcome: 'ordered',
    submission: id,
    capability,
    upstream,
    agreement,
    member,
    counter,
    officer,
    purpose,
    case: visit,
    ...ordered,
    subjects,
    elements: [],
  }
  return evidence.recordOnce({ id, at: acceptedAt, content })
}
