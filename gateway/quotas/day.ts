/** A calendar day in a time zone. */
export interface Day {
  /** `2026-01-31` */
  readonly name: string
  /** Epoch milliseconds: from the first, before the second. */
  readonly startsAt: number
  readonly endsAt: number
}

export const holds = ({ startsAt, endsAt }: Day, at: number): boolean => startsAt <= at && at < endsAt

export function dayAt(at: number, timeZone: string): Day {
  const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay()
  return {
    name: start.toPlainDate().toString(),
    startsAt: start.epochMilliseconds,
    endsAt: start.add({ days: 1 }).startOfDay().epochMilliseconds,
  }
}

/** Today, worked out once a day for each time zone. */
export function createToday(now: () => number): (timeZone: string) => Day {
  const days = new Map<string, Day>()
  return function today(timeZone) {
    const at = now()
    const known = days.get(timeZone)
    if (known && holds(known, at)) return known
    const day = dayAt(at, timeZone)
    days.set(timeZone, day)
    return day
  }
}

/** Whole seconds until a day turns, at least one. */
export const secondsUntilTurn = ({ endsAt }: Day, at: number): number =>
  Math.max(1, Math.ceil((endsAt - at) / 1_000))
