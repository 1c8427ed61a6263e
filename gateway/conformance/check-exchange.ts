import { expect } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { failures } from '#contracts/failures.ts'
import { checkAnswer, checkProblem, checkSecrecy, checkSilence } from './check-outcome.ts'
import type { Exchange, WireQuestion } from './fixtures.ts'
import { type Played, playExchange, type Received } from './play-exchange.ts'
import { jsonOrText } from './wire-body.ts'

/** Plays an exchange; throws an assertion error where the adapter does not do what the fixture and the house promise. */
export async function checkExchange(adapter: Adapter, exchange: Exchange): Promise<Played> {
  const played = await playExchange(adapter, exchange)
  checkPlayed(adapter, exchange, played)
  return played
}

export function checkPlayed(adapter: Adapter, exchange: Exchange, played: Played): void {
  const { request, authentication, quotaLeft } = exchange
  const { failure, upstreamCode } = exchange.expect
  const { received, tokenRequests } = played
  // Whoever says that the token has expired is asked once more, with another.
  const questions = authentication ? Math.min(tokenRequests.length, 2) : 1
  checkReceived('what the agency got', received, request, questions)
  if (authentication)
    checkReceived('what it was asked for a token', tokenRequests, authentication.request, questions)
  if (failure === undefined) checkAnswer(exchange, played)
  else {
    checkProblem(adapter, { failure, sent: 'yes' }, played)
    // The agency's code as evidence has it: where our access is at fault, the counter is not told.
    expect(played.evidence['upstreamCode'], "the agency's own code").toBe(upstreamCode)
  }
  const { health } = played
  const effect = failure && failures[failure].circuit
  expect(health.circuit, 'the circuit after a single answer').toBe(effect === 'counts' ? 'open' : 'closed')
  expect(health.heldSince !== undefined, 'the upstream is held').toBe(effect === 'holds')
  if (quotaLeft !== undefined) expect(health.quotaLeft?.value ?? null, 'the quota left').toBe(quotaLeft)
  checkSilence(adapter, exchange, played, upstreamCode)
  checkSecrecy(adapter, exchange, { path: received.map(({ path }) => path).join(' ') })
}

function checkReceived(
  what: string,
  received: readonly Received[],
  expected: WireQuestion,
  times: number,
): void {
  expect(
    received.map(request => asWritten(request, expected)),
    what,
  ).toEqual(Array.from({ length: times }, () => expected))
}

/** A request in the words of a fixture: of its headers those that the fixture names. */
function asWritten({ method, path, headers, text }: Received, expected: WireQuestion): object {
  const names = Object.keys(expected.headers)
  return {
    method,
    path,
    headers: Object.fromEntries(names.map(name => [name, headers.get(name)])),
    ...(expected.text === undefined ? text && { body: jsonOrText(text) } : { text }),
  }
}
