/** A licence as an entry of `data_checklist`. */
import { z } from 'zod'
import { licenceAuthority, licenceChecklist, licenceKind, licenceStatus } from '#contracts/licence-codes.ts'
import type { licence } from '#contracts/licence.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { asDate, asFlag, asLink, asRegion, list, value } from './values.ts'

export const licenceRow = z.object({
  id_produk: value,
  id_proyek: value,
  id_izin: value,
  jenis_izin: value,
  kd_izin: value,
  kd_daerah: value,
  nama_izin: value,
  no_izin: value,
  tgl_izin: value,
  instansi: value,
  bidang_spesifik: value,
  parameter_kewenangan: value,
  kewenangan: value,
  file_izin: value,
  file_izin_oss: value,
  flag_checklist: value,
  status_checklist: value,
  flag_transaksional: value,
  flag_perpanjangan: value,
  kd_dokumen: value,
  nm_dokumen: value,
  data_persyaratan: list(
    z.object({
      id_syarat: value,
      no_dokumen: value,
      tgl_dokumen: value,
      file_dokumen: value,
      keterangan: value,
    }),
  ),
})

export function readLicence(row: z.output<typeof licenceRow>): z.input<typeof licence> {
  return {
    licenceId: read(row.id_izin, asIs),
    projectId: read(row.id_proyek, asIs),
    productId: read(row.id_produk, asIs),
    name: read(row.nama_izin, asIs),
    code: read(row.kd_izin, asIs),
    kind: read(row.jenis_izin, licenceKind.read),
    agency: read(row.instansi, asIs),
    authority: read(row.kewenangan, licenceAuthority.read),
    authorityParameter: read(row.parameter_kewenangan, asIs),
    specificField: read(row.bidang_spesifik, asIs),
    status: read(row.status_checklist, licenceStatus.read),
    checklist: read(row.flag_checklist, licenceChecklist.read),
    isRepeatable: read(row.flag_transaksional, asFlag),
    isExtension: read(row.flag_perpanjangan, asFlag),
    region: read(row.kd_daerah, asRegion),
    number: read(row.no_izin, asIs),
    issuedOn: read(row.tgl_izin, asDate),
    document: read(row.file_izin, asLink),
    ossDocument: read(row.file_izin_oss, asLink),
    environmentalDocument: { code: read(row.kd_dokumen, asIs), name: read(row.nm_dokumen, asIs) },
    requirements: row.data_persyaratan?.map(requirement => ({
      requirementId: read(requirement.id_syarat, asIs),
      number: read(requirement.no_dokumen, asIs),
      date: read(requirement.tgl_dokumen, asDate),
      document: read(requirement.file_dokumen, asLink),
      note: read(requirement.keterangan, asIs),
    })),
  }
}
