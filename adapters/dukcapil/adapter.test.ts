import { describeAdapter } from '#gateway/conformance/describe-adapter.ts'
import adapter from './adapter.ts'
import fixtures from './fixtures.json' with { type: 'json' }

interface More {
  readonly config?: object
  readonly warnings?: readonly string[]
  /** As the agency writes it, and as it is then known. */
  readonly quotaLimiter?: unknown
  readonly quotaLeft?: number | null
  readonly totalElements?: number
}

const nik = '9999011501900001'
const familyCardNumber = '9999010101200001'
const credentials = { user_id: '010126000CONTOH', password: 'sandi-contoh' }
const ip = '10.0.0.5'

/** A question whose answer is this row, or these rows. */
const exchange = (
  name: string,
  capability: string,
  input: object,
  method: string,
  body: object,
  rows: object | readonly object[],
  expect: object,
  { quotaLimiter = 100, totalElements, ...more }: More = {},
) => ({
  name,
  capability,
  input,
  request: {
    method: 'POST',
    path: `/dukcapil/get_json/DISKOMINFO/${method}`,
    body: { ...body, ...credentials },
  },
  response: { status: 200, body: { content: [rows].flat(), totalElements, quotaLimiter } },
  expect,
  ...more,
})

const lookup = (name: string, rows: object | readonly object[], expect: object, more?: More) =>
  exchange(name, 'resident.lookup', { nik }, 'CALL_NIK', { nik, ip_user: ip }, rows, expect, more)

/** `sent`: the input's elements on the wire. */
const match = (name: string, input: object, sent: object, row: object, expect: object, more?: More) =>
  exchange(
    name,
    'resident.match',
    { nik, ...input },
    'CALL_VERIFY_BY_ELEMEN',
    { NIK: nik, ...sent, TRESHOLD: '90', IP_USER: ip },
    row,
    expect,
    more,
  )

const family = (name: string, rows: readonly object[], expect: object, more?: More) =>
  exchange(
    name,
    'family.lookup',
    { familyCardNumber },
    'CALL_KK',
    { NO_KK: familyCardNumber, ip_user: ip },
    rows,
    expect,
    more,
  )

/** Records that the stand-in does not have. */
const oddRecords = [
  lookup(
    "deeds, both parents' NIK, a disability, a hamlet",
    {
      NIK: '9999011501900001n',
      NO_KK: '9999010101200001n',
      NAMA_LGKP: 'ANAK CONTOH',
      JENIS_KLMIN: 'PEREMPUAN',
      NIK_IBU: '9999015203920003n',
      NIK_AYAH: '9999011501900001n',
      NO_AKTA_LHR: '9901-LT-10082015-0005',
      TGL_KWN: '2035-06-07',
      NO_AKTA_KWN: '9901-KW-07062035-0001',
      TGL_CRAI: '2041-11-30',
      NO_AKTA_CRAI: '9901-CR-30112041-0051',
      PNYDNG_CCT: 'DISABILITAS FISIK',
      DUSUN: 'DUSUN CONTOH KULON',
    },
    {
      data: {
        nik: '9999011501900001',
        familyCardNumber: '9999010101200001',
        fullName: 'ANAK CONTOH',
        sex: { code: 'female', text: 'PEREMPUAN' },
        motherNik: '9999015203920003',
        fatherNik: '9999011501900001',
        birthDeedNumber: '9901-LT-10082015-0005',
        marriageDate: '2035-06-07',
        marriageDeedNumber: '9901-KW-07062035-0001',
        divorceDate: '2041-11-30',
        divorceDeedNumber: '9901-CR-30112041-0051',
        disability: 'DISABILITAS FISIK',
        address: { hamlet: 'DUSUN CONTOH KULON' },
      },
    },
  ),
  lookup(
    'not even NIK granted; a quota that is no number',
    { NAMA_LGKP: 'WARGA CONTOH SATU' },
    { data: { nik: '9999011501900001', fullName: 'WARGA CONTOH SATU' } },
    { quotaLimiter: 'tanpa batas', quotaLeft: null },
  ),
  lookup(
    'a quota as text',
    { NIK: '9999011501900001n', NAMA_LGKP: 'WARGA CONTOH SATU' },
    { data: { nik: '9999011501900001', fullName: 'WARGA CONTOH SATU' } },
    { quotaLimiter: '80', quotaLeft: 80 },
  ),
  lookup(
    'empty is null: null, blank, a dash, zero, an unknown date',
    {
      NIK: '9999011501900001',
      NAMA_LGKP: 'WARGA CONTOH SATU',
      NO_KK: null,
      TMPT_LHR: '  ',
      TGL_LHR: '00-00-0000',
      GOL_DARAH: '-',
      NIK_IBU: 0,
      ALAMAT: '',
      NO_RT: 0,
      NO_RW: null,
      KODE_POS: 0,
      NO_PROP: 99,
      NO_KAB: 0,
      KAB_NAME: null,
    },
    {
      data: {
        nik: '9999011501900001',
        fullName: 'WARGA CONTOH SATU',
        familyCardNumber: null,
        birthPlace: null,
        birthDate: null,
        bloodGroup: null,
        motherNik: null,
        address: {
          street: null,
          neighbourhood: '000',
          communityUnit: null,
          postalCode: null,
          province: { code: '99', name: null },
          regency: null,
        },
      },
    },
  ),
  lookup(
    'numbers as text, trailing spaces, a region without the level above',
    {
      NIK: '9999011501900001',
      NO_KK: '9999010101200001 ',
      NAMA_LGKP: '  WARGA CONTOH SATU   ',
      NO_RT: '12',
      NO_RW: '3 ',
      KODE_POS: '99001',
      PROP_NAME: 'PROVINSI CONTOH ',
      NO_KEC: '01',
      KEC_NAME: 'KECAMATAN CONTOH',
    },
    {
      data: {
        nik: '9999011501900001',
        familyCardNumber: '9999010101200001',
        fullName: 'WARGA CONTOH SATU',
        address: {
          neighbourhood: '012',
          communityUnit: '003',
          postalCode: '99001',
          province: { code: null, name: 'PROVINSI CONTOH' },
          district: { code: null, name: 'KECAMATAN CONTOH' },
        },
      },
    },
  ),
  lookup(
    "somebody else's record",
    { NIK: '9999011501900002n', NAMA_LGKP: 'WARGA CONTOH DUA' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  lookup(
    'two records',
    [
      { NIK: '9999011501900001n', NAMA_LGKP: 'WARGA CONTOH SATU' },
      { NIK: '9999011501900001n', NAMA_LGKP: 'WARGA CONTOH SATU' },
    ],
    { failure: 'UPSTREAM_INVALID' },
  ),
  lookup(
    'a success code and no record',
    { RESPONSE_CODE: '00', RESPONSE: 'Data Ditemukan' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  lookup(
    'a name that is a number',
    { NIK: '9999011501900001n', NAMA_LGKP: '9999010101200009n' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  lookup(
    'a region that is no number',
    { NIK: '9999011501900001n', NAMA_LGKP: 'WARGA CONTOH SATU', NO_KAB: 'SATU' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  lookup('no row at all', [], { failure: 'UPSTREAM_INVALID' }),
]

/** Verdicts that it does not give. */
const oddVerdicts = [
  match(
    'verdicts in any case',
    {
      familyCardNumber: '9999010101200001',
      fullName: 'Warga Contoh Satu',
      birthPlace: 'Kota Contoh',
      birthDate: '1990-01-15',
      sex: 'female',
      maritalStatus: 'single',
      occupation: 'homemaker',
      motherName: 'Ibu Contoh',
      address: {
        street: 'Jl Contoh No 1',
        neighbourhood: '001',
        communityUnit: '2',
        province: { code: '99', name: 'Provinsi Contoh' },
        regency: { code: '9901', name: 'Kabupaten Contoh' },
        district: { code: '990101', name: 'Kecamatan Contoh' },
        village: { code: '9901011004', name: 'Kelurahan Contoh' },
      },
    },
    {
      NO_KK: '9999010101200001',
      NAMA_LGKP: 'WARGA CONTOH SATU',
      TMPT_LHR: 'KOTA CONTOH',
      TGL_LHR: '15-01-1990',
      JENIS_KLMIN: 'Perempuan',
      STATUS_KAWIN: 'BELUM KAWIN',
      JENIS_PKRJN: 'MENGURUS RUMAH TANGGA',
      NAMA_LGKP_IBU: 'IBU CONTOH',
      ALAMAT: 'JL CONTOH NO 1',
      NO_RT: '1',
      NO_RW: '2',
      NO_PROP: '99',
      PROP_NAME: 'PROVINSI CONTOH',
      NO_KAB: '1',
      KAB_NAME: 'KABUPATEN CONTOH',
      NO_KEC: '1',
      KEC_NAME: 'KECAMATAN CONTOH',
      NO_KEL: '1004',
      KEL_NAME: 'KELURAHAN CONTOH',
    },
    {
      RESPONSE_CODE: '01',
      RESPONSE: 'Data Ditemukan',
      NIK: 'SESUAI',
      NO_KK: 'sesuai',
      NAMA_LGKP: ' sesuai (93) ',
      TMPT_LHR: 'SESUAI (90)',
      TGL_LHR: 'Tidak sesuai',
      JENIS_KLMIN: 'TIDAK SESUAI',
      STATUS_KAWIN: 'tidak  sesuai',
      JENIS_PKRJN: 'Sesuai',
      NAMA_LGKP_IBU: 'tidak sesuai (0)',
      ALAMAT: 'Sesuai(91)',
      NO_RT: 'Sesuai',
      NO_RW: 'Tidak Sesuai',
      NO_PROP: 'Sesuai',
      PROP_NAME: 'Sesuai',
      NO_KAB: 'Sesuai',
      KAB_NAME: 'Sesuai',
      NO_KEC: 'Sesuai',
      KEC_NAME: 'Tidak Sesuai',
      NO_KEL: 'Sesuai',
      KEL_NAME: 'Sesuai',
    },
    {
      data: {
        nik: { verdict: 'match' },
        familyCardNumber: { verdict: 'match' },
        fullName: { verdict: 'match', similarity: 93 },
        birthPlace: { verdict: 'match', similarity: 90 },
        birthDate: { verdict: 'mismatch' },
        sex: { verdict: 'mismatch' },
        maritalStatus: { verdict: 'mismatch' },
        occupation: { verdict: 'match' },
        motherName: { verdict: 'mismatch', similarity: 0 },
        address: {
          street: { verdict: 'match', similarity: 91 },
          neighbourhood: { verdict: 'match' },
          communityUnit: { verdict: 'mismatch' },
          province: { verdict: 'match' },
          regency: { verdict: 'match' },
          district: { verdict: 'mismatch' },
          village: { verdict: 'match' },
        },
      },
    },
  ),
  match(
    'a code that was not compared as a whole has no verdict',
    { address: { regency: { code: '9901' }, district: { name: 'Kecamatan Contoh' } } },
    { NO_PROP: '99', NO_KAB: '1', KEC_NAME: 'KECAMATAN CONTOH' },
    { NIK: 'Sesuai', NO_KAB: 'Sesuai', KEC_NAME: 'Sesuai' },
    { data: { nik: { verdict: 'match' }, address: { district: { verdict: 'match' } } } },
  ),
  match(
    'dates with the year first',
    { birthDate: '1990-01-15' },
    { TGL_LHR: '1990-01-15' },
    { NIK: 'Sesuai', TGL_LHR: 'Sesuai' },
    { data: { nik: { verdict: 'match' }, birthDate: { verdict: 'match' } } },
    { config: { dateFormat: 'YYYY-MM-DD' } },
  ),
  match(
    'dates with dots',
    { birthDate: '1990-01-15' },
    { TGL_LHR: '15.01.1990' },
    { NIK: 'Sesuai', TGL_LHR: null },
    { data: { nik: { verdict: 'match' } } },
    { config: { dateFormat: 'DD.MM.YYYY' } },
  ),
  match(
    'neither yes nor no',
    { fullName: 'Warga Contoh' },
    { NAMA_LGKP: 'WARGA CONTOH' },
    { NIK: 'Sesuai', NAMA_LGKP: 'Mirip (88)' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  match(
    'a similarity above 100',
    { fullName: 'Warga Contoh' },
    { NAMA_LGKP: 'WARGA CONTOH' },
    { NIK: 'Sesuai', NAMA_LGKP: 'Sesuai (101)' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  match(
    'the record in place of verdicts',
    { fullName: 'Warga Contoh' },
    { NAMA_LGKP: 'WARGA CONTOH' },
    { NIK: '9999011501900001n', NAMA_LGKP: 'WARGA CONTOH SATU' },
    { failure: 'UPSTREAM_INVALID' },
  ),
  match(
    'no verdict',
    { fullName: 'Warga Contoh' },
    { NAMA_LGKP: 'WARGA CONTOH' },
    {},
    { failure: 'UPSTREAM_INVALID' },
  ),
]

/** Families that it does not know. */
const oddFamilies = [
  family(
    "members in the registry's order; the head's address is the family's",
    [
      {
        NIK: '9999015203920003n',
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'ISTRI CONTOH SATU',
        STAT_HBKEL: 'ISTRI',
        ALAMAT: 'JL LAMA',
      },
      {
        NIK: '9999011501900001n',
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'WARGA CONTOH SATU',
        STAT_HBKEL: 'KEPALA  KELUARGA',
        ALAMAT: 'JL CONTOH NO 1',
      },
      {
        NIK: '9999010806150005n',
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'ANAK CONTOH PERTAMA',
        STAT_HBKEL: 'ANAK ASUH',
        ALAMAT: 'JL CONTOH NO 1',
      },
    ],
    {
      data: {
        familyCardNumber: '9999010101200001',
        address: { street: 'JL CONTOH NO 1' },
        members: [
          {
            nik: '9999015203920003',
            fullName: 'ISTRI CONTOH SATU',
            familyRelation: { code: 'wife', text: 'ISTRI' },
          },
          {
            nik: '9999011501900001',
            fullName: 'WARGA CONTOH SATU',
            familyRelation: { code: 'head', text: 'KEPALA  KELUARGA' },
          },
          {
            nik: '9999010806150005',
            fullName: 'ANAK CONTOH PERTAMA',
            familyRelation: { code: 'unknown', text: 'ANAK ASUH' },
          },
        ],
      },
    },
    { warnings: ['/members/*/familyRelation'] },
  ),
  family(
    'half a family',
    [
      {
        NIK: '9999015203920003n',
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'ISTRI CONTOH SATU',
        STAT_HBKEL: 'ISTRI',
        ALAMAT: 'JL LAMA',
      },
      {
        NIK: '9999011501900001n',
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'WARGA CONTOH SATU',
        STAT_HBKEL: 'KEPALA  KELUARGA',
        ALAMAT: 'JL CONTOH NO 1',
      },
    ],
    { failure: 'UPSTREAM_INVALID' },
    { totalElements: 3 },
  ),
  family(
    'a member of another family',
    [
      {
        NIK: '9999011501900001n',
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'WARGA CONTOH SATU',
        STAT_HBKEL: 'KEPALA  KELUARGA',
        ALAMAT: 'JL CONTOH NO 1',
      },
      {
        NIK: '9999015203920003n',
        NO_KK: '9999010101200002n',
        NAMA_LGKP: 'ISTRI CONTOH SATU',
        STAT_HBKEL: 'ISTRI',
        ALAMAT: 'JL LAMA',
      },
    ],
    { failure: 'UPSTREAM_INVALID' },
  ),
  family(
    'a member without NIK',
    [
      {
        NIK: '9999011501900001n',
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'WARGA CONTOH SATU',
        STAT_HBKEL: 'KEPALA  KELUARGA',
        ALAMAT: 'JL CONTOH NO 1',
      },
      {
        NIK: null,
        NO_KK: '9999010101200001n',
        NAMA_LGKP: 'ISTRI CONTOH SATU',
        STAT_HBKEL: 'ISTRI',
        ALAMAT: 'JL LAMA',
      },
    ],
    { failure: 'UPSTREAM_INVALID' },
  ),
]

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
  exchanges: [
    ...fixtures.exchanges,
    ...oddRecords,
    ...oddVerdicts,
    ...oddFamilies,
    ...codedRefusals,
    ...textRefusals,
    ...oddRefusals,
    ...birthDates,
  ],
})
