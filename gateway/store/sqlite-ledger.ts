import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type ChainHead, genesis, nextRow } from '#gateway/ledger/chain.ts'
import type { LedgerRow } from './store.ts'

const hourMs = 3_600_000

/** Named in every statement: the schema of a later gateway may have more. */
export const columns = 'sequence, id, at, content, digest, hash'

/** Hours narrow the rows down, so that a page costs what is on it wherever its time lies in the ledger. */
export const selectRowsOfTime = `SELECT ${columns} FROM ledger
  WHERE sequence > :after
    AND sequence >= (SELECT min(first_sequence) FROM ledger_hours WHERE hour BETWEEN :firstHour AND :lastHour)
    AND sequence <= (SELECT max(last_sequence) FROM ledger_hours WHERE hour BETWEEN :firstHour AND :lastHour)
    AND +at >= :from AND +at < :until
  ORDER BY sequence LIMIT :limit`

/** The same where the hours are not known: looks at every row. */
export const selectRowsOfTimeOneByOne = `SELECT ${columns} FROM ledger
  WHERE sequence > :after AND +at >= :from AND +at < :until
  ORDER BY sequence LIMIT :limit`

/** The parameters of `selectRowsOfTime`. */
export const pageOfTime = (from: number, until: number, after: number, limit: number) => ({
  from,
  until,
  after,
  limit,
  firstHour: Math.trunc(from / hourMs),
  lastHour: Math.trunc(until / hourMs),
})

/** One look into each segment of the index. */
export const selectRowsOfSubject = `WITH RECURSIVE segments (segment) AS (
    SELECT :after >> 10
    UNION ALL
    SELECT segment + 1 FROM segments WHERE segment < (SELECT max(sequence) >> 10 FROM ledger)
  )
  SELECT ${columns} FROM segments
    CROSS JOIN ledger_subjects USING (segment)
    CROSS JOIN ledger USING (sequence)
  WHERE subject = :subject AND sequence > :after AND at >= :from AND at < :until
  ORDER BY sequence LIMIT :limit`

const selectKeptOfKind = `SELECT sequence, at FROM ledger
  WHERE content IS NOT NULL AND content ->> '$.kind' = ? AND at < ?`

/** Each kind comes in the order of the index, and SQLite merges them. */
const destroyKept = (kinds: number): string =>
  `UPDATE ledger SET content = NULL WHERE sequence IN (SELECT sequence FROM (
    ${Array.from({ length: kinds }, () => selectKeptOfKind).join(' UNION ALL ')} ORDER BY at, sequence LIMIT ?))`

export function sqliteLedger(database: DatabaseSync, ledgerKey: Buffer) {
  const insertRow = database.prepare(`INSERT INTO ledger (${columns}) VALUES (?, ?, ?, ?, ?, ?)`)
  const selectRows = database.prepare(
    `SELECT ${columns} FROM ledger WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const selectLast = database.prepare(`SELECT ${columns} FROM ledger ORDER BY sequence DESC LIMIT 1`)
  const selectOfTime = database.prepare(selectRowsOfTime)
  const selectOfSubject = database.prepare(selectRowsOfSubject)
  /** By the number of kinds. */
  const destructions = new Map<number, StatementSync>()
  const insertHour = database.prepare(
    `INSERT INTO ledger_hours (hour, first_sequence, last_sequence) VALUES (?, ?, ?)
      ON CONFLICT (hour) DO UPDATE SET last_sequence = excluded.last_sequence`,
  )
  database.exec(`INSERT INTO ledger_hours (hour, first_sequence, last_sequence)
    SELECT at / ${hourMs}, min(sequence), max(sequence) FROM ledger
      WHERE sequence > (SELECT coalesce(max(last_sequence), 0) FROM ledger_hours) GROUP BY 1
    ON CONFLICT (hour) DO UPDATE SET last_sequence = excluded.last_sequence`)

  /** The chain's last row, the open transaction included; undefined when it must be read again. */
  let head: ChainHead | undefined
  /** The hours of what the open transaction has appended, with the first and the last row of each. */
  const hours = new Map<number, { readonly first: number; last: number }>()

  const functions = {
    appendLedger(id: string, at: number, content: string): void {
      head ??= (selectLast.get() as ChainHead | undefined) ?? genesis
      const row = nextRow(ledgerKey, head, id, at, content)
      insertRow.run(row.sequence, row.id, row.at, row.content, row.digest, row.hash)
      head = row
      const { sequence } = row
      hours.getOrInsertComputed(Math.trunc(at / hourMs), () => ({ first: sequence, last: sequence })).last =
        sequence
    },
    readLedgerHead: () => selectLast.get() as LedgerRow | undefined,
    readLedger: (after: number, limit: number) => selectRows.all(after, limit) as unknown as LedgerRow[],
    findLedger(
      subject: string | undefined,
      from: number,
      until: number,
      after: number,
      limit: number,
    ): LedgerRow[] {
      const rows =
        subject === undefined
          ? selectOfTime.all(pageOfTime(from, until, after, limit))
          : selectOfSubject.all({ subject, from, until, after, limit })
      return rows as unknown as LedgerRow[]
    },
    destroyLedgerContent(kinds: readonly string[], before: number, limit: number): number {
      if (kinds.length === 0) return 0
      const destroy = destructions.getOrInsertComputed(kinds.length, count =>
        database.prepare(destroyKept(count)),
      )
      return Number(destroy.run(...kinds.flatMap(kind => [kind, before]), limit).changes)
    },
  }

  return {
    functions,
    beforeCommit(): void {
      for (const [hour, { first, last }] of hours) insertHour.run(hour, first, last)
      hours.clear()
    },
    afterRollback(): void {
      head = undefined
      hours.clear()
    },
  }
}
