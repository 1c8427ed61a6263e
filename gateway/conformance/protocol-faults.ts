/** What goes wrong between the agency's application and us: proxies, error pages, half an answer. Played by nock. */
import { expect } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import type { AgencyFailureCode } from '#contracts/failures.ts'
import { checkExchange } from './check-exchange.ts'
import { readExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { elsewhere, textOf } from './play-exchange.ts'

interface ProtocolFault {
  readonly name: string
  /** What becomes of a good answer; by default its status, its text as JSON. */
  alter(text: string): { status?: number; headers?: Record<string, string>; text?: string }
  /** `answer`: it does no harm. */
  readonly outcome: 'answer' | AgencyFailureCode
  /** Seconds until the counter may ask again; absent: nobody knows. */
  readonly retryAfter?: number
}

/** The good answer under an HTTP status that says otherwise. */
const status = (
  code: number,
  outcome: AgencyFailureCode,
  headers: Record<string, string> = {},
  retryAfter?: number,
): ProtocolFault => ({
  name: [`a good answer with HTTP ${code}`, ...Object.keys(headers)].join(', '),
  alter: () => ({ status: code, headers }),
  outcome,
  ...(retryAfter !== undefined && { retryAfter }),
})

const body = (name: string, outcome: AgencyFailureCode, alter: (text: string) => string): ProtocolFault => ({
  name,
  alter: text => ({ text: alter(text) }),
  outcome,
})

export const protocolFaults: readonly ProtocolFault[] = [
  body('an empty body', 'UPSTREAM_UNREADABLE', () => ''),
  body('half of the JSON', 'UPSTREAM_UNREADABLE', text => text.slice(0, text.length / 2)),
  body('an array around the answer', 'UPSTREAM_INVALID', text => `[${text}]`),
  body('the answer as a string', 'UPSTREAM_INVALID', text => JSON.stringify(text)),
  body('null for an answer', 'UPSTREAM_INVALID', () => 'null'),
  {
    name: 'HTML for an answer',
    alter: text => ({ headers: { 'content-type': 'text/html' }, text: `<html><p>${text}</p></html>` }),
    outcome: 'UPSTREAM_UNREADABLE',
  },
  {
    name: 'a good answer as text/html', // agencies forget to say what it is; the bytes decide
    alter: () => ({ headers: { 'content-type': 'text/html; charset=utf-8' } }),
    outcome: 'answer',
  },
  { name: 'HTTP 204', alter: () => ({ status: 204, text: '' }), outcome: 'UPSTREAM_UNREADABLE' },
  status(301, 'UPSTREAM_UNREADABLE', { location: `${elsewhere}/moved` }),
  status(307, 'UPSTREAM_UNREADABLE', { location: `${elsewhere}/moved` }),
  status(400, 'UPSTREAM_INVALID'),
  status(401, 'UPSTREAM_MISCONFIGURED', {}, 60),
  status(403, 'UPSTREAM_MISCONFIGURED', {}, 60),
  status(404, 'UPSTREAM_INVALID'),
  status(408, 'UPSTREAM_TIMEOUT'),
  status(429, 'UPSTREAM_BUSY'),
  status(429, 'UPSTREAM_BUSY', { 'retry-after': '7' }, 7),
  status(500, 'UPSTREAM_UNAVAILABLE'),
  status(503, 'UPSTREAM_UNAVAILABLE', { 'retry-after': '7' }, 7),
]

/** Plays a successful exchange with a fault in its response; throws where a promise is not kept. */
export async function checkProtocolFault(
  adapter: Adapter,
  exchange: Exchange,
  { alter, outcome, retryAfter }: ProtocolFault,
): Promise<void> {
  const text = textOf(exchange.response)
  const altered = alter(text)
  // The body stays beside the altered text: its values must be found nowhere.
  const response = { ...exchange.response, body: readExact(text), text, ...altered }
  if (outcome === 'answer') {
    await checkExchange(adapter, { ...exchange, response })
    return
  }
  const upstreamCode = response.status < 300 ? undefined : `HTTP ${response.status}`
  const { answer } = await checkExchange(adapter, {
    ...exchange,
    response,
    expect: { failure: outcome, upstreamCode },
    quotaLeft: null,
  })
  expect(answer['retryAfter'], 'when to ask again').toBe(retryAfter ?? null)
}
