/** What goes wrong with a token that is fetched first. */
import { expect } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import type { FailureCode, Sent } from '#contracts/failures.ts'
import { checkAnswer, checkProblem, checkSilence } from './check-outcome.ts'
import type { Exchange, TokenExchange, WireReply } from './fixtures.ts'
import { playExchange } from './play-exchange.ts'

interface TokenFault {
  readonly name: string
  /** What the agency answers, one after the other; the last one again and again. */
  readonly replies?: (token: TokenExchange, good: WireReply) => readonly WireReply[]
  /** What it answers to whoever asks for a token. */
  readonly token?: WireReply
  readonly outcome: 'answer' | FailureCode
  readonly sent: Sent
  readonly questions: number
  readonly tokenRequests: number
}

const reply = (status: number, text: string): WireReply => ({ status, headers: {}, text })

export const tokenFaults: readonly TokenFault[] = [
  {
    name: 'a token that has expired',
    replies: ({ expired }, good) => [expired, good],
    outcome: 'answer',
    sent: 'yes',
    questions: 2,
    tokenRequests: 2,
  },
  {
    name: 'tokens that are expired at once',
    replies: ({ expired }) => [expired],
    outcome: 'UPSTREAM_MISCONFIGURED',
    sent: 'yes',
    questions: 2,
    tokenRequests: 2,
  },
  {
    name: 'HTML for a token',
    token: reply(200, '<html></html>'),
    outcome: 'UPSTREAM_UNREADABLE',
    sent: 'no',
    questions: 0,
    tokenRequests: 1,
  },
  {
    name: 'no token',
    token: reply(401, ''),
    outcome: 'UPSTREAM_MISCONFIGURED',
    sent: 'no',
    questions: 0,
    tokenRequests: 1,
  },
]

/** Plays a successful exchange whose token does not do; throws where a promise is not kept. */
export async function checkTokenFault(
  adapter: Adapter,
  exchange: Exchange,
  { replies, token, outcome, sent, questions, tokenRequests }: TokenFault,
): Promise<void> {
  const shown = exchange.authentication!
  const altered = { ...exchange, authentication: { ...shown, ...(token && { response: token }) } }
  const played = await playExchange(adapter, altered, replies?.(shown, exchange.response))
  if (outcome === 'answer') checkAnswer(exchange, played)
  else checkProblem(adapter, { failure: outcome, sent }, played)
  expect(played.received.length, 'questions').toBe(questions)
  expect(played.tokenRequests.length, 'requests for a token').toBe(tokenRequests)
  checkSilence(adapter, exchange, played)
}
