/** The way of an order, stage by stage: kept before anything is answered, then brought to the agency by `delivery/`. */
import { randomUUIDv7 } from 'node:crypto'
import type { Submission } from '#contracts/submission.ts'
import type { Agreement } from './access/agreements.ts'
import type { AgreementRegister } from './access/agreement-register.ts'
import type { Cases } from './access/cases.ts'
import type { Choose } from './access/choose.ts'
import { askerOf, type Context, type Header, readContext } from './access/context.ts'
import { notGranted } from './access/decide.ts'
import type { Caller } from './access/members.ts'
import { openContent, sealContent } from './delivery/content.ts'
import { checkDocuments } from './delivery/documents.ts'
import { stateEvent } from './delivery/events.ts'
import { readIdempotencyKey } from './delivery/idempotency-key.ts'
import { recordOrdered } from './delivery/ordered.ts'
import { failureOf, GatewayFailure } from './failure.ts'
import { type Evidence, keepRefusal, storeUnavailable } from './ledger/evidence.ts'
import type { Pseudonyms } from './pseudonym.ts'
import type { AgreedQuotas } from './quotas/agreed-quotas.ts'
import type { Sealer } from './sealing.ts'
import type { Standard } from './services/service.ts'
import { type Store, StoreRefused } from './store/store.ts'
import type { IdempotencyKey } from './store/submissions.ts'
import type { Upstream } from './upstream/upstream.ts'
import { type Identities, validateInput } from './validate.ts'

export interface SubmissionRequest {
  readonly caller: Caller
  readonly header: Header
  /** The parsed body. */
  body(): Promise<unknown>
}

/** An order that is kept: from now on it is neither lost nor doubled. */
export interface Accepted {
  readonly id: string
  readonly context: Context
  /** False: it was accepted before, under the same key. */
  readonly isNew: boolean
}

export type Submit = (capability: Submission, request: SubmissionRequest) => Promise<Accepted>

export interface SubmissionHouse {
  readonly identities: Identities
  /** The mall's day, as an ISO date. */
  readonly today: () => string
  readonly cases: Cases
  readonly agreements: AgreementRegister
  readonly choose: Choose
  readonly quotas: AgreedQuotas
  readonly evidence: Evidence
  readonly pseudonyms: Pseudonyms
  readonly sealer: Sealer
  readonly store: Store
  /** The promise of a service, by its code; undefined: there is no such service. */
  readonly standardOf: (purpose: string) => Standard | undefined
  readonly now: () => number
  /** An order is kept and may be taken. */
  readonly onAccepted: () => void
}

/** A key may be used anew after so long; also told in the documentation. */
export const idempotencyDays = 30
const idempotencyMs = idempotencyDays * 24 * 60 * 60_000

/** An order that has passed the door. */
interface Understood {
  readonly capability: Submission
  readonly caller: Caller
  readonly context: Context
  readonly input: Readonly<Record<string, unknown>>
  /** Everyone it is about, as keyed hashes. */
  readonly subjects: readonly string[]
  readonly key: IdempotencyKey
}

export function createSubmit(house: SubmissionHouse): Submit {
  const { identities, cases, agreements, choose, quotas, evidence, pseudonyms, sealer, store, now } = house

  return async function submit(capability, { caller, header, body }) {
    let subjects: readonly string[] = []
    try {
      // 1. validate
      const idempotencyKey = readIdempotencyKey(header)
      const input = validateInput(capability, await body(), identities, house.today())
      subjects = capability.subjects(input).map(pseudonyms.subject)

      // 2. identify, and read the context: an order always says where, who and why
      const context = await readContext(header, caller, cases)
      const { purpose } = context
      const key = {
        key: pseudonyms.fingerprint(['idempotency-key', caller.member.id, capability.id, idempotencyKey]),
        fingerprint: pseudonyms.fingerprint(['order', purpose, JSON.stringify(input)]),
        lastsMs: idempotencyMs,
      }
      const order = { capability, caller, context, input, subjects, key }
      const known = await store.findIdempotencyKey(key.key).catch(storeUnavailable)
      return await (known ? again(known, order) : accept(order))
    } catch (error) {
      throw await keepRefusal(evidence, failureOf(error), {
        at: now(),
        capability: capability.id,
        ...askerOf(header, caller),
        subjects,
      })
    }
  }

  async function accept(order: Understood): Promise<Accepted> {
    const { capability, caller, context, input } = order

    // 3. route, and 4. decide
    const standard = house.standardOf(context.purpose)
    if (!standard) throw noSuchService(context.purpose)
    const { chosen, refusals } = choose({
      member: caller.member.id,
      capability: capability.id,
      purpose: context.purpose,
      asked: undefined,
      open: undefined,
    })
    const [first] = chosen
    if (!first) throw notGranted(refusals)
    const agreement = first.grant.agreement!
    const documents = capability.documents?.(input) ?? []
    await checkDocuments(documents, input, standard, caller.member, store)

    // 5. accept: the order, its event and its key in one; then on record, before anybody is told of it or goes on with it
    const room = await quotas.reserve(agreement, context.purpose)
    try {
      const id = randomUUIDv7()
      const at = now()
      const content = {
        input,
        counter: context.counter,
        officer: context.officer,
        ordered: {
          key: caller.keyId,
          identity: context.identity,
          agreementVersion: agreements.versionOf(agreement),
          exempt: agreement.exemptFromAccessLog || undefined,
        },
        documents,
        variant: capability.variant?.(input),
        standard,
      }
      const submission = submissionOf(order, first.upstream, agreement, id, at)
      const attachments = documents.flatMap(({ attachment }) => attachment ?? [])
      const accepted = await store
        .acceptSubmission(
          { ...submission, sealed: sealContent(sealer, id, content), attachments },
          order.key,
          stateEvent(at, { state: 'queued' }),
        )
        .catch(attachments.length === 0 ? storeUnavailable : attachmentGone)
      if (!accepted.isNew) return await again(accepted, order)
      room.fill()
      await recordOrdered(evidence, submission, content)
      house.onAccepted()
      return { id, context, isNew: true }
    } finally {
      room.giveBack()
    }
  }

  function submissionOf(
    { capability, caller, context, input, subjects }: Understood,
    upstream: Upstream,
    agreement: Agreement,
    id: string,
    acceptedAt: number,
  ) {
    const isAssisted = upstream.assisted.has(capability.id)
    const orderKey = capability.orderKey?.(input)
    return {
      id,
      capability: capability.id,
      upstream: upstream.id,
      member: caller.member.id,
      case: context.case,
      purpose: context.purpose,
      agreement: agreement.id,
      orderKey: orderKey === undefined ? null : pseudonyms.fingerprint(['order-key', orderKey]),
      subjects,
      acceptedAt,
      state: 'queued',
      awaits: isAssisted ? 'officer' : 'gateway',
      dueInMs: isAssisted ? null : 0,
    } as const
  }

  /** The same key stands for the same order, for as long as it is remembered. */
  async function again(
    known: { readonly id: string; readonly fingerprint: string },
    { key, context }: Understood,
  ): Promise<Accepted> {
    if (known.fingerprint !== key.fingerprint) throw keyReused()
    const row = await store.findSubmission(known.id).catch(storeUnavailable)
    const content = row && openContent(sealer, row)
    if (content) await recordOrdered(evidence, row, content)
    return { id: known.id, context, isNew: false }
  }
}

function keyReused(): GatewayFailure {
  const detail = 'this key was used for another order: take a new one'
  return new GatewayFailure('IDEMPOTENCY_KEY_REUSED', {
    detail,
    errors: [{ header: 'Idempotency-Key', detail }],
  })
}

function noSuchService(purpose: string): GatewayFailure {
  const detail = `no service has the code ${purpose}: see GET /v1/services`
  return new GatewayFailure('NOT_GRANTED', {
    reason: 'SERVICE_UNKNOWN',
    detail,
    errors: [{ header: 'Mpp-Purpose', detail }],
  })
}

/** Between the check and the keeping. */
function attachmentGone(error: unknown): never {
  if (!(error instanceof StoreRefused)) return storeUnavailable(error)
  throw new GatewayFailure('INPUT_INVALID', {
    detail: 'an attachment has expired meanwhile: upload it again',
  })
}
