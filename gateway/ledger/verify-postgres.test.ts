import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createLog } from '#gateway/log.ts'
import { openPostgresStore } from '#gateway/store/postgres.ts'
import { testEntry } from '#gateway/store/test-entry.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { tamperings } from '#gateway/testing/tampering.ts'
import { readSigningKey } from './anchor.ts'
import { createAnchoring } from './anchoring.ts'
import { verifyLedger } from './verify.ts'

const ledgerKey = Buffer.alloc(32, 'ledger')
const signingKey = readSigningKey(Buffer.alloc(32, 'signing').toString('base64'))

await describeWithPostgres('tampering with a ledger in PostgreSQL is found:', postgres => {
  it.each(tamperings)('%s', async (_, sql, where, what) => {
    const folder = mkdtempSync(join(tmpdir(), 'mpp-ledger-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'ledger.jsonl')
    const url = postgres.newPlace()
    const store = await openPostgresStore({ url, ledgerKey })
    const anchoring = createAnchoring(
      { file, everyRows: 4, everySeconds: 3_600, signingKey, formerKeys: [] },
      { store, log: createLog({ write: () => {} }), metrics: { anchored: () => {} }, now: Date.now },
    )
    for (let number = 1; number <= 12; number += 1) await store.appendLedger(testEntry(number))
    await anchoring.close()
    const verify = () =>
      verifyLedger({
        store,
        ledgerKey,
        anchorFiles: [file],
        publicKeys: [createPublicKey(signingKey)],
        longestTailMs: 600_000,
      })
    expect(await verify()).toMatchObject({ findings: [], rows: 12, unanchored: 0 })

    const client = await postgres.connect(url)
    await client.query(sql)
    await client.end()
    expect((await verify()).findings).toEqual([{ where, what: expect.stringContaining(what) }])
    await store.close()
  })
})
