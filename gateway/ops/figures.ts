/** Figures as the API tells them. */
export interface Instant {
  readonly at: string
  readonly ageMs: number
}

export const instantOf = (at: number | undefined, now: number): Instant | null =>
  at === undefined ? null : { at: new Date(at).toISOString(), ageMs: Math.max(0, now - at) }

/** Of attempts; null without any. */
export const shareOf = (faults: number, attempts: number): number | null =>
  attempts === 0 ? null : Math.round((faults / attempts) * 1_000) / 1_000
