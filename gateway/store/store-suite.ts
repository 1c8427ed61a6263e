import { describe, expect, it } from 'vitest'
import { verifyChain } from '#gateway/ledger/chain.ts'
import {
  type Case,
  type LedgerRow,
  type LedgerSearch,
  type NoticeRow,
  type Store,
  StoreRefused,
  StoreUnavailable,
  type Version,
} from './store.ts'
import { testEntry, testEntryAbout, testLedgerKey, testNotice, testSealed } from './test-entry.ts'

/** Opens the store at one place, again and again. */
type OpenStore = (ledgerKey?: Buffer) => Promise<Store>

/** Every row of a store, after its chain has been verified. */
export async function readVerified(store: Store) {
  const rows = await store.readLedger(0, 1_000_000)
  expect(verifyChain(testLedgerKey, rows)).toMatchObject({ ok: true })
  return rows
}

/** What every store promises. `newPlace` prepares an empty place and says how to open a store there. */
export function describeStore(name: string, newPlace: () => Promise<OpenStore>): void {
  const visit: Case = {
    id: 'q1J5c0m3k2l1h0g9f8e7d6',
    openedBy: 'dpmptsp',
    members: ['dpmptsp', 'polres', 'dukcapil'],
    openedAt: 1_790_000_000_000,
    expiresAt: 1_790_030_000_000,
  }

  describe(`${name}: cases`, () => {
    it('finds a case as it was opened, also after the store was closed and opened again', async () => {
      const open = await newPlace()
      const store = await open()
      await store.openCase(visit)
      expect(await store.findCase(visit.id)).toEqual(visit)
      await store.close()
      const again = await open()
      expect(await again.findCase(visit.id)).toEqual(visit)
      await again.close()
    })

    it('knows no case that was not opened, and opens none twice', async () => {
      const store = await (await newPlace())()
      expect(await store.findCase(visit.id)).toBeUndefined()
      await store.openCase(visit)
      await expect(store.openCase({ ...visit, openedBy: 'another' })).rejects.toThrow(StoreRefused)
      expect(await store.findCase(visit.id)).toEqual(visit)
      await store.close()
    })
  })

  describe(`${name}: ledger`, () => {
    it('keeps entries in order, in one chain that goes on after the store was opened again', async () => {
      const open = await newPlace()
      const entries = [1, 2, 3, 4].map(testEntry)
      for (const half of [entries.slice(0, 2), entries.slice(2)]) {
        const store = await open()
        for (const entry of half) await store.appendLedger(entry)
        await store.close()
      }
      const store = await open()
      const rows = await readVerified(store)
      expect(rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
      expect(
        rows.map(({ id, at, content }) => ({ id, at, content: JSON.parse(content!) as unknown })),
      ).toEqual(entries)
      expect(await store.readLedger(1, 2)).toEqual(rows.slice(1, 3))
      expect(await store.readLedger(4, 2)).toEqual([])
      await store.close()
    })

    it('keeps all of 200 entries appended at once', async () => {
      const store = await (await newPlace())()
      const entries = Array.from({ length: 200 }, (_, number) => testEntry(number))
      await Promise.all(entries.map(entry => store.appendLedger(entry)))
      expect((await readVerified(store)).map(({ id }) => id).toSorted()).toEqual(
        entries.map(({ id }) => id).toSorted(),
      )
      await store.close()
    })

    it('refuses what cannot be kept, alone: its neighbours are kept', async () => {
      const store = await (await newPlace())()
      const [first, second, third] = [testEntry(1), testEntry(2), testEntry(3)]
      const results = await Promise.allSettled([
        store.appendLedger(first),
        store.appendLedger({ ...testEntry(0), id: first.id }),
        store.appendLedger(second),
        store.appendLedger({ ...testEntry(0), at: 0.5 }),
        store.appendLedger(third),
      ])
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ])
      expect(results[1]).toMatchObject({ reason: expect.any(StoreRefused) })
      expect(results[3]).toMatchObject({ reason: expect.any(StoreRefused) })
      expect((await readVerified(store)).map(({ id }) => id)).toEqual([first.id, second.id, third.id])
      await store.close()
    })
  })

  describeSearch(name, newPlace)
  describeNotices(name, newPlace)
  describeErasure(name, newPlace)
  describeQuotas(name, newPlace)
  describeVersions(name, newPlace)
  describeHouseState(name, newPlace)
}

/** What every store promises that outlives its process. */
export function describeDurability(name: string, newPlace: () => Promise<OpenStore>): void {
  describe(`${name}: the ledger key`, () => {
    it('is not opened with another ledger key', async () => {
      const open = await newPlace()
      await (await open()).close()
      await expect(open(Buffer.alloc(32, 'other'))).rejects.toThrow('another ledger key')
      await (await open()).close()
    })
  })

  describe(`${name}: closing`, () => {
    it('finishes what was asked before, and refuses what comes after', async () => {
      const open = await newPlace()
      const store = await open()
      const entry = testEntry(1)
      const append = store.appendLedger(entry)
      const closing = store.close()
      await expect(store.appendLedger(testEntry(2))).rejects.toThrow(StoreUnavailable)
      await append
      await closing
      await store.close()
      const again = await open()
      expect((await readVerified(again)).map(({ id }) => id)).toEqual([entry.id])
      await again.close()
    })
  })
}

/** What every store promises of notices. */
function describeNotices(name: string, newPlace: () => Promise<OpenStore>): void {
  const permits = { upstream: 'licensing', notice: 'permit.issued' }
  const closures = { upstream: 'licensing', notice: 'permit.closed' }
  const otherPermits = { upstream: 'licensing-two', notice: 'permit.issued' }
  const fingerprintsOf = (rows: readonly NoticeRow[]) => rows.map(({ fingerprint }) => fingerprint)

  describe(`${name}: notices`, () => {
    it('finds a notice as it was kept, also after the store was opened again', async () => {
      const open = await newPlace()
      const store = await open()
      const notice = testNotice(permits, 'first')
      expect(await store.keepNotice(notice)).toBe(true)
      await store.close()
      const again = await open()
      const [row, ...more] = await again.readNotices([permits], 0, 10)
      expect(more).toEqual([])
      expect({ ...row, sealed: Buffer.from(row!.sealed) }).toEqual({ ...notice, sequence: row!.sequence })
      expect(await again.keepNotice({ ...testNotice(permits, 'first') })).toBe(false)
      expect(fingerprintsOf(await again.readNotices([permits], row!.sequence, 10))).toEqual([])
      await again.close()
    })

    it('keeps the same one once, however many come at once; the same of another upstream is another', async () => {
      const store = await (await newPlace())()
      const same = Array.from({ length: 20 }, () => testNotice(permits, 'same'))
      const kept = await Promise.all(same.map(notice => store.keepNotice(notice)))
      expect(kept.filter(Boolean)).toHaveLength(1)
      expect(await store.keepNotice(testNotice(closures, 'same'))).toBe(false)
      expect(await store.keepNotice(testNotice(otherPermits, 'same'))).toBe(true)
      const rows = await store.readNotices([permits, closures, otherPermits], 0, 10)
      expect(rows.map(({ upstream }) => upstream)).toEqual(['licensing', 'licensing-two'])
      expect(rows[0]!.id).toBe(same[kept.indexOf(true)]!.id)
      await store.close()
    })

    it('gives them by kind and page, in order of arrival', async () => {
      const open = await newPlace()
      const store = await open()
      for (const [kind, fingerprint] of [
        [otherPermits, 'a'],
        [permits, 'b'],
        [closures, 'c'],
        [permits, 'd'],
        [otherPermits, 'e'],
      ] as const)
        await store.keepNotice(testNotice(kind, fingerprint))
      await store.close()
      const again = await open()
      await again.keepNotice(testNotice(closures, 'f'))

      const all = await again.readNotices([permits, closures, otherPermits], 0, 10)
      expect(fingerprintsOf(all)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
      expect(fingerprintsOf(await again.readNotices([permits], 0, 10))).toEqual(['b', 'd'])
      expect(fingerprintsOf(await again.readNotices([], 0, 10))).toEqual([])
      const page = await again.readNotices([otherPermits, closures], 0, 2)
      expect(fingerprintsOf(page)).toEqual(['a', 'c'])
      const next = await again.readNotices([otherPermits, closures], page[1]!.sequence, 2)
      expect(fingerprintsOf(next)).toEqual(['e', 'f'])
      await again.close()
    })

    it('skips none and gives none twice to a reader while more arrive', async () => {
      const store = await (await newPlace())()
      const names = Array.from({ length: 200 }, (_, number) => `notice ${number}`)
      const arriving = Promise.all(
        names.map((fingerprint, number) =>
          store.keepNotice(testNotice(number % 3 === 0 ? closures : permits, fingerprint)),
        ),
      )
      const read: NoticeRow[] = []
      while (read.length < names.length)
        read.push(...(await store.readNotices([permits, closures], read.at(-1)?.sequence ?? 0, 7)))
      await arriving
      expect(fingerprintsOf(read).toSorted()).toEqual(names.toSorted())
      expect(await store.readNotices([permits, closures], read.at(-1)!.sequence, 7)).toEqual([])
      await store.close()
    })
  })
}

/** What every store promises of the ledger's rows when they are looked for, and at their end. */
function describeSearch(name: string, newPlace: () => Promise<OpenStore>): void {
  const hour = 3_600_000
  const start = 1_790_000_000_000
  const idsOf = (rows: readonly LedgerRow[]) => rows.map(({ id }) => id)

  /** Sixty rows, one every half an hour, though every tenth came late; about one of three people, or about two. */
  async function openFilled(): Promise<{ store: Store; entries: ReturnType<typeof testEntryAbout>[] }> {
    const store = await (await newPlace())()
    const entries = Array.from({ length: 60 }, (_, number) =>
      testEntryAbout(
        number % 7 === 0 ? ['person 0', 'person 1'] : [`person ${number % 3}`],
        start + (number * hour) / 2 - (number % 10 === 9 ? 3 * hour : 0),
        number % 2 === 0 ? 'lookup' : 'match',
      ),
    )
    for (const entry of entries) await store.appendLedger(entry)
    return { store, entries }
  }

  describe(`${name}: looking into the ledger`, () => {
    it('finds by person, by time, by both, page by page, exactly what fits', async () => {
      const { store, entries } = await openFilled()
      const searches: LedgerSearch[] = [
        {},
        { subject: 'person 1' },
        { subject: 'nobody' },
        { from: start + 10 * hour },
        { until: start + 10 * hour },
        { from: start + 7 * hour + 1, until: start + 12 * hour },
        { from: start + 90 * hour },
        { until: start - 4 * hour },
        { subject: 'person 0', from: start + 5 * hour, until: start + 21 * hour },
      ]
      for (const search of searches) {
        const { subject, from = 0, until = Infinity } = search
        const fitting = entries.filter(
          ({ at, content }) =>
            at >= from && at < until && (subject === undefined || content.subjects.includes(subject)),
        )
        expect(idsOf(await store.findLedger(search, 0, 1_000))).toEqual(fitting.map(({ id }) => id))

        const paged: LedgerRow[] = []
        for (;;) {
          const page = await store.findLedger(search, paged.at(-1)?.sequence ?? 0, 4)
          paged.push(...page)
          if (page.length < 4) break
        }
        expect(idsOf(paged)).toEqual(fitting.map(({ id }) => id))
      }
      await store.close()
    })

    it('finds a person in rows far apart', async () => {
      const store = await (await newPlace())()
      const far = Array.from({ length: 3_000 }, (_, number) =>
        testEntryAbout([number % 1_400 === 3 ? 'rare' : `person ${number % 50}`], start + number, 'lookup'),
      )
      await Promise.all(far.map(entry => store.appendLedger(entry)))
      const rare = far.filter(({ content }) => content.subjects.includes('rare'))
      const rows = await store.findLedger({ subject: 'rare' }, 0, 10)
      expect(idsOf(rows)).toEqual(rare.map(({ id }) => id))
      expect(idsOf(await store.findLedger({ subject: 'rare' }, rows[1]!.sequence, 10))).toEqual([rare[2]!.id])
      await store.close()
    })

    it('gives the last row, once there is one', async () => {
      const { store, entries } = await openFilled()
      expect(await store.readLedgerHead()).toMatchObject({ sequence: 60, id: entries.at(-1)!.id })
      await store.close()
      const empty = await (await newPlace())()
      expect(await empty.readLedgerHead()).toBeUndefined()
      await empty.close()
    })

    it('destroys the content of a kind before an instant, oldest first, and the chain still verifies', async () => {
      const { store, entries } = await openFilled()
      const before = start + 20 * hour
      const destroyable = entries
        .filter(({ at, content }) => at < before && content.kind === 'lookup')
        .toSorted((one, other) => one.at - other.at)
      expect(await store.destroyLedgerContent(['lookup'], before, 5)).toBe(5)
      const destroyed = async () =>
        new Set(idsOf((await readVerified(store)).filter(({ content }) => content === null)))
      expect(await destroyed()).toEqual(new Set(destroyable.slice(0, 5).map(({ id }) => id)))
      expect(await store.destroyLedgerContent(['lookup', 'unknown'], before, 1_000)).toBe(
        destroyable.length - 5,
      )
      expect(await destroyed()).toEqual(new Set(destroyable.map(({ id }) => id)))
      expect(await store.destroyLedgerContent(['lookup'], before, 1_000)).toBe(0)
      expect(await store.destroyLedgerContent([], before, 1_000)).toBe(0)

      const kept = entries.filter(entry => !destroyable.includes(entry))
      const subject = 'person 0'
      expect(idsOf(await store.findLedger({ subject }, 0, 1_000))).toEqual(
        kept.filter(({ content }) => content.subjects.includes(subject)).map(({ id }) => id),
      )
      expect(await store.findLedger({ until: before }, 0, 1_000)).toHaveLength(
        entries.filter(({ at }) => at < before).length,
      )
      expect(await store.destroyLedgerContent(['lookup', 'match'], before, 1_000)).toBe(
        entries.filter(({ at, content }) => at < before && content.kind === 'match').length,
      )
      await store.close()
    })
  })
}

/** What every store promises of notices at their end, and of those who were erased. */
function describeErasure(name: string, newPlace: () => Promise<OpenStore>): void {
  const permits = { upstream: 'licensing', notice: 'permit.issued' }
  const all = async (store: Store) =>
    (await store.readNotices([permits], 0, 100)).map(({ fingerprint }) => fingerprint)

  async function openWith(notices: Readonly<Record<string, Partial<NoticeRow>>>): Promise<Store> {
    const store = await (await newPlace())()
    for (const [fingerprint, changes] of Object.entries(notices))
      await store.keepNotice({ ...testNotice(permits, fingerprint), ...changes })
    return store
  }

  describe(`${name}: erasing`, () => {
    it('destroys what notices hold about somebody, for good: the same one is not kept again', async () => {
      const store = await openWith({
        a: { subjects: ['one', 'another'] },
        b: { subjects: ['another'] },
        c: { subjects: ['one'] },
        d: { subjects: [] },
      })
      expect(await store.eraseNotices('one')).toBe(2)
      expect(await all(store)).toEqual(['b', 'd'])
      expect(await store.eraseNotices('one')).toBe(0)
      expect(await store.eraseNotices('nobody')).toBe(0)
      expect(await store.keepNotice(testNotice(permits, 'a'))).toBe(false)
      expect(await store.eraseNotices('another')).toBe(1)
      expect(await all(store)).toEqual(['d'])
      await store.close()
    })

    it('destroys what notices hold that came before an instant, oldest first', async () => {
      const store = await openWith({
        a: { receivedAt: 3_000 },
        b: { receivedAt: 1_000 },
        c: { receivedAt: 2_000 },
        d: { receivedAt: 4_000 },
      })
      expect(await store.destroyNotices(4_000, 2)).toBe(2)
      expect(await all(store)).toEqual(['a', 'd'])
      expect(await store.destroyNotices(4_000, 2)).toBe(1)
      expect(await store.destroyNotices(4_000, 2)).toBe(0)
      expect(await all(store)).toEqual(['d'])
      await store.close()
    })

    it('remembers who was erased, in order', async () => {
      const open = await newPlace()
      const store = await open()
      for (const subject of ['one', 'another', 'one']) await store.keepErasure(subject, 1_790_000_000_000)
      await store.close()
      const again = await open()
      const erasures = await again.readErasures(0, 2)
      expect(erasures.map(({ subject }) => subject)).toEqual(['one', 'another'])
      expect((await again.readErasures(erasures[1]!.sequence, 2)).map(({ subject }) => subject)).toEqual([
        'one',
      ])
      await again.close()
    })
  })

  describe(`${name}: sealing anew`, () => {
    const sealedOf = async (store: Store) =>
      (await store.readSealed(0, 100)).map(({ sealed }) => Buffer.from(sealed).toString('latin1'))

    it('puts a record sealed anew in its place, unless it has changed meanwhile', async () => {
      const store = await openWith({
        a: { sealed: testSealed('old', 'a') },
        b: { sealed: testSealed('old', 'b') },
        c: { sealed: testSealed('old', 'c') },
      })
      const [first, second, third] = await store.readSealed(0, 100)
      expect(first).toMatchObject({ ...permits, id: expect.any(String) as string })
      expect(await store.reseal(first!, testSealed('new', 'a'))).toBe(true)
      expect(await store.reseal(first!, testSealed('newer', 'a'))).toBe(false)
      await store.eraseNotices('nobody')
      await store.destroyNotices(Number.MAX_SAFE_INTEGER, 1)
      expect(await sealedOf(store)).toHaveLength(2)
      expect(await store.reseal(first!, testSealed('new', 'a'))).toBe(false)
      expect(await store.reseal(third!, testSealed('new', 'c'))).toBe(true)
      expect(await store.readSealed(second!.sequence, 1)).toMatchObject([{ sequence: third!.sequence }])
      expect(await sealedOf(store)).toEqual(['\u0001\u0003oldb', '\u0001\u0003newc'])
      await store.close()
    })

    it('names the keys that are still needed, each once', async () => {
      const store = await openWith({
        a: { sealed: testSealed('2025', 'a'), receivedAt: 1_000 },
        b: { sealed: testSealed('2026-05', 'b'), receivedAt: 2_000 },
        c: { sealed: testSealed('2025', 'c'), receivedAt: 3_000 },
      })
      expect((await store.sealedKeyIds()).toSorted()).toEqual(['2025', '2026-05'])
      await store.destroyNotices(2_500, 10)
      expect(await store.sealedKeyIds()).toEqual(['2025'])
      const [last] = await store.readSealed(0, 10)
      await store.reseal(last!, testSealed('2027', 'c'))
      expect(await store.sealedKeyIds()).toEqual(['2027'])
      await store.destroyNotices(3_500, 10)
      expect(await store.sealedKeyIds()).toEqual([])
      await store.close()
    })
  })
}

/** What every store promises of quotas. */
function describeQuotas(name: string, newPlace: () => Promise<OpenStore>): void {
  const quota = { key: 'agreement dukcapil-kesehatan skck.new', day: '2026-01-31' }

  describe(`${name}: quotas`, () => {
    it('gives what is left, never more, also after the store was opened again', async () => {
      const open = await newPlace()
      const store = await open()
      expect(await store.readQuota(quota)).toBe(0)
      expect(await store.takeQuota(quota, 100, 60)).toBe(60)
      expect(await store.takeQuota(quota, 100, 60)).toBe(40)
      expect(await store.takeQuota(quota, 100, 60)).toBe(0)
      await store.close()
      const again = await open()
      expect(await again.readQuota(quota)).toBe(100)
      expect(await again.takeQuota({ ...quota, day: '2026-02-01' }, 100, 60)).toBe(60)
      expect(await again.takeQuota({ ...quota, key: 'another' }, 100, 60)).toBe(60)
      expect(await again.takeQuota(quota, 90, 1)).toBe(0) // a limit that was lowered meanwhile
      expect(await again.takeQuota(quota, 101, 5)).toBe(1)
      await again.close()
    })

    it('takes back what was not used, and no more than was taken', async () => {
      const store = await (await newPlace())()
      await store.takeQuota(quota, 100, 30)
      await store.returnQuota(quota, 10)
      expect(await store.readQuota(quota)).toBe(20)
      await store.returnQuota(quota, 50)
      expect(await store.readQuota(quota)).toBe(0)
      await store.returnQuota({ ...quota, key: 'never taken' }, 50)
      expect(await store.readQuota({ ...quota, key: 'never taken' })).toBe(0)
      await store.close()
    })

    it('believes an agency that counts more, not one that counts less', async () => {
      const store = await (await newPlace())()
      await store.raiseQuota(quota, 70)
      expect(await store.readQuota(quota)).toBe(70)
      await store.raiseQuota(quota, 20)
      expect(await store.takeQuota(quota, 100, 100)).toBe(30)
      await store.raiseQuota(quota, 120)
      expect(await store.readQuota(quota)).toBe(120)
      expect(await store.takeQuota(quota, 100, 1)).toBe(0)
      await store.close()
    })

    it('is exact when many take at once', async () => {
      const open = await newPlace()
      const store = await open()
      const taken = await Promise.all(Array.from({ length: 60 }, () => store.takeQuota(quota, 1_000, 23)))
      expect(taken.reduce((sum, count) => sum + count)).toBe(1_000)
      expect(await store.readQuota(quota)).toBe(1_000)
      await store.close()
    })
  })
}

/** What every store promises of versions and checks. */
function describeVersions(name: string, newPlace: () => Promise<OpenStore>): void {
  const version = (digest: string, since: number): Version => ({
    kind: 'agreement',
    id: 'dukcapil-kesehatan',
    digest,
    content: `{"digest":"${digest}"}`,
    since,
  })

  describe(`${name}: versions`, () => {
    it('keeps each version that comes into force, also one that was in force before', async () => {
      const open = await newPlace()
      const store = await open()
      expect(await store.keepVersion(version('a', 1))).toBe(true)
      expect(await store.keepVersion(version('a', 2))).toBe(false)
      expect(await store.keepVersion(version('b', 3))).toBe(true)
      expect(await store.keepVersion({ ...version('b', 3), id: 'another' })).toBe(true)
      await store.close()
      const again = await open()
      expect(await again.keepVersion(version('b', 4))).toBe(false)
      expect(await again.keepVersion(version('a', 5))).toBe(true)
      expect(await again.readVersions('agreement', 'dukcapil-kesehatan')).toEqual([
        version('a', 1),
        version('b', 3),
        version('a', 5),
      ])
      expect(await again.readVersions('agreement', 'unknown')).toEqual([])
      await again.close()
    })

    it('keeps a version once when several bring it at once', async () => {
      const store = await (await newPlace())()
      const kept = await Promise.all(Array.from({ length: 10 }, () => store.keepVersion(version('a', 1))))
      expect(kept.filter(Boolean)).toHaveLength(1)
      expect(await store.readVersions('agreement', 'dukcapil-kesehatan')).toHaveLength(1)
      await store.close()
    })
  })

  describe(`${name}: checks`, () => {
    it('gives the first value of a name for ever', async () => {
      const open = await newPlace()
      const store = await open()
      expect(await store.keepCheck('sealing key 2026', 'first')).toBe('first')
      expect(await store.keepCheck('sealing key 2026', 'second')).toBe('first')
      await store.close()
      const again = await open()
      expect(await again.keepCheck('sealing key 2026', 'third')).toBe('first')
      expect(await again.keepCheck('sealing key 2027', 'third')).toBe('third')
      await again.close()
    })
  })
}

function describeHouseState(name: string, newPlace: () => Promise<OpenStore>): void {
  describe(`${name}: what gateways share of the state of the house`, () => {
    const held = { kind: 'switch', id: 'registry', content: '{"mode":"held"}' }

    it('is read by kind, with its revision and the time of its change', async () => {
      await using store = await openAt(newPlace)
      expect(await store.readHouseState(['switch'])).toEqual({ at: expect.any(Number), rows: [] })
      expect(await store.putHouseState(held)).toBe(true)
      expect(await store.putHouseState({ ...held, kind: 'alarm' })).toBe(true)
      expect(await store.putHouseState({ ...held, id: 'another' })).toBe(true)
      const { at, rows } = await store.readHouseState(['switch', 'none'])
      expect(rows).toEqual([
        { ...held, id: 'another', revision: 1, changedAt: expect.any(Number) },
        { ...held, revision: 1, changedAt: expect.any(Number) },
      ])
      expect(rows[0]!.changedAt).toBeLessThanOrEqual(at)
      expect((await store.readHouseState(['alarm', 'switch'])).rows.map(({ kind }) => kind)).toEqual([
        'alarm',
        'switch',
        'switch',
      ])
    })

    it('is changed by whoever has seen its last revision, and by nobody else', async () => {
      await using store = await openAt(newPlace)
      const revisions = async () =>
        (await store.readHouseState(['switch'])).rows.map(({ revision, content }) => [revision, content])
      expect(await store.putHouseState(held, 1)).toBe(false)
      expect(await store.putHouseState(held, 0)).toBe(true)
      expect(await store.putHouseState({ ...held, content: 'late' }, 0)).toBe(false)
      expect(await store.putHouseState({ ...held, content: 'second' }, 1)).toBe(true)
      expect(await store.putHouseState({ ...held, content: 'late' }, 1)).toBe(false)
      expect(await revisions()).toEqual([[2, 'second']])
      expect(await store.putHouseState({ ...held, content: 'whatever was there' })).toBe(true)
      expect(await revisions()).toEqual([[3, 'whatever was there']])
      expect(await store.putHouseState({ ...held, content: null }, 2)).toBe(false)
      expect(await store.putHouseState({ ...held, content: null }, 3)).toBe(true)
      expect(await store.putHouseState({ ...held, content: null })).toBe(false)
      expect(await revisions()).toEqual([])
    })

    it("is one gateway's when several change it at once", async () => {
      await using store = await openAt(newPlace)
      const puts = Array.from({ length: 20 }, (_, number) =>
        store.putHouseState({ ...held, content: String(number) }, 0),
      )
      const done = (await Promise.all(puts)).flatMap((isDone, number) => (isDone ? [String(number)] : []))
      expect(done).toHaveLength(1)
      expect((await store.readHouseState(['switch'])).rows).toMatchObject([{ revision: 1, content: done[0] }])
    })
  })
}

/** Closes it at the end of the test. */
async function openAt(newPlace: () => Promise<OpenStore>): Promise<Store & AsyncDisposable> {
  const store = await (await newPlace())()
  return { ...store, [Symbol.asyncDispose]: () => store.close() }
}
