import { expect, it } from 'vitest'
import * as lists from './police-codes.ts'

const all = Object.entries(lists).flatMap(([name, list]) =>
  Object.entries(list.codes).flatMap(
    ([code, { id, also = [] }]: [string, { id: string; also?: readonly string[] }]) =>
      [id, ...also].map(text => ({ name, list, code, text })),
  ),
)

it.each(all)('$name reads "$text" as $code, in any case', ({ list, code, text }) => {
  for (const wire of [text.toUpperCase(), ` ${text.toLowerCase()} `])
    expect(list.read(wire)).toEqual({ code, text: wire.trim() })
})

it('calls any other text unknown', () => {
  for (const list of Object.values(lists))
    expect(list.read('Lain')).toEqual({ code: 'unknown', text: 'Lain' })
})
