/**
 * What goes wrong with the agency's wire contract, made from an answer that was good: every value in it is in turn left out,
 * null, of another type, or news. The counter then gets less, or a failure; never something else.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Adapter } from '#contracts/adapter.ts'
import { isUnknownCode } from '#contracts/code-list.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { checkSilence } from './check-outcome.ts'
import { readExact, writeExact } from './exact-json.ts'
import type { Exchange } from './fixtures.ts'
import { contractPathOf, isObject, placesIn, pointerOf, replaced, valueAt } from './places.ts'
import { type Played, playResponses, textOf } from './play-exchange.ts'

interface ContractFault {
  readonly name: string
  /** What stands in place of a value, one after the other; undefined: nothing. The key is a number in a list. */
  alter(value: unknown, key: string | number | undefined): readonly unknown[]
  /** A text that the answer may show in place of another. */
  readonly mayShow?: string
  /** It changes nothing at all. */
  readonly harmless?: true
  /** Done to the right values, it makes each coded element unknown. */
  readonly makesUnknown?: true
}

/** In no code list and no name, and neither a number nor a date. */
const news = 'XYZZYQ'

export const contractFaults: readonly ContractFault[] = [
  { name: 'a field is missing', alter: (_, key) => (typeof key === 'string' ? [undefined] : []) },
  { name: 'a value is null', alter: value => (value === null ? [] : [null]) },
  { name: 'a value is of another type', alter: otherTypesOf },
  {
    name: 'a text is news',
    alter: value => (isObject(value) || value === null ? [] : [news]),
    mayShow: news,
    makesUnknown: true,
  },
  {
    name: 'a field is added',
    alter: value => (isObject(value) && !Array.isArray(value) ? [{ ...value, [news]: `NEW ${news}` }] : []),
    harmless: true,
  },
]

/** The value itself in other clothes: whoever puts up with them shows the same, whoever guesses is found out. */
function otherTypesOf(value: unknown): unknown[] {
  if (value === null) return [{}]
  if (Array.isArray(value)) return [value[0] ?? {}, news]
  if (isObject(value)) return [[value], news]
  const wire = writeExact(value)
  return [[value], { value }, ...(wire.startsWith('"') ? [] : [wire])]
}

/** Does the fault to every value of a good answer in turn; throws with every promise that is not kept. */
export async function checkContractFault(
  adapter: Adapter,
  exchange: Exchange,
  fault: ContractFault,
): Promise<void> {
  const { text: _, ...response } = exchange.response
  const good = readExact(textOf(exchange.response))
  const coded = [...placesIn(exchange.expect.data)].filter(({ value }) => isCoded(value))
  const neverUnknown = new Set(fault.makesUnknown && coded.map(({ path }) => pointerOf(path)))
  const broken: string[] = []

  await using stage = playResponses(adapter, exchange)
  for (const { path, value } of placesIn(good)) {
    for (const replacement of fault.alter(value, path.at(-1))) {
      const body = replaced(good, path, replacement)
      const played = await stage.play({ ...response, body })
      const how = replacement === undefined ? 'left out' : `as ${writeExact(replacement)}`
      for (const promise of brokenPromises(adapter, exchange, fault, played, [good, body]))
        broken.push(`${pointerOf(path)} ${how}: ${promise}`)
      for (const { path, value } of coded) {
        const now = valueAt(played.answer['data'], path)
        if (isUnknownCode(now) && !isDeepStrictEqual(now, value)) neverUnknown.delete(pointerOf(path))
      }
    }
  }
  for (const path of neverUnknown) broken.push(`${path} is never unknown`)
  if (broken.length > 0) throw new Error(`broken promises:\n  ${broken.join('\n  ')}`)
}

function* brokenPromises(
  { id }: Adapter,
  exchange: Exchange,
  { mayShow, harmless }: ContractFault,
  played: Played,
  bodies: readonly unknown[],
): Generator<string> {
  const { data, warnings, code, source, sent } = played.answer
  const before = exchange.expect.data
  if (harmless && !isDeepStrictEqual(data, before)) yield 'changes the answer'
  else if (data === undefined) {
    if (!mayEndWith(code as FailureCode)) yield `ends with ${String(code)}`
    if (source !== id || sent !== 'yes') yield `says source ${String(source)}, sent ${String(sent)}`
  } else {
    if (!exchange.capability.output.safeParse(data).success) yield 'breaks the contract'
    for (const path of newsIn(data, before, mayShow)) yield `shows something else at ${path}`
    const unknown = [...placesIn(data)].filter(({ value }) => isUnknownCode(value))
    const paths = new Set(unknown.map(({ path }) => contractPathOf(path)))
    const due = Array.from(paths, path => ({ code: 'CODE_UNKNOWN', path }))
    if (!isDeepStrictEqual(warnings, due)) yield 'warns wrongly'
  }
  try {
    checkSilence({ ...exchange, response: { ...exchange.response, body: bodies } }, played, news)
  } catch (error) {
    yield (error as Error).message
  }
}

/** The agency's "no", or the plain truth that its answer is of no use. */
const mayEndWith = (code: FailureCode): boolean =>
  code === 'UPSTREAM_INVALID' || code === 'UPSTREAM_UNREADABLE' || failures[code].meaning === 'answered'

/** Either as it was or unknown: never another code beside the same text. */
const isCoded = (value: unknown): boolean => isObject(value) && 'code' in value && 'text' in value

/** Where a record says what it did not say before. To leave out, to empty and to call unknown is not that. */
function* newsIn(now: unknown, before: unknown, mayShow?: string, path = ''): Generator<string> {
  if (now === undefined || now === null || isUnknownCode(now) || isDeepStrictEqual(now, before)) return
  if (mayShow !== undefined && typeof now === 'string' && now.toUpperCase().includes(mayShow)) return
  const isSameGroup =
    isObject(now) && isObject(before) && !isCoded(now) && isDeepStrictEqual(lengthOf(now), lengthOf(before))
  if (!isSameGroup) yield path
  else for (const key of Object.keys(now)) yield* newsIn(now[key], before[key], mayShow, `${path}/${key}`)
}

/** Of a list: half of one must not pass for the whole. */
const lengthOf = (value: object): number | undefined => (Array.isArray(value) ? value.length : undefined)
