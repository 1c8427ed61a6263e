import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { type ChainHead, genesis, keyCheck, nextRow } from '#gateway/ledger/chain.ts'
import { usageReport } from '#gateway/ledger/usage.ts'
import { verifyLedger } from '#gateway/ledger/verify.ts'
import { ledgerKeyCheck } from './ledger-key.ts'
import { readMigrations } from './migrations.ts'
import { migrate } from './sqlite-migrate.ts'
import { openSqliteReader } from './sqlite-reader.ts'
import { openSqliteStore } from './sqlite.ts'
import { testEntry, testLedgerKey } from './test-entry.ts'

const hourMs = 3_600_000
const start = Date.parse('2026-01-15T09:00+07:00')

/** One question an hour. */
const question = (number: number) => ({
  ...testEntry(number),
  at: start + number * hourMs,
  content: { kind: 'refusal', member: 'health-desk', source: 'gateway', outcome: 'denied' },
})

/** What a gateway before ledger_hours does. */
function appendAsBefore(folder: string, numbers: readonly number[], migrations: number): void {
  const database = new DatabaseSync(join(folder, 'gateway.db'))
  const all = readMigrations(new URL('./migrations/sqlite/', import.meta.url))
  migrate(database, all.slice(0, migrations))
  database
    .prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING')
    .run(ledgerKeyCheck, keyCheck(testLedgerKey))
  const last = database.prepare('SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1').get()
  let head = (last as ChainHead | undefined) ?? genesis
  const insert = database.prepare(
    'INSERT INTO ledger (sequence, id, at, content, digest, hash) VALUES (?, ?, ?, ?, ?, ?)',
  )
  for (const { id, at, content } of numbers.map(question)) {
    const row = nextRow(testLedgerKey, head, id, at, JSON.stringify(content))
    insert.run(row.sequence, row.id, row.at, row.content, row.digest, row.hash)
    head = row
  }
  database.close()
}

function open(folder: string) {
  const reader = openSqliteReader(folder, testLedgerKey)
  onTestFinished(() => reader.close())
  return reader
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-reader-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it.each([1, 2])('reads what a gateway of migration %d has made', async migrations => {
  const folder = newFolder()
  appendAsBefore(folder, [0, 1, 2], migrations)
  const store = open(folder)
  const options = { anchorFiles: [], publicKeys: [], longestTailMs: Infinity }
  expect(await verifyLedger({ store, ledgerKey: testLedgerKey, ...options })).toMatchObject({
    findings: [],
    rows: 3,
  })
  const [row, ...more] = await store.findLedger({ from: start + hourMs, until: start + 2 * hourMs }, 0, 10)
  expect([row?.sequence, more]).toEqual([2, []])
  expect(await usageReport(store, '2026-01', 'Asia/Jakarta')).toMatchObject({ lines: [{ count: 3 }] })
})

it('counts what a gateway that was rolled back has appended, before and after the later one starts again', async () => {
  const folder = newFolder()
  const later = await openSqliteStore({ folder, ledgerKey: testLedgerKey })
  for (const number of [0, 1]) await later.appendLedger(question(number))
  await later.close()
  appendAsBefore(folder, [1, 2, 3], 1)
  const expected = { lines: [{ count: 5 }] }
  expect(await usageReport(open(folder), '2026-01', 'Asia/Jakarta')).toMatchObject(expected)
  const again = await openSqliteStore({ folder, ledgerKey: testLedgerKey })
  onTestFinished(() => again.close())
  expect(await usageReport(again, '2026-01', 'Asia/Jakarta')).toMatchObject(expected)
  expect(await usageReport(open(folder), '2026-01', 'Asia/Jakarta')).toMatchObject(expected)
})

it.each([
  ['nothing in it', Buffer.alloc(0), /cannot be read: no such table/],
  ['something else', randomBytes(4_096), /cannot be read: file is not a database/],
])('says which store cannot be read, and why: %s', (_, content, reason) => {
  const folder = newFolder()
  writeFileSync(join(folder, 'gateway.db'), content)
  expect(() => openSqliteReader(folder, testLedgerKey)).toThrow(reason)
  expect(() => openSqliteReader(folder, testLedgerKey)).toThrow(folder)
})
