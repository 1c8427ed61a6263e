/** Instants, ages and durations as people read them, in the mall's time zone. */
import type { Language } from '#gateway/http/problem.ts'

export interface Times {
  /** `14.32`, or with the day where that is not today: `30 Nov, 08.10`. */
  instant(iso: string): string
  /** `12 detik yang lalu`, `5 minutes ago`. */
  ago(ms: number): string
  /** `dalam 5 menit`, `in 5 minutes`. */
  ahead(ms: number): string
  /** `4 menit, 12 detik`; without seconds from an hour on. */
  duration(ms: number): string
}

const locales: Record<Language, string> = { id: 'id-ID', en: 'en-GB' }

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

export function createTimes(
  language: Language,
  { timeZone, now = Date.now }: { timeZone: string; now?: () => number },
): Times {
  const locale = locales[language]
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const clock = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'short' })
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' })
  const durations = new Intl.DurationFormat(locale, { style: 'long' })
  const toTheSecond = new Intl.DurationFormat(locale, { style: 'long', secondsDisplay: 'always' })

  /** In the largest unit that it fills. */
  function inUnit(ms: number, sign: 1 | -1): string {
    const [unit, size] = units.find(([, size]) => ms >= size) ?? units.at(-1)!
    return relative.format(sign * Math.max(sign === 1 ? 1 : 0, Math.floor(ms / size)), unit)
  }

  return {
    instant(iso) {
      const at = new Date(iso)
      const today = day.format(now())
      return day.format(at) === today ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`
    },
    ago: ms => inUnit(Math.max(0, ms), -1),
    ahead: ms => inUnit(Math.max(0, ms), 1),
    duration(ms) {
      const seconds = Math.max(0, Math.round(ms / 1_000))
      const hours = Math.floor(seconds / 3_600)
      const minutes = Math.floor((seconds % 3_600) / 60)
      const parts = { ...(hours > 0 && { hours }), ...(minutes > 0 && { minutes }) }
      if (hours > 0 || (minutes > 0 && seconds % 60 === 0)) return durations.format(parts)
      return toTheSecond.format({ ...parts, seconds: seconds % 60 })
    },
  }
}
