/** What is well formed and wrong all the same: an answer about someone else, a code that no list knows, half a question. */
import { isDeepStrictEqual } from 'node:util'
import type { Adapter } from '#contracts/adapter.ts'
import type { Capability } from '#contracts/capability.ts'
import { isSynthetic } from '#contracts/identifiers.ts'
import { operationsOf } from '#gateway/upstream/upstream.ts'
import { checkSilence } from './check-outcome.ts'
import { news } from './contract-faults.ts'
import { writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { isObject, type Path, placesIn, pointerOf, replaced, valueAt } from './places.ts'
import { openPlayer } from './play-exchange.ts'
import { contentOf, replyWith } from './wire-body.ts'

type Input = Exchange['input']

interface SemanticFault {
  readonly name: string
  /** `exchanges`: all of the adapter. Returns why nothing can be checked here, if so; throws where a promise is not kept. */
  check(adapter: Adapter, exchange: Exchange, exchanges: readonly Exchange[]): Promise<string | undefined>
}

export const semanticFaults: readonly SemanticFault[] = [
  { name: 'an answer about someone else', check: checkSomeoneElse },
  { name: 'a code that no list knows', check: checkUnlistedCode },
  { name: 'a person in place of the code', check: checkPersonForCode },
  { name: 'a question of which nothing gets lost', check: checkWholeQuestion },
  { name: 'a question that says less, or says it oddly', check: checkOddQuestions },
]

// -- The answer ---------------------------------------------------------------------------------------------------------

/** Where the answer says whom it is about, it must not pass for an answer about anybody else. */
async function checkSomeoneElse(adapter: Adapter, exchange: Exchange): Promise<string | undefined> {
  const { capability, input, response } = exchange
  const echoes = [...placesIn(contentOf(response))].map(({ value }) => plain(value))
  const echoed = subjectsOf(capability, input).filter(subject =>
    echoes.some(echo => echo.includes(plain(subject))),
  )
  if (echoed.length === 0) return 'the answer does not say whom it is about'

  await using player = openPlayer(adapter, exchange)
  for (const subject of echoed) {
    const other = withOtherSubject(capability, input, subject)
    const { data, code } = (await player.play(response, other)).answer
    if (data !== undefined) throw new Error('shows the answer about one for the answer about another')
    if (code !== 'UPSTREAM_INVALID') throw new Error(`ends with ${String(code)}, not UPSTREAM_INVALID`)
  }
  return undefined
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
  const own = exchanges.filter(({ capability }) => capability === exchange.capability)
  const ownPlaces = codePlacesIn(own)
  const shown = ownPlaces.length > 0 ? ownPlaces : codePlacesIn(exchanges)
  const successes = new Map<string, CodedSuccess>()
  for (const success of own.filter(({ expect: { data } }) => data)) {
    const good = contentOf(success.response)
    const told = shown.filter(path => valueAt(good, path) !== undefined)
    const due = told.length > 0 ? told : shown.filter(path => isGroup(valueAt(good, path.slice(0, -1))))
    for (const path of shown.length > 0 ? due : placesNamedCode(good))
      successes.getOrInsert(pointerOf(path), { success, path })
  }
  return { isShown: shown.length > 0, successes: [...successes.values()] }
}

/** Where the refusals have what is expected as the agency's own code, more often than something else. */
function codePlacesIn(exchanges: readonly Exchange[]): readonly Path[] {
  const scores = new Map<string, { readonly path: Path; score: number }>()
  for (const { expect, response } of exchanges) {
    if (expect.upstreamCode === undefined) continue
    for (const { path, value } of placesIn(contentOf(response))) {
      if (typeof path.at(-1) !== 'string' || isObject(value)) continue
      const place = scores.getOrInsertComputed(pointerOf(path), () => ({ path, score: 0 }))
      place.score += String(value) === expect.upstreamCode ? 1 : -1
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

// -- The question -------------------------------------------------------------------------------------------------------

/** Whatever is asked reaches the agency: a value that is dropped would come back as an answer to another question. */
async function checkWholeQuestion(adapter: Adapter, exchange: Exchange): Promise<undefined> {
  const usual = requestOf(adapter, exchange, exchange.input)
  for (const { path, value } of placesIn(exchange.input)) {
    const others = isObject(value)
      ? []
      : [undefined, ...(typeof value === 'string' ? otherDigits(value) : [])]
    const other = others
      .map(replacement => replaced(exchange.input, path, replacement) as Input)
      .find(input => exchange.capability.input.safeParse(input).success)
    if (other && isDeepStrictEqual(requestOf(adapter, exchange, other), usual))
      throw new Error(`${pointerOf(path)} makes no difference to the request`)
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

/** What the adapter sends, written in the agency's own format where it has one. */
function requestOf(adapter: Adapter, { capability, config, at = 0 }: Exchange, input: Input): unknown {
  const { specification } = operationsOf(adapter).find(
    operation => operation.capability.id === capability.id,
  )!
  const request = specification.request(capability.input.parse(input), config, at)
  return [request, specification.encode?.(request, config, at)]
}
