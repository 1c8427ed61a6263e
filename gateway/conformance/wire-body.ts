/** The bodies of fixtures: as they go over the wire, and as they are compared. */
import { readExact, writeExact } from './exact-json.ts'
import type { WireReply } from './fixtures.ts'

/** A reply's bytes. */
export const bytesOf = ({ body, text, base64 }: WireReply): Buffer =>
  base64 === undefined ? Buffer.from(text ?? writeExact(body)) : Buffer.from(base64, 'base64')

/** A reply's body as fixtures write JSON, its text where it is something else; undefined: nothing but bytes. */
export function contentOf({ body, text, base64 }: WireReply): unknown {
  if (body !== undefined) return body
  return base64 === undefined ? jsonOrText(text!) : undefined
}

/** Can faults be made inside of it? */
export const isJson = (reply: WireReply): boolean => typeof contentOf(reply) === 'object'

export function jsonOrText(text: string): unknown {
  try {
    return readExact(text)
  } catch {
    return text
  }
}

/** The same reply with another JSON body. */
export const replyWith = ({ status, headers }: WireReply, body: unknown): WireReply => ({
  status,
  headers,
  body,
})
