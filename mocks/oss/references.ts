/** A text by its code. */
type Table = ReadonlyMap<string, string>

/** In no table, but in the guide's own example of checkLicenseStatus. */
export const statusOfExample = '58'

export const licenceStatuses: Table = table({
  '05': 'Proses Penapisan',
  '09': 'Telah Melengkapi Persyaratan',
  '10': 'Dokumen Lengkap',
  '11': 'Dokumen Belum Lengkap',
  '12': 'Pemenuhan Komitmen',
  '20': 'Validasi',
  '30': 'Verifikasi Pembayaran',
  '31': 'Konfirmasi Pembayaran',
  '32': 'Menunggu Verifikasi Bukti Bayar PNBP',
  '33': 'Persetujuan Pembayaran',
  '34': 'Perbaikan Konfirmasi Pembayaran',
  '40': 'Inspeksi',
  '41': 'Konfirmasi Persyaratan',
  '42': 'Data Konfirmasi Persyaratan',
  '43': 'Re-Konfirmasi Persyaratan',
  '44': 'Data Re-Konfirmasi Persyaratan',
  '45': 'Persyaratan terverifikasi',
  '49': 'Pengambilan Nomor',
  '50': 'Disetujui',
  '52': 'Terbit Sementara',
  '57': 'Disetujui secara otomatis oleh sistem OSS (fiktif positif)',
  [statusOfExample]: 'Izin terbit/SS terverifikasi',
  '60': 'Peringatan',
  '70': 'Penghentian Sementara',
  '80': 'Denda Administratif',
  '90': 'Ditolak',
  '93': 'Penolakan Persyaratan',
})

export const nibStatuses: Table = table({
  '01': 'Aktif',
  '02': 'Belum Aktif',
  '03': 'Diizinkan Usaha',
  '04': 'Diizinkan Beroperasi',
  '05': 'Dibekukan',
  '06': 'Dicabut',
})

/** What a response code means where the answer has no words of its own. */
export const responses = {
  400: 'Data Parameter Salah',
  401: 'User Akses Tidak Valid',
  403: 'Ilegal Inquery /Akses',
  404: 'Service Tidak Ditemukan',
  405: 'Akses Service Ditolak',
  500: 'Proses Payload Data Di Sistem OSS Gagal',
  504: 'Proses Payload Data Di Sistem OSS Timeout',
} as const

export type RefusalCode = keyof typeof responses

/**
 * The code tables that `getDataReferensi` gives, by their number (PIA 4.3.22, L29): 1 to 28 are its appendices. Short
 * extracts of 11 and 15; 8 and 29 to 32 are in no document, and invented but for the KBLI codes.
 */
export const references: ReadonlyMap<string, Table> = new Map([
  [
    '1',
    table({
      '01': 'Penanaman Modal Asing',
      '02': 'Penanaman Modal Dalam Negeri',
      '03': 'Bukan (PMA/PMDN)',
    }),
  ],
  [
    '2',
    table({
      '01': 'Perusahaan Terbatas (PT)',
      '02': 'Perseroan Komanditer (CV)',
      '04': 'Badan Usaha Pemerintah',
      '05': 'Firma (Fa)',
      '06': 'Persekutuan Perdata',
      '07': 'Koperasi',
      '08': 'Dana Pensiun',
      '09': 'Pesekutuan dan Perkumpulan',
      '10': 'Yayasan',
      '16': 'Bentuk Usaha Tetap (BUT)',
      '17': 'Perseorangan',
      '18': 'Badan Layanan Umum (BLU)',
      '19': 'Badan Hukum (selain PT,Yayasan dan Koperasi)',
      '20': 'Badan Usaha Lainnya (Khusus STPW Luar Negeri)',
      '21': 'Perusahaan Umum (Perum)',
      '22': 'Perusahaan Umum Daerah (Perumda)',
      '23': 'Perusahaan Daerah (Perusda)',
      '24': 'Badan Operasi Bersama (BOB)',
      '25': 'Badan Usaha Perwakilan',
      '26': 'Perseroan Terbatas (PT) Perorangan',
      '27': 'Pedagang Berjangka Asing (PBA)',
      '28': 'Badan Usaha Milik Desa (BUM Desa)',
      '29': 'Badan Usaha Milik Desa Bersama (BUM Desa Bersama)',
    }),
  ],
  [
    '3',
    table({
      '01': 'Angka Pengenal Importir Umum (API-U)',
      '02': 'Angka Pengenal Importir Produsen (API-P)',
    }),
  ],
  ['4', table({ '01': 'Kartu Tanda Penduduk (KTP)', '02': 'Paspor' })],
  ['5', table({ '01': 'Sewa', '02': 'Milik Sendiri', '03': 'Pinjam Pakai' })],
  ['6', table({ '01': 'Indonesia', '02': 'Asing' })],
  [
    '7',
    table({
      '01': 'Akta Pendirian',
      '02': 'Akta Perubahan',
      '06': 'Kontrak',
      '07': 'Peraturan',
      '09': 'SK Penetapan',
      '10': 'Akta Likuidasi',
      '11': 'Akta Merger',
      '12': 'Akta Pembubaran',
    }),
  ],
  [
    '8',
    table({
      '040000000001': 'Sertifikat Standar Usaha Restoran',
      '090000000002': 'Izin Usaha Toko Swalayan',
      '063000000003': 'Sertifikat Laik Higiene Sanitasi',
    }),
  ],
  ['9', table({ '200': 'Sukses', ...responses })],
  ['10', licenceStatuses],
  ['11', table({ '01': 'Tanpa Klasifikasi', '02': 'Seri A', '03': 'Seri B', '04': 'Seri C' })],
  ['12', table({ '01': 'Badan Hukum', '02': 'Bukan Badan Hukum' })],
  ['13', table({ '01': 'Perorangan', '02': 'Badan Hukum' })],
  ['14', nibStatuses],
  [
    '15',
    table({
      '28': 'Modal dalam negeri 100%',
      '64': 'Dialokasikan untuk Koperasi dan UMKM',
      '65': 'Kemitraan dengan Koperasi dan UMKM',
      '66': 'Bidang Usaha Tidak Termasuk Dalam DNI',
      '77': 'Penanaman Modal Asing diperbolehkan 100%',
    }),
  ],
  ['16', table({ '01': 'Dalam Kawasan', '02': 'Di luar Kawasan' })],
  ['17', table({ '01': 'M2', '02': 'Ha' })],
  [
    '18',
    table({
      '01': 'Badan Usaha',
      '02': 'Perseorangan',
      '03': 'Kantor Perwakilan',
      '04': 'Badan Usaha Luar Negeri',
    }),
  ],
  [
    '19',
    table({
      '00': 'Valid/Sukses',
      '01': 'Invalid/Gagal',
      '02': 'Masa SPT Tahunan',
      '03': 'Masa PPN 3 Bulanan',
      '04': 'Wajib Pajak Tidak Ditemukan',
      '16': 'Perwakilan (KPPA)',
      '17': 'STPW Luar Negeri',
      '21': 'Perusahaan Umum (Perum)',
      '22': 'Perusahaan Umum Daerah (Perumda)',
      '23': 'Perusahaan Daerah (Perusda)',
    }),
  ],
  [
    '20',
    table({
      '010': 'Dalam Negeri',
      '012': 'Pertahanan',
      '013': 'Hukum dan Hak Asasi Manusia',
      '015': 'Keuangan',
      '018': 'Pertanian',
      '019': 'Industri',
      '020': 'Energi dan Sumber Daya Mineral',
      '022': 'Perhubungan',
      '023': 'Pendidikan',
      '024': 'Agama',
      '026': 'Ketenagakerjaan',
      '029': 'Lingkungan Hidup dan Kehutanan',
      '032': 'Kelautan dan Perikanan',
      '033': 'Pekerjaan Umum dan Perumahan Rakyat',
      '040': 'Pariwisata',
      '042': 'Riset Teknologi dan Pendidikan',
      '044': 'Koperasi dan UKM',
      '056': 'Agraria dan Tata Ruang/Badan Pertahanan Nasional',
      '059': 'Komunikasi dan Informatika',
      '060': 'Kepolisian',
      '063': 'Obat Dan Makanan',
      '084': 'Badan Standarisasi Nasional',
      '085': 'Ketenaganukliran',
      '090': 'Perdagangan',
    }),
  ],
  [
    '21',
    table({
      '01': 'Kawasan Industri (KI)',
      '02': 'Kawasan Ekonomi Khusus (KEK)',
      '03': 'Free Trade Zone (FTZ)',
    }),
  ],
  ['22', table({ '01': 'Baru', '02': 'Lama' })],
  [
    '23',
    table({
      '01': 'Sekolah Dasar (SD)',
      '02': 'Sekolah Menengah Pertama (SMP)',
      '03': 'Sekolah Menengah Atas (SMA)',
      '04': 'Sekolah Menengah Kejuruan (SMK)',
      '05': 'Diploma 1 (D1)',
      '06': 'Diploma 2 (D2)',
      '07': 'Diploma 3 (D3)',
    }),
  ],
  ['24', table({ '01': 'Daratan', '02': 'Perairan', '03': 'Kawasan Hutan' })],
  ['25', table({ '01': 'Lokasi Utama', '02': 'Hamparan' })],
  [
    '26',
    table({
      '01': 'Utama',
      '02': 'Pendukung',
      '03': 'Kantor Cabang Administrasi',
      '04': 'Perluasan',
      '05': 'Pendukung UMKU',
    }),
  ],
  [
    '27',
    table({
      '01': 'Izin Dasar',
      '02': 'Izin',
      '04': 'Sertifikat Standar',
      K02: 'Persyarat Standar',
      K03: 'UMKU',
    }),
  ],
  [
    '28',
    table({ Y: 'Komitmen', N: 'Tidak Komitmen', O: 'Otomatis Terbit', T: 'Tidak Butuh Komitmen (Tembusan)' }),
  ],
  ['29', table({ '1': 'Penasihat Teknik', '2': 'Juru Masak Kepala' })],
  ['30', table({ '47111': 'Minimarket', '56101': 'Restoran', '56103': 'Kedai Makanan', '56301': 'Bar' })],
  ['31', table({ '1': 'Restoran' })],
  ['32', table({ '99001': 'Kawasan Contoh' })],
])

function table(texts: Readonly<Record<string, string>>): Table {
  return new Map(Object.entries(texts).toSorted(([one], [other]) => one.localeCompare(other)))
}
