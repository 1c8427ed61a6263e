/**
 * What the store keeps of orders: the submissions, the log of what happened to them, the attachments they name, and how far
 * each webhook has been told. Implemented beside everything else that is stored, and tested by the same suite.
 *
 * Time within the store is the store's own: whoever asks says how long something lasts, never until when, so that gateways
 * whose clocks differ agree on whose turn it is. Instants that a row returns are epoch milliseconds.
 */
import type { SubmissionState } from '#contracts/submission.ts'

/** An order behind one in these states, of the same upstream and order key, is not brought to the agency. */
export const blockingStates = [
  'queued',
  'sending',
  'uncertain',
  'dead',
] as const satisfies readonly SubmissionState[]

/**
 * How long an order that was found behind another one does not stand among the due ones, should nobody make it due before. Whoever
 * brings the one before it out of its way does so at once: only where they die at that very moment is this waited for. So it is
 * short, and a line of 100,000 is looked through once a minute.
 */
export const putOffMs = 60_000
/** With it, so many of those that wait behind the same one: a pile holds up no other orders. */
export const mostPutOff = 1_000
/** Where some that were looked at wait behind others, so many are looked at together. */
export const mostLookedThrough = 200

/** Who has to act next; null: nobody, it is over. `agency` and `gateway` go by themselves. */
export type Awaited = 'gateway' | 'agency' | 'officer' | 'operator'

/** An order as it is accepted. Nothing of it changes afterwards, but what `SubmissionChange` names. */
export interface NewSubmission {
  /** A UUIDv7. */
  readonly id: string
  readonly capability: string
  readonly upstream: string
  /** Who ordered. */
  readonly member: string
  readonly case: string
  readonly purpose: string
  /** The agreement under which it was accepted. */
  readonly agreement: string
  /** Orders of an upstream with the same one follow each other; a keyed hash. Null: in any order. */
  readonly orderKey: string | null
  /** Everyone it is about, as keyed hashes. */
  readonly subjects: readonly string[]
  readonly acceptedAt: number
  readonly state: Extract<SubmissionState, 'queued'>
  readonly awaits: Awaited
  /** In so many milliseconds a worker may take it; null: none may, a person does. */
  readonly dueInMs: number | null
  /** What was ordered, sealed; later also what came of it. */
  readonly sealed: Uint8Array
  /** The attachments it names: from now on they are kept as long as it. */
  readonly attachments: readonly string[]
}

export interface IdempotencyKey {
  /** Of the member and the capability, as a keyed hash. */
  readonly key: string
  /** Of what was asked for under it, as a keyed hash. */
  readonly fingerprint: string
  /** It may be used anew after so long. */
  readonly lastsMs: number
}

/** An order as it is kept. */
export interface SubmissionRow extends Omit<
  NewSubmission,
  'state' | 'awaits' | 'dueInMs' | 'sealed' | 'attachments'
> {
  /** 1, 2, 3 …, in the order of acceptance, not without gaps. */
  readonly sequence: number
  /** 1 at first, one more with every change: whoever changes it says which one they have seen. */
  readonly revision: number
  readonly state: SubmissionState
  readonly awaits: Awaited | null
  /** When a worker may take it (again); null: none may. In the store's time. */
  readonly dueAt: number | null
  /** Attempts begun. */
  readonly attempts: number
  /** Who has taken it in hand: an officer at the work list. */
  readonly takenBy: string | null
  /** When it came into its present state, in the store's time. */
  readonly since: number
  /** Null once destroyed. */
  readonly sealed: Uint8Array | null
}

/** What may change; what is not named stays. */
export interface SubmissionChange {
  readonly state?: SubmissionState
  readonly awaits?: Awaited | null
  readonly dueInMs?: number | null
  readonly attempts?: number
  readonly takenBy?: string | null
  readonly sealed?: Uint8Array
}

/** Something that happened to an order. Ids, states and codes only: nothing personal. */
export interface NewSubmissionEvent {
  /** A UUIDv7: whoever is told twice knows it by this. */
  readonly id: string
  readonly at: number
  /** `submission.accepted`, see `gateway/delivery/events.ts`. */
  readonly type: string
  readonly content: Readonly<Record<string, unknown>>
}

export interface SubmissionEvent extends NewSubmissionEvent {
  readonly submission: string
  readonly capability: string
  readonly member: string
  readonly case: string
}

/** An event in the one log of all orders. What is read later never has a lower position than what could be read before. */
export interface LoggedEvent extends SubmissionEvent {
  readonly position: number
}

export interface SubmissionFilter {
  readonly member?: string | undefined
  readonly case?: string | undefined
  readonly upstreams?: readonly string[] | undefined
  readonly capability?: string | undefined
  readonly states?: readonly SubmissionState[] | undefined
  readonly awaits?: Awaited | undefined
  /** In its state since before this instant, of the store's time. */
  readonly sinceBefore?: number | undefined
  readonly oldestFirst?: boolean | undefined
}

export interface StoredAttachment {
  /** `att_` and 128 random bits. */
  readonly id: string
  readonly member: string
  /** As sniffed: `application/pdf`. */
  readonly contentType: string
  readonly bytes: number
  readonly sealed: Uint8Array
}

/** How many attachments, and how many bytes in all. */
export interface AttachmentRoom {
  readonly count: number
  readonly bytes: number
}

/** How far the endpoint of a webhook has been told. */
export interface WebhookRow {
  readonly id: string
  /** One more with every change. */
  readonly revision: number
  /** The last position told, or given up. */
  readonly position: number
  /** Attempts at the next one that failed. */
  readonly failures: number
  /** When a teller may take it, in the store's time. */
  readonly dueAt: number
}

/** An event that an endpoint would not take. */
export interface DeadEvent {
  readonly webhook: string
  readonly position: number
  readonly at: number
  readonly reason: string
}

export interface SubmissionStore {
  /**
   * Keeps the order, its first event, its idempotency key and its hold on its attachments: all or nothing. Where the key is in
   * use, nothing changes, and the order that was accepted under it is returned with its fingerprint.
   * @throws StoreRefused when an attachment is gone or not the member's.
   */
  acceptSubmission(
    submission: NewSubmission,
    key: IdempotencyKey,
    event: NewSubmissionEvent,
  ): Promise<{ readonly id: string; readonly fingerprint: string; readonly isNew: boolean }>
  /** What was accepted under a key that is still in use. */
  findIdempotencyKey(key: string): Promise<{ readonly id: string; readonly fingerprint: string } | undefined>
  findSubmission(id: string): Promise<SubmissionRow | undefined>
  /** The first order that a queued one waits behind, because they have one order key; undefined: it waits for none. */
  findSubmissionAhead(id: string): Promise<Pick<SubmissionRow, 'id' | 'member' | 'state'> | undefined>
  /** Newest first, with a sequence below `from`, or oldest first, with one above it; at most `limit` of them. */
  listSubmissions(filter: SubmissionFilter, from: number, limit: number): Promise<readonly SubmissionRow[]>
  /** How many there are in each state, of orders that are not final. */
  countSubmissions(): Promise<
    readonly {
      readonly upstream: string
      readonly state: SubmissionState
      readonly count: number
      readonly oldestSince: number
    }[]
  >

  /**
   * Takes orders of these upstreams that are due, longest due first, at most `limit` of them: each is this caller's for
   * `leaseMs`, its revision risen. A queued order behind an earlier one with its order key that is queued, sending, uncertain or
   * dead is not taken but put off for long: it is looked at once, however many there are. It becomes due at once when the one
   * before it leaves those states.
   */
  takeSubmissions(
    upstreams: readonly string[],
    limit: number,
    leaseMs: number,
  ): Promise<readonly SubmissionRow[]>
  /** The same, but only what was being sent by somebody whose lease is over. */
  takeLapsedSubmissions(upstream: string, limit: number, leaseMs: number): Promise<readonly SubmissionRow[]>
  /**
   * Changes the order and logs the events, all or nothing; undefined when it is not at this revision any more: then somebody
   * else has it. The row as it is afterwards. Where a final order's subject has been erased meanwhile, its content goes at once.
   */
  moveSubmission(
    id: string,
    revision: number,
    change: SubmissionChange,
    events: readonly NewSubmissionEvent[],
  ): Promise<SubmissionRow | undefined>
  /**
   * Makes accepted and uncertain orders of an upstream about one of these subjects due now, but for those that wait for a
   * person; how many. Their revision stays.
   */
  wakeSubmissions(upstream: string, subjects: readonly string[]): Promise<number>

  /** What happened to one order, in order. */
  readSubmissionEvents(submission: string): Promise<readonly SubmissionEvent[]>
  /** Events above a position, in order, at most `limit` of them; of one member, or of all. */
  readEvents(after: number, limit: number, member?: string): Promise<readonly LoggedEvent[]>
  /** Of one event; undefined when there is no such event. */
  findEventPosition(id: string): Promise<number | undefined>
  /** Of the last event there was, forgotten or not; 0 while there has been none. */
  lastEventPosition(): Promise<number>

  /**
   * False, and nothing is kept, where the member's attachments that no order names would with it be more than this. Those that
   * come at the same moment may not count each other.
   */
  keepAttachment(attachment: StoredAttachment, most: AttachmentRoom): Promise<boolean>
  /** Those of a member that are kept; others are left out. */
  findAttachments(member: string, ids: readonly string[]): Promise<readonly StoredAttachment[]>
  /** Those of a member that an order may name: another one does, or they arrived within `unusedMs`. Without their content. */
  findUsableAttachments(
    member: string,
    ids: readonly string[],
    unusedMs: number,
  ): Promise<readonly Pick<StoredAttachment, 'id' | 'bytes'>[]>
  /** Destroys attachments that no order has named within `unusedMs` of their arrival, at most `limit` of them; how many. */
  destroyUnusedAttachments(unusedMs: number, limit: number): Promise<number>

  /** Destroys content and attachments of orders that have been final for longer, at most `limit` of them; how many. */
  destroySubmissions(finalForMs: number, limit: number): Promise<number>
  /** Removes idempotency keys that may be used anew, and events older than this (dead letters too), at most `limit` of each; how many. */
  forgetSubmissionTraces(eventsBefore: number, limit: number): Promise<number>
  /**
   * Destroys content and attachments of final orders about somebody (a keyed hash), and of the others as soon as they are
   * final; how many were destroyed, how many wait for their end.
   */
  eraseSubmissions(subject: string): Promise<{ readonly destroyed: number; readonly open: number }>

  /** Sealed contents of orders with a sequence above `after`, in order; likewise attachments, by their own sequence. */
  readSealedSubmissions(after: number, limit: number): Promise<readonly SealedSubmission[]>
  readSealedAttachments(after: number, limit: number): Promise<readonly SealedAttachment[]>
  sealedSubmissionKeyIds(): Promise<readonly string[]>
  sealedAttachmentKeyIds(): Promise<readonly string[]>
  /** Puts the same, sealed with another key, in its place; false when it has changed meanwhile. The revision stays. */
  resealSubmission(row: SealedSubmission, sealed: Uint8Array): Promise<boolean>
  resealAttachment(row: SealedSubmission, sealed: Uint8Array): Promise<boolean>

  /** The webhook, from now on told what comes after the last event, when it is new; undefined while another teller has it. */
  takeWebhook(id: string, leaseMs: number): Promise<WebhookRow | undefined>
  /** False when it is not at this revision any more. With `dead`, the event goes to the dead letters. */
  moveWebhook(
    id: string,
    revision: number,
    change: { readonly position?: number; readonly failures?: number; readonly dueInMs: number },
    dead?: DeadEvent,
  ): Promise<boolean>
  /** How far it is; undefined when it has never been taken. Changes nothing. */
  readWebhook(id: string): Promise<WebhookRow | undefined>
  /** Newest first. */
  readDeadEvents(webhook: string, limit: number): Promise<readonly DeadEvent[]>
}

export interface SealedSubmission {
  readonly sequence: number
  readonly id: string
  readonly sealed: Uint8Array
}

export interface SealedAttachment extends SealedSubmission {
  readonly member: string
}
