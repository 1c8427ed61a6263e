import type { SubmissionState } from '#contracts/submission.ts'
import { postgresAccepting } from './postgres-accepting.ts'
import { letGoOfEnded, postgresAttachments } from './postgres-attachments.ts'
import type { Connections } from './postgres-connections.ts'
import { postgresMoving } from './postgres-moving.ts'
import { selectSealingKeys } from './postgres-notices.ts'
import { now, postgresSubmissionEvents } from './postgres-submission-events.ts'
import {
  conditionsOf,
  isBlockingSql,
  isFinalSql,
  isOpenSql,
  pagedBy,
  submissionColumns as columns,
} from './submission-sql.ts'
import {
  mostLookedThrough,
  mostPutOff,
  putOffMs,
  type SealedSubmission,
  type SubmissionRow,
  type SubmissionStore,
} from './submissions.ts'

/**
 * Locked as they come in the index, each upstream's; what another has in hand is passed over. An order is put off only while the
 * one ahead of it is held: whoever moves that one then waits, and finds what was put off. One that is moving is not waited for:
 * what is behind it stays due, and is looked at again.
 */
const take = `WITH page AS MATERIALIZED (
    SELECT due.* FROM unnest($1::text[]) AS asked (upstream) CROSS JOIN LATERAL (
      SELECT sequence, upstream, order_key, state, due_at AS was_due FROM submissions
      WHERE upstream = asked.upstream AND due_at <= ${now}
      ORDER BY upstream, due_at, sequence LIMIT $4 FOR UPDATE SKIP LOCKED
    ) AS due
    ORDER BY was_due, sequence LIMIT $4
  ), due AS MATERIALIZED (
    SELECT sequence, upstream, order_key, was_due, state = 'queued' AND order_key IS NOT NULL AND EXISTS (
        SELECT FROM submissions AS ahead
        WHERE ahead.upstream = page.upstream AND ahead.order_key = page.order_key
          AND ahead.sequence < page.sequence AND ${isBlockingSql('ahead.state')}
      ) AS is_blocked
    FROM page
  ), held AS MATERIALIZED (
    SELECT blocked.* FROM (
      SELECT upstream, order_key, min(sequence) AS first FROM due WHERE is_blocked GROUP BY upstream, order_key
    ) AS blocked CROSS JOIN LATERAL (
      SELECT FROM submissions AS ahead
      WHERE ahead.upstream = blocked.upstream AND ahead.order_key = blocked.order_key
        AND ahead.sequence < blocked.first AND ${isBlockingSql('ahead.state')}
      ORDER BY ahead.sequence LIMIT 1 FOR SHARE SKIP LOCKED
    ) AS head
  ), put_off AS (
    UPDATE submissions SET due_at = ${now} + ${putOffMs} WHERE sequence IN (
      SELECT pile.sequence FROM held CROSS JOIN LATERAL (
        SELECT sequence FROM submissions AS behind
        WHERE behind.upstream = held.upstream AND behind.order_key = held.order_key
          AND behind.sequence >= held.first AND ${isBlockingSql('behind.state')}
          AND behind.state = 'queued' AND behind.due_at <= ${now}
        ORDER BY behind.sequence LIMIT ${mostPutOff} FOR UPDATE SKIP LOCKED
      ) AS pile)
    RETURNING sequence
  ), taken AS (
    UPDATE submissions SET due_at = ${now} + $3::bigint, revision = revision + 1 FROM (
      SELECT sequence, was_due FROM due WHERE NOT is_blocked ORDER BY was_due, sequence LIMIT $2
    ) AS free
    WHERE submissions.sequence = free.sequence AND (SELECT count(*) FROM held) >= 0
    RETURNING submissions.*, was_due
  )
  SELECT ${columns}, (SELECT count(*) FROM due) = $4 AND EXISTS (SELECT FROM put_off) AS "isMore"
  FROM (SELECT) AS always LEFT JOIN taken ON true ORDER BY was_due, sequence`

const takeLapsed = `UPDATE submissions SET due_at = ${now} + $3::bigint, revision = revision + 1 WHERE sequence IN (
    SELECT sequence FROM submissions WHERE upstream = $1 AND state = 'sending' AND ${isOpenSql()} AND due_at + 0 <= ${now}
    ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING ${columns}`

/** From the subjects on, of whom there are few; locked in the order of their sequence, see `postgres-moving.ts`. */
const wake = `WITH about AS MATERIALIZED (
    SELECT DISTINCT sequence FROM submission_subjects WHERE subject = ANY ($2::text[]) ORDER BY sequence
  )
  UPDATE submissions SET due_at = ${now} WHERE sequence IN (
    SELECT found.sequence FROM about CROSS JOIN LATERAL (
      SELECT sequence FROM submissions
      WHERE sequence = about.sequence AND upstream = $1 AND state IN ('accepted', 'uncertain')
        AND awaits IN ('agency', 'gateway')
      FOR UPDATE
    ) AS found)`

const destroyOver = `WITH ended AS (
    UPDATE submissions SET sealed = NULL, subjects = '{}', is_forgotten = true WHERE sequence IN (
      SELECT sequence FROM submissions WHERE sealed IS NOT NULL AND ${isFinalSql()} AND since <= ${now} - $1::bigint
      ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING sequence
  ), ${letGoOfEnded}
  SELECT FROM ended`

const erase = `WITH about AS (
    UPDATE submissions SET is_forgotten = true, sealed = CASE WHEN ${isOpenSql()} THEN sealed END,
      subjects = CASE WHEN ${isOpenSql()} THEN subjects ELSE '{}' END
    FROM submission_subjects WHERE subject = $1 AND submissions.sequence = submission_subjects.sequence
    RETURNING submissions.sequence, ${isOpenSql()} AS is_open
  ), ended AS (
    SELECT sequence FROM about WHERE NOT is_open
  ), ${letGoOfEnded}
  SELECT count(*) FILTER (WHERE NOT is_open) AS destroyed, count(*) FILTER (WHERE is_open) AS open FROM about`

const forget = `WITH keys AS (
    DELETE FROM idempotency_keys WHERE key IN (
      SELECT key FROM idempotency_keys WHERE expires_at <= ${now} ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING key
  ), events AS (
    DELETE FROM submission_events WHERE arrival IN (
      SELECT arrival FROM submission_events WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING arrival
  ), dead AS (
    DELETE FROM dead_events WHERE at < $1
  )
  SELECT (SELECT count(*) FROM keys) + (SELECT count(*) FROM events) AS count`

/**
 * Each use has connections of its own, so that a pile of deliveries holds up no counter: `asking` for what is looked up,
 * `ordering` for what counters bring, `working` for what goes on by itself.
 */
export function postgresSubmissions(
  asking: Connections,
  ordering: Connections,
  working: Connections,
): SubmissionStore & { readonly close: () => Promise<void> } {
  const { close: finishAccepting, ...accepting } = postgresAccepting(ordering)
  const { close: finishMoving, ...moving } = postgresMoving(working)

  return {
    ...postgresAttachments(asking, ordering),
    ...postgresSubmissionEvents(asking, working),
    ...accepting,
    ...moving,
    async close() {
      await Promise.all([finishAccepting(), finishMoving()])
    },

    async findSubmissionAhead(id) {
      const { rows } = await asking.query<Pick<SubmissionRow, 'id' | 'member' | 'state'>>(
        `SELECT ahead.id, ahead.member, ahead.state FROM submissions AS behind JOIN submissions AS ahead
            ON ahead.upstream = behind.upstream AND ahead.order_key = behind.order_key
              AND ahead.sequence < behind.sequence AND ${isBlockingSql('ahead.state')}
          WHERE behind.id = $1 AND behind.state = 'queued' ORDER BY ahead.sequence LIMIT 1`,
        [id],
      )
      return rows[0]
    },
    async findSubmission(id) {
      const select = `SELECT ${columns} FROM submissions WHERE id = $1`
      return (await asking.query<SubmissionRow>(select, [id], 'find submission')).rows[0]
    },
    async listSubmissions(filter, from, limit) {
      const { follows, order } = pagedBy(filter)
      const values: unknown[] = [from, limit]
      const conditions = conditionsOf(filter, {
        one: value => `$${values.push(value)}`,
        oneOf: wanted => `= ANY ($${values.push(wanted)}::text[])`,
        aside: column => column,
      })
      const select = `SELECT ${columns} FROM submissions
        WHERE ${[...conditions, `${follows} $1`].join(' AND ')} ORDER BY ${order} LIMIT $2`
      return (await asking.query<SubmissionRow>(select, values)).rows
    },
    async countSubmissions() {
      const select = `SELECT upstream, state, count(*) AS count, min(since) AS "oldestSince" FROM submissions
        WHERE ${isOpenSql()} GROUP BY upstream, state`
      const { rows } = await asking.query<{
        upstream: string
        state: SubmissionState
        count: number
        oldestSince: number
      }>(select)
      return rows
    },

    async takeSubmissions(upstreams, limit, leaseMs) {
      const taken: SubmissionRow[] = []
      for (let looked = limit; taken.length < limit; looked = mostLookedThrough) {
        const values = [upstreams, limit - taken.length, leaseMs, looked]
        const { rows } = await working.query<Taken>(take, values, 'take')
        for (const { isMore: _isMore, ...row } of rows) if (row.id !== null) taken.push(row)
        if (!rows[0]!.isMore) break
      }
      return taken
    },
    async takeLapsedSubmissions(upstream, limit, leaseMs) {
      return (await working.query<SubmissionRow>(takeLapsed, [upstream, limit, leaseMs], 'take lapsed')).rows
    },
    async wakeSubmissions(upstream, subjects) {
      return (await working.query(wake, [upstream, subjects])).count
    },

    async destroySubmissions(finalForMs, limit) {
      return (await working.query(destroyOver, [finalForMs, limit])).count
    },
    async forgetSubmissionTraces(eventsBefore, limit) {
      return (await working.query<{ count: number }>(forget, [eventsBefore, limit])).rows[0]!.count
    },
    async eraseSubmissions(subject) {
      return (await ordering.query<{ destroyed: number; open: number }>(erase, [subject])).rows[0]!
    },

    async readSealedSubmissions(after, limit) {
      const page = `SELECT sequence, id, sealed FROM submissions
        WHERE sequence > $1 AND sealed IS NOT NULL ORDER BY sequence LIMIT $2`
      return (await asking.query<SealedSubmission>(page, [after, limit])).rows
    },
    async sealedSubmissionKeyIds() {
      return (await asking.query<{ key: string }>(selectSealingKeys('submissions'))).rows.map(
        ({ key }) => key,
      )
    },
    async resealSubmission({ sequence, sealed: before }, sealed) {
      const update = 'UPDATE submissions SET sealed = $1 WHERE sequence = $2 AND sealed = $3'
      return (await ordering.query(update, [sealed, sequence, before])).count === 1
    },
  }
}

/** One without an id says only whether there may be more. */
type Taken = SubmissionRow & { readonly isMore: boolean }
