/** Orders past the time of their service standard. */
import { openIfReadable } from '#gateway/delivery/content.ts'
import { openStates } from '#gateway/delivery/operators.ts'
import type { Sealer } from '#gateway/sealing.ts'
import type { createOrderView } from '#gateway/services/order-view.ts'
import type { Store } from '#gateway/store/store.ts'
import type { Facts } from './conditions.ts'

export interface OverdueHouse {
  readonly store: Pick<Store, 'listSubmissions' | 'readSubmissionEvents'>
  readonly sealer: Sealer
  readonly serviceView: ReturnType<typeof createOrderView>
}

/** Those that have been open longest are late first: with a backlog, enough of them say that there are late ones. */
const mostLookedAt = 300

/** One order after the other: nobody waits for it, and counters do. */
export async function countOverdue({ store, sealer, serviceView }: OverdueHouse): Promise<Facts['overdue']> {
  const counts = new Map<string, number>()
  const oldest = await store.listSubmissions({ states: openStates, oldestFirst: true }, 0, mostLookedAt)
  for (const row of oldest) {
    const content = openIfReadable(sealer, row)
    if (!content) continue
    const events = await store.readSubmissionEvents(row.id)
    if (serviceView(content, events, 'en').clock?.isLate !== true) continue
    counts.set(row.upstream, (counts.get(row.upstream) ?? 0) + 1)
  }
  return [...counts].map(([upstream, count]) => ({ upstream, count }))
}
