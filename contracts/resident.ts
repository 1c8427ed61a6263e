/** The resident: a person as the population registry knows them, and the two questions about one. */
import { z } from 'zod'
import { defineCapability } from './capability.ts'
import { optional, personal, specific } from './elements.ts'
import { familyCardNumber, isoDate, nik, recordedNumber, regionCode } from './identifiers.ts'
import { pastDate } from './past-date.ts'
import {
  bloodGroup,
  education,
  familyRelation,
  maritalStatus,
  occupation,
  religion,
  sex,
} from './population-codes.ts'

const name = z.string().min(1).max(200)
/** `null` where the agency's answer lacks the code of a level above, or the name. */
const region = z.object({ code: regionCode.nullable(), name: z.string().nullable() })

/** An address as registered; region codes are complete (a village has all ten digits). */
export const address = z.object({
  street: optional(personal(z.string(), 'Alamat', 'Street address')),
  neighbourhood: optional(personal(z.string().regex(/^\d{3}$/), 'RT', 'Neighbourhood (RT)')),
  communityUnit: optional(personal(z.string().regex(/^\d{3}$/), 'RW', 'Community unit (RW)')),
  hamlet: optional(personal(z.string(), 'Dusun', 'Hamlet')),
  postalCode: optional(personal(z.string().regex(/^\d{5}$/), 'Kode pos', 'Postal code')),
  province: optional(personal(region, 'Provinsi', 'Province')),
  regency: optional(personal(region, 'Kabupaten/Kota', 'Regency or city')),
  district: optional(personal(region, 'Kecamatan', 'District')),
  village: optional(personal(region, 'Desa/Kelurahan', 'Village')),
})

/** What the registry may say about a person. Only `nik` and `fullName` are always there; see `optional` for the rest. */
export const resident = z.object({
  nik: personal(recordedNumber, 'NIK', 'National identity number'),
  familyCardNumber: optional(personal(recordedNumber, 'Nomor KK', 'Family card number')),
  fullName: personal(name, 'Nama lengkap', 'Full name'),
  birthPlace: optional(personal(z.string(), 'Tempat lahir', 'Place of birth')),
  birthDate: optional(personal(isoDate, 'Tanggal lahir', 'Date of birth')),
  sex: optional(personal(sex.output, 'Jenis kelamin', 'Sex')),
  religion: optional(personal(religion.output, 'Agama', 'Religion')),
  bloodGroup: optional(specific(bloodGroup.output, 'Golongan darah', 'Blood group')),
  maritalStatus: optional(personal(maritalStatus.output, 'Status perkawinan', 'Marital status')),
  familyRelation: optional(
    personal(familyRelation.output, 'Hubungan dengan kepala keluarga', 'Relation to the head of family'),
  ),
  education: optional(personal(education.output, 'Pendidikan terakhir', 'Highest education')),
  occupation: optional(personal(occupation.output, 'Pekerjaan', 'Occupation')),
  motherName: optional(personal(z.string(), 'Nama ibu', "Mother's name")),
  fatherName: optional(personal(z.string(), 'Nama ayah', "Father's name")),
  motherNik: optional(personal(recordedNumber, 'NIK ibu', "Mother's NIK")),
  fatherNik: optional(personal(recordedNumber, 'NIK ayah', "Father's NIK")),
  address: address.optional(),
  birthDeedNumber: optional(personal(z.string(), 'Nomor akta lahir', 'Birth deed number')),
  marriageDate: optional(personal(isoDate, 'Tanggal perkawinan', 'Date of marriage')),
  marriageDeedNumber: optional(personal(z.string(), 'Nomor akta perkawinan', 'Marriage deed number')),
  divorceDate: optional(personal(isoDate, 'Tanggal perceraian', 'Date of divorce')),
  divorceDeedNumber: optional(personal(z.string(), 'Nomor akta perceraian', 'Divorce deed number')),
  disability: optional(specific(z.string(), 'Penyandang disabilitas', 'Disability')),
  identityCardStatus: optional(
    personal(z.string(), 'Status perekaman KTP-el', 'Identity card recording status'),
  ),
})

export const residentLookup = defineCapability({
  id: 'resident.lookup',
  kind: 'query',
  path: '/v1/residents/lookup',
  title: { id: 'Data penduduk menurut NIK', en: 'Resident by NIK' },
  description: {
    id: 'Mengambil data seorang penduduk. Bila formulir sudah terisi, pakai pencocokan: lebih sedikit data yang berpindah.',
    en: 'Fetches one resident. Where the form is already filled in, prefer the match: less data moves.',
  },
  input: z.strictObject({ nik }),
  output: resident,
  subjects: ({ nik: value }) => [{ type: 'nik', value }],
  example: {
    input: { nik: '9999011501900001' },
    output: {
      nik: '9999011501900001',
      familyCardNumber: '9999010101200001',
      fullName: 'WARGA CONTOH SATU',
      birthPlace: 'KOTA CONTOH',
      birthDate: '1990-01-15',
      sex: { code: 'male', text: 'Laki-Laki' },
      address: { street: 'JL CONTOH NO 1', neighbourhood: '001', communityUnit: '002', hamlet: null },
    },
  },
})

/** `similarity` is the agency's own measure, 0 to 100, for texts that it compares fuzzily. */
const verdict = z.object({
  verdict: z.enum(['match', 'mismatch']),
  similarity: z.number().int().min(0).max(100).optional(),
})
const comparedRegion = (digits: 2 | 4 | 6 | 10) =>
  z.strictObject({ code: regionCode.length(digits).optional(), name: name.optional() })

/** A region's code holds the codes of the levels above it, so what is compared must be one place. */
const comparedAddress = z
  .strictObject({
    street: name.optional(),
    neighbourhood: z
      .string()
      .regex(/^\d{1,3}$/)
      .optional(),
    communityUnit: z
      .string()
      .regex(/^\d{1,3}$/)
      .optional(),
    province: comparedRegion(2).optional(),
    regency: comparedRegion(4).optional(),
    district: comparedRegion(6).optional(),
    village: comparedRegion(10).optional(),
  })
  .superRefine(({ province, regency, district, village }, check) => {
    const levels = Object.entries({ province, regency, district, village })
    for (const [index, [level, region]] of levels.entries()) {
      const below = levels.slice(index + 1).find(([, lower]) => lower?.code)?.[1]?.code
      if (region?.code && below && !below.startsWith(region.code))
        check.addIssue({ code: 'custom', path: [level, 'code'], message: `is not the ${level} of ${below}` })
    }
  })

export const residentMatch = defineCapability({
  id: 'resident.match',
  kind: 'match',
  path: '/v1/residents/match',
  title: { id: 'Pencocokan data penduduk', en: 'Resident match' },
  description: {
    id: 'Mencocokkan isian formulir dengan data penduduk: sesuai atau tidak sesuai untuk tiap isian, tanpa nilai yang kembali.',
    en: 'Compares what a form says with the registry: match or mismatch for each element sent; no value comes back.',
  },
  input: z.strictObject({
    nik,
    familyCardNumber: familyCardNumber.optional(),
    fullName: name.optional(),
    birthPlace: name.optional(),
    birthDate: pastDate.optional(),
    sex: sex.input.optional(),
    maritalStatus: maritalStatus.input.optional(),
    occupation: occupation.input.optional(),
    motherName: name.optional(),
    address: comparedAddress.optional(),
  }),
  // An element that was not sent, or that the agency did not compare, is absent.
  output: z.object({
    nik: personal(verdict, 'NIK', 'National identity number').optional(),
    familyCardNumber: personal(verdict, 'Nomor KK', 'Family card number').optional(),
    fullName: personal(verdict, 'Nama lengkap', 'Full name').optional(),
    birthPlace: personal(verdict, 'Tempat lahir', 'Place of birth').optional(),
    birthDate: personal(verdict, 'Tanggal lahir', 'Date of birth').optional(),
    sex: personal(verdict, 'Jenis kelamin', 'Sex').optional(),
    maritalStatus: personal(verdict, 'Status perkawinan', 'Marital status').optional(),
    occupation: personal(verdict, 'Pekerjaan', 'Occupation').optional(),
    motherName: personal(verdict, 'Nama ibu', "Mother's name").optional(),
    address: z
      .object({
        street: personal(verdict, 'Alamat', 'Street address').optional(),
        neighbourhood: personal(verdict, 'RT', 'Neighbourhood (RT)').optional(),
        communityUnit: personal(verdict, 'RW', 'Community unit (RW)').optional(),
        province: personal(verdict, 'Provinsi', 'Province').optional(),
        regency: personal(verdict, 'Kabupaten/Kota', 'Regency or city').optional(),
        district: personal(verdict, 'Kecamatan', 'District').optional(),
        village: personal(verdict, 'Desa/Kelurahan', 'Village').optional(),
      })
      .optional(),
  }),
  subjects: ({ nik: value }) => [{ type: 'nik', value }],
  example: {
    input: { nik: '9999011501900001', fullName: 'WARGA CONTOH SATU', birthDate: '1990-01-15' },
    output: {
      nik: { verdict: 'match' },
      fullName: { verdict: 'match', similarity: 100 },
      birthDate: { verdict: 'match' },
    },
  },
})
