/**
 * An order: a capability that has an effect at the agency, and so must be neither lost nor doubled.
 * The gateway keeps it before it answers, brings it to the agency at most once, and follows it to its end.
 */
import { z } from 'zod'
import type { Capability, CapabilityDeclaration } from './capability.ts'
import { elementsOf } from './elements.ts'
import type { Text } from './text.ts'

/**
 * How far an order is. `queued`: with us, nothing sent. `sending`: it may be on its way at this moment. `accepted`: the agency
 * has it. `confirmed`: done. `rejected`: the agency says no. `uncertain`: sent, and nobody knows yet what became of it.
 * `dead`: it cannot go on without an operator. `cancelled`: withdrawn before anything was sent.
 */
export const submissionStates = {
  queued: { id: 'Menunggu dikirim', en: 'Waiting to be sent' },
  sending: { id: 'Sedang dikirim', en: 'Being sent' },
  accepted: { id: 'Diterima instansi', en: 'Accepted by the agency' },
  confirmed: { id: 'Selesai', en: 'Done' },
  rejected: { id: 'Ditolak instansi', en: 'Refused by the agency' },
  uncertain: { id: 'Sedang dipastikan', en: 'Being made certain' },
  dead: { id: 'Terhenti, menunggu petugas', en: 'Stopped, waiting for an operator' },
  cancelled: { id: 'Dibatalkan', en: 'Cancelled' },
} as const satisfies Record<string, Text>
export type SubmissionState = keyof typeof submissionStates

/** Nothing more happens to these. */
export const finalStates = [
  'confirmed',
  'rejected',
  'cancelled',
] as const satisfies readonly SubmissionState[]
export const isFinal = (state: SubmissionState): boolean => (finalStates as readonly string[]).includes(state)

/**
 * What an agency's step does to the clock of the service standard (PP 28/2025: it stands still while the applicant is asked
 * for something). `approved-by-silence`: the time ran out, and that grants it.
 */
export const clockActs = ['pause', 'resume', 'reset', 'restart', 'done', 'approved-by-silence'] as const
export type ClockAct = (typeof clockActs)[number]

/** A paper of an order: what requirement of the service standard it meets, and where it is. */
export interface OrderDocument {
  /** Its id in the service catalogue: `ktp`. */
  readonly requirement?: string | undefined
  /** The id that `POST /v1/attachments` gave. */
  readonly attachment?: string | undefined
  /** Where the agency fetches it, for agencies that want a link. Only its origin is checked here. */
  readonly link?: string | undefined
}

export const attachmentId = z
  .string()
  .regex(/^att_[A-Za-z0-9_-]{22}$/, { error: 'the id of an attachment, as POST /v1/attachments gave it' })

/** What the applicant brought: uploaded, or shown at the counter. Part of every form that people hand in. */
export const documents = z
  .array(
    z.strictObject({
      requirement: z
        .string()
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'the id of a requirement of the service' }),
      /** Absent: the officer has seen it. */
      attachment: attachmentId.optional(),
    }),
  )
  .max(30)
  .default([])

export interface SubmissionDeclaration<Input extends z.ZodObject, Output extends z.ZodObject> extends Omit<
  CapabilityDeclaration<Input, Output>,
  'kind' | 'publicPath' | 'publicReuse'
> {
  readonly kind: 'submission'
  /** The papers in an order. */
  readonly documents?: (input: z.output<Input>) => readonly OrderDocument[]
  /** Which kind of its service an order is, where fees differ by it: `sim-a`. */
  readonly variant?: (input: z.output<Input>) => string | undefined
  /** Orders with the same key are brought to the agency one after the other (OSS: the permit); undefined: in any order. */
  readonly orderKey?: (input: z.output<Input>) => string | undefined
}

export interface Submission<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Omit<Capability<Input, Output>, 'kind'>, SubmissionDeclaration<Input, Output> {}

/** `output` is what the agency tells of the order in the end: a number, a date, a document. */
export function defineSubmission<Input extends z.ZodObject, Output extends z.ZodObject>(
  declaration: SubmissionDeclaration<Input, Output>,
): Submission<Input, Output> {
  return { ...declaration, elements: elementsOf(declaration.output) }
}

/** An order as its adapter gets it. */
export interface Order<Input = Record<string, unknown>> {
  /** Ours, the same in every attempt: sent along where the agency takes a reference of the sender's. */
  readonly id: string
  readonly input: Input
  /** Epoch milliseconds at which it was accepted from the counter. */
  readonly acceptedAt: number
  /** The agency's own, once it has given one. */
  readonly reference: string | undefined
  /** The agency has said that it has the order. */
  readonly isAccepted: boolean
  /** The attachments it names, by id. */
  readonly attachments: Readonly<Record<string, { readonly contentType: string; readonly bytes: Uint8Array }>>
}

/**
 * What an agency says of an order. A business "no" may be `rejected` with what it told, or a failure (`failed('REJECTED', …)`).
 * `unlisted`: a step that no table knows: the order keeps its state, and a warning says so.
 * `absent`: only in answer to `status`: the agency knows nothing of it.
 */
export interface Progress<Output = Record<string, unknown>> {
  readonly state: 'accepted' | 'confirmed' | 'rejected' | 'unlisted' | 'absent'
  /** The agency's own word for the step: `41`. Never personal. */
  readonly agencyState?: string | undefined
  readonly clock?: ClockAct | undefined
  /** The agency's number for it. Personal: shown like an element, kept sealed. */
  readonly reference?: string | undefined
  readonly result?: Output | undefined
}

/** It is shown and logged as it is: what could be the number of a person is none. */
export const agencyState = z.string().regex(/^(?!(\D*\d){10})[\w.-]{1,40}$/, {
  error:
    "expected: the agency's own code of the step, 1 to 40 letters, digits or . _ -, and no number of a person",
})

/** A progress as it is checked before the gateway believes it. */
export const progressOf = (output: z.ZodObject) =>
  z.strictObject({
    state: z.enum(['accepted', 'confirmed', 'rejected', 'unlisted', 'absent']),
    agencyState: agencyState.optional(),
    clock: z.enum(clockActs).optional(),
    reference: z.string().min(1).max(100).optional(),
    result: output.optional(),
  })
