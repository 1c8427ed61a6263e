import type { DatabaseSync } from 'node:sqlite'
import { selectSealingKeys } from './sqlite-notices.ts'
import type { AttachmentRoom, SealedAttachment, StoredAttachment } from './submissions.ts'

/** Papers of orders. */
export function sqliteAttachments(database: DatabaseSync) {
  const insert = database.prepare(
    `INSERT INTO attachments (id, member, content_type, bytes, arrived_at, holds, sealed)
      SELECT ?1, ?2, ?3, ?4, ?5, 0, ?6
      WHERE (SELECT count(*) < ?7 AND total(bytes) + ?4 <= ?8 FROM attachments WHERE member = ?2 AND holds = 0)`,
  )
  const select = database.prepare(
    `SELECT id, member, content_type AS contentType, bytes, sealed FROM attachments
      WHERE id IN (SELECT value FROM json_each(?)) AND member = ?`,
  )
  const selectUsable = database.prepare(
    `SELECT id, bytes FROM attachments
      WHERE id IN (SELECT value FROM json_each(?)) AND member = ? AND (holds > 0 OR arrived_at > ?)`,
  )
  const hold = database.prepare(
    'UPDATE attachments SET holds = holds + 1 WHERE id = ? AND member = ? RETURNING sequence',
  )
  const insertHold = database.prepare(
    'INSERT INTO submission_attachments (submission, attachment) VALUES (?, ?)',
  )
  const deleteHolds = database.prepare(
    'DELETE FROM submission_attachments WHERE submission = ? RETURNING attachment',
  )
  const letGo = database.prepare('UPDATE attachments SET holds = holds - 1 WHERE sequence = ?')
  const deleteUnheld = database.prepare('DELETE FROM attachments WHERE sequence = ? AND holds = 0')
  const deleteUnused = database.prepare(
    `DELETE FROM attachments WHERE sequence IN
      (SELECT sequence FROM attachments WHERE holds = 0 AND arrived_at <= ? ORDER BY arrived_at LIMIT ?)`,
  )
  const selectSealed = database.prepare(
    'SELECT sequence, id, member, sealed FROM attachments WHERE sequence > ? ORDER BY sequence LIMIT ?',
  )
  const selectKeys = database.prepare(selectSealingKeys('attachments'))
  const updateSealed = database.prepare('UPDATE attachments SET sealed = ? WHERE sequence = ? AND sealed = ?')

  return {
    /** @throws when one of them is gone, or another member's. */
    holdAttachments(submission: number, member: string, ids: readonly string[]): void {
      for (const id of new Set(ids)) {
        const held = hold.get(id, member)
        if (!held) throw new Error('an attachment is gone')
        insertHold.run(submission, held['sequence']!)
      }
    },
    /** Destroys those that no other order names. */
    letGoOfAttachments(submission: number): void {
      for (const { attachment } of deleteHolds.all(submission)) {
        letGo.run(attachment!)
        deleteUnheld.run(attachment!)
      }
    },
    functions: {
      keepAttachment(
        now: number,
        { id, member, contentType, bytes, sealed }: StoredAttachment,
        most: AttachmentRoom,
      ): boolean {
        const kept = insert.run(id, member, contentType, bytes, now, sealed, most.count, most.bytes)
        return kept.changes === 1
      },
      findAttachments: (member: string, ids: readonly string[]) =>
        select.all(JSON.stringify(ids), member) as unknown as StoredAttachment[],
      findUsableAttachments: (now: number, member: string, ids: readonly string[], unusedMs: number) =>
        selectUsable.all(JSON.stringify(ids), member, now - unusedMs) as unknown as Pick<
          StoredAttachment,
          'id' | 'bytes'
        >[],
      destroyUnusedAttachments: (now: number, unusedMs: number, limit: number) =>
        Number(deleteUnused.run(now - unusedMs, limit).changes),
      readSealedAttachments: (after: number, limit: number) =>
        selectSealed.all(after, limit) as unknown as SealedAttachment[],
      sealedAttachmentKeyIds: () => selectKeys.all().map(({ key }) => String(key)),
      resealAttachment: (sequence: number, before: Uint8Array, sealed: Uint8Array) =>
        updateSealed.run(sealed, sequence, before).changes === 1,
    },
  }
}
