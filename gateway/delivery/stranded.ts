/** Orders of agencies that the configuration does not know any more: no worker takes them, and nobody is told by their state. */
import { faultOf, type Log } from '#gateway/log.ts'
import type { SubmissionStore } from '#gateway/store/submissions.ts'

export interface StrandedHouse {
  readonly store: Pick<SubmissionStore, 'countSubmissions'>
  /** Those that orders are brought to. */
  readonly upstreams: ReadonlySet<string>
  readonly log: Log
}

/** `look` never rejects; `warnings` are of the last look. */
export function createStranded({ store, upstreams, log }: StrandedHouse) {
  let stranded: ReadonlyMap<string, number> = new Map()

  return {
    async look(): Promise<void> {
      try {
        const counts = await store.countSubmissions()
        const found = new Map<string, number>()
        for (const { upstream, state, count } of counts)
          if (!upstreams.has(upstream) && state !== 'dead')
            found.set(upstream, (found.get(upstream) ?? 0) + count)
        stranded = found
        for (const [upstream, count] of found)
          log.warn(
            { upstream, count },
            'orders of an agency that is not configured: nobody brings them there',
          )
      } catch (error) {
        log.warn({ fault: faultOf(error) }, 'orders of agencies that are not configured could not be counted')
      }
    },
    warnings: (): readonly string[] =>
      [...stranded].map(
        ([upstream, count]) =>
          `${count} orders of ${upstream} go on by themselves no more: it is not configured for orders`,
      ),
  }
}
