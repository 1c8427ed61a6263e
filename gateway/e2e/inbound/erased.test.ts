import { expect, it } from 'vitest'
import type { Store } from '#gateway/store/store.ts'
import { as } from '#gateway/testing/house.ts'
import { call, read, standing, startMarket } from './calling.ts'

const erased = { nomor: 1, nik: '9999011501900001', nama: 'WARGA CONTOH SATU' }
const another = { nomor: 2, nik: '9999015501900002', nama: 'WARGA CONTOH DUA' }

it('what is erased while it is being put on record is not shown, and the rest is', async () => {
  const reading = Promise.withResolvers<void>()
  const mayRecord = Promise.withResolvers<void>()
  const wrapStore = (store: Store): Store => ({
    ...store,
    async appendLedger(entry) {
      if ((entry.content as { kind?: string }).kind === 'notice') {
        reading.resolve()
        await mayRecord.promise
      }
      await store.appendLedger(entry)
    },
  })
  await using house = await startMarket({ wrapStore })
  for (const stall of [erased, another]) await call(house, stall)

  const page = read(house, '', standing)
  await reading.promise
  const { status } = await house.ask(
    '/v1/subjects/erase',
    { nik: erased.nik, reason: 'subject request granted', reference: 'PDP/2026/0007' },
    as('operations'),
  )
  expect(status).toBe(200)
  mayRecord.resolve()

  const { notices, cursor } = await page
  expect(notices.map(({ data }) => data['number'])).toEqual(['2'])
  expect((await read(house, `?cursor=${cursor}`, standing)).notices).toEqual([])
})
