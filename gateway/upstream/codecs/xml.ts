/** The only file that imports fast-xml-parser. */
import { XMLParser } from 'fast-xml-parser'
import { decodeText } from './json.ts'
import { Unreadable } from './unreadable.ts'

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // A text stays a text: by itself, the parser would make 12 of 00012.
  parseTagValue: false,
  parseAttributeValue: false,
  // `&amp;` and `&#233;`. Nobody can define another one: a document type is refused.
  processEntities: true,
  htmlEntities: true,
})

/**
 * An answer's elements, by name without its prefix: a text, an object of elements, or a list where one is repeated.
 * An empty element is an empty text. Attributes are left out.
 * @param contentType of the answer; only asked when the bytes are not UTF-8, and then the declaration is asked as well.
 * @throws Unreadable for anything that is not XML: empty, HTML, cut off, another charset, with a document type.
 */
export function decodeXml(body: Buffer, contentType = ''): unknown {
  const text = decodeText(body, `${contentType}; ${declaredCharset(body)}`)
  if (/<!doctype/i.test(text)) throw new Unreadable('a document type')
  const document = parse(text)
  const [root, ...others] = Object.keys(document)
  if (root === undefined || others.length > 0 || root.toLowerCase() === 'html')
    throw new Unreadable('not XML')
  return document
}

function parse(text: string): object {
  try {
    return parser.parse(text, true) as object
  } catch {
    throw new Unreadable(text === '' ? 'empty' : 'not XML') // the parser's own message quotes the text
  }
}

const declaredCharset = (body: Buffer): string => {
  const [, charset = ''] = /^<\?xml[^>]+encoding=["']([\w-]+)/.exec(body.toString('latin1', 0, 200)) ?? []
  return `charset=${charset}`
}
