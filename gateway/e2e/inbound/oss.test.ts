import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { type House, startHouse } from '#gateway/testing/house.ts'
import oss from '../../../adapters/oss/adapter.ts'
import { credentials, inboundCredentials, type Oss, startOss } from '../../../mocks/oss/server.ts'
import { read } from './calling.ts'

const nib = '9999900000001'
const kept = {
  status: 200,
  body: { responreceiveNIB: { status: '1', keterangan: 'Berhasil menyimpan data' } },
}
const refused = { status: 200, body: { responreceiveNIB: { status: '2', keterangan: 'Unauthenticated!' } } }

let agency: Oss
let house: House
beforeAll(async () => {
  agency = await startOss()
})
afterAll(() => agency.close())

beforeEach(async () => {
  house = await startHouse({
    upstreams: [
      {
        id: 'oss',
        adapter: oss,
        baseUrl: agency.url,
        config: { userKey: credentials.user_key },
        inbound: { allowFrom: ['127.0.0.1'], config: inboundCredentials },
      },
    ],
    agreements: [agreement({ upstream: 'oss' })],
  })
  return () => house.close()
})

const push = (options: { readonly date?: string; readonly token?: string } = {}) =>
  agency.push(`${house.url}/inbound/oss/receiveNIB`, { nib, date: '20260921', ...options })

const notices = async () => (await read(house)).notices

/** Moves the house's clock to an instant. */
const turnTo = (instant: string): void => house.clock.leap(Date.parse(instant) - house.clock.now())

it('takes a NIB, and a member reads it normalised', async () => {
  expect(await push()).toEqual(kept)
  const standing = { 'mpp-purpose': 'skck.new', 'mpp-counter': 'A-03', 'mpp-officer': 'o-7f3a' }
  expect((await read(house, '', standing)).notices).toMatchObject([
    {
      type: 'business.changed',
      source: 'oss',
      receivedAt: '2026-09-21T02:00:00.000Z',
      data: {
        nib,
        name: 'USAHA CONTOH',
        status: { code: 'active' },
        responsiblePersons: [{ name: 'WARGA CONTOH SATU' }],
      },
      withheld: [],
      auditId: expect.any(String),
    },
  ])
  const [open] = await notices()
  expect(open).toMatchObject({ data: { nib, name: 'USAHA CONTOH' }, auditId: null })
  expect(open!.withheld).toContain('/responsiblePersons/*/name')
  expect(JSON.stringify(open!.data)).not.toContain('WARGA')
})

it('takes the same body once, and says so each time', async () => {
  expect(await push()).toEqual(kept)
  expect(await push()).toEqual(kept)
  expect(await notices()).toHaveLength(1)
})

it('takes a signed licence', async () => {
  const answer = await agency.push(`${house.url}/inbound/oss/receiveFileDS`, { nib, date: '20260921' })
  expect(answer).toMatchObject({ status: 200, body: { responreceiveFileDS: { status: '1' } } })
  expect(await notices()).toMatchObject([{ type: 'licence.document-signed', data: { nib } }])
})

it('knows the token of the documented example', async () => {
  turnTo('2026-01-01T12:00:00+07:00')
  expect(await push({ token: 'fe8fe04a0526126ec5391826c6a82c6c650299b5' })).toEqual(kept)
})

it.each([
  ['of today, in the last minute of the day', '2026-09-21T23:59:00+07:00', '20260921', kept],
  ['of tomorrow, even then', '2026-09-21T23:59:00+07:00', '20260922', refused],
  ['of yesterday, under way at midnight', '2026-09-22T00:01:00+07:00', '20260921', kept],
  ['of yesterday, later', '2026-09-22T01:01:00+07:00', '20260921', refused],
])('judges the token %s', async (_, now, date, answer) => {
  turnTo(now)
  expect(await push({ date })).toEqual(answer)
  expect(await notices()).toHaveLength(answer === kept ? 1 : 0)
})

it('answers a bad token with "2", counts it, and stores and logs nothing of it', async () => {
  expect(await push({ token: 'token-palsu-kenari' })).toEqual(refused)
  expect(await notices()).toEqual([])
  const metrics = (await house.get('/metrics')).text
  expect(metrics).toContain(
    'mpp_inbound_total{upstream="oss",notice="business.changed",outcome="unverified"} 1',
  )
  const log = house.log.join('')
  expect(log).toContain('"outcome":"unverified"')
  expect(log).not.toMatch(/kenari|osspass|USAHA|WARGA|9999900000001|9999011501900001/)
})
