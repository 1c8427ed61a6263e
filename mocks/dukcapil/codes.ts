import type { Row } from './wire.ts'

/** How an institution's deployment words its answers. */
export type Style = 'classic' | 'coded'

/** Dukcapil's own words for each RESPONSE_CODE. */
const texts = {
  '03': 'Login gagal',
  '04': 'IP tidak sesuai',
  '05': 'Kuota akses hari ini telah habis',
  '06': 'Waktu akses salah',
  '07': 'Parameter tidak lengkap / tidak valid',
  '08': 'NIK tidak dapat diproses',
  '09': 'User, password dan IP tidak boleh kosong',
  '10': 'IP invalid',
  '11': 'Data Ditemukan, Meninggal Dunia',
  '12': 'Data Ditemukan, Data Ganda',
  '13': 'Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan',
  '14': 'Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil',
  '15': 'Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil',
  '16': 'Instansi tidak aktif',
  '17': 'User ID tidak aktif',
  // Assumed here: only the face service is known to say this, as its error 5000.
  '5000': 'Sistem Sibuk',
} as const

export type FailureCode = keyof typeof texts

/** Where the older lookup, which has no codes, uses words of its own. Case and spaces are theirs. */
const classicTexts: Partial<Record<FailureCode, string>> = {
  '03': 'Login Gagal',
  '04': 'IP Address Tidak Sesuai',
  '05': 'Kuota Akses Hari ini telah Habis',
  '10': 'IP Client  Tidak terdaftar',
  '13': 'Data Tidak Ditemukan',
  '15': 'Data Tidak Ditemukan',
}

/** The only row of a failed answer. Verification has always had codes; the lookup has them in the coded style. */
export function failureRow(code: FailureCode, style: Style, method: 'lookup' | 'verify' | 'family'): Row {
  if (style === 'coded') return { RESPONSE_CODE: code, RESPONSE: texts[code] }
  if (method === 'verify') return { RESPONSE_CODE: code, RESPON: texts[code] }
  return { RESPON: classicTexts[code] ?? texts[code] }
}
