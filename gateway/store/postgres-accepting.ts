import type { Connections } from './postgres-connections.ts'
import { now } from './postgres-submission-events.ts'
import { type Columns, rowsSql, together, valuesOf } from './postgres-together.ts'
import { StoreUnavailable } from './store.ts'
import type { IdempotencyKey, NewSubmission, NewSubmissionEvent, SubmissionStore } from './submissions.ts'

interface Acceptance {
  readonly submission: NewSubmission
  readonly key: IdempotencyKey
  readonly event: NewSubmissionEvent
}

const columns: Columns<Acceptance> = [
  ['key', 'text', ({ key }) => key.key],
  ['fingerprint', 'text', ({ key }) => key.fingerprint],
  ['lasts_ms', 'bigint', ({ key }) => key.lastsMs],
  ['id', 'text', ({ submission }) => submission.id],
  ['state', 'text', ({ submission }) => submission.state],
  ['capability', 'text', ({ submission }) => submission.capability],
  ['upstream', 'text', ({ submission }) => submission.upstream],
  ['member', 'text', ({ submission }) => submission.member],
  ['case_id', 'text', ({ submission }) => submission.case],
  ['purpose', 'text', ({ submission }) => submission.purpose],
  ['agreement', 'text', ({ submission }) => submission.agreement],
  ['accepted_at', 'bigint', ({ submission }) => submission.acceptedAt],
  ['order_key', 'text', ({ submission }) => submission.orderKey],
  ['subjects', 'json', ({ submission }) => JSON.stringify(submission.subjects)],
  ['awaits', 'text', ({ submission }) => submission.awaits],
  ['due_in_ms', 'bigint', ({ submission }) => submission.dueInMs],
  ['sealed', 'bytea', ({ submission }) => submission.sealed],
  ['attachments', 'json', ({ submission }) => JSON.stringify(submission.attachments)],
  ['event_id', 'text', ({ event }) => event.id],
  ['event_at', 'bigint', ({ event }) => event.at],
  ['event_type', 'text', ({ event }) => event.type],
  ['event_content', 'text', ({ event }) => JSON.stringify(event.content)],
]

/**
 * All in one statement, which ends by itself should the gateway stand still. Orders with one order key get their sequence one
 * after the other, so that who sees one sees those before it. Where a key is in use, nothing is accepted under it; a paper that is
 * not there leaves a NULL that the table refuses. What gateways may wait for each other for, they lock in the same order.
 */
const accept = `WITH asked AS MATERIALIZED (
    SELECT * FROM ${rowsSql('asked', columns)}
  ), in_turn AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(hashtext('submissions'), hash) FROM (
      SELECT DISTINCT hashtext(upstream || ' ' || order_key) AS hash FROM asked WHERE order_key IS NOT NULL ORDER BY 1
    ) AS order_keys
  ), keys AS (
    INSERT INTO idempotency_keys AS kept (key, fingerprint, submission, expires_at)
    SELECT key, fingerprint, id, ${now} + lasts_ms FROM asked ORDER BY key
    ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, submission = excluded.submission,
      expires_at = excluded.expires_at
      WHERE kept.expires_at <= ${now}
    RETURNING key
  ), accepted AS (
    INSERT INTO submissions (id, state, capability, upstream, member, case_id, purpose, agreement, accepted_at, order_key,
      subjects, awaits, due_at, sealed, revision, attempts, since, is_forgotten)
    SELECT id, state, capability, upstream, member, case_id, purpose, agreement, accepted_at, order_key,
      ARRAY(SELECT json_array_elements_text(subjects)), awaits, ${now} + due_in_ms, sealed, 1, 0, ${now}, false
    FROM asked JOIN keys USING (key) WHERE (SELECT count(*) FROM in_turn) >= 0 ORDER BY nth
    RETURNING sequence, id
  ), about AS (
    INSERT INTO submission_subjects (subject, sequence)
    SELECT DISTINCT subject, sequence
    FROM accepted JOIN asked USING (id) CROSS JOIN json_array_elements_text(subjects) AS subject
  ), named AS (
    SELECT DISTINCT sequence AS submission, member, attachment
    FROM accepted JOIN asked USING (id) CROSS JOIN json_array_elements_text(attachments) AS attachment
  ), held AS (
    UPDATE attachments SET holds = holds + times
    FROM (SELECT attachment, member, count(*) AS times FROM named GROUP BY attachment, member) AS wanted
    WHERE id = attachment AND attachments.member = wanted.member AND sealed IS NOT NULL
    RETURNING id, attachments.member, sequence
  ), linked AS (
    INSERT INTO submission_attachments (submission, attachment)
    SELECT submission, sequence FROM named LEFT JOIN held ON id = attachment AND held.member = named.member
  ), logged AS (
    INSERT INTO submission_events (id, submission, capability, member, case_id, at, type, content)
    SELECT event_id, id, capability, member, case_id, event_at, event_type, event_content
    FROM asked JOIN accepted USING (id) ORDER BY nth
  )
  SELECT id FROM accepted`

const findKey = `SELECT submission AS id, fingerprint FROM idempotency_keys WHERE key = $1 AND expires_at > ${now}`

/** A key can be forgotten between two looks at it, hardly more often. */
const mostLooks = 5

/** `ordering` is for what counters bring. */
export function postgresAccepting(ordering: Connections): Pick<
  SubmissionStore,
  'acceptSubmission' | 'findIdempotencyKey'
> & {
  readonly close: () => Promise<void>
} {
  const { call, close } = together<Acceptance, boolean>(
    ({ key }) => key.key,
    async acceptances => {
      const { rows } = await ordering.query<{ id: string }>(accept, valuesOf(columns, acceptances), 'accept')
      const accepted = new Set(rows.map(({ id }) => id))
      return acceptances.map(({ submission }) => accepted.has(submission.id))
    },
  )

  async function findIdempotencyKey(key: string) {
    const { rows } = await ordering.query<{ id: string; fingerprint: string }>(findKey, [key], 'find key')
    return rows[0]
  }

  return {
    async acceptSubmission(submission, key, event) {
      for (let look = 0; look < mostLooks; look++) {
        if (await call({ submission, key, event }))
          return { id: submission.id, fingerprint: key.fingerprint, isNew: true }
        const inUse = await findIdempotencyKey(key.key)
        if (inUse) return { ...inUse, isNew: false }
      }
      throw new StoreUnavailable('the key comes and goes')
    },
    findIdempotencyKey,
    close,
  }
}
