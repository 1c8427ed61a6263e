import { describeAdapter } from '#gateway/conformance/describe-adapter.ts'
import adapter from './adapter.ts'
import fixtures from './fixtures.json' with { type: 'json' }

const nik = '9999011501900001'

/** A question to one method, what came back, and what the counter gets. */
const exchange = (capability: string, path: string, input: object, sent: object) => ({
  with: (name: string, response: { status?: number; body: unknown }, expect: object) => ({
    name,
    capability,
    input,
    request: { method: 'POST', path, body: sent },
    response: { status: 200, ...response },
    expect,
  }),
})
const vehicle = exchange(
  'vehicle.lookup',
  '/korlantas/getbynopol',
  { licencePlate: 'X 1234 ABC' },
  { nopol: 'X 1234 ABC' },
)
const resident = exchange('resident.lookup', '/dukcapil/getbynik2', { nik }, { nik })
const licence = exchange(
  'driving-licence.lookup',
  '/sim/getbynosim',
  { drivingLicenceNumber: '999999010001', nik },
  { no_sim: '999999010001', nik },
)
const registrationNumber = 'SKCK/99/2026/000001'
const application = exchange(
  'police-record.status',
  '/skck/getbynoregistrasi',
  { registrationNumber, nik },
  { no_registrasi: registrationNumber, nik },
)

const invalid = (upstreamCode?: string) => ({
  failure: 'UPSTREAM_INVALID',
  ...(upstreamCode && { upstreamCode }),
})
const misconfigured = { failure: 'UPSTREAM_MISCONFIGURED', upstreamCode: 'HTTP 401' }
const rejected = { failure: 'REJECTED', upstreamCode: 'HTTP 400' }
const unauthorized = { status: 401, body: { message: 'Unauthorized' } }

// -- Vehicles ---------------------------------------------------------------------------------------------------------

const motorcycle = { STATUS: '1', Merk: 'MEREK CONTOH', Type: 'CONTOH 150 AT' }
const known = { brand: 'MEREK CONTOH', type: 'CONTOH 150 AT' }
const notFound = 'NRKB TIDAK DITEMUKAN DALAM DATABASE KAMI'

const vehicles = [
  ...(
    [
      ['few keys', motorcycle, { data: known }],
      [
        'numbers as numbers, a NIK beyond 2^53 among them',
        { ...motorcycle, TahunPembuatan: 2019, IsiCylinder: 149.5, KodePolda: 99, NIK: `${nik}n` },
        {
          data: {
            ...known,
            year: 2019,
            engineCapacity: 149.5,
            policeRegion: { code: '99', name: null },
            ownerNik: nik,
          },
        },
      ],
      ['a capacity with a comma', { ...motorcycle, IsiCylinder: '1.496,00' }, invalid()],
      ['a year that is none', { ...motorcycle, TahunPembuatan: '19' }, invalid()],
      ['half a NIK', { ...motorcycle, NIK: '99990115' }, invalid()],
      [
        'not found, spelled otherwise',
        { STATUS: '0', DESKRIPSI: ` ${notFound.toLowerCase().replaceAll(' ', '  ')} ` },
        { failure: 'NOT_FOUND', upstreamCode: '0' },
      ],
      ['a "no" that is no "not found"', { STATUS: '0', DESKRIPSI: 'SISTEM SIBUK' }, invalid('unlisted 0')],
      ['a "no" without a word', { STATUS: '0' }, invalid('unlisted 0')],
      ['another status is never a success', { ...motorcycle, STATUS: '2' }, invalid('unlisted 2')],
      ['a status that is a NIK goes nowhere', { ...motorcycle, STATUS: nik }, invalid('unlisted')],
    ] as const
  ).map(([name, row, expect]) => vehicle.with(name, { body: [row] }, expect)),
  vehicle.with('no row at all', { body: [] }, invalid()),
  vehicle.with('two rows', { body: [motorcycle, motorcycle] }, invalid()),
]

// -- Residents --------------------------------------------------------------------------------------------------------

const person = { NIK: `${nik}n`, NAMA_LGKP: 'WARGA CONTOH SATU' }
const found = { data: { nik, fullName: 'WARGA CONTOH SATU' } }
const passedOn = (row: object, envelope: object = {}) => ({
  body: { StatusDesc: 'Success', Payload: { content: [row] }, StatusCode: '00', nik, ...envelope },
})

const refusals = [
  ['Data Tidak Ditemukan', 'NOT_FOUND', undefined],
  ['Data Ditemukan, Meninggal Dunia', 'SUBJECT_DECEASED', '11'],
  ['NIK tidak dapat diproses', 'REJECTED', '08'],
  // The police's own access, not ours: nothing is held.
  ['IP Client  Tidak terdaftar', 'UPSTREAM_UNAVAILABLE', '04'],
  ['Instansi tidak aktif', 'UPSTREAM_UNAVAILABLE', '16'],
  ['Layanan ditutup', 'UPSTREAM_INVALID', 'unlisted'],
].map(([text, failure, upstreamCode]) =>
  resident.with(`the registry says "${text}"`, passedOn({ RESPON: text }), { failure, upstreamCode }),
)

const residents = [
  ...refusals,
  resident.with(
    'a refusal under another code',
    passedOn({ RESPON: 'Data Tidak Ditemukan' }, { StatusCode: '13' }),
    {
      failure: 'NOT_FOUND',
    },
  ),
  resident.with(
    'a code in no list is never a success',
    passedOn(person, { StatusCode: '99' }),
    invalid('unlisted 99'),
  ),
  resident.with(
    'a code that is a NIK goes nowhere',
    passedOn(person, { StatusCode: nik }),
    invalid('unlisted'),
  ),
  resident.with('a NIK that is not granted', passedOn({ NAMA_LGKP: 'WARGA CONTOH SATU' }), found),
  resident.with('a blank echo', passedOn(person, { nik: '' }), found),
  resident.with('an echo as a number', passedOn(person, { nik: `${nik}n` }), found),
  resident.with("somebody else's echo", passedOn(person, { nik: '9999015203920003' }), invalid()),
  resident.with("somebody else's row", passedOn({ ...person, NIK: '9999015203920003n' }), invalid()),
  resident.with('an empty envelope', { body: { StatusCode: '00', Payload: null, nik } }, invalid()),
  resident.with(
    'a request that they refuse',
    { status: 400, body: { message: 'request tidak valid' } },
    rejected,
  ),
  resident.with('wrong password', unauthorized, misconfigured),
]

// -- Driving licences and police records: assumed ------------------------------------------------------------------------

const card = { golongan: 'C', nama: 'WARGA CONTOH SATU', status: 'AKTIF' }
const holder = {
  class: { code: 'c', text: 'C' },
  fullName: 'WARGA CONTOH SATU',
  status: { code: 'active', text: 'AKTIF' },
}
const inEnvelope = (Payload: object, envelope: object = {}) => ({
  body: { StatusDesc: 'Success', Payload, StatusCode: '00', nik, ...envelope },
})

const licences = [
  licence.with('few keys', inEnvelope(card), { data: holder }),
  licence.with('a blank name', inEnvelope({ ...card, nama: ' ' }), invalid()),
  licence.with('a date that is none', inEnvelope({ ...card, berlaku_sampai: '31-02-2029' }), invalid()),
  licence.with(
    'a date in a format of its own',
    inEnvelope({ ...card, berlaku_sampai: '04/03/2029' }),
    invalid(),
  ),
  licence.with('a code in no list', inEnvelope(card, { StatusCode: '68' }), invalid('unlisted 68')),
  licence.with("somebody else's", inEnvelope(card, { nik: '9999015203920003' }), invalid()),
  licence.with('wrong password', unauthorized, misconfigured),
]

const told = (status: object, canBeIssued: true | null) => ({ registrationNumber, status, canBeIssued })
const applied = (status: string, more: object = {}) =>
  inEnvelope({ no_registrasi: registrationNumber, status, ...more })

/** In no state may a counter tell whoever has a record from whoever was not looked up yet, or has none. */
const records = (
  [
    ['TERDAFTAR', 'registered', null],
    ['TERBAYAR', 'paid', null],
    ['PENELITIAN_CATATAN', 'recordsCheck', null],
    ['SIDIK_JARI', 'fingerprints', null],
    ['TERBIT', 'issued', true],
    ['DITOLAK', 'refused', null],
    ['KEDALUWARSA', 'expired', null],
  ] as const
).flatMap(([text, code, canBeIssued]) =>
  [{ catatan: 'ADA' }, { catatan: 'ada ' }, { catatan: 'LAIN' }, { catatan: null }, {}].map(more =>
    application.with(`${text} and ${JSON.stringify(more)}`, applied(text, more), {
      data: told({ code, text }, canBeIssued),
    }),
  ),
)

const fingerprints = { code: 'fingerprints', text: 'SIDIK_JARI' }
const refused = { code: 'refused', text: 'DITOLAK' }
const applications = [
  ...records,
  application.with('no record, spelled otherwise', applied('SIDIK_JARI', { catatan: ' tidak  ada' }), {
    data: told(fingerprints, true),
  }),
  application.with('refused without a record', applied('DITOLAK', { catatan: 'TIDAK ADA' }), {
    data: told(refused, null),
  }),
  application.with('the amount as text', applied('SIDIK_JARI', { jumlah: '30000' }), {
    data: { ...told(fingerprints, null), amount: 30_000 },
  }),
  application.with('an amount with a dot', applied('SIDIK_JARI', { jumlah: '30.500' }), invalid()),
  application.with(
    'another application',
    applied('SIDIK_JARI', { no_registrasi: 'SKCK/99/2026/000002' }),
    invalid(),
  ),
  application.with('wrong password', unauthorized, misconfigured),
]

describeAdapter(adapter, {
  config: fixtures.config,
  exchanges: [...fixtures.exchanges, ...vehicles, ...residents, ...licences, ...applications],
})
