/** What is well formed and wrong all the same: an answer about someone else, a code that no list knows, half a question. */
import { isDeepStrictEqual } from 'node:util'
import type { Adapter } from '#contracts/adapter.ts'
import type { Capability } from '#contracts/capability.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { isSynthetic } from '#contracts/identifiers.ts'
import type { Progress, Submission } from '#contracts/submission.ts'
import { checkSilence } from './check-outcome.ts'
import { news } from './contract-faults.ts'
import { writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { isObject, type Path, placesIn, pointerOf, replaced, valueAt } from './places.ts'
import { isDelivery, isSameOperation, requestOf } from './operation-of.ts'
import { openPlayer } from './play-exchange.ts'
import { contentOf, replyWith } from './wire-body.ts'

type Input = Exchange['input']

export interface SemanticFault {
  readonly name: string
  /** `exchanges`: all of the adapter. Returns why nothing can be checked here, if so; throws where a promise is not kept. */
  check(adapter: Adapter, exchange: Exchange, exchanges: readonly Exchange[]): Promise<string | undefined>
}

export const semanticFaultsOf = (exchange: Exchange): readonly SemanticFault[] => [
  { name: 'an answer about someone else', check: checkSomeoneElse },
  { name: 'a code that no list knows', check: checkUnlistedCode },
  { name: 'a person in place of the code', check: checkPersonForCode },
  ...(exchange.order ? orderFaults : []),
  ...(exchange.order?.ask === 'status'
    ? [{ name: 'a question that is not the order itself', check: checkInquiry }]
    : [
        { name: 'a question of which nothing gets lost', check: checkWholeQuestion },
        { name: 'a question that says less, or says it oddly', check: checkOddQuestions },
      ]),
]

// -- The answer ---------------------------------------------------------------------------------------------------------

/** Where the answer says whom it is about, it must not pass for an answer about anybody else. */
async function checkSomeoneElse(adapter: Adapter, exchange: Exchange): Promise<string | undefined> {
  const { capability, input, order, response } = exchange
  const echoes = [...placesIn(contentOf(response))].map(({ value }) => plain(value))
  const isEchoed = (text: string): boolean => echoes.some(echo => echo.includes(plain(text)))
  const others =
    order && isEchoed(order.id)
      ? [{ ...exchange, order: { ...order, id: otherId } }]
      : namesOf(exchange)
          .filter(isEchoed)
          .map(name => ({ ...exchange, input: withOtherSubject(capability, input, name) }))
  if (others.length === 0) return 'the answer does not say whom it is about'

  for (const other of others) {
    await using player = openPlayer(adapter, other)
    const { data, code } = (await player.play(response)).answer
    if (data !== undefined) throw new Error('shows the answer about one for the answer about another')
    if (code !== 'UPSTREAM_INVALID') throw new Error(`ends with ${String(code)}, not UPSTREAM_INVALID`)
  }
  return undefined
}

/** Of an order that is not the fixtures'. */
const otherId = '01997b6e-4d00-7000-8000-999999999999'

/** An order is told by its key, if it has one: what else is in an answer may be what came of it, such as a new number. */
function namesOf({ capability, order, input }: Exchange): readonly string[] {
  const submission = order && (capability as unknown as Submission)
  const key = submission?.orderKey?.(submission.input.parse(input))
  return key === undefined ? subjectsOf(capability, input) : [key]
}

const subjectsOf = (capability: Capability, input: Input): string[] =>
  capability.subjects(capability.input.parse(input) as never).map(({ value }) => value)

/** Letters and digits only: "X 1234 ABC" is X1234ABC. */
const plain = (value: unknown): string =>
  isObject(value) || value === undefined
    ? ''
    : writeExact(value)
        .replace(/[^\dA-Za-z]/g, '')
        .toUpperCase()

/** The same question about somebody who differs by one digit. */
function withOtherSubject(capability: Capability, input: Input, subject: string): Input {
  const places = [...placesIn(input)].filter(({ value }) => value === subject)
  const isAllowed = (other: string): boolean => isSynthetic(other) || !isSynthetic(subject) // a licence has no province
  for (const other of otherDigits(subject)) {
    let changed: unknown = input
    for (const { path } of places) changed = replaced(changed, path, other)
    if (isAllowed(other) && capability.input.safeParse(changed).success) return changed as Input
  }
  throw new Error('nobody else can be asked about')
}

/** The text with another digit in one place, the last one first. */
function* otherDigits(text: string): Generator<string> {
  for (let place = text.length - 1; place >= 0; place -= 1)
    if (/\d/.test(text[place]!))
      for (let step = 1; step < 10; step += 1)
        yield `${text.slice(0, place)}${(Number(text[place]) + step) % 10}${text.slice(place + 1)}`
}

/** In no list of codes that was ever seen, the names that every JavaScript object knows among them. */
const unlistedCodes = [news, '79190', 79_190, 'constructor', '__proto__']

/** An unlisted code is never a success. */
async function checkUnlistedCode(
  adapter: Adapter,
  exchange: Exchange,
  exchanges: readonly Exchange[],
): Promise<string | undefined> {
  const { isShown, successes } = codedSuccesses(exchange, exchanges)
  await using player = openPlayer(adapter, exchange)
  for (const { success, path } of successes) {
    for (const code of unlistedCodes) {
      const body = replaced(contentOf(success.response), path, code)
      const { data, code: failure } = (await player.play(replyWith(success.response, body), success.input))
        .answer
      const passes = isShown ? data !== undefined : isDeepStrictEqual(data, success.expect.data)
      if (passes)
        throw new Error(
          `${pointerOf(path)} as ${code}: passes for a success (put into "${success.name}"); refuse every code that you do not know, also where a success has none`,
        )
      if (isShown && failure !== 'UPSTREAM_INVALID')
        throw new Error(`${pointerOf(path)} as ${code}: ends with ${String(failure)}`)
    }
  }
  return successes.length > 0 ? undefined : 'no answer of the fixtures tells a code'
}

/** Somebody whom no fixture is about. */
const stranger = ['9999016505850009', 'PENDUDUK TAK DIKENAL']

/** Agencies put texts where a code should be: whoever it is about, log, problem and evidence do not tell. */
async function checkPersonForCode(
  adapter: Adapter,
  exchange: Exchange,
  exchanges: readonly Exchange[],
): Promise<string | undefined> {
  const { successes } = codedSuccesses(exchange, exchanges)
  await using player = openPlayer(adapter, exchange)
  for (const { success, path } of successes) {
    for (const text of [...subjectsOf(exchange.capability, success.input), ...stranger]) {
      const reply = replyWith(success.response, replaced(contentOf(success.response), path, text))
      const played = await player.play(reply, success.input)
      try {
        checkSilence(adapter, { ...success, response: reply }, played)
      } catch (error) {
        throw new Error(`${pointerOf(path)} as ${text}: ${(error as Error).message}`, { cause: error })
      }
    }
  }
  return successes.length > 0 ? undefined : 'no answer of the fixtures tells a code'
}

interface CodedSuccess {
  readonly success: Exchange
  /** Of the code in its answer. */
  readonly path: Path
}

/**
 * Each place of a code, in a success of this capability. Where codes stand, the agency's refusals in the fixtures show;
 * where they do not, the names of the fields must do.
 */
function codedSuccesses(exchange: Exchange, exchanges: readonly Exchange[]) {
  const own = exchanges.filter(other => isSameOperation(other, exchange))
  const shown = placesOf(exchanges, upstreamCodeOf)
  const successes = new Map<string, CodedSuccess>()
  // An operation's refusals may have another wrapper than its successes, and others' the same.
  for (const places of [placesOf(own, upstreamCodeOf), shown]) {
    if (successes.size > 0) break
    for (const success of own.filter(({ expect: { data } }) => data)) {
      const good = contentOf(success.response)
      const told = places.filter(path => valueAt(good, path) !== undefined)
      const due = told.length > 0 ? told : places.filter(path => isGroup(valueAt(good, path.slice(0, -1))))
      for (const path of shown.length > 0 ? due : placesNamedCode(good))
        successes.getOrInsert(pointerOf(path), { success, path })
    }
  }
  return { isShown: shown.length > 0, successes: [...successes.values()] }
}

const upstreamCodeOf = ({ expect }: Exchange): string | undefined => expect.upstreamCode

/** Where the answers have what is expected of them, more often than something else. */
function placesOf(
  exchanges: readonly Exchange[],
  expectedOf: (exchange: Exchange) => string | undefined,
): readonly Path[] {
  const scores = new Map<string, { readonly path: Path; score: number }>()
  for (const exchange of exchanges) {
    const expected = expectedOf(exchange)
    if (expected === undefined) continue
    for (const { path, value } of placesIn(contentOf(exchange.response))) {
      if (typeof path.at(-1) !== 'string' || isObject(value)) continue
      const place = scores.getOrInsertComputed(pointerOf(path), () => ({ path, score: 0 }))
      place.score += plain(value) === plain(expected) ? 1 : -1
    }
  }
  return [...scores.values()].filter(({ score }) => score > 0).map(({ path }) => path)
}

const codeNames = /^(kode|code|rc|status|(status|response|respon|error|kode)_?(code|respon|response))$/i

const placesNamedCode = (good: unknown): Path[] =>
  [...placesIn(good)].flatMap(({ path, value }) =>
    codeNames.test(String(path.at(-1))) && (typeof value === 'string' || typeof value === 'number')
      ? [path]
      : [],
  )

const isGroup = (value: unknown): boolean => isObject(value) && !Array.isArray(value)

// -- How far an order is ------------------------------------------------------------------------------------------------

const orderFaults: readonly SemanticFault[] = [
  { name: 'a state that no list knows', check: checkUnlistedState },
  { name: 'a person in place of the state', check: checkPersonForState },
  { name: 'a page that knows nothing of the order', check: checkBarePages },
]

/** A step that no table has ends nothing, and is no step of another name. */
async function checkUnlistedState(
  adapter: Adapter,
  exchange: Exchange,
  exchanges: readonly Exchange[],
): Promise<string | undefined> {
  const places = statePlaces(exchange, exchanges)
  for (const { success, path } of places) {
    await using player = openPlayer(adapter, success)
    for (const text of unlistedCodes) {
      const body = replaced(contentOf(success.response), path, text)
      const { data, code } = (await player.play(replyWith(success.response, body))).answer
      const { state } = (data ?? {}) as Partial<Progress>
      if (state !== 'unlisted' && code !== 'UPSTREAM_INVALID')
        throw new Error(`${pointerOf(path)} as ${text}: passes for ${state ?? String(code)}`)
    }
  }
  return reasonWithout(places, exchange)
}

/** What is no state may be anything, also one word: it is not passed on. */
async function checkPersonForState(
  adapter: Adapter,
  exchange: Exchange,
  exchanges: readonly Exchange[],
): Promise<string | undefined> {
  const places = statePlaces(exchange, exchanges)
  for (const { success, path } of places) {
    await using player = openPlayer(adapter, success)
    for (const text of [...subjectsOf(success.capability, success.input), ...stranger, 'PENDUDUK']) {
      const reply = replyWith(success.response, replaced(contentOf(success.response), path, text))
      try {
        checkSilence(adapter, { ...success, response: reply }, await player.play(reply))
      } catch (error) {
        throw new Error(`${pointerOf(path)} as ${text}: ${(error as Error).message}`, { cause: error })
      }
    }
  }
  return reasonWithout(places, exchange)
}

/** Each success of this operation that tells its state in the agency's own word, with where it stands. */
function statePlaces(exchange: Exchange, exchanges: readonly Exchange[]): readonly CodedSuccess[] {
  const own = exchanges.filter(other => isSameOperation(other, exchange))
  const places = placesOf(own, ({ expect: { data } }) => data?.['agencyState'] as string | undefined)
  return own
    .filter(({ expect: { data } }) => data?.['agencyState'] !== undefined)
    .flatMap(success => places.map(path => ({ success, path })))
    .filter(({ success, path }) => valueAt(contentOf(success.response), path) !== undefined)
}

/** An agency need not say how far an order is that it has just taken. */
const reasonWithout = (places: readonly CodedSuccess[], exchange: Exchange): string | undefined =>
  places.length > 0 || isDelivery(exchange) ? undefined : 'no answer of the fixtures tells a state'

/** What a proxy, or a path that is wrong, answers instead of the agency. */
const barePages = [
  '',
  '<html><h1>404 Not Found</h1></html>',
  '{"message":"Not Found"}',
  '{"error":"no Route matched with those values"}',
  '{}',
  '[]',
  'null',
]

/** Whoever takes it for "not known here" sends the order twice; whoever takes it for "no" ends one that nobody refused. */
async function checkBarePages(adapter: Adapter, exchange: Exchange): Promise<undefined> {
  await using player = openPlayer(adapter, exchange)
  for (const status of [404, 200])
    for (const text of barePages) {
      const { data, code } = (await player.play({ status, headers: {}, text })).answer
      const { state } = (data ?? {}) as Partial<Progress>
      if (data !== undefined || failures[code as FailureCode].meaning === 'answered')
        throw new Error(`HTTP ${status} with "${text}": passes for ${state ?? String(code)}`)
    }
}

// -- The question -------------------------------------------------------------------------------------------------------

/** Whatever is asked reaches the agency: a value that is dropped would come back as an answer to another question. */
async function checkWholeQuestion(adapter: Adapter, exchange: Exchange): Promise<undefined> {
  const usual = requestOf(adapter, exchange, exchange.input)
  for (const { path, value } of placesIn(exchange.input)) {
    const other = othersOf(value)
      .map(replacement => replaced(exchange.input, path, replacement) as Input)
      .find(input => exchange.capability.input.safeParse(input).success)
    if (other && isDeepStrictEqual(requestOf(adapter, exchange, other), usual))
      throw new Error(`${pointerOf(path)} makes no difference to the request`)
  }
}

/** Other values in its place, of which the first that the capability allows will do. */
function othersOf(value: unknown): readonly unknown[] {
  switch (typeof value) {
    case 'string':
      return [undefined, ...otherDigits(value), `${value}${news}`]
    case 'number':
      return [undefined, value + 1, value - 1]
    case 'boolean':
      return [undefined, !value]
    default:
      return []
  }
}

/** The adapter can write every question that the capability allows. */
async function checkOddQuestions(adapter: Adapter, exchange: Exchange): Promise<undefined> {
  for (const { path, value } of placesIn(exchange.input)) {
    if (path.length === 0) continue
    for (const replacement of [undefined, ...(typeof value === 'string' ? [`O'${news} "&<\\ É`] : [])]) {
      const input = replaced(exchange.input, path, replacement) as Input
      if (!exchange.capability.input.safeParse(input).success) continue
      try {
        requestOf(adapter, exchange, input)
      } catch (error) {
        const how = replacement === undefined ? 'left out' : `as ${replacement}`
        throw new Error(`${pointerOf(path)} ${how}: the adapter throws`, { cause: error })
      }
    }
  }
}

/** It asks about this order and no other, has no effect, and needs nothing that only the order has. */
async function checkInquiry(adapter: Adapter, exchange: Exchange): Promise<undefined> {
  const { capability, input, order } = exchange
  const usual = requestOf(adapter, exchange)
  if (isDeepStrictEqual(requestOf(adapter, { ...exchange, order: { ...order!, ask: 'deliver' } }), usual))
    throw new Error('asks by sending the order once more')
  const other = subjectsOf(capability, input).reduce(
    (input, subject) => withOtherSubject(capability, input, subject),
    input,
  )
  if (
    isDeepStrictEqual(
      requestOf(adapter, { ...exchange, order: { ...order!, id: otherId, reference: undefined } }, other),
      requestOf(adapter, { ...exchange, order: { ...order!, reference: undefined } }),
    )
  )
    throw new Error('asks the same about every order')
  for (const reference of [undefined, `O'${news} "&<\\ É`])
    for (const isAccepted of [false, true])
      requestOf(adapter, { ...exchange, order: { ...order!, reference, isAccepted } })
}
