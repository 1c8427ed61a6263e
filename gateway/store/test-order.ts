import { randomBytes, randomUUIDv7 } from 'node:crypto'
import type { SubmissionState } from '#contracts/submission.ts'
import type {
  AttachmentRoom,
  IdempotencyKey,
  NewSubmission,
  NewSubmissionEvent,
  StoredAttachment,
  SubmissionRow,
  SubmissionStore,
} from './submissions.ts'
import { testSealed } from './test-entry.ts'

/** An order about nobody, with what JSON and SQL could stumble over. */
export const testOrder = (changes: Partial<NewSubmission> = {}): NewSubmission => ({
  id: randomUUIDv7(),
  capability: 'loss-report.file',
  upstream: 'polri',
  member: 'polres',
  case: 'a case',
  purpose: 'loss-report',
  agreement: `polri-front-office 'é"`,
  orderKey: null,
  subjects: ['one', 'another'],
  acceptedAt: 1_790_000_000_000,
  state: 'queued',
  awaits: 'gateway',
  dueInMs: 0,
  sealed: testSealed('2026', 'content'),
  attachments: [],
  ...changes,
})

export const testEvent = (state: SubmissionState, at = 1_790_000_000_000): NewSubmissionEvent => ({
  id: randomUUIDv7(),
  at,
  type: `submission.${state}`,
  content: { state, reason: `O'Brien "é" \u0000 \ud800` },
})

export const testKey = (changes: Partial<IdempotencyKey> = {}): IdempotencyKey => ({
  key: randomUUIDv7(),
  fingerprint: 'a fingerprint',
  lastsMs: 1_000_000,
  ...changes,
})

/** Room for any attachment. */
export const plenty: AttachmentRoom = { count: 1_000, bytes: 1_000_000_000 }

export const testAttachment = (changes: Partial<StoredAttachment> = {}): StoredAttachment => ({
  id: `att_${randomBytes(16).toString('base64url')}`,
  member: 'polres',
  contentType: 'application/pdf',
  bytes: 5,
  sealed: testSealed('2026', 'a paper'),
  ...changes,
})

/** Keeps an order, and gives it as it is then. */
export async function acceptOrder(
  store: SubmissionStore,
  changes: Partial<NewSubmission> = {},
): Promise<SubmissionRow> {
  const order = testOrder(changes)
  await store.acceptSubmission(order, testKey(), testEvent('queued'))
  return (await store.findSubmission(order.id))!
}

/** Brings an order into a state, with its event. */
export async function moveTo(
  store: SubmissionStore,
  { id, revision }: SubmissionRow,
  state: SubmissionState,
): Promise<SubmissionRow> {
  const moved = await store.moveSubmission(id, revision, { state, awaits: null, dueInMs: null }, [
    testEvent(state),
  ])
  return moved!
}
