import { expect, test } from 'vitest'
import { openAttachment, openContent, sealAttachment, sealContent } from '#gateway/delivery/content.ts'
import { openNotice, sealNotice } from '#gateway/inbound/sealed-notice.ts'
import { createSealer, keyIdOf, type SealingKey } from '#gateway/sealing.ts'
import type { Store } from '#gateway/store/store.ts'
import { acceptOrder, plenty, testAttachment, testOrder } from '#gateway/store/test-order.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { reseal } from './reseal.ts'
import { sealedPlaces } from './sealed-places.ts'

const keyNamed = (id: string): SealingKey => ({ id, key: Buffer.alloc(32, id) })
const [old, young] = [keyNamed('key-2025'), keyNamed('key-2026')]
const sealer = createSealer([young, old])

const about = (id: string) => ({ id, upstream: 'market', notice: 'stall.opened' })

/** A store with so many notices under the old key and one under the new. */
async function storeWith(count: number): Promise<Store> {
  const store = createMemoryStore(Buffer.alloc(32, 'ledger'))
  const keep = (id: string, key: SealingKey) =>
    store.keepNotice({
      ...about(id),
      receivedAt: 1,
      subjects: ['somebody'],
      fingerprint: id,
      sealed: sealNotice(createSealer([key]), about(id), { number: id }),
    })
  for (let n = 1; n <= count; n += 1) await keep(`notice-${n}`, old)
  await keep('young', young)
  return store
}

const placesIn = (store: Store, ...names: string[]) =>
  sealedPlaces(store).filter(({ name }) => names.includes(name))
const run = (store: Store) => Array.fromAsync(reseal(placesIn(store, 'notices'), sealer))

test('everything under another key is resealed, whatever its number, and reads as before', async () => {
  const store = await storeWith(450)
  const before = (await store.readSealed(450, 1))[0]!.sealed
  expect(await run(store)).toEqual([{ place: 'notices', resealed: 450, unopened: 0, remaining: [] }])

  const rows = await store.readSealed(0, 1_000)
  const onlyYoung = createSealer([young])
  for (const row of rows.slice(0, -1)) expect(openNotice(onlyYoung, row)).toEqual({ number: row.id })
  expect(rows.at(-1)!.sealed, 'is left as it was').toBe(before)
  expect(await run(store)).toEqual([{ place: 'notices', resealed: 0, unopened: 0, remaining: [] }])
})

test('orders and their attachments are resealed, and open as before', async () => {
  const store = createMemoryStore(Buffer.alloc(32, 'ledger'))
  const former = createSealer([old])
  const paper = testAttachment()
  await store.keepAttachment(
    { ...paper, sealed: sealAttachment(former, paper, Buffer.from('a paper')) },
    plenty,
  )
  const content = {
    input: { item: 'a purse' },
    counter: '1',
    officer: '2',
    ordered: { key: 'k1' },
    documents: [],
    standard: null,
  }
  const order = testOrder({ attachments: [paper.id] })
  await acceptOrder(store, { ...order, sealed: sealContent(former, order.id, content) })

  expect(await Array.fromAsync(reseal(placesIn(store, 'orders', 'attachments'), sealer))).toEqual([
    { place: 'orders', resealed: 1, unopened: 0, remaining: [] },
    { place: 'attachments', resealed: 1, unopened: 0, remaining: [] },
  ])
  const onlyYoung = createSealer([young])
  expect(openContent(onlyYoung, (await store.findSubmission(order.id))!)).toEqual(content)
  const [attachment] = await store.findAttachments(paper.member, [paper.id])
  expect(openAttachment(onlyYoung, attachment!).toString()).toBe('a paper')
})

test('broken off in the middle, the next run finishes it', async () => {
  const store = await storeWith(10)
  let left = 4
  const failing: Store = {
    ...store,
    reseal: (row, sealed) =>
      left-- > 0 ? store.reseal(row, sealed) : Promise.reject(new Error('the plug was pulled')),
  }
  await expect(run(failing)).rejects.toThrow('the plug was pulled')
  expect(await run(store)).toMatchObject([{ resealed: 6, remaining: [] }])
})

test('what is erased or resealed meanwhile stays as it then is', async () => {
  const store = await storeWith(3)
  const busy: Store = {
    ...store,
    async reseal(row, sealed) {
      if (row.id === 'notice-2') await store.eraseNotices('somebody')
      return store.reseal(row, sealed)
    },
  }
  expect(await run(busy)).toMatchObject([{ resealed: 1, unopened: 0, remaining: [] }])
  expect(await store.readSealed(0, 10)).toEqual([])
})

test('a record that was altered is left alone, counted, and its key is not let go', async () => {
  const store = await storeWith(3)
  const [row] = await store.readSealed(1, 1)
  const altered = Buffer.from(row!.sealed)
  altered[altered.length - 1]! ^= 1
  await store.reseal(row!, altered)
  expect(await run(store)).toEqual([{ place: 'notices', resealed: 2, unopened: 1, remaining: ['key-2025'] }])
  expect(keyIdOf((await store.readSealed(1, 1))[0]!.sealed)).toBe('key-2025')
})
