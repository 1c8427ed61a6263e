/** The next instant at which a day ends, in epoch milliseconds. `dayEnds` is `HH:MM`, midnight by default. */
export function endOfDay(now: number, timeZone: string, dayEnds = '24:00'): number {
  const [hour, minute] = dayEnds.split(':').map(Number) as [number, number]
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).startOfDay()
  const ends = [0, 1].map(days => today.add({ days, hours: hour, minutes: minute }).epochMilliseconds)
  return ends.find(end => end > now)!
}

/** The instant at which the day began, in epoch milliseconds. */
export const startOfDay = (now: number, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).startOfDay().epochMilliseconds
