import { type CaseId, cases, type Round } from './measure.ts'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const medianOf = (rounds: readonly Round[], figure: keyof Round): number =>
  median(rounds.map(round => round[figure]))

interface Ratio {
  readonly title: string
  readonly aim: number
  /** Requests per CPU second against requests per CPU second: what a core can do, whoever was the bottleneck. */
  readonly byCpu: number
  /** The lowest and highest of any round. */
  readonly spread: readonly [number, number]
  /** Requests a second against requests a second, as measured. */
  readonly byRate: number
}

export function ratios(results: Readonly<Record<CaseId, readonly Round[]>>): readonly Ratio[] {
  const ratio = (title: string, aim: number, one: CaseId, other: CaseId): Ratio => {
    const each = results[one].map(({ cpu }, round) => results[other][round]!.cpu / cpu)
    return {
      title,
      aim,
      byCpu: median(each),
      spread: [Math.min(...each), Math.max(...each)],
      byRate: medianOf(results[one], 'rate') / medianOf(results[other], 'rate'),
    }
  }
  return [
    ratio('cached / bare Hono', 0.4, 'cached', 'hono'),
    ratio('live / bare Hono + dispatch', 0.45, 'live', 'honoDispatch'),
  ]
}

export function resultTable(results: Readonly<Record<CaseId, readonly Round[]>>): string {
  const rows = cases.map(({ id, title }) => {
    const rounds = results[id]
    const cpus = rounds.map(({ cpu }) => cpu)
    return [
      title,
      medianOf(rounds, 'rate').toFixed(0),
      medianOf(rounds, 'cpu').toFixed(1),
      `${Math.min(...cpus).toFixed(1)}–${Math.max(...cpus).toFixed(1)}`,
      medianOf(rounds, 'mainCpu').toFixed(1),
      `${(medianOf(rounds, 'busy') * 100).toFixed(0)} %`,
      medianOf(rounds, 'p50').toFixed(2),
      medianOf(rounds, 'p99').toFixed(2),
      medianOf(rounds, 'bytes').toFixed(0),
      sum(rounds, 'answers').toFixed(0),
      sum(rounds, 'agencyCalls').toFixed(0),
    ]
  })
  const head = [
    '',
    'requests/s',
    'CPU µs',
    'spread',
    'main thread',
    'busy',
    'p50 ms',
    'p99 ms',
    'bytes',
    'answers',
    'agency asked',
  ]
  const ratioRows = ratios(results).map(({ title, aim, byCpu, spread, byRate }) => [
    title,
    byCpu.toFixed(2),
    spread.map(value => value.toFixed(2)).join('–'),
    byRate.toFixed(2),
    `≥ ${aim}`,
  ])
  return `${columns([head, ...rows])}\n\n${columns([['ratio', 'per CPU second', 'spread', 'requests/s', 'aim'], ...ratioRows])}`
}

/** Aligned columns, the first to the left, figures to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)
  return rows.map(row => row.map(cell).join('  ').trimEnd()).join('\n')
}

const sum = (rounds: readonly Round[], figure: keyof Round): number =>
  rounds.reduce((total, round) => total + round[figure], 0)
