/** The police record certificate (SKCK): its application, and how far one is. Never the record itself. */
import { z } from 'zod'
import { defineCapability } from './capability.ts'
import { optional, personal, specific } from './elements.ts'
import {
  formAddress,
  formApplicant,
  formLine,
  formName,
  formText,
  formYear,
  mistakeAt,
  phoneNumber,
  policeOffice,
} from './form.ts'
import { isoDate, nik, policeRecordRegistrationNumber } from './identifiers.ts'
import { policeRecordPaymentMethod, policeRecordRequestKind, policeRecordStatus } from './police-codes.ts'
import { education, occupation, religion } from './population-codes.ts'
import { defineSubmission, documents } from './submission.ts'

/**
 * `canBeIssued` is all that is told of what the police found. `true`: nothing stands in the way, or it is issued already.
 * `null`: not known here, ask the police in person. It must not tell those with a record from those not checked yet.
 * `false`: only where the police themselves say that it cannot be issued.
 */
export const policeRecordApplication = z.object({
  registrationNumber: personal(
    policeRecordRegistrationNumber,
    'Nomor registrasi SKCK',
    'Police record registration number',
  ),
  status: personal(policeRecordStatus.output, 'Status permohonan', 'Status of the application'),
  paymentCode: optional(personal(z.string(), 'Kode bayar', 'Payment code')),
  amount: optional(personal(z.int().nonnegative(), 'Jumlah (rupiah)', 'Amount (rupiah)')),
  officeCode: optional(personal(z.string(), 'Kode satwil', 'Code of the police office')),
  certificateNumber: optional(personal(z.string(), 'Nomor SKCK', 'Certificate number')),
  issuedOn: optional(personal(isoDate, 'Tanggal terbit', 'Date of issue')),
  validUntil: optional(personal(isoDate, 'Berlaku sampai', 'Valid until')),
  canBeIssued: specific(z.boolean(), 'Dapat diterbitkan', 'Can be issued').nullable(),
})

export const policeRecordStatusLookup = defineCapability({
  id: 'police-record.status',
  kind: 'query',
  path: '/v1/police-records/status',
  title: { id: 'Status permohonan SKCK', en: 'Status of a police record application' },
  description: {
    id: 'Menanyakan sejauh mana permohonan SKCK diproses. Isi catatan kepolisian tidak pernah diberikan.',
    en: 'Asks how far an application for a police record certificate is. What the record says is never told.',
  },
  input: z.strictObject({ registrationNumber: policeRecordRegistrationNumber, nik }),
  output: policeRecordApplication,
  subjects: ({ nik: value }) => [{ type: 'nik', value }],
  example: {
    input: { registrationNumber: 'SKCK/99/2026/000001', nik: '9999011501900001' },
    output: {
      registrationNumber: 'SKCK/99/2026/000001',
      status: { code: 'registered', text: 'TERDAFTAR' },
      paymentCode: '99999000000001',
      amount: 30_000,
      officeCode: '9901',
      canBeIssued: null,
    },
  },
})

/** By name alone: the form asks for no NIK of the family. */
const relative = z.strictObject({
  fullName: formName,
  age: z.int().min(0).max(150).optional(),
  religion: religion.input.optional(),
  nationality: formLine(100).optional(),
  occupation: occupation.input.optional(),
  address: formLine(300).optional(),
})

const schooling = z.strictObject({
  level: education.input,
  institution: formLine(200),
  city: formLine(100).optional(),
  graduationYear: formYear.optional(),
})

interface MaybeDeclared {
  readonly ever?: boolean
  readonly entries?: readonly unknown[]
}

/** Yes or no, and what it was: one needs the other. */
const declared = <Entry extends z.ZodType>(entry: Entry) =>
  z
    .strictObject({ ever: z.boolean(), entries: z.array(entry).max(10).default([]) })
    .refine(
      ({ ever, entries }: MaybeDeclared) => ever !== true || entries?.length !== 0,
      mistakeAt(['entries'], 'are needed: the answer is yes'),
    )
    .refine(
      ({ ever, entries = [] }: MaybeDeclared) => ever !== false || entries.length === 0,
      mistakeAt(['entries'], 'must be empty: the answer is no'),
    )

const employment = z
  .strictObject({
    employer: formLine(200),
    position: formLine(100).optional(),
    fromYear: formYear.optional(),
    untilYear: formYear.optional(),
  })
  .refine(
    ({ fromYear = 0, untilYear = Infinity }) => fromYear <= untilYear,
    mistakeAt(['untilYear'], 'lies before fromYear'),
  )

/** The form of skck.polri.go.id, section by section. */
const requestForm = z
  .strictObject({
    office: policeOffice,
    kind: policeRecordRequestKind.input,
    /** Of a renewal: the certificate that it follows. */
    previousCertificateNumber: formLine(60).optional(),
    /** What the certificate is for: `Melamar pekerjaan`. It decides which level of office issues it. */
    purpose: formLine(200),
    paymentMethod: policeRecordPaymentMethod.input,
    applicant: formApplicant,
    family: z.strictObject({
      spouse: relative.optional(),
      father: relative,
      mother: relative,
      siblings: z.array(relative).max(30).default([]),
    }),
    education: z.array(schooling).max(15).default([]),
    criminalCases: declared(
      z.strictObject({
        case: formText(500),
        verdict: formText(500).optional(),
        /** How far it is. */
        stage: formText(500).optional(),
      }),
    ),
    violations: declared(z.strictObject({ violation: formText(500), stage: formText(500).optional() })),
    physicalFeatures: z.strictObject({
      heightCentimetres: z.int().min(30).max(280),
      weightKilograms: z.int().min(1).max(650),
      hair: formLine(60),
      face: formLine(60),
      skin: formLine(60),
      specialMarks: formLine(200).optional(),
      /** Of the card that the police made (`rumus sidik jari`). */
      fingerprintFormula: formLine(100).optional(),
    }),
    workHistory: z.array(employment).max(30).default([]),
    countriesVisited: z
      .array(z.strictObject({ country: formLine(100), year: formYear.optional() }))
      .max(100)
      .default([]),
    hobbies: formLine(300).optional(),
    sponsor: z
      .strictObject({
        name: formName,
        address: formAddress.optional(),
        phone: phoneNumber.optional(),
      })
      .optional(),
    documents,
  })
  .refine(
    ({ kind, previousCertificateNumber }: { kind?: string; previousCertificateNumber?: unknown }) =>
      kind !== 'renewal' || previousCertificateNumber !== undefined,
    mistakeAt(['previousCertificateNumber'], 'is needed of a renewal'),
  )
  .refine(
    (form: { applicant?: { maritalStatus?: string }; family?: { spouse?: unknown } }) =>
      form.applicant?.maritalStatus !== 'married' || !form.family || form.family.spouse !== undefined,
    mistakeAt(['family', 'spouse'], 'is needed of the married'),
  )

const relativeExample = (fullName: string, age: number) => ({
  fullName,
  age,
  religion: 'islam' as const,
  nationality: 'INDONESIA',
  occupation: 'trader' as const,
  address: 'JL CONTOH NO 1, KOTA CONTOH',
})

export const policeRecordRequest = defineSubmission({
  id: 'police-record.request',
  kind: 'submission',
  path: '/v1/police-records/requests',
  title: { id: 'Permohonan SKCK', en: 'Application for a police record certificate' },
  description: {
    id: 'Mengajukan SKCK baru atau perpanjangan. Isi catatan kepolisian tidak pernah diberikan.',
    en: 'Applies for a police record certificate, new or renewed. What the record says is never told.',
  },
  input: requestForm,
  output: policeRecordApplication,
  subjects: ({ applicant }) => [{ type: 'nik', value: applicant.nik }],
  /** The questionnaire is the order itself. */
  documents: input => [...input.documents, { requirement: 'application-form' }],
  example: {
    input: {
      office: { level: 'resort', name: 'POLRES CONTOH', code: '9901' },
      kind: 'new',
      purpose: 'Melamar pekerjaan',
      paymentMethod: 'virtualAccount',
      applicant: {
        nik: '9999011501900001',
        fullName: 'WARGA CONTOH SATU',
        birthPlace: 'KOTA CONTOH',
        birthDate: '1990-01-15',
        sex: 'male',
        religion: 'islam',
        occupation: 'privateEmployee',
        address: {
          street: 'JL CONTOH NO 1',
          neighbourhood: '001',
          communityUnit: '002',
          village: 'DESA CONTOH',
          district: 'KECAMATAN CONTOH',
          regency: 'KOTA CONTOH',
          province: 'PROVINSI CONTOH',
          postalCode: '99999',
        },
        phone: '081200000000',
        maritalStatus: 'married',
        citizenship: 'indonesian',
      },
      family: {
        spouse: relativeExample('WARGA CONTOH DUA', 34),
        father: relativeExample('AYAH CONTOH', 62),
        mother: relativeExample('IBU CONTOH', 60),
        siblings: [relativeExample('SAUDARA CONTOH', 30)],
      },
      education: [
        {
          level: 'upperSecondary',
          institution: 'SMA NEGERI CONTOH',
          city: 'KOTA CONTOH',
          graduationYear: 2008,
        },
      ],
      criminalCases: { ever: false },
      violations: { ever: false },
      physicalFeatures: {
        heightCentimetres: 168,
        weightKilograms: 62,
        hair: 'LURUS HITAM',
        face: 'OVAL',
        skin: 'SAWO MATANG',
      },
      workHistory: [{ employer: 'USAHA CONTOH', position: 'STAF', fromYear: 2010, untilYear: 2025 }],
      hobbies: 'MEMBACA',
      documents: [
        { requirement: 'ktp' },
        { requirement: 'kk' },
        { requirement: 'birth-deed-or-diploma' },
        { requirement: 'fingerprint-card' },
        { requirement: 'photo' },
        { requirement: 'jkn' },
      ],
    },
    output: {
      registrationNumber: 'SKCK/99/2026/000001',
      status: { code: 'issued', text: 'TERBIT' },
      amount: 30_000,
      officeCode: '9901',
      certificateNumber: 'SKCK/YANMAS/000001/99/2026',
      issuedOn: '2026-01-05',
      validUntil: '2026-07-05',
      canBeIssued: true,
    },
  },
})
