/** People of the stand-in agencies, to try the page with. Province 99 does not exist. */
import type { Text } from '#contracts/text.ts'
import type { Values } from './fields.ts'

export const people: readonly { readonly nik: string; readonly who: Text }[] = [
  { nik: '9999011501900001', who: { id: 'Warga Contoh Satu', en: 'Warga Contoh Satu' } },
  { nik: '9999022401780025', who: { id: 'I Wayan Contoh', en: 'I Wayan Contoh' } },
  { nik: '9999015506820067', who: { id: 'agama di luar daftar', en: 'a religion in no list' } },
  { nik: '9999010202450021', who: { id: 'tercatat meninggal', en: 'recorded as deceased' } },
  { nik: '9999011501909999', who: { id: 'tidak ditemukan', en: 'not found' } },
]

/** A form that a citizen filled in, with one mistake in it. */
export const filledForm: Values = {
  '/nik': '9999011501900001',
  '/fullName': 'Warga Contoh Satu',
  '/birthPlace': 'Kota Contoh',
  '/birthDate': '1990-01-16',
  '/sex': 'male',
  '/address/street': 'Jl Contoh No 1',
}

export const reporter: Values = {
  '/reporter/nik': '9999011501900001',
  '/reporter/fullName': 'WARGA CONTOH SATU',
  '/reporter/birthPlace': 'KOTA CONTOH',
  '/reporter/birthDate': '1990-01-15',
  '/reporter/sex': 'male',
  '/reporter/religion': 'islam',
  '/reporter/occupation': 'privateEmployee',
  '/reporter/phone': '081200000000',
  '/reporter/address/street': 'JL CONTOH NO 1',
  '/reporter/address/regency': 'KOTA CONTOH',
  '/reporter/address/province': 'PROVINSI CONTOH',
}

/** What was lost, yesterday as the mall reckons. */
export const loss = (yesterday: string): Values => ({
  '/items/0/type': 'bankCard',
  '/items/0/description': 'KARTU DEBIT BIRU',
  '/loss/place': 'PASAR CONTOH, KOTA CONTOH',
  '/loss/date': yesterday,
  '/loss/time': '14:30',
  '/loss/circumstances': 'Dompet terjatuh sewaktu berbelanja.',
})
