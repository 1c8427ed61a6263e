import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import type { House } from '#gateway/testing/house.ts'
import { call, market, read, startMarket } from './calling.ts'
import { password } from './toy-agency.ts'

const stored = { status: 200, body: { pesan: 'TERIMA KASIH' } }
const unverified = { status: 200, body: { pesan: 'SIAPA INI' } }
const unreadable = { status: 200, body: { pesan: 'TIDAK PAHAM' } }
const unavailable = { status: 503, body: { pesan: 'NANTI' } }

/** Birds that must be heard nowhere. */
const stall = { nomor: 12, dagangan: 'makanan', nik: '9999015508880088', nama: 'KENARI RAHASIA' }
const birds = /9999015508880088|kenari/i

let house: House
beforeEach(async () => {
  house = await startMarket()
})
afterEach(async () => {
  await expectSilence()
  await house.close()
})

/** Whatever a test sent, no bird may have got out. */
async function expectSilence(): Promise<void> {
  expect(house.log.join('') + (await house.get('/metrics')).text).not.toMatch(birds)
}

const counted = async (outcome: string, notice = 'stall.opened'): Promise<number> => {
  const { text } = await house.get('/metrics')
  const line = `mpp_inbound_total{upstream="market",notice="${notice}",outcome="${outcome}"} `
  return Number(
    text
      .split('\n')
      .find(other => other.startsWith(line))
      ?.slice(line.length) ?? 0,
  )
}

const logged = () => house.log.map(line => JSON.parse(line) as object).findLast(line => 'outcome' in line)

describe('a call of the agency', () => {
  it('is stored, answered in its own way, counted and logged', async () => {
    expect(await call(house, stall)).toEqual(stored)
    expect(await counted('stored')).toBe(1)
    expect(logged()).toMatchObject({
      msg: 'inbound',
      upstream: 'market',
      notice: 'stall.opened',
      outcome: 'stored',
    })
    expect((await read(house)).notices).toHaveLength(1)
  })

  it('is stored once, however often and however formatted it comes, and always answered alike', async () => {
    const { nama, nik, ...others } = stall
    const again = JSON.stringify({ nik, nama, ...others }, undefined, 4)
    const answers = await Promise.all([stall, again, stall, again, stall].map(body => call(house, body)))
    expect(answers).toEqual(answers.map(() => stored))
    expect((await read(house)).notices).toHaveLength(1)

    expect(await call(house, { ...stall, tambahan: 'x' })).toEqual(stored) // an unread field makes it another one
    expect((await read(house)).notices).toHaveLength(2)
  })

  it.each([
    ['no credential', {}],
    ['a wrong one', { sandi: `${password} x` }],
    ["yesterday's", { sandi: `${password} 2026-09-20` }],
    ["tomorrow's", { sandi: `${password} 2026-09-22` }],
  ])('that shows %s is not stored', async (_, headers) => {
    expect(await call(house, stall, { headers: { sandi: '', ...headers } })).toEqual(unverified)
    expect(await counted('unverified')).toBe(1)
    expect(logged()).toMatchObject({ outcome: 'unverified', reason: 'NOT_VERIFIED' })
    expect((await read(house)).notices).toEqual([])
  })

  it.each<[name: string, body: unknown, reason: string, at?: string]>([
    ['nothing', '', 'BODY_MALFORMED'],
    ['no JSON', '{"nomor":', 'BODY_MALFORMED'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), 'BODY_MALFORMED'],
    ['a list', [stall], 'BODY_UNEXPECTED', '/ (invalid_type)'],
    ['a field of another type', { ...stall, dagangan: [] }, 'BODY_UNEXPECTED', '/dagangan (invalid_type)'],
    ['what the adapter names a failure', { dagangan: 'makanan' }, 'UPSTREAM_INVALID'],
    [
      'what breaks the contract',
      { ...stall, nik: 'KENARI' },
      'NOTICE_INVALID',
      '/keeper/nik (invalid_format)',
    ],
    ['what the adapter stumbles over when it reads', { ...stall, sakit: 'read' }, 'NOTICE_UNREADABLE'],
    ['what it stumbles over when it verifies', { ...stall, sakit: 'verify' }, 'NOTICE_UNREADABLE'],
    ['more than a mebibyte', { ...stall, nama: 'KENARI '.repeat(160_000) }, 'BODY_TOO_LARGE'],
    [
      'a nesting without end',
      `{"nomor":"1","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      'BODY_MALFORMED',
    ],
  ])('of %s is unreadable', async (_, body, reason, at) => {
    expect(await call(house, body)).toEqual(unreadable)
    expect(await counted('unreadable')).toBe(1)
    expect(logged()).toMatchObject({ outcome: 'unreadable', reason, ...(at && { at }) })
    expect((await read(house)).notices).toEqual([])
  })

  it('about a citizen is unreadable on trial, and about a synthetic person where citizens are served', async () => {
    const citizen = { ...stall, nik: '3204015508880088' }
    expect(await call(house, citizen)).toEqual(unreadable)
    expect(await counted('unreadable')).toBe(1)
    expect(logged()).toMatchObject({ outcome: 'unreadable', reason: 'IDENTITY_MISPLACED' })
    expect((await read(house)).notices).toEqual([])

    await using real = await startMarket({ identities: 'real' })
    expect(await call(real, stall)).toEqual(unreadable)
    expect(await call(real, citizen)).toEqual(stored)
    expect((await read(real)).notices).toHaveLength(1)
    expect(real.log.join('') + house.log.join('')).not.toContain(citizen.nik)
  })

  it('whose contract is assumed and not accepted is unreadable, whatever it says', async () => {
    await using house = await startMarket({ upstreams: [market({ notices: new Set(['keeper.fined']) })] })
    expect(await call(house, stall)).toEqual(unreadable)
    expect(house.log.join('')).toContain('"reason":"CONTRACT_NOT_ACCEPTED"')
    const fine = { path: '/inbound/market/denda', headers: { sandi: password } }
    expect(await call(house, { nik: stall.nik }, fine)).toEqual(stored)
  })

  it('may be as large as a record with many parts', async () => {
    expect(await call(house, { ...stall, tambahan: 'x'.repeat(900_000) })).toEqual(stored)
  })

  it('finds nobody where no agency is expected', async () => {
    for (const path of ['/inbound/market/lain', '/inbound/nobody/lapak'])
      expect(await call(house, stall, { path })).toMatchObject({
        status: 404,
        body: { code: 'ROUTE_UNKNOWN' },
      })
  })
})

it('takes no call where the upstream has no inbound block', async () => {
  const { inbound: _, ...silent } = market()
  await using house = await startMarket({ upstreams: [silent] })
  expect(await call(house, stall)).toMatchObject({ status: 404, body: { code: 'ROUTE_UNKNOWN' } })
  expect((await read(house)).notices).toEqual([])
})

describe('the day of a credential', () => {
  it("is the upstream's, wherever the mall is", async () => {
    await using house = await startMarket({ upstreams: [market({ timeZone: 'Asia/Jayapura' })] })
    house.clock.leap(12.5 * 3_600_000) // 21:30 in Jakarta, 23:30 in Jayapura
    expect(await call(house, { nomor: 1 })).toEqual(stored)
    house.clock.leap(3_600_000)
    expect(await call(house, { nomor: 2 })).toEqual(unverified)
    expect(await call(house, { nomor: 2 }, { headers: { sandi: `${password} 2026-09-22` } })).toEqual(stored)
  })
})

describe('the address of a call', () => {
  const from = (allowFrom: readonly string[]) => [market({ inbound: { allowFrom, config: { password } } })]

  it('must be one of those that are allowed; no proxy is believed unasked', async () => {
    await using house = await startMarket({ upstreams: from(['192.0.2.0/24']) })
    expect(await call(house, stall)).toEqual(unverified)
    expect(await call(house, stall, { headers: { 'x-forwarded-for': '192.0.2.1' } })).toEqual(unverified)
    expect(house.log.join('')).toContain('"reason":"ADDRESS_NOT_ALLOWED"')
    expect(house.log.join('')).not.toContain('any address')
    expect((await read(house)).notices).toEqual([])
  })

  it('is the one that a trusted proxy names', async () => {
    await using house = await startMarket({
      upstreams: from(['192.0.2.0/24']),
      trustedProxies: ['127.0.0.1'],
    })
    const through = (forwardedFor: string) =>
      call(house, stall, { headers: { 'x-forwarded-for': forwardedFor } })
    expect(await through('192.0.2.1, 198.51.100.1')).toEqual(unverified)
    expect(await through('198.51.100.1, 192.0.2.1')).toEqual(stored)
  })

  it('may be any where none is named, and the start warns of it', () => {
    expect(house.log.map(line => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ level: 40, upstream: 'market', msg: expect.stringContaining('any address') }),
    )
  })
})

describe('when the store', () => {
  const withStore = (keepNotice: Store['keepNotice']) =>
    startMarket({ wrapStore: store => ({ ...store, keepNotice }) })

  it('is away, the agency may try again', async () => {
    await using house = await withStore(() => Promise.reject(new StoreUnavailable('away')))
    expect(await call(house, stall)).toEqual(unavailable)
    expect(house.log.join('')).toContain('"reason":"STORE_UNAVAILABLE"')
  })

  it('has a fault that nobody foresaw, too: never an answer in our format', async () => {
    await using house = await withStore(() => Promise.reject(new Error('KENARI')))
    expect(await call(house, stall)).toEqual(unavailable)
    expect(house.log.join('')).toMatch(/"reason":"INTERNAL_ERROR","fault":"Error at /)
    expect(house.log.join('')).not.toMatch(birds)
  })

  it('takes its time, the agency is not answered before', async () => {
    const durable = Promise.withResolvers<boolean>()
    await using house = await withStore(() => durable.promise)
    const answer = call(house, stall)
    expect(await Promise.race([answer, setTimeout(200, 'nothing yet')])).toBe('nothing yet')
    durable.resolve(true)
    expect(await answer).toEqual(stored)
  })
})

it('keeps what it was told where nobody can read it', async () => {
  await call(house, stall)
  const [row] = await house.store.readNotices([{ upstream: 'market', notice: 'stall.opened' }], 0, 10)
  expect(
    Object.values(row!)
      .map(value => Buffer.from(String(value)).toString())
      .join(),
  ).not.toMatch(birds)
  expect(Buffer.from(row!.sealed).toString('latin1')).not.toMatch(birds)
  expect(row).toMatchObject({
    subjects: [expect.stringMatching(/^[\w-]{43}$/)],
    fingerprint: expect.stringMatching(/^[\w-]{43}$/),
  })
})
