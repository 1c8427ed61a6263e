import { describeAdapter } from '#gateway/conformance/describe-adapter.ts'
import adapter from './adapter.ts'
import fixtures from './fixtures.json' with { type: 'json' }
import notices from './notices.json' with { type: 'json' }

const request = (method: string, body: object) => ({ method: 'POST', path: `/v1/kl/rba/${method}`, body })
const answered = (body: object, status = 200) => ({ status, body })

const aboutNib = '9999900000007'
const [{ body: everything, expect: told }] = notices as unknown as [
  { body: { dataNIB: object }; expect: { data: object } },
]

/** A lookup that finds this record; the one with every element stands first, so that all trouble is made with it. */
const lookup = (name: string, dataNIB: unknown, expect: object, warnings: string[] = []) => ({
  name,
  capability: 'business.lookup',
  input: { nib: aboutNib },
  request: request('inqueryNIB', { INQUERYNIB: { nib: aboutNib } }),
  response: answered({ responinqueryNIB: { kode: '200', keterangan: 'Sukses', dataNIB } }),
  expect,
  warnings,
})
const record = { nib: aboutNib, nama_perseroan: 'CONTOH LENGKAP' }
const data = { nib: aboutNib, name: 'CONTOH LENGKAP' }
const invalid = { failure: 'UPSTREAM_INVALID' }

const complete = lookup('every element told', everything.dataNIB, { data: told.data })

const withElement = (
  name: string,
  key: string,
  wire: unknown,
  path: string,
  value: unknown,
): ReturnType<typeof lookup> => {
  const at = (object: object, [head = '', ...rest]: string[]): object => ({
    ...object,
    [head]: rest.length > 0 ? at({}, rest) : value,
  })
  const wireRecord = { ...record, [key]: wire }
  return lookup(
    `${name}: ${JSON.stringify(wire)}`,
    wireRecord,
    value === undefined ? invalid : { data: at(data, path.split('/')) },
  )
}

const values = [
  ...[
    ['9973000000', '9973'],
    [9973000000, '9973'],
    ['9973014000', '9973014000'],
    ['99.00.00.0000', '99'],
    ['99.01.01.0000', '990101'],
    ['99.01.01.1004', '9901011004'],
    ['9901', '9901'],
    ['0000', null],
    ['99010', undefined],
  ].map(([wire, value]) => withElement('a region', 'perseroan_daerah_id', wire, 'address/region', value)),
  ...[
    ['2026-01-05', '2026-01-05'],
    ['2026-01-05 10:15:00', '2026-01-05'],
    ['20260105', '2026-01-05'],
    ['0000-00-00', null],
    ['-', null],
    ['2026-02-30', undefined],
    ['05-01-2026', undefined],
    ['01/05/2026', undefined],
  ].map(([wire, value]) => withElement('a date', 'tgl_terbit_nib', wire, 'issuedOn', value)),
  ...[
    [500_000_000, 500_000_000],
    ['500000000.00', 500_000_000],
    ['500000000.6', 500_000_001],
    ['0', 0],
    ['', null],
    ['500.000.000', undefined], // thousands or not: never a guess
    ['500,5', undefined],
    [-1, undefined],
    ['9'.repeat(17), undefined],
  ].map(([wire, value]) => withElement('rupiah', 'total_modal_dasar', wire, 'capital/authorised', value)),
  ...[
    ['99.990.000.7-999.000', '999900007999000'],
    ['9999000079990', '009999000079990'],
    ['9999014611830045n', '9999014611830045'],
    ['00.000.000.0-000.000', null],
    ['12345678901234567', undefined],
  ].map(([wire, value]) => withElement('a taxpayer number', 'npwp_perseroan', wire, 'npwp', value)),
]

const links = [
  ['https://oss.example/izin.pdf', 'https://oss.example/izin.pdf'],
  ['HTTP://oss.example/izin.pdf', 'HTTP://oss.example/izin.pdf'],
  ['/berkas/izin.pdf', null],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['JVBERi0xLjQK', null],
  ['https://', null],
].map(([file_izin, document]) =>
  lookup(
    `a document: ${JSON.stringify(file_izin)}`,
    { ...record, data_checklist: [{ file_izin }] },
    { data: { ...data, licences: [{ document }] } },
  ),
)

const zeros = '0000000000077'
const oddRecords = [
  lookup(
    'keys without the blanks',
    { ...record, tipe_dokumen: 3, data_checklist: [{ nm_dokumen: 'SPPL' }] },
    {
      data: {
        ...data,
        documentKind: { code: 'revocation', text: 'Pencabutan' },
        licences: [{ environmentalDocument: { name: 'SPPL' } }],
      },
    },
  ),
  lookup(
    'lists that are null or an empty text',
    { ...record, pemegang_saham: null, data_proyek: '' },
    { data },
  ),
  lookup(
    'a flag that is neither yes nor no',
    { ...record, data_checklist: [{ flag_transaksional: 'X' }] },
    { data: { ...data, licences: [{ isRepeatable: null }] } },
  ),
  lookup(
    'a KBLI of four digits, as a text',
    { ...record, data_proyek: [{ id_proyek: 'R-1', kbli: '1111' }] },
    invalid,
  ),
  lookup('another NIB than asked', { ...record, nib: '9999900000008' }, invalid),
  {
    ...lookup(
      'a NIB that is a number has lost its zeros',
      { ...record, nib: 77 },
      { data: { ...data, nib: zeros } },
    ),
    input: { nib: zeros },
    request: request('inqueryNIB', { INQUERYNIB: { nib: zeros } }),
  },
  {
    ...lookup('a NIB that is half a text is not completed', { ...record, nib: '77' }, invalid),
    input: { nib: zeros },
    request: request('inqueryNIB', { INQUERYNIB: { nib: zeros } }),
  },
  lookup('success, and nothing found', [], invalid),
  lookup('success, and no record', null, { ...invalid, upstreamCode: '200' }),
  lookup('success, and a record of empty texts', { nib: '', nama_perseroan: '' }, invalid),
]

/** The codes that a counter sees most, each with the number and the text in which it may come; and news. */
const coded = [
  ...(
    [
      ['01', 'active', 'Aktif'],
      ['02', 'notYetActive', 'Belum Aktif'],
      ['03', 'mayPrepare', 'Diizinkan Usaha'],
      ['04', 'mayOperate', 'Diizinkan Beroperasi'],
      ['05', 'suspended', 'Dibekukan'],
      ['06', 'revoked', 'Dicabut'],
    ] as const
  ).flatMap(([wire, code, text]) =>
    [wire, Number(wire), text].map(status_nib =>
      lookup(
        `status of a NIB ${JSON.stringify(status_nib)}`,
        { ...record, status_nib },
        { data: { ...data, status: { code, text } } },
      ),
    ),
  ),
  lookup(
    'a status of a NIB in no list is unknown, not active',
    { ...record, status_nib: '07' },
    { data: { ...data, status: { code: 'unknown', text: '07' } } },
    ['/status'],
  ),
]

const npwpAnswers = [
  ['the same company in the old form', '0999900007999000', '999900007999000', true],
  ['the same company in the new form', '999900007999000', '0999900007999000', true],
  ['a citizen of whom only the old form is told', '9999014611830045', '999900007999000', true],
  ['nothing told of the taxpayer', '999900007999000', '', true],
  ['a branch of the company', '999900007999000', '0999900007999000000001', true],
  ['a branch of another company', '999900007999000', '0999900008999000000001', false],
  ['another company', '999900007999000', '999900008999000', false],
  ['another citizen', '9999014611830045', '9999015203920003', false],
].map(([name, npwp, npwp_perseroan, isAsked]) => ({
  ...lookup(
    `by taxpayer number: ${name}`,
    { ...record, npwp_perseroan },
    isAsked ? { data: { ...data, npwp: npwp_perseroan || null } } : invalid,
  ),
  input: { npwp },
  request: request('inqueryNIB', { INQUERYNIB: { npwp: String(npwp).padStart(16, '0') } }),
}))

const refusals = [
  [400, 'Data NIB tidak ditemukan', 'NOT_FOUND'],
  [400, '  DATA  NIB TIDAK   DITEMUKAN ', 'NOT_FOUND'],
  [400, 'parameter tidak ditemukan', 'REJECTED'],
  [400, 'Data Parameter Salah', 'REJECTED'],
  [400, '', 'REJECTED'],
  [401, 'User Akses Tidak Valid', 'UPSTREAM_MISCONFIGURED'],
  // Of one method or licence, perhaps: the others go on.
  [403, 'Ilegal Inquery /Akses', 'UPSTREAM_INVALID'],
  [404, 'Service Tidak Ditemukan', 'UPSTREAM_INVALID'],
  [404, 'Data tidak ada di sini', 'UPSTREAM_INVALID'],
  [404, 'Data Izin Tidak Ditemukan', 'NOT_FOUND'],
  [404, 'Data / Service Tidak Ditemukan.', 'UPSTREAM_INVALID'],
  [405, 'Akses Service Ditolak', 'UPSTREAM_INVALID'],
  [500, 'Proses Payload Data Di Sistem OSS Gagal', 'UPSTREAM_UNAVAILABLE'],
  [504, 'Proses Payload Data Di Sistem OSS Timeout', 'UPSTREAM_TIMEOUT'],
] as const

/** Whatever the HTTP status, and whether the code is a number or a text. */
const codedRefusals = refusals.flatMap(([kode, keterangan, failure]) =>
  [200, kode].flatMap(status =>
    [kode, String(kode)].map(code => ({
      ...lookup(`${JSON.stringify(code)} "${keterangan}" with HTTP ${status}`, undefined, {
        failure,
        upstreamCode: String(kode),
      }),
      response: answered({ responinqueryNIB: { kode: code, keterangan, dataNIB: [] } }, status),
    })),
  ),
)

const oddRefusals = [
  { kode: 201, upstreamCode: 'unlisted 201' },
  { kode: 'GAGAL', upstreamCode: 'unlisted' },
  { kode: 'constructor', upstreamCode: 'unlisted' },
  { kode: '9999014611830045', upstreamCode: 'unlisted' },
].map(({ kode, upstreamCode }) => ({
  ...lookup(`a code in no list is never a success: ${kode}`, undefined, {
    failure: 'UPSTREAM_INVALID',
    upstreamCode,
  }),
  response: answered({ responinqueryNIB: { kode, keterangan: 'Sukses', dataNIB: record } }),
}))

/** The house before OSS speaks for itself: then the status is all there is. */
const withoutWrapper = [
  [403, 'UPSTREAM_MISCONFIGURED'],
  [500, 'UPSTREAM_UNAVAILABLE'],
].map(([status, failure]) => ({
  ...lookup(`HTTP ${status} without a word of OSS`, undefined, { failure, upstreamCode: `HTTP ${status}` }),
  response: answered({ message: 'Authentication failed' }, Number(status)),
}))

const projectId = 'R-2026010508000000000001'
const project = (name: string, response: object, expect: object) => ({
  name,
  capability: 'business.projects',
  input: { nib: '9999900000001', projectId },
  request: request('inqueryProyek', { nib: '9999900000001', id_proyek: projectId }),
  response: answered(response),
  expect,
})
const found = (row: object) => ({ kode_status: '200', keterangan: 'sukses', data: row })
const projects = [
  project(
    'the spellings of the table: npwp_perusahaaan, alamat_perusahaan, skala_usaha',
    found({
      nama_perusahaan: 'USAHA CONTOH',
      alamat_perusahaan: 'JL CONTOH NO 10',
      npwp_perusahaaan: '0999900000999000',
      skala_usaha: '01',
      data_proyek: [{ id_proyek: projectId }],
    }),
    {
      data: {
        name: 'USAHA CONTOH',
        address: 'JL CONTOH NO 10',
        npwp: '0999900000999000',
        scale: { code: 'micro', text: 'Usaha Mikro' },
        projects: [{ projectId }],
      },
    },
  ),
  project(
    'another project than asked',
    found({ nama_perusahaan: 'USAHA CONTOH', data_proyek: [{ id_proyek: 'R-2026010508000000000002' }] }),
    invalid,
  ),
  project('success without projects', found({ nama_perusahaan: 'USAHA CONTOH', data_proyek: [] }), invalid),
  project(
    'a parameter is missing; meta says which',
    {
      kode_status: 400,
      keterangan: 'parameter tidak ditemukan',
      data: null,
      meta: [{ message: 'id_proyek is required', field: 'id_proyek' }],
    },
    { failure: 'REJECTED', upstreamCode: '400' },
  ),
]

const licenceId = 'I-2026010508000000000001'
const licence = (name: string, dataLicense: object, expect: object) => ({
  name,
  capability: 'licence.lookup',
  input: { licenceId },
  request: request('inqueryLicense', { INQUERYLICENSE: { id_izin: licenceId } }),
  response: answered({ dataLicense }),
  expect,
})
const licences = [
  ...[false, 'false', ' False'].map(success =>
    licence(
      `a code of success that is none: ${JSON.stringify(success)}`,
      { success, code: 200, message: 'gagal', data: { id_izin: licenceId } },
      { failure: 'UPSTREAM_INVALID', upstreamCode: '200' },
    ),
  ),
  licence(
    'another licence than asked',
    { success: true, code: 200, data: { id_izin: 'I-2026010508000000000002' } },
    invalid,
  ),
  licence(
    'an id is missing; meta says so',
    {
      code: 400,
      message: 'Parameter tidak ditemukan',
      success: false,
      data: null,
      meta: [{ message: 'INQUERYLICENSE.id_izin is not allowed to be empty', field: 'id_izin' }],
    },
    { failure: 'REJECTED', upstreamCode: '400' },
  ),
]

const status = (name: string, wrapper: string, answer: object, expect: object, warnings: string[] = []) => ({
  name,
  capability: 'licence.status',
  input: { licenceId },
  request: request('checkLicenseStatus', { CHECKLICENSESTATUS: { id_izin: licenceId } }),
  response: answered({ [wrapper]: answer }),
  expect,
  warnings,
})
const ofLicence = (kd_status: unknown, rest: object = {}) => ({
  kode: 200,
  keterangan: 'Sukses',
  dataIZIN: { id_izin: licenceId, kd_status, ...rest },
})
const approved = { data: { licenceId, status: { code: 'approved', text: 'Disetujui' } } }
const wrappers = ['responcheckLicenseStatus', 'responcheckStatusLicense', 'responsecheckStatusLicense']
const statuses = [
  ...wrappers.flatMap(wrapper => [
    status(`success in ${wrapper}`, wrapper, ofLicence('50'), approved),
    status(
      `failure in ${wrapper}`,
      wrapper,
      {
        kode: 500,
        keterangan: 'Terjadi kesalahan sistem, hubungi tim teknis OSS',
        dataIZIN: { id_izin: '' },
      },
      { failure: 'UPSTREAM_UNAVAILABLE', upstreamCode: '500' },
    ),
  ]),
  status('a fourth wrapper', 'responCheckLicense', ofLicence('50'), invalid),
  status(
    'the status of the sample, which is in no list, is neither granted nor refused',
    wrappers[1]!,
    ofLicence('58', { uraian_status: 'Izin terbit/SS terverifikasi', file_lampiran: 'lampiran.pdf' }),
    {
      data: {
        licenceId,
        status: { code: 'unknown', text: '58' },
        statusText: 'Izin terbit/SS terverifikasi',
        attachment: null,
      },
    },
    ['/status'],
  ),
  status(
    'a status with a digit too many is not approved',
    wrappers[0]!,
    ofLicence('050'),
    { data: { licenceId, status: { code: 'unknown', text: '050' } } },
    ['/status'],
  ),
  status('no status at all', wrappers[0]!, ofLicence(''), invalid),
  status(
    'another licence than asked',
    wrappers[0]!,
    ofLicence('50', { id_izin: 'I-2026010508000000000002' }),
    invalid,
  ),
]

const table = (name: string, answer: object, expect: object) => ({
  name,
  capability: 'reference-table.read',
  input: { table: 'zones' },
  request: request('getDataReferensi', { GETDATAREFERENSI: { kode: '32' } }),
  response: answered({ respongetDataReferensi: answer }),
  expect,
})
const tables = [
  table(
    'a refusal',
    { kode: '400', keterangan: 'Data Parameter Salah' },
    { failure: 'REJECTED', upstreamCode: '400' },
  ),
  table('an empty table is no table', { kode: '200', keterangan: 'Sukses', dataReferensi: [] }, invalid),
]

describeAdapter(adapter, {
  ...fixtures,
  exchanges: [
    complete,
    ...fixtures.exchanges,
    ...values,
    ...links,
    ...oddRecords,
    ...coded,
    ...npwpAnswers,
    ...codedRefusals,
    ...oddRefusals,
    ...withoutWrapper,
    ...projects,
    ...licences,
    ...statuses,
    ...tables,
  ],
  // Calls that the stand-in cannot make: one that tells everything first.
  inbound: [...notices, ...fixtures.inbound],
})
