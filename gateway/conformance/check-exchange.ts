import { expect } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { failures } from '#contracts/failures.ts'
import { Secret } from '#contracts/secret.ts'
import { writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { type Played, playExchange } from './play-exchange.ts'

/** Plays an exchange; throws an assertion error where the adapter does not do what the fixture and the house promise. */
export async function checkExchange(adapter: Adapter, exchange: Exchange): Promise<void> {
  const played = await playExchange(adapter, exchange)
  expect(played.received, 'what the agency got').toEqual([exchange.request])
  checkOutcome(adapter, exchange, played)
  checkSilence(exchange, played)
}

function checkOutcome(
  adapter: Adapter,
  exchange: Exchange,
  { status, answer, evidence, health }: Played,
): void {
  const { data, failure, upstreamCode } = exchange.expect
  if (failure === undefined) {
    const warnings = exchange.warnings.map(path => ({ code: 'CODE_UNKNOWN', path }))
    expect({ status, ...answer }, 'the answer').toMatchObject({ status: 200, warnings, withheld: [] })
    expect(answer['data'], 'the data').toEqual(data)
  } else {
    const problem = { status: failures[failure].status, code: failure, source: adapter.id, sent: 'yes' }
    expect({ status, ...answer }, 'the problem').toMatchObject(problem)
    // The agency's code as evidence has it: where our access is at fault, the counter is not told.
    expect(evidence['upstreamCode'], "the agency's own code").toBe(upstreamCode)
  }
  const holds = failure !== undefined && failures[failure].circuit === 'holds'
  expect(health.heldSince !== undefined, 'the upstream is held').toBe(holds)
  if (exchange.quotaLeft !== undefined)
    expect(health.quotaLeft?.value ?? null, 'the quota left').toBe(exchange.quotaLeft)
}

/** Credentials are nowhere but in the request's headers and body; what is personal is in the data alone. */
function checkSilence(
  { config, input, response, expect: { data, upstreamCode } }: Exchange,
  played: Played,
): void {
  const answer = JSON.stringify(played.answer)
  const path = played.received.map(request => request.path).join(' ')
  for (const secret of secretsIn(config)) {
    expect(secret.length, 'credentials in fixtures are long enough to be found').toBeGreaterThanOrEqual(8)
    for (const [place, text] of Object.entries({ ...played.traces, answer, path }))
      expect(text, `credentials in the ${place}`).not.toContain(secret)
  }
  const personal = [input, response.body].flatMap(textsIn).filter(text => text !== upstreamCode)
  for (const [place, text] of Object.entries(data ? played.traces : { ...played.traces, answer }))
    expect(
      personal.filter(value => text.includes(value)),
      `personal values in the ${place}`,
    ).toEqual([])
}

function secretsIn(value: unknown): string[] {
  if (value instanceof Secret) return [value.reveal()]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : []
}

/** Texts that cannot be elsewhere by chance: words of five characters or more, numbers of ten digits or more. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn)
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = writeExact(value).replace(/^"|"$/g, '')
  return text.length >= (/^\d+$/.test(text) ? 10 : 5) ? [text] : []
}
