import { randomUUIDv7 } from 'node:crypto'
import type { LedgerEntry } from './store.ts'

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
