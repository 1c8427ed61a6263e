/** One step of the check, and the line that tells of it. */
export interface Step {
  readonly name: string
  readonly state: 'ok' | 'failed' | 'not tried'
  /** How long it took; absent where nothing was done. */
  readonly ms?: number
  /** What was seen, or why it was not tried. */
  readonly detail: string
  /** What to do about a failure. */
  readonly next?: string
}

const width = { name: 26, state: 9, ms: 8 }

/** `TCP   ok   2 ms   10.0.0.1:443`, and below a failure what to do next. */
export function lineOf({ name, state, ms, detail, next }: Step): string {
  const duration = ms === undefined ? '' : `${Math.round(ms)} ms`
  const printable = detail.replaceAll(/\p{Cc}/gu, ' ') // an agency's words must not steer the terminal
  const line = [
    name.padEnd(width.name),
    state.padEnd(width.state),
    duration.padStart(width.ms),
    ` ${printable}`,
  ].join(' ')
  return next === undefined ? line : `${line}\n${' '.repeat(width.name)} next: ${next}`
}
