import type { OrderDocument } from '#contracts/submission.ts'
import type { Member } from '#gateway/access/members.ts'
import { type FieldError, GatewayFailure } from '#gateway/failure.ts'
import { storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Standard } from '#gateway/services/service.ts'
import { fieldOf } from '#gateway/validate.ts'
import type { SubmissionStore } from '#gateway/store/submissions.ts'
import { attachmentLimits, unusedAttachmentMs } from './attachments.ts'

/**
 * Every requirement that the form names must be one of the service's; every attachment must be there and the member's own; every link must lie
 * at an origin that the member has named. Nothing is fetched. A standard that does not know its requirements takes any.
 * @throws INPUT_INVALID with a pointer for each that does not fit.
 */
export async function checkDocuments(
  documents: readonly OrderDocument[],
  input: Readonly<Record<string, unknown>>,
  { requirements }: Pick<Standard, 'requirements'>,
  { id, documentOrigins = new Set() }: Member,
  store: Pick<SubmissionStore, 'findUsableAttachments'>,
): Promise<void> {
  const attachments = documents.flatMap(({ attachment }) => attachment ?? [])
  const usable =
    attachments.length === 0
      ? []
      : await store.findUsableAttachments(id, attachments, unusedAttachmentMs).catch(storeUnavailable)
  const sizes = new Map(usable.map(attachment => [attachment.id, attachment.bytes]))
  const errors = documents.flatMap(({ attachment, link }): FieldError[] => [
    ...(attachment !== undefined && !sizes.has(attachment)
      ? [
          {
            pointer: fieldOf(attachment, input),
            detail: 'no such attachment of yours: it may have expired, so upload it again',
          },
        ]
      : []),
    ...(link !== undefined && !documentOrigins.has(new URL(link).origin)
      ? [
          {
            pointer: fieldOf(link, input),
            detail: `expected: a link at one of your document origins (${[...documentOrigins].join(', ') || 'none is configured'})`,
          },
        ]
      : []),
  ])
  errors.push(...unknownRequirements(input, requirements), ...tooLarge(sizes, input))
  if (errors.length > 0)
    throw new GatewayFailure('INPUT_INVALID', { detail: 'the documents do not fit', errors })
}

/** An agency gets them all in one message, and they are read all at once. */
function tooLarge(sizes: ReadonlyMap<string, number>, input: unknown): FieldError[] {
  const bytes = sizes.values().reduce((sum, one) => sum + one, 0)
  if (bytes <= attachmentLimits.orderBytes) return []
  const detail = `the attachments of an order have at most ${attachmentLimits.orderBytes} bytes together, these ${bytes}: scan them smaller`
  return [...sizes.keys()].map(attachment => ({ pointer: fieldOf(attachment, input), detail }))
}

/** Of the papers in the form itself (`documents`): what a contract adds is not the caller's to mend. */
function unknownRequirements(
  { documents: named = [] }: Readonly<Record<string, unknown>>,
  requirements: Standard['requirements'],
): FieldError[] {
  if (!requirements || !Array.isArray(named)) return []
  const known = new Set(requirements.items.map(item => item.id))
  return (named as readonly OrderDocument[]).flatMap(({ requirement }, index) =>
    requirement === undefined || known.has(requirement)
      ? []
      : [
          {
            pointer: `/documents/${index}/requirement`,
            detail: `expected: a requirement of the service: ${[...known].join(', ')}`,
          },
        ],
  )
}
