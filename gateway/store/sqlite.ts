import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { groupCommit } from './group-commit.ts'
import type { Call, Functions } from './sqlite-database.ts'
import { createPrivately, lockFolder } from './sqlite-lock.ts'
import { submissionCalls } from './sqlite-submission-calls.ts'
import { startSqliteThread } from './sqlite-thread.ts'
import type { Store } from './store.ts'

interface SqliteOptions {
  /** The data folder; made when it does not exist. It holds gateway.db and gateway.lock. */
  readonly folder: string
  readonly ledgerKey: Buffer
  /** For a command that works while the gateway runs: it appends nothing to the ledger, of which the gateway knows the end. */
  readonly beside?: boolean
  /** The store's time. */
  readonly now?: () => number
}

/** The store of a gateway that is alone. Refuses a folder in use, another ledger key, and a database from a later version. */
export async function openSqliteStore({
  folder,
  ledgerKey,
  beside = false,
  now = Date.now,
}: SqliteOptions): Promise<Store> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = beside ? () => {} : lockFolder(folder)
  try {
    return await openLocked(join(folder, 'gateway.db'), ledgerKey, unlock, now)
  } catch (cause) {
    unlock()
    throw new Error(`the store in ${folder} cannot be opened: ${(cause as Error).message}`, { cause })
  }
}

/** A copy: a small Buffer is a view on memory that it shares with others, and a message takes all of that along. */
const copyOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)

async function openLocked(
  path: string,
  ledgerKey: Buffer,
  unlock: () => void,
  now: () => number,
): Promise<Store> {
  createPrivately(path)
  const thread = await startSqliteThread({ path, ledgerKey: copyOf(ledgerKey) })
  const { call, close } = groupCommit<Call>(thread.commit)

  /** Runs a function in the thread. */
  const run = <Name extends keyof Functions>(
    name: Name,
    ...parameters: Parameters<Functions[Name]>
  ): Promise<ReturnType<Functions[Name]>> =>
    call([name, ...parameters] as unknown as Call) as Promise<ReturnType<Functions[Name]>> // a call's result is its function's

  return {
    openCase: ({ id, openedBy, members, openedAt, expiresAt }) =>
      run('openCase', id, openedBy, JSON.stringify(members), openedAt, expiresAt),
    async findCase(id) {
      const row = await run('findCase', id)
      return row && { ...row, members: JSON.parse(row.members) as string[] }
    },

    appendLedger: ({ id, at, content }) => run('appendLedger', id, at, JSON.stringify(content)),
    readLedgerHead: () => run('readLedgerHead'),
    readLedger: (after, limit) => run('readLedger', after, limit),
    findLedger: (
      { subject, from = Number.MIN_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER },
      after,
      limit,
    ) => run('findLedger', subject, from, until, after, limit),
    destroyLedgerContent: (kinds, before, limit) => run('destroyLedgerContent', kinds, before, limit),

    keepNotice: ({ id, upstream, notice, receivedAt, subjects, fingerprint, sealed }) =>
      run(
        'keepNotice',
        id,
        upstream,
        notice,
        receivedAt,
        JSON.stringify(subjects),
        fingerprint,
        copyOf(sealed),
      ),
    async readNotices(kinds, after, limit) {
      const rows = await run('readNotices', kinds, after, limit)
      return rows.map(row => ({ ...row, subjects: JSON.parse(row.subjects) as string[] }))
    },
    eraseNotices: subject => run('eraseNotices', subject),
    destroyNotices: (before, limit) => run('destroyNotices', before, limit),
    readSealed: (after, limit) => run('readSealed', after, limit),
    sealedKeyIds: () => run('sealedKeyIds'),
    reseal: (row, sealed) => run('reseal', row.sequence, copyOf(row.sealed), copyOf(sealed)),
    keepErasure: (subject, at) => run('keepErasure', subject, at),
    readErasures: (after, limit) => run('readErasures', after, limit),

    takeQuota: ({ key, day }, limit, wanted) => run('takeQuota', key, day, limit, wanted),
    returnQuota: ({ key, day }, count) => run('returnQuota', key, day, count),
    raiseQuota: ({ key, day }, used) => run('raiseQuota', key, day, used),
    readQuota: ({ key, day }) => run('readQuota', key, day),

    keepVersion: ({ kind, id, digest, content, since }) =>
      run('keepVersion', kind, id, digest, content, since),
    readVersions: (kind, id) => run('readVersions', kind, id),
    keepCheck: (name, value) => run('keepCheck', name, value),

    readHouseState: kinds => run('readHouseState', now(), kinds),
    putHouseState: (document, seen) => run('putHouseState', now(), document, seen),

    ...submissionCalls(run, now, copyOf),

    async close() {
      await close()
      await thread.close()
      unlock()
    },
  }
}
