/**
 * What the three orders have in common on the wire. Assumed from end to end: our order id goes along as `no_referensi`, comes
 * back in every answer, and is what an order is asked after by.
 */
import { z } from 'zod'
import { type Failed, failed, isFailed } from '#contracts/adapter.ts'
import { type Coded, normaliseText } from '#contracts/code-list.ts'
import type { ClockAct, Order, OrderDocument, Progress } from '#contracts/submission.ts'
import { type Envelope, open } from './envelope.ts'

/** The content of an answer to an order, and to a question about one. */
export const orderPayload = <Shape extends z.core.$ZodLooseShape>(payload: z.ZodObject<Shape>) =>
  payload.extend({ no_referensi: z.string() })

interface OrderPayload {
  readonly no_referensi: string
}

/** What a state of the police's means for an order: how far it is, and whose turn it is. */
export interface Step {
  readonly state: 'accepted' | 'confirmed' | 'rejected'
  readonly clock?: ClockAct
}

/** By the code of the state; a state that stands in no list is in no table either. */
export type Steps<Status extends string> = Readonly<Record<Status, Step>>

/** Nothing goes on before the citizen has been there. */
export const citizensTurn = { state: 'accepted', clock: 'pause' } as const satisfies Step
export const policesTurn = { state: 'accepted', clock: 'resume' } as const satisfies Step
// An order that has ended needs no clock.
export const granted = { state: 'confirmed' } as const satisfies Step
export const refused = { state: 'rejected' } as const satisfies Step

/** What the police say of an order, if it is this one. `read` makes the citizen's part of it, with its state. */
export function readOrder<Payload extends OrderPayload, Status extends string, Result>(
  envelope: Envelope<Payload>,
  { id }: Order,
  nik: string,
  steps: Steps<Status>,
  read: (payload: Payload) => {
    readonly reference: string
    readonly status: Coded<Status>
    readonly result: Result
  },
): Progress<Result> | Failed {
  const payload = open(envelope, nik)
  if (isFailed(payload)) return payload
  if (payload.no_referensi.trim() !== id)
    return failed('UPSTREAM_INVALID', undefined, 'answered about another order')
  const { reference, status, result } = read(payload)
  // What stands in place of a known state may be anything: it is not passed on.
  if (status.code === 'unknown') return { state: 'unlisted', reference }
  return {
    ...steps[status.code],
    agencyState: normaliseText(status.text).replaceAll(' ', '_'),
    reference,
    result,
  }
}

/** In answer to the question after an order, "not found" means that the police do not have it. */
export const orAbsent = <Result>(progress: Progress<Result> | Failed): Progress<Result> | Failed =>
  isFailed(progress) && progress.failed === 'NOT_FOUND' ? { state: 'absent' } : progress

/** Asks after an order: by our id, and by the police's own number (`under` its key) once that is known. */
export const writeInquiry = ({ id, reference }: Order, nik: string, under: string): object => ({
  no_referensi: id,
  nik,
  [under]: reference,
})

export const yesOrNo = (value: boolean): 'Y' | 'T' => (value ? 'Y' : 'T')

/** `jenis` is the requirement's id; a paper without a file has been seen at the counter (`asli_dilihat`). */
export const writeDocuments = (
  documents: readonly OrderDocument[],
  attachments: Order['attachments'],
): readonly object[] =>
  documents.map(({ requirement = 'lainnya', attachment }) => {
    const jenis = requirement.toUpperCase().replaceAll('-', '_')
    if (attachment === undefined) return { jenis, asli_dilihat: 'Y' }
    const { contentType, bytes } = attachments[attachment]!
    return { jenis, format: contentType, isi: bytes.toBase64() }
  })
