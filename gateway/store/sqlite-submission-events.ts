import type { DatabaseSync } from 'node:sqlite'
import type { DeadEvent, WebhookRow } from './submissions.ts'

/** An event whose `content` is JSON. */
export interface EventText {
  readonly id: string
  readonly at: number
  readonly type: string
  readonly content: string
}

export interface LoggedText extends EventText {
  readonly position: number
  readonly submission: string
  readonly capability: string
  readonly member: string
  readonly case: string
}

/** The order that events are about. */
export interface EventSubject {
  readonly id: string
  readonly capability: string
  readonly member: string
  readonly case: string
}

const columns = 'position, id, submission, capability, member, case_id AS "case", at, type, content'

/** The log of what happened to orders, and how far it has been told. */
export function sqliteSubmissionEvents(database: DatabaseSync) {
  const insert = database.prepare(
    `INSERT INTO submission_events (id, submission, capability, member, case_id, at, type, content)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const selectOfSubmission = database.prepare(
    `SELECT ${columns} FROM submission_events WHERE submission = ? ORDER BY position`,
  )
  const select = database.prepare(
    `SELECT ${columns} FROM submission_events WHERE position > ? ORDER BY position LIMIT ?`,
  )
  const selectOfMember = database.prepare(
    `SELECT ${columns} FROM submission_events WHERE member = ? AND position > ? ORDER BY position LIMIT ?`,
  )
  const selectPosition = database.prepare('SELECT position FROM submission_events WHERE id = ?')
  const selectLast = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'submission_events'`)
  const deleteOld = database.prepare(
    `DELETE FROM submission_events WHERE position IN
      (SELECT position FROM submission_events WHERE at < ? ORDER BY at LIMIT ?)`,
  )
  const deleteDead = database.prepare('DELETE FROM dead_events WHERE at < ?')
  const insertWebhook = database.prepare(
    `INSERT INTO webhooks (id, revision, position, failures, due_at) VALUES (?, 0, ?, 0, ?) ON CONFLICT DO NOTHING`,
  )
  const takeDueWebhook = database.prepare(
    `UPDATE webhooks SET revision = revision + 1, due_at = ? WHERE id = ? AND due_at <= ?
      RETURNING id, revision, position, failures, due_at AS dueAt`,
  )
  const updateWebhook = database.prepare(
    `UPDATE webhooks SET revision = revision + 1, position = coalesce(?, position), failures = coalesce(?, failures),
      due_at = ? WHERE id = ? AND revision = ?`,
  )
  const selectWebhook = database.prepare(
    'SELECT id, revision, position, failures, due_at AS dueAt FROM webhooks WHERE id = ?',
  )
  const insertDead = database.prepare(
    `INSERT INTO dead_events (webhook, position, at, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const selectDead = database.prepare(
    `SELECT webhook, position, at, reason FROM dead_events WHERE webhook = ? ORDER BY position DESC LIMIT ?`,
  )

  const lastEventPosition = (): number => Number(selectLast.get()?.['seq'] ?? 0)

  return {
    logEvents(about: EventSubject, events: readonly EventText[]): void {
      for (const { id, at, type, content } of events)
        insert.run(id, about.id, about.capability, about.member, about.case, at, type, content)
    },
    forgetEvents(before: number, limit: number): number {
      deleteDead.run(before)
      return Number(deleteOld.run(before, limit).changes)
    },
    functions: {
      readSubmissionEvents: (submission: string) =>
        selectOfSubmission.all(submission) as unknown as LoggedText[],
      readEvents(after: number, limit: number, member?: string): LoggedText[] {
        const rows =
          member === undefined ? select.all(after, limit) : selectOfMember.all(member, after, limit)
        return rows as unknown as LoggedText[]
      },
      findEventPosition: (id: string) => selectPosition.get(id)?.['position'] as number | undefined,
      lastEventPosition,
      takeWebhook(now: number, id: string, leaseMs: number): WebhookRow | undefined {
        insertWebhook.run(id, lastEventPosition(), now)
        return takeDueWebhook.get(now + leaseMs, id, now) as WebhookRow | undefined
      },
      moveWebhook(
        now: number,
        id: string,
        revision: number,
        change: { readonly position?: number; readonly failures?: number; readonly dueInMs: number },
        dead?: DeadEvent,
      ): boolean {
        const { position = null, failures = null, dueInMs } = change
        if (updateWebhook.run(position, failures, now + dueInMs, id, revision).changes === 0) return false
        if (dead) insertDead.run(dead.webhook, dead.position, dead.at, dead.reason)
        return true
      },
      readWebhook: (id: string) => selectWebhook.get(id) as WebhookRow | undefined,
      readDeadEvents: (webhook: string, limit: number) =>
        selectDead.all(webhook, limit) as unknown as DeadEvent[],
    },
  }
}
