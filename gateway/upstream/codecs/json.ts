import { isUtf8 } from 'node:buffer'
import { deepestNesting, nestsDeeperThan } from '#gateway/json-depth.ts'
import { Unreadable } from './unreadable.ts'

export const encodeJson = (value: unknown): string => JSON.stringify(value)

/**
 * An answer's value.
 * @param exactIntegers keys whose whole numbers arrive as strings, exact beyond 2^53; pass the same array each time.
 * @param contentType of the answer; only asked when the bytes are not UTF-8.
 * @throws Unreadable for anything that is not JSON: empty, HTML, cut off, another charset; and for what nests without end.
 */
export function decodeJson(
  body: Buffer,
  exactIntegers: readonly string[] = [],
  contentType?: string,
): unknown {
  const text = decodeText(body, contentType)
  if (nestsDeeperThan(deepestNesting, text)) throw new Unreadable('nested too deep')
  try {
    return JSON.parse(exactIntegers.length === 0 ? text : quoteIntegers(text, exactIntegers))
  } catch {
    throw new Unreadable(body.length === 0 ? 'empty' : 'not JSON') // the parser's own message quotes the text
  }
}

const byteOrderMark = '\uFEFF'
const windows1252 = new TextDecoder('windows-1252') // what "latin1" and "iso-8859-1" mean in practice

export function decodeText(body: Buffer, contentType = ''): string {
  if (isUtf8(body)) {
    const text = body.toString()
    return text.startsWith(byteOrderMark) ? text.slice(1) : text
  }
  if (/charset="?(iso-8859-1|latin1|windows-1252)/i.test(contentType)) return windows1252.decode(body)
  throw new Unreadable('not UTF-8')
}

const quoteIntegers = (text: string, keys: readonly string[]) => text.replace(integersOf(keys), '$1"$2"')

const patterns = new WeakMap<readonly string[], RegExp>()

/**
 * Whole, positive numbers of these keys. A quote inside a JSON string is always escaped, so an unescaped quote, the key, a
 * quote and a colon can only be a key. Fractions, exponents and negative numbers stay as they are.
 */
function integersOf(keys: readonly string[]): RegExp {
  let pattern = patterns.get(keys)
  if (!pattern) {
    const names = keys.map(key => RegExp.escape(JSON.stringify(key))).join('|')
    pattern = new RegExp(`(?<!\\\\)((?:${names})\\s*:\\s*)(0|[1-9]\\d*)(?![\\d.eE])`, 'g')
    patterns.set(keys, pattern)
  }
  return pattern
}
