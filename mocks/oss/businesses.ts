import { director, restaurant, standardCertificate, usahaContoh } from './usaha-contoh.ts'
import { like, type Given } from './wire.ts'

type Project = Given<typeof restaurant>
export type LicenceEntry = Given<typeof standardCertificate>

/** What the register reads of a `dataNIB`. */
interface Read {
  readonly nib: string
  readonly npwp_perseroan: string
  readonly data_proyek: readonly Project[]
  readonly data_checklist: readonly LicenceEntry[]
}

export type DataNib = Omit<Given<typeof usahaContoh>, keyof Read> & Read

/** Kept apart: a `dataNIB` does not tell how far its licences are. */
export const initialLicenceStatuses = {
  'I-2026010508000000000001': '50',
  'I-2026010508000000000002': '41',
  'I-2026010508000000000003': '90',
  'I-2026010508000000000005': '50',
} as const

export const businesses: readonly DataNib[] = [
  usahaContoh,
  business({
    nib: '9999900000002',
    tgl_pengajuan_nib: '2026-01-07',
    tgl_terbit_nib: '2026-01-07',
    tgl_perubahan_nib: '-',
    oss_id: 'P02-202601050800000000002',
    jenis_pelaku_usaha: '02',
    jenis_perseroan: '17',
    status_badan_hukum: '02',
    // Of an individual, OSS holds the NIK.
    npwp_perseroan: '9999014611830045',
    nama_perseroan: 'RUTH CONTOH',
    alamat_perseroan: 'JL MELATI NO 5',
    rt_rw_perseroan: '3/4',
    kelurahan_perseroan: 'KELURAHAN CONTOH',
    nomor_telpon_perseroan: '-',
    email_perusahaan: null,
    flag_umk: 'Y',
    skala_usaha: '01',
    penanggung_jwb: [
      like(director, {
        flag_asing: 'N',
        jns_identitas_penanggung_jwb: '01',
        no_identitas_penanggung_jwb: '9999014611830045',
        nama_penanggung_jwb: 'RUTH CONTOH',
        jabatan_penanggung_jwb: '-',
        kebangsaan_penanggung_jwb: 'ID',
      }),
    ],
    data_proyek: [
      like(restaurant, {
        id_proyek: 'R-2026010508000000000003',
        uraian_usaha: 'KEDAI MAKANAN',
        jumlah_tki_l: '0',
        jumlah_tki_p: 1,
        kbli: '56103',
        sektor: '040',
        jumlah_investasi: '5000000',
        nama_kegiatan: 'WARUNG CONTOH',
        skala_usaha: '01',
        skala_resiko: 'R',
        data_lokasi_proyek: [],
        data_proyek_produk: [],
      }),
    ],
    jns_kelamin_user_proses: 'P',
    jenis_id_user_proses: '01',
    no_id_user_proses: '9999014611830045',
    nama_user_proses: 'RUTH CONTOH',
  }),
  business({
    nib: '9999900000003',
    tgl_pengajuan_nib: '2026-02-02',
    oss_id: 'P02-202601050800000000003',
    jenis_perseroan: '02',
    status_badan_hukum: '02',
    npwp_perseroan: '990000003999000',
    nama_perseroan: 'CONTOH MUDA',
    skala_usaha: '02',
    status_nib: '02',
  }),
  business({
    nib: '9999900000005',
    tgl_pengajuan_nib: '2025-06-10',
    tgl_terbit_nib: '2025-06-10',
    tgl_perubahan_nib: '2026-03-01',
    oss_id: 'P02-202601050800000000005',
    npwp_perseroan: '990000005999000',
    nama_perseroan: 'CONTOH BEKU',
    skala_usaha: '02',
    data_proyek: [
      like(restaurant, {
        id_proyek: 'R-2026010508000000000005',
        uraian_usaha: 'BAR',
        kbli: '56301',
        sektor: '040',
        jenis_proyek: '01',
        skala_resiko: 'T',
        data_lokasi_proyek: [],
        data_proyek_produk: [],
      }),
    ],
    data_checklist: [
      like(standardCertificate, {
        id_proyek: 'R-2026010508000000000005',
        id_izin: 'I-2026010508000000000005',
        jenis_izin: '02',
        kd_izin: '040000000005',
        nama_izin: 'IZIN USAHA BAR',
        kewenangan: '01',
        no_izin: '05012500000050001',
        tgl_izin: '2025-07-01',
        data_persyaratan: [],
      }),
    ],
    status_nib: '05',
    'tipe_dokumen ': '5',
  }),
  business({
    nib: '9999900000006',
    tgl_pengajuan_nib: '2024-03-04',
    tgl_terbit_nib: '2024-03-04',
    tgl_perubahan_nib: '2026-01-31',
    oss_id: 'P02-202601050800000000006',
    jenis_perseroan: '07',
    npwp_perseroan: '990000006999000',
    nama_perseroan: 'KOPERASI CONTOH',
    skala_usaha: '02',
    status_nib: '06',
    'tipe_dokumen ': '3',
  }),
]

/** A small Indonesian company, active and without projects or licences, but for what is given. */
function business(given: Partial<DataNib> & Pick<DataNib, 'nib' | 'npwp_perseroan'>): DataNib {
  return {
    ...like(usahaContoh, {
      jenis_pelaku_usaha: '01',
      flag_perusahaan: 'Y',
      versi_pia: '4.3.22',
      status_penanaman_modal: '02',
      jenis_perseroan: '01',
      status_badan_hukum: '01',
      alamat_perseroan: 'JL CONTOH BARU',
      perseroan_daerah_id: '9999011004',
      pemegang_saham: [],
      penanggung_jwb: [],
      legalitas: [],
      data_rptka: null,
      data_dni: [],
      status_nib: '01',
      'tipe_dokumen ': '9',
    }),
    data_proyek: [],
    data_checklist: [],
    ...given,
  }
}
