/** What the house promises of every outcome, whatever the agency did. */
import { expect } from 'vitest'
import { type Adapter, isFailed } from '#contracts/adapter.ts'
import { type FailureCode, failures, type Sent } from '#contracts/failures.ts'
import { Secret } from '#contracts/secret.ts'
import { writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { isCoded, isObject, placesIn } from './places.ts'
import type { Outcome } from './stage.ts'
import { contentOf } from './wire-body.ts'

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
export function checkSecrecy(
  adapter: Adapter,
  exchange: Exchange,
  shown: Readonly<Record<string, string>>,
): void {
  for (const secret of secretsOf(adapter, exchange)) {
    expect(secret.length, 'credentials in fixtures are long enough to be found').toBeGreaterThanOrEqual(8)
    for (const [place, text] of Object.entries(shown))
      expect(text, `credentials in the ${place}`).not.toContain(secret)
  }
}

/**
 * Nor is what is personal anywhere but in the data. `allowed`: a text of the agency that may be shown, its own code; so may its
 * word for how far an order is. Never what was asked, nor a number that may be a person's.
 */
export function checkSilence(
  adapter: Adapter,
  exchange: Exchange,
  { answer, traces }: Pick<Outcome, 'answer' | 'traces'>,
  allowed?: string,
): void {
  const texts = { ...traces, answer: JSON.stringify(answer) }
  checkSecrecy(adapter, exchange, texts)
  const { input, response, expect: expected } = exchange
  const content = contentOf(response)
  const shown = [allowed, exchange.order && expected.data?.['agencyState']]
  // In bytes nobody finds a name: then the data says what was in them.
  const said = textsIn(isObject(content) ? content : expected.data)
  const personal = new Set([
    ...textsIn(input),
    ...said.filter(text => !shown.includes(text) || isLongNumber(text)),
  ])
  for (const [place, text] of Object.entries('data' in answer ? traces : texts)) {
    const told = [...personal].filter(value => isTold(value, text))
    const fields = told.length > 0 ? fieldsIn(content) : []
    expect(
      told.filter(value => !fields.some(field => field.includes(value))),
      `personal values in the ${place}`,
    ).toEqual([])
  }
}

/** The house's own words say nothing of a person, and "Success" is not told by `lastSuccessAt`. */
export const isTold = (value: string, text: string): boolean =>
  text.includes(value) && // most are not: the dear questions come behind it
  !ownWords.has(value.toLowerCase()) &&
  (isNumber(value)
    ? new RegExp(`(?<!\\d\\.\\d*)${value}`).test(text) // within a measured fraction it stands by chance
    : new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(value)}(?![\\p{L}\\p{N}])`, 'u').test(text))

const isNumber = (text: string): boolean => /^\d+$/.test(text)
const isLongNumber = (text: string): boolean => isNumber(text) && text.length >= 10

const ownWords = new Set([
  'false', // JSON's own
  ...Object.values(failures).flatMap(({ title }) => Object.values(title).map(text => text.toLowerCase())),
])

/** Each credential as it is, and as it may go over the wire; the token that is fetched with them. */
function* secretsOf(
  { authentication }: Adapter,
  { config, authentication: shown }: Exchange,
): Generator<string> {
  for (const secret of secretsIn(config)) yield* [secret, base64Of(secret)]
  if (authentication?.strategy === 'basic') {
    const { username, password } = authentication.credentials(config as never)
    yield base64Of(`${username}:${password}`)
  }
  if (authentication?.strategy === 'token' && shown) {
    const read = authentication.read(contentOf(shown.response))
    if (!isFailed(read)) yield read.token
  }
}

const base64Of = (text: string): string => Buffer.from(text).toString('base64')

export function secretsIn(value: unknown): string[] {
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
export function textsIn(value: unknown): string[] {
  if (isCoded(value)) return textsIn(value.text)
  if (isObject(value)) return Object.values(value).flatMap(textsIn)
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = writeExact(value).replace(/^"|"$/g, '')
  return isLongNumber(text) || (text.length >= 5 && !isNumber(text)) ? [text] : []
}
