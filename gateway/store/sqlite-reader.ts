import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkLedgerKey, ledgerKeyCheck } from './ledger-key.ts'
import { selectHouseState } from './sqlite-house-state.ts'
import { columns, pageOfTime, selectRowsOfTime, selectRowsOfTimeOneByOne } from './sqlite-ledger.ts'
import { countSubmissionsSql } from './sqlite-submissions.ts'
import type { LedgerRow, Store } from './store.ts'

/** What the ledger can be asked by who only reads it; `findLedger` by time alone. */
export type LedgerReader = Pick<Store, 'readLedger' | 'readLedgerHead' | 'findLedger' | 'close'>

/** What whoever looks at a store from beside can ask of it. */
export type StoreReader = LedgerReader & Pick<Store, 'readHouseState' | 'countSubmissions'>

const lockTimeoutMs = 10_000

/**
 * Reads the ledger beside the gateway that works on it, or in a copy: takes no lock, writes nothing, migrates nothing.
 * Refuses a folder without a store, and another ledger key. Reads what an earlier version has made as well.
 */
export function openSqliteReader(folder: string, ledgerKey: Buffer): StoreReader {
  const path = join(folder, 'gateway.db')
  if (!existsSync(path)) throw new Error(`there is no store in ${folder}`)
  const database = new DatabaseSync(path, { readOnly: true, timeout: lockTimeoutMs })
  try {
    return readerOf(database, ledgerKey)
  } catch (cause) {
    database.close()
    throw new Error(`the store in ${folder} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function readerOf(database: DatabaseSync, ledgerKey: Buffer): StoreReader {
  const kept = database.prepare('SELECT value FROM meta WHERE name = ?').get(ledgerKeyCheck)
  checkLedgerKey(ledgerKey, String(kept?.['value']))
  const selectRows = database.prepare(
    `SELECT ${columns} FROM ledger WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const selectLast = database.prepare(`SELECT ${columns} FROM ledger ORDER BY sequence DESC LIMIT 1`)
  const selectOfTime = database.prepare(knowsHours(database) ? selectRowsOfTime : selectRowsOfTimeOneByOne)
  selectOfTime.setAllowUnknownNamedParameters(true) // the hours, where nobody asks for them
  /** Nothing, of what an earlier version does not keep. */
  const allOf = <Row>(table: string, statement: string, ...values: string[]): Row[] =>
    knowsTable(database, table) ? (database.prepare(statement).all(...values) as Row[]) : []
  return {
    readHouseState: async kinds => ({
      at: Date.now(),
      rows: allOf('house_state', selectHouseState, JSON.stringify(kinds)),
    }),
    countSubmissions: async () => allOf('submissions', countSubmissionsSql),
    readLedger: async (after, limit) => selectRows.all(after, limit) as unknown as LedgerRow[],
    readLedgerHead: async () => selectLast.get() as LedgerRow | undefined,
    findLedger: async ({ from = Number.MIN_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER }, after, limit) =>
      selectOfTime.all(pageOfTime(from, until, after, limit)) as unknown as LedgerRow[],
    close: async () => database.close(),
  }
}

/** Whether every row is in its hour: an earlier gateway knows none, and only a start of this one puts its rows there. */
function knowsHours(database: DatabaseSync): boolean {
  if (!knowsTable(database, 'ledger_hours')) return false
  return !database
    .prepare(
      'SELECT 1 FROM ledger WHERE sequence > (SELECT coalesce(max(last_sequence), 0) FROM ledger_hours)',
    )
    .get()
}

const knowsTable = (database: DatabaseSync, name: string): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined
