/** What the house promises of every outcome, whatever the agency did. */
import { expect } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { type FailureCode, failures, type Sent } from '#contracts/failures.ts'
import { Secret } from '#contracts/secret.ts'
import { writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { isObject, placesIn } from './places.ts'
import type { Outcome } from './stage.ts'

/** The counter got all that the exchange holds. */
export function checkAnswer({ expect: { data }, warnings }: Exchange, { status, answer }: Outcome): void {
  expect({ status, ...answer }, 'the answer').toMatchObject({
    status: 200,
    warnings: warnings.map(path => ({ code: 'CODE_UNKNOWN', path })),
    withheld: [],
  })
  expect(answer['data'], 'the data').toEqual(data)
}

/** The counter got this problem, told honestly. */
export function checkProblem(
  { id }: Adapter,
  { failure, sent }: { readonly failure: FailureCode; readonly sent: Sent },
  { status, answer }: Outcome,
): void {
  const problem = { status: failures[failure].status, code: failure, source: id, sent }
  expect({ status, ...answer }, 'the problem').toMatchObject(problem)
}

/** Credentials are nowhere but in the request's headers and body. */
export function checkSecrecy({ config }: Exchange, shown: Readonly<Record<string, string>>): void {
  for (const secret of secretsIn(config)) {
    expect(secret.length, 'credentials in fixtures are long enough to be found').toBeGreaterThanOrEqual(8)
    for (const [place, text] of Object.entries(shown))
      expect(text, `credentials in the ${place}`).not.toContain(secret)
  }
}

/** Nor is what is personal anywhere but in the data. `allowed`: a text of the agency that may be shown, its own code. */
export function checkSilence(
  exchange: Exchange,
  { answer, traces }: Pick<Outcome, 'answer' | 'traces'>,
  allowed?: string,
): void {
  const texts = { ...traces, answer: JSON.stringify(answer) }
  checkSecrecy(exchange, texts)
  const { input, response } = exchange
  const fields = fieldsIn(response.body)
  const personal = [input, response.body]
    .flatMap(textsIn)
    .filter(text => text !== allowed && !fields.some(field => field.includes(text)))
  for (const [place, text] of Object.entries('data' in answer ? traces : texts))
    expect(
      personal.filter(value => text.includes(value)),
      `personal values in the ${place}`,
    ).toEqual([])
}

function secretsIn(value: unknown): string[] {
  if (value instanceof Secret) return [value.reveal()]
  return isObject(value) ? Object.values(value).flatMap(secretsIn) : []
}

/** The names of the agency's fields: a failure may tell where it is. */
const fieldsIn = (value: unknown): string[] =>
  [...placesIn(value)].flatMap(({ path }) => {
    const key = path.at(-1)
    return typeof key === 'string' ? [key] : []
  })

/** Texts that cannot be elsewhere by chance: words of five characters or more, numbers of ten digits or more. */
function textsIn(value: unknown): string[] {
  if (isObject(value)) return Object.values(value).flatMap(textsIn)
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = writeExact(value).replace(/^"|"$/g, '')
  return text.length >= (/^\d+$/.test(text) ? 10 : 5) ? [text] : []
}
