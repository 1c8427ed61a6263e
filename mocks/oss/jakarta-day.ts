/** Today in Jakarta, `YYYY-MM-DD`. */
export function jakartaDay(): string {
  return new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
}
