// Run by the tests of the stores as a process of its own: opens the store at the place it is given (a data folder or a
// database's URL) and appends entries without end, 32 at a time, each id printed as soon as it is acknowledged.
import { writeSync } from 'node:fs'
import { openStore } from './open.ts'
import { testEntry, testLedgerKey } from './test-entry.ts'

const place = process.argv[2]!
const databaseUrl = URL.canParse(place) ? place : undefined
const store = await openStore({ databaseUrl, dataFolder: place }, { ledgerKey: testLedgerKey })

async function appendForEver(): Promise<never> {
  for (let number = 0; ; number++) {
    const entry = testEntry(number)
    await store.appendLedger(entry)
    writeSync(1, `${entry.id}\n`)
  }
}

await Promise.all(Array.from({ length: 32 }, appendForEver))
