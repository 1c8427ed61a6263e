/** What an order holds that is personal: kept sealed, opened to deliver it and to show it. */
import type { OrderDocument } from '#contracts/submission.ts'
import type { Ordered } from '#gateway/ledger/evidence.ts'
import { SealBroken, type Sealer } from '#gateway/sealing.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'

export interface OrderContent {
  readonly input: Readonly<Record<string, unknown>>
  readonly counter: string
  readonly officer: string
  /** What else the ledger says of its acceptance. */
  readonly ordered: Pick<Ordered, 'key' | 'identity' | 'agreementVersion' | 'exempt'>
  /** Its papers, as its capability names them. */
  readonly documents: readonly OrderDocument[]
  /** Which kind of its service it is. */
  readonly variant?: string | undefined
  /** The service standard as it was when the order was accepted: a promise does not change afterwards. */
  readonly standard: unknown
  /** The agency's number for it. */
  readonly reference?: string | undefined
  /** What came of it, as the capability's output. */
  readonly result?: Readonly<Record<string, unknown>> | undefined
  /** Why it was rejected, as an officer wrote it. */
  readonly reason?: string | undefined
  /** The agency's last word for its state that was noted. */
  readonly agencyState?: string | undefined
}

/** An order's content opens only as that order's. */
const contextOf = (id: string): string => JSON.stringify(['submission', id])

export const sealContent = (sealer: Sealer, id: string, content: OrderContent): Buffer =>
  sealer.seal(JSON.stringify(content), contextOf(id))

/** Undefined once it has been destroyed. @throws SealBroken */
export const openContent = (
  sealer: Sealer,
  { id, sealed }: Pick<SubmissionRow, 'id' | 'sealed'>,
): OrderContent | undefined =>
  sealed === null
    ? undefined
    : (JSON.parse(sealer.open(Buffer.from(sealed), contextOf(id)).toString()) as OrderContent)

/** The same, of an order that goes on being shown when its content does not open: it is dead then, and operators see why. */
export function openIfReadable(
  sealer: Sealer,
  row: Pick<SubmissionRow, 'id' | 'sealed'>,
): OrderContent | undefined {
  try {
    return openContent(sealer, row)
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

/** An attachment opens only as itself, for its member. */
const attachmentContext = ({ id, member }: { readonly id: string; readonly member: string }): string =>
  JSON.stringify(['attachment', id, member])

export const sealAttachment = (
  sealer: Sealer,
  about: { readonly id: string; readonly member: string },
  bytes: Buffer,
): Buffer => sealer.seal(bytes, attachmentContext(about))

export const openAttachment = (
  sealer: Sealer,
  attachment: { readonly id: string; readonly member: string; readonly sealed: Uint8Array },
): Buffer => sealer.open(Buffer.from(attachment.sealed), attachmentContext(attachment))
