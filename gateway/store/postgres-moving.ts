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

const newState = 'coalesce(wanted.state, kept.state)'
const ends = `kept.is_forgotten AND ${isFinalSql(newState)}`

/**
 * The rows are locked in the order of their sequence, so that those who change several wait for each other in a line. With those
 * that leave the blocking states, the next one of their order key is due at once: one that moves too, or that somebody has in hand
 * at this moment, comes by itself.
 */
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
  ), released AS (
    UPDATE submissions SET due_at = least(due_at, ${now})
    WHERE state = 'queued' AND due_at IS NOT NULL AND sequence IN (
      SELECT next.sequence FROM moved CROSS JOIN LATERAL (
        SELECT behind.sequence FROM submissions AS behind
        WHERE behind.upstream = moved.upstream AND behind.order_key = moved.order_key
          AND behind.sequence > moved.sequence AND ${isBlockingSql('behind.state')}
          AND behind.sequence NOT IN (SELECT sequence FROM moved)
        ORDER BY behind.sequence LIMIT 1 FOR UPDATE SKIP LOCKED
      ) AS next
      WHERE moved.order_key IS NOT NULL AND ${isBlockingSql('left_state')} AND NOT ${isBlockingSql('moved.state')})
  ), ended AS (
    SELECT sequence FROM moved WHERE is_forgotten AND ${isFinalSql()}
  ), ${letGoOfEnded}
  SELECT ${submissionColumns} FROM moved`

/** `working` is for what goes on by itself. */
export function postgresMoving(
  working: Connections,
): Pick<SubmissionStore, 'moveSubmission'> & { readonly close: () => Promise<void> } {
  const { call, close } = together<Move, SubmissionRow | undefined>(
    ({ id }) => id,
    async moves => {
      const events = moves.flatMap(({ id, events }) => events.map(event => ({ ...event, submission: id })))
      const values = [...valuesOf(columns, moves), ...valuesOf(eventColumns, events)]
      const { rows } = await working.query<SubmissionRow>(move, values, 'move')
      const moved = new Map(rows.map(row => [row.id, row]))
      return moves.map(({ id }) => moved.get(id))
    },
  )
  return {
    moveSubmission: (id, revision, change, events) => call({ id, revision, change, events }),
    close,
  }
}
