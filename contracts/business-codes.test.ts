import { describe, expect, it, test } from 'vitest'
import * as businessLists from './business-codes.ts'
import type { Text } from './text.ts'
import { isUnknownCode } from './code-list.ts'
import * as licenceLists from './licence-codes.ts'

type Code = Text & { readonly wire?: string }
const lists = { ...businessLists, ...licenceLists }
const all = Object.entries(lists).flatMap(([name, list]) =>
  Object.entries<Code>(list.codes).map(([code, { id, wire }]) => ({ name, list, code, id, wire: wire! })),
)

describe("the agency's own codes", () => {
  test.each(all)('$name reads "$wire" as $code, and tells what it means', ({ list, code, id, wire }) => {
    const variants = [wire, ` ${wire.toLowerCase()} `, ...(/^\d+$/.test(wire) ? [String(Number(wire))] : [])]
    for (const text of variants) expect(list.read(text)).toEqual({ code, text: id })
    expect(list.read(id)).toEqual({ code, text: id })
  })

  it('are each one code only', () => {
    for (const [name, list] of Object.entries(lists)) {
      const codes = Object.values<Code>(list.codes).map(({ wire }) => wire?.replace(/^0+(?=\d)/, ''))
      expect(new Set(codes).size, name).toBe(codes.length)
    }
  })

  test.each(['99', '077', 'K', '', '-1', '1.0'])('never guesses: "%s" is unknown', text => {
    for (const list of Object.values(lists)) {
      const coded = list.read(text)
      expect(isUnknownCode(coded)).toBe(true)
      expect(coded.text).toBe(text)
    }
  })

  it('has the permit statuses of the appendix, and not the one that only a sample has', () => {
    expect(Object.keys(licenceLists.licenceStatus.codes)).toHaveLength(26)
    expect(licenceLists.licenceStatus.read('58').code).toBe('unknown')
  })
})
