import { expect, it } from 'vitest'
import { as, type House } from '#gateway/testing/house.ts'
import { rightsSchema } from '#gateway/openapi/schemas.ts'
import { call, market, mayRead, read, standing, startMarket } from './calling.ts'

const nik = '9999011501900001'
const stall = (nomor: number) => ({ nomor, nik, nama: 'WARGA CONTOH SATU' })
const perDay = (figure: number, purpose?: string) => ({ purpose, perDay: figure })
const start = (...quotas: readonly ReturnType<typeof perDay>[]) =>
  startMarket({ agreements: [{ ...mayRead(), quotas }] })

const refused = async (house: House, cursor = '') =>
  (await house.get(`/v1/notices${cursor && `?cursor=${cursor}`}`, { ...as('front-office'), ...standing }))
    .body
const leftIn = async (house: House) => {
  const { rights } = rightsSchema.parse((await house.get('/v1/me/rights')).body)
  return rights[0]!.quotas.map(({ left }) => left)
}
const numbersOf = ({ notices }: Awaited<ReturnType<typeof read>>) => notices.map(({ data }) => data['number'])

it('counts each notice that is shown, and shortens a page to what is left of the day', async () => {
  await using house = await start(perDay(3))
  for (const nomor of [1, 2, 3, 4, 5]) await call(house, stall(nomor))
  expect(await leftIn(house)).toEqual([3])
  const first = await read(house, '?limit=2', standing)
  expect(numbersOf(first)).toEqual(['1', '2'])
  expect(await leftIn(house)).toEqual([1])
  const second = await read(house, `?limit=2&cursor=${first.cursor}`, standing)
  expect(numbersOf(second)).toEqual(['3'])

  const body = await refused(house, second.cursor)
  expect(body).toMatchObject({
    status: 429,
    code: 'QUOTA_SPENT',
    source: 'gateway',
    sent: 'no',
    retryAfter: 15 * 3_600, // until midnight in Jakarta: it is nine in the morning
  })
  const row = (await house.store.readLedger(3, 10)).find(({ id }) => id === body.auditId)
  expect(JSON.parse(row!.content!)).toMatchObject({
    outcome: 'QUOTA_SPENT',
    agreement: 'pks-front-office-market',
    purpose: 'stall.permit',
  })

  house.clock.leap(15 * 3_600_000)
  expect(numbersOf(await read(house, `?cursor=${second.cursor}`, standing))).toEqual(['4', '5'])
})

it('counts for its purpose and for all together', async () => {
  await using house = await start(perDay(9), perDay(1, 'stall.permit'))
  for (const nomor of [1, 2]) await call(house, stall(nomor))
  const { cursor } = await read(house, '', standing)
  expect(await leftIn(house)).toEqual([8, 0])
  expect(await refused(house, cursor)).toMatchObject({ code: 'QUOTA_SPENT' })
})

it('counts nothing of what everyone may see', async () => {
  await using house = await start(perDay(1))
  for (const nomor of [1, 2, 3]) await call(house, { nomor })
  await call(house, stall(4))
  expect(numbersOf(await read(house, '', standing))).toEqual(['1', '2', '3', '4'])
  expect(await leftIn(house)).toEqual([0])
  expect(numbersOf(await read(house))).toEqual(['1', '2', '3', '4'])
})

it('is exact for readers at once', async () => {
  await using house = await start(perDay(7))
  for (const nomor of [1, 2]) await call(house, stall(nomor))
  const pages = await Promise.all(
    Array.from({ length: 10 }, () => house.get('/v1/notices', { ...as('front-office'), ...standing })),
  )
  const shown = pages.flatMap(({ text }) => text.match(/"auditId":"/g) ?? [])
  const rows = await house.store.readLedger(0, 100)
  expect(rows.filter(({ content }) => content!.includes('"outcome":"released"'))).toHaveLength(7)
  expect(shown.length).toBe(7 + pages.filter(({ status }) => status === 429).length) // refusals have one, too
})

it("leaves what another agreement's quota holds back for tomorrow, and skips nothing", async () => {
  await using house = await startMarket({
    upstreams: [market(), market({ id: 'market-two' })],
    agreements: [{ ...mayRead(), quotas: [perDay(1)] }, mayRead({ upstream: 'market-two' })],
  })
  await call(house, stall(1))
  await call(house, stall(2))
  await call(house, stall(3), { path: '/inbound/market-two/lapak' })
  const { notices, cursor } = await read(house, '', standing)
  expect(notices).toHaveLength(1)
  house.clock.leap(15 * 3_600_000)
  expect(numbersOf(await read(house, `?cursor=${cursor}`, standing))).toEqual(['2', '3'])
})
