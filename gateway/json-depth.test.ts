import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nestsDeeperThan } from './json-depth.ts'

/** What the scan tells from the text, told from the value. */
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

/** Strings that look like structure: brackets, quotes and backslashes. */
const misleading = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a', '\n', '\u{1F600}') })

const anyJson = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 12 },
    fc.oneof(misleading, fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(misleading, tie('value'), { maxKeys: 3 }),
  ),
})).value

it('counts what is nested, whatever stands in strings and however it is spaced', () => {
  fc.assert(
    fc.property(anyJson, fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      const depth = depthOf(JSON.parse(text))
      expect(nestsDeeperThan(depth, text)).toBe(false)
      if (depth > 0) expect(nestsDeeperThan(depth - 1, text)).toBe(true)
    }),
  )
})

it.each([
  ['lists', '['.repeat(1_000_000)],
  ['objects', '{"a":'.repeat(200_000)],
  ['lists after a string that ends in a backslash', `["\\\\",${'['.repeat(33)}`],
])('stops at %s without end', (_, text) => expect(nestsDeeperThan(32, text)).toBe(true))

it.each(['', '"', '"\\', ']]]]', '\\"[[['])('ends at the end of what is no JSON: %s', text =>
  expect(nestsDeeperThan(32, text)).toBe(false),
)
