import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { selfSigned } from '#gateway/testing/self-signed.ts'
import { startTcpProxy } from '#gateway/testing/tcp-proxy.ts'
import { acknowledged, appendAndKill, killRounds, startAppending } from './appending.ts'
import { openPostgresStore } from './postgres.ts'
import { describeDurability, describeStore, readVerified } from './store-suite.ts'
import { describeLikeModel } from './submission-model.ts'
import { describeSubmissions } from './submission-suite.ts'
import { type Store, StoreRefused, StoreUnavailable } from './store.ts'
import { testEntry, testLedgerKey, testNotice } from './test-entry.ts'
import { acceptOrder, moveTo, testEvent, testKey, testOrder } from './test-order.ts'

/** Commits of such rows take long. */
const slowCommits = (table: string, condition: string): string => `
  CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ${table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION slowly()`

const permits = { upstream: 'licensing', notice: 'permit.issued' }

await describeWithPostgres('PostgreSQL', postgres => {
  const newPlace = async () => {
    const url = postgres.newPlace()
    return (ledgerKey: Buffer = testLedgerKey) => openPostgresStore({ url, ledgerKey })
  }
  describeStore('PostgreSQL', newPlace)
  describeDurability('PostgreSQL', newPlace)
  const newTimedPlace = async () => {
    const url = postgres.newPlace()
    return {
      open: () => openPostgresStore({ url, ledgerKey: testLedgerKey }),
      async passTime(ms: number) {
        const client = await postgres.connect(url)
        await client.query(`UPDATE submissions SET due_at = due_at - ${ms}, since = since - ${ms};
          UPDATE idempotency_keys SET expires_at = expires_at - ${ms};
          UPDATE attachments SET arrived_at = arrived_at - ${ms}; UPDATE webhooks SET due_at = due_at - ${ms}`)
        await client.end()
      },
    }
  }
  describeSubmissions('PostgreSQL', newTimedPlace)
  describeLikeModel('PostgreSQL', newTimedPlace)

  async function open(url: string): Promise<Store> {
    const store = await openPostgresStore({ url, ledgerKey: testLedgerKey })
    onTestFinished(() => store.close())
    return store
  }
  async function connect(url: string) {
    const client = await postgres.connect(url)
    onTestFinished(() => client.end())
    return client
  }

  describe('PostgreSQL: several gateways', () => {
    it('append to one chain without a gap or a fork, also when both start at once', async () => {
      const url = postgres.newPlace()
      const stores = await Promise.all([open(url), open(url), open(url)])
      const entries = Array.from({ length: 600 }, (_, number) => testEntry(number))
      for (let start = 0; start < entries.length; start += 60) {
        const part = entries.slice(start, start + 60)
        await Promise.all(part.map((entry, number) => stores[number % 3]!.appendLedger(entry)))
      }
      const rows = await readVerified(stores[0])
      expect(rows.map(({ id }) => id).toSorted()).toEqual(entries.map(({ id }) => id).toSorted())
    })

    it('know the same cases, and take from the same quotas exactly', async () => {
      const url = postgres.newPlace()
      const [one, other] = [await open(url), await open(url)]
      const visit = { id: 'a', openedBy: 'dpmptsp', members: ['polres'], openedAt: 1, expiresAt: 2 }
      await one.openCase(visit)
      expect(await other.findCase('a')).toEqual(visit)
      const quota = { key: 'dukcapil', day: '2026-01-31' }
      const taken = await Promise.all(
        Array.from({ length: 200 }, (_, number) => (number % 2 ? one : other).takeQuota(quota, 1_234, 9)),
      )
      expect(taken.reduce((sum, count) => sum + count)).toBe(1_234)
      expect(await one.readQuota(quota)).toBe(1_234)
    })

    it('keep a version once, whoever brings it', async () => {
      const url = postgres.newPlace()
      const stores = [await open(url), await open(url)]
      const version = { kind: 'agreement', id: 'a', digest: 'd', content: '{}', since: 1 }
      const kept = await Promise.all([...stores, ...stores].map(store => store.keepVersion(version)))
      expect(kept.filter(Boolean)).toHaveLength(1)
    })

    it('give notices their numbers in the order in which they can be read, also when one commits slowly', async () => {
      const url = postgres.newPlace()
      const [one, other] = [await open(url), await open(url)]
      const client = await connect(url)
      await client.query(slowCommits('notices', `new.fingerprint LIKE 'slow%'`))
      const read: string[] = []
      let after = 0
      const arriving = Promise.all(
        ['slow 1', 'fast 1', 'slow 2', 'fast 2', 'fast 3'].map((fingerprint, number) =>
          (number % 2 ? one : other).keepNotice(testNotice(permits, fingerprint)),
        ),
      )
      while (read.length < 5) {
        for (const row of await one.readNotices([permits], after, 10)) {
          expect(row.sequence).toBeGreaterThan(after)
          after = row.sequence
          read.push(row.fingerprint)
        }
      }
      await arriving
      const all = await other.readNotices([permits], 0, 10)
      expect(read).toEqual(all.map(({ fingerprint }) => fingerprint))
    })

    it('take no order twice', async () => {
      const url = postgres.newPlace()
      const stores = await Promise.all([open(url), open(url), open(url)])
      const orders = await Promise.all(Array.from({ length: 90 }, () => acceptOrder(stores[0])))
      const taken: string[] = []
      while (taken.length < orders.length) {
        const rounds = await Promise.all(
          [...stores, ...stores].map(store => store.takeSubmissions(['polri'], 7, 60_000)),
        )
        taken.push(...rounds.flat().map(({ id }) => id))
      }
      expect(taken.toSorted()).toEqual(orders.map(({ id }) => id).toSorted())
    })

    it('accept an order once, whoever is asked', async () => {
      const url = postgres.newPlace()
      const stores = await Promise.all([open(url), open(url)])
      const key = testKey()
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, number) =>
          stores[number % 2]!.acceptSubmission(testOrder(), key, testEvent('queued')),
        ),
      )
      expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1)
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    })

    it('give orders with one order key their turn in the order in which they can be seen', async () => {
      const url = postgres.newPlace()
      const [one, other] = [await open(url), await open(url)]
      const client = await connect(url)
      await client.query(slowCommits('submissions', `new.capability LIKE 'slow%'`))
      const accepting = Promise.all(
        Array.from({ length: 6 }, (_, number) =>
          acceptOrder(number % 2 ? one : other, {
            orderKey: 'permit',
            capability: number % 2 ? 'slow' : 'fast',
          }),
        ),
      )
      const seen: number[] = []
      while (seen.length < 6) {
        for (const { sequence } of (await one.listSubmissions({}, 1_000, 10)).toReversed()) {
          if (seen.includes(sequence)) continue
          expect(sequence).toBeGreaterThan(seen.at(-1) ?? 0)
          seen.push(sequence)
        }
      }
      await accepting
    })

    it('put an order off only while nobody is moving the one ahead of it', async () => {
      const url = postgres.newPlace()
      const [one, other] = [await open(url), await open(url)]
      const ahead = await acceptOrder(one, { orderKey: 'permit', dueInMs: null })
      const behind = await acceptOrder(one, { orderKey: 'permit' })
      const client = await connect(url)
      await client.query('BEGIN')
      await client.query(`UPDATE submissions SET state = 'confirmed' WHERE id = '${ahead.id}'`)
      expect(await other.takeSubmissions(['polri'], 10, 60_000)).toEqual([])
      expect(await other.findSubmission(behind.id)).toEqual(behind)
      await client.query('COMMIT')
      expect(await other.takeSubmissions(['polri'], 10, 60_000)).toMatchObject([{ id: behind.id }])
    })

    it('give events their positions in the order in which they can be read, and wait for no slow commit', async () => {
      const url = postgres.newPlace()
      const [one, other] = [await open(url), await open(url)]
      const client = await connect(url)
      const log = (id: string) =>
        client.query(`INSERT INTO submission_events (id, submission, capability, member, case_id, at, type, content)
          VALUES ('${id}', 'slow', 'c', 'polres', 'a case', 1, 'submission.queued', '{}')`)
      await client.query('BEGIN')
      await log('slow 1')
      const before = await acceptOrder(one)
      const [first, ...none] = await other.readEvents(0, 10)
      expect(none).toEqual([])
      expect(first).toMatchObject({ submission: before.id })
      await log('slow 2')
      const moved = await one.moveSubmission(before.id, 1, { state: 'sending' }, [testEvent('sending')])
      expect(await one.lastEventPosition()).toBeGreaterThan(first!.position)
      await client.query('COMMIT')
      await one.moveSubmission(before.id, moved!.revision, { state: 'accepted' }, [testEvent('accepted')])
      const [stores, read] = [[one, other], [first!]]
      const pages = await Promise.all(
        Array.from({ length: 8 }, (_, number) => stores[number % 2]!.readEvents(first!.position, 10)),
      )
      for (const page of pages) expect(page).toEqual(pages[0])
      read.push(...pages[0]!)
      const positions = read.map(({ position }) => position)
      expect(positions).toEqual(positions.toSorted((a, b) => a - b))
      expect(new Set(positions).size).toBe(5)
      expect(read.filter(({ submission }) => submission === 'slow').map(({ id }) => id)).toEqual([
        'slow 1',
        'slow 2',
      ])
      expect(read.filter(({ submission }) => submission === before.id).map(({ type }) => type)).toEqual([
        'submission.queued',
        'submission.sending',
        'submission.accepted',
      ])
      expect(read[1]).toMatchObject({ type: 'submission.sending' })
    })

    it('give a reader every event once, in rising positions, while two write and some commit slowly', async () => {
      const url = postgres.newPlace()
      const stores = [await open(url), await open(url)]
      const client = await connect(url)
      await client.query(slowCommits('submission_events', `new.type = 'submission.sending'`))
      const writing = Promise.all(
        Array.from({ length: 12 }, async (_, number) => {
          const store = stores[number % 2]!
          return moveTo(store, await moveTo(store, await acceptOrder(store), 'sending'), 'confirmed')
        }),
      )
      const read: string[] = []
      let after = 0
      while (read.length < 36) {
        for (const { position, submission, type } of await stores[read.length % 2]!.readEvents(after, 5)) {
          expect(position).toBeGreaterThan(after)
          after = position
          read.push(`${submission} ${type}`)
        }
      }
      for (const { id } of await writing)
        expect(read.filter(told => told.startsWith(id))).toEqual(
          ['queued', 'sending', 'confirmed'].map(state => `${id} submission.${state}`),
        )
    })

    it(
      'stand still for nobody: one that stops with the lock in its hands loses it',
      { timeout: 30_000 },
      async () => {
        const url = postgres.newPlace()
        const store = await open(url)
        const client = await connect(url)
        await client.query(`SET idle_in_transaction_session_timeout = '500ms'`)
        await client.query(`BEGIN; SELECT pg_advisory_xact_lock('ledger'::regclass::oid::bigint)`)
        await store.appendLedger(testEntry(1))
        expect(await readVerified(store)).toHaveLength(1)
      },
    )

    it('of another version work on what the later one made', async () => {
      const url = postgres.newPlace()
      await (await open(url)).close()
      const client = await connect(url)
      await client.query(`ALTER TABLE ledger ADD COLUMN later text DEFAULT 'x';
        ALTER TABLE cases ADD COLUMN later text; ALTER TABLE notices ADD COLUMN later text;
        INSERT INTO migrations VALUES (1000, '1000-later.sql', 'x', 0)`)
      const store = await open(url)
      await store.appendLedger(testEntry(1))
      await store.keepNotice(testNotice(permits, 'a'))
      expect(await readVerified(store)).toHaveLength(1)
    })
  })

  describe('PostgreSQL: what was acknowledged is kept', () => {
    it(
      'when processes are killed amid appends, again and again',
      { timeout: 15_000 * killRounds },
      async () => {
        const url = postgres.newPlace()
        const ids = await appendAndKill(url, killRounds)
        const kept = new Set((await readVerified(await open(url))).map(({ id }) => id))
        expect(ids.filter(id => !kept.has(id))).toEqual([])
      },
    )

    it('when one of two is killed, and the other goes on', { timeout: 60_000 }, async () => {
      const url = postgres.newPlace()
      const [one, other] = [startAppending(url), startAppending(url)]
      const ended = once(one, 'close')
      const [ofOne, ofOther] = await Promise.all([
        acknowledged(one, 300, () => one.kill('SIGKILL')),
        ended.then(() => acknowledged(other, 600)),
      ])
      other.kill('SIGKILL')
      const kept = new Set((await readVerified(await open(url))).map(({ id }) => id))
      expect([...ofOne, ...ofOther].filter(id => !kept.has(id))).toEqual([])
    })
  })

  describe('PostgreSQL: trouble', () => {
    async function openBehindProxy() {
      const url = new URL(postgres.newPlace())
      const proxy = await startTcpProxy(url.hostname, Number(url.port || 5432))
      url.hostname = '127.0.0.1'
      url.port = String(proxy.port)
      const store = await openPostgresStore({ url: url.href, ledgerKey: testLedgerKey })
      onTestFinished(async () => {
        await store.close()
        await proxy.close()
      })
      return { store, proxy }
    }

    /** Resolves with the entry that could be appended again. */
    const recovered = async (store: Store) => {
      await expect
        .poll(() => store.appendLedger(testEntry(99)).then(() => 'kept', String), { timeout: 20_000 })
        .toBe('kept')
    }

    it.each(['cut', 'freeze'] as const)(
      'fails every call when the connection is %s, at once after the first, and works again by itself',
      { timeout: 60_000 },
      async trouble => {
        const { store, proxy } = await openBehindProxy()
        const before = testEntry(1)
        await store.appendLedger(before)
        proxy[trouble]()
        const calls = await Promise.allSettled([
          store.appendLedger(testEntry(2)),
          store.findCase('a'),
          store.takeQuota({ key: 'a', day: '2026-01-31' }, 1, 1),
          store.keepNotice(testNotice(permits, 'a')),
          store.readLedger(0, 1),
        ])
        for (const call of calls)
          expect(call).toMatchObject({ reason: expect.any(StoreUnavailable) as unknown })
        await expect(store.appendLedger(testEntry(3))).rejects.toThrow(StoreUnavailable)
        proxy.restore()
        await recovered(store)
        await expect.poll(() => store.findCase('a').catch(String), { timeout: 20_000 }).toBeUndefined()
        expect((await readVerified(store)).map(({ id }) => id)).toContain(before.id)
      },
    )

    it(
      'keeps all that was acknowledged when the connection is cut under load',
      { timeout: 60_000 },
      async () => {
        const { store, proxy } = await openBehindProxy()
        const acknowledged: string[] = []
        const over = new AbortController()
        const load = Array.from({ length: 16 }, async () => {
          while (!over.signal.aborted) {
            const entry = testEntry(0)
            try {
              await store.appendLedger(entry)
              acknowledged.push(entry.id)
            } catch (error) {
              expect(error).toBeInstanceOf(StoreUnavailable)
              await new Promise(setImmediate)
            }
          }
        })
        for (let round = 0; round < 3; round++) {
          const count = acknowledged.length
          await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(count + 50)
          proxy.cut()
          proxy.restore()
        }
        over.abort()
        await Promise.all(load)
        await recovered(store)
        const kept = new Set((await readVerified(store)).map(({ id }) => id))
        expect(acknowledged.filter(id => !kept.has(id))).toEqual([])
      },
    )

    it(
      'ends with its connections, also while the database does not answer',
      { timeout: 60_000 },
      async () => {
        const { store, proxy } = await openBehindProxy()
        proxy.freeze()
        const append = store.appendLedger(testEntry(1))
        await Promise.all([expect(append).rejects.toThrow(StoreUnavailable), store.close()])
      },
    )

    it('waits for a lock of someone else no longer than it must', { timeout: 30_000 }, async () => {
      const url = postgres.newPlace()
      const store = await open(url)
      const client = await connect(url)
      await client.query('BEGIN; LOCK TABLE ledger')
      await expect(store.appendLedger(testEntry(1))).rejects.toThrow(StoreUnavailable)
      await client.query('ROLLBACK')
      await store.appendLedger(testEntry(2))
      expect(await readVerified(store)).toHaveLength(1)
    })

    it('lets nobody who keeps hold up who asks', { timeout: 30_000 }, async () => {
      const url = postgres.newPlace()
      const store = await open(url)
      const client = await connect(url)
      await client.query('BEGIN; SELECT FROM arrivals FOR UPDATE')
      const version = { kind: 'agreement', id: 'a', digest: 'd', content: '{}', since: 1 }
      const keeping = Array.from({ length: 8 }, (_, number) => [
        store.keepNotice(testNotice(permits, String(number))),
        store.keepErasure('somebody', 1),
        store.keepVersion(version),
      ]).flat()
      const kept = Promise.allSettled(keeping)
      expect(await store.takeQuota({ key: 'a', day: '2026-01-31' }, 1, 1)).toBe(1)
      expect(await store.findCase('a')).toBeUndefined()
      expect(await store.readErasures(0, 10)).toEqual([])
      expect(await store.readNotices([permits], 0, 10)).toEqual([])
      await client.query('ROLLBACK')
      await kept
    })

    it('is not taken for dead while all its connections are in use', { timeout: 30_000 }, async () => {
      const url = postgres.newPlace()
      const store = await open(url)
      const quota = { key: 'a', day: '2026-01-31' }
      await store.takeQuota(quota, 100, 1)
      const client = await connect(url)
      await client.query('BEGIN; SELECT FROM quotas FOR UPDATE')
      const taking = Array.from({ length: 20 }, () => store.takeQuota(quota, 100, 1))
      await expect(Promise.all(taking)).rejects.toThrow(StoreUnavailable)
      await client.query('ROLLBACK')
      expect(await store.findCase('a')).toBeUndefined()
      await Promise.allSettled(taking)
    })

    it('works as it must under any defaults of the role', async () => {
      const url = new URL(postgres.newPlace())
      const role = url.searchParams.get('schema')!
      const admin = await postgres.connect(postgres.url)
      onTestFinished(async () => {
        await admin.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`)
        await admin.end()
      })
      await admin.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${role}';
        ALTER ROLE ${role} SET default_transaction_isolation = 'serializable'`)
      url.username = url.password = role
      const stores = [await open(url.href), await open(url.href)]
      const quota = { key: 'a', day: '2026-01-31' }
      const entries = Array.from({ length: 60 }, (_, number) => testEntry(number))
      await Promise.all(
        entries.map(async (entry, number) => {
          const store = stores[number % 2]!
          await store.takeQuota(quota, 100, 1)
          await store.appendLedger(entry)
        }),
      )
      expect(await stores[0]!.readQuota(quota)).toBe(60)
      expect(await readVerified(stores[0]!)).toHaveLength(60)
    })

    it.each([
      ['57P01', StoreUnavailable],
      ['53300', StoreUnavailable],
      ['40001', StoreUnavailable],
      ['40P01', StoreUnavailable],
      ['25006', StoreUnavailable],
      ['22003', StoreRefused],
      ['23514', StoreRefused],
      ['54000', StoreRefused],
    ])('tells by %s whether a later attempt may succeed', { timeout: 30_000 }, async (code, reason) => {
      const url = postgres.newPlace()
      const store = await open(url)
      const client = await connect(url)
      await client.query(`
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE '${code}'; END $$;
        CREATE TRIGGER trouble BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION fail()`)
      const visit = { id: 'a', openedBy: 'a', members: [], openedAt: 1, expiresAt: 1 }
      await expect(store.openCase(visit)).rejects.toThrow(reason)
      await client.query('DROP TRIGGER trouble ON cases')
      await expect
        .poll(() => store.openCase(visit).then(() => 'kept', String), { timeout: 20_000 })
        .toBe('kept')
    })

    it('refuses one call that does not fit, and goes on', async () => {
      const store = await open(postgres.newPlace())
      const notice = testNotice(permits, 'a')
      await store.keepNotice(notice)
      await expect(store.keepNotice({ ...notice, fingerprint: 'b' })).rejects.toThrow(StoreRefused)
      await expect(
        store.openCase({ id: '\0', openedBy: 'a', members: [], openedAt: 1, expiresAt: 1 }),
      ).rejects.toThrow(StoreRefused)
      const tooLong = randomBytes(20_000).toString('hex') // for an index, and it does not compress
      await expect(
        store.openCase({ id: tooLong, openedBy: 'a', members: [], openedAt: 1, expiresAt: 1 }),
      ).rejects.toThrow(StoreRefused)
      expect(await store.keepNotice(testNotice(permits, 'c'))).toBe(true)
    })

    it('goes on after the last row that is there when a standby took over without the newest', async () => {
      const url = postgres.newPlace()
      const store = await open(url)
      for (const number of [1, 2, 3, 4]) await store.appendLedger(testEntry(number))
      const client = await connect(url)
      await client.query('DELETE FROM ledger WHERE sequence > 2')
      await store.appendLedger(testEntry(5))
      expect(await readVerified(store)).toHaveLength(3)
    })

    it('is not opened over TLS with a certificate that nobody vouches for', async () => {
      const { key, cert } = selfSigned('localhost')
      const server = createServer(socket => {
        socket.on('error', () => {})
        socket.once('data', () => {
          socket.write('S') // the database's yes to TLS
          new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => {})
        })
      }).listen(0, 'localhost')
      onTestFinished(() => void server.close())
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      for (const sslmode of ['require', 'verify-full']) {
        const url = `postgres://gateway@localhost:${port}/mall?sslmode=${sslmode}`
        await expect(openPostgresStore({ url, ledgerKey: testLedgerKey })).rejects.toThrow(/self.signed/)
      }
    })

    it('is not opened where nobody answers, and says where without the password', async () => {
      const url = 'postgres://gateway:a-password-nobody-has@127.0.0.1:1/mall'
      const opening = openPostgresStore({ url, ledgerKey: testLedgerKey })
      await expect(opening).rejects.toThrow(/PostgreSQL at 127\.0\.0\.1:1\/mall cannot be opened/)
      await expect(opening).rejects.not.toThrow('a-password')
    })
  })
})
