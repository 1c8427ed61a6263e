import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { groupCommit } from './group-commit.ts'
import type { Call, CaseRow, SelectedNotice } from './sqlite-database.ts'
import { createPrivately, lockFolder } from './sqlite-lock.ts'
import { startSqliteThread } from './sqlite-thread.ts'
import type { LedgerRow, Store } from './store.ts'

interface SqliteOptions {
  /** The data folder; made when it does not exist. It holds gateway.db and gateway.lock. */
  readonly folder: string
  readonly ledgerKey: Buffer
}

/** The store of a gateway that is alone. Refuses a folder in use, another ledger key, and a database from a later version. */
export async function openSqliteStore({ folder, ledgerKey }: SqliteOptions): Promise<Store> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(folder)
  try {
    return await openLocked(join(folder, 'gateway.db'), ledgerKey, unlock)
  } catch (cause) {
    unlock()
    throw new Error(`the store in ${folder} cannot be opened: ${(cause as Error).message}`, { cause })
  }
}

async function openLocked(path: string, ledgerKey: Buffer, unlock: () => void): Promise<Store> {
  createPrivately(path)
  // A copy: a small Buffer is a view on memory that it shares with others, and a message takes all of that along.
  const thread = await startSqliteThread({ path, ledgerKey: new Uint8Array(ledgerKey) })
  const { call, close } = groupCommit<Call>(thread.commit)

  return {
    async openCase({ id, openedBy, members, openedAt, expiresAt }) {
      await call(['openCase', id, openedBy, JSON.stringify(members), openedAt, expiresAt])
    },
    async findCase(id) {
      const row = (await call(['findCase', id])) as CaseRow | undefined
      return row && { ...row, members: JSON.parse(row.members) as string[] }
    },
    async appendLedger({ id, at, content }) {
      await call(['appendLedger', id, at, JSON.stringify(content)])
    },
    async readLedger(after, limit) {
      return (await call(['readLedger', after, limit])) as LedgerRow[]
    },
    async keepNotice({ id, upstream, notice, receivedAt, subjects, fingerprint, sealed }) {
      const bytes = new Uint8Array(sealed) // a copy, as above
      const columns = [
        id,
        upstream,
        notice,
        receivedAt,
        JSON.stringify(subjects),
        fingerprint,
        bytes,
      ] as const
      return (await call(['keepNotice', ...columns])) as boolean
    },
    async readNotices(kinds, after, limit) {
      if (kinds.length === 0) return []
      const rows = (await call(['readNotices', kinds, after, limit])) as SelectedNotice[]
      return rows.map(row => ({ ...row, subjects: JSON.parse(row.subjects) as string[] }))
    },
    async close() {
      await close()
      await thread.close()
      unlock()
    },
  }
}
