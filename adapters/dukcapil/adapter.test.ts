import { describeAdapter } from '#gateway/conformance/describe-adapter.ts'
import adapter from './adapter.ts'
import fixtures from './fixtures.json' with { type: 'json' }

/** A lookup whose answer is this row alone. */
const lookup = (name: string, row: object, expect: object) => ({
  name,
  capability: 'resident.lookup',
  input: { nik: '9999011501900001' },
  request: {
    method: 'POST',
    path: '/dukcapil/get_json/DISKOMINFO/CALL_NIK',
    body: {
      nik: '9999011501900001',
      user_id: '010126000CONTOH',
      password: 'kata-sandi-contoh',
      ip_user: '10.0.0.5',
    },
  },
  response: { status: 200, body: { content: [row], quotaLimiter: 100 } },
  expect,
})

const codes = [
  ['03', 'Login gagal', 'UPSTREAM_MISCONFIGURED'],
  ['04', 'IP tidak sesuai', 'UPSTREAM_MISCONFIGURED'],
  ['05', 'Kuota akses hari ini telah habis', 'UPSTREAM_QUOTA_SPENT'],
  ['06', 'Waktu akses salah', 'UPSTREAM_MISCONFIGURED'],
  ['07', 'Parameter tidak lengkap / tidak valid', 'REJECTED'],
  ['08', 'NIK tidak dapat diproses', 'REJECTED'],
  ['09', 'User, password dan IP tidak boleh kosong', 'UPSTREAM_MISCONFIGURED'],
  ['10', 'IP invalid', 'UPSTREAM_MISCONFIGURED'],
  ['11', 'Data Ditemukan, Meninggal Dunia', 'SUBJECT_DECEASED'],
  ['12', 'Data Ditemukan, Data Ganda', 'SUBJECT_DUPLICATE'],
  ['13', 'Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan', 'NOT_FOUND'],
  ['14', 'Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil', 'SUBJECT_INACTIVE'],
  ['15', 'Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil', 'REJECTED'],
  ['16', 'Instansi tidak aktif', 'UPSTREAM_MISCONFIGURED'],
  ['17', 'User ID tidak aktif', 'UPSTREAM_MISCONFIGURED'],
  ['5000', 'Sistem Sibuk', 'UPSTREAM_BUSY'],
] as const

const codedRefusals = codes.flatMap(([code, text, failure]) => {
  const expect = { failure, upstreamCode: code }
  return [
    lookup(`${failure} by "${code}" and RESPON`, { RESPONSE_CODE: code, RESPON: text }, expect),
    lookup(
      `${failure} by ${Number(code)} and RESPONSE`,
      { RESPONSE_CODE: Number(code), RESPONSE: text },
      expect,
    ),
    lookup(`${failure} by "${text}"`, { RESPON: `${text.toUpperCase().replaceAll(' ', '  ')} ` }, expect),
  ]
})

const textRefusals = [
  ['Data Tidak Ditemukan', 'NOT_FOUND', undefined],
  ['Login Gagal', 'UPSTREAM_MISCONFIGURED', '03'],
  ['IP Address Tidak Sesuai', 'UPSTREAM_MISCONFIGURED', '04'],
  ['IP Client  Tidak terdaftar', 'UPSTREAM_MISCONFIGURED', '04'],
  ['Kuota Akses Hari ini telah Habis', 'UPSTREAM_QUOTA_SPENT', '05'],
  ['Layanan ditutup', 'UPSTREAM_INVALID', 'unlisted'],
].map(([text, failure, upstreamCode]) =>
  lookup(`${failure} as seen: "${text}"`, { RESPON: text }, { failure, upstreamCode }),
)

const misconfigured = { failure: 'UPSTREAM_MISCONFIGURED', upstreamCode: '03' }
const record = { NIK: '9999011501900001n', NAMA_LGKP: 'WARGA CONTOH SATU' }
const oddRefusals = [
  lookup('a blank code', { RESPONSE_CODE: ' ', RESPON: 'Login gagal' }, misconfigured),
  lookup('a blank text', { RESPON: '', RESPONSE: 'Login gagal' }, misconfigured),
  lookup(
    'a known text under an unlisted code',
    { RESPONSE_CODE: '99', RESPON: 'Login gagal' },
    misconfigured,
  ),
  lookup(
    'a code in no list is never a success',
    { ...record, RESPONSE_CODE: '18', RESPON: 'Berhasil' },
    { failure: 'UPSTREAM_INVALID', upstreamCode: 'unlisted 18' },
  ),
  lookup(
    'a code that is a NIK goes nowhere',
    { RESPONSE_CODE: '9999011501900001n' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  lookup(
    'a code that is a NIK as text goes nowhere',
    { RESPONSE_CODE: '9999011501900001' },
    { failure: 'UPSTREAM_INVALID', upstreamCode: 'unlisted' },
  ),
]

const birthDates = [
  ['1990-01-15', '1990-01-15'],
  ['15-01-1990', '1990-01-15'],
  ['15.01.1990 ', '1990-01-15'],
  ['29-02-2024', '2024-02-29'],
  ['00-00-0000', null],
  ['0000-00-00', null],
  ['01/02/1990', undefined],
  ['31-02-1990', undefined],
  ['1979-13-45', undefined],
  ['15-01-90', undefined],
].map(([wire, birthDate]) =>
  lookup(
    `born "${wire}"`,
    { ...record, TGL_LHR: wire },
    birthDate === undefined
      ? { failure: 'UPSTREAM_INVALID' }
      : { data: { nik: '9999011501900001', fullName: 'WARGA CONTOH SATU', birthDate } },
  ),
)

describeAdapter(adapter, {
  config: fixtures.config,
  exchanges: [...fixtures.exchanges, ...codedRefusals, ...textRefusals, ...oddRefusals, ...birthDates],
})
