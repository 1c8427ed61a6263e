import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyChain } from '#gateway/ledger/chain.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { as, type HeaderChanges, type House, ledgerKey } from '#gateway/testing/house.ts'
import { call, market, mayRead, read, standing, startMarket } from './calling.ts'
import { password, withoutStalls } from './toy-agency.ts'

const nik = '9999011501900001'
const stall = (nomor: number) => ({ nomor, dagangan: 'makanan', nik, nama: 'WARGA CONTOH SATU' })
const fine = (house: House, more: object = {}) =>
  call(house, { nik, ...more }, { path: '/inbound/market/denda', headers: { sandi: password } })

let house: House
beforeEach(async () => {
  house = await startMarket()
})
afterEach(() => house.close())

const ledgerOf = async ({ store }: House) => {
  const rows = await store.readLedger(0, 1_000)
  expect(verifyChain(ledgerKey, rows)).toMatchObject({ ok: true })
  return rows.map(({ id, content }) => ({ id, content: JSON.parse(content!) as unknown }))
}

describe('a member reads', () => {
  it('what is public without context and agreement, and nobody notes it', async () => {
    await call(house, stall(12))
    await fine(house)
    for (const member of ['front-office', 'health-desk'] as const) {
      const { notices } = await read(house, '', {}, member)
      expect(notices).toEqual([
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          type: 'stall.opened',
          source: 'market',
          receivedAt: '2026-09-21T02:00:00.000Z',
          data: { number: '12', goods: { code: 'food', text: 'makanan' } },
          withheld: ['/keeper/nik', '/keeper/fullName'],
          warnings: [],
          auditId: null,
        },
      ])
    }
    expect(await ledgerOf(house)).toEqual([])
  })

  it('what its agreement grants for the purpose, each release in the ledger before it leaves', async () => {
    await call(house, stall(12))
    await fine(house)
    const { notices } = await read(house, '', standing)
    expect(notices).toMatchObject([
      {
        type: 'stall.opened',
        data: { number: '12', keeper: { fullName: 'WARGA CONTOH SATU' } },
        withheld: ['/keeper/nik'],
      },
      { type: 'keeper.fined', data: { nik }, withheld: [] },
    ])
    const common = {
      kind: 'notice',
      member: 'front-office',
      key: 'test',
      counter: 'A-03',
      officer: 'o-7f3a',
      identity: 'asserted',
      purpose: 'stall.permit',
      subjects: [expect.stringMatching(/^[\w-]{43}$/)],
      outcome: 'released',
      upstream: 'market',
      agreement: 'pks-front-office-market',
      agreementVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
    }
    const [first, second] = notices
    const ledger = await ledgerOf(house)
    expect(ledger).toHaveLength(2)
    expect(ledger).toEqual(
      expect.arrayContaining([
        {
          id: first!.auditId,
          content: {
            ...common,
            capability: 'stall.opened',
            notice: first!.id,
            elements: ['/number', '/goods', '/keeper/fullName'],
          },
        },
        {
          id: second!.auditId,
          content: { ...common, capability: 'keeper.fined', notice: second!.id, elements: ['/nik'] },
        },
      ]),
    )
  })

  it('under no agreement, or for another purpose, only what is public, and learns what is withheld', async () => {
    await call(house, stall(12))
    await fine(house)
    const other = { ...standing, 'mpp-purpose': 'other' }
    for (const { notices } of [await read(house, '', standing, 'health-desk'), await read(house, '', other)])
      expect(notices).toMatchObject([
        { type: 'stall.opened', withheld: ['/keeper/nik', '/keeper/fullName'], auditId: null },
      ])
    expect(await ledgerOf(house)).toEqual([])
  })

  it('nothing of a kind that it may see nothing of: it takes no place on a page', async () => {
    await fine(house)
    await call(house, { nomor: 1 })
    expect((await read(house, '?limit=1')).notices).toMatchObject([{ data: { number: '1' } }])
  })

  it('nothing of a notice that holds nothing for it, and goes on behind it', async () => {
    await using house = await startMarket({ agreements: [mayRead({ member: 'health-desk' })] })
    await fine(house)
    await fine(house, { nama: 'WARGA CONTOH SATU' })
    const first = await read(house, '?limit=1', standing, 'health-desk')
    expect(first.notices).toEqual([])
    const second = await read(house, `?limit=1&cursor=${first.cursor}`, standing, 'health-desk')
    expect(second.notices).toMatchObject([
      { data: { fullName: 'WARGA CONTOH SATU' }, withheld: ['/nik'], auditId: expect.any(String) },
    ])
    expect(await ledgerOf(house)).toHaveLength(1)
  })

  it('a code that no list knows with a warning', async () => {
    await call(house, { nomor: 12, dagangan: 'obat nyamuk' })
    expect((await read(house)).notices).toMatchObject([
      {
        data: { goods: { code: 'unknown', text: 'obat nyamuk' } },
        warnings: [{ code: 'CODE_UNKNOWN', path: '/goods' }],
      },
    ])
  })

  it('of each upstream on its own', async () => {
    await using house = await startMarket({
      upstreams: [market(), market({ id: 'market-two' })],
      agreements: [mayRead({ upstream: 'market-two' })],
    })
    await call(house, stall(1))
    await call(house, stall(1), { path: '/inbound/market-two/lapak' })
    const { notices } = await read(house, '', standing)
    expect(notices.map(({ source, data }) => [source, 'keeper' in data])).toEqual([
      ['market', false],
      ['market-two', true],
    ])
  })
})

describe('a cursor', () => {
  it('leads through all notices in order, none skipped and none twice, while more arrive', async () => {
    const numbers = Array.from({ length: 12 }, (_, number) => number)
    for (const number of numbers.slice(0, 5)) await call(house, { nomor: number })
    const seen: unknown[] = []
    let cursor: string | undefined
    for (const number of numbers.slice(5)) {
      await call(house, { nomor: number })
      const page = await read(house, `?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...page.notices.map(({ data }) => Number(data['number'])))
      cursor = page.cursor
    }
    expect(seen).toEqual(numbers)

    const end = await read(house, `?cursor=${cursor}`)
    expect(end).toEqual({ notices: [], cursor })
    await call(house, { nomor: 99 })
    expect((await read(house, `?cursor=${cursor}`)).notices).toMatchObject([{ data: { number: '99' } }])
  })

  it('comes with an empty mailbox as well, and is good for later', async () => {
    const { notices, cursor } = await read(house)
    expect(notices).toEqual([])
    await call(house, { nomor: 1 })
    expect((await read(house, `?cursor=${cursor}`)).notices).toHaveLength(1)
  })
})

describe('a page', () => {
  it('holds fifty notices unless told', async () => {
    await Promise.all(Array.from({ length: 101 }, (_, nomor) => call(house, { nomor })))
    expect((await read(house)).notices).toHaveLength(50)
    expect((await read(house, '?limit=100')).notices).toHaveLength(100)
  })

  it.each([
    ['limit=0', ['limit']],
    ['limit=101', ['limit']],
    ['limit=ten', ['limit']],
    ['limit=', ['limit']],
    ['limit=1.5', ['limit']],
    ['limit=1&limit=2', ['limit']],
    ['cursor=', ['cursor']],
    ['cursor=12', ['cursor']],
    [`cursor=${Buffer.from('notices 007').toString('base64url')}`, ['cursor']],
    [`cursor=${Buffer.from('notices -1').toString('base64url')}`, ['cursor']],
    ['cursor=x&limit=x&after=x', ['cursor', 'limit', 'after']],
  ])('asked for with %s is refused, and every parameter is named', async (query, parameters) => {
    const { body } = await house.get(`/v1/notices?${query}`)
    expect(body).toMatchObject({ status: 422, code: 'INPUT_INVALID', source: 'gateway' })
    expect(body.errors?.map(({ parameter }) => parameter)).toEqual(parameters)
  })
})

describe('is refused', () => {
  const refusal = async (changes: HeaderChanges) =>
    (await house.get('/v1/notices', { ...as('front-office'), ...changes })).body

  it('who is unknown', async () => {
    expect(await refusal({ authorization: undefined })).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('who says half of where, who and why; a case is not asked for', async () => {
    const body = await refusal({ 'mpp-purpose': 'stall.permit', 'mpp-officer': nik })
    expect(body).toMatchObject({ status: 422, code: 'CONTEXT_MISSING' })
    expect(body.errors?.map(({ header }) => header)).toEqual(['Mpp-Counter', 'Mpp-Officer'])
  })

  it('and all of that is on record where it was said where, who or why', async () => {
    const half = await refusal({ 'mpp-purpose': 'stall.permit', 'mpp-officer': nik })
    const wrongPage = await house.get('/v1/notices?limit=0', { ...as('front-office'), ...standing })
    const nameless = await house.get('/v1/notices?limit=0')
    const asked = {
      kind: 'refusal',
      capability: 'notices',
      member: 'front-office',
      key: 'test',
      subjects: [],
    }
    const gateway = { source: 'gateway', sent: 'no' }
    expect(await ledgerOf(house)).toEqual([
      {
        id: half.auditId,
        content: { ...asked, purpose: 'stall.permit', outcome: 'CONTEXT_MISSING', ...gateway },
      },
      {
        id: wrongPage.body.auditId,
        content: {
          ...asked,
          purpose: 'stall.permit',
          counter: 'A-03',
          officer: 'o-7f3a',
          identity: 'asserted',
          outcome: 'INPUT_INVALID',
          ...gateway,
        },
      },
    ])
    expect(nameless.body.auditId).toBeNull()
  })

  it('personal data without evidence', async () => {
    await using house = await startMarket({
      wrapStore: store => ({ ...store, appendLedger: () => Promise.reject(new StoreUnavailable('away')) }),
    })
    await call(house, stall(12))
    const answer = await house.get('/v1/notices', { ...as('front-office'), ...standing })
    expect(answer.body).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' })
    expect(answer.text).not.toContain('WARGA')
    expect((await read(house)).notices).toHaveLength(1) // what is public needs none
  })

  it('who reads while the store is away', async () => {
    await using house = await startMarket({
      wrapStore: store => ({ ...store, readNotices: () => Promise.reject(new StoreUnavailable('away')) }),
    })
    expect((await house.get('/v1/notices')).body).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' })
  })
})

it('names the reason where nothing at all may be shown, and the refusal is on record', async () => {
  await using house = await startMarket({ upstreams: [market({ adapter: withoutStalls })] })
  const denied = (changes: HeaderChanges, member: 'front-office' | 'health-desk' = 'front-office') =>
    house.get('/v1/notices', { ...as(member), ...standing, ...changes })
  expect((await denied({}, 'health-desk')).body).toMatchObject({
    status: 403,
    code: 'NOT_GRANTED',
    reason: 'AGREEMENT_MISSING',
  })
  const { body } = await denied({ 'mpp-purpose': 'other' })
  expect(body).toMatchObject({ reason: 'PURPOSE_NOT_GRANTED' })
  expect((await ledgerOf(house)).at(-1)).toMatchObject({
    id: body.auditId,
    content: {
      kind: 'refusal',
      outcome: 'NOT_GRANTED',
      reason: 'PURPOSE_NOT_GRANTED',
      member: 'front-office',
      purpose: 'other',
    },
  })
  expect((await read(house)).notices).toEqual([])
})
