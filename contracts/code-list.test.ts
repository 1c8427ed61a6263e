import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeList, isUnknownCode, withTexts } from './code-list.ts'
import { lossReport } from './loss-report.ts'
import { residentLookup } from './resident.ts'
import * as lists from './population-codes.ts'

const all = Object.entries(lists).flatMap(([name, list]) =>
  Object.entries(list.codes).flatMap(
    ([code, { id, also = [] }]: [string, { id: string; also?: readonly string[] }]) =>
      [id, ...also].map(text => ({ name, list, code, text })),
  ),
)

describe('code lists', () => {
  it.each(all)('$name reads "$text" as $code, whatever its case and spacing', ({ list, code, text }) => {
    for (const wire of [text, text.toUpperCase(), `  ${text.toLowerCase().replaceAll(' ', '   ')} `])
      expect(list.read(wire)).toEqual({ code, text: wire.trim() })
  })

  it('writes what it reads', () => {
    for (const { list, code } of all) {
      const write = list.write as (name: string) => string
      expect(list.read(write(code)).code).toBe(code)
    }
  })

  it('gives a code its text where it stands without one, and changes nothing else', () => {
    const report = { reportNumber: 'SKTLK/1', status: { code: 'issued' } }
    expect(withTexts(lossReport, report)).toEqual({ ...report, status: { code: 'issued', text: 'Terbit' } })
    for (const status of [
      { code: 'issued', text: 'TERBIT' },
      { code: 'unknown' },
      { code: 'constructor' },
      { code: 7 },
      'issued',
      null,
      [],
    ])
      expect(withTexts(lossReport, { status, more: {} })).toEqual({ status, more: {} })
    for (const value of [null, 'x', [{ code: 'issued' }]]) expect(withTexts(lossReport, value)).toEqual(value)
    const { elements, output } = residentLookup
    expect([...elements.keys()]).toContain('/religion')
    expect(withTexts(output, { religion: { code: 'islam' } })).toMatchObject({ religion: { text: 'Islam' } })
  })

  it('has the 89 occupations of the registry', () => {
    expect(Object.keys(lists.occupation.codes)).toHaveLength(89)
  })

  it('never guesses: any other text is unknown, kept beside, and recognisable', () => {
    const known = new Set(all.map(({ text }) => text.toUpperCase()))
    fc.assert(
      fc.property(fc.string(), text => {
        fc.pre(!known.has(text.trim().replace(/\s+/g, ' ').toUpperCase()))
        const coded = lists.religion.read(text)
        expect(coded).toEqual({ code: 'unknown', text: text.trim() })
        expect(isUnknownCode(coded)).toBe(true)
      }),
    )
  })

  it.each([
    ['01', 'active'],
    ['1', 'active'],
    ['50', 'approved'],
    ['050', 'unknown'],
    ['001', 'unknown'],
    ['018', 'forestry'],
    ['18', 'forestry'],
    ['', 'unknown'],
    ['constructor', 'unknown'],
  ])("forgives an agency's code one leading zero that is missing, and none too many: %s", (wire, code) => {
    const list = codeList({
      active: { wire: '01', id: 'Aktif', en: 'Active' },
      approved: { wire: '50', id: 'Disetujui', en: 'Approved' },
      forestry: { wire: '018', id: 'Kehutanan', en: 'Forestry' },
    })
    expect(list.read(wire).code).toBe(code)
  })
})
