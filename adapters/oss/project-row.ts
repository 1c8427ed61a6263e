/** A project as an entry of `data_proyek`, in the spellings of all methods that tell of one. */
import { z } from 'zod'
import {
  businessRisk,
  businessScale,
  landTenure,
  landUnit,
  locationKind,
  projectKind,
  sector,
} from '#contracts/business-codes.ts'
import type { project } from '#contracts/project.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { asDate, asNpwp, asNumber, asRegion, asRupiah, list, readKbli, value } from './values.ts'

export const projectRow = z.object({
  id_proyek: value,
  nomor_proyek: value,
  nama_kegiatan: value,
  kbli: value,
  uraian_usaha: value,
  sektor: value,
  jenis_proyek: value,
  skala_resiko: value,
  skala_usaha: value,
  tgl_pengajuan_proyek: value,
  deskripsi_kegiatan: value,
  data_lokasi_proyek: list(z.object({ alamat_usaha: value, proyek_daerah_id: value, jenis_kawasan: value })),
  // inqueryProyek tells one place, on the project itself.
  alamat_usaha: value,
  kd_daerah: value,
  luas_tanah: value,
  satuan_luas_tanah: value,
  status_tanah: value,
  jumlah_tki_l: value,
  jumlah_tki_p: value,
  jumlah_tka_l: value,
  jumlah_tka_p: value,
  sub_jumlah: value,
  modal_kerja: value,
  jumlah_investasi: value,
  nama_cabang: value,
  npwp_cabang: value,
  npwp_kantor_cabang: value,
})
type Row = z.output<typeof projectRow>

/** The contract refuses an empty id. */
export function readProject(row: Row): z.input<typeof project> {
  return {
    projectId: read(row.id_proyek, asIs) ?? '',
    number: read(row.nomor_proyek, asIs),
    name: read(row.nama_kegiatan, asIs),
    kbli: readKbli(row.kbli),
    activity: read(row.uraian_usaha, asIs),
    sector: read(row.sektor, sector.read),
    kind: read(row.jenis_proyek, projectKind.read),
    risk: read(row.skala_resiko, businessRisk.read),
    scale: read(row.skala_usaha, businessScale.read),
    submittedOn: read(row.tgl_pengajuan_proyek, asDate),
    description: read(row.deskripsi_kegiatan, asIs),
    locations: locationsOf(row),
    land: {
      area: read(row.luas_tanah, asNumber),
      unit: read(row.satuan_luas_tanah, landUnit.read),
      tenure: read(row.status_tanah, landTenure.read),
    },
    workers: {
      indonesianMen: read(row.jumlah_tki_l, asNumber),
      indonesianWomen: read(row.jumlah_tki_p, asNumber),
      foreignMen: read(row.jumlah_tka_l, asNumber),
      foreignWomen: read(row.jumlah_tka_p, asNumber),
    },
    investment: {
      assets: read(row.sub_jumlah, asRupiah),
      workingCapital: read(row.modal_kerja, asRupiah),
      total: read(row.jumlah_investasi, asRupiah),
    },
    branch: {
      name: read(row.nama_cabang, asIs),
      npwp: read(row.npwp_cabang ?? row.npwp_kantor_cabang, asNpwp),
    },
  }
}

function locationsOf(row: Row): z.input<typeof project>['locations'] {
  if (row.data_lokasi_proyek) {
    return row.data_lokasi_proyek.map(location => ({
      address: read(location.alamat_usaha, asIs),
      region: read(location.proyek_daerah_id, asRegion),
      kind: read(location.jenis_kawasan, locationKind.read),
    }))
  }
  const address = read(row.alamat_usaha, asIs)
  const region = read(row.kd_daerah, asRegion)
  return address === undefined && region === undefined ? undefined : [{ address, region }]
}
