/** Services and opening hours for tests that are about neither, or about little of them. */
import { type CalendarSettings, type Weekday, weekdays } from '#gateway/services/calendar.ts'
import { allComponents, type Service } from '#gateway/services/service.ts'

/** A service of which nothing is known but what is said. */
export const service = (code: string, said: Partial<Service> = {}): Service => ({
  ...(Object.fromEntries(allComponents.map(component => [component, null])) as Pick<
    Service,
    (typeof allComponents)[number]
  >),
  code,
  version: '1',
  agency: { code: 'contoh', id: 'Instansi Contoh', en: 'Example Agency' },
  title: { id: `Layanan ${code}`, en: `Service ${code}` },
  ...said,
})

/** The same hours on each of these days, in whole hours. */
export const openFrom = (
  from: number,
  until: number,
  days: readonly Weekday[] = weekdays,
): CalendarSettings['hours'] =>
  Object.fromEntries(
    weekdays.map(day => [day, days.includes(day) ? [{ from: from * 60, until: until * 60 }] : []]),
  ) as unknown as CalendarSettings['hours']
