import { describe, expect, it } from 'vitest'
import { verifyChain } from '#gateway/ledger/chain.ts'
import { type Case, type Store, StoreRefused, StoreUnavailable } from './store.ts'
import { testEntry, testLedgerKey } from './test-entry.ts'

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
