/** Papers of orders, uploaded before the order that names them. Kept sealed; nothing of what is refused is kept. */
import { randomBytes } from 'node:crypto'
import type { FieldError } from '#gateway/failure.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Sealer } from '#gateway/sealing.ts'
import type { SubmissionStore } from '#gateway/store/submissions.ts'
import { sealAttachment } from './content.ts'

const mebibyte = 1024 * 1024

/**
 * `bytes` of one, `orderBytes` of all that an order names. `unused` are a member's that no order names (yet): more than its
 * counters fill in at a time, and few enough that a caller that only uploads does not fill the disk.
 */
export const attachmentLimits = {
  bytes: 2 * mebibyte,
  orderBytes: 10 * mebibyte,
  unusedHours: 24,
  unused: { count: 200, bytes: 200 * mebibyte },
} as const
export const unusedAttachmentMs = attachmentLimits.unusedHours * 60 * 60_000

/** The first bytes of each type that is taken. */
const signatures = {
  'application/pdf': Buffer.from('%PDF-'),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
  'image/png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
} as const
export type AttachmentType = keyof typeof signatures
export const attachmentTypes = Object.keys(signatures) as AttachmentType[]

/** What it is by its first bytes, whatever it is called; undefined: none of the types that are taken. */
export const sniffType = (bytes: Uint8Array): AttachmentType | undefined =>
  attachmentTypes.find(type => signatures[type].equals(bytes.subarray(0, signatures[type].length)))

export interface KeptAttachment {
  readonly id: string
  readonly contentType: AttachmentType
  readonly bytes: number
  /** Epoch milliseconds; from then on it is gone, unless an order names it. */
  readonly expiresAt: number
}

export interface AttachmentHouse {
  readonly store: Pick<SubmissionStore, 'keepAttachment'>
  readonly sealer: Sealer
  readonly now: () => number
}

/**
 * `declared` is the request's content type. @throws INPUT_INVALID for a type that is not taken, or is not the declared one, and
 * where the member has too many that no order names.
 */
export async function keepAttachment(
  { store, sealer, now }: AttachmentHouse,
  member: string,
  declared: string | undefined,
  bytes: Buffer,
): Promise<KeptAttachment> {
  const contentType = sniffType(bytes)
  const taken = attachmentTypes.join(', ')
  if (!contentType) {
    const detail = `expected: the file itself as the body, one of ${taken}; these bytes are none of them`
    throw refused('ATTACHMENT_TYPE', { pointer: '', detail })
  }
  const said = declared?.split(';')[0]!.trim().toLowerCase()
  if (said !== undefined && said !== 'application/octet-stream' && said !== contentType) {
    const detail = `expected: ${contentType}, which the bytes are, or application/octet-stream`
    throw refused('ATTACHMENT_TYPE', { header: 'Content-Type', detail })
  }
  const id = `att_${randomBytes(16).toString('base64url')}`
  const sealed = sealAttachment(sealer, { id, member }, bytes)
  const isKept = await store
    .keepAttachment({ id, member, contentType, bytes: bytes.length, sealed }, attachmentLimits.unused)
    .catch(storeUnavailable)
  if (!isKept) throw tooManyUnused()
  return { id, contentType, bytes: bytes.length, expiresAt: now() + unusedAttachmentMs }
}

export const attachmentTooLarge = (): GatewayFailure =>
  refused('ATTACHMENT_TOO_LARGE', {
    pointer: '',
    detail: `an attachment has at most ${attachmentLimits.bytes} bytes: scan it smaller, or divide it`,
  })

const tooManyUnused = (): GatewayFailure =>
  refused('ATTACHMENTS_UNUSED', {
    pointer: '',
    detail: `your organisation has as many attachments that no order names as it may (${attachmentLimits.unused.count}, ${attachmentLimits.unused.bytes} bytes): order with them, or wait until they are gone, ${attachmentLimits.unusedHours} hours after their upload`,
  })

type Refusal = 'ATTACHMENT_TYPE' | 'ATTACHMENT_TOO_LARGE' | 'ATTACHMENTS_UNUSED'

const refused = (reason: Refusal, error: FieldError): GatewayFailure =>
  new GatewayFailure('INPUT_INVALID', { reason, detail: error.detail, errors: [error] })
