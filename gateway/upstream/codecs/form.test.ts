import { describe, expect, it } from 'vitest'
import { encodeForm } from './form.ts'

describe('a form', () => {
  it('holds flat values, escaped, in their order', () => {
    expect(encodeForm({ USERNAME: 'mal contoh', TANGGAL: '21/09/2026', empty: '', n: 7, yes: true })).toBe(
      'USERNAME=mal+contoh&TANGGAL=21%2F09%2F2026&empty=&n=7&yes=true',
    )
    expect(encodeForm({ 'a&b': 'é=1' })).toBe('a%26b=%C3%A9%3D1')
  })

  it('leaves out what is undefined', () => {
    expect(encodeForm({ a: undefined, b: '1' })).toBe('b=1')
  })

  it.each([null, { nested: 'rahasia' }, ['rahasia'], Symbol('rahasia')])(
    'refuses %o, naming the key alone',
    value => {
      const encode = () => encodeForm({ NIK: value })
      expect(encode).toThrow(/NIK$/)
      expect(encode).not.toThrow(/rahasia/)
    },
  )

  it.each([null, 'a=1', 7])('is made of an object, not of %o', body => {
    expect(() => encodeForm(body)).toThrow(TypeError)
  })
})
