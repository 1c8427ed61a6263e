/**
 * Counters come first: while they keep this gateway or its store busy, orders are brought to the agencies few at a time and with
 * pauses, so that questions are hardly slower for it.
 */
import { performance } from 'node:perf_hooks'

export interface Pace {
  /** How many deliveries to one agency may be under way now. */
  places(): number
  /** In so many milliseconds orders may be taken; 0: now. */
  pauseMs(): number
  /** So many orders were taken, of all agencies. */
  onTaken(orders: number): void
  /** A counter has been answered. */
  onRequest(): void
  /** What the ledger, which every answer waits for, is asked to keep. */
  onAppend<Result>(append: Promise<Result>): Promise<Result>
  close(): void
}

const most = 16
const sampleMs = 200
/** From this share of the time on that the event loop or the ledger is at work, each further delivery is felt at the counters. */
const busyFrom = 0.6
/** Then a delivery, which costs as much as a few questions, follows another at this distance. */
const distanceMs = 100

export function createPace(): Pace {
  let requests = 0
  let isBusy = false
  let nextAt = 0
  let appending = 0
  /** Of the time since the last sample, when something was being appended. */
  let appendingMs = 0
  let appendingSince = 0
  let sampledAt = performance.now()
  let last = performance.eventLoopUtilization()

  function noteAppending(): number {
    const now = performance.now()
    if (appending > 0) appendingMs += now - appendingSince
    appendingSince = now
    return now
  }

  const sampling = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(last)
    last = performance.eventLoopUtilization()
    const now = noteAppending()
    isBusy = requests > 0 && Math.max(utilization, appendingMs / (now - sampledAt)) > busyFrom
    requests = 0
    appendingMs = 0
    sampledAt = now
  }, sampleMs).unref()

  return {
    places: () => (isBusy ? 1 : most),
    pauseMs: () => (isBusy ? Math.max(0, Math.ceil(nextAt - performance.now())) : 0),
    onTaken(orders) {
      nextAt = performance.now() + orders * distanceMs
    },
    onRequest() {
      requests += 1
    },
    async onAppend(append) {
      noteAppending()
      appending += 1
      try {
        return await append
      } finally {
        noteAppending()
        appending -= 1
      }
    },
    close: () => clearInterval(sampling),
  }
}
