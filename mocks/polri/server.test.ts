import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { vehicles } from './vehicles.ts'
import { credentials, startPolri, type Polri } from './server.ts'

const nik = '9999011501900001'

let polri: Polri

beforeAll(async () => {
  polri = await startPolri()
})
afterAll(() => polri.close())
beforeEach(() => polri.clearWeather())

describe('the door', () => {
  it.each([
    ['no credentials', undefined],
    ['another password', `Basic ${btoa(`${credentials.username}:salah`)}`],
    ['another user', `Basic ${btoa(`siapa:${credentials.password}`)}`],
    ['another scheme', `Bearer ${btoa(`${credentials.username}:${credentials.password}`)}`],
  ])('is shut to %s', async (_, authorization) => {
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await ask('korlantas/getbynopol', { nopol: 'X 1234 ABC' }, headers)
    expect(answer).toEqual({ status: 401, reply: { message: 'Unauthorized' } })
  })

  it('is not found at an unknown path, and not for GET', async () => {
    expect((await fetch(`${polri.url}/korlantas/getbynoka`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${polri.url}/korlantas/getbynopol`)).status).toBe(405)
  })
})

describe('vehicles', () => {
  it('answers an array of one, under the keys of Korlantas', async () => {
    const { status, reply } = await ask('korlantas/getbynopol', { nopol: 'X 1234 ABC' })
    expect(status).toBe(200)
    expect(reply).toEqual([
      {
        STATUS: '1',
        Merk: 'MEREK CONTOH',
        Type: 'CONTOH 150 AT',
        TahunPembuatan: '2019',
        IsiCylinder: '150.00',
        Warna: 'HITAM',
        KodeJenisKendaraan: 'R',
        KodeModelKendaraan: 'R01',
        KodeKabKota: '9901',
        KodePolda: '99',
        KodeTNKB: '1',
        NIK: nik,
        JenisKendaraan: 'SEPEDA MOTOR',
        ModelKendaraan: 'SEPEDA MOTOR SOLO',
        KabKota: 'KABUPATEN CONTOH',
        Polda: 'POLDA CONTOH',
        WarnaTNKB: 'PUTIH',
        Keterangan: '',
      },
    ])
  })

  it.each(vehicles)('knows $plate: $shows', async ({ plate }) => {
    expect((await ask('korlantas/getbynopol', { nopol: plate })).reply).toMatchObject([{ STATUS: '1' }])
  })

  it('does not find any other, with HTTP 200', async () => {
    expect(await ask('korlantas/getbynopol', { nopol: 'X 9999 ZZZ' })).toEqual({
      status: 200,
      reply: [{ STATUS: '0', DESKRIPSI: expect.stringMatching(/^NRKB TIDAK DITEMUKAN DALAM DATABASE KAMI/) }],
    })
  })

  it.each(['X1234ABC', 'x 1234 abc', 'X 0123 ABC', '1234', '', undefined, 1234])(
    'finds %o no plate',
    async nopol => {
      expect(await ask('korlantas/getbynopol', { nopol })).toEqual({
        status: 400,
        reply: { message: 'nopol tidak valid, contoh nopol: X 1234 ABC' },
      })
    },
  )
})

describe('the proxy of the population registry', () => {
  it("passes its row on as it is, numbers exact, in the envelope of the police's own", async () => {
    const text = await textOf('dukcapil/getbynik2', { nik })
    expect(text).toContain(`"Payload":{"content":[{"NIK":${nik},"NO_KK":9999010101200001,`)
    expect(JSON.parse(text)).toEqual({
      StatusDesc: 'Success',
      Payload: expect.objectContaining({ totalElements: 1 }),
      StatusCode: '00',
      trace_id: expect.stringMatching(/^[\da-f-]{36}$/),
      nik,
      waktu_akses: expect.stringMatching(/^\d{8} \d\d:\d\d:\d\d\.\d{3}$/),
    })
  })

  it('keeps the photo back', async () => {
    const text = await textOf('dukcapil/getbynik2', { nik: '9999012112700079' })
    expect(text).toContain('"NIK":9999012112700079')
    expect(text).not.toContain('"FOTO"')
  })

  it.each([
    ['9999011501909999', 'Data Tidak Ditemukan'],
    ['3275011501900001', 'Data Tidak Ditemukan'],
    ['9999013002900001', 'Data Tidak Ditemukan'],
    ['9999010202450021', 'Data Ditemukan, Meninggal Dunia'],
  ])('passes its refusal of %s on, with HTTP 200: %s', async (nik, RESPON) => {
    const { status, reply } = await ask('dukcapil/getbynik2', { nik })
    expect(status).toBe(200)
    expect(reply).toMatchObject({ StatusCode: '00', nik, Payload: { content: [{ RESPON }] } })
  })

  it('refuses what is no NIK', async () => {
    const refused = { status: 400, reply: { message: 'request tidak valid' } }
    expect(await ask('dukcapil/getbynik2', { nik: '99990115' })).toEqual(refused)
    expect(await ask('dukcapil/getbynik2', {})).toEqual(refused)
  })
})

const miss = { StatusDesc: 'Data Tidak Ditemukan', Payload: null, StatusCode: '14' }

describe('driving licences', () => {
  it('are issued to people of the population registry', async () => {
    expect(await ask('sim/getbynosim', { no_sim: '999999010001', nik })).toMatchObject({
      status: 200,
      reply: {
        StatusCode: '00',
        nik,
        Payload: {
          golongan: 'C',
          nama: 'WARGA CONTOH SATU',
          tgl_lahir: '1990-01-15',
          tgl_terbit: '2024-03-04',
          berlaku_sampai: '2029-03-04',
          satpas: 'SATPAS CONTOH',
          status: 'AKTIF',
        },
      },
    })
  })

  it.each([
    { no_sim: '999999019999', nik },
    { no_sim: '999999010001', nik: '9999015203920003' },
  ])('%o is not found, with HTTP 200', async question => {
    expect(await ask('sim/getbynosim', question)).toMatchObject({ status: 200, reply: miss })
  })

  it('asks for number and NIK', async () => {
    expect((await ask('sim/getbynosim', { nik })).status).toBe(400)
  })
})

describe('police record applications', () => {
  const question = { no_registrasi: 'SKCK/99/2026/000001', nik }

  it('tell what was found once somebody has looked', async () => {
    const waiting = await ask('skck/getbynoregistrasi', question)
    expect(waiting.reply).toMatchObject({
      StatusCode: '00',
      Payload: { status: 'TERDAFTAR', jumlah: 30_000, no_skck: null, catatan: null },
    })
    const [no_registrasi, theirs] = ['SKCK/99/2026/000003', '9999012104650011']
    const lookedUp = await ask('skck/getbynoregistrasi', { no_registrasi, nik: theirs })
    expect(lookedUp.reply).toMatchObject({ Payload: { status: 'SIDIK_JARI', catatan: 'ADA' } })
  })

  it("are not found under somebody else's NIK, with HTTP 200", async () => {
    const answer = await ask('skck/getbynoregistrasi', { ...question, nik: '9999015203920003' })
    expect(answer).toMatchObject({ status: 200, reply: miss })
  })

  it('go on when they are told to', async () => {
    const own = await startPolri()
    try {
      const order = { registrationNumber: 'SKCK/99/2026/000001', status: 'TERBIT' }
      expect(await steer(own, order)).toEqual({ status: 200, reply: order })
      const { reply } = await ask('skck/getbynoregistrasi', question, undefined, own)
      const day = expect.stringMatching(/^\d{4}-\d\d-\d\d$/)
      expect(reply).toMatchObject({
        Payload: { status: 'TERBIT', no_skck: expect.any(String), tgl_terbit: day, berlaku_sampai: day },
      })
      own.setPoliceRecord('SKCK/99/2026/000001', 'KEDALUWARSA')
      const later = await ask('skck/getbynoregistrasi', question, undefined, own)
      expect(later.reply).toMatchObject({ Payload: { status: 'KEDALUWARSA' } })
    } finally {
      await own.close()
    }
  })

  it.each([
    [{ registrationNumber: 'SKCK/99/2026/000001', status: 'HILANG' }, /^status: one of TERDAFTAR, /],
    [{ registrationNumber: 'SKCK/0', status: 'TERBIT' }, /^registrationNumber: there is no such/],
    [null, /^status/],
  ])('refuse the order %o', async (order, error) => {
    expect(await steer(polri, order)).toEqual({
      status: 400,
      reply: { error: expect.stringMatching(error) },
    })
  })
})

describe('weather of its own', () => {
  it('refuses right credentials', async () => {
    polri.setWeather('wrong-password')
    expect((await ask('dukcapil/getbynik2', { nik })).status).toBe(401)
  })

  it.each([
    ['registry-login', 'Login Gagal'],
    ['registry-ip', 'IP Address Tidak Sesuai'],
    ['registry-quota', 'Kuota Akses Hari ini telah Habis'],
  ])('%s: the registry tells the police "%s", and vehicles know nothing of it', async (weather, RESPON) => {
    polri.setWeather(weather)
    const { status, reply } = await ask('dukcapil/getbynik2', { nik })
    expect({ status, reply }).toMatchObject({ status: 200, reply: { Payload: { content: [{ RESPON }] } } })
    const vehicle = await ask('korlantas/getbynopol', { nopol: 'X 1234 ABC' })
    expect(vehicle.reply).toMatchObject([{ STATUS: '1' }])
  })
})

it('counts its calls by method', async () => {
  const own = await startPolri()
  try {
    await ask('korlantas/getbynopol', { nopol: 'X 1 AA' }, undefined, own)
    await ask('dukcapil/getbynik2', { nik }, undefined, own)
    expect(own.calls).toEqual({ vehicle: 1, resident: 1 })
  } finally {
    await own.close()
  }
})

const login = { authorization: `Basic ${btoa(`${credentials.username}:${credentials.password}`)}` }

async function post(
  path: string,
  question: unknown,
  headers: Record<string, string> = login,
  { url } = polri,
): Promise<Response> {
  return fetch(`${url}/${path}`, { method: 'POST', headers, body: JSON.stringify(question) })
}

async function textOf(path: string, question: object): Promise<string> {
  return (await post(path, question)).text()
}

async function ask(...asked: Parameters<typeof post>): Promise<{ status: number; reply: unknown }> {
  const response = await post(...asked)
  return { status: response.status, reply: await response.json() }
}

const steer = (agency: Polri, order: unknown) => ask('mock/police-record', order, {}, agency)
