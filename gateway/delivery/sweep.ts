/** Removes what orders leave behind: attachments that none has named, idempotency keys that ended, the oldest events. */
import { faultOf, type Log } from '#gateway/log.ts'
import type { SubmissionStore } from '#gateway/store/submissions.ts'
import { unusedAttachmentMs } from './attachments.ts'

export interface SweepHouse {
  readonly store: Pick<SubmissionStore, 'destroyUnusedAttachments' | 'forgetSubmissionTraces'>
  readonly log: Log
  /** Days after which the content of final orders is destroyed; undefined: it is kept, and so are their events. */
  readonly retentionDays: number | undefined
  readonly now: () => number
}

const dayMs = 24 * 60 * 60_000
/** An order's events outlast its content, for orders that are open up to a year: history and clock are read from them. */
const longestOrderDays = 366
/** Small enough that nobody waits for it. */
const batchRecords = 500

/** Never rejects: what does not succeed is tried again the next time. */
export async function sweep({ store, log, retentionDays, now }: SweepHouse): Promise<void> {
  const eventsBefore = retentionDays === undefined ? 0 : now() - (retentionDays + longestOrderDays) * dayMs
  try {
    await untilDone(limit => store.destroyUnusedAttachments(unusedAttachmentMs, limit))
    await untilDone(limit => store.forgetSubmissionTraces(eventsBefore, limit))
  } catch (error) {
    log.warn(
      { fault: faultOf(error) },
      'what orders left behind could not be removed: tried again in an hour',
    )
  }
}

async function untilDone(remove: (limit: number) => Promise<number>): Promise<void> {
  while ((await remove(batchRecords)) >= batchRecords);
}
