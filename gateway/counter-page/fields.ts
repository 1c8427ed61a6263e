/**
 * The forms of the counter as data. A field is named by the JSON Pointer of its value in the input, so that what is posted
 * becomes the input, and a mistake that the gateway names finds its field, without a word of code for each form.
 */
import { lostItemType } from '#contracts/police-codes.ts'
import { occupation, religion, sex } from '#contracts/population-codes.ts'
import type { Text } from '#contracts/text.ts'

export interface Field {
  readonly pointer: `/${string}`
  readonly label: Text
  readonly kind?: 'text' | 'digits' | 'date' | 'time' | 'tel' | 'lines' | 'choice'
  /** Of a choice, by what is sent. */
  readonly choices?: Readonly<Record<string, Text>>
  readonly isOptional?: boolean
  readonly hint?: Text
  /** What is expected, told when it does not fit. */
  readonly expected?: Text
  readonly longest?: number
}

/** What stands in a form, by pointer. */
export type Values = Readonly<Record<string, string>>

const sixteenDigits: Text = {
  id: 'NIK terdiri atas 16 angka: wilayah, tanggal lahir (perempuan: tanggal + 40), nomor urut. Pada demo ini hanya penduduk contoh, berawalan 99.',
  en: 'A NIK has 16 digits: region, date of birth (women: day + 40), serial number. In this demo it is of a synthetic person and begins with 99.',
}

const nikAt = (pointer: Field['pointer']): Field => ({
  pointer,
  label: { id: 'NIK', en: 'National identity number (NIK)' },
  kind: 'digits',
  longest: 16,
  expected: sixteenDigits,
})

const aDate: Text = { id: 'Tanggal yang benar, dan tidak di masa depan.', en: 'A day that exists.' }

export const lookupFields: readonly Field[] = [
  { ...nikAt('/nik'), hint: { id: '16 angka pada KTP', en: 'The 16 digits on the identity card' } },
]

export const matchFields: readonly Field[] = [
  nikAt('/nik'),
  { pointer: '/fullName', label: { id: 'Nama lengkap', en: 'Full name' }, isOptional: true },
  { pointer: '/birthPlace', label: { id: 'Tempat lahir', en: 'Place of birth' }, isOptional: true },
  {
    pointer: '/birthDate',
    label: { id: 'Tanggal lahir', en: 'Date of birth' },
    kind: 'date',
    isOptional: true,
    expected: aDate,
  },
  {
    pointer: '/sex',
    label: { id: 'Jenis kelamin', en: 'Sex' },
    kind: 'choice',
    choices: sex.codes,
    isOptional: true,
  },
  { pointer: '/address/street', label: { id: 'Alamat', en: 'Street address' }, isOptional: true },
]

export const reporterFields: readonly Field[] = [
  nikAt('/reporter/nik'),
  { pointer: '/reporter/fullName', label: { id: 'Nama lengkap', en: 'Full name' } },
  { pointer: '/reporter/birthPlace', label: { id: 'Tempat lahir', en: 'Place of birth' } },
  {
    pointer: '/reporter/birthDate',
    label: { id: 'Tanggal lahir', en: 'Date of birth' },
    kind: 'date',
    expected: aDate,
  },
  {
    pointer: '/reporter/sex',
    label: { id: 'Jenis kelamin', en: 'Sex' },
    kind: 'choice',
    choices: sex.codes,
  },
  {
    pointer: '/reporter/religion',
    label: { id: 'Agama', en: 'Religion' },
    kind: 'choice',
    choices: religion.codes,
  },
  {
    pointer: '/reporter/occupation',
    label: { id: 'Pekerjaan', en: 'Occupation' },
    kind: 'choice',
    choices: occupation.codes,
  },
  {
    pointer: '/reporter/phone',
    label: { id: 'Nomor telepon', en: 'Telephone number' },
    kind: 'tel',
    expected: {
      id: 'Diawali 0 atau +62, lalu angka: 081200000000.',
      en: '0 or +62, then digits: 081200000000.',
    },
  },
  { pointer: '/reporter/address/street', label: { id: 'Alamat', en: 'Street address' } },
  { pointer: '/reporter/address/regency', label: { id: 'Kabupaten/Kota', en: 'Regency or city' } },
  { pointer: '/reporter/address/province', label: { id: 'Provinsi', en: 'Province' } },
]

/** The same for each thing that was lost. */
export const itemFields = (index: number): readonly Field[] => [
  {
    pointer: `/items/${index}/type`,
    label: { id: 'Jenis barang', en: 'Kind of thing' },
    kind: 'choice',
    choices: lostItemType.codes,
  },
  {
    pointer: `/items/${index}/description`,
    label: { id: 'Uraian', en: 'Description' },
    isOptional: true,
    hint: { id: 'Warna, merek, isi', en: 'Colour, make, contents' },
    expected: {
      id: 'Perlu diisi untuk barang yang tidak ada dalam daftar.',
      en: 'Needed for what is in no list.',
    },
  },
]

export const mostItems = 20

export const lossFields: readonly Field[] = [
  { pointer: '/loss/place', label: { id: 'Tempat', en: 'Place' } },
  {
    pointer: '/loss/date',
    label: { id: 'Tanggal', en: 'Date' },
    kind: 'date',
    expected: { id: 'Tanggal yang benar, setelah pelapor lahir.', en: 'A day after the reporter was born.' },
  },
  { pointer: '/loss/time', label: { id: 'Jam', en: 'Time' }, kind: 'time', isOptional: true },
  {
    pointer: '/loss/circumstances',
    label: { id: 'Bagaimana kejadiannya', en: 'How it happened' },
    kind: 'lines',
    longest: 2_000,
  },
]

/** What was posted of these fields; anything else is passed over. */
export const readValues = (fields: readonly Field[], posted: Readonly<Record<string, unknown>>): Values =>
  Object.fromEntries(
    fields.flatMap(({ pointer, kind }) => {
      const value = posted[pointer]
      if (typeof value !== 'string') return []
      const text = value.trim()
      return [[pointer, kind === 'digits' ? text.replace(/[\s.-]/g, '') : text]]
    }),
  )

/** The input that the values make; an empty field is absent from it. */
export function inputOf(values: Values): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [pointer, value] of Object.entries(values)) {
    if (value === '') continue
    const steps = pointer.slice(1).split('/')
    let place = input
    for (const [index, step] of steps.slice(0, -1).entries()) {
      const isList = /^\d+$/.test(steps[index + 1]!)
      place = (place[step] ??= isList ? [] : {}) as Record<string, unknown>
    }
    place[steps.at(-1)!] = value
  }
  return input
}
