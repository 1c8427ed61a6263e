import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startDukcapil, credentials, inactiveUser, type Dukcapil } from './server.ts'

const nik = '9999011501900001'
const card = '9999010101200001'
const { user_id, password, ip } = credentials
const login = { user_id, password, ip_user: ip }

let dukcapil: Dukcapil

beforeAll(async () => {
  dukcapil = await startDukcapil()
})
afterAll(() => dukcapil.close())
beforeEach(() => {
  dukcapil.clearWeather()
  dukcapil.resetQuota()
})

describe('lookup', () => {
  it('answers the published example, to the letter', async () => {
    const { response, text } = await ask('DISKOMINFO/CALL_NIK', { nik, ...login })

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(text).toBe(
      '{"content":[{"NIK":9999011501900001,"NO_KK":9999010101200001,"NAMA_LGKP":"WARGA CONTOH SATU",' +
        '"TMPT_LHR":"KOTA CONTOH","TGL_LHR":"1990-01-15","JENIS_KLMIN":"Laki-Laki","AGAMA":"ISLAM",' +
        '"GOL_DARAH":"TIDAK TAHU","STATUS_KAWIN":"KAWIN","STAT_HBKEL":"KEPALA KELUARGA",' +
        '"PDDK_AKH":"DIPLOMA IV/STRATA I","JENIS_PKRJN":"KARYAWAN SWASTA","NAMA_LGKP_IBU":"IBU CONTOH   ",' +
        '"NAMA_LGKP_AYAH":"AYAH CONTOH","ALAMAT":"JL CONTOH NO 1","NO_RT":1,"NO_RW":2,"DUSUN":null,' +
        '"KODE_POS":99999,"NO_PROP":99,"PROP_NAME":"PROVINSI CONTOH","NO_KAB":1,"KAB_NAME":"KABUPATEN CONTOH",' +
        '"NO_KEC":1,"KEC_NAME":"KECAMATAN CONTOH","NO_KEL":1004,"KEL_NAME":"KELURAHAN CONTOH",' +
        '"EKTP_STATUS":"TUNGGAL"}],"lastPage":true,"numberOfElements":1,"sort":null,"totalElements":1,' +
        '"firstPage":true,"number":0,"size":1,"quotaLimiter":3999999}',
    )
  })

  it.each([
    ['DISKOMINFO/GET_NIK', { NIK: nik, USER_ID: user_id, PASSWORD: password, IP_USER: ip }],
    ['diskominfo/bynik', { nik, user_id, password, ip_users: ip }],
    ['999900000000001/call_nik', { nik, user_id, password, ip_address: ip }],
    ['99/diskominfo_99/call_nik', { nik, ...login }],
    ['99-01/diskominfo_99/call_nik', { nik, ...login }],
  ])('knows the spelling of %s', async (path, body) => {
    expect((await ask(path, body)).text).toContain(`"NIK":${nik}`)
  })

  it('reads a NIK sent as a number without losing its last digit', async () => {
    const body = JSON.stringify(login).replace('{', `{"NIK": ${nik},`)
    expect((await askRaw('DISKOMINFO/CALL_NIK', body)).text).toContain(`"NIK":${nik}`)
  })

  it('leaves out what is not granted, and the quota where the service is old', async () => {
    const few = await ask('DPMPTSP/CALL_NIK', { nik, ...login })
    expect(Object.keys(few.rows[0] ?? {})).not.toContain('NAMA_LGKP_IBU')
    const photo = '9999012112700079'
    expect((await ask('DISKOMINFO/CALL_NIK', { nik: photo, ...login })).text).not.toContain('"FOTO"')
    expect((await ask('IMIGRASI/CALL_NIK', { nik: photo, ...login })).text).toContain('"FOTO":"/9j/')
    expect((await ask('99/diskominfo_99/CALL_NIK', { nik, ...login })).text).not.toContain('quotaLimiter')
  })

  it('is not found at an unknown path, and not for GET', async () => {
    expect((await ask('DISKOMINFO/CALL_FR', { nik, ...login })).response.status).toBe(404)
    expect((await fetch(`${dukcapil.url}/dukcapil/get_json/DISKOMINFO/CALL_NIK`)).status).toBe(405)
    expect((await askRaw('DISKOMINFO/CALL_NIK', '{"nik":')).response.status).toBe(400)
  })
})

describe('family', () => {
  it('lists every member of the card, numbers exact', async () => {
    const { text } = await ask('DISKOMINFO/CALL_KK', { NO_KK: card, ...login })

    expect([...text.matchAll(/"NIK":(\d+)/g)].map(match => match[1])).toEqual([
      nik,
      '9999015203920003',
      '9999010806150005',
      '9999016902240007',
    ])
    expect(text).toContain('"totalElements":4')
  })

  it('leaves out the deceased', async () => {
    const { text } = await ask('DINKES/CALL_KK', { NO_KK: '9999010102150021', ...login })
    expect(text).toContain('"RESPONSE_CODE":"13"')
  })
})

describe('verification', () => {
  const path = 'DISKOMINFO/CALL_VERIFY_BY_ELEMEN'

  it('gives a verdict per element sent, with a score for free text only', async () => {
    const { rows, text } = await ask(path, {
      NIK: nik,
      NAMA_LGKP: 'WARGA  CONTOH SATU',
      TMPT_LHR: 'KOTA CANTIK',
      TGL_LHR: '15-01-1990',
      JENIS_KLMIN: 'LAKI-LAKI',
      NO_RT: '001',
      NO_KEL: 1005,
      NAMA_LGKP_IBU: 'IBU CONTOH',
      TRESHOLD: '90',
      USER_ID: user_id,
      PASSWORD: password,
      IP_USER: ip,
    })
    expect(rows).toEqual([
      {
        NIK: 'Sesuai',
        NAMA_LGKP: 'Sesuai (100)',
        TMPT_LHR: 'Tidak Sesuai (73)',
        TGL_LHR: 'Sesuai',
        JENIS_KLMIN: 'Sesuai',
        NAMA_LGKP_IBU: 'Sesuai (100)',
        NO_RT: 'Sesuai',
        NO_KEL: 'Tidak Sesuai',
      },
    ])
    expect(text).toContain('"quotaLimiter":3999999')
  })

  it('compares the score with TRESHOLD', async () => {
    const question = { NIK: nik, NAMA_LGKP: 'WARGA KONTOH SATU', ...login }
    expect((await ask(path, { ...question, TRESHOLD: '94' })).rows[0]).toMatchObject({
      NAMA_LGKP: 'Sesuai (94)',
    })
    expect((await ask(path, { ...question, TRESHOLD: '95' })).rows[0]).toMatchObject({
      NAMA_LGKP: 'Tidak Sesuai (94)',
    })
  })

  it.each([
    ['9999015809760073', '18-09-1976', 'Sesuai'],
    ['9999011910740075', '19-10-1974', 'Sesuai'],
    ['9999010808680097', '00-00-0000', 'Sesuai'],
    [nik, '00-00-0000', 'Tidak Sesuai'],
  ])('of the birth date of %s against %s: %s', async (who, birthDate, verdict) => {
    const { rows } = await ask(path, { NIK: who, TGL_LHR: birthDate, TRESHOLD: '90', ...login })
    expect(rows[0]).toMatchObject({ TGL_LHR: verdict })
  })

  it.each([
    {},
    { TRESHOLD: '0' },
    { TRESHOLD: '101' },
    { THRESHOLD: '90' },
    { TRESHOLD: '90', TGL_LHR: '1990-01-15' },
  ])('refuses %o as incomplete', async wrong => {
    expect((await ask(path, { NIK: nik, ...login, ...wrong })).rows[0]).toMatchObject({ RESPONSE_CODE: '07' })
  })
})

describe('refusals', () => {
  it.each([
    [{ password: 'salah' }, 'Login Gagal', '03'],
    [{ user_id: 'siapa' }, 'Login Gagal', '03'],
    [{ ip_user: '10.0.0.6' }, 'IP Address Tidak Sesuai', '04'],
    [{ nik: undefined }, 'Parameter tidak lengkap / tidak valid', '07'],
    [{ nik: '9999010505770091' }, 'NIK tidak dapat diproses', '08'],
    [{ password: '' }, 'User, password dan IP tidak boleh kosong', '09'],
    [{ ip_user: 'sini' }, 'IP Client  Tidak terdaftar', '10'],
    [{ nik: '9999010202450021' }, 'Data Ditemukan, Meninggal Dunia', '11'],
    [{ nik: '9999014303550087' }, 'Data Ditemukan, Data Ganda', '12'],
    [{ nik: '9999011501909999' }, 'Data Tidak Ditemukan', '13'],
    [{ nik: '3275011501900001' }, 'Data Tidak Ditemukan', '13'],
    [{ nik: '9999010404660089' }, 'Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil', '14'],
    [{ nik: '9999013002900001' }, 'Data Tidak Ditemukan', '15'],
    [{ user_id: inactiveUser }, 'User ID tidak aktif', '17'],
  ])('%o: %s (%s)', async (change, text, code) => {
    const question = { nik, ...login, ...change }
    const classic = await ask('DISKOMINFO/CALL_NIK', question)
    expect(classic.response.status).toBe(200)
    expect(classic.rows).toEqual([{ RESPON: text }])

    const [coded] = (await ask('DINKES/CALL_NIK', question)).rows
    expect(coded).toEqual({ RESPONSE_CODE: code, RESPONSE: expect.any(String) })

    const [verified] = (await ask('DISKOMINFO/CALL_VERIFY_BY_ELEMEN', { ...question, TRESHOLD: '90' })).rows
    expect(verified).toEqual({ RESPONSE_CODE: code, RESPON: expect.any(String) })
  })

  it('knows institutions that are switched off, and that do not exist', async () => {
    expect((await ask('INSTANSI_NONAKTIF/CALL_NIK', { nik, ...login })).rows).toEqual([
      { RESPON: 'Instansi tidak aktif' },
    ])
    expect((await ask('ENTAH/CALL_NIK', { nik, ...login })).rows).toEqual([{ RESPON: 'Login Gagal' }])
  })

  it('can speak the coded style everywhere', async () => {
    const coded = await startDukcapil({ style: 'coded' })
    try {
      expect((await ask('DISKOMINFO/CALL_NIK', { nik, ...login }, coded)).rows[0]).toMatchObject({
        RESPONSE_CODE: '00',
        NAMA_LGKP: 'WARGA CONTOH SATU',
      })
    } finally {
      await coded.close()
    }
  })
})

describe('quota', () => {
  it('counts down per institution, then refuses until the day turns in Jakarta', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T16:59:00Z') })
    try {
      const question = { nik, ...login }
      const lefts: unknown[] = []
      for (let call = 0; call < 3; call++)
        lefts.push((await ask('KUOTA_KECIL/CALL_NIK', question)).quotaLimiter)
      expect(lefts).toEqual([2, 1, 0])

      const spent = await ask('KUOTA_KECIL/CALL_NIK', question)
      expect(spent.rows).toEqual([{ RESPON: 'Kuota Akses Hari ini telah Habis' }])
      expect((await ask('DISKOMINFO/CALL_NIK', question)).quotaLimiter).toBe(3_999_999)

      vi.setSystemTime(new Date('2026-03-01T17:00:00Z'))
      expect((await ask('KUOTA_KECIL/CALL_NIK', question)).quotaLimiter).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('is an option of the server, takes nothing for a refused login, and can be refilled', async () => {
    const small = await startDukcapil({ quota: 1 })
    try {
      await ask('DISKOMINFO/CALL_NIK', { nik, ...login, password: 'salah' }, small)
      expect((await ask('DISKOMINFO/CALL_NIK', { nik, ...login }, small)).quotaLimiter).toBe(0)
      expect((await ask('DISKOMINFO/CALL_NIK', { nik, ...login }, small)).text).toContain('Habis')
      small.resetQuota()
      expect((await ask('DISKOMINFO/CALL_NIK', { nik, ...login }, small)).quotaLimiter).toBe(0)
    } finally {
      await small.close()
    }
  })
})

describe('weather', () => {
  const path = 'DISKOMINFO/CALL_NIK'
  const question = { nik, ...login }

  it.each([
    ['html', 200, /^<!DOCTYPE html>/],
    ['empty', 200, /^$/],
    ['500', 500, /HTTP Status 500/],
    ['wrong-password', 200, /"Login Gagal"/],
    ['quota-gone', 200, /"Kuota Akses Hari ini telah Habis"/],
    ['ip', 200, /"IP Address Tidak Sesuai"/],
    ['wrong-time', 200, /"Waktu akses salah"/],
    ['busy', 200, /"Sistem Sibuk"/],
    ['slow=30', 200, /WARGA CONTOH SATU/],
  ])('%s', async (weather, status, body) => {
    dukcapil.setWeather(weather, { calls: 1 })
    const { response, text } = await ask(path, question)
    expect(response.status).toBe(status)
    expect(text).toMatch(body)
    expect((await ask(path, question)).text).toContain('WARGA CONTOH SATU')
  })

  it.each(['hang', 'slow=600000'])('%s: keeps the caller waiting, and sees it go', async weather => {
    const aborted = dukcapil.sockets.aborted
    dukcapil.setWeather(weather)
    await expect(ask(path, question, dukcapil, AbortSignal.timeout(100))).rejects.toThrow('timeout')
    await vi.waitFor(() => expect(dukcapil.sockets.aborted).toBe(aborted + 1))
  })

  it('reset: the connection is reset after the request was read', async () => {
    dukcapil.setWeather('reset')
    expect(await bytesUntilClose()).toEqual({ text: '', error: 'ECONNRESET' })
  })

  it('truncated: half of the body, then the end', async () => {
    dukcapil.setWeather('truncated')
    const { text, error } = await bytesUntilClose()
    const [head = '', body = ''] = text.split('\r\n\r\n')
    const promised = Number(/content-length: (\d+)/i.exec(head)?.[1])
    expect(error).toBeNull()
    expect(body.length).toBe(Math.floor(promised / 2))
  })

  it('for one call by header, whatever the weather', async () => {
    dukcapil.setWeather('empty')
    const response = await fetch(`${dukcapil.url}/dukcapil/get_json/${path}`, {
      method: 'POST',
      body: JSON.stringify(question),
      headers: { 'x-mock': 'busy' },
    })
    expect(await response.text()).toContain('Sistem Sibuk')
  })

  it('for a while over HTTP: some calls, some time, or until cleared', async () => {
    expect(await steer('POST', { weather: 'empty', calls: 2 })).toEqual({
      weather: 'empty',
      forMs: null,
      calls: 2,
    })
    expect((await ask(path, question)).text).toBe('')
    expect(await steer('GET')).toEqual({ weather: 'empty', forMs: null, calls: 1 })
    expect((await ask(path, question)).text).toBe('')
    expect((await ask(path, question)).text).not.toBe('')

    await steer('POST', { weather: 'empty', forMs: 50 })
    await vi.waitFor(async () => expect((await ask(path, question)).text).not.toBe(''))

    await steer('POST', { weather: 'empty' })
    expect(await steer('DELETE')).toEqual({ weather: null, forMs: null, calls: null })
    expect((await ask(path, question)).text).not.toBe('')
  })

  it('says which weather there is when asked for another', async () => {
    expect(await steer('POST', { weather: 'snow' })).toEqual({
      error: expect.stringContaining('wrong-password'),
    })
    expect(await steer('POST', { weather: 'hang', calls: -1 })).toEqual({ error: expect.any(String) })
    await expect(startDukcapil({ weather: 'snow' })).rejects.toThrow('no such weather')
  })
})

it('counts calls by method, and keeps no more than the latest hundred', async () => {
  const counted = await startDukcapil({ weather: '503' })
  try {
    for (let call = 0; call < 101; call++) await ask('DISKOMINFO/CALL_NIK', { nik }, counted)
    await ask('DISKOMINFO/CALL_KK', { NO_KK: card }, counted)
    expect(counted.calls).toEqual({ lookup: 101, family: 1 })
    expect(counted.received).toHaveLength(100)
    expect(counted.received.at(-1)).toMatchObject({ method: 'family', body: `{"NO_KK":"${card}"}` })
    const told = await (await fetch(`${counted.url}/mock/calls`)).json()
    expect(told).toMatchObject({ calls: { lookup: 101, family: 1 } })
  } finally {
    await counted.close()
  }
})

async function ask(path: string, body: object, agency = dukcapil, signal?: AbortSignal) {
  return askRaw(path, JSON.stringify(body), agency, signal)
}

async function askRaw(path: string, body: string, agency = dukcapil, signal: AbortSignal | null = null) {
  const response = await fetch(`${agency.url}/dukcapil/get_json/${path}`, { method: 'POST', body, signal })
  const text = await response.text()
  const page = text.startsWith('{"content"') ? (JSON.parse(text) as Page) : null
  return { response, text, rows: page?.content ?? [], quotaLimiter: page?.quotaLimiter }
}

interface Page {
  content: Record<string, unknown>[]
  quotaLimiter?: number
}

async function steer(method: string, order?: object): Promise<unknown> {
  const body = order ? JSON.stringify(order) : null
  return (await fetch(`${dukcapil.url}/mock/weather`, { method, body })).json()
}

/** What a lookup brings on a socket of its own, until the other side ends it. */
function bytesUntilClose(): Promise<{ text: string; error: string | null }> {
  return new Promise(resolve => {
    let text = ''
    let error: string | null = null
    const body = JSON.stringify({ nik, ...login })
    const socket = connect(Number(new URL(dukcapil.url).port), '127.0.0.1')
    socket.setEncoding('latin1')
    socket.on('data', chunk => (text += String(chunk)))
    socket.on('error', (cause: NodeJS.ErrnoException) => (error = cause.code ?? cause.message))
    socket.on('close', () => resolve({ text, error }))
    socket.write(`POST /dukcapil/get_json/DISKOMINFO/CALL_NIK HTTP/1.1\r\nhost: x\r\n`)
    socket.write(`content-length: ${body.length}\r\n\r\n${body}`)
  })
}
