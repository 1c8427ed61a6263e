/**
 * What OSS is told of a licence, key by key in the order of its document. What must be there and is not known is `""`, as in its
 * samples; what may be left out is left out.
 */
import type { z } from 'zod'
import { licenceAuthority, licenceKind, licenceStatus } from '#contracts/licence-codes.ts'
import type { licenceIssue, licenceReportStatus, licenceUpdate } from '#contracts/licence-orders.ts'
import { wireOf } from './values.ts'

type Issue = z.output<typeof licenceIssue.input>
type Update = z.output<typeof licenceUpdate.input>
type Report = z.output<typeof licenceReportStatus.input>

/** Higher levels are padded with zeros: the regency 3201 is `3201000000`. */
const wireRegion = (region: string): string => region.padEnd(10, '0')

const idsOf = ({ nib, projectId, ossId, licenceId, code }: Issue | Update) => ({
  nib,
  id_proyek: projectId,
  oss_id: ossId,
  id_izin: licenceId,
  kd_izin: code,
})

const licenceOf = ({ number = '', issuedOn = '', validUntil = '', signer, status }: Issue | Update) => ({
  nomor_izin: number,
  tgl_terbit_izin: issuedOn,
  tgl_berlaku_izin: validUntil,
  nama_ttd: signer?.name ?? '',
  nip_ttd: signer?.civilServantNumber ?? '',
  jabatan_ttd: signer?.position ?? '',
  status_izin: wireOf(licenceStatus, status),
})

/** IZINFINAL of `receiveLicense`. */
export const issueBody = (input: Issue) => ({
  ...idsOf(input),
  kd_daerah: wireRegion(input.region),
  ...licenceOf(input),
  file_izin: input.document,
  keterangan: input.note,
  file_lampiran: input.attachment,
  nomenklatur_nomor_izin: input.numberFormat,
  bln_berlaku_izin: input.validMonths,
  thn_berlaku_izin: input.validYears,
  jenis_perizinan: input.kind && wireOf(licenceKind, input.kind),
  data_teknis: input.building && {
    id_komitmen: input.building.commitmentId,
    luas_bangunan_disetujui: input.building.area?.toString(),
    jumlah_lantai_disetujui: input.building.floors?.toString(),
    tinggi_bangunan_disetujui: input.building.height?.toString(),
    luas_basement_disetujui: input.building.basementArea?.toString(),
    jumlah_lantai_basement_disetujui: input.building.basementFloors?.toString(),
  },
})

/** IZINFINAL of `updateLicense`: every key must be there, and months and years are texts. */
export const updateBody = (input: Update) => ({
  ...idsOf(input),
  kd_daerah: wireRegion(input.region),
  kewenangan: wireOf(licenceAuthority, input.authority),
  ...licenceOf(input),
  file_izin: input.document ?? '',
  keterangan: input.note ?? '',
  file_lampiran: input.attachment ?? '',
  nomenklatur_nomor_izin: input.numberFormat ?? '',
  bln_berlaku_izin: input.validMonths?.toString() ?? '',
  thn_berlaku_izin: input.validYears?.toString() ?? '',
})

/** IZINSTATUS of `receiveLicenseStatus`; `acceptedAt` in epoch milliseconds. */
export const reportBody = (input: Report, acceptedAt: number) => ({
  nib: input.nib,
  id_produk: input.productId ?? '',
  id_proyek: input.projectId,
  oss_id: input.ossId,
  id_izin: input.licenceId,
  kd_izin: input.code,
  kd_instansi: input.agencyCode,
  kd_status: wireOf(licenceStatus, input.status),
  tgl_status: wireTime(input.at === undefined ? acceptedAt : Date.parse(input.at)),
  nip_status: input.officer.civilServantNumber ?? '',
  nama_status: input.officer.name,
  keterangan: input.note ?? '',
  file_lampiran: input.attachment,
  persetujuan_form: input.isFormApproved,
  data_pnbp: input.payment && {
    kd_akun: input.payment.accountCode,
    kd_penerimaan: input.payment.revenueCode,
    kd_billing: input.payment.billingCode,
    tgl_billing: input.payment.billedOn,
    tgl_expire: input.payment.dueOn,
    nominal: input.payment.amount,
    url_dokumen: input.payment.document,
  },
})

/** `YYYY-MM-DD HH:MM:SS` in Jakarta: the document names no time zone, and OSS is one system for the whole country. */
const wireTime = (instant: number): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO('Asia/Jakarta')
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ')
