import type { Connections } from './postgres-connections.ts'
import type { DeadEvent, LoggedEvent, SubmissionEvent, SubmissionStore, WebhookRow } from './submissions.ts'

/** The database's time, read once in a statement. */
export const now = '(SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint)'

const columns = 'id, submission, capability, member, case_id AS "case", at, type, content'

/** Of one statement at most: those who read and those who write share the log. */
const mostNumbered = 1_000
/** Statements that who reads waits for at most: a log that nobody has read for long gets its positions bit by bit. */
const mostNumberings = 10

/**
 * Gives positions to what can be read and has none, in order of arrival. Who does so holds the lock until the commit, and each
 * statement sees what its lock has waited for; sent at once, so that a gateway that stands still cannot stop in between.
 */
const assignPositions = `SELECT pg_advisory_xact_lock('submission_events'::regclass::oid::bigint);
  WITH pending AS MATERIALIZED (
    SELECT arrival, row_number() OVER (ORDER BY arrival) AS nth FROM (
      SELECT arrival FROM submission_events WHERE position IS NULL ORDER BY arrival LIMIT ${mostNumbered}
    ) AS page
  ), numbered AS (
    UPDATE submission_events SET position = last + nth FROM pending, arrivals
    WHERE submission_events.arrival = pending.arrival AND name = 'submission events'
  )
  UPDATE arrivals SET last = last + (SELECT count(*) FROM pending) WHERE name = 'submission events'`

const webhookColumns = 'id, revision, position, failures, due_at AS "dueAt"'

/** A new one begins where the log ends. */
const takeWebhook = `WITH begun AS (
    INSERT INTO webhooks (id, revision, position, failures, due_at)
    SELECT $1, 1, last, 0, ${now} + $2::bigint FROM arrivals WHERE name = 'submission events'
    ON CONFLICT (id) DO NOTHING RETURNING *
  ), taken AS (
    UPDATE webhooks SET revision = revision + 1, due_at = ${now} + $2::bigint
    WHERE id = $1 AND due_at <= ${now} RETURNING *
  )
  SELECT ${webhookColumns} FROM begun UNION ALL SELECT ${webhookColumns} FROM taken`

const moveWebhook = `WITH moved AS (
    UPDATE webhooks SET revision = revision + 1, position = coalesce($3, position), failures = coalesce($4, failures),
      due_at = ${now} + $5::bigint
    WHERE id = $1 AND revision = $2 RETURNING id
  ), dead AS (
    INSERT INTO dead_events (webhook, position, at, reason)
    SELECT $6, $7::bigint, $8::bigint, $9 FROM moved WHERE $6::text IS NOT NULL ON CONFLICT DO NOTHING
  )
  SELECT FROM moved`

/** `content` is JSON. */
type Text<Event> = Omit<Event, 'content'> & { readonly content: string }

type SubmissionEvents = Pick<
  SubmissionStore,
  | 'readSubmissionEvents'
  | 'readEvents'
  | 'findEventPosition'
  | 'lastEventPosition'
  | 'takeWebhook'
  | 'moveWebhook'
  | 'readWebhook'
  | 'readDeadEvents'
>

/** The log of what happened to orders, and how far it has been told. `working` is for what goes on by itself. */
export function postgresSubmissionEvents(asking: Connections, working: Connections): SubmissionEvents {
  /** False when all that can be read has its position. */
  async function numberSome(): Promise<boolean> {
    const look = 'SELECT FROM submission_events WHERE position IS NULL LIMIT 1'
    if ((await working.query(look, [], 'find unnumbered')).count === 0) return false
    await working.query(assignPositions)
    return true
  }

  async function numberAll(): Promise<void> {
    while (await numberSome());
  }

  return {
    async readSubmissionEvents(submission) {
      const select = `SELECT ${columns} FROM submission_events WHERE submission = $1 ORDER BY arrival`
      return (await asking.query<Text<SubmissionEvent>>(select, [submission])).rows.map(eventOf)
    },
    async readEvents(after, limit, member) {
      const ofMember = member === undefined ? '' : 'AND member = $3'
      const page = `SELECT position, ${columns} FROM submission_events
        WHERE position > $1 ${ofMember} ORDER BY position LIMIT $2`
      const values = [after, limit, ...(member === undefined ? [] : [member])]
      for (let numberings = 1; ; numberings++) {
        const mayBeMore = await numberSome()
        const { rows } = await working.query<Text<LoggedEvent>>(page, values)
        if (!mayBeMore || rows.length === limit || numberings === mostNumberings) return rows.map(eventOf)
      }
    },
    async findEventPosition(id) {
      await numberAll()
      const select = 'SELECT position FROM submission_events WHERE id = $1'
      return (await working.query<{ position: number }>(select, [id])).rows[0]?.position
    },
    async lastEventPosition() {
      await numberAll()
      const select = `SELECT last FROM arrivals WHERE name = 'submission events'`
      return (await working.query<{ last: number }>(select)).rows[0]!.last
    },

    async takeWebhook(id, leaseMs) {
      await numberAll()
      return (await working.query<WebhookRow>(takeWebhook, [id, leaseMs])).rows[0]
    },
    async moveWebhook(id, revision, { position, failures, dueInMs }, dead) {
      const letter = [dead?.webhook, dead?.position, dead?.at, dead?.reason]
      const values = [id, revision, position, failures, dueInMs, ...letter]
      return (await working.query(moveWebhook, values)).count === 1
    },
    async readWebhook(id) {
      const select = `SELECT ${webhookColumns} FROM webhooks WHERE id = $1`
      return (await asking.query<WebhookRow>(select, [id])).rows[0]
    },
    async readDeadEvents(webhook, limit) {
      const select = `SELECT webhook, position, at, reason FROM dead_events
        WHERE webhook = $1 ORDER BY position DESC LIMIT $2`
      return (await asking.query<DeadEvent>(select, [webhook, limit])).rows
    },
  }
}

const eventOf = <Event extends { readonly content: string }>(
  event: Event,
): Omit<Event, 'content'> & Pick<SubmissionEvent, 'content'> => ({
  ...event,
  content: JSON.parse(event.content) as SubmissionEvent['content'],
})
