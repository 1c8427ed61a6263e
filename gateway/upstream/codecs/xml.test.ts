import { describe, expect, it, test } from 'vitest'
import { Unreadable } from './unreadable.ts'
import { decodeXml } from './xml.ts'

const decode = (text: string) => decodeXml(Buffer.from(text))

describe('reads', () => {
  test.each([
    [
      'texts as they are written, never as numbers',
      '<a><b>00012</b><c>1e3</c><d>true</d></a>',
      { a: { b: '00012', c: '1e3', d: 'true' } },
    ],
    [
      'names without their prefix, and no attributes',
      '<?xml version="1.0" encoding="UTF-8"?><s:a xmlns:s="urn:x"><s:b xsi:type="xsd:string" n="1">x</s:b></s:a>',
      { a: { b: 'x' } },
    ],
    ['a repeated element as a list', '<a><b>1</b><b>2</b></a>', { a: { b: ['1', '2'] } }],
    ['an empty element as an empty text', '<a><b/><c></c></a>', { a: { b: '', c: '' } }],
    [
      'references to characters, each once',
      '<a>A &amp; B &#233;&#x45; &lt;b&gt; &quot;&apos; &amp;lt;</a>',
      { a: 'A & B éE <b> "\' &lt;' },
    ],
    ['CDATA as it is', '<a><![CDATA[A &amp; <b>]]></a>', { a: 'A &amp; <b>' }],
    ['spelling of names', '<a><NIK>1</NIK><nik>2</nik></a>', { a: { NIK: '1', nik: '2' } }],
  ])('%s', (_, text, expected) => {
    expect(decode(text)).toEqual(expected)
  })

  it('Latin-1 where the declaration or the content type says so', () => {
    const declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>JOSÉ</a>'
    expect(decodeXml(Buffer.from(declared, 'latin1'))).toEqual({ a: 'JOSÉ' })
    const told = 'text/xml; charset=ISO-8859-1'
    expect(decodeXml(Buffer.from('<a>JOSÉ</a>', 'latin1'), told)).toEqual({ a: 'JOSÉ' })
  })
})

test.each([
  ['empty', Buffer.alloc(0)],
  ['JSON', Buffer.from('{"NAMA":"WARGA CONTOH SATU"}')],
  ['plain text', Buffer.from('WARGA CONTOH SATU')],
  ['HTML', Buffer.from('<html><body>WARGA CONTOH SATU</body></html>')],
  ['HTML that is not well formed', Buffer.from('<HTML><p>WARGA CONTOH SATU<br></HTML>')],
  ['cut off', Buffer.from('<a><nama>WARGA CONTOH SATU</nama><nik>99990115')],
  ['two documents', Buffer.from('<a>WARGA CONTOH SATU</a><b/>')],
  ['a document type', Buffer.from('<!DOCTYPE a [<!ENTITY w "WARGA CONTOH SATU">]><a>&w;</a>')],
  ['bytes that are not UTF-8', Buffer.from('<a>WARGA CONTOH SATU É</a>', 'latin1')],
  ['nesting without end', Buffer.from('<a>'.repeat(5_000) + '</a>'.repeat(5_000))],
  ['a name that is no name here', Buffer.from('<a><__proto__><x>1</x></__proto__></a>')],
])('unreadable, without a word of the answer in the error: %s', (_, body) => {
  const error = thrownBy(() => decodeXml(body))
  expect(error).toBeInstanceOf(Unreadable)
  expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(/WARGA|html|9999/)
})

function thrownBy(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
