import { randomUUIDv7 } from 'node:crypto'
import type { LedgerEntry, NoticeKind, StoredNotice } from './store.ts'

export const testLedgerKey = Buffer.alloc(32, 'test')

/** An entry with what JSON, SQL and UTF-8 could stumble over. */
export const testEntry = (number: number): LedgerEntry => ({
  id: randomUUIDv7(),
  at: Date.now(),
  content: {
    number,
    member: 'dpmptsp',
    elements: ['/nik', '/fullName'],
    note: `O'Brien "é" \u0000 \ud800 ${'-'.repeat(200)}`,
  },
})

/** An entry about people, as the ledger tells accesses. */
export const testEntryAbout = (subjects: readonly string[], at: number, kind: string) => ({
  id: randomUUIDv7(),
  at,
  content: { kind, subjects, note: '\u0000 \ud800' },
})

/** As long as a seal needs to be for its key's id. */
export const testSealed = (keyId: string, rest: string): Buffer =>
  Buffer.concat([Buffer.from([1, keyId.length]), Buffer.from(keyId + rest)])

export const testNotice = ({ upstream, notice }: NoticeKind, fingerprint: string): StoredNotice => ({
  id: randomUUIDv7(),
  upstream,
  notice,
  receivedAt: Date.now(),
  subjects: ['one', 'another'],
  fingerprint,
  sealed: Buffer.from([0, 255, 10, 39, 128]),
})
