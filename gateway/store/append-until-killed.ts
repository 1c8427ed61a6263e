// Run by sqlite.test.ts as a process of its own: opens the store in the folder it is given and appends entries without
// end, 32 at a time, each id printed as soon as it is acknowledged.
import { writeSync } from 'node:fs'
import { openSqliteStore } from './sqlite.ts'
import { testEntry, testLedgerKey } from './test-entry.ts'

const store = await openSqliteStore({ folder: process.argv[2]!, ledgerKey: testLedgerKey })

async function appendForEver(): Promise<never> {
  for (let number = 0; ; number++) {
    const entry = testEntry(number)
    await store.appendLedger(entry)
    writeSync(1, `${entry.id}\n`)
  }
}

await Promise.all(Array.from({ length: 32 }, appendForEver))
