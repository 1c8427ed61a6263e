/** What agencies said of late that no table has. */

export interface Drift {
  /** An answer broke its contract, or carried a code that is not listed. */
  code(upstream: string): void
  /** So many texts that no code list knows. */
  texts(upstream: string, count: number): void
  /** Of the last hour. */
  counts(): readonly { readonly upstream: string; readonly codes: number; readonly texts: number }[]
}

const minuteMs = 60_000
const minutes = 60

interface Minute {
  readonly minute: number
  codes: number
  texts: number
}

export function createDrift(elapsed: () => number): Drift {
  const seen = new Map<string, Minute[]>()
  const minuteNow = (): number => Math.floor(elapsed() / minuteMs)

  function thisMinute(upstream: string): Minute {
    const all = seen.getOrInsertComputed(upstream, () => [])
    const minute = minuteNow()
    const last = all.at(-1)
    if (last?.minute === minute) return last
    const one = { minute, codes: 0, texts: 0 }
    all.push(one)
    if (all.length > minutes) all.shift()
    return one
  }

  return {
    code: upstream => void (thisMinute(upstream).codes += 1),
    texts(upstream, count) {
      if (count > 0) thisMinute(upstream).texts += count
    },
    counts: () =>
      [...seen].map(([upstream, all]) => {
        const recent = all.filter(({ minute }) => minute > minuteNow() - minutes)
        return { upstream, codes: sum(recent, 'codes'), texts: sum(recent, 'texts') }
      }),
  }
}

const sum = (all: readonly Minute[], what: 'codes' | 'texts'): number =>
  all.reduce((total, minute) => total + minute[what], 0)
