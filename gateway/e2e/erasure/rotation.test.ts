import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkKeys } from '#gateway/data-at-rest/check-keys.ts'
import { reseal } from '#gateway/data-at-rest/reseal.ts'
import { sealedPlaces } from '#gateway/data-at-rest/sealed-places.ts'
import { sealNotice } from '#gateway/inbound/sealed-notice.ts'
import { createSealer, keyIdOf, type SealingKey } from '#gateway/sealing.ts'
import { openSqliteStore } from '#gateway/store/sqlite.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { ledgerKey } from '#gateway/testing/house.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { describeWithOwnRedis } from '#gateway/testing/redis.ts'
import { call, market, mayRead, read, standing } from '../inbound/calling.ts'
import { addressOf, defaultAgency, initTrial, run, start } from '../start/processes.ts'
import { budi, modeOf, siti, startGateway } from './gateways.ts'

const [old, young] = ['key-2025', 'key-2026'].map(id => ({ id, key: Buffer.alloc(32, id) })) as [
  SealingKey,
  SealingKey,
]

describeWithOwnRedis('rotating the sealing key, two gateways at work', server => {
  it('loses nothing and holds up nobody, at any step', async () => {
    const store = createMemoryStore(ledgerKey)
    const keysOf = (sealing: readonly SealingKey[]) => ({
      sealing,
      ledger: ledgerKey,
      pseudonyms: Buffer.alloc(32, 'pseudonyms'),
    })
    const startWith = async (...sealing: readonly SealingKey[]) => {
      await checkKeys(store, keysOf(sealing))
      return startGateway({
        store,
        redisUrl: server.url,
        settings: { keys: keysOf(sealing) },
        upstreams: [{}, market()],
        agreements: [agreement({ reuse: { scope: 'agreement', timeToLiveMs: 60_000 } }), mayRead()],
      })
    }
    /** What each of them reads in the mailbox. */
    const keepers = async () => {
      const pages = await Promise.all([one, other].map(house => read(house, '', standing)))
      return pages.map(({ notices }) =>
        notices.map(({ data }) => (data['keeper'] as { fullName: string }).fullName),
      )
    }
    const tell = (house: typeof one, nomor: number, nama: string) => call(house, { nomor, nik: budi, nama })

    let one = await startWith(old)
    let other = await startWith(old)
    await tell(one, 1, 'PERTAMA')

    // 1. every gateway learns to open the new key
    await one.close()
    one = await startWith(old, young)
    expect(await modeOf(one, budi)).toBe('live')
    expect(await modeOf(other, budi)).toBe('cached')
    await other.close()
    other = await startWith(old, young)

    // 2. one after another seals with it
    await one.close()
    one = await startWith(young, old)
    await tell(one, 2, 'KEDUA')
    expect(await modeOf(one, siti)).toBe('live')
    expect(await modeOf(other, siti), 'sealed with the new key').toBe('cached')
    expect(await modeOf(one, budi), 'sealed with the old key').toBe('cached')
    expect(await keepers()).toEqual([
      ['PERTAMA', 'KEDUA'],
      ['PERTAMA', 'KEDUA'],
    ])
    await other.close()
    other = await startWith(young, old)

    // 3. what the old key sealed is resealed
    await expect(startWith(young), 'too early').rejects.toThrow('lacks key-2025')
    const [done] = await Array.fromAsync(reseal(sealedPlaces(store), createSealer([young, old])))
    expect(done).toEqual({ place: 'notices', resealed: 1, unopened: 0, remaining: [] })
    expect(await keepers()).toEqual([
      ['PERTAMA', 'KEDUA'],
      ['PERTAMA', 'KEDUA'],
    ])

    // 4. the old key goes; what Redis still holds under it counts as absent
    await one.close()
    one = await startWith(young)
    expect(await modeOf(one, siti)).toBe('cached')
    expect(await modeOf(one, budi)).toBe('live')
    expect(await keepers()).toEqual([
      ['PERTAMA', 'KEDUA'],
      ['PERTAMA', 'KEDUA'],
    ])
    await one.close()
    await other.close()
  }, 30_000)
})

describe('npm run reseal', () => {
  it('works beside the running gateway, and says when the old key may go; sooner, the start refuses', async () => {
    const { folder } = await initTrial(defaultAgency)
    const file = join(folder, 'gateway.yaml')
    const oldKey = '{ id: first, key: { file: keys/sealing } }'
    const newKey = `{ id: second, key: ${randomBytes(32).toString('base64')} }`
    const useKeys = (...keys: readonly string[]) =>
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(
          /- \{ id: (first|second), .*/,
          keys.map(key => `- ${key}`).join('\n    '),
        ),
      )

    const before = start({ MPP_CONFIG: folder })
    await addressOf(before)
    await keepNotice(folder)
    before.child.kill('SIGTERM')
    await before.ended

    useKeys(newKey)
    const tooEarly = start({ MPP_CONFIG: folder })
    expect(await tooEarly.ended).toBe(1)
    expect(tooEarly.printed).toContain(
      'keys.sealing lacks first, which notices in this store are still sealed with',
    )

    useKeys(newKey, oldKey)
    await addressOf(start({ MPP_CONFIG: folder }))
    const resealing = run(['gateway/start.js', 'reseal'], { MPP_CONFIG: folder })
    expect(await resealing.ended).toBe(0)
    expect(resealing.printed).toBe(
      'notices: 1 resealed with second\norders: 0 resealed with second\nattachments: 0 resealed with second\n' +
        'first seals nothing here any more: remove it, once every gateway has been restarted with second first\n',
    )

    const store = await openSqliteStore({
      folder: join(folder, 'data'),
      ledgerKey: ledgerKeyOf(folder),
      beside: true,
    })
    expect((await store.readSealed(0, 10)).map(({ sealed }) => keyIdOf(sealed))).toEqual(['second'])
    await store.close()
  }, 60_000)
})

const fileOf = (folder: string, name: string) =>
  Buffer.from(readFileSync(join(folder, 'keys', name), 'utf8').trim(), 'base64')
const ledgerKeyOf = (folder: string) => fileOf(folder, 'ledger')

async function keepNotice(folder: string) {
  const store = await openSqliteStore({
    folder: join(folder, 'data'),
    ledgerKey: ledgerKeyOf(folder),
    beside: true,
  })
  const about = { id: 'notice-1', upstream: 'market', notice: 'stall.opened' }
  const sealed = sealNotice(createSealer([{ id: 'first', key: fileOf(folder, 'sealing') }]), about, {})
  await store.keepNotice({ ...about, receivedAt: 1, subjects: [], fingerprint: 'one', sealed })
  await store.close()
}
