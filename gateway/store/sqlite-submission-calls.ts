import type { Functions } from './sqlite-database.ts'
import type { EventText, LoggedText } from './sqlite-submission-events.ts'
import type { SelectedSubmission } from './sqlite-submissions.ts'
import {
  type LoggedEvent,
  mostLookedThrough,
  type NewSubmissionEvent,
  type SubmissionRow,
  type SubmissionStore,
} from './submissions.ts'

type Run = <Name extends keyof Functions>(
  name: Name,
  ...parameters: Parameters<Functions[Name]>
) => Promise<ReturnType<Functions[Name]>>

/** What is asked of orders, as calls of the database's thread. `copyOf` readies bytes for a message. */
export function submissionCalls(
  run: Run,
  now: () => number,
  copyOf: (bytes: Uint8Array) => Uint8Array,
): SubmissionStore {
  return {
    acceptSubmission: (submission, key, event) =>
      run(
        'acceptSubmission',
        now(),
        { ...submission, sealed: copyOf(submission.sealed) },
        key,
        textOf(event),
      ),
    findIdempotencyKey: key => run('findIdempotencyKey', now(), key),
    findSubmissionAhead: id => run('findSubmissionAhead', id),
    findSubmission: async id => optional(await run('findSubmission', id)),
    async listSubmissions(filter, from, limit) {
      const found: SubmissionRow[] = []
      for (let start: number | undefined = from; start !== undefined && found.length < limit;) {
        const page: ReturnType<Functions['listSubmissions']> = await run(
          'listSubmissions',
          filter,
          start,
          limit - found.length,
        )
        found.push(...page.rows.map(rowOf))
        start = page.next
      }
      return found
    },
    countSubmissions: () => run('countSubmissions'),

    async takeSubmissions(upstreams, limit, leaseMs) {
      const taken: SubmissionRow[] = []
      for (let looked = limit; taken.length < limit; looked = mostLookedThrough) {
        const page: ReturnType<Functions['takeSubmissions']> = await run(
          'takeSubmissions',
          now(),
          upstreams,
          limit - taken.length,
          leaseMs,
          looked,
        )
        taken.push(...page.rows.map(rowOf))
        if (!page.isMore) break
      }
      return taken
    },
    takeLapsedSubmissions: async (upstream, limit, leaseMs) =>
      (await run('takeLapsedSubmissions', now(), upstream, limit, leaseMs)).map(rowOf),
    async moveSubmission(id, revision, { sealed, ...change }, events) {
      const copied = sealed === undefined ? change : { ...change, sealed: copyOf(sealed) }
      return optional(await run('moveSubmission', now(), id, revision, copied, events.map(textOf)))
    },
    wakeSubmissions: (upstream, subjects) => run('wakeSubmissions', now(), upstream, subjects),

    async readSubmissionEvents(submission) {
      const rows = await run('readSubmissionEvents', submission)
      return rows.map(({ position: _position, ...row }) => eventOf(row))
    },
    readEvents: async (after, limit, member) => (await run('readEvents', after, limit, member)).map(eventOf),
    findEventPosition: id => run('findEventPosition', id),
    lastEventPosition: () => run('lastEventPosition'),

    keepAttachment: (attachment, most) =>
      run('keepAttachment', now(), { ...attachment, sealed: copyOf(attachment.sealed) }, most),
    findAttachments: (member, ids) => run('findAttachments', member, ids),
    findUsableAttachments: (member, ids, unusedMs) =>
      run('findUsableAttachments', now(), member, ids, unusedMs),
    destroyUnusedAttachments: (unusedMs, limit) => run('destroyUnusedAttachments', now(), unusedMs, limit),

    destroySubmissions: (finalForMs, limit) => run('destroySubmissions', now(), finalForMs, limit),
    forgetSubmissionTraces: (eventsBefore, limit) =>
      run('forgetSubmissionTraces', now(), eventsBefore, limit),
    eraseSubmissions: subject => run('eraseSubmissions', subject),

    readSealedSubmissions: (after, limit) => run('readSealedSubmissions', after, limit),
    readSealedAttachments: (after, limit) => run('readSealedAttachments', after, limit),
    sealedSubmissionKeyIds: () => run('sealedSubmissionKeyIds'),
    sealedAttachmentKeyIds: () => run('sealedAttachmentKeyIds'),
    resealSubmission: (row, sealed) =>
      run('resealSubmission', row.sequence, copyOf(row.sealed), copyOf(sealed)),
    resealAttachment: (row, sealed) =>
      run('resealAttachment', row.sequence, copyOf(row.sealed), copyOf(sealed)),

    takeWebhook: (id, leaseMs) => run('takeWebhook', now(), id, leaseMs),
    moveWebhook: (id, revision, change, dead) => run('moveWebhook', now(), id, revision, change, dead),
    readWebhook: id => run('readWebhook', id),
    readDeadEvents: (webhook, limit) => run('readDeadEvents', webhook, limit),
  }
}

const rowOf = (row: SelectedSubmission): SubmissionRow => ({
  ...row,
  subjects: JSON.parse(row.subjects) as string[],
})
const optional = (row: SelectedSubmission | undefined): SubmissionRow | undefined => row && rowOf(row)

const textOf = ({ id, at, type, content }: NewSubmissionEvent): EventText => ({
  id,
  at,
  type,
  content: JSON.stringify(content),
})

const eventOf = <Row extends Omit<LoggedText, 'position'>>(
  row: Row,
): Omit<Row, 'content'> & Pick<LoggedEvent, 'content'> => ({
  ...row,
  content: JSON.parse(row.content) as LoggedEvent['content'],
})
