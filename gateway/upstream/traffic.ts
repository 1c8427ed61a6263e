/**
 * What real traffic says of an agency, for each capability: the last five minutes, and the last hour by minute. Counters in
 * rings of fixed size, read when somebody asks: nothing is summed up, sorted or kept for a request's sake.
 */
import { type FailureCode, failures } from '#contracts/failures.ts'

export type AttemptOutcome = 'ok' | FailureCode

/** Milliseconds, each within a twentieth. */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

interface Counts {
  readonly attempts: number
  /** Attempts without a usable answer. A business "no" is one. */
  readonly faults: number
  /** Of these attempts; undefined without any. */
  readonly latency: Latency | undefined
}

/** Of the last five minutes. Instants are epoch milliseconds, and stay when the attempt is older than that. */
export interface Figures extends Counts {
  /** How many attempts ended in which way; those that did not occur are absent. */
  readonly outcomes: Readonly<Partial<Record<AttemptOutcome, number>>>
  readonly lastMinute: Pick<Counts, 'attempts' | 'faults'>
  /** The figures are as old as this. */
  readonly lastAttemptAt: number | undefined
  readonly lastSuccessAt: number | undefined
  readonly lastFailure: { readonly at: number; readonly code: FailureCode } | undefined
}

export interface Minute extends Counts {
  /** When it began. */
  readonly at: number
}

export interface Traffic {
  /** Notes the end of one attempt; a business "no" is a success of the agency. */
  note(capability: string, outcome: AttemptOutcome, ms: number): void
  report(): {
    readonly all: Figures
    readonly capabilities: ReadonlyMap<string, Figures>
    /** Attempts at any of them that have failed since one succeeded. */
    readonly faultsInARow: number
  }
  /** Sixty, the one under way last. */
  lastHour(): readonly Minute[]
  readonly lastAttemptAt: number | undefined
}

export const windowMs = 5 * 60_000

const minuteMs = 60_000
const sliceMs = 10_000

export function createTraffic(now: () => number, capabilities: Iterable<string>): Traffic {
  const series = new Map([...capabilities].map(capability => [capability, createSeries()]))
  const all = [...series.values()]
  const minutes = createRing(minuteMs, 60)
  let faultsInARow = 0

  return {
    note(capability, outcome, ms) {
      const at = now()
      const bucket = bucketOf(ms)
      const place = placeOf[outcome]
      const { recent, last } = series.get(capability)!
      recent.count(at, place, bucket)
      minutes.count(at, place, bucket)
      if (isFault[place]) {
        last.failureAt = at
        last.failure = outcome as FailureCode
        faultsInARow += 1
      } else {
        last.successAt = at
        faultsInARow = 0
      }
    },

    report() {
      const at = now()
      const [total, totalOfMinute] = [emptySum(), emptySum()]
      const capabilities = new Map<string, Figures>()
      for (const [capability, { recent, last }] of series) {
        const [sum, ofMinute] = [emptySum(), emptySum()]
        recent.addTo(sum, at - windowMs, at)
        recent.addTo(ofMinute, at - minuteMs, at)
        capabilities.set(capability, figuresOf(sum, ofMinute, last))
        add(sum, total)
        add(ofMinute, totalOfMinute)
      }
      return { all: figuresOf(total, totalOfMinute, latest(all)), capabilities, faultsInARow }
    },

    lastHour() {
      const current = Math.floor(now() / minuteMs)
      return Array.from({ length: 60 }, (_, index) => {
        const at = (current - 59 + index) * minuteMs
        const sum = emptySum()
        minutes.addTo(sum, at - 1, at)
        return { at, ...countsOf(sum), latency: latencyOf(sum) }
      })
    },

    get lastAttemptAt() {
      return attemptAt(latest(all))
    },
  }
}

// -- One capability --------------------------------------------------------------------------------------------------

/** When something happened last; -1: never. */
interface Last {
  successAt: number
  failureAt: number
  failure: FailureCode | undefined
}

const never: Readonly<Last> = { successAt: -1, failureAt: -1, failure: undefined }

interface Series {
  readonly recent: Ring
  readonly last: Last
}

const createSeries = (): Series => ({ recent: createRing(sliceMs, windowMs / sliceMs), last: { ...never } })

const latest = (all: readonly Series[]): Readonly<Last> =>
  all.reduce<Readonly<Last>>((latest, { last }) => {
    const { failureAt, failure } = last.failureAt > latest.failureAt ? last : latest
    return { successAt: Math.max(latest.successAt, last.successAt), failureAt, failure }
  }, never)

const ever = (at: number): number | undefined => (at < 0 ? undefined : at)
const attemptAt = ({ successAt, failureAt }: Readonly<Last>): number | undefined =>
  ever(Math.max(successAt, failureAt))

function figuresOf(sum: Uint32Array, ofMinute: Uint32Array, last: Readonly<Last>): Figures {
  const { successAt, failureAt, failure } = last
  return {
    ...countsOf(sum),
    latency: latencyOf(sum),
    outcomes: outcomesOf(sum),
    lastMinute: countsOf(ofMinute),
    lastAttemptAt: attemptAt(last),
    lastSuccessAt: ever(successAt),
    lastFailure: failure && { at: failureAt, code: failure },
  }
}

// -- Rings of counters -----------------------------------------------------------------------------------------------

/** A row has a counter for each outcome, then one for each bucket of latency. */
const outcomes: readonly AttemptOutcome[] = ['ok', ...(Object.keys(failures) as FailureCode[])]
const placeOf = Object.fromEntries(outcomes.map((outcome, place) => [outcome, place])) as Record<
  AttemptOutcome,
  number
>
const isFault = outcomes.map(outcome => outcome !== 'ok' && failures[outcome].meaning === 'unanswered')

/** Up to a millisecond, then eight to each doubling, up to a minute: no bucket is wider than a tenth of what it holds. */
const perDoubling = 8
const buckets = 1 + 16 * perDoubling
const bucketOf = (ms: number): number =>
  ms <= 1 ? 0 : Math.min(buckets - 1, 1 + Math.floor(Math.log2(ms) * perDoubling))
const middleOf = (bucket: number): number => 2 ** ((bucket - 0.5) / perDoubling)

const width = outcomes.length + buckets

interface Ring {
  count(at: number, place: number, bucket: number): void
  /** Adds up the slices that began after an instant, up to the one of another. */
  addTo(sum: Uint32Array, after: number, until: number): void
}

function createRing(sliceMs: number, length: number): Ring {
  const rows = new Uint32Array(length * width)
  /** Which slice of time each row counts: one from an earlier round is as good as empty. */
  const slices = new Float64Array(length).fill(-1)

  return {
    count(at, place, bucket) {
      const slice = Math.floor(at / sliceMs)
      const row = slice % length
      const start = row * width
      if (slices[row] !== slice) {
        rows.fill(0, start, start + width)
        slices[row] = slice
      }
      rows[start + place]! += 1
      rows[start + outcomes.length + bucket]! += 1
    },

    addTo(sum, after, until) {
      const [before, newest] = [Math.floor(after / sliceMs), Math.floor(until / sliceMs)]
      for (let row = 0; row < length; row++) {
        if (slices[row]! <= before || slices[row]! > newest) continue
        const start = row * width
        for (let counter = 0; counter < width; counter++) sum[counter]! += rows[start + counter]!
      }
    },
  }
}

const emptySum = (): Uint32Array => new Uint32Array(width)

function add(sum: Uint32Array, into: Uint32Array): void {
  for (let counter = 0; counter < width; counter++) into[counter]! += sum[counter]!
}

function countsOf(sum: Uint32Array): Pick<Counts, 'attempts' | 'faults'> {
  let attempts = 0
  let faults = 0
  for (let place = 0; place < outcomes.length; place++) {
    attempts += sum[place]!
    if (isFault[place]) faults += sum[place]!
  }
  return { attempts, faults }
}

function outcomesOf(sum: Uint32Array): Figures['outcomes'] {
  const counts: Partial<Record<AttemptOutcome, number>> = {}
  for (let place = 0; place < outcomes.length; place++)
    if (sum[place]! > 0) counts[outcomes[place]!] = sum[place]!
  return counts
}

function latencyOf(sum: Uint32Array): Latency | undefined {
  const { attempts } = countsOf(sum)
  if (attempts === 0) return undefined
  function percentile(share: number): number {
    let passed = 0
    for (let bucket = 0; bucket < buckets; bucket++) {
      passed += sum[outcomes.length + bucket]!
      if (passed >= share * attempts) return middleOf(bucket)
    }
    return middleOf(buckets - 1)
  }
  return { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) }
}
