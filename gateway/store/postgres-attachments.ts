import type { Connections } from './postgres-connections.ts'
import { selectSealingKeys } from './postgres-notices.ts'
import { now } from './postgres-submission-events.ts'
import type { SealedAttachment, StoredAttachment, SubmissionStore } from './submissions.ts'

/**
 * What goes with the content of the orders in `ended`: whose it was, and the attachments that no other order names. Of these
 * an empty row stays for a while, because a row that is counted down cannot be deleted in the same statement.
 */
export const letGoOfEnded = `forgotten AS (
    DELETE FROM submission_subjects USING ended WHERE submission_subjects.sequence = ended.sequence
  ), unlinked AS (
    DELETE FROM submission_attachments USING ended WHERE submission = ended.sequence RETURNING attachment
  ), let_go AS (
    UPDATE attachments SET holds = holds - times, sealed = CASE WHEN holds > times THEN sealed END
    FROM (SELECT attachment, count(*) AS times FROM unlinked GROUP BY attachment) AS unlinked
    WHERE attachments.sequence = attachment
  )`

const destroyUnused = `WITH destroyed AS (
    DELETE FROM attachments WHERE holds = 0 AND sequence IN (
      SELECT sequence FROM attachments WHERE holds = 0 AND arrived_at <= ${now} - $1::bigint
      ORDER BY arrived_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING sealed IS NOT NULL AS was_kept
  )
  SELECT count(*) AS count FROM destroyed WHERE was_kept`

type Attachments = Pick<
  SubmissionStore,
  | 'keepAttachment'
  | 'findAttachments'
  | 'findUsableAttachments'
  | 'destroyUnusedAttachments'
  | 'readSealedAttachments'
  | 'sealedAttachmentKeyIds'
  | 'resealAttachment'
>

/** Papers of orders. */
export function postgresAttachments(asking: Connections, ordering: Connections): Attachments {
  return {
    async keepAttachment({ id, member, contentType, bytes, sealed }, most) {
      const insert = `INSERT INTO attachments (id, member, content_type, bytes, arrived_at, holds, sealed)
        SELECT $1, $2::text, $3, $4::integer, ${now}, 0, $5
        WHERE (SELECT count(*) < $6 AND coalesce(sum(bytes), 0) + $4::integer <= $7
          FROM attachments WHERE member = $2 AND holds = 0 AND sealed IS NOT NULL)`
      const values = [id, member, contentType, bytes, sealed, most.count, most.bytes]
      return (await ordering.query(insert, values)).count === 1
    },
    async findAttachments(member, ids) {
      const select = `SELECT id, member, content_type AS "contentType", bytes, sealed FROM attachments
        WHERE id = ANY ($1) AND member = $2 AND sealed IS NOT NULL`
      return (await asking.query<StoredAttachment>(select, [ids, member])).rows
    },
    async findUsableAttachments(member, ids, unusedMs) {
      const select = `SELECT id, bytes FROM attachments WHERE id = ANY ($1) AND member = $2 AND sealed IS NOT NULL
        AND (holds > 0 OR arrived_at > ${now} - $3::bigint)`
      return (await asking.query<Pick<StoredAttachment, 'id' | 'bytes'>>(select, [ids, member, unusedMs]))
        .rows
    },
    async destroyUnusedAttachments(unusedMs, limit) {
      return (await ordering.query<{ count: number }>(destroyUnused, [unusedMs, limit])).rows[0]!.count
    },
    async readSealedAttachments(after, limit) {
      const page = `SELECT sequence, id, member, sealed FROM attachments
        WHERE sequence > $1 AND sealed IS NOT NULL ORDER BY sequence LIMIT $2`
      return (await asking.query<SealedAttachment>(page, [after, limit])).rows
    },
    async sealedAttachmentKeyIds() {
      return (await asking.query<{ key: string }>(selectSealingKeys('attachments'))).rows.map(
        ({ key }) => key,
      )
    },
    async resealAttachment({ sequence, sealed: before }, sealed) {
      const update = 'UPDATE attachments SET sealed = $1 WHERE sequence = $2 AND sealed = $3'
      return (await ordering.query(update, [sealed, sequence, before])).count === 1
    },
  }
}
