/**
 * The methods that a ministry or a mall asks OSS with, each in its own wording: the wrapper of the question, those of
 * the answer, and what stands for nothing. They differ from one method to the next, and so they do at OSS.
 */
import type { DataNib, LicenceEntry } from './businesses.ts'
import { licenceStatuses, references, responses, statusOfExample, type RefusalCode } from './references.ts'
import type { Licence, Register } from './register.ts'
import { textOf } from './wire.ts'

/** As it came: nothing of it is sure. */
type Question = Readonly<Record<string, unknown>>

interface Method {
  /** The key that the question stands under; none: the body is the question. */
  wrapper?: string
  /** The whole answer, or why there is none. */
  answer(question: Question, register: Register): object | Refusal
  /** How this method says no. */
  refuse(refusal: Refusal): object
}

/** What is wrong with one field of a question, as the newer methods tell it. */
interface FieldProblem {
  message: string
  field: string
}

export class Refusal {
  readonly kode: RefusalCode
  readonly keterangan: string
  readonly meta: readonly FieldProblem[] | null

  constructor(
    kode: RefusalCode,
    keterangan: string = responses[kode],
    meta: readonly FieldProblem[] | null = null,
  ) {
    this.kode = kode
    this.keterangan = keterangan
    this.meta = meta
  }
}

const nibNotFound = new Refusal(400, 'Data NIB tidak ditemukan')
const licenceNotFound = new Refusal(400, 'Data izin tidak ditemukan')

const inqueryNIB: Method = {
  wrapper: 'INQUERYNIB',
  answer({ nib, npwp, oss_id: ossId }, register) {
    if (!isNib(nib) && !isNpwp(npwp)) return new Refusal(400)
    const record = isNib(nib) ? register.findByNib(nib) : register.findByNpwp(textOf(npwp))
    if (!record || (ossId && ossId !== record.oss_id)) return nibNotFound
    return { responinqueryNIB: { kode: 200, keterangan: 'Sukses', dataNIB: record } }
  },
  refuse: ({ kode, keterangan }) => ({ responinqueryNIB: { kode, keterangan, dataNIB: [] } }),
}

const checkNIB: Method = {
  wrapper: 'CHECKNIB',
  answer({ nib }, register) {
    if (!isNib(nib)) return new Refusal(400)
    const record = register.findByNib(nib)
    if (!record) return nibNotFound
    const dataNIB = { nib, nama_perusahaan: record.nama_perseroan, status: record.status_nib }
    return { responcheckNIB: { kode: 200, keterangan: 'Sukses', dataNIB } }
  },
  refuse: ({ kode, keterangan }) => ({
    responcheckNIB: { kode, keterangan, dataNIB: { nib: '', nama_perusahaan: '', status: '' } },
  }),
}

const fetchNIB: Method = {
  wrapper: 'FETCHNIB',
  answer(question, register) {
    const missing = missingFields(question, ['nib'])
    if (missing) return missing
    const record = register.findByNib(textOf(question['nib']))
    if (!record) return nibNotFound
    const dataNIB = {
      _id: record.nib.padStart(24, '0'),
      ...pick(record, ['nib', 'tgl_pengajuan_nib', 'tgl_terbit_nib', 'tgl_perubahan_nib', 'oss_id']),
      jenis_pelaku_usaha: record.jenis_pelaku_usaha,
      jenis_perusahaan: record.jenis_perseroan,
      ...pick(record, ['skala_usaha', 'status_penanaman_modal', 'nama_perseroan', 'alamat_perseroan']),
      ...pick(record, ['rt_rw_perseroan', 'perseroan_daerah_id']),
      data_proyek: record.data_proyek.map(project => ({
        id_proyek: project.id_proyek,
        kd_resiko: project.skala_resiko || null,
        jenis_proyek: project.jenis_proyek || null,
        uraian_usaha: project.uraian_usaha,
        kbli: licencesOf(record, project).map(licence => ({
          kbli: project.kbli,
          nama_kbli: project.uraian_usaha,
          id_izin: licence.id_izin,
          no_izin: licence.no_izin || null,
          kd_izin: licence.kd_izin,
          tipe_oss: 'RBA',
          jenis_perizinan: licence.jenis_izin,
          tgl_masa_berlaku: null,
        })),
      })),
    }
    return { responfetchNIB: { kode: 200, keterangan: 'Sukses', dataNIB, meta: null } }
  },
  refuse: ({ kode, keterangan, meta }) => ({ responfetchNIB: { kode, keterangan, dataNIB: null, meta } }),
}

const inqueryLicense: Method = {
  wrapper: 'INQUERYLICENSE',
  answer(question, register) {
    const missing = missingFields(question, ['id_izin'])
    if (missing) return missing
    const licence = register.findLicence(textOf(question['id_izin']))
    if (!licence) return licenceNotFound
    const { business, entry } = licence
    const wantsDocuments = question['data_persyaratan'] === true || question['data_persyaratan'] === 'true'
    const data = {
      oss_id: business.oss_id,
      ...pick(entry, ['id_izin', 'kd_izin', 'kd_daerah', 'kewenangan']),
      data_proyek: business.data_proyek
        .filter(({ id_proyek }) => id_proyek === entry.id_proyek)
        .map(project => pick(project, projectKeysOfLicense)),
      data_checklist: [
        {
          ...pick(entry, licenceKeysOfLicense),
          data_persyaratan: wantsDocuments ? entry.data_persyaratan : undefined,
        },
      ],
    }
    const message = 'Berhasil mendapatkan data izin'
    return { dataLicense: { success: true, code: 200, message, data, meta: null } }
  },
  refuse: ({ kode, keterangan, meta }) => ({
    dataLicense: { code: kode, message: keterangan, success: false, data: null, meta },
  }),
}

const inqueryProyek: Method = {
  answer(question, register) {
    const missing = missingFields(question, ['nib', 'id_proyek'])
    if (missing) return missing
    const record = register.findByNib(textOf(question['nib']))
    if (!record) return nibNotFound
    const { id_proyek: id, kbli } = question
    const projects = record.data_proyek.filter(
      project => project.id_proyek === id && (!kbli || textOf(project.kbli) === textOf(kbli)),
    )
    if (projects.length === 0) return new Refusal(400, 'Data proyek tidak ditemukan')
    return {
      kode_status: 200,
      keterangan: 'sukses',
      data: {
        nama_perusahaan: record.nama_perseroan,
        alamat_perseroan: record.alamat_perseroan,
        npwp_perusahaan: record.npwp_perseroan,
        jenis_pelaku_usaha: record.jenis_pelaku_usaha,
        tgl_terbit_nib: record.tgl_terbit_nib,
        skala_usaha_final: record.skala_usaha,
        data_proyek: projects.map(project => ({
          id_proyek: id,
          kbli: project.kbli,
          npwp_kantor_cabang: project.npwp_cabang,
          skala_usaha: project.skala_usaha,
          tgl_pengajuan_proyek: record.tgl_pengajuan_nib,
          alamat_usaha: record.alamat_perseroan,
          kd_daerah: record.perseroan_daerah_id,
          sub_jumlah: Number(project.sub_jumlah),
          modal_kerja: Number(project.modal_kerja),
          jumlah_investasi: Number(project.jumlah_investasi),
          fasilitas: [],
          data_teknis_lokasi: null,
          data_checklist: licencesOf(record, project).map(licence =>
            pick(licence, ['id_izin', 'kd_izin', 'nama_izin', 'no_izin', 'tgl_izin']),
          ),
          satu_lini: [],
        })),
      },
    }
  },
  refuse: ({ kode, keterangan, meta }) => ({ kode_status: kode, keterangan, data: null, meta }),
}

/** The guide names three wrappers for its answer; the two of its examples are in use. */
const checkLicenseStatus: Method = {
  wrapper: 'CHECKLICENSESTATUS',
  answer({ id_izin: id }, register) {
    if (typeof id !== 'string' || id === '') return new Refusal(400)
    const licence = register.findLicence(id)
    if (!licence) return licenceNotFound
    const { business, entry, status } = licence
    const dataIZIN = {
      nib: business.nib,
      id_proyek: entry.id_proyek,
      id_izin: id,
      kd_status: status,
      uraian_status: licenceStatuses.get(status) ?? '',
      file_lampiran: entry.file_izin,
    }
    return { responcheckStatusLicense: { kode: 200, keterangan: 'Sukses', dataIZIN } }
  },
  refuse: ({ kode, keterangan }) => ({
    responsecheckStatusLicense: { kode, keterangan, dataIZIN: { id_izin: '' } },
  }),
}

const receiveLicense: Method = {
  wrapper: 'IZINFINAL',
  answer(order, register) {
    const licence = licenceOf(order, { keys: keysOfDecision, status: order['status_izin'] }, register)
    if (licence instanceof Refusal) return licence
    const { id_izin, jenis_izin } = licence.entry
    const id = textOf(id_izin)
    register.note({ method: 'receiveLicense', id_izin: id, given: order })
    register.setLicenceStatus(id, textOf(order['status_izin']))
    register.changeLicence(id, changesIn(order))
    return {
      responreceiveLicense: {
        kode: 200,
        keterangan: 'Sukses',
        nomor_izin: order['nomor_izin'],
        jenis_perizinan: order['jenis_perizinan'] ?? jenis_izin,
        file_lampiran: order['file_lampiran'] ?? '',
      },
    }
  },
  refuse: ({ kode, keterangan }) => ({ responreceiveLicense: { kode, keterangan } }),
}

const receiveLicenseStatus: Method = {
  wrapper: 'IZINSTATUS',
  answer(order, register) {
    const licence = licenceOf(order, { keys: keysOfStatus, status: order['kd_status'] }, register)
    if (licence instanceof Refusal) return licence
    const id = textOf(licence.entry.id_izin)
    register.note({ method: 'receiveLicenseStatus', id_izin: id, given: order })
    register.setLicenceStatus(id, textOf(order['kd_status']))
    return { responreceiveLicenseStatus: { kode: 200, keterangan: 'Sukses', dataNIB: {} } }
  },
  refuse: ({ kode, keterangan }) => ({ responreceiveLicenseStatus: { kode, keterangan, dataNIB: {} } }),
}

const updateLicense: Method = {
  wrapper: 'IZINFINAL',
  answer(order, register) {
    const licence = licenceOf(order, { keys: keysOfChange, status: order['status_izin'] }, register)
    if (licence instanceof Refusal) return licence
    const id = textOf(licence.entry.id_izin)
    register.note({ method: 'updateLicense', id_izin: id, given: order })
    register.changeLicence(id, changesIn(order))
    return {
      responupdateLicense: {
        kode: 200,
        keterangan: 'Sukses',
        keterangan_reset_izin_ds: 'Berhasil Reset DS',
        nomor_izin: order['nomor_izin'],
      },
    }
  },
  refuse: ({ kode, keterangan }) => ({
    responupdateLicense: { kode, keterangan, keterangan_reset_izin_ds: 'Gagal Reset DS', nomor_izin: '' },
  }),
}

/** Alone in telling its code as a text. */
const getDataReferensi: Method = {
  wrapper: 'GETDATAREFERENSI',
  answer({ kode }) {
    const table = references.get(textOf(kode))
    if (!table) return new Refusal(400)
    const dataReferensi = [...table].map(([code, text]) => ({
      kode_referensi: code,
      uraian_referensi: text,
      keterangan_referensi: '',
    }))
    return { respongetDataReferensi: { kode: '200', keterangan: 'Sukses', dataReferensi } }
  },
  refuse: ({ kode, keterangan }) => ({ respongetDataReferensi: { kode: String(kode), keterangan } }),
}

/** By the last segment of the path. */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    inqueryNIB,
    checkNIB,
    fetchNIB,
    inqueryLicense,
    inqueryProyek,
    checkLicenseStatus,
    receiveLicense,
    receiveLicenseStatus,
    updateLicense,
    getDataReferensi,
  }),
)

const projectKeysOfLicense = [
  'id_proyek',
  'nomor_proyek',
  'uraian_usaha',
  'jumlah_tki_l',
  'jumlah_tki_p',
  'jumlah_tka_l',
  'jumlah_tka_p',
  'kbli',
  'sektor',
  'memiliki_menguasai',
  'jenis_lokasi',
  'status_tanah',
  'luas_tanah',
  'satuan_luas_tanah',
] as const

const licenceKeysOfLicense = [
  'id_produk',
  'id_proyek',
  'id_izin',
  'jenis_izin',
  'kd_izin',
  'kd_daerah',
  'nama_izin',
  'instansi',
  'id_bidang_spesifik',
  'bidang_spesifik',
  'id_kewenangan',
  'parameter_kewenangan',
  'kewenangan',
  'flag_checklist',
  'flag_transaksional',
  'flag_perpanjangan',
  'no_izin',
  'tgl_izin',
] as const

const keys = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Each must be there, as a text; it may be empty, as in the guide's own examples. */
const keysOfDecision = keys(`
  nib id_proyek oss_id id_izin kd_izin kd_daerah nomor_izin tgl_terbit_izin tgl_berlaku_izin
  nama_ttd nip_ttd jabatan_ttd status_izin`)
const keysOfChange = [
  ...keysOfDecision,
  ...keys(`
    kewenangan file_izin keterangan file_lampiran nomenklatur_nomor_izin bln_berlaku_izin thn_berlaku_izin`),
]
const keysOfStatus = keys(`
  nib id_produk id_proyek oss_id id_izin kd_izin kd_instansi kd_status tgl_status nip_status nama_status
  keterangan`)

/** The licence that an order is about, or what is wrong with the order. */
function licenceOf(
  order: Question,
  given: { keys: readonly string[]; status: unknown },
  register: Register,
): Licence | Refusal {
  const isListed = licenceStatuses.has(textOf(given.status)) && given.status !== statusOfExample
  if (!isListed || given.keys.some(key => typeof order[key] !== 'string')) return new Refusal(400)
  const licence = register.findLicence(textOf(order['id_izin']))
  if (!licence) return licenceNotFound
  if (order['nib'] !== licence.business.nib) return nibNotFound
  if (order['oss_id'] !== licence.business.oss_id) return new Refusal(400, 'OSS ID tidak ditemukan')
  return licence
}

/** What an order says of the licence itself; an empty text changes nothing. */
function changesIn(order: Question): Partial<LicenceEntry> {
  const given = {
    no_izin: textOf(order['nomor_izin']),
    tgl_izin: textOf(order['tgl_terbit_izin']),
    file_izin: textOf(order['file_lampiran']) || textOf(order['file_izin']),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
}

/** How the newer methods check a question. */
function missingFields(question: Question, fields: readonly string[]): Refusal | null {
  const meta = fields
    .filter(field => typeof question[field] !== 'string' || question[field] === '')
    .map(field => ({ message: `${field} is required`, field }))
  return meta.length > 0 ? new Refusal(400, 'parameter tidak ditemukan', meta) : null
}

function licencesOf(record: DataNib, project: DataNib['data_proyek'][number]): readonly LicenceEntry[] {
  return record.data_checklist.filter(({ id_proyek }) => id_proyek === project.id_proyek)
}

function pick<Whole extends object, Key extends keyof Whole>(
  whole: Whole,
  keys: readonly Key[],
): Pick<Whole, Key> {
  return Object.fromEntries(keys.map(key => [key, whole[key]])) as Pick<Whole, Key>
}

function isNib(value: unknown): value is string {
  return typeof value === 'string' && /^\d{13}$/.test(value)
}

function isNpwp(value: unknown): value is string {
  return typeof value === 'string' && /^\d{16}$/.test(value)
}
