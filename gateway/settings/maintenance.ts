/** Maintenance windows as the configuration has them. Their days and times are the upstream's own. */
import { z } from 'zod'
import { type Weekday, weekdays } from '#gateway/services/calendar.ts'
import { type MaintenanceWindow, readMaintenanceHours } from '#gateway/upstream/maintenance.ts'
import { blockOf, fittingParts } from './check.ts'
import { pathOf, type Problem } from './read-yaml.ts'

const expectedInstant =
  "a day and time such as 2026-12-31T22:00, in the upstream's time zone, or with its offset 2026-12-31T22:00:00+07:00"

const instant = z.union([z.iso.datetime({ local: true }), z.iso.datetime({ offset: true })], {
  error: expectedInstant,
})

const localText = z.string().trim().min(1).max(300)

/** For the counter. */
export const maintenanceMessage = z.strictObject({
  id: localText.describe('In Indonesian.'),
  en: localText.describe('In English.'),
})

export const maintenanceBlock = z
  .strictObject({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .optional()
      .describe('With `hours`: the days on which it begins. Default: every day.'),
    hours: z
      .string()
      .refine(text => readMaintenanceHours(text) !== undefined, {
        error: 'hours such as 12:00-13:00, or 22:00-02:00 until the next day',
      })
      .optional()
      .describe('Again and again: `HH:MM-HH:MM`. What does not end later ends on the next day.'),
    from: instant.optional().describe('Once: its beginning, `2026-12-31T22:00`, or with an offset.'),
    until: instant.optional().describe('Once: its end.'),
    message: maintenanceMessage
      .optional()
      .describe('What counters are told. Default: that the agency is under maintenance.'),
  })
  .refine(
    ({ days, hours, from, until }) =>
      hours === undefined
        ? from !== undefined && until !== undefined && days === undefined
        : from === undefined && until === undefined,
    { error: '`hours`, of every day or of `days`; or `from` and `until`' },
  )

type Block = z.output<typeof maintenanceBlock>

export const windowsOf = (blocks: readonly Block[], timeZone: string): readonly MaintenanceWindow[] =>
  blocks.map(({ days = weekdays, hours, from, until, message }) =>
    hours === undefined
      ? { startsAt: instantOf(from!, timeZone), endsAt: instantOf(until!, timeZone), message }
      : { days: new Set<Weekday>(days), ...readMaintenanceHours(hours)!, message },
  )

/** Epoch milliseconds. */
export const instantOf = (text: string, timeZone: string): number =>
  /[Z+]|-\d\d:\d\d$/.test(text.slice(10))
    ? Date.parse(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds

/** What the schema of one window cannot see: that it ends after it begins. */
export function checkWindows(
  upstreams: Readonly<Record<string, unknown>>,
  timeZoneOf: (block: unknown) => string,
  file: string,
  problems: Problem[],
): void {
  for (const [id, block] of Object.entries(upstreams)) {
    const windows = blockOf(block)['maintenance']
    if (!Array.isArray(windows)) continue
    for (const [index, window] of windows.entries()) {
      const { from, until } = fittingParts(maintenanceBlock, window)
      if (from === undefined || until === undefined) continue
      const timeZone = timeZoneOf(block)
      if (instantOf(until, timeZone) > instantOf(from, timeZone)) continue
      const path = pathOf(['upstreams', id, 'maintenance', index, 'until'])
      problems.push({ file, path, expected: `an end after its beginning, ${from}` })
    }
  }
}
