/** What callers may send who mean harm, or whose program is broken. */
import fc from 'fast-check'
import type { Sent } from './exchange.ts'

/** Birds that must be heard in no log line, no metric and no error, wherever in a request they sit. */
export const canaries = ['9999015508880088', 'KENARI RAHASIA', 'kenari-sandi-77'] as const

/** Texts with a history. */
const notorious = [
  '',
  '\0',
  '\ud800',
  '\u202e',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'undefined',
  'NaN',
  '-1',
  '1e999',
  '../../../../etc/passwd',
  '%00%0d%0aSet-Cookie:a=b',
  '${process.env.PATH}',
  '{{7*7}}',
  "' OR 1=1; --",
  '<script>alert(1)</script>',
  '<!ENTITY x SYSTEM "file:///etc/passwd">',
  '(a+)+$',
  'a'.repeat(5_000),
  '9'.repeat(400),
]

const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...canaries) },
  { weight: 3, arbitrary: fc.constantFrom(...notorious) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-z./:-]{1,40}$/) },
)

const anyLeaf = fc.oneof(
  { weight: 4, arbitrary: anyText },
  { weight: 1, arbitrary: fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, [], {}, [[[]]], [null]) },
  { weight: 1, arbitrary: fc.double() },
)

const anyValue = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    anyLeaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie('value')), { maxLength: 4 }).map(Object.fromEntries),
  ),
})).value

// -- Bodies ---------------------------------------------------------------------------------------------------------

interface Mutation {
  /** Which place of the value, counted in order, modulo how many there are. */
  readonly place: number
  readonly act: 'replace' | 'remove' | 'wrap' | 'add'
  readonly key: string
  readonly value: unknown
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat({ max: 200 }),
  act: fc.constantFrom('replace', 'replace', 'remove', 'wrap', 'add'),
  key: anyText,
  value: anyValue,
})

/** A valid value with something wrong in one place. */
function mutate(valid: unknown, { place, act, key, value }: Mutation): unknown {
  let passed = 0
  const places = countOf(valid)
  return visit(valid)

  function visit(here: unknown): unknown {
    const isHere = passed === place % places
    passed += 1
    if (isHere && act === 'replace') return value
    if (isHere && act === 'remove') return undefined
    if (isHere && act === 'wrap') return [here]
    if (typeof here !== 'object' || here === null) return here
    if (Array.isArray(here)) return here.map(visit)
    const entries = Object.entries(here).map(([name, child]): [string, unknown] => [name, visit(child)])
    return Object.fromEntries(isHere && act === 'add' ? [...entries, [key, value]] : entries)
  }
}

const countOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce((sum: number, child) => sum + countOf(child), 0)
    : 1

/** Texts that are no JSON, or JSON that nobody sends. */
const oddTexts = [
  '',
  'null',
  '[]',
  '"9999015508880088"',
  '{"nik":',
  '\ufeff{}',
  '{"nik":1e400}',
  '{"nik":9999015508880088}',
  '{"nik":"9999011501900001","nik":"9999015508880088"}',
  '{"__proto__":{"nik":"9999011501900001"}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"nik":"\\ud800"}',
  'nik=9999015508880088&name=KENARI',
  '['.repeat(30_000),
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  `${'['.repeat(31)}${']'.repeat(31)}`,
  `{"nik":"${'9'.repeat(70_000)}"}`,
  `{${Array.from({ length: 4_000 }, (_, index) => `"k${index}":${index}`).join()}}`,
]

const bodyOf = (valid: unknown): fc.Arbitrary<Buffer> => {
  const text = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '')
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(text(valid)) },
    {
      weight: 6,
      arbitrary: fc
        .array(mutation, { minLength: 1, maxLength: 3 })
        .map(all => text(all.reduce(mutate, valid))),
    },
    { weight: 1, arbitrary: anyValue.map(text) },
    { weight: 1, arbitrary: fc.constantFrom(...oddTexts).map(odd => Buffer.from(odd)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)) },
  )
}

// -- Lines ----------------------------------------------------------------------------------------------------------

/** What the line of a header can carry. */
const headerText = anyText.map(text =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, ''),
)

/** What a request line can carry. */
const targetText = anyText.map(text =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\x21-\x7e\x80-\xff]/g, '+'),
)

const segment = fc.oneof(
  targetText,
  anyText.map(text => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('..', '.', '%2e%2e', '%2f', '%00', '%c0%af', '%ff', '%', '\\', ';a=b', '@', ':80'),
)

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND']

/** An address with its method, and a body and values for its parameters that it would take. */
export interface Target {
  readonly method: string
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  readonly bodies: readonly unknown[]
  /** The `authorization` of somebody who may. */
  readonly caller: string
}

/** Requests to these addresses. `usual` headers are mostly kept, so that many a request gets far; `names` are tried, too. */
export function hostileRequest(
  targets: readonly Target[],
  usual: Readonly<Record<string, string>>,
  callers: readonly (string | undefined)[],
  names: readonly string[],
): fc.Arbitrary<Sent> {
  return fc.constantFrom(...targets).chain(target =>
    fc
      .record({
        method: mostly(target.method, fc.constantFrom(...methods)),
        path: pathOf(target),
        query: mostly('', fc.array(fc.tuple(queryName, segment), { maxLength: 4 }).map(queryOf)),
        caller: mostly(target.caller, fc.constantFrom(...callers)),
        usual: fc.record(
          Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, mostly(value, lineOf)])),
        ),
        further: fc
          .array(fc.tuple(fc.constantFrom(...names), lineOf), { maxLength: 3 })
          .map(Object.fromEntries),
        body: fc.constantFrom(...target.bodies).chain(bodyOf),
      })
      .map(({ method, path, query, caller, usual, further, body }) => ({
        method,
        path: path + query,
        headers: keep({ ...usual, authorization: caller, ...further }),
        body: method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : body,
      })),
  )
}

const mostly = <Value>(usual: Value, odd: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd })

/** One line, twice the same name, or none. */
const lineOf: fc.Arbitrary<string | string[] | undefined> = fc.oneof(
  { weight: 6, arbitrary: headerText },
  { weight: 1, arbitrary: fc.tuple(headerText, headerText).map(both => [...both]) },
  { weight: 1, arbitrary: fc.constant(undefined) },
)

const pathOf = ({ path, parameters }: Target): fc.Arbitrary<string> => {
  const filled = path.split('/').map(part => {
    const parameter = /^:(\w+)/.exec(part)?.[1]
    return parameter === undefined
      ? fc.constant(part)
      : fc.oneof(fc.constant(parameters[parameter] ?? 'dukcapil'), segment)
  })
  const usual = fc.tuple(...filled).map(parts => parts.join('/'))
  const odd = fc
    .tuple(usual, segment, fc.constantFrom('/', '//', ''))
    .map(([path, more, joint]) => path + joint + more)
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd })
}

const queryName = fc.oneof(
  fc.constantFrom('cursor', 'limit', 'from', 'until', 'month', 'nik', 'format', '__proto__'),
  segment,
)
const queryOf = (pairs: readonly (readonly [string, string])[]) =>
  `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`

const keep = (headers: Record<string, string | string[] | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined),
  )
