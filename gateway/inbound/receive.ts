/** The way of an agency's call, stage by stage. Whatever happens, the agency is answered in its own way. */
import { randomUUIDv7 } from 'node:crypto'
import { type InboundOperation, type InboundOutcome, isFailed } from '#contracts/adapter.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { addressList } from '#gateway/http/client-address.ts'
import { faultOf, type Log, type LogFields } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { Pseudonyms } from '#gateway/pseudonym.ts'
import { codeOf, pathsOf } from '#gateway/records.ts'
import type { Sealer } from '#gateway/sealing.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { decodeJson } from '#gateway/upstream/codecs/json.ts'
import type { InboundSettings, UpstreamSettings } from '#gateway/upstream/upstream.ts'
import { type Identities, isMisplacedInRecord } from '#gateway/validate.ts'
import { canonicalJson } from './canonical-json.ts'
import { sealNotice } from './sealed-notice.ts'

export interface InboundRequest {
  /** Where it comes from. */
  readonly address: string
  header(name: string): string | undefined
  /** Throws a GatewayFailure for a body that is too large or breaks off. */
  body(limitBytes: number): Promise<Buffer>
}

export interface AgencyAnswer {
  readonly status: number
  readonly body: unknown
}

export type Receive = (request: InboundRequest) => Promise<AgencyAnswer>

export interface InboundHouse {
  readonly identities: Identities
  readonly store: Store
  readonly sealer: Sealer
  readonly pseudonyms: Pseudonyms
  readonly log: Log
  readonly metrics: Pick<Metrics, 'inbound'>
  /** A new notice is kept; whom it is about, as keyed hashes. */
  readonly onNotice?: (upstream: string, subjects: readonly string[]) => void
  readonly now: () => number
}

/** A record with many parts is large: what a business does and where, with its owners. */
const largestBytes = 1024 * 1024

/** What became of a call and, for the log, why. */
interface Ending {
  readonly outcome: InboundOutcome
  readonly why?: Pick<LogFields, 'reason' | 'at' | 'upstreamCode' | 'fault'>
}

/** A notice that has been verified and read. */
interface Received {
  readonly record: Record<string, unknown>
  readonly subjects: readonly string[]
  readonly fingerprint: string
}

export function createReceive(
  { notice, specification }: InboundOperation,
  { id: upstream, adapter, timeZone, notices }: UpstreamSettings,
  { allowFrom, config }: InboundSettings,
  { identities, store, sealer, pseudonyms, log, metrics, onNotice, now }: InboundHouse,
): Receive {
  const allowed = allowFrom && addressList(allowFrom)
  // Made beforehand: a fault in them stops the start, not a call.
  const answers: Readonly<Record<InboundOutcome, AgencyAnswer>> = {
    stored: specification.answer('stored'),
    unverified: specification.answer('unverified'),
    unreadable: specification.answer('unreadable'),
    unavailable: specification.answer('unavailable'),
  }

  return async function receive(request) {
    const { outcome, why } = await keep(request)
    metrics.inbound({ upstream, notice: notice.id, outcome })
    const level = outcome === 'stored' ? 'info' : 'warn'
    log[level]({ upstream, notice: notice.id, outcome, ...why }, 'inbound')
    return answers[outcome]
  }

  async function keep(request: InboundRequest): Promise<Ending> {
    // 1. from where
    if (allowed && !allowed.has(request.address)) return ended('unverified', 'ADDRESS_NOT_ALLOWED')

    // 2. accept: what its contract says may only be assumed
    if (notices?.has(notice.id) === false) return ended('unreadable', 'CONTRACT_NOT_ACCEPTED')

    // 3. verify and read
    const receivedAt = now()
    const received = await understand(request, receivedAt)
    if ('outcome' in received) return received

    // 4. keep, once: durable before the agency is answered
    const { record, subjects, fingerprint } = received
    const about = { id: randomUUIDv7(), upstream, notice: notice.id }
    try {
      const isNew = await store.keepNotice({
        ...about,
        receivedAt,
        subjects,
        fingerprint,
        sealed: sealNotice(sealer, about, record),
      })
      if (!isNew) return ended('stored', 'SENT_AGAIN')
      onNotice?.(upstream, subjects)
      return { outcome: 'stored' }
    } catch (error) {
      if (error instanceof StoreUnavailable) return ended('unavailable', 'STORE_UNAVAILABLE')
      return ended('unavailable', 'INTERNAL_ERROR', { fault: faultOf(error) })
    }
  }

  async function understand(request: InboundRequest, receivedAt: number): Promise<Received | Ending> {
    let sent: unknown
    try {
      const body = await request.body(largestBytes)
      sent = decodeJson(body, adapter.exactIntegers, request.header('content-type'))
    } catch (error) {
      return ended('unreadable', error instanceof GatewayFailure ? error.code : 'BODY_MALFORMED')
    }
    try {
      return read(sent, request, receivedAt)
    } catch (error) {
      // What the adapter stumbles over breaks the agency's contract, or the adapter does: the same call again helps neither.
      return ended('unreadable', 'NOTICE_UNREADABLE', { fault: faultOf(error) })
    }
  }

  function read(sent: unknown, { header }: InboundRequest, receivedAt: number): Received | Ending {
    const parsed = specification.body.safeParse(sent)
    if (!parsed.success) return ended('unreadable', 'BODY_UNEXPECTED', { at: pathsOf(parsed.error.issues) })

    if (!specification.verify({ body: parsed.data, header, now: receivedAt, timeZone }, config))
      return ended('unverified', 'NOT_VERIFIED')

    const record = specification.read(parsed.data, config)
    if (isFailed(record))
      return ended('unreadable', record.failed, { upstreamCode: codeOf(record.upstreamCode) })
    const output = notice.output.safeParse(record)
    if (!output.success) return ended('unreadable', 'NOTICE_INVALID', { at: pathsOf(output.error.issues) })
    const subjects = notice.subjects(output.data)
    if (subjects.some(subject => isMisplacedInRecord(subject, identities)))
      return ended('unreadable', 'IDENTITY_MISPLACED')
    return {
      record: output.data,
      subjects: subjects.map(pseudonyms.subject),
      fingerprint: pseudonyms.fingerprint([upstream, specification.path, canonicalJson(sent)]),
    }
  }
}

const ended = (outcome: InboundOutcome, reason: string, why: Ending['why'] = {}): Ending => ({
  outcome,
  why: { reason, ...why },
})
