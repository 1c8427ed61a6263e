/**
 * What the agency in charge of a licence tells OSS: its decision, the steps on the way there, and a change of what it decided.
 * Lengths, and what must be there, are those of the Pedoman Integrasi Aplikasi OSS RBA 4.3.22.
 */
import { z } from 'zod'
import { optional, personal, publicElement } from './elements.ts'
import { isoDate, licenceId, nib, projectId, recordedOssNumber, regionCode } from './identifiers.ts'
import { licenceAuthority, licenceKind, licenceStatus } from './licence-codes.ts'
import { aboutLicence, documentLink } from './licence.ts'
import { defineSubmission } from './submission.ts'

const upTo = (length: number) => z.string().trim().min(1).max(length)
const longText = upTo(65_535)

/** The agency fetches it from there: PDF, at most 2 MB. */
const linkUpTo = (length: number) => z.url({ protocol: /^https$/, error: 'an https address' }).max(length)
const link = linkUpTo(65_535)

/** A number that OSS takes as a text of so many characters. */
const measure = (length: number) =>
  z
    .number()
    .min(0)
    .max(1e9)
    .multipleOf(0.01)
    .refine(value => String(value).length <= length, { error: `has at most ${length} characters` })

const count = (digits: number) =>
  z
    .int()
    .min(1)
    .max(10 ** digits - 1)

/** Which licence of which business, as OSS told of it. */
const application = {
  licenceId,
  nib,
  projectId,
  ossId: z.string().regex(/^[A-Z]\d\d-\d{8,21}$/, {
    error: 'An OSS id is a letter, two digits, a hyphen and 8 to 21 digits',
  }),
  /** One of the reference table `licence-codes`. */
  code: z.string().regex(/^[A-Za-z\d]{1,12}$/, { error: 'A licence code has up to 12 letters and digits' }),
}

const decision = {
  ...application,
  region: regionCode,
  status: licenceStatus.input,
  number: upTo(50).optional(),
  /** The form in which the number is written. */
  numberFormat: upTo(255).optional(),
  issuedOn: isoDate.optional(),
  /** Absent: for as long as the business runs. */
  validUntil: isoDate.optional(),
  validMonths: count(5).optional(),
  validYears: count(5).optional(),
  signer: z
    .strictObject({
      name: upTo(50),
      /** NIP. Absent: no civil servant. */
      civilServantNumber: upTo(25).optional(),
      position: upTo(150),
    })
    .optional(),
  document: link.optional(),
  attachment: link.optional(),
  note: longText.optional(),
}

/** Then there is a licence, with a number and a date, and somebody who has signed it. */
const granting: readonly unknown[] = ['approved', 'issuedProvisionally', 'approvedBySilence']

interface Undecided {
  readonly status?: unknown
  readonly number?: unknown
  readonly issuedOn?: unknown
  readonly signer?: unknown
}

/** `isLicence`: what goes with a licence must be there. Told together with whatever else is wrong, not after it. */
function decisionInput<More extends z.core.$ZodLooseShape>(
  more: More,
  isLicence: (input: Undecided) => boolean,
) {
  const has = (field: keyof Undecided) => (input: Undecided) =>
    input[field] !== undefined || !isLicence(input)
  const orElse = (field: keyof Undecided) => ({
    path: [field],
    error: `${field} is needed where there is a licence`,
    when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
  })
  return z
    .strictObject({ ...decision, ...more })
    .refine(has('number'), orElse('number'))
    .refine(has('issuedOn'), orElse('issuedOn'))
    .refine(has('signer'), orElse('signer'))
}

/** What comes with the form: the links in it, and the business number. */
const documentsOf = (...links: readonly (string | undefined)[]) => [
  { requirement: 'nib' },
  ...links.filter(link => link !== undefined).map(link => ({ link })),
]

/** What all three answers hold. */
const told = {
  licenceId: publicElement(recordedOssNumber, 'ID izin', 'Licence id'),
  note: optional(personal(z.string().min(1), 'Keterangan', "The agency's words")),
}
const number = optional(personal(z.string().min(1), 'Nomor izin', 'Licence number'))
const status = {
  status: optional(publicElement(licenceStatus.output, 'Status izin', 'Status of the licence')),
  statusText: optional(publicElement(z.string().min(1), 'Uraian status', "The agency's words on the status")),
}

const exampleOfLicence = {
  licenceId: 'I-2026010508000000000001',
  nib: '9999900000001',
  projectId: 'R-2026010508000000000001',
  ossId: 'P02-202601050800000000001',
  code: '056000000001',
}
const exampleOfDecision = {
  ...exampleOfLicence,
  region: '9999011004',
  status: 'approved',
  number: '503/001/DPMPTSP/2026',
  issuedOn: '2026-01-20',
  signer: { name: 'KEPALA CONTOH', civilServantNumber: '999999999999999999', position: 'Kepala DPMPTSP' },
  document: 'https://dokumen.mpp.example/izin/001.pdf',
} as const

export const licenceIssue = defineSubmission({
  id: 'licence.issue',
  kind: 'submission',
  path: '/v1/licences/decisions',
  title: { id: 'Penyampaian keputusan izin', en: 'Decision on a licence' },
  description: {
    id: 'Menyampaikan izin final, atau penolakannya, ke OSS dan mengikutinya sampai selesai.',
    en: 'Hands the decision on a licence, granted or refused, to OSS and follows it to its end.',
  },
  input: decisionInput(
    {
      kind: licenceKind.input.optional(),
      /** Of a building, as approved; areas in square metres, heights in metres. */
      building: z
        .strictObject({
          commitmentId: upTo(25).optional(),
          area: measure(25).optional(),
          floors: count(2).optional(),
          height: measure(5).optional(),
          basementArea: measure(25).optional(),
          basementFloors: count(2).optional(),
        })
        .optional(),
    },
    input => granting.includes(input.status),
  ),
  output: z.object({
    ...told,
    ...status,
    number,
    kind: optional(publicElement(licenceKind.output, 'Jenis perizinan', 'Kind of licence')),
    attachment: optional(personal(documentLink, 'Berkas lampiran', 'Attachment')),
  }),
  documents: ({ document, attachment }) => documentsOf(document, attachment),
  orderKey: input => input.licenceId,
  subjects: input => aboutLicence(input.licenceId, input.nib),
  example: {
    input: exampleOfDecision,
    output: {
      licenceId: exampleOfLicence.licenceId,
      status: { code: 'approved', text: 'Disetujui' },
      number: '503/001/DPMPTSP/2026',
    },
  },
})

export const licenceReportStatus = defineSubmission({
  id: 'licence.report-status',
  kind: 'submission',
  path: '/v1/licences/status-reports',
  title: { id: 'Laporan status izin', en: 'Step on the way to a licence' },
  description: {
    id: 'Melaporkan ke OSS sampai di mana permohonan izin, dengan tagihan PNBP bila ada.',
    en: 'Tells OSS how far an application for a licence has come, with the bill to pay where there is one.',
  },
  input: z.strictObject({
    ...application,
    productId: z
      .string()
      .regex(/^[A-Z]-\d{8,23}$/, { error: 'A product id is a letter, a hyphen and 8 to 23 digits' })
      .optional(),
    agencyCode: z.string().regex(/^\d{3}$/, { error: 'An agency code has 3 digits' }),
    status: licenceStatus.input,
    /** When it came about; absent: when it is reported. */
    at: z.iso.datetime({ offset: true }).optional(),
    officer: z.strictObject({ name: upTo(50), civilServantNumber: upTo(50).optional() }),
    note: longText.optional(),
    attachment: link.optional(),
    isFormApproved: z.boolean().optional(),
    /** The bill (PNBP), in whole rupiah. */
    payment: z
      .strictObject({
        accountCode: upTo(20).optional(),
        revenueCode: upTo(20).optional(),
        billingCode: upTo(50).optional(),
        billedOn: isoDate.optional(),
        dueOn: isoDate.optional(),
        amount: z.int().min(0).optional(),
        document: linkUpTo(255).optional(),
      })
      .optional(),
  }),
  output: z.object({ ...told, ...status }),
  documents: ({ attachment, payment }) => documentsOf(attachment, payment?.document),
  orderKey: input => input.licenceId,
  subjects: input => aboutLicence(input.licenceId, input.nib),
  example: {
    input: {
      ...exampleOfLicence,
      agencyCode: '056',
      status: 'documentsComplete',
      at: '2026-01-06T09:00:00+07:00',
      officer: { name: 'PETUGAS CONTOH' },
      note: 'Berkas lengkap',
    },
    output: { licenceId: exampleOfLicence.licenceId, note: 'Sukses' },
  },
})

export const licenceUpdate = defineSubmission({
  id: 'licence.update',
  kind: 'submission',
  path: '/v1/licences/updates',
  title: { id: 'Perubahan izin', en: 'Change of a licence' },
  description: {
    id: 'Mengubah izin yang telah terbit atau lampirannya di OSS; tanda tangan elektroniknya dibuat ulang.',
    en: 'Changes an issued licence or its attachment at OSS; it is then signed anew.',
  },
  input: decisionInput({ authority: licenceAuthority.input }, () => true),
  output: z.object({
    ...told,
    number,
    signatureReset: optional(
      personal(z.string().min(1), 'Keterangan reset tanda tangan', 'What became of the old signature'),
    ),
  }),
  documents: ({ document, attachment }) => documentsOf(document, attachment),
  orderKey: input => input.licenceId,
  subjects: input => aboutLicence(input.licenceId, input.nib),
  example: {
    input: {
      ...exampleOfDecision,
      authority: 'regency',
      attachment: 'https://dokumen.mpp.example/izin/001-lampiran.pdf',
    },
    output: {
      licenceId: exampleOfLicence.licenceId,
      number: '503/001/DPMPTSP/2026',
      signatureReset: 'Berhasil Reset DS',
    },
  },
})
