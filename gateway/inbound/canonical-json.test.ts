import { expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

const canonical = (text: string) => canonicalJson(JSON.parse(text))

it.each([
  ['blanks and line breaks', '{"a":1,"b":[true,null]}', '{ "a": 1,\n "b": [ true, null ] }'],
  [
    'the order of keys, at any depth',
    '{"a":{"c":1,"d":2},"b":[{"x":1,"y":2}]}',
    '{"b":[{"y":2,"x":1}],"a":{"d":2,"c":1}}',
  ],
  ['the spelling of a text', '{"a":"é/"}', String.raw`{"a":"\u00e9\/"}`],
  [
    'the order of keys that look like numbers or like what objects have',
    '{"10":1,"9":2,"__proto__":3}',
    '{"__proto__":3,"9":2,"10":1}',
  ],
])('does not mind %s', (_, one, other) => {
  expect(canonical(other)).toBe(canonical(one))
})

it.each([
  ['the order of a list', '[1,2]', '[2,1]'],
  ['a text and a number', '{"a":"1"}', '{"a":1}'],
  ['null and absent', '{"a":null}', '{}'],
  ['where a value stands', '{"a":{"b":1}}', '{"a":{},"b":1}'],
  ['a key that objects have', '{"__proto__":1}', '{}'],
])('tells apart %s', (_, one, other) => {
  expect(canonical(other)).not.toBe(canonical(one))
})
