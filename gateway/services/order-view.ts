import type { OrderContent } from '#gateway/delivery/content.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { SubmissionEvent } from '#gateway/store/submissions.ts'
import type { Calendar } from './calendar.ts'
import { clockSteps, readClock } from './clock.ts'
import type { Standard } from './service.ts'
import { type ServiceView, serviceView } from './views.ts'

/** How an order stands now by the standard that it was accepted under: its papers, its fee, its clock. */
export const createOrderView =
  (calendar: Calendar, now: () => number) =>
  (
    { standard: kept, documents, variant }: Pick<OrderContent, 'standard' | 'documents' | 'variant'>,
    events: readonly SubmissionEvent[],
    language: Language,
  ): ServiceView => {
    const standard = kept as Standard
    const met = new Set(documents.flatMap(({ requirement }) => requirement ?? []))
    const clock = readClock(clockSteps(events), standard, calendar, now())
    return serviceView(standard, { met, variant, clock }, language)
  }
