import { describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

const nik = '9999011501900001'
const dayMs = 24 * 60 * 60_000

interface AccessLog {
  readonly request: { readonly dueAt: string }
  readonly accesses: readonly {
    readonly organisation: string
    readonly purpose: string
    readonly at: string
  }[]
  readonly cursor: string | null
  readonly notice: string
  readonly auditId: string
}

const auditor = { ...as('inspection'), 'mpp-case': undefined, 'mpp-officer': 'inspector-1' }

async function askLog(house: House, changes: object = {}, headers: Record<string, string | undefined> = {}) {
  const receivedAt = new Date(house.clock.now() - dayMs).toISOString()
  const body = { nik, request: { reference: 'PDP/2026/0007', receivedAt }, ...changes }
  const reply = await house.ask('/v1/subjects/access-log', body, { ...auditor, ...headers })
  return { ...reply, log: reply.body as unknown as AccessLog }
}

const lookup = (house: House, elements: string, headers = {}) =>
  house.ask('/v1/residents/lookup', { nik }, { 'mpp-elements': elements, ...headers })

const reload = (house: House) =>
  house.ask('/v1/operator/reload', {}, { ...as('operations'), 'mpp-case': undefined })

const exempt = agreement({ member: 'health-desk', exemptFromAccessLog: true })

describe('who looked at me', () => {
  it('tells organisation, purpose, time, source and elements in plain words; officer and counter stay in the ledger', async () => {
    await using house = await startHouse()
    await lookup(house, '/fullName, /birthDate')
    const at = new Date(house.clock.now()).toISOString()
    await house.ask('/v1/residents/lookup', { nik: '9999011501909999' }) // about nobody
    await lookup(house, '/fullName', { 'mpp-purpose': 'other' }) // refused: nothing was shown
    house.clock.leap(1_000)

    const { status, log, text } = await askLog(house, {}, { 'accept-language': 'en' })
    expect(status).toBe(200)
    expect(log.accesses).toEqual([
      {
        at,
        organisation: 'front-office',
        purpose: 'New police record certificate (SKCK)',
        source: 'Population registry',
        elements: ['Full name', 'Date of birth'],
        act: 'seen',
        actText: 'Data was seen',
      },
    ])
    expect(log.cursor).toBeNull()
    expect(log.notice).toContain('may be left out')
    expect(Date.parse(log.request.dueAt)).toBe(house.clock.now() - dayMs + 3 * dayMs)
    expect(text).not.toMatch(/A-03|o-7f3a/)
    expect((await askLog(house)).text).toContain('Nama lengkap')
  })

  it('is itself on record before it is answered, and is told the next time', async () => {
    await using house = await startHouse()
    const { log } = await askLog(house)
    const [row] = await house.store.readLedger(0, 10)
    expect(row!.id).toBe(log.auditId)
    expect(JSON.parse(row!.content!)).toEqual({
      kind: 'audit',
      act: 'subject.access-log',
      member: 'inspection',
      key: 'test',
      officer: 'inspector-1',
      identity: 'asserted',
      reference: 'PDP/2026/0007',
      since: house.clock.now() - dayMs,
      subjects: [expect.stringMatching(/^[\w-]{43}$/)],
    })
    house.clock.leap(1)
    expect((await askLog(house)).log.accesses).toMatchObject([
      { organisation: 'inspection', purpose: 'audit' },
    ])
  })

  it('comes page by page, of the ledger as the first page found it', async () => {
    await using house = await startHouse()
    for (const purpose of ['skck.new', 'skck.renewal', 'skck.new'])
      await lookup(house, '/fullName', { 'mpp-purpose': purpose })
    house.clock.leap(1)
    const first = await askLog(house, { limit: 2 })
    expect(first.log.accesses.map(({ purpose }) => purpose)).toEqual(['SKCK baru', 'Perpanjangan SKCK'])
    house.clock.leap(1)
    await lookup(house, '/fullName')
    const second = await askLog(house, { limit: 2, cursor: first.log.cursor })
    expect(second.log.accesses.map(({ purpose }) => purpose)).toEqual(['SKCK baru'])
    expect(second.log.cursor).toBeNull()
  })

  it('tells of nothing that the law exempts, and nothing tells that it does', async () => {
    const ask = async (house: House, member: 'front-office' | 'health-desk') => {
      for (let time = 0; time < 3; time += 1) await lookup(house, '/fullName', as(member))
      await lookup(house, '/fullName')
      for (let time = 0; time < 3; time += 1) await lookup(house, '/fullName', as(member))
      house.clock.leap(1)
      return askLog(house, { limit: 1 })
    }
    await using house = await startHouse({ agreements: [agreement(), exempt] })
    await using quiet = await startHouse({ agreements: [agreement(), exempt] })
    const withExempt = await ask(house, 'health-desk')
    await lookup(quiet, '/fullName')
    quiet.clock.leap(1)
    const without = await askLog(quiet, { limit: 1 })
    const { auditId: _, ...told } = withExempt.log
    const { auditId: __, ...toldWithout } = without.log
    expect(told).toEqual(toldWithout) // no further page either
    expect(told.accesses).toHaveLength(1)
    expect(told.cursor).toBeNull()
  })

  it('leaves exempt what was exempt when it happened', async () => {
    let exemption = exempt
    await using house = await startHouse({
      agreements: [agreement(), exempt],
      readAgreements: () => [agreement(), exemption],
    })
    await lookup(house, '/fullName', as('health-desk'))
    exemption = { ...exempt, exemptFromAccessLog: false }
    expect((await reload(house)).status).toBe(200)
    house.clock.leap(1)
    expect((await askLog(house)).log.accesses).toEqual([])
  })

  it('leaves out what was exempt when its agreement has left, also where the row does not say so itself', async () => {
    let agreements = [agreement(), exempt]
    await using house = await startHouse({ agreements, readAgreements: () => agreements })
    await lookup(house, '/fullName', as('health-desk'))
    const [row] = await house.store.readLedger(0, 1)
    const { exempt: flag, agreementVersion, ...early } = JSON.parse(row!.content!) as Record<string, unknown>
    expect(flag).toBe(true)
    const at = house.clock.now()
    const ids = ['01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002'] as const
    await house.store.appendLedger({ id: ids[0], at, content: { ...early, agreementVersion } })
    await house.store.appendLedger({ id: ids[1], at, content: early })
    agreements = [agreement()]
    expect((await reload(house)).status).toBe(200)
    house.clock.leap(1)
    expect((await askLog(house)).log.accesses).toEqual([])
  })

  it('goes on telling what was told before its agreement became exempt', async () => {
    let agreements = [agreement(), { ...exempt, exemptFromAccessLog: false }]
    await using house = await startHouse({ agreements, readAgreements: () => agreements })
    await lookup(house, '/fullName', as('health-desk'))
    agreements = [agreement(), exempt]
    expect((await reload(house)).status).toBe(200)
    await lookup(house, '/birthDate', as('health-desk'))
    house.clock.leap(1)
    expect((await askLog(house)).log.accesses).toMatchObject([
      { organisation: 'health-desk', elements: ['Nama lengkap'] },
    ])
  })

  it('keeps its pace also when it fails', async () => {
    let isAway = false
    await using house = await startHouse({
      wrapStore: store => ({
        ...store,
        findLedger: (...search) =>
          isAway ? Promise.reject(new StoreUnavailable('away')) : store.findLedger(...search),
      }),
    })
    isAway = true
    const startedAt = performance.now()
    expect((await askLog(house)).body.code).toBe('STORE_UNAVAILABLE')
    expect(performance.now() - startedAt).toBeGreaterThan(249)
  })

  it('comes as CSV for the person who asked', async () => {
    await using house = await startHouse()
    await lookup(house, '/fullName')
    house.clock.leap(1)
    const { text, headers } = await askLog(house, {}, { accept: 'text/csv' })
    expect(headers.get('content-type')).toContain('text/csv')
    expect(headers.get('mpp-due-at')).toMatch(/Z$/)
    const [heading, line, notice] = text.trimEnd().split('\r\n')
    expect(heading).toBe('Waktu,Instansi pengakses,Keperluan,Sumber data,Data yang dilihat,Yang dilakukan')
    expect(line).toMatch(
      /Z,front-office,SKCK baru,Ditjen Kependudukan dan Pencatatan Sipil,Nama lengkap,Data dilihat$/,
    )
    expect(notice).toContain('dikecualikan')
  })

  it.each([
    ['no NIK', { nik: '1' }, {}, 'INPUT_INVALID'],
    ['a NIK that is not synthetic, on trial', { nik: '3204011501900001' }, {}, 'INPUT_INVALID'],
    [
      'a request from the future',
      { request: { reference: 'a', receivedAt: '2099-01-01T00:00:00Z' } },
      {},
      'INPUT_INVALID',
    ],
    [
      'a reference that may name somebody',
      { request: { reference: nik, receivedAt: '2026-01-01T00:00:00Z' } },
      {},
      'INPUT_INVALID',
    ],
    ['a cursor that nobody gave out', { cursor: 'bGVkZ2Vy' }, {}, 'INPUT_INVALID'],
    ['nobody who asks', {}, { 'mpp-officer': undefined }, 'CONTEXT_MISSING'],
    ['a member', {}, as('front-office'), 'NOT_GRANTED'],
  ])('refuses %s', async (_, changes, headers, code) => {
    await using house = await startHouse()
    const { body } = await askLog(house, changes, headers)
    expect(body.code).toBe(code)
  })
})
