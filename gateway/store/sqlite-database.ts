import { DatabaseSync } from 'node:sqlite'
import { keyCheck } from '#gateway/ledger/chain.ts'
import { readMigrations } from './migrations.ts'
import { sqliteLedger } from './sqlite-ledger.ts'
import { errorCode } from './sqlite-lock.ts'
import { migrate } from './sqlite-migrate.ts'
import { sqliteNotices } from './sqlite-notices.ts'
import { sqliteRecords } from './sqlite-records.ts'
import { sqliteSubmissions } from './sqlite-submissions.ts'
import { checkLedgerKey, ledgerKeyCheck } from './ledger-key.ts'

/** What the store can be asked in its thread: plain values only, because they cross as messages. */
export type Functions = ReturnType<typeof sqliteLedger>['functions'] &
  ReturnType<typeof sqliteNotices> &
  ReturnType<typeof sqliteRecords> &
  ReturnType<typeof sqliteSubmissions>

/** A function's name and its parameters. */
export type Call = {
  [Name in keyof Functions]: readonly [Name, ...Parameters<Functions[Name]>]
}[keyof Functions]

interface SqliteDatabase {
  /** One transaction: a result per call once all is on the disk, an Error for a call refused alone. Throws when nothing was kept. */
  commit(calls: readonly Call[]): readonly unknown[]
  close(): void
}

/** A lock of someone else (an operator's shell, a reader that recovers the log after a crash) is waited for this long. */
const lockTimeoutMs = 1_000

/** TOOBIG, CONSTRAINT, MISMATCH, or no code of SQLite's at all: the call's values are at fault, not the database. */
const refusals: ReadonlySet<number | undefined> = new Set([18, 19, 20, undefined])

/** After these, what they have destroyed is still to be read in the log. */
const destroying: ReadonlySet<keyof Functions> = new Set([
  'destroyLedgerContent',
  'destroyNotices',
  'eraseNotices',
  'destroySubmissions',
  'eraseSubmissions',
  'destroyUnusedAttachments',
])

/** The end of an order whose subject was erased meanwhile takes its content along. */
const hasDestroyed = ([name]: Call, result: unknown): boolean =>
  destroying.has(name) ||
  (name === 'moveSubmission' && (result as { sealed?: unknown } | undefined)?.sealed === null)

/** Opens gateway.db, brings it up to date, and checks that its chain is this key's. Everything here blocks its thread. */
export function openDatabase(path: string, ledgerKey: Buffer): SqliteDatabase {
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs })
  // What is destroyed is overwritten, not only forgotten. The log is moved into the database in small parts: of a large one, ever
  // more different pages would be touched the larger the database is, and whoever commits at that moment waits for all of them.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 500',
  )
  migrate(database, readMigrations(new URL('./migrations/sqlite/', import.meta.url)))

  const begin = database.prepare('BEGIN IMMEDIATE')
  const end = database.prepare('COMMIT')
  const records = sqliteRecords(database)
  checkLedgerKey(ledgerKey, records.keepCheck(ledgerKeyCheck, keyCheck(ledgerKey)))
  const ledger = sqliteLedger(database, ledgerKey)
  const functions: Functions = {
    ...records,
    ...ledger.functions,
    ...sqliteNotices(database),
    ...sqliteSubmissions(database),
  }

  /** A refused statement leaves no trace and the transaction goes on, unless SQLite has ended it. */
  function performAlone([name, ...parameters]: Call): unknown {
    try {
      // The parameters are those of the name, which the compiler cannot follow through a union.
      return (functions[name] as (...parameters: unknown[]) => unknown)(...parameters)
    } catch (error) {
      if (database.isTransaction && refusals.has(errorCode(error))) return error
      throw error
    }
  }

  /** Whether the log may still show what was destroyed; at first, by whoever was killed here. */
  let showsDestroyed = true

  /** Moves the log into the database, which overwrites what was destroyed, and empties it; not while somebody reads in it. */
  function emptyLog(): void {
    try {
      showsDestroyed = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] !== 0
    } catch {
      // whatever the matter is, what was committed stays so, and the next commit tries again
    }
  }

  function commit(calls: readonly Call[]): readonly unknown[] {
    const results = transact(calls)
    if (calls.some((call, index) => hasDestroyed(call, results[index]))) showsDestroyed = true
    if (showsDestroyed) {
      database.exec('PRAGMA busy_timeout = 0') // who appends does not wait for a reader
      emptyLog()
      database.exec(`PRAGMA busy_timeout = ${lockTimeoutMs}`)
    }
    return results
  }

  function transact(calls: readonly Call[]): readonly unknown[] {
    try {
      begin.run()
      const results = calls.map(performAlone)
      ledger.beforeCommit()
      end.run()
      return results
    } catch (error) {
      ledger.afterRollback()
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  function close(): void {
    if (showsDestroyed) emptyLog() // only the last one to close the database empties it anyway
    database.close()
  }

  return { commit, close }
}
