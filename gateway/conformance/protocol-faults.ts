/** What goes wrong between the agency's application and us: proxies, error pages, half an answer. Played by nock. */
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import type { AgencyFailureCode } from '#contracts/failures.ts'
import { checkPlayed } from './check-exchange.ts'
import type { Exchange, WireReply } from './fixtures.ts'
import { operationOf } from './operation-of.ts'
import { elsewhere, playExchange, usualType } from './play-exchange.ts'
import { bytesOf, contentOf, isJson } from './wire-body.ts'

export interface ProtocolFault {
  readonly name: string
  /** What becomes of a good answer; by default its status, its bytes, its headers. */
  alter(bytes: Buffer): { status?: number; headers?: Record<string, string>; bytes?: Buffer | string }
  /** `answer`: it does no harm. Of several, one. */
  readonly outcome: 'answer' | readonly AgencyFailureCode[]
  /** Seconds until the counter may ask again; null: nobody knows; undefined: not told here. */
  readonly retryAfter?: number | null | undefined
}

/** Every fault that can be made of this exchange, with what this adapter is to make of it. */
export function protocolFaultsOf(adapter: Adapter, exchange: Exchange): readonly ProtocolFault[] {
  const { specification } = operationOf(adapter, exchange)
  const isPlainJson =
    isJson(exchange.response) && !specification.decode && (specification.codec?.reply ?? 'json') === 'json'
  // A format of the agency's own may take for odd what is no JSON at all, or the other way round.
  const oneOf = (code: AgencyFailureCode): readonly AgencyFailureCode[] =>
    isPlainJson ? [code] : ['UPSTREAM_UNREADABLE', 'UPSTREAM_INVALID']
  const unreadable = oneOf('UPSTREAM_UNREADABLE')
  const invalid = oneOf('UPSTREAM_INVALID')
  const body = (
    name: string,
    outcome: ProtocolFault['outcome'],
    alter: (bytes: Buffer) => Buffer | string,
    headers: Record<string, string> = {},
  ): ProtocolFault => ({ name, alter: bytes => ({ bytes: alter(bytes), headers }), outcome })
  const status = (
    code: number,
    usual: AgencyFailureCode,
    headers: Record<string, string> = {},
    retryAfter: number | null = null,
  ): ProtocolFault => ({
    name: [`a good answer with HTTP ${code}`, ...Object.keys(headers)].join(', '),
    alter: () => ({ status: code, headers }),
    ...outcomeOf(adapter, exchange, code, usual, retryAfter),
  })
  const moved = { location: `${elsewhere}/moved` }
  const listed = [
    status(301, 'UPSTREAM_UNREADABLE', moved),
    status(307, 'UPSTREAM_UNREADABLE', moved),
    status(400, 'UPSTREAM_INVALID'),
    status(401, 'UPSTREAM_MISCONFIGURED', {}, 60),
    status(403, 'UPSTREAM_MISCONFIGURED', {}, 60),
    status(404, 'UPSTREAM_INVALID'),
    status(408, 'UPSTREAM_TIMEOUT'),
    status(422, 'UPSTREAM_INVALID'),
    status(429, 'UPSTREAM_BUSY'),
    status(429, 'UPSTREAM_BUSY', { 'retry-after': '7' }, 7),
    status(500, 'UPSTREAM_UNAVAILABLE'),
    status(503, 'UPSTREAM_UNAVAILABLE', { 'retry-after': '7' }, 7),
  ]

  return [
    body('an empty body', unreadable, () => ''),
    body('half of the answer', unreadable, bytes => bytes.subarray(0, bytes.length / 2)),
    body('HTML for an answer', unreadable, bytes => `<html><p>${bytes.toString()}</p></html>`, {
      'content-type': 'text/html',
    }),
    body('a gzip that lies', ['UPSTREAM_UNREADABLE'], bytes => bytes, { 'content-encoding': 'gzip' }),
    body('an answer in gzip', 'answer', bytes => gzipSync(bytes), { 'content-encoding': 'gzip' }),
    body('an error in place of the answer', invalid, () => '{"XYZZYQ":"XYZZYQ"}'),
    ...(isJson(exchange.response)
      ? [
          body('an array around the answer', invalid, bytes => `[${bytes.toString()}]`),
          body('the answer as a string', invalid, bytes => JSON.stringify(bytes.toString())),
          body('null for an answer', invalid, () => 'null'),
          // Agencies forget to say what it is; the bytes decide.
          body('a good answer as text/html', 'answer', bytes => bytes, {
            'content-type': 'text/html; charset=utf-8',
          }),
        ]
      : []),
    {
      name: 'HTTP 204',
      alter: () => ({ status: 204, bytes: '' }),
      ...(adapter.statuses?.[204] === undefined || adapter.statuses[204] === 'read'
        ? { outcome: unreadable }
        : outcomeOf(adapter, exchange, 204, 'UPSTREAM_UNREADABLE', null)),
    },
    ...listed,
  ]
}

/**
 * What an error status means: what the adapter says, else what it usually does. Where the adapter reads the body all the
 * same, a good answer under it is no success.
 */
function outcomeOf(
  { statuses, authentication }: Adapter,
  { response }: Exchange,
  code: number,
  usual: AgencyFailureCode,
  retryAfter: number | null,
): Pick<ProtocolFault, 'outcome' | 'retryAfter'> {
  const means = statuses?.[code]
  if (authentication?.strategy === 'token' && authentication.isExpired(code, contentOf(response)))
    return { outcome: ['UPSTREAM_MISCONFIGURED'], retryAfter: 60 }
  if (means === undefined || means === 'read') return { outcome: [usual], retryAfter }
  if (means === 'UPSTREAM_MISCONFIGURED') return { outcome: [means], retryAfter: 60 }
  return { outcome: [means], retryAfter: means === 'UPSTREAM_QUOTA_SPENT' ? undefined : retryAfter }
}

/** Plays a successful exchange with a fault in its response; throws where a promise is not kept. */
export async function checkProtocolFault(
  adapter: Adapter,
  exchange: Exchange,
  { alter, outcome, retryAfter }: ProtocolFault,
): Promise<void> {
  const { response } = exchange
  const good = bytesOf(response)
  const { status = response.status, headers, bytes = good } = alter(good)
  const reply: WireReply = {
    status,
    headers: { 'content-type': usualType(response), ...response.headers, ...headers },
    base64: Buffer.from(bytes).toString('base64'),
  }
  // The good answer stays the exchange's: its values must be found nowhere.
  const played = await playExchange(adapter, exchange, [reply])
  if (outcome === 'answer') {
    checkPlayed(adapter, exchange, played)
    return
  }
  const { code } = played.answer
  const failure = outcome.find(expected => expected === code) ?? outcome[0]!
  const isToldByStatus = status !== response.status && status !== 204
  const isExpired = played.tokenRequests.length > 1
  const isRead = adapter.statuses?.[status] === 'read' // and with it what the good answer says of the quota
  checkPlayed(
    adapter,
    {
      ...exchange,
      expect: { failure, upstreamCode: isToldByStatus && !isExpired ? `HTTP ${status}` : undefined },
      quotaLeft: isRead ? undefined : failure === 'UPSTREAM_QUOTA_SPENT' ? 0 : null,
    },
    played,
  )
  if (retryAfter !== undefined) expect(played.answer['retryAfter'], 'when to ask again').toBe(retryAfter)
}
