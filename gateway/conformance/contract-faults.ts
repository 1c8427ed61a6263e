/**
 * What goes wrong with the agency's wire contract, made from an answer that was good: every value in it is in turn left out,
 * null, of another type, written otherwise, or news. The counter then gets less, or a failure; never something else.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Adapter } from '#contracts/adapter.ts'
import { isUnknownCode } from '#contracts/code-list.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import type { Progress } from '#contracts/submission.ts'
import { checkSilence } from './check-outcome.ts'
import { writeExact } from './exact-json.ts'
import { answerOf, type Exchange } from './fixtures.ts'
import {
  contractPathOf,
  isCoded,
  isObject,
  placesIn,
  pointerOf,
  replaced,
  samplesIn,
  valueAt,
} from './places.ts'
import { openPlayer, type Played } from './play-exchange.ts'
import { contentOf, replyWith } from './wire-body.ts'

export interface ContractFault {
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
export const news = 'XYZZYQ'

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
    alter: value => (isGroup(value) ? [{ ...value, [news]: `NEW ${news}` }] : []),
    harmless: true,
  },
  { name: 'a key is spelled otherwise', alter: otherSpellingsOf },
  { name: 'an object has none of its fields', alter: value => (isGroup(value) ? [{ [news]: news }] : []) },
  { name: 'a date is written otherwise', alter: value => [...otherDatesOf(value)] },
  {
    name: 'a row comes twice',
    alter: value => (Array.isArray(value) && isObject(value[0]) ? [[...value, value[0]]] : []),
  },
]

const isGroup = (value: unknown): value is Record<string, unknown> => isObject(value) && !Array.isArray(value)

/** The value itself in other clothes: whoever puts up with them shows the same, whoever guesses is found out. */
function otherTypesOf(value: unknown): unknown[] {
  if (value === null) return [{}]
  if (Array.isArray(value)) return [value[0] ?? {}, news]
  if (isObject(value)) return [[value], news]
  return [[value], { value }, ...numberAsText(value), ...textAsNumber(value)]
}

function numberAsText(value: unknown): string[] {
  const wire = writeExact(value)
  return wire.startsWith('"') ? [] : [wire]
}

/** Only where nothing is lost: leading zeros would be. */
function textAsNumber(value: unknown): unknown[] {
  if (typeof value !== 'string' || !/^(0|[1-9]\d*)$/.test(value)) return []
  return [value.length < 16 ? Number(value) : `${value}n`]
}

/** With a blank behind it, in other letters, under another name. */
function otherSpellingsOf(value: unknown): object[] {
  if (!isGroup(value)) return []
  return Object.entries(value).flatMap(([key, child]) =>
    [`${key} `, key.toUpperCase(), key.toLowerCase(), `${news}_${key}`]
      .filter(other => !(other in value))
      .map(other => ({ ...(replaced(value, [key], undefined) as object), [other]: child })),
  )
}

/** The same day as other agencies write it; month before day only where nobody can take the one for the other. */
function* otherDatesOf(value: unknown): Generator<string> {
  if (typeof value !== 'string') return
  const [, isoYear, isoMonth, isoDay, ownDay, ownMonth, ownYear] =
    /^(\d{4})-(\d\d)-(\d\d)$|^(\d\d)[-./](\d\d)[-./](\d{4})$/.exec(value) ?? []
  const [year, month, day] = [isoYear ?? ownYear, isoMonth ?? ownMonth, isoDay ?? ownDay]
  if (year === undefined || month === undefined || day === undefined || day === month) return
  const written = [
    `${year}-${month}-${day}`,
    `${day}-${month}-${year}`,
    `${day}/${month}/${year}`,
    `${year}/${month}/${day}`,
    `${year}${month}${day}`,
    `${day}-${month}-${year.slice(2)}`,
    `${year}-${month}-${day}T00:00:00+07:00`,
    ...(Number(day) > 12 ? [`${month}/${day}/${year}`] : []),
  ]
  yield* written.filter(date => date !== value)
}

/** Does the fault to every value of a good answer in turn; throws with every promise that is not kept. */
export async function checkContractFault(
  adapter: Adapter,
  exchange: Exchange,
  fault: ContractFault,
): Promise<void> {
  const good = contentOf(exchange.response)
  const coded = [...placesIn(exchange.expect.data)].filter(({ value }) => isCoded(value))
  const neverUnknown = new Set(fault.makesUnknown && coded.map(({ path }) => contractPathOf(path)))
  const broken: string[] = []

  await using player = openPlayer(adapter, exchange)
  for (const { path, value } of samplesIn(good)) {
    for (const replacement of fault.alter(value, path.at(-1))) {
      const body = replaced(good, path, replacement)
      const played = await player.play(replyWith(exchange.response, body))
      const how = replacement === undefined ? 'left out' : `as ${writeExact(replacement)}`
      for (const promise of brokenPromises(adapter, exchange, fault, played, [good, body]))
        broken.push(`${pointerOf(path)} ${how}: ${promise}`)
      for (const { path, value } of coded) {
        const now = valueAt(played.answer['data'], path)
        const isUnknown = isUnknownCode(now) && !isDeepStrictEqual(now, value)
        if (isUnknown || (now === undefined && isUnlisted(exchange, played.answer['data'])))
          neverUnknown.delete(contractPathOf(path))
      }
    }
  }
  for (const path of neverUnknown) broken.push(`${path} is never unknown`)
  if (broken.length > 0) throw new Error(`broken promises:\n  ${broken.join('\n  ')}`)
}

function* brokenPromises(
  adapter: Adapter,
  exchange: Exchange,
  { mayShow, harmless }: ContractFault,
  played: Played,
  bodies: readonly unknown[],
): Generator<string> {
  const { data, warnings, code, source, sent } = played.answer
  const before = exchange.expect.data
  if (harmless && !isDeepStrictEqual(data, before)) yield 'changes the answer'
  else if (data === undefined) {
    if (!mayEndWith(exchange, code as FailureCode)) yield `ends with ${String(code)}`
    if (source !== adapter.id || sent !== 'yes') yield `says source ${String(source)}, sent ${String(sent)}`
  } else {
    if (!answerOf(exchange.capability).safeParse(data).success) yield 'breaks the contract'
    const told = isUnlisted(exchange, data) ? { ...data, state: before?.['state'], agencyState: null } : data
    for (const path of newsIn(told, before, mayShow)) yield `shows something else at ${path}`
    const unknown = [...placesIn(data)].filter(({ value }) => isUnknownCode(value))
    const paths = new Set(unknown.map(({ path }) => contractPathOf(path)))
    const due = Array.from(paths, path => ({ code: 'CODE_UNKNOWN', path }))
    if (!isDeepStrictEqual(warnings, due)) yield 'warns wrongly'
  }
  try {
    checkSilence(adapter, { ...exchange, response: { ...exchange.response, body: bodies } }, played, news)
  } catch (error) {
    yield (error as Error).message
  }
}

/** The plain truth that its answer is of no use, or the agency's "no"; but no order ends because of an odd answer. */
const mayEndWith = ({ order }: Exchange, code: FailureCode): boolean =>
  code === 'UPSTREAM_INVALID' ||
  code === 'UPSTREAM_UNREADABLE' ||
  (!order && failures[code].meaning === 'answered')

/** The order stays as it is, and a person is told. */
const isUnlisted = ({ order }: Exchange, data: unknown): data is Progress =>
  order !== undefined && (data as Progress | undefined)?.state === 'unlisted'

/** Where a record says what it did not say before. To leave out, to empty and to call unknown is not that. */
export function* newsIn(now: unknown, before: unknown, mayShow?: string, path = ''): Generator<string> {
  if (now === undefined || now === null || isUnknownCode(now) || isDeepStrictEqual(now, before)) return
  if (mayShow !== undefined && typeof now === 'string' && now.toUpperCase().includes(mayShow)) return
  // Either as it was or unknown: never another code beside the same text.
  const isSameGroup =
    isObject(now) && isObject(before) && !isCoded(now) && isDeepStrictEqual(lengthOf(now), lengthOf(before))
  if (!isSameGroup) yield path
  else for (const key of Object.keys(now)) yield* newsIn(now[key], before[key], mayShow, `${path}/${key}`)
}

/** Of a list: half of one must not pass for the whole. */
const lengthOf = (value: object): number | undefined => (Array.isArray(value) ? value.length : undefined)
