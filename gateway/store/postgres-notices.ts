import type { Connections } from './postgres-connections.ts'
import type { Erasure, NoticeRow, SealedRow, Store } from './store.ts'

/** The next number of its kind: its row is held until the commit, so numbers are seen in their order. */
export const nextArrival = (name: 'notices' | 'erasures' | 'versions'): string =>
  `UPDATE arrivals SET last = last + 1 WHERE name = '${name}' RETURNING last`

const insertNotice = `WITH arrival AS (${nextArrival('notices')})
  INSERT INTO notices (sequence, id, upstream, notice, received_at, subjects, fingerprint, sealed)
  SELECT last, $1, $2, $3, $4, $5, $6, $7 FROM arrival
  ON CONFLICT (upstream, fingerprint) DO NOTHING`

/** Each kind comes from the index, a page at most. */
const selectNotices = `SELECT page.* FROM unnest($1::text[], $2::text[]) AS kind (upstream, notice)
    CROSS JOIN LATERAL (
      SELECT sequence, id, upstream, notice, received_at AS "receivedAt", subjects, fingerprint, sealed FROM notices
      WHERE notices.upstream = kind.upstream AND notices.notice = kind.notice AND sequence > $3 AND sealed IS NOT NULL
      ORDER BY sequence LIMIT $4
    ) AS page
  ORDER BY sequence LIMIT $4`

const destroy = `UPDATE notices SET sealed = NULL, subjects = '{}' WHERE sealed IS NOT NULL`

const destroyBefore = `${destroy} AND sequence IN (
  SELECT sequence FROM notices WHERE sealed IS NOT NULL AND received_at < $1 ORDER BY received_at LIMIT $2)`

/** Each step leaps to the next key in the table's index, however many records a key has sealed. */
export const selectSealingKeys = (table: string): string => `WITH RECURSIVE keys (key) AS (
    SELECT min(sealing_key) FROM ${table} WHERE sealed IS NOT NULL
    UNION ALL
    SELECT (SELECT min(sealing_key) FROM ${table} WHERE sealed IS NOT NULL AND sealing_key > key)
      FROM keys WHERE key IS NOT NULL
  )
  SELECT key FROM keys WHERE key IS NOT NULL`

type Notices = Pick<
  Store,
  | 'keepNotice'
  | 'readNotices'
  | 'eraseNotices'
  | 'destroyNotices'
  | 'readSealed'
  | 'sealedKeyIds'
  | 'reseal'
  | 'keepErasure'
  | 'readErasures'
>

export function postgresNotices({ query }: Connections, keeping: Connections): Notices {
  return {
    async keepNotice({ id, upstream, notice, receivedAt, subjects, fingerprint, sealed }) {
      const values = [id, upstream, notice, receivedAt, subjects, fingerprint, sealed]
      return (await keeping.query(insertNotice, values)).count === 1
    },
    async readNotices(kinds, after, limit) {
      const upstreams = kinds.map(({ upstream }) => upstream)
      const notices = kinds.map(({ notice }) => notice)
      return (await query<NoticeRow>(selectNotices, [upstreams, notices, after, limit])).rows
    },
    async eraseNotices(subject) {
      return (await keeping.query(`${destroy} AND subjects @> ARRAY[$1]::text[]`, [subject])).count
    },
    async destroyNotices(before, limit) {
      return (await keeping.query(destroyBefore, [before, limit])).count
    },
    async readSealed(after, limit) {
      const page = `SELECT sequence, id, upstream, notice, sealed FROM notices
        WHERE sequence > $1 AND sealed IS NOT NULL ORDER BY sequence LIMIT $2`
      return (await query<SealedRow>(page, [after, limit])).rows
    },
    async sealedKeyIds() {
      return (await query<{ key: string }>(selectSealingKeys('notices'))).rows.map(({ key }) => key)
    },
    async reseal({ sequence, sealed: before }, sealed) {
      const update = 'UPDATE notices SET sealed = $1 WHERE sequence = $2 AND sealed = $3'
      return (await keeping.query(update, [sealed, sequence, before])).count === 1
    },
    async keepErasure(subject, at) {
      await keeping.query(
        `WITH arrival AS (${nextArrival('erasures')})
          INSERT INTO erasures (sequence, subject, at) SELECT last, $1, $2 FROM arrival`,
        [subject, at],
      )
    },
    async readErasures(after, limit) {
      const page = 'SELECT sequence, subject FROM erasures WHERE sequence > $1 ORDER BY sequence LIMIT $2'
      return (await query<Erasure>(page, [after, limit])).rows
    },
  }
}
