import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type ChainHead, genesis, keyCheck, nextRow } from '#gateway/ledger/chain.ts'
import { errorCode } from './sqlite-lock.ts'
import { migrate, readMigrations } from './sqlite-migrate.ts'
import type { NoticeKind, NoticeRow } from './store.ts'

/** What the store's functions are in the thread: plain values only, because they cross as messages. */
export type Call =
  | readonly ['openCase', ...CaseColumns]
  | readonly ['findCase', id: string]
  | readonly ['appendLedger', id: string, at: number, content: string]
  | readonly ['readLedger', after: number, limit: number]
  | readonly ['keepNotice', ...NoticeColumns]
  | readonly ['readNotices', kinds: readonly NoticeKind[], after: number, limit: number]

type CaseColumns = [id: string, openedBy: string, members: string, openedAt: number, expiresAt: number]

type NoticeColumns = [
  id: string,
  upstream: string,
  notice: string,
  receivedAt: number,
  subjects: string,
  fingerprint: string,
  sealed: Uint8Array,
]

/** `members` is a JSON array. */
export interface CaseRow {
  readonly id: string
  readonly openedBy: string
  readonly members: string
  readonly openedAt: number
  readonly expiresAt: number
}

/** `subjects` is a JSON array. */
export interface SelectedNotice extends Omit<NoticeRow, 'subjects'> {
  readonly subjects: string
}

interface SqliteDatabase {
  /** One transaction: a result per call once all is on the disk, an Error for a call refused alone. Throws when nothing was kept. */
  commit(calls: readonly Call[]): readonly unknown[]
  close(): void
}

/** Named in every statement: the schema of a later gateway may have more. */
const ledgerColumns = 'sequence, id, at, content, digest, hash'

const noticeColumns = 'id, upstream, notice, received_at, subjects, fingerprint, sealed'
const selectNoticesOfKind = `SELECT sequence, id, upstream, notice, received_at AS receivedAt, subjects, fingerprint, sealed
  FROM notices WHERE upstream = ? AND notice = ? AND sequence > ? AND sealed IS NOT NULL`

/** Each kind comes in the order of the index, and SQLite merges them: a page costs what is on it, wherever it begins. */
export const selectNotices = (kinds: number): string =>
  `${Array.from({ length: kinds }, () => selectNoticesOfKind).join(' UNION ALL ')} ORDER BY sequence LIMIT ?`

/** A lock of someone else (an operator's shell, a reader that recovers the log after a crash) is waited for this long. */
const lockTimeoutMs = 1_000

/** TOOBIG, CONSTRAINT, MISMATCH, or no code of SQLite's at all: the call's values are at fault, not the database. */
const refusals: ReadonlySet<number | undefined> = new Set([18, 19, 20, undefined])

/** Opens gateway.db, brings it up to date, and checks that its chain is this key's. Everything here blocks its thread. */
export function openDatabase(path: string, ledgerKey: Buffer): SqliteDatabase {
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  migrate(database, readMigrations(new URL('./migrations/sqlite/', import.meta.url)))
  checkLedgerKey(database, ledgerKey)

  const begin = database.prepare('BEGIN IMMEDIATE')
  const end = database.prepare('COMMIT')
  const insertCase = database.prepare(
    'INSERT INTO cases (id, opened_by, members, opened_at, expires_at) VALUES (?, ?, ?, ?, ?)',
  )
  const selectCase = database.prepare(
    'SELECT id, opened_by AS openedBy, members, opened_at AS openedAt, expires_at AS expiresAt FROM cases WHERE id = ?',
  )
  const insertRow = database.prepare(`INSERT INTO ledger (${ledgerColumns}) VALUES (?, ?, ?, ?, ?, ?)`)
  const selectRows = database.prepare(
    `SELECT ${ledgerColumns} FROM ledger WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const selectHead = database.prepare('SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1')

  const insertNotice = database.prepare(
    `INSERT INTO notices (${noticeColumns}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (upstream, fingerprint) DO NOTHING`,
  )
  /** By the number of kinds. */
  const noticeSelections = new Map<number, StatementSync>()

  /** The chain's last row, the open transaction included; undefined when it must be read again. */
  let head: ChainHead | undefined

  function perform(call: Call): unknown {
    switch (call[0]) {
      case 'openCase': {
        const [, ...columns] = call
        insertCase.run(...columns)
        return undefined
      }
      case 'findCase':
        return selectCase.get(call[1])
      case 'appendLedger': {
        head ??= (selectHead.get() as ChainHead | undefined) ?? genesis
        const row = nextRow(ledgerKey, head, call[1], call[2], call[3])
        insertRow.run(row.sequence, row.id, row.at, row.content, row.digest, row.hash)
        head = row
        return undefined
      }
      case 'readLedger':
        return selectRows.all(call[1], call[2])
      case 'keepNotice': {
        const [, ...columns] = call
        return insertNotice.run(...columns).changes === 1
      }
      case 'readNotices': {
        const [, kinds, after, limit] = call
        const select = noticeSelections.getOrInsertComputed(kinds.length, count =>
          database.prepare(selectNotices(count)),
        )
        return select.all(...kinds.flatMap(({ upstream, notice }) => [upstream, notice, after]), limit)
      }
    }
  }

  /** A refused statement leaves no trace and the transaction goes on, unless SQLite has ended it. */
  function performAlone(call: Call): unknown {
    try {
      return perform(call)
    } catch (error) {
      if (database.isTransaction && refusals.has(errorCode(error))) return error
      throw error
    }
  }

  function commit(calls: readonly Call[]): readonly unknown[] {
    try {
      begin.run()
      const results = calls.map(performAlone)
      end.run()
      return results
    } catch (error) {
      head = undefined
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  return { commit, close: () => database.close() }
}

function checkLedgerKey(database: DatabaseSync, ledgerKey: Buffer): void {
  const check = keyCheck(ledgerKey)
  database.prepare(`INSERT INTO meta VALUES ('ledger key check', ?) ON CONFLICT DO NOTHING`).run(check)
  const kept = database.prepare(`SELECT value FROM meta WHERE name = 'ledger key check'`).get()
  if (kept?.['value'] !== check) throw new Error('its ledger was made with another ledger key')
}
