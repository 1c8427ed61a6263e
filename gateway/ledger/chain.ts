/**
 * The ledger's chain: every row vouches for all rows before it, so none can be altered, removed or moved unnoticed.
 *
 *   digest = HMAC(content purpose, JSON of [id, at, content])
 *   hash   = HMAC(row purpose,     JSON of [hash of the row before, sequence, id, at, digest])
 *
 * Both are HMAC-SHA256 under the ledger key, in base64url. The content is reached through its digest alone, so it can be
 * destroyed at the end of its retention and the chain still verifies; id and time stay proven. The chain cannot tell
 * that its newest rows were cut off: that is what anchors are for.
 */
import { createHmac } from 'node:crypto'
import type { LedgerRow } from '#gateway/store/store.ts'

/** Where a chain stands: its last row. */
export type ChainHead = Pick<LedgerRow, 'sequence' | 'hash'>

/** What the first row follows: 32 zero bytes. */
export const genesis: ChainHead = { sequence: 0, hash: 'A'.repeat(43) }

/** The row that follows `head`. `content` is JSON text. */
export function nextRow(key: Buffer, head: ChainHead, id: string, at: number, content: string) {
  const sequence = head.sequence + 1
  const digest = digestOf(key, id, at, content)
  return { sequence, id, at, content, digest, hash: hashOf(key, head.hash, sequence, id, at, digest) }
}

export type ChainVerdict =
  | { readonly ok: true; readonly head: ChainHead }
  | {
      readonly ok: false
      /** The first place where the chain is broken. */
      readonly sequence: number
      /** Another row, or none in order, stands there · its content is not what was recorded · the row itself is not. */
      readonly broken: 'sequence' | 'content' | 'row'
    }

/** Do these rows, in order, follow `from`? The verdict's head is where the next page of rows goes on. */
export function verifyChain(key: Buffer, rows: Iterable<LedgerRow>, from: ChainHead = genesis): ChainVerdict {
  let head = from
  for (const { sequence, id, at, content, digest, hash } of rows) {
    const expected = head.sequence + 1
    if (sequence !== expected) return { ok: false, sequence: expected, broken: 'sequence' }
    if (hash !== hashOf(key, head.hash, sequence, id, at, digest))
      return { ok: false, sequence, broken: 'row' }
    if (content !== null && digest !== digestOf(key, id, at, content))
      return { ok: false, sequence, broken: 'content' }
    head = { sequence, hash }
  }
  return { ok: true, head }
}

/** Tells ledger keys apart and says nothing about them: a store keeps it to refuse a start with another key. */
export const keyCheck = (key: Buffer): string => keyed(key, 'key check', '')

/** The text is JSON.stringify([id, at, content]), made from the content's JSON text as it stands. */
const digestOf = (key: Buffer, id: string, at: number, content: string): string =>
  keyed(key, 'content', `[${JSON.stringify(id)},${at},${content}]`)

const hashOf = (
  key: Buffer,
  before: string,
  sequence: number,
  id: string,
  at: number,
  digest: string,
): string => keyed(key, 'row', JSON.stringify([before, sequence, id, at, digest]))

const keyed = (key: Buffer, purpose: 'content' | 'row' | 'key check', text: string): string =>
  createHmac('sha256', key).update(`mpp-gateway ledger 1 ${purpose}\n${text}`).digest('base64url')
