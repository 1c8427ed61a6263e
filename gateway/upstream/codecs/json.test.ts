import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeJson, encodeJson } from './json.ts'
import { Unreadable } from './unreadable.ts'

const exact = ['NIK', 'NO_KK'] as const
const decode = (text: string, keys?: readonly string[]) => decodeJson(Buffer.from(text), keys)

describe('exact integers', () => {
  test.each([
    ['beyond 2^53, to the last digit', '{"NIK":9999011501900001999}', { NIK: '9999011501900001999' }],
    ['white space around the colon', '{"NIK" :\r\n\t 9999011501900001}', { NIK: '9999011501900001' }],
    [
      'at any depth',
      '{"content":[{"NO_KK":9999011501900002},{"NIK":1}]}',
      { content: [{ NO_KK: '9999011501900002' }, { NIK: '1' }] },
    ],
    ['already a string', '{"NIK":"9999011501900001"}', { NIK: '9999011501900001' }],
    ['null', '{"NIK":null}', { NIK: null }],
    [
      'fractions, exponents and negative numbers stay numbers',
      '[{"NIK":12.5},{"NIK":12e3},{"NIK":-12}]',
      [{ NIK: 12.5 }, { NIK: 12e3 }, { NIK: -12 }],
    ],
    ['other keys stay numbers', '{"NIKAH":1,"nik":2,"XNIK":3}', { NIKAH: 1, nik: 2, XNIK: 3 }],
    ['a key that only ends like a named one', String.raw`{"x\"NIK":1}`, { 'x"NIK': 1 }],
    [
      'text that looks like a named key',
      String.raw`{"NOTE":"\"NIK\":123, \\\"NIK\":123"}`,
      { NOTE: String.raw`"NIK":123, \"NIK":123` },
    ],
  ])('%s', (_, text, expected) => {
    expect(decode(text, exact)).toEqual(expected)
  })

  test('a key is taken literally, whatever its letters', () => {
    expect(decode(String.raw`{"a.b ":1,"axb ":1,"\"":1}`, ['a.b ', '"'])).toEqual({
      'a.b ': '1',
      'axb ': 1,
      '"': '1',
    })
  })

  test('a number that is not JSON does not become readable', () => {
    expect(() => decode('{"NIK":0012}', exact)).toThrow(Unreadable)
  })

  test('nothing but the named integers is ever changed', () => {
    const tricky = fc.array(fc.constantFrom('"', '\\', 'NIK', ':', '1', ',', '{', '}', ' ', '\n'), {
      maxLength: 12,
    })
    const words = fc.oneof(
      tricky.map(parts => parts.join('')),
      fc.string(),
    )
    const { tree } = fc.letrec(tie => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        words,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(words, fc.constant('NIK')), tie('tree'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const expected = JSON.parse(text, function quoteNamed(key, child: unknown, { source = '' } = {}) {
          return key === 'NIK' && typeof child === 'number' && /^\d+$/.test(source) ? source : child
        } as Reviver)
        expect(decode(text, ['NIK'])).toStrictEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})

/** TypeScript's type of a reviver does not know the source text yet. */
type Reviver = Parameters<typeof JSON.parse>[1]

describe('text', () => {
  test('a byte order mark is skipped', () => {
    expect(decode('\uFEFF{"a":1}')).toEqual({ a: 1 })
  })

  test('Latin-1 where the agency says so, unless it is UTF-8 all the same', () => {
    const latin1 = 'application/json; charset=ISO-8859-1'
    expect(decodeJson(Buffer.from('{"NAMA":"JOSÉ"}', 'latin1'), [], latin1)).toEqual({ NAMA: 'JOSÉ' })
    expect(decodeJson(Buffer.from('{"NAMA":"JOSÉ"}', 'utf8'), [], latin1)).toEqual({ NAMA: 'JOSÉ' })
    expect(decodeJson(Buffer.from([0x22, 0x92, 0x22]), [], latin1)).toBe('’')
  })

  test.each([
    ['empty', Buffer.alloc(0)],
    ['HTML', Buffer.from('<html>WARGA CONTOH SATU</html>')],
    ['cut off', Buffer.from('{"NAMA":"WARGA CONTOH SATU","NIK":99990115')],
    ['nested without end', Buffer.from(`{"NAMA":"WARGA CONTOH SATU","LAIN":${'['.repeat(1_000)}`)],
    ['bytes that are not UTF-8', Buffer.from('{"NAMA":"WARGA CONTOH SATU É"}', 'latin1')],
  ])('unreadable, without a word of the answer in the error: %s', (_, body) => {
    const error = thrownBy(() => decodeJson(body, exact))
    expect(error).toBeInstanceOf(Unreadable)
    expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(/WARGA|html|9999/)
  })
})

test('what is encoded is decoded', () => {
  const value = { nik: '9999011501900001', names: ['JOSÉ', '"\\'], none: null }
  expect(decode(encodeJson(value))).toEqual(value)
})

function thrownBy(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
