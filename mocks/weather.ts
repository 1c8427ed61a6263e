/**
 * Bad weather that every stand-in agency can make: for one call by the header `x-mock`, or for a while by
 * `POST /mock/weather`.
 *
 * The words: `slow=<ms>`, `hang`, `reset`, `truncated` and `lost=<400 to 599>` (the agency did its work, the answer is late
 * or lost); `html`, `empty` and any status from 400 to 599 (something before the agency answered). An agency adds words of
 * its own, which it answers itself.
 */
export type Weather =
  | { kind: 'slow'; ms: number }
  | { kind: 'hang' | 'reset' | 'truncated' | 'html' | 'empty' }
  | { kind: 'status' | 'lost'; status: number }
  | { kind: 'trouble'; word: string }

export interface WeatherLimits {
  /** How long it lasts, in milliseconds; until cleared when absent. */
  forMs?: number | undefined
  /** For how many calls it lasts; until cleared when absent. */
  calls?: number | undefined
}

export class UnknownWeather extends Error {}

/** The weather over one agency: `next` is asked once per call. */
export function createSky(troubles: readonly string[]) {
  let current: { text: string; weather: Weather; until: number; callsLeft: number } | null = null

  function clear(): void {
    current = null
  }

  return {
    clear,

    set(text: string, { forMs = Infinity, calls = Infinity }: WeatherLimits = {}): void {
      current = { text, weather: parseWeather(text, troubles), until: Date.now() + forMs, callsLeft: calls }
    },

    /** What a call would meet now; `null` is fair weather. */
    read(): { weather: string | null; forMs: number | null; calls: number | null } {
      if (!current || current.until <= Date.now()) return { weather: null, forMs: null, calls: null }
      return {
        weather: current.text,
        forMs: finiteOrNull(current.until - Date.now()),
        calls: finiteOrNull(current.callsLeft),
      }
    },

    /** The weather of the next call. A call's own header goes first and takes nothing from the rest. */
    next(header: string | undefined): Weather | null {
      if (header !== undefined) return parseWeather(header, troubles)
      if (!current) return null
      if (current.until <= Date.now()) {
        clear()
        return null
      }
      const { weather } = current
      current.callsLeft -= 1
      if (current.callsLeft <= 0) clear()
      return weather
    },
  }
}

function parseWeather(text: string, troubles: readonly string[]): Weather {
  const word = text.trim().toLowerCase()
  const slow = /^slow=(\d{1,7})$/.exec(word)
  if (slow) return { kind: 'slow', ms: Number(slow[1]) }
  const lost = /^lost=([45]\d\d)$/.exec(word)
  if (lost) return { kind: 'lost', status: Number(lost[1]) }
  if (/^[45]\d\d$/.test(word)) return { kind: 'status', status: Number(word) }
  if (troubles.includes(word)) return { kind: 'trouble', word }
  switch (word) {
    case 'hang':
    case 'reset':
    case 'truncated':
    case 'html':
    case 'empty':
      return { kind: word }
    default: {
      const words = ['slow=<ms>', 'hang', 'reset', 'truncated', 'lost=<400 to 599>', 'html', 'empty']
      const known = [...words, '<400 to 599>', ...troubles]
      throw new UnknownWeather(`no such weather: "${word}". Known: ${known.join(', ')}`)
    }
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
