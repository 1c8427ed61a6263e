/** What every view that speaks of alarms says in the same way. */
import type { Language } from '#gateway/http/problem.ts'
import type { Alarm } from '#gateway/ops/alarms/alarm.ts'
import type { SeenUpstream } from '../snapshot.ts'

/** How urgent they are, in the colours of states. */
export const severityState = { critical: 'down', warning: 'degraded', notice: 'maintenance' } as const

/** An upstream by its agency's name; anything else as it is called. */
export const titleOfSource = (
  { source }: Pick<Alarm, 'source'>,
  upstreams: readonly Pick<SeenUpstream, 'id' | 'health'>[],
  language: Language,
): string => upstreams.find(({ id }) => id === source)?.health.title[language] ?? source
