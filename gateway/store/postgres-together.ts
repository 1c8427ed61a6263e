/** Calls that come at the same time, as the rows of one statement: its price is shared, and that of its commit. */
import { groupCommit } from './group-commit.ts'
import { StoreRefused } from './store.ts'

/** Of a statement: their sealed contents must not make it too large, nor its locks too many. */
const mostTogether = 64

/** Calls with the same one are never in one statement: the later one sees what the earlier one did. */
type KeyOf<Call> = (call: Call) => string

/**
 * `run` is one statement for all of these calls, and answers one result per call. Where it refuses, each call is tried alone: the
 * one at fault is refused, its neighbours are not. `call` rejects with StoreUnavailable or StoreRefused.
 */
export function together<Call, Result>(
  keyOf: KeyOf<Call>,
  run: (calls: readonly Call[]) => Promise<readonly Result[]>,
) {
  const { call, close } = groupCommit<Call>(async calls => {
    const results = new Map<Call, Result | Error>()
    for (const part of apart(calls, keyOf)) {
      const answers = await runOrEach(part, run)
      for (const [index, one] of part.entries()) results.set(one, answers[index]!)
    }
    return calls.map(one => results.get(one))
  })
  return { call: (one: Call) => call(one) as Promise<Result>, close }
}

async function runOrEach<Call, Result>(
  calls: readonly Call[],
  run: (calls: readonly Call[]) => Promise<readonly Result[]>,
): Promise<readonly (Result | Error)[]> {
  try {
    return await run(calls)
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error
    if (calls.length === 1) return [error]
    const results: (Result | Error)[] = []
    for (const one of calls) results.push(...(await runOrEach([one], run)))
    return results
  }
}

/** In their order, parts of which none is too large or has a key twice. */
function apart<Call>(calls: readonly Call[], keyOf: KeyOf<Call>): readonly (readonly Call[])[] {
  const parts: Call[][] = []
  let keys = new Set<string>()
  let later = calls
  while (later.length > 0) {
    const part: Call[] = []
    const rest: Call[] = []
    keys = new Set()
    for (const one of later) {
      const isNext = part.length < mostTogether && !keys.has(keyOf(one))
      ;(isNext ? part : rest).push(one)
      keys.add(keyOf(one))
    }
    parts.push(part)
    later = rest
  }
  return parts
}

/** Columns of a statement's rows: name, type, and what a call has in it. */
export type Columns<Call> = readonly (readonly [name: string, type: string, read: (call: Call) => unknown])[]

/** The rows of parameters `$1 …`, as a table that is called `name`; `nth` counts them from 1. */
export const rowsSql = (name: string, columns: Columns<never>, first = 1): string =>
  `unnest(${columns.map(([, type], index) => `$${first + index}::${type}[]`).join(', ')})
    WITH ORDINALITY AS ${name} (${columns.map(([column]) => column).join(', ')}, nth)`

export const valuesOf = <Call>(columns: Columns<Call>, calls: readonly Call[]): readonly unknown[] =>
  columns.map(([, , read]) => calls.map(read))
