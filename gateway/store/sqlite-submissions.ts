import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isFinal, type SubmissionState } from '#contracts/submission.ts'
import { sqliteAttachments } from './sqlite-attachments.ts'
import { selectSealingKeys } from './sqlite-notices.ts'
import { type EventText, sqliteSubmissionEvents } from './sqlite-submission-events.ts'
import {
  conditionsOf,
  isBlockingSql,
  isFinalSql,
  isOpenSql,
  pagedBy,
  submissionColumns as columns,
} from './submission-sql.ts'
import {
  blockingStates,
  type IdempotencyKey,
  mostPutOff,
  type NewSubmission,
  putOffMs,
  type SealedSubmission,
  type SubmissionChange,
  type SubmissionFilter,
  type SubmissionRow,
} from './submissions.ts'

/** `subjects` is a JSON array. */
export interface SelectedSubmission extends Omit<SubmissionRow, 'subjects'> {
  readonly subjects: string
}

interface Kept extends Pick<
  SubmissionRow,
  'sequence' | 'upstream' | 'orderKey' | 'state' | 'awaits' | 'dueAt' | 'attempts' | 'takenBy' | 'since'
> {
  readonly isForgotten: number
}

interface Due extends Pick<SubmissionRow, 'sequence' | 'upstream' | 'orderKey'> {
  readonly isBlocked: number
}

/** A filter that no index answers looks at so many orders in one call: others get their turn in between. */
const mostLookedAt = 5_000

const selectDueOf = `SELECT sequence, due_at, upstream, order_key AS orderKey, state = 'queued' AND order_key IS NOT NULL AND EXISTS (
    SELECT 1 FROM submissions AS ahead
    WHERE ahead.upstream = submissions.upstream AND ahead.order_key = submissions.order_key
      AND ahead.sequence < submissions.sequence AND ${isBlockingSql('ahead.state')}
  ) AS isBlocked
  FROM submissions WHERE upstream = ? AND due_at <= ?`

/** Each upstream comes in the order of the index, and SQLite merges them. */
export const selectDue = (upstreams: number): string =>
  `${Array.from({ length: upstreams }, () => selectDueOf).join(' UNION ALL ')} ORDER BY due_at, sequence LIMIT ?`

/** Every function that depends on the time is told it first. */
export const countSubmissionsSql = `SELECT upstream, state, count(*) AS count, min(since) AS oldestSince FROM submissions
  WHERE ${isOpenSql()} GROUP BY state, upstream`

export function sqliteSubmissions(database: DatabaseSync) {
  const attachments = sqliteAttachments(database)
  const events = sqliteSubmissionEvents(database)

  const selectKey = database.prepare(
    'SELECT submission AS id, fingerprint FROM idempotency_keys WHERE key = ? AND expires_at > ?',
  )
  const putKey = database.prepare(
    'INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, submission, expires_at) VALUES (?, ?, ?, ?)',
  )
  const deleteKeys = database.prepare(
    `DELETE FROM idempotency_keys WHERE key IN
      (SELECT key FROM idempotency_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
  )
  const insert = database.prepare(
    `INSERT INTO submissions (id, capability, upstream, member, case_id, purpose, agreement, order_key, subjects,
        accepted_at, revision, state, awaits, due_at, attempts, since, is_forgotten, sealed)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, 0, ?, 0, ?)`,
  )
  const insertSubject = database.prepare(
    'INSERT OR IGNORE INTO submission_subjects (subject, sequence) VALUES (?, ?)',
  )
  const select = database.prepare(`SELECT ${columns} FROM submissions WHERE id = ?`)
  const selectAhead = database.prepare(
    `SELECT ahead.id, ahead.member, ahead.state FROM submissions AS behind JOIN submissions AS ahead
        ON ahead.upstream = behind.upstream AND ahead.order_key = behind.order_key
          AND ahead.sequence < behind.sequence AND ${isBlockingSql('ahead.state')}
      WHERE behind.id = ? AND behind.state = 'queued' ORDER BY ahead.sequence LIMIT 1`,
  )
  const selectKept = database.prepare(
    `SELECT sequence, upstream, order_key AS orderKey, state, awaits, due_at AS dueAt, attempts, taken_by AS takenBy,
      since, is_forgotten AS isForgotten FROM submissions WHERE id = ? AND revision = ?`,
  )
  const selectCounts = database.prepare(countSubmissionsSql)
  const take = database.prepare(
    `UPDATE submissions SET due_at = ?, revision = revision + 1 WHERE sequence = ? RETURNING ${columns}`,
  )
  const takeLapsed = database.prepare(
    `UPDATE submissions SET due_at = ?1, revision = revision + 1 WHERE sequence IN
      (SELECT sequence FROM submissions WHERE upstream = ?2 AND state = 'sending' AND ${isOpenSql()} AND +due_at <= ?3
        ORDER BY since LIMIT ?4) RETURNING ${columns}`,
  )
  const putOff = database.prepare(
    `UPDATE submissions SET due_at = ?1 WHERE sequence IN
      (SELECT sequence FROM submissions
        WHERE upstream = ?2 AND order_key = ?3 AND sequence >= ?4 AND ${isBlockingSql()}
          AND state = 'queued' AND due_at <= ?5 ORDER BY sequence LIMIT ${mostPutOff})`,
  )
  const update = database.prepare(
    `UPDATE submissions SET revision = revision + 1, state = ?, awaits = ?, due_at = ?, attempts = ?, taken_by = ?,
      since = ?, sealed = coalesce(?, sealed) WHERE sequence = ? RETURNING ${columns}`,
  )
  const releaseNext = database.prepare(
    `UPDATE submissions SET due_at = min(due_at, ?1) WHERE state = 'queued' AND due_at IS NOT NULL AND sequence =
      (SELECT sequence FROM submissions
        WHERE upstream = ?2 AND order_key = ?3 AND sequence > ?4 AND ${isBlockingSql()} ORDER BY sequence LIMIT 1)`,
  )
  const wake = database.prepare(
    `UPDATE submissions SET due_at = ? WHERE upstream = ? AND state IN ('accepted', 'uncertain')
      AND awaits IN ('agency', 'gateway') AND sequence IN
        (SELECT sequence FROM submission_subjects WHERE subject IN (SELECT value FROM json_each(?)))`,
  )
  const selectAbout = database.prepare(
    `SELECT sequence, ${isFinalSql()} AS isOver FROM submissions
      WHERE sequence IN (SELECT sequence FROM submission_subjects WHERE subject = ?)`,
  )
  const forget = database.prepare('UPDATE submissions SET is_forgotten = 1 WHERE sequence = ?')
  const empty = database.prepare(
    `UPDATE submissions SET sealed = NULL, subjects = '[]', is_forgotten = 1 WHERE sequence = ?
      RETURNING ${columns}`,
  )
  const selectSubjects = database.prepare(
    'SELECT value FROM submissions, json_each(subjects) WHERE sequence = ?',
  )
  const deleteSubject = database.prepare('DELETE FROM submission_subjects WHERE subject = ? AND sequence = ?')
  const selectOver = database.prepare(
    `SELECT sequence FROM submissions
      WHERE sealed IS NOT NULL AND ${isFinalSql()} AND since <= ? ORDER BY since LIMIT ?`,
  )
  const selectSealed = database.prepare(
    `SELECT sequence, id, sealed FROM submissions
      WHERE sequence > ? AND sealed IS NOT NULL ORDER BY sequence LIMIT ?`,
  )
  const selectKeys = database.prepare(selectSealingKeys('submissions'))
  const updateSealed = database.prepare('UPDATE submissions SET sealed = ? WHERE sequence = ? AND sealed = ?')
  /** By their text. */
  const selections = new Map<string, StatementSync>()

  /** A call that is refused half-way leaves nothing behind; others go on in the same transaction. */
  function allOrNothing<Result>(work: () => Result): Result {
    database.exec('SAVEPOINT call')
    try {
      const result = work()
      database.exec('RELEASE call')
      return result
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK TO call; RELEASE call')
      throw error
    }
  }

  function destroy(sequence: number): SelectedSubmission {
    attachments.letGoOfAttachments(sequence)
    for (const { value } of selectSubjects.all(sequence)) deleteSubject.run(value!, sequence)
    return empty.get(sequence) as unknown as SelectedSubmission
  }

  const prepared = (sql: string): StatementSync =>
    selections.getOrInsertComputed(sql, () => database.prepare(sql))

  /** The last order that one call looks at; undefined when there are not so many left. */
  function boundOf(filter: SubmissionFilter, from: number): number | undefined {
    const { follows, order } = pagedBy(filter)
    const { member } = filter
    const ofMember = member === undefined ? '' : 'member = ? AND '
    const last = prepared(
      `SELECT sequence FROM submissions WHERE ${ofMember}${follows} ? ORDER BY ${order} LIMIT 1 OFFSET ?`,
    ).get(...(member === undefined ? [] : [member]), from, mostLookedAt - 1)
    return last && Number(last['sequence'])
  }

  const findIdempotencyKey = (now: number, key: string) =>
    selectKey.get(key, now) as { id: string; fingerprint: string } | undefined

  return {
    ...events.functions,
    ...attachments.functions,

    acceptSubmission(
      now: number,
      submission: NewSubmission,
      { key, fingerprint, lastsMs }: IdempotencyKey,
      event: EventText,
    ): { id: string; fingerprint: string; isNew: boolean } {
      const inUse = findIdempotencyKey(now, key)
      if (inUse) return { ...inUse, isNew: false }
      const { id, member, subjects, dueInMs } = submission
      return allOrNothing(() => {
        const sequence = Number(
          insert.run(
            id,
            submission.capability,
            submission.upstream,
            member,
            submission.case,
            submission.purpose,
            submission.agreement,
            submission.orderKey,
            JSON.stringify(subjects),
            submission.acceptedAt,
            submission.state,
            submission.awaits,
            dueInMs === null ? null : now + dueInMs,
            now,
            submission.sealed,
          ).lastInsertRowid,
        )
        attachments.holdAttachments(sequence, member, submission.attachments)
        for (const subject of subjects) insertSubject.run(subject, sequence)
        putKey.run(key, fingerprint, id, now + lastsMs)
        events.logEvents(submission, [event])
        return { id, fingerprint, isNew: true }
      })
    },
    findIdempotencyKey,
    findSubmission: (id: string) => select.get(id) as SelectedSubmission | undefined,
    findSubmissionAhead: (id: string) =>
      selectAhead.get(id) as Pick<SelectedSubmission, 'id' | 'member' | 'state'> | undefined,
    /** Where there may be more to find: from `next` on. */
    listSubmissions(
      filter: SubmissionFilter,
      from: number,
      limit: number,
    ): { rows: SelectedSubmission[]; next: number | undefined } {
      const { follows, order } = pagedBy(filter)
      const values: (string | number)[] = []
      const conditions = [
        ...conditionsOf(filter, {
          one(value) {
            values.push(value)
            return '?'
          },
          oneOf(wanted) {
            values.push(JSON.stringify(wanted))
            return 'IN (SELECT value FROM json_each(?))'
          },
          aside: column => `+${column}`,
        }),
      ]
      const bound = isScan(filter) ? boundOf(filter, from) : undefined
      if (bound !== undefined) {
        conditions.push(`sequence ${filter.oldestFirst ? '<=' : '>='} ?`)
        values.push(bound)
      }
      const rows = prepared(
        `SELECT ${columns} FROM submissions WHERE ${[...conditions, `${follows} ?`].join(' AND ')}
          ORDER BY ${order} LIMIT ?`,
      ).all(...values, from, limit)
      return {
        rows: rows as unknown as SelectedSubmission[],
        next: rows.length < limit ? bound : undefined,
      }
    },
    countSubmissions: () =>
      selectCounts.all() as unknown as {
        upstream: string
        state: SubmissionState
        count: number
        oldestSince: number
      }[],

    /** Looks at so many of those that are due; whether there may be more. */
    takeSubmissions(
      now: number,
      upstreams: readonly string[],
      limit: number,
      leaseMs: number,
      looked: number,
    ): { rows: SelectedSubmission[]; isMore: boolean } {
      const rows: SelectedSubmission[] = []
      if (upstreams.length === 0) return { rows, isMore: false }
      const due = prepared(selectDue(upstreams.length))
      const page = due.all(...upstreams.flatMap(id => [id, now]), looked) as unknown as Due[]
      const piles = new Set<string>()
      for (const { sequence, upstream, orderKey, isBlocked } of page) {
        if (rows.length === limit) break
        if (!isBlocked) rows.push(take.get(now + leaseMs, sequence) as unknown as SelectedSubmission)
        else if (!piles.has(`${upstream} ${orderKey}`)) {
          piles.add(`${upstream} ${orderKey}`)
          putOff.run(now + putOffMs, upstream, orderKey, sequence, now)
        }
      }
      return { rows, isMore: page.length === looked && rows.length < limit }
    },
    takeLapsedSubmissions: (now: number, upstream: string, limit: number, leaseMs: number) =>
      takeLapsed.all(now + leaseMs, upstream, now, limit) as unknown as SelectedSubmission[],
    moveSubmission(
      now: number,
      id: string,
      revision: number,
      change: SubmissionChange,
      logged: readonly EventText[],
    ): SelectedSubmission | undefined {
      const kept = selectKept.get(id, revision) as Kept | undefined
      if (!kept) return undefined
      const { state = kept.state, dueInMs } = change
      return allOrNothing(() => {
        const row = update.get(
          state,
          change.awaits === undefined ? kept.awaits : change.awaits,
          dueInMs === undefined ? kept.dueAt : dueInMs === null ? null : now + dueInMs,
          change.attempts ?? kept.attempts,
          change.takenBy === undefined ? kept.takenBy : change.takenBy,
          state === kept.state ? kept.since : now,
          change.sealed ?? null,
          kept.sequence,
        ) as unknown as SelectedSubmission
        events.logEvents(row, logged)
        if (kept.orderKey !== null && isBlocking(kept.state) && !isBlocking(state))
          releaseNext.run(now, kept.upstream, kept.orderKey, kept.sequence)
        return kept.isForgotten && isFinal(state) ? destroy(kept.sequence) : row
      })
    },
    wakeSubmissions: (now: number, upstream: string, subjects: readonly string[]) =>
      Number(wake.run(now, upstream, JSON.stringify(subjects)).changes),

    destroySubmissions: (now: number, finalForMs: number, limit: number) =>
      allOrNothing(
        () => selectOver.all(now - finalForMs, limit).map(({ sequence }) => destroy(Number(sequence))).length,
      ),
    forgetSubmissionTraces: (now: number, eventsBefore: number, limit: number) =>
      Number(deleteKeys.run(now, limit).changes) + events.forgetEvents(eventsBefore, limit),
    eraseSubmissions: (subject: string): { destroyed: number; open: number } =>
      allOrNothing(() => {
        const counted = { destroyed: 0, open: 0 }
        for (const { sequence, isOver } of selectAbout.all(subject)) {
          counted[isOver ? 'destroyed' : 'open'] += 1
          if (isOver) destroy(Number(sequence))
          else forget.run(sequence!)
        }
        return counted
      }),

    readSealedSubmissions: (after: number, limit: number) =>
      selectSealed.all(after, limit) as unknown as SealedSubmission[],
    sealedSubmissionKeyIds: () => selectKeys.all().map(({ key }) => String(key)),
    resealSubmission: (sequence: number, before: Uint8Array, sealed: Uint8Array) =>
      updateSealed.run(sealed, sequence, before).changes === 1,
  }
}

/** Does a page of it cost more than what is on it? */
function isScan({ member, case: visit, awaits, states, ...others }: SubmissionFilter): boolean {
  if (visit !== undefined || awaits === 'officer' || awaits === 'operator') return false
  if (member === undefined && awaits === undefined && states && !states.some(isFinal)) return false
  const { upstreams, capability, sinceBefore } = others
  return [awaits, states, upstreams, capability, sinceBefore].some(condition => condition !== undefined)
}

const isBlocking = (state: SubmissionState): boolean => (blockingStates as readonly string[]).includes(state)
