/** What a ministry or a mall has OSS do: each call once more is one more effect, whatever becomes of the answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { licenceStatuses } from './references.ts'
import { credentials, startOss, type Oss } from './server.ts'

const id = 'I-2026010508000000000002'
const about = {
  nib: '9999900000001',
  id_proyek: 'R-2026010508000000000002',
  oss_id: 'P02-202601050800000000001',
  id_izin: id,
  kd_izin: '090000000002',
}
const decision = {
  ...about,
  kd_daerah: '9999011004',
  nomor_izin: '503/002/2026',
  tgl_terbit_izin: '2026-01-20',
  tgl_berlaku_izin: '',
  nama_ttd: 'KEPALA CONTOH',
  nip_ttd: '',
  jabatan_ttd: 'Kepala DPMPTSP',
  status_izin: '50',
}
const change = {
  ...decision,
  kewenangan: '02',
  file_izin: '',
  keterangan: '',
  file_lampiran: 'https://dokumen.mpp.example/lampiran.pdf',
  nomenklatur_nomor_izin: '',
  bln_berlaku_izin: '',
  thn_berlaku_izin: '',
}
const step = {
  ...about,
  id_produk: '',
  kd_instansi: '090',
  kd_status: '42',
  tgl_status: '2026-01-06 09:00:00',
  nip_status: '',
  nama_status: 'PETUGAS CONTOH',
  keterangan: '',
}
const orders = [
  ['receiveLicense', 'IZINFINAL', decision],
  ['receiveLicenseStatus', 'IZINSTATUS', step],
  ['updateLicense', 'IZINFINAL', change],
] as const

let oss: Oss

beforeAll(async () => {
  oss = await startOss()
})
afterAll(() => oss.close())
beforeEach(() => {
  oss.clearWeather()
  oss.resetRegister()
})

async function ask(method: string, body: object, signal?: AbortSignal): Promise<Record<string, any>> {
  const response = await fetch(`${oss.url}/v1/kl/rba/${method}`, {
    method: 'POST',
    headers: { user_key: credentials.user_key },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
  return (await response.json()) as Record<string, any>
}

const statusOf = async (): Promise<object> =>
  (await ask('checkLicenseStatus', { CHECKLICENSESTATUS: { id_izin: id } }))['responcheckStatusLicense'][
    'dataIZIN'
  ] as object

it('a decision changes the licence, and is answered with what was issued', async () => {
  expect(
    await ask('receiveLicense', { IZINFINAL: { ...decision, file_izin: 'https://x.example/1.pdf' } }),
  ).toEqual({
    responreceiveLicense: {
      kode: 200,
      keterangan: 'Sukses',
      nomor_izin: '503/002/2026',
      jenis_perizinan: '02',
      file_lampiran: '',
    },
  })
  expect(await statusOf()).toMatchObject({
    kd_status: '50',
    uraian_status: 'Disetujui',
    file_lampiran: 'https://x.example/1.pdf',
  })
  const { dataLicense } = await ask('inqueryLicense', { INQUERYLICENSE: { id_izin: id } })
  expect(dataLicense.data.data_checklist).toMatchObject([{ no_izin: '503/002/2026', tgl_izin: '2026-01-20' }])
})

it('a report changes the status', async () => {
  expect(await ask('receiveLicenseStatus', { IZINSTATUS: step })).toEqual({
    responreceiveLicenseStatus: { kode: 200, keterangan: 'Sukses', dataNIB: {} },
  })
  expect(await statusOf()).toMatchObject({ kd_status: '42' })
})

it('a change leaves the status, and has the licence signed anew', async () => {
  expect(await ask('updateLicense', { IZINFINAL: change })).toEqual({
    responupdateLicense: {
      kode: 200,
      keterangan: 'Sukses',
      keterangan_reset_izin_ds: 'Berhasil Reset DS',
      nomor_izin: '503/002/2026',
    },
  })
  expect(await statusOf()).toMatchObject({ kd_status: '41', file_lampiran: change.file_lampiran })
})

describe.each(orders)('%s', (method, wrapper, order) => {
  const send = (given: object = order) => ask(method, { [wrapper]: given })

  it('has an effect each time, and says so', async () => {
    await send()
    await send()
    const effect = { method, id_izin: id, given: order }
    expect(oss.effects).toEqual([effect, effect])
    expect(await (await fetch(`${oss.url}/mock/orders`)).json()).toEqual([effect, effect])
    oss.resetRegister()
    expect(oss.effects).toEqual([])
  })

  test.each([
    ['Data izin tidak ditemukan', { id_izin: 'I-9' }],
    ['Data NIB tidak ditemukan', { nib: '9999900000002' }],
    ['OSS ID tidak ditemukan', { oss_id: 'P02-9' }],
    ['Data Parameter Salah', { kd_izin: undefined }],
    ['Data Parameter Salah', { status_izin: '58', kd_status: '58' }],
    ['Data Parameter Salah', { status_izin: '', kd_status: '' }],
  ])('refuses with "%s": %o, without effect', async (keterangan, wrong) => {
    expect(await send({ ...order, ...wrong })).toMatchObject({
      [`respon${method}`]: { kode: 400, keterangan },
    })
    expect(oss.effects).toEqual([])
  })

  test.each(['reset', 'truncated', 'lost=502'])('acts, and the answer is lost: %s', async weather => {
    oss.setWeather(weather, { calls: 1 })
    await expect(send()).rejects.toThrow()
    expect(oss.effects).toHaveLength(1)
  })

  it('acts, and never answers', async () => {
    oss.setWeather('hang', { calls: 1 })
    const gone = new AbortController()
    const asking = ask(method, { [wrapper]: order }, gone.signal)
    await expect.poll(() => oss.effects).toHaveLength(1)
    gone.abort()
    await expect(asking).rejects.toThrow()
  })

  it('acts, and answers late', async () => {
    oss.setWeather('slow=50', { calls: 1 })
    const asking = send()
    await expect.poll(() => oss.effects).toHaveLength(1)
    expect(await asking).toMatchObject({ [`respon${method}`]: { kode: 200 } })
  })

  test.each([
    ['acted-payload-failed', 500, 1],
    ['acted-gateway-timeout', 504, 1],
    ['payload-failed', 500, 0],
    ['wrong-key', 401, 0],
  ])('%s: %i, with %i effects', async (weather, kode, effects) => {
    oss.setWeather(weather, { calls: 1 })
    expect(await send()).toMatchObject({ [`respon${method}`]: { kode } })
    expect(oss.effects).toHaveLength(effects)
  })

  test.each(['html', '503'])('never hears of it: %s', async weather => {
    oss.setWeather(weather, { calls: 1 })
    await expect(send()).rejects.toThrow()
    expect(oss.effects).toEqual([])
  })
})

test.each([...licenceStatuses.keys(), '77', 'X1'])(
  'a licence is brought to %s on request',
  async kd_status => {
    oss.setLicenceStatus(id, kd_status)
    expect(await statusOf()).toMatchObject({ kd_status, uraian_status: licenceStatuses.get(kd_status) ?? '' })
  },
)
