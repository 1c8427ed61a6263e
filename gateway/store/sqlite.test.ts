import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import type { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClock } from '#gateway/testing/clock.ts'
import { selectNotices } from './sqlite-notices.ts'
import { acknowledged, appendAndKill, killRounds, startAppending } from './appending.ts'
import { readMigrations } from './migrations.ts'
import { migrate } from './sqlite-migrate.ts'
import { selectDue } from './sqlite-submissions.ts'
import { openSqliteStore } from './sqlite.ts'
import { describeDurability, describeStore, readVerified } from './store-suite.ts'
import { describeLikeModel } from './submission-model.ts'
import { describeSubmissions } from './submission-suite.ts'
import { type Store, StoreUnavailable } from './store.ts'
import { testEntry, testEntryAbout, testLedgerKey, testNotice } from './test-entry.ts'

const newPlace = async () => {
  const folder = newFolder()
  return (ledgerKey: Buffer = testLedgerKey) => openSqliteStore({ folder, ledgerKey })
}
describeStore('SQLite', newPlace)
describeDurability('SQLite', newPlace)
const newTimedPlace = async () => {
  const folder = newFolder()
  const clock = createClock()
  return {
    open: () => openSqliteStore({ folder, ledgerKey: testLedgerKey, now: clock.now }),
    passTime: async (ms: number) => clock.leap(ms),
  }
}
describeSubmissions('SQLite', newTimedPlace)
describeLikeModel('SQLite', newTimedPlace)

describe('SQLite: the data folder', () => {
  it('is open to its owner alone', async () => {
    const folder = join(newFolder(), 'new', 'data')
    const store = await open(folder)
    await store.appendLedger(testEntry(1))
    expect(permissions(folder)).toBe('700')
    for (const file of ['gateway.db', 'gateway.db-wal', 'gateway.db-shm', 'gateway.lock']) {
      expect([file, permissions(join(folder, file))]).toEqual([file, '600'])
    }
  })

  it('is refused while another process has it, readers apart, and free when that was killed', async () => {
    const folder = newFolder()
    const holder = startAppending(folder)
    await acknowledged(holder, 10)
    await expect(open(folder)).rejects.toThrow(`the data folder ${folder} is in use by another gateway`)
    const reader = new DatabaseSync(join(folder, 'gateway.db'), { readOnly: true })
    expect(
      Number(reader.prepare('SELECT count(*) AS count FROM ledger').get()!['count']),
    ).toBeGreaterThanOrEqual(10)
    reader.close()
    holder.kill('SIGKILL')
    await once(holder, 'close')
    await readVerified(await open(folder))
  })

  it('stays locked when this very process was refused', async () => {
    const folder = newFolder()
    const store = await open(folder)
    await expect(open(folder)).rejects.toThrow('in use by another gateway')
    const second = startAppending(folder)
    expect(await text(second.stderr)).toContain('in use by another gateway')
    await store.appendLedger(testEntry(1))
  })
})

describe('SQLite: what was acknowledged is kept', () => {
  it(
    'when the process is killed amid appends, again and again',
    { timeout: 15_000 * killRounds },
    async () => {
      const folder = newFolder()
      const ids = await appendAndKill(folder, killRounds)
      const kept = new Set((await readVerified(await open(folder))).map(({ id }) => id))
      expect(ids.filter(id => !kept.has(id))).toEqual([])
    },
  )

  it('when the disk takes no more', { timeout: 60_000 }, async () => {
    const folder = newFolder()
    // The system ends every write beyond this size with an error, as it would on a full disk.
    const child = startAppending(folder, ['sh', '-c', 'ulimit -f 500 && exec "$@"', 'sh'])
    const [ids, stderr] = await Promise.all([acknowledged(child, Infinity), text(child.stderr)])
    expect(stderr).toContain('StoreUnavailable')
    expect(ids.length).toBeGreaterThan(0)
    const kept = new Set((await readVerified(await open(folder))).map(({ id }) => id))
    expect(ids.filter(id => !kept.has(id))).toEqual([])
  })
})

describe('SQLite: notices', () => {
  const kinds = [
    { upstream: 'licensing', notice: 'permit.issued' },
    { upstream: 'licensing', notice: 'permit.closed' },
    { upstream: 'licensing-two', notice: 'permit.issued' },
  ]

  it('that were destroyed are left out, and not kept a second time', async () => {
    const folder = newFolder()
    const store = await open(folder)
    for (const fingerprint of ['a', 'b']) await store.keepNotice(testNotice(kinds[0]!, fingerprint))
    const elsewhere = new DatabaseSync(join(folder, 'gateway.db'))
    elsewhere.exec(`UPDATE notices SET sealed = NULL WHERE fingerprint = 'a'`)
    elsewhere.close()
    expect(await store.keepNotice(testNotice(kinds[0]!, 'a'))).toBe(false)
    expect((await store.readNotices(kinds, 0, 10)).map(({ fingerprint }) => fingerprint)).toEqual(['b'])
  })

  it('are read from the index, whatever else is kept: nothing is sorted, no table is searched', () => {
    const database = new DatabaseSync(':memory:')
    onTestFinished(() => database.close())
    migrate(database, readMigrations(new URL('./migrations/sqlite/', import.meta.url)))
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${selectNotices(kinds.length)}`)
      .all()
      .map(({ detail }) => String(detail))
    expect(plan.filter(step => /SEARCH|SCAN/.test(step))).toEqual(
      kinds.map(() => expect.stringContaining('USING INDEX notices_in_order')),
    )
    expect(plan.join()).not.toContain('TEMP B-TREE')
  })
})

describe('SQLite: orders', () => {
  it('that are due, and those ahead of them, are read from the index, whatever else is kept', () => {
    const database = new DatabaseSync(':memory:')
    onTestFinished(() => database.close())
    migrate(database, readMigrations(new URL('./migrations/sqlite/', import.meta.url)))
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${selectDue(2)}`)
      .all()
      .map(({ detail }) => String(detail))
    const [due, ahead] = ['USING INDEX submissions_due', 'INDEX submissions_in_turn'].map(
      index => expect.stringContaining(index) as string,
    )
    expect(plan.filter(step => /SEARCH|SCAN/.test(step))).toEqual([due, ahead, due, ahead])
    expect(plan.join()).not.toContain('TEMP B-TREE')
  })
})

describe('SQLite: many orders', () => {
  it('are searched in parts: whoever asks meanwhile is answered, and all that fit are found', async () => {
    const folder = newFolder()
    await (await openSqliteStore({ folder, ledgerKey: testLedgerKey })).close()
    const database = new DatabaseSync(join(folder, 'gateway.db'))
    database.exec(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
      INSERT INTO submissions (id, capability, upstream, member, case_id, purpose, agreement, subjects, accepted_at, revision,
        state, attempts, since, is_forgotten)
      SELECT 'order ' || n, 'permit.order', 'desk', iif(n % 4 = 0, 'other', 'polres'), 'case', 'p', 'a', '[]', 0, 1,
        iif(n % 4999 = 0, 'rejected', 'confirmed'), 1, 0, 0 FROM numbers`)
    database.close()
    const store = await openSqliteStore({ folder, ledgerKey: testLedgerKey })
    onTestFinished(() => store.close())
    const answered: string[] = []
    const states = ['rejected'] as const
    const listed = store.listSubmissions({ member: 'polres', states }, 30_000, 50)
    await Promise.all([
      listed.then(() => answered.push('a list')),
      store.findSubmission('order 1').then(() => answered.push('an order')),
    ])
    expect(answered).toEqual(['an order', 'a list'])
    const sequences = (rows: readonly { readonly sequence: number }[]) => rows.map(({ sequence }) => sequence)
    expect(sequences(await listed)).toEqual([14_997, 9_998, 4_999])
    const all = await store.listSubmissions({ states, oldestFirst: true }, 0, 50)
    expect(sequences(all)).toEqual([4_999, 9_998, 14_997, 19_996])
    expect(sequences(await store.listSubmissions({ states }, 30_000, 2))).toEqual([19_996, 14_997])
  })
})

describe('SQLite: what was destroyed', () => {
  const permits = { upstream: 'licensing', notice: 'permit.issued' }
  const secret = 'synthetic-and-to-be-destroyed'

  /** With rows around it, and pages that are written again and again. */
  async function openFilled(folder: string): Promise<Store> {
    const store = await open(folder)
    for (let number = 0; number < 20; number++) {
      await store.appendLedger(testEntry(number))
      const kind = number % 2 ? 'release' : 'other'
      await store.appendLedger(testEntryAbout([`${secret} ${kind}`], number, kind))
      await store.keepNotice({
        ...testNotice(permits, String(number)),
        subjects: [number % 2 ? 'one' : 'another'],
        sealed: Buffer.from(`\u0001\u0001k${secret} ${number % 2}${'-'.repeat(9_000)}`),
      })
    }
    return store
  }
  const shown = (folder: string) =>
    readdirSync(folder).filter(file => readFileSync(join(folder, file)).includes(secret))

  async function destroy(store: Store): Promise<void> {
    await store.destroyLedgerContent(['release', 'other'], 1_000, 1_000)
    await store.eraseNotices('one')
    await store.destroyNotices(Date.now() + 1, 1_000)
  }

  it('is in no file any more, the log included', async () => {
    const folder = newFolder()
    const store = await openFilled(folder)
    expect(shown(folder)).toContain('gateway.db-wal')
    await destroy(store)
    expect(shown(folder)).toEqual([])
  })

  it('goes as soon as nobody reads the log, who holds up nobody', async () => {
    const folder = newFolder()
    const store = await openFilled(folder)
    const reader = new DatabaseSync(join(folder, 'gateway.db'), { readOnly: true })
    onTestFinished(() => reader.close())
    reader.exec('BEGIN; SELECT count(*) FROM ledger')
    await destroy(store)
    await store.appendLedger(testEntry(20))
    expect(shown(folder)).toContain('gateway.db-wal')
    reader.exec('COMMIT')
    await store.appendLedger(testEntry(21))
    expect(shown(folder)).toEqual([])
    expect(await readVerified(store)).toHaveLength(42)
  })

  it('goes at the end at the latest, also while others have the database open', async () => {
    const folder = newFolder()
    const store = await openFilled(folder)
    const reader = new DatabaseSync(join(folder, 'gateway.db'), { readOnly: true })
    onTestFinished(() => reader.close())
    reader.exec('BEGIN; SELECT count(*) FROM ledger')
    await destroy(store)
    reader.exec('COMMIT')
    await store.close()
    expect(shown(folder)).toEqual([])
  })
})

describe('SQLite: trouble', () => {
  it('fails the whole batch when its transaction cannot be committed, and works again when that has passed', async () => {
    const folder = newFolder()
    const store = await open(folder)
    const before = testEntry(1)
    await store.appendLedger(before)
    const elsewhere = new DatabaseSync(join(folder, 'gateway.db'))
    onTestFinished(() => elsewhere.close())
    elsewhere.exec(`CREATE TRIGGER trouble BEFORE INSERT ON ledger WHEN json_extract(new.content, '$.number') = 13
      BEGIN SELECT RAISE(ROLLBACK, 'trouble'); END`)
    const batch = await Promise.allSettled([12, 13, 14].map(number => store.appendLedger(testEntry(number))))
    for (const result of batch) expect(result).toMatchObject({ reason: expect.any(StoreUnavailable) })
    elsewhere.exec('DROP TRIGGER trouble')
    const after = testEntry(13)
    await store.appendLedger(after)
    expect((await readVerified(store)).map(({ id }) => id)).toEqual([before.id, after.id])
  })

  it(
    'fails rather than waits for ever while someone else holds the database',
    { timeout: 30_000 },
    async () => {
      const folder = newFolder()
      const store = await open(folder)
      const elsewhere = new DatabaseSync(join(folder, 'gateway.db'))
      onTestFinished(() => elsewhere.close())
      elsewhere.exec('BEGIN IMMEDIATE')
      await expect(store.appendLedger(testEntry(1))).rejects.toThrow(StoreUnavailable)
      elsewhere.exec('ROLLBACK')
      await store.appendLedger(testEntry(2))
      expect(await readVerified(store)).toHaveLength(1)
    },
  )

  it(
    'fails at once when its thread has died, and works again with a new one',
    { timeout: 30_000 },
    async () => {
      const started = once(process, 'worker') as Promise<[Worker]>
      const store = await open(newFolder())
      const [worker] = await started
      const entries = Array.from({ length: 100 }, (_, number) => testEntry(number))
      const underWay = Promise.allSettled(entries.map(entry => store.appendLedger(entry)))
      await new Promise(setImmediate)
      const waiting = store.appendLedger(testEntry(100))
      await Promise.all([worker.terminate(), expect(waiting).rejects.toThrow(StoreUnavailable)])
      await expect(store.appendLedger(testEntry(101))).rejects.toThrow(StoreUnavailable)

      const last = testEntry(102)
      await vi.waitFor(() => store.appendLedger(last), { timeout: 20_000 })
      const kept = new Set((await readVerified(store)).map(({ id }) => id))
      expect(kept).toContain(last.id)
      for (const [index, result] of (await underWay).entries()) {
        if (result.status === 'fulfilled') expect(kept).toContain(entries[index]!.id)
        else expect(result.reason).toBeInstanceOf(StoreUnavailable)
      }
    },
  )
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-gateway-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

async function open(folder: string): Promise<Store> {
  const store = await openSqliteStore({ folder, ledgerKey: testLedgerKey })
  onTestFinished(() => store.close())
  return store
}

const permissions = (path: string) => (statSync(path).mode & 0o777).toString(8)
