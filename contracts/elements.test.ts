import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { elementsOf, optional, personal, specific } from './elements.ts'
import { familyLookup } from './family.ts'
import { residentLookup, residentMatch } from './resident.ts'

describe('elements', () => {
  it('names elements by contract path, lists by *', () => {
    expect([...familyLookup.elements.keys()].slice(0, 3)).toEqual([
      '/familyCardNumber',
      '/address/street',
      '/address/neighbourhood',
    ])
    expect(familyLookup.elements.has('/members/*/motherName')).toBe(true)
  })

  it('keeps label and class of each use of one schema apart', () => {
    const name = z.string()
    const record = z.object({
      one: personal(name, 'Satu', 'One'),
      other: optional(specific(name, 'Lain', 'Other')),
    })
    expect([...elementsOf(record)]).toEqual([
      ['/one', { dataClass: 'personal', label: { id: 'Satu', en: 'One' } }],
      ['/other', { dataClass: 'specific', label: { id: 'Lain', en: 'Other' } }],
    ])
  })

  it('refuses a record with a leaf that nobody has classified', () => {
    expect(() => elementsOf(z.object({ note: z.string() }))).toThrow(
      '/note is neither an element nor a group',
    )
  })

  it('protects health and disability specially', () => {
    const protectedElements = [...residentLookup.elements].filter(
      ([, { dataClass }]) => dataClass === 'specific',
    )
    expect(protectedElements.map(([path]) => path)).toEqual(['/bloodGroup', '/disability'])
  })
})

describe('capabilities', () => {
  it.each([residentLookup, residentMatch, familyLookup])(
    '$id: its example fits its own schemas',
    capability => {
      expect(capability.input.safeParse(capability.example.input).error).toBeUndefined()
      expect(capability.output.safeParse(capability.example.output).error).toBeUndefined()
    },
  )

  it('knows everyone an answer is about', () => {
    const { input, output } = familyLookup.example
    expect(familyLookup.subjects(input, familyLookup.output.parse(output))).toEqual([
      { type: 'familyCardNumber', value: '9999010101200001' },
      { type: 'nik', value: '9999011501900001' },
    ])
  })
})
