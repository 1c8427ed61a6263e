import type { z } from 'zod'
import type { Adapter, EncodedRequest, Failed, Operation } from '#contracts/adapter.ts'
import { isFailed } from '#contracts/adapter.ts'
import type { ContractPath } from '#contracts/elements.ts'
import { type AgencyFailureCode, isAgencyFailureCode } from '#contracts/failures.ts'
import { progressOf } from '#contracts/submission.ts'
import { type FailureFacts, GatewayFailure } from '#gateway/failure.ts'
import { codeOf, pathsOf, unknownCodesIn } from '#gateway/records.ts'
import type { Authenticate } from './authentication.ts'
import type { WireAnswer } from './transport.ts'
import {
  decodeReply,
  encodeRequest,
  factsOfStatus,
  failureOfStatus,
  isRedirect,
  send,
  type Wire,
} from './wire.ts'

/** A normalised record, checked against its capability. */
export interface Answered {
  readonly record: Record<string, unknown>
  /** Coded elements whose text no code list knows. */
  readonly unknownCodes: readonly ContractPath[]
}

export interface ExchangeOptions extends Wire {
  readonly authenticate: Authenticate
  readonly config: unknown
  readonly statuses: Adapter['statuses']
  readonly now: () => number
  /** Told of every answer that says how many questions are left today, a "no" included. */
  readonly onQuotaLeft: (value: number) => void
}

type Specification = Operation['specification']
type Input = Record<string, unknown>

/** One attempt: ask in the agency's words, read the answer, and let nothing through that breaks the contract. */
export async function exchange(
  { capability, specification }: Operation,
  input: Input,
  remainingMs: number,
  options: ExchangeOptions,
): Promise<Answered> {
  const { upstream, authenticate, config } = options
  const now = options.now()

  const { answer, reply } = await authenticate(
    encode(specification, input, config, now),
    now,
    remainingMs,
    async (request, remainingMs) => {
      const answer = await send(options, request, specification.codec, remainingMs)
      return { answer, reply: decode(specification, answer, now, options) }
    },
  )
  const read = () => readReply(reply, specification, input, options)

  const refusal = refusalByStatus(answer, read, options)
  if (refusal) throw refusal

  const record = read()
  if (isFailed(record)) throw end(upstream, record.failed, statedIn(record))
  return answeredWith(record, capability, upstream)
}

/** @throws INTERNAL_ERROR when the adapter cannot write this request: then nothing of it may be begun. */
export function checkWritable(
  { specification }: Operation,
  input: Input,
  { upstream, config, now }: Pick<ExchangeOptions, 'upstream' | 'config' | 'now'>,
): void {
  try {
    encode(specification, input, config, now())
  } catch (cause) {
    throw new GatewayFailure('INTERNAL_ERROR', { source: upstream, sent: 'no' }, { cause })
  }
}

/** The record, checked against its capability. */
function answeredWith(
  record: unknown,
  { kind, output }: Operation['capability'],
  upstream: string,
): Answered {
  const checked = (kind === 'submission' ? progressSchema(output) : output).safeParse(record)
  if (!checked.success) throw brokenAt('breaks the contract at', checked.error, upstream)
  return { record: checked.data, unknownCodes: [...unknownCodesIn(checked.data)] }
}

function brokenAt(what: string, { issues }: z.ZodError, upstream: string): GatewayFailure {
  const paths = pathsOf(issues)
  return end(upstream, 'UPSTREAM_INVALID', { detail: `${what}: ${paths}`, brokenAt: paths })
}

const progressSchemas = new WeakMap<z.ZodObject, z.ZodObject>()
const progressSchema = (output: z.ZodObject): z.ZodObject =>
  progressSchemas.get(output) ?? progressSchemas.set(output, progressOf(output)).get(output)!

/** A failure after the agency has answered. */
const end = (upstream: string, code: AgencyFailureCode, facts: FailureFacts) =>
  new GatewayFailure(code, { source: upstream, sent: 'yes', ...facts })

const statedIn = ({ upstreamCode, detail }: Failed): FailureFacts => ({
  upstreamCode: codeOf(upstreamCode),
  ...(detail !== undefined && { detail }),
})

function encode(specification: Specification, input: Input, config: unknown, now: number): EncodedRequest {
  const request = specification.request(input, config, now)
  return specification.encode?.(request, config, now) ?? encodeRequest(request, specification.codec)
}

/** Undefined for what cannot be decoded. What was thrown may quote the answer, and goes no further. */
function decode(
  specification: Specification,
  answer: WireAnswer,
  now: number,
  { config, exactIntegers }: ExchangeOptions,
): unknown {
  try {
    return specification.decode
      ? specification.decode(answer.body, { config, now, headers: answer.headers })
      : decodeReply(answer, specification.codec, exactIntegers)
  } catch {
    return undefined
  }
}

const formatOf = ({ decode, codec }: Specification): string =>
  decode ? "in the agency's own format" : (codec?.reply ?? 'json').toUpperCase()

/** What the status says, unless the adapter declares that it means something else, or that the body tells it. */
function refusalByStatus(
  answer: WireAnswer,
  read: () => unknown,
  { upstream, statuses }: ExchangeOptions,
): GatewayFailure | undefined {
  const usual = failureOfStatus(answer.status)
  const declared = statuses?.[answer.status]
  const code = declared === 'read' ? usual : (declared ?? usual)
  if (code === undefined) return undefined
  const facts = factsOfStatus(answer)
  const stated = declared === 'read' && !isRedirect(answer.status) ? failedIn(read) : undefined
  if (!stated) return end(upstream, code, facts)
  const { upstreamCode = facts.upstreamCode } = stated
  return end(upstream, stated.failed, { ...facts, ...statedIn(stated), upstreamCode })
}

/** The failure that a body states; whatever else it holds leaves the status its word, so that an error is never a success. */
function failedIn(read: () => unknown): Failed | undefined {
  try {
    const record = read()
    return isFailed(record) ? record : undefined
  } catch {
    return undefined
  }
}

/** The adapter's reading, of a reply in the shape that it declares. */
function readReply(
  body: unknown,
  specification: Specification,
  input: Input,
  { upstream, config, onQuotaLeft }: ExchangeOptions,
): unknown {
  if (body === undefined)
    throw end(upstream, 'UPSTREAM_UNREADABLE', { detail: `the answer is not ${formatOf(specification)}` })
  try {
    const reply = specification.reply.safeParse(body)
    if (!reply.success) throw brokenAt('unexpected in the reply', reply.error, upstream)
    const quotaLeft = specification.quotaLeft?.(reply.data)
    if (quotaLeft !== undefined) onQuotaLeft(quotaLeft)
    const record: unknown = specification.read(reply.data, input, config)
    if (isFailed(record) && !isAgencyFailureCode(record.failed))
      throw new TypeError('no failure of an agency')
    return record
  } catch (error) {
    if (error instanceof GatewayFailure) throw error
    // A row that the adapter stumbles over is the agency's odd row to the counter; its values stay out of the message.
    throw end(upstream, 'UPSTREAM_INVALID', {
      detail: `the adapter cannot read the reply (${(error as Error).name})`,
    })
  }
}
