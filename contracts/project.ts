/** The project: one activity of a business at its place, the unit by which risk and licences are told. */
import { z } from 'zod'
import {
  businessRisk,
  businessScale,
  landTenure,
  landUnit,
  locationKind,
  projectKind,
  sector,
} from './business-codes.ts'
import { optional, personal, publicElement, specific } from './elements.ts'
import { isoDate, recordedKbli, recordedNpwp, recordedOssNumber, regionCode } from './identifiers.ts'

const text = z.string().min(1)
const rupiah = z.int().nonnegative()
const heads = z.int().nonnegative()

/** A sole trader's place of business is mostly a home, and the investment private money: neither is public. */
export const project = z.object({
  projectId: publicElement(recordedOssNumber, 'ID proyek', 'Project id'),
  number: optional(publicElement(text, 'Nomor proyek', 'Project number')),
  name: optional(publicElement(text, 'Nama kegiatan', 'Name of the activity')),
  kbli: optional(publicElement(recordedKbli, 'KBLI', 'Activity code (KBLI)')),
  activity: optional(publicElement(text, 'Uraian usaha', 'Activity')),
  sector: optional(publicElement(sector.output, 'Sektor', 'Sector')),
  kind: optional(publicElement(projectKind.output, 'Jenis proyek', 'Kind of project')),
  risk: optional(publicElement(businessRisk.output, 'Tingkat risiko', 'Risk')),
  scale: optional(publicElement(businessScale.output, 'Skala usaha', 'Scale')),
  submittedOn: optional(publicElement(isoDate, 'Tanggal pengajuan', 'Submitted on')),
  description: optional(personal(text, 'Deskripsi kegiatan', 'Description')),
  locations: z
    .array(
      z.object({
        address: optional(personal(text, 'Alamat usaha', 'Address')),
        region: optional(personal(regionCode, 'Kode wilayah', 'Region code')),
        kind: optional(personal(locationKind.output, 'Jenis lokasi', 'Inside or outside a zone')),
      }),
    )
    .optional(),
  land: z
    .object({
      area: optional(personal(z.number().nonnegative(), 'Luas tanah', 'Area of land')),
      unit: optional(personal(landUnit.output, 'Satuan luas', 'Unit of area')),
      tenure: optional(personal(landTenure.output, 'Status tanah', 'Tenure')),
    })
    .optional(),
  workers: z
    .object({
      indonesianMen: optional(personal(heads, 'Tenaga kerja Indonesia laki-laki', 'Indonesian men')),
      indonesianWomen: optional(personal(heads, 'Tenaga kerja Indonesia perempuan', 'Indonesian women')),
      foreignMen: optional(personal(heads, 'Tenaga kerja asing laki-laki', 'Foreign men')),
      foreignWomen: optional(personal(heads, 'Tenaga kerja asing perempuan', 'Foreign women')),
    })
    .optional(),
  investment: z
    .object({
      assets: optional(specific(rupiah, 'Jumlah aset (rupiah)', 'Assets (rupiah)')),
      workingCapital: optional(specific(rupiah, 'Modal kerja (rupiah)', 'Working capital (rupiah)')),
      total: optional(specific(rupiah, 'Jumlah investasi (rupiah)', 'Total investment (rupiah)')),
    })
    .optional(),
  branch: z
    .object({
      name: optional(personal(text, 'Nama cabang', 'Branch name')),
      npwp: optional(personal(recordedNpwp, 'NPWP cabang', 'Branch taxpayer number')),
    })
    .optional(),
})
