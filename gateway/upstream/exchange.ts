import type { Operation, UpstreamRequest } from '#contracts/adapter.ts'
import { isFailed } from '#contracts/adapter.ts'
import { isUnknownCode } from '#contracts/code-list.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { AgencyFailureCode } from '#contracts/failures.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { decodeJson, encodeJson } from './codecs/json.ts'
import { type Transport, TransportFault, type WireAnswer } from './transport.ts'

/** A normalised record, checked against its capability. */
export interface Answered {
  readonly record: Record<string, unknown>
  /** Coded elements whose text no code list knows. */
  readonly unknownCodes: readonly ContractPath[]
}

export interface ExchangeOptions {
  readonly upstream: string
  readonly transport: Transport
  readonly config: unknown
  readonly exactIntegers: readonly string[]
  /** Told of every answer that says how many questions are left today, a "no" included. */
  readonly onQuotaLeft: (value: number) => void
}

/** One attempt: ask in the agency's words, read the answer, and let nothing through that breaks the contract. */
export async function exchange(
  { capability, specification }: Operation,
  input: Record<string, unknown>,
  remainingMs: number,
  { upstream, transport, config, exactIntegers, onQuotaLeft }: ExchangeOptions,
): Promise<Answered> {
  const end = (code: AgencyFailureCode, facts: object = {}) =>
    new GatewayFailure(code, { source: upstream, sent: 'yes', ...facts })

  const answer = await send(transport, specification.request(input, config), remainingMs, upstream)

  const statusFailure = failureOfStatus(answer.status)
  if (statusFailure) {
    throw end(statusFailure, {
      upstreamCode: `HTTP ${answer.status}`,
      retryAfter: retryAfterSeconds(answer),
      detail: `the agency answered HTTP ${answer.status}`,
    })
  }

  let body: unknown
  try {
    body = decodeJson(answer.body, exactIntegers, contentTypeOf(answer))
  } catch {
    throw end('UPSTREAM_UNREADABLE', { detail: 'the answer is not JSON' })
  }

  let read
  try {
    const reply = specification.reply.safeParse(body)
    if (!reply.success)
      throw end('UPSTREAM_INVALID', { detail: `unexpected in the reply: ${pathsOf(reply.error.issues)}` })
    const quotaLeft = specification.quotaLeft?.(reply.data)
    if (quotaLeft !== undefined) onQuotaLeft(quotaLeft)
    read = specification.read(reply.data, input, config)
  } catch (error) {
    if (error instanceof GatewayFailure) throw error
    // A row that the adapter stumbles over is the agency's odd row to the counter; its values stay out of the message.
    throw end('UPSTREAM_INVALID', { detail: `the adapter cannot read the reply (${(error as Error).name})` })
  }
  if (isFailed(read)) {
    const { upstreamCode, detail } = read
    throw end(read.failed, { upstreamCode, ...(detail !== undefined && { detail }) })
  }

  const output = capability.output.safeParse(read)
  if (!output.success)
    throw end('UPSTREAM_INVALID', { detail: `breaks the contract at: ${pathsOf(output.error.issues)}` })

  return { record: output.data, unknownCodes: [...unknownCodesIn(output.data)] }
}

async function send(
  transport: Transport,
  request: UpstreamRequest,
  remainingMs: number,
  upstream: string,
): Promise<WireAnswer> {
  try {
    return await transport.send(
      {
        method: request.method,
        path: request.path,
        headers: {
          accept: 'application/json',
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
          ...request.headers,
        },
        body: request.body === undefined ? null : encodeJson(request.body),
      },
      remainingMs,
    )
  } catch (error) {
    if (!(error instanceof TransportFault)) throw error
    throw new GatewayFailure(error.code, {
      source: upstream,
      sent: error.sent,
      retryAfter: null,
      detail: error.message,
    })
  }
}

/** HTTP's own word, before the agency's. Only 2xx is read: an error page with a cheerful body stays an error. */
function failureOfStatus(status: number): AgencyFailureCode | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) return 'UPSTREAM_UNREADABLE' // a redirect is never followed
  if (status === 401 || status === 403 || status === 407) return 'UPSTREAM_MISCONFIGURED'
  if (status === 408) return 'UPSTREAM_TIMEOUT'
  if (status === 429) return 'UPSTREAM_BUSY'
  if (status >= 400 && status < 500) return 'UPSTREAM_INVALID'
  return 'UPSTREAM_UNAVAILABLE'
}

const retryAfterSeconds = ({ headers }: WireAnswer): number | null => {
  const seconds = Number(headers['retry-after'])
  return Number.isInteger(seconds) && seconds > 0 ? seconds : null
}

const contentTypeOf = ({ headers }: WireAnswer): string | undefined => {
  const type = headers['content-type']
  return typeof type === 'string' ? type : undefined
}

/** Where, never what: the values may be personal. */
const pathsOf = (issues: readonly { path: readonly PropertyKey[]; code: string }[]): string =>
  issues
    .slice(0, 5)
    .map(
      ({ path, code }) =>
        `/${path.map(key => (typeof key === 'number' ? '*' : String(key))).join('/')} (${code})`,
    )
    .join(', ')

function unknownCodesIn(value: unknown, path = '', found = new Set<ContractPath>()): Set<ContractPath> {
  if (typeof value !== 'object' || value === null) return found
  if (isUnknownCode(value)) found.add(path as ContractPath)
  else if (Array.isArray(value)) for (const item of value) unknownCodesIn(item, `${path}/*`, found)
  else for (const [key, child] of Object.entries(value)) unknownCodesIn(child, `${path}/${key}`, found)
  return found
}
