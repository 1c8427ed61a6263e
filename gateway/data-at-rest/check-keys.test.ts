import { beforeEach, expect, test } from 'vitest'
import { sealNotice } from '#gateway/inbound/sealed-notice.ts'
import { createSealer, type SealingKey } from '#gateway/sealing.ts'
import type { Store } from '#gateway/store/store.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { checkKeys } from './check-keys.ts'

const keyNamed = (id: string, fill = id): SealingKey => ({ id, key: Buffer.alloc(32, fill) })
const [old, young] = [keyNamed('key-2025'), keyNamed('key-2026')]
const pseudonyms = Buffer.alloc(32, 'pseudonyms')

let store: Store
beforeEach(async () => {
  store = createMemoryStore(Buffer.alloc(32, 'ledger'))
  await start([old])
})

const start = (sealing: readonly SealingKey[], changes: { pseudonyms?: Buffer } = {}) =>
  checkKeys(store, { sealing, ledger: Buffer.alloc(32), pseudonyms, ...changes })

async function keepSealedWith(key: SealingKey) {
  const about = { id: `notice-of-${key.id}`, upstream: 'market', notice: 'stall.opened' }
  const sealed = sealNotice(createSealer([key]), about, { number: '12' })
  await store.keepNotice({ ...about, receivedAt: 1, subjects: [], fingerprint: about.id, sealed })
}

test('a new key may come, before or behind, and an unused one may go', async () => {
  await start([old])
  await start([old, young])
  await start([young, old])
  await start([young])
})

test('another value under a known id is refused by name', async () => {
  await expect(start([young, keyNamed('key-2025', 'another')])).rejects.toThrow(
    /another key under.* key-2025 /,
  )
})

test('another pseudonyms key is refused', async () => {
  await expect(start([old], { pseudonyms: Buffer.alloc(32, 'other') })).rejects.toThrow('keys.pseudonyms')
})

test('a key that records are still sealed with must not be missing', async () => {
  await keepSealedWith(old)
  await expect(start([young])).rejects.toThrow(
    'lacks key-2025, which notices in this store are still sealed with',
  )
  await start([young, old])
})

test('what is kept of a key tells nothing about it, and is not the same for two uses', async () => {
  const kept: string[] = []
  const keepCheck = (name: string, value: string) => {
    kept.push(name, value)
    return Promise.resolve(value)
  }
  await checkKeys(
    { ...store, keepCheck },
    { sealing: [keyNamed('one', 'same')], ledger: Buffer.alloc(32), pseudonyms: Buffer.alloc(32, 'same') },
  )
  expect(kept).toEqual(['pseudonyms key', expect.any(String), 'sealing key one', expect.any(String)])
  expect(kept.join(' ')).not.toContain('same')
})
