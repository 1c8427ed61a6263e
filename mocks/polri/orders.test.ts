import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { credentials, startPolri, type Polri, type PolriOptions } from './server.ts'

const nik = '9999011501900001'
const other = '9999015203920003'
const login = { authorization: `Basic ${btoa(`${credentials.username}:${credentials.password}`)}` }

const kinds = [
  {
    kind: 'lossReport',
    path: 'spkt/laporkehilangan',
    statusPath: 'spkt/getbynoreferensi',
    order: { barang: [{ jenis: 'KTP' }] },
    number: /^SKTLK\/\d+\/[IVX]+\/\d{4}\/SPKT\/POLRES CONTOH$/,
    numberKey: 'no_laporan',
    flow: ['TERDAFTAR', 'TERBIT'],
  },
  {
    kind: 'policeRecordRequest',
    path: 'skck/daftar',
    statusPath: 'skck/getbynoreferensi',
    order: { keperluan: 'Melamar pekerjaan' },
    number: /^SKCK\/99\/\d{4}\/1\d{5}$/,
    numberKey: 'no_registrasi',
    flow: ['TERDAFTAR', 'TERBAYAR', 'PENELITIAN_CATATAN', 'SIDIK_JARI', 'TERBIT'],
  },
  {
    kind: 'drivingLicenceRenewal',
    path: 'sim/perpanjang',
    statusPath: 'sim/getbynoreferensi',
    order: { no_sim: '999999010001' },
    number: /^SIM\/99\/\d{4}\/\d{6}$/,
    numberKey: 'no_permohonan',
    flow: ['TERDAFTAR', 'TERBAYAR', 'TERBIT'],
  },
] as const

type Answer = {
  status: number
  reply: Record<string, unknown> & { Payload?: Record<string, unknown> | null }
}

let polri: Polri
const start = async (options?: PolriOptions): Promise<void> => {
  await polri.close()
  polri = await startPolri(options)
}

beforeAll(async () => {
  polri = await startPolri()
})
beforeEach(() => start())
afterEach(() => polri.clearWeather())
afterAll(() => polri.close())

async function ask(path: string, body: object): Promise<Answer> {
  const init = { method: 'POST', headers: login, body: JSON.stringify(body) }
  const response = await fetch(`${polri.url}/${path}`, init)
  return { status: response.status, reply: (await response.json()) as Answer['reply'] }
}

describe.each(kinds)('$kind', ({ kind, path, statusPath, order, number, numberKey, flow }) => {
  const place = (reference = 'r-1') => ask(path, { no_referensi: reference, nik, ...order })
  const look = (reference = 'r-1', whose = nik) => ask(statusPath, { no_referensi: reference, nik: whose })

  it('is registered under a number, and found by the reference of its sender', async () => {
    const { status, reply } = await place()
    expect({ status, reply }).toMatchObject({ status: 200, reply: { StatusCode: '00', nik } })
    expect(reply.Payload).toMatchObject({ no_referensi: 'r-1', status: 'TERDAFTAR' })
    expect(reply.Payload![numberKey]).toMatch(number)
    expect((await look()).reply.Payload).toEqual(reply.Payload)
    expect(polri.calls).toEqual({ [kind]: 1, [`${kind}Status`]: 1 })
  })

  it("is not found by another reference, nor under somebody else's NIK", async () => {
    await place()
    for (const answer of [await look('r-2'), await look('r-1', other)])
      expect(answer.reply).toMatchObject({ StatusCode: '14', Payload: null })
  })

  it('is made twice when it is asked for twice', async () => {
    await place()
    await place()
    expect(polri.orders()).toMatchObject([
      { kind, reference: 'r-1', nik },
      { kind, reference: 'r-1', nik },
    ])
    expect(new Set(polri.orders().map(order => order.number)).size).toBe(2)
  })

  it('is recognised by its reference where they are told to', async () => {
    await start({ recogniseReferences: true })
    const [first, second] = [await place(), await place()]
    expect(second.reply.Payload).toEqual(first.reply.Payload)
    expect(polri.orders()).toHaveLength(1)
  })

  it('goes on step by step, and no further', async () => {
    await place()
    for (const state of flow.slice(1)) {
      polri.steerOrder('r-1', 'advance')
      expect((await look()).reply.Payload).toMatchObject({ status: state })
    }
    expect((await look()).reply.Payload).toMatchObject({ berlaku_sampai: expect.stringMatching(/^\d{4}-/) })
    expect(() => polri.steerOrder('r-1', 'advance')).toThrow(/^act: advance, forget or one of TERDAFTAR, /)
  })

  it('is forgotten, and was done all the same', async () => {
    await place()
    polri.steerOrder(polri.orders()[0]!.number, 'forget')
    expect((await look()).reply).toMatchObject({ StatusCode: '14' })
    expect(polri.orders()).toMatchObject([{ kind, forgotten: true }])
  })

  it('comes into any state, one in no list too', async () => {
    await place()
    for (const state of ['DITOLAK', 'DIARSIPKAN']) {
      polri.steerOrder('r-1', state)
      expect((await look()).reply.Payload).toMatchObject({ status: state })
    }
  })

  it('is not found for a while, where they are that slow', async () => {
    await start({ unseenMs: 60_000 })
    await place()
    expect(polri.orders()).toHaveLength(1)
    expect((await look()).reply).toMatchObject({ StatusCode: '14' })
  })

  it('is nothing without reference, NIK and content', async () => {
    const whole = { no_referensi: 'r-1', nik, ...order }
    for (const key of Object.keys(whole))
      expect(await ask(path, { ...whole, [key]: undefined })).toEqual({
        status: 400,
        reply: { message: 'request tidak valid' },
      })
    expect(await ask(statusPath, { nik })).toMatchObject({ status: 400 })
    expect(polri.orders()).toEqual([])
  })

  it.each(['reset', 'truncated', 'lost=504'])('is done although the answer is lost: %s', async weather => {
    polri.setWeather(weather, { calls: 1 })
    await place().catch(() => undefined)
    expect(polri.orders()).toHaveLength(1)
    expect((await look()).reply.Payload).toMatchObject({ status: 'TERDAFTAR' })
  })

  it.each(['html', 'empty', '503', 'wrong-password'])(
    'is not done when it never got there: %s',
    async weather => {
      polri.setWeather(weather, { calls: 1 })
      await place().catch(() => undefined)
      expect(polri.orders()).toEqual([])
    },
  )

  it('is done, and answered as if it were another', async () => {
    polri.setWeather('mixed-up', { calls: 1 })
    expect((await place()).reply.Payload!['no_referensi']).not.toBe('r-1')
    expect(polri.orders()).toMatchObject([{ reference: 'r-1' }])
  })
})

it('hangs only after it has acted', async () => {
  polri.setWeather('hang', { calls: 1 })
  const init = {
    method: 'POST',
    headers: login,
    body: JSON.stringify({ no_referensi: 'r-1', nik, barang: [1] }),
  }
  const answer = fetch(`${polri.url}/spkt/laporkehilangan`, { ...init, signal: AbortSignal.timeout(200) })
  await expect(answer).rejects.toThrow()
  expect(polri.orders()).toHaveLength(1)
})

it('tells and takes by HTTP what a test does by hand', async () => {
  await ask('skck/daftar', { no_referensi: 'r-1', nik, keperluan: 'Melamar pekerjaan' })
  const steered = await ask('mock/order', { order: 'r-1', act: 'SIDIK_JARI' })
  expect(steered).toEqual({ status: 200, reply: { order: 'r-1', act: 'SIDIK_JARI' } })
  const shown: unknown = await (await fetch(`${polri.url}/mock/orders`)).json()
  expect(shown).toEqual(polri.orders())
  expect(shown).toMatchObject([{ kind: 'policeRecordRequest', status: 'SIDIK_JARI', reference: 'r-1' }])
  for (const [order, error] of [
    [{ order: 'r-2', act: 'advance' }, /^order: there is no such order/],
    [{ order: 'r-1', act: 'go on' }, /^act: advance, forget or one of TERDAFTAR, /],
  ] as const)
    expect(await ask('mock/order', order)).toEqual({
      status: 400,
      reply: { error: expect.stringMatching(error) },
    })
})

it('finds an application that was ordered by its registration number too', async () => {
  const { reply } = await ask('skck/daftar', { no_referensi: 'r-1', nik, keperluan: 'Melamar pekerjaan' })
  const found = await ask('skck/getbynoregistrasi', { no_registrasi: reply.Payload!['no_registrasi'], nik })
  expect(found.reply.Payload).toMatchObject({ status: 'TERDAFTAR', jumlah: 30_000 })
})

it.each([
  ['999999010002', other, 'SIM KEDALUWARSA, HARUS DIBUAT BARU'],
  ['999999010003', '9999012104650011', 'SIM DICABUT'],
])('does not renew %s: %s', async (no_sim, nik, alasan) => {
  const { reply } = await ask('sim/perpanjang', { no_referensi: 'r-1', nik, no_sim })
  expect(reply.Payload).toMatchObject({ status: 'DITOLAK', alasan })
})

it("knows no licence under somebody else's NIK", async () => {
  const { reply } = await ask('sim/perpanjang', { no_referensi: 'r-1', nik: other, no_sim: '999999010001' })
  expect(reply).toMatchObject({ StatusCode: '14', Payload: null })
  expect(polri.orders()).toEqual([])
})
