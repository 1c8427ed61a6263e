import { letGoOfEnded } from './postgres-attachments.ts'
import type { Connections } from './postgres-connections.ts'
import { now } from './postgres-submission-events.ts'
import { type Columns, rowsSql, together, valuesOf } from './postgres-together.ts'
import { isBlockingSql, isFinalSql, submissionColumns } from './submission-sql.ts'
import type { NewSubmissionEvent, SubmissionChange, SubmissionRow, SubmissionStore } from './submissions.ts'

interface Move {
  readonly id: string
  readonly revision: number
  readonly change: SubmissionChange
  readonly events: readonly NewSubmissionEvent[]
}

/** What is not named stays: where NULL means something, a column before says whether it is named. */
const columns: Columns<Move> = [
  ['id', 'text', ({ id }) => id],
  ['revision', 'bigint', ({ revision }) => revision],
  ['state', 'text', ({ change }) => change.state],
  ['names_awaits', 'boolean', ({ change }) => change.awaits !== undefined],
  ['awaits', 'text', ({ change }) => change.awaits],
  ['names_due', 'boolean', ({ change }) => change.dueInMs !== undefined],
  ['due_in_ms', 'bigint', ({ change }) => change.dueInMs],
  ['attempts', 'integer', ({ change }) => change.attempts],
  ['names_taker', 'boolean', ({ change }) => change.takenBy !== undefined],
  ['taken_by', 'text', ({ change }) => change.takenBy],
  ['sealed', 'bytea', ({ change }) => change.sealed],
]

const eventColumns: Columns<NewSubmissionEvent & { readonly submission: string }> = [
  ['submission', 'text', ({ submission }) => submission],
  ['id', 'text', ({ id }) => id],
  ['at', 'bigint', ({ at }) => at],
  ['type', 'text', ({ type }) => type],
  ['content', 'text', ({ content }) => JSON.stringify(content)],
]

type Moved = SubmissionRow & { readonly makesWay: boolean }

const newState = 'coalesce(wanted.state, kept.state)'
const ends = `kept.is_forgotten AND ${isFinalSql(newState)}`

/** The rows are locked in the order of their sequence, so that those who change several wait for each other in a line. */
const move = `WITH wanted AS MATERIALIZED (
    SELECT asked.*, kept.sequence AS at, kept.state AS left_state
    FROM ${rowsSql('asked', columns)} JOIN submissions AS kept USING (id)
    WHERE kept.revision = asked.revision ORDER BY kept.sequence FOR UPDATE OF kept
  ), moved AS (
    UPDATE submissions AS kept SET
      revision = kept.revision + 1,
      state = ${newState},
      since = CASE WHEN kept.state = ${newState} THEN kept.since ELSE ${now} END,
      awaits = CASE WHEN names_awaits THEN wanted.awaits ELSE kept.awaits END,
      due_at = CASE WHEN names_due THEN ${now} + due_in_ms ELSE kept.due_at END,
      attempts = coalesce(wanted.attempts, kept.attempts),
      taken_by = CASE WHEN names_taker THEN wanted.taken_by ELSE kept.taken_by END,
      sealed = CASE WHEN ${ends} THEN NULL ELSE coalesce(wanted.sealed, kept.sealed) END,
      subjects = CASE WHEN ${ends} THEN '{}' ELSE kept.subjects END
    FROM wanted WHERE kept.sequence = wanted.at AND kept.revision = wanted.revision
    RETURNING kept.*, left_state
  ), logged AS (
    INSERT INTO submission_events (id, submission, capability, member, case_id, at, type, content)
    SELECT event.id, moved.id, capability, member, case_id, event.at, event.type, event.content
    FROM moved JOIN ${rowsSql('event', eventColumns, columns.length + 1)} ON event.submission = moved.id ORDER BY nth
  ), ended AS (
    SELECT sequence FROM moved WHERE is_forgotten AND ${isFinalSql()}
  ), ${letGoOfEnded}
  SELECT ${submissionColumns},
    order_key IS NOT NULL AND ${isBlockingSql('left_state')} AND NOT ${isBlockingSql()} AS "makesWay"
  FROM moved`

/** Of each that has made way, the next one of its order key is due at once. Locked in the same order. */
const releaseNext = `WITH next AS MATERIALIZED (
    SELECT behind.sequence FROM submissions AS behind WHERE behind.sequence IN (
      SELECT first.sequence FROM unnest($1::text[]) AS gone (id) JOIN submissions AS ahead USING (id) CROSS JOIN LATERAL (
        SELECT sequence FROM submissions
        WHERE upstream = ahead.upstream AND order_key = ahead.order_key AND sequence > ahead.sequence AND ${isBlockingSql()}
        ORDER BY sequence LIMIT 1
      ) AS first)
    ORDER BY behind.sequence FOR UPDATE
  )
  UPDATE submissions AS kept SET due_at = least(due_at, ${now}) FROM next
  WHERE kept.sequence = next.sequence AND state = 'queued' AND due_at IS NOT NULL`

/** `working` is for what goes on by itself. */
export function postgresMoving(
  working: Connections,
): Pick<SubmissionStore, 'moveSubmission'> & { readonly close: () => Promise<void> } {
  const { call, close } = together<Move, SubmissionRow | undefined>(
    ({ id }) => id,
    async moves => {
      const events = moves.flatMap(({ id, events }) => events.map(event => ({ ...event, submission: id })))
      const values = [...valuesOf(columns, moves), ...valuesOf(eventColumns, events)]
      const { rows } = await working.query<Moved>(move, values, 'move')
      const gone = rows.filter(({ makesWay }) => makesWay).map(({ id }) => id)
      if (gone.length > 0) await letNextOnesCome(gone)
      const moved = new Map(rows.map(({ makesWay: _makesWay, ...row }) => [row.id, row]))
      return moves.map(({ id }) => moved.get(id))
    },
  )

  /**
   * In a statement of its own, after the commit: that one sees everything that waits, whoever has put it off meanwhile. Where it
   * fails, they have moved all the same, and those behind them come when they have been put off for long enough.
   */
  async function letNextOnesCome(gone: readonly string[]): Promise<void> {
    await working.query(releaseNext, [gone], 'release next').catch(() => {})
  }

  return {
    moveSubmission: (id, revision, change, events) => call({ id, revision, change, events }),
    close,
  }
}
