import { describe, expect, it } from 'vitest'
import { verifyChain } from '#gateway/ledger/chain.ts'
import { type Case, type NoticeRow, type Store, StoreRefused, StoreUnavailable } from './store.ts'
import { testEntry, testLedgerKey, testNotice } from './test-entry.ts'

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

    it('is not opened with another ledger key', async () => {
      const open = await newPlace()
      await (await open()).close()
      await expect(open(Buffer.alloc(32, 'other'))).rejects.toThrow('another ledger key')
      await (await open()).close()
    })
  })

  describeNotices(name, newPlace)

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
export function describeNotices(name: string, newPlace: () => Promise<OpenStore>): void {
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
