/** Two gateways as they really stand: one PostgreSQL, one Redis, nothing else in common. */
import { expect, it, onTestFinished } from 'vitest'
import { checkKeys } from '#gateway/data-at-rest/check-keys.ts'
import { reseal } from '#gateway/data-at-rest/reseal.ts'
import { sealedPlaces } from '#gateway/data-at-rest/sealed-places.ts'
import { createSealer } from '#gateway/sealing.ts'
import { openPostgresStore } from '#gateway/store/postgres.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { ledgerKey } from '#gateway/testing/house.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { describeWithOwnRedis } from '#gateway/testing/redis.ts'
import { call, market, mayRead, read, standing } from '../inbound/calling.ts'
import { budi, erase, modeOf, siti, startCable, startGateway } from './gateways.ts'

const [old, young] = ['key-2025', 'key-2026'].map(id => ({ id, key: Buffer.alloc(32, id) })) as [
  { id: string; key: Buffer },
  { id: string; key: Buffer },
]

await describeWithPostgres('two gateways, one PostgreSQL, one Redis', postgres => {
  describeWithOwnRedis('data at rest', server => {
    it('a person is erased in both, the one that is cut off from Redis too', async () => {
      const url = postgres.newPlace()
      await using cable = await startCable(server.url)
      await using one = await startGateway({ store: await open(url), redisUrl: server.url })
      await using other = await startGateway({ store: await open(url), redisUrl: cable.url })
      for (const nik of [budi, siti]) {
        expect(await modeOf(one, nik)).toBe('live')
        expect(await modeOf(other, nik)).toBe('cached')
      }
      cable.cut()
      expect((await erase(one, budi)).body).toMatchObject({ pending: [] })
      expect(await modeOf(other, budi)).toBe('live')
      expect(await modeOf(other, siti)).toBe('cached')
      expect(await modeOf(one, budi)).toBe('live')
    }, 30_000)

    it('a key is rotated while both work', async () => {
      const url = postgres.newPlace()
      const keys = (...sealing: readonly (typeof old)[]) => ({
        sealing,
        ledger: ledgerKey,
        pseudonyms: Buffer.alloc(32, 'pseudonyms'),
      })
      const start = async (...sealing: readonly (typeof old)[]) => {
        const store = await open(url)
        await checkKeys(store, keys(...sealing))
        return startGateway({
          store,
          redisUrl: server.url,
          settings: { keys: keys(...sealing) },
          upstreams: [{}, market()],
          agreements: [agreement(), mayRead()],
        })
      }
      const numbers = async (house: Awaited<ReturnType<typeof start>>) =>
        (await read(house, '', standing)).notices.map(({ data }) => data['number'])

      await using before = await start(old, young)
      await using after = await start(young, old)
      await call(before, { nomor: 1, nik: budi, nama: 'PERTAMA' })
      await call(after, { nomor: 2, nik: budi, nama: 'KEDUA' })
      expect([await numbers(before), await numbers(after)]).toEqual([
        ['1', '2'],
        ['1', '2'],
      ])
      await expect(start(young)).rejects.toThrow('lacks key-2025')
      const done = await Array.fromAsync(reseal(sealedPlaces(await open(url)), createSealer([young, old])))
      expect(done).toEqual(
        [
          ['notices', 1],
          ['orders', 0],
          ['attachments', 0],
        ].map(([place, resealed]) => ({ place, resealed, unopened: 0, remaining: [] })),
      )
      await using last = await start(young)
      expect([await numbers(before), await numbers(last)]).toEqual([
        ['1', '2'],
        ['1', '2'],
      ])
      expect((await erase(last, budi)).body).toMatchObject({ destroyed: { notices: 2 } })
      expect(await numbers(before)).toEqual([])
    }, 30_000)
  })
})

async function open(url: string) {
  const store = await openPostgresStore({ url, ledgerKey })
  onTestFinished(() => store.close())
  return store
}
