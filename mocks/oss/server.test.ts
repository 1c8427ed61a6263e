import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { credentials, startOss, type Oss } from './server.ts'
import { usahaContoh } from './usaha-contoh.ts'

const nib = '9999900000001'
const licence = 'I-2026010508000000000001'
const project = 'R-2026010508000000000001'
const unknownNib = '9999900000009'

let oss: Oss

beforeAll(async () => {
  oss = await startOss()
})
afterAll(() => oss.close())
beforeEach(() => {
  oss.clearWeather()
  oss.resetRegister()
})

describe('inqueryNIB', () => {
  it('gives the whole dataNIB, its slips included', async () => {
    const { response, text } = await ask('inqueryNIB', { INQUERYNIB: { nib } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(text).toBe(
      `{"responinqueryNIB":{"kode":200,"keterangan":"Sukses","dataNIB":${JSON.stringify(usahaContoh)}}}`,
    )
    expect(text).toContain('"tipe_dokumen ":')
    expect(text).toContain('"nm_ dokumen":')
  })

  it('has every key for every business', async () => {
    for (const other of ['9999900000002', '9999900000003', '9999900000005', '9999900000006'])
      expect(Object.keys(await dataNib(other))).toEqual(Object.keys(usahaContoh))
  })

  it.each([
    [{ npwp: '0999900000999000' }, nib],
    [{ npwp: '9999014611830045' }, '9999900000002'],
    [{ nib, oss_id: 'P02-202601050800000000001' }, nib],
  ])('%o finds %s', async (question, found) => {
    const { body } = await ask('inqueryNIB', { INQUERYNIB: question })
    expect(body).toMatchObject({ responinqueryNIB: { kode: 200, dataNIB: { nib: found } } })
  })

  it.each([
    [{ nib: unknownNib }, 'Data NIB tidak ditemukan'],
    [{ npwp: '0990000000999009' }, 'Data NIB tidak ditemukan'],
    [{ nib, oss_id: 'P02-202601050800000000002' }, 'Data NIB tidak ditemukan'],
    [{ nib: '999990000000' }, 'Data Parameter Salah'],
    [{ npwp: '999900000999000' }, 'Data Parameter Salah'],
    [{}, 'Data Parameter Salah'],
  ])('%o: %s, with an array for nobody', async (question, keterangan) => {
    const { body } = await ask('inqueryNIB', { INQUERYNIB: question })
    expect(body).toEqual({ responinqueryNIB: { kode: 400, keterangan, dataNIB: [] } })
  })
})

describe('checkNIB', () => {
  it.each([
    [nib, '01'],
    ['9999900000003', '02'],
    ['9999900000005', '05'],
    ['9999900000006', '06'],
  ])('%s has the status %s', async (who, status) => {
    expect((await ask('checkNIB', { CHECKNIB: { nib: who } })).body).toEqual({
      responcheckNIB: {
        kode: 200,
        keterangan: 'Sukses',
        dataNIB: { nib: who, nama_perusahaan: (await dataNib(who))['nama_perseroan'], status },
      },
    })
  })

  it('has empty texts for nobody', async () => {
    expect((await ask('checkNIB', { CHECKNIB: { nib: unknownNib } })).text).toBe(
      '{"responcheckNIB":{"kode":400,"keterangan":"Data NIB tidak ditemukan",' +
        '"dataNIB":{"nib":"","nama_perusahaan":"","status":""}}}',
    )
  })
})

it('fetchNIB lists the licences of each project under its activity, and names the field that is missing', async () => {
  expect((await ask('fetchNIB', { FETCHNIB: { nib } })).body).toMatchObject({
    responfetchNIB: {
      kode: 200,
      dataNIB: {
        _id: expect.stringMatching(/^\d{24}$/),
        nib,
        jenis_perusahaan: '01',
        data_proyek: [
          { id_proyek: project, kbli: [{ kbli: '56101', id_izin: licence }, { jenis_perizinan: 'K03' }] },
          { kbli: [{ kbli: 47111, no_izin: null }] },
        ],
      },
      meta: null,
    },
  })
  expect((await ask('fetchNIB', { FETCHNIB: {} })).text).toBe(
    '{"responfetchNIB":{"kode":400,"keterangan":"parameter tidak ditemukan","dataNIB":null,' +
      '"meta":[{"message":"nib is required","field":"nib"}]}}',
  )
})

it('inqueryLicense has words of its own, and documents only on request', async () => {
  const bare = await ask('inqueryLicense', { INQUERYLICENSE: { id_izin: licence } })
  expect(bare.body).toMatchObject({
    dataLicense: {
      success: true,
      code: 200,
      message: 'Berhasil mendapatkan data izin',
      data: {
        oss_id: 'P02-202601050800000000001',
        id_izin: licence,
        data_proyek: [{ id_proyek: project }],
        data_checklist: [{ id_izin: licence, jenis_izin: '04' }],
      },
      meta: null,
    },
  })
  expect(bare.text).not.toContain('data_persyaratan')
  const whole = await ask('inqueryLicense', { INQUERYLICENSE: { id_izin: licence, data_persyaratan: true } })
  expect(whole.text).toContain('"data_persyaratan":[{"id_syarat":"1"')

  expect((await ask('inqueryLicense', { INQUERYLICENSE: { id_izin: 'I-9' } })).body).toEqual({
    dataLicense: {
      code: 400,
      message: 'Data izin tidak ditemukan',
      success: false,
      data: null,
      meta: null,
    },
  })
})

it('inqueryProyek has no wrapper, neither in the question nor in the answer', async () => {
  expect((await ask('inqueryProyek', { nib, id_proyek: project, kbli: 56101 })).body).toMatchObject({
    kode_status: 200,
    keterangan: 'sukses',
    data: {
      nama_perusahaan: 'USAHA CONTOH',
      npwp_perusahaan: '999900000999000',
      data_proyek: [{ id_proyek: project, jumlah_investasi: 300000000 }],
    },
  })
  expect((await ask('inqueryProyek', { nib, id_proyek: project, kbli: '47111' })).body).toMatchObject({
    kode_status: 400,
    data: null,
  })
  expect((await ask('inqueryProyek', {})).text).toBe(
    '{"kode_status":400,"keterangan":"parameter tidak ditemukan","data":null,"meta":' +
      '[{"message":"nib is required","field":"nib"},{"message":"id_proyek is required","field":"id_proyek"}]}',
  )
})

it('checkLicenseStatus answers under one wrapper, and refuses under another', async () => {
  const { body } = await ask('checkLicenseStatus', { CHECKLICENSESTATUS: { id_izin: licence } })
  expect(body).toEqual({
    responcheckStatusLicense: {
      kode: 200,
      keterangan: 'Sukses',
      dataIZIN: {
        nib,
        id_proyek: project,
        id_izin: licence,
        kd_status: '50',
        uraian_status: 'Disetujui',
        file_lampiran: `https://oss.example/berkas/${licence}.pdf`,
      },
    },
  })
  expect((await ask('checkLicenseStatus', { CHECKLICENSESTATUS: { id_izin: 'I-9' } })).text).toBe(
    '{"responsecheckStatusLicense":{"kode":400,"keterangan":"Data izin tidak ditemukan","dataIZIN":{"id_izin":""}}}',
  )
})

it('getDataReferensi tells its code as a text', async () => {
  const { body } = await ask('getDataReferensi', { GETDATAREFERENSI: { kode: '14' } })
  expect(body).toMatchObject({ respongetDataReferensi: { kode: '200', keterangan: 'Sukses' } })
  expect(JSON.stringify(body)).toContain(
    '[{"kode_referensi":"01","uraian_referensi":"Aktif","keterangan_referensi":""},',
  )
  for (let kode = 1; kode <= 32; kode += 1)
    expect((await ask('getDataReferensi', { GETDATAREFERENSI: { kode } })).body).toMatchObject({
      respongetDataReferensi: { kode: '200' },
    })
  expect((await ask('getDataReferensi', { GETDATAREFERENSI: { kode: '33' } })).body).toEqual({
    respongetDataReferensi: { kode: '400', keterangan: 'Data Parameter Salah' },
  })
})

describe('the way in', () => {
  it.each([{ user_key: 'kunci-yang-salah' }, {}])('%o is refused, with HTTP 200', async headers => {
    const { response, body } = await ask('checkNIB', { CHECKNIB: { nib } }, headers)
    expect(response.status).toBe(200)
    expect(body).toMatchObject({ responcheckNIB: { kode: 401, keterangan: 'User Akses Tidak Valid' } })
  })

  it('is not at an unknown method, and not for GET', async () => {
    expect((await ask('constructor', {})).response.status).toBe(404)
    expect((await fetch(`${oss.url}/v1/kl/rba/checkNIB`)).status).toBe(405)
    expect((await fetch(`${oss.url}/stg/v1/kl/rba/checkNIB`)).status).toBe(405)
  })

  it('takes what is no JSON for a question without parameters', async () => {
    const { body } = await askRaw('checkNIB', '{"CHECKNIB":')
    expect(body).toMatchObject({ responcheckNIB: { kode: 400, keterangan: 'Data Parameter Salah' } })
  })
})

describe('weather', () => {
  it.each([
    ['wrong-key', 401, 'User Akses Tidak Valid'],
    ['illegal-access', 403, 'Ilegal Inquery /Akses'],
    ['no-service', 404, 'Service Tidak Ditemukan'],
    ['service-denied', 405, 'Akses Service Ditolak'],
    ['payload-failed', 500, 'Proses Payload Data Di Sistem OSS Gagal'],
    ['gateway-timeout', 504, 'Proses Payload Data Di Sistem OSS Timeout'],
  ])('%s: %i in every wording, with HTTP 200', async (weather, kode, keterangan) => {
    oss.setWeather(weather)
    const { response, body } = await ask('inqueryNIB', { INQUERYNIB: { nib } })
    expect(response.status).toBe(200)
    expect(body).toEqual({ responinqueryNIB: { kode, keterangan, dataNIB: [] } })
    expect((await ask('inqueryLicense', {})).body).toMatchObject({
      dataLicense: { code: kode, success: false },
    })
    expect((await ask('inqueryProyek', {})).body).toMatchObject({ kode_status: kode })
    expect((await ask('checkLicenseStatus', {})).body).toMatchObject({ responsecheckStatusLicense: { kode } })
    expect((await ask('getDataReferensi', {})).body).toEqual({
      respongetDataReferensi: { kode: String(kode), keterangan },
    })
  })

  it('knows the weather of all agencies, too', async () => {
    oss.setWeather('html', { calls: 1 })
    expect((await ask('checkNIB', { CHECKNIB: { nib } })).text).toMatch(/^<!DOCTYPE html>/)
    expect((await ask('checkNIB', { CHECKNIB: { nib } })).body).toMatchObject({
      responcheckNIB: { kode: 200 },
    })
  })
})

describe('what changes', () => {
  it('a NIB, over HTTP', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T17:00:00Z') })
    onTestFinished(() => void vi.useRealTimers())
    expect(await order('status', { nib, status: '06' })).toEqual({
      status: 200,
      body: { nib, status: '06' },
    })
    expect(await dataNib(nib)).toMatchObject({
      status_nib: '06',
      tgl_perubahan_nib: '2026-03-02',
      'tipe_dokumen ': '3',
    })
    oss.resetRegister()
    expect(await dataNib(nib)).toMatchObject({ status_nib: '01' })
  })

  it('a licence, over HTTP', async () => {
    await order('licence-status', { id_izin: licence, kd_status: '41' })
    const { body } = await ask('checkLicenseStatus', { CHECKLICENSESTATUS: { id_izin: licence } })
    expect(body).toMatchObject({
      responcheckStatusLicense: { dataIZIN: { kd_status: '41', uraian_status: 'Konfirmasi Persyaratan' } },
    })
  })

  it.each([
    ['status', { nib: unknownNib, status: '05' }, 'nib: nobody has it'],
    ['status', { nib, status: '07' }, 'status: one of 01 02 03 04 05 06'],
    ['status', { nib, status: 5 }, 'send a JSON object of texts'],
    ['licence-status', { id_izin: 'I-9', kd_status: '50' }, 'id_izin: there is no such licence'],
    ['licence-status', { id_izin: licence, kd_status: 'not a code' }, 'kd_status: a code such as 41'],
  ])('nothing by %s %o', async (word, given, error) => {
    expect(await order(word, given)).toEqual({ status: 400, body: { error } })
  })

  it('nothing by a word that it does not know', async () => {
    expect((await fetch(`${oss.url}/mock/snow`, { method: 'POST', body: '{}' })).status).toBe(404)
    expect((await fetch(`${oss.url}/mock/status`)).status).toBe(404)
  })
})

describe('push', () => {
  it('calls receiveNIB with the whole record and the published token, and tells what came back', async () => {
    const called = await startReceiver(200, '{"responreceiveNIB":{"status":"1","keterangan":"ok"}}')
    expect(
      await order('push', { url: `${called.url}/inbound/oss/receiveNIB`, nib, date: '20260101' }),
    ).toEqual({
      status: 200,
      body: { status: 200, body: { responreceiveNIB: { status: '1', keterangan: 'ok' } } },
    })
    expect(called.received).toEqual([
      {
        path: '/inbound/oss/receiveNIB',
        headers: expect.objectContaining({
          'content-type': 'application/json',
          token: 'fe8fe04a0526126ec5391826c6a82c6c650299b5',
        }),
        body: { dataNIB: usahaContoh },
      },
    ])
  })

  it('calls receiveFileDS, makes its token of the day in Jakarta, or takes another', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2025-12-31T17:00:00Z') })
    onTestFinished(() => void vi.useRealTimers())
    const called = await startReceiver(401, 'Unauthenticated!')
    const answered = { status: 401, body: 'Unauthenticated!' }
    expect(await oss.push(`${called.url}/receiveFileDS`, { nib })).toEqual(answered)
    await oss.push(called.url, {
      nib,
      method: 'receiveFileDS',
      id_izin: 'I-9',
      file_izin: 'https://x.example/9.pdf',
      token: 'tanda-yang-salah',
    })
    expect(called.received.map(({ headers, body }) => [headers['token'], body])).toEqual([
      [
        'fe8fe04a0526126ec5391826c6a82c6c650299b5',
        { receiveFileDS: { id_izin: licence, nib, file_izin: `https://oss.example/berkas/${licence}.pdf` } },
      ],
      ['tanda-yang-salah', { receiveFileDS: { id_izin: 'I-9', nib, file_izin: 'https://x.example/9.pdf' } }],
    ])
  })

  it('tells the status that the NIB has now', async () => {
    const called = await startReceiver(200, '{}')
    oss.setStatus(nib, '05')
    await oss.push(`${called.url}/receiveNIB`, { nib })
    expect(called.received[0]?.body).toMatchObject({ dataNIB: { status_nib: '05', 'tipe_dokumen ': '5' } })
  })

  it.each([
    [{ url: 'http://example.com/receiveNIB', nib }, 'url: only http://127.0.0.1 is called'],
    [{ url: 'http://127.0.0.1.example.com/receiveNIB', nib }, 'url: only http://127.0.0.1 is called'],
    [{ nib }, 'url: only http://127.0.0.1 is called'],
    [{ url: 'http://127.0.0.1:1/receiveNIB', nib: unknownNib }, 'nib: nobody has it'],
    [{ url: 'http://127.0.0.1:1/receiveNIB', nib }, 'http://127.0.0.1:1/receiveNIB did not answer'],
    [
      { url: 'http://127.0.0.1:1/receiveFileDS', nib: '9999900000003' },
      'id_izin: this business has no licence',
    ],
    [{ url: 'http://127.0.0.1:1/other', nib }, expect.stringContaining('method: receiveNIB')],
  ])('refuses %o', async (given, error) => {
    expect(await order('push', given)).toEqual({ status: 400, body: { error } })
  })
})

async function ask(
  method: string,
  body: object,
  headers: Readonly<Record<string, string>> = { user_key: credentials.user_key },
) {
  return askRaw(method, JSON.stringify(body), headers)
}

async function askRaw(
  method: string,
  question: string,
  headers: Readonly<Record<string, string>> = { user_key: credentials.user_key },
) {
  const response = await fetch(`${oss.url}/v1/kl/rba/${method}`, { method: 'POST', body: question, headers })
  const text = await response.text()
  return { response, text, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : null }
}

async function dataNib(who: string): Promise<Record<string, unknown>> {
  const { body } = await ask('inqueryNIB', { INQUERYNIB: { nib: who } })
  return (body as { responinqueryNIB: { dataNIB: Record<string, unknown> } }).responinqueryNIB.dataNIB
}

async function order(word: string, given: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${oss.url}/mock/${word}`, { method: 'POST', body: JSON.stringify(given) })
  return { status: response.status, body: await response.json() }
}

/** Whoever OSS calls: always the same answer. */
async function startReceiver(status: number, answer: string) {
  const received: { path: string | undefined; headers: IncomingHttpHeaders; body: unknown }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      received.push({ path: request.url, headers: request.headers, body })
      response.writeHead(status).end(answer)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}
