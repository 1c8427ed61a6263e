import { expect } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { failures } from '#contracts/failures.ts'
import { checkAnswer, checkProblem, checkSecrecy, checkSilence } from './check-outcome.ts'
import type { Exchange } from './fixtures.ts'
import { type Played, playExchange } from './play-exchange.ts'

/** Plays an exchange; throws an assertion error where the adapter does not do what the fixture and the house promise. */
export async function checkExchange(adapter: Adapter, exchange: Exchange): Promise<Played> {
  const played = await playExchange(adapter, exchange)
  const { failure, upstreamCode } = exchange.expect
  expect(played.received, 'what the agency got').toEqual([exchange.request])
  if (failure === undefined) checkAnswer(exchange, played)
  else {
    checkProblem(adapter, { failure, sent: 'yes' }, played)
    // The agency's code as evidence has it: where our access is at fault, the counter is not told.
    expect(played.evidence['upstreamCode'], "the agency's own code").toBe(upstreamCode)
  }
  const { circuit, heldSince, quotaLeft } = played.health
  const effect = failure && failures[failure].circuit
  expect(circuit, 'the circuit after a single answer').toBe(effect === 'counts' ? 'open' : 'closed')
  expect(heldSince !== undefined, 'the upstream is held').toBe(effect === 'holds')
  if (exchange.quotaLeft !== undefined)
    expect(quotaLeft?.value ?? null, 'the quota left').toBe(exchange.quotaLeft)
  checkSilence(exchange, played, upstreamCode)
  checkSecrecy(exchange, { path: played.received.map(({ path }) => path).join(' ') })
  return played
}
