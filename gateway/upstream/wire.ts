/** A request and its answer in a format that the gateway knows, and what HTTP alone says of the answer. */
import type { Codec, EncodedRequest, UpstreamRequest } from '#contracts/adapter.ts'
import type { AgencyFailureCode } from '#contracts/failures.ts'
import { type FailureFacts, GatewayFailure } from '#gateway/failure.ts'
import { encodeForm } from './codecs/form.ts'
import { decodeJson, encodeJson } from './codecs/json.ts'
import { decodeXml } from './codecs/xml.ts'
import { type Transport, TransportFault, type WireAnswer } from './transport.ts'

export interface Wire {
  readonly upstream: string
  readonly transport: Transport
  /** JSON keys whose whole numbers are kept to the last digit. */
  readonly exactIntegers: readonly string[]
}

/** An answer of the agency, and what its bytes say. */
export interface Heard {
  readonly answer: WireAnswer
  /** Undefined when the bytes cannot be decoded. */
  readonly reply: unknown
}

type Headers = EncodedRequest['headers']

const writers = { json: encodeJson, form: encodeForm }
const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' }
const accepted = { json: 'application/json', xml: 'application/xml, text/xml' }

export function encodeRequest(
  { method, path, headers = {}, body }: UpstreamRequest,
  { request = 'json' }: Codec = {},
): EncodedRequest {
  if (body === undefined) return { method, path, headers, body: null }
  return {
    method,
    path,
    headers: overlay({ 'content-type': contentTypes[request] }, headers),
    body: writers[request](body),
  }
}

/** @throws Unreadable for what is not in that format. */
export function decodeReply(
  { body, headers }: WireAnswer,
  { reply = 'json' }: Codec = {},
  exactIntegers: readonly string[],
): unknown {
  const type = headers['content-type']
  const contentType = typeof type === 'string' ? type : undefined
  return reply === 'json' ? decodeJson(body, exactIntegers, contentType) : decodeXml(body, contentType)
}

/** Says which format is expected, unless the adapter does, and turns a fault on the way into a failure. */
export async function send(
  { upstream, transport }: Wire,
  request: EncodedRequest,
  { reply = 'json' }: Codec = {},
  remainingMs: number,
): Promise<WireAnswer> {
  const { method, path, headers, body } = request
  try {
    return await transport.send(
      { method, path, headers: overlay({ accept: accepted[reply] }, headers), body },
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

/** Names are compared without their case, and sent in the case in which they are written: some agencies mind it. */
export function overlay(below: Headers, above: Headers): Headers {
  const headers: Record<string, string> = { ...above }
  for (const name in below)
    if (!Object.keys(above).some(other => isSameName(other, name))) headers[name] = below[name]!
  return headers
}

const isSameName = (one: string, other: string) =>
  one.length === other.length && one.toLowerCase() === other.toLowerCase()

/** HTTP's own word, before the agency's: a redirect is never followed, and an error page with a cheerful body stays an error. */
export function failureOfStatus(status: number): AgencyFailureCode | undefined {
  if (status >= 200 && status < 300) return undefined
  if (isRedirect(status)) return 'UPSTREAM_UNREADABLE'
  if (status === 401 || status === 403 || status === 407) return 'UPSTREAM_MISCONFIGURED'
  if (status === 408) return 'UPSTREAM_TIMEOUT'
  if (status === 429) return 'UPSTREAM_BUSY'
  if (status >= 400 && status < 500) return 'UPSTREAM_INVALID'
  return 'UPSTREAM_UNAVAILABLE'
}

export const isRedirect = (status: number): boolean => status >= 300 && status < 400

export const factsOfStatus = ({ status, headers }: WireAnswer) => {
  const seconds = Number(headers['retry-after'])
  return {
    upstreamCode: `HTTP ${status}`,
    retryAfter: Number.isInteger(seconds) && seconds > 0 ? seconds : null,
    detail: `the agency answered HTTP ${status}`,
  } satisfies FailureFacts
}
