import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Erasure, NoticeKind, NoticeRow, SealedRow } from './store.ts'

/** `subjects` is a JSON array. */
export interface SelectedNotice extends Omit<NoticeRow, 'subjects'> {
  readonly subjects: string
}

const columns = 'id, upstream, notice, received_at, subjects, fingerprint, sealed'
const selectOfKind = `SELECT sequence, id, upstream, notice, received_at AS receivedAt, subjects, fingerprint, sealed
  FROM notices WHERE upstream = ? AND notice = ? AND sequence > ? AND sealed IS NOT NULL`

/** Each kind comes in the order of the index, and SQLite merges them: a page costs what is on it, wherever it begins. */
export const selectNotices = (kinds: number): string =>
  `${Array.from({ length: kinds }, () => selectOfKind).join(' UNION ALL ')} ORDER BY sequence LIMIT ?`

/** Each step leaps to the next key in the table's index, however many records a key has sealed. */
export const selectSealingKeys = (table: string): string => `WITH RECURSIVE keys (key) AS (
    SELECT min(sealing_key) FROM ${table} WHERE sealed IS NOT NULL
    UNION ALL
    SELECT (SELECT min(sealing_key) FROM ${table} WHERE sealed IS NOT NULL AND sealing_key > key)
      FROM keys WHERE key IS NOT NULL
  )
  SELECT key FROM keys WHERE key IS NOT NULL`

const destroy = `UPDATE notices SET sealed = NULL, subjects = '[]' WHERE sealed IS NOT NULL AND sequence IN`

export function sqliteNotices(database: DatabaseSync) {
  const insert = database.prepare(
    `INSERT INTO notices (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (upstream, fingerprint) DO NOTHING`,
  )
  /** By the number of kinds. */
  const selections = new Map<number, StatementSync>()
  const destroyOfSubject = database.prepare(
    `${destroy} (SELECT sequence FROM notice_subjects WHERE subject = ?)`,
  )
  const destroyBefore = database.prepare(
    `${destroy} (SELECT sequence FROM notices WHERE sealed IS NOT NULL AND received_at < ? ORDER BY received_at LIMIT ?)`,
  )
  const selectSealed = database.prepare(
    `SELECT sequence, id, upstream, notice, sealed FROM notices
      WHERE sequence > ? AND sealed IS NOT NULL ORDER BY sequence LIMIT ?`,
  )
  const selectKeys = database.prepare(selectSealingKeys('notices'))
  const updateSealed = database.prepare('UPDATE notices SET sealed = ? WHERE sequence = ? AND sealed = ?')
  const insertErasure = database.prepare('INSERT INTO erasures (subject, at) VALUES (?, ?)')
  const selectErasures = database.prepare(
    'SELECT sequence, subject FROM erasures WHERE sequence > ? ORDER BY sequence LIMIT ?',
  )

  return {
    keepNotice(
      ...values: [
        id: string,
        upstream: string,
        notice: string,
        receivedAt: number,
        subjects: string,
        fingerprint: string,
        sealed: Uint8Array,
      ]
    ): boolean {
      return insert.run(...values).changes === 1
    },
    readNotices(kinds: readonly NoticeKind[], after: number, limit: number): SelectedNotice[] {
      if (kinds.length === 0) return []
      const select = selections.getOrInsertComputed(kinds.length, count =>
        database.prepare(selectNotices(count)),
      )
      const rows = select.all(...kinds.flatMap(({ upstream, notice }) => [upstream, notice, after]), limit)
      return rows as unknown as SelectedNotice[]
    },
    eraseNotices: (subject: string) => Number(destroyOfSubject.run(subject).changes),
    destroyNotices: (before: number, limit: number) => Number(destroyBefore.run(before, limit).changes),
    readSealed: (after: number, limit: number) => selectSealed.all(after, limit) as unknown as SealedRow[],
    sealedKeyIds: () => selectKeys.all().map(({ key }) => String(key)),
    reseal: (sequence: number, before: Uint8Array, sealed: Uint8Array) =>
      updateSealed.run(sealed, sequence, before).changes === 1,
    keepErasure(subject: string, at: number): void {
      insertErasure.run(subject, at)
    },
    readErasures: (after: number, limit: number) => selectErasures.all(after, limit) as unknown as Erasure[],
  }
}
