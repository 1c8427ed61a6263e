/** How agreements were used in a month: the report that Permendagri 102/2019 asks of whoever uses population data. */
import type { Store } from '#gateway/store/store.ts'
import { csvLine } from './csv.ts'
import { contentOf, isOrdering, isRelease, type LedgerContent } from './evidence.ts'
import { rowsOf } from './rows.ts'

/** How often the same happened. A column that does not apply is null. */
export interface UsageLine {
  readonly agreement: string | null
  readonly member: string
  /** Null where a question was refused before it said why. */
  readonly purpose: string | null
  readonly capability: string
  readonly upstream: string | null
  /**
   * `released`, or the code of the refusal. Of an order: `ordered`, and what came of it at the agency, `accepted`, `confirmed`,
   * `rejected` or `uncertain`, each a line of its own.
   */
  readonly outcome: string
  /** Of a refusal; of an order, the code of the failure that made it `rejected` or `uncertain`. */
  readonly reason: string | null
  /** `live`, `cached` or `stale`, of an answer. */
  readonly mode: string | null
  readonly count: number
}

export interface UsageReport {
  /** `2026-11` */
  readonly month: string
  readonly timeZone: string
  /** ISO instants: from the first on, before the second. */
  readonly from: string
  readonly until: string
  readonly lines: readonly UsageLine[]
  /** Rows of the month whose content was destroyed at the end of its retention: they are in no line. */
  readonly destroyed: number
}

/** A member that makes purposes up does not fill the memory: beyond so many lines, purposes go by this name. */
const mostLines = 10_000
const anyOther = '(other)'

export async function usageReport(
  store: Pick<Store, 'findLedger'>,
  month: string,
  timeZone: string,
): Promise<UsageReport> {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 })
  const from = first.toZonedDateTime(timeZone).epochMilliseconds
  const until = first.add({ months: 1 }).toZonedDateTime(timeZone).epochMilliseconds

  const counts = new Map<string, { line: Omit<UsageLine, 'count'>; count: number }>()
  let destroyed = 0
  for await (const row of rowsOf(store, { from, until })) {
    const content = contentOf(row)
    if (!content) destroyed += 1
    const line = content && lineOf(content)
    if (!line) continue
    const known = counts.get(keyOf(line))
    const kept = known || counts.size < mostLines ? line : { ...line, purpose: anyOther }
    counts.getOrInsertComputed(keyOf(kept), () => ({ line: kept, count: 0 })).count += 1
  }

  const lines = [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { line, count }]) => ({ ...line, count }))
  return { month, timeZone, from: iso(from), until: iso(until), lines, destroyed }
}

/** Of a question that a known member asked, or an order that it gave; undefined for everything else. */
function lineOf(content: LedgerContent): Omit<UsageLine, 'count'> | undefined {
  if (isRelease(content)) {
    const { agreement = null, member, purpose, capability, upstream, outcome, mode = null } = content
    return { agreement, member, purpose, capability, upstream, outcome, reason: null, mode }
  }
  if (isOrdering(content)) {
    const { agreement = null, member, purpose, capability, upstream, outcome } = content
    const { code: reason = null } = content.kind === 'effect' ? content : {}
    return { agreement, member, purpose, capability, upstream, outcome, reason, mode: null }
  }
  if (content.kind !== 'refusal') return undefined
  const { agreement = null, member, purpose = null, capability, source, outcome, reason = null } = content
  const upstream = source === 'gateway' ? null : source
  return { agreement, member, purpose, capability, upstream, outcome, reason, mode: null }
}

const columns = [
  'agreement',
  'member',
  'purpose',
  'capability',
  'upstream',
  'outcome',
  'reason',
  'mode',
] as const satisfies (keyof UsageLine)[]

const keyOf = (line: Omit<UsageLine, 'count'>): string => JSON.stringify(columns.map(name => line[name]))

const iso = (at: number): string => new Date(at).toISOString()

export const usageCsv = ({ month, lines, destroyed }: UsageReport): string =>
  [
    csvLine(['month', ...columns, 'count']),
    ...lines.map(line => csvLine([month, ...columns.map(name => line[name]), line.count])),
    ...(destroyed === 0 ? [] : [csvLine([month, '', '', '', '', '', '(destroyed)', '', '', destroyed])]),
  ].join('')
