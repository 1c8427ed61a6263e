/** Now in Jakarta, `YYYY-MM-DD HH:mm:ss.SSS`. */
export function jakartaTime(): string {
  return new Date(Date.now() + 7 * 3_600_000).toISOString().replace('T', ' ').slice(0, 23)
}
