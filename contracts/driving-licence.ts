/** The driving licence (SIM): whose it is, for what, whether it is valid; and its renewal. */
import { z } from 'zod'
import { defineCapability } from './capability.ts'
import { optional, personal, specific } from './elements.ts'
import {
  bankAccountNumber,
  emailAddress,
  formAddress,
  formLine,
  formName,
  mistakeAt,
  phoneNumber,
} from './form.ts'
import { drivingLicenceNumber, isoDate, nik } from './identifiers.ts'
import { pastDate } from './past-date.ts'
import { drivingLicenceClass, drivingLicenceRenewalStatus, drivingLicenceStatus } from './police-codes.ts'
import { defineSubmission, documents } from './submission.ts'

/** Class, name and status are always there; see `optional` for the rest. */
export const drivingLicence = z.object({
  class: personal(drivingLicenceClass.output, 'Golongan SIM', 'Licence class'),
  fullName: personal(z.string().min(1).max(200), 'Nama lengkap', 'Full name'),
  birthDate: optional(personal(isoDate, 'Tanggal lahir', 'Date of birth')),
  issuedOn: optional(personal(isoDate, 'Tanggal terbit', 'Date of issue')),
  validUntil: optional(personal(isoDate, 'Berlaku sampai', 'Valid until')),
  issuingOffice: optional(personal(z.string(), 'Satpas penerbit', 'Issuing office')),
  status: personal(drivingLicenceStatus.output, 'Status SIM', 'Licence status'),
})

export const drivingLicenceLookup = defineCapability({
  id: 'driving-licence.lookup',
  kind: 'query',
  path: '/v1/driving-licences/lookup',
  title: { id: 'SIM menurut nomor dan NIK', en: 'Driving licence by number and NIK' },
  description: {
    id: 'Memeriksa sebuah SIM: golongan, masa berlaku dan statusnya. SIM yang kedaluwarsa tidak dapat diperpanjang.',
    en: 'Checks a driving licence: its class, validity and status. An expired one cannot be renewed.',
  },
  input: z.strictObject({ drivingLicenceNumber, nik }),
  output: drivingLicence,
  subjects: input => [
    { type: 'drivingLicenceNumber', value: input.drivingLicenceNumber },
    { type: 'nik', value: input.nik },
  ],
  example: {
    input: { drivingLicenceNumber: '999999010001', nik: '9999011501900001' },
    output: {
      class: { code: 'c', text: 'C' },
      fullName: 'WARGA CONTOH SATU',
      birthDate: '1990-01-15',
      issuedOn: '2024-03-04',
      validUntil: '2029-03-04',
      issuingOffice: 'SATPAS CONTOH',
      status: { code: 'active', text: 'AKTIF' },
    },
  },
})

/** `reference`: of the result, in erikkes.id and app.eppsi.id. */
const examination = z.strictObject({ reference: formLine(60), on: pastDate.optional() })

interface MaybeExpired {
  readonly licence?: { readonly validUntil?: string | undefined }
  readonly health?: { readonly on?: string | undefined }
  readonly psychology?: { readonly on?: string | undefined }
}

/** As the police's own application asks for it: classes A and C only, with the results of both examinations. */
const renewalForm = z
  .strictObject({
    licence: z.strictObject({
      number: drivingLicenceNumber,
      class: drivingLicenceClass.input.extract(['a', 'c'], { error: 'only classes a and c are renewed so' }),
      validUntil: isoDate.optional(),
    }),
    holder: z.strictObject({ nik, fullName: formName, phone: phoneNumber, email: emailAddress }),
    health: examination,
    psychology: examination,
    /** The Satpas; `code` is the police's own. */
    issuingOffice: z.strictObject({ name: formLine(120), code: formLine(20).optional() }),
    delivery: z.discriminatedUnion('way', [
      z.strictObject({ way: z.literal('self') }),
      z.strictObject({ way: z.literal('proxy'), proxy: z.strictObject({ nik, fullName: formName }) }),
      z.strictObject({ way: z.literal('post'), address: formAddress }),
    ]),
    /** Where the fee goes back to, should the renewal fail. */
    refundAccount: z.strictObject({ bank: formLine(60), number: bankAccountNumber, holder: formName }),
    documents,
  })
  // A form does not say what day it is: a licence that has ended otherwise is for the police to refuse.
  .refine(
    ({ licence, health, psychology }: MaybeExpired) =>
      [health?.on, psychology?.on].every(day => !day || !licence?.validUntil || day <= licence.validUntil),
    mistakeAt(
      ['licence', 'validUntil'],
      'an expired licence cannot be renewed: it had ended when its holder was examined',
    ),
  )

/** What the police tell of a renewal. */
export const drivingLicenceRenewal = z.object({
  applicationNumber: personal(z.string().min(1).max(60), 'Nomor permohonan', 'Application number'),
  status: personal(drivingLicenceRenewalStatus.output, 'Status permohonan', 'Status of the application'),
  paymentCode: optional(personal(z.string(), 'Kode bayar', 'Payment code')),
  amount: optional(personal(z.int().nonnegative(), 'Jumlah (rupiah)', 'Amount (rupiah)')),
  issuingOffice: optional(personal(z.string(), 'Satpas penerbit', 'Issuing office')),
  drivingLicenceNumber: optional(personal(drivingLicenceNumber, 'Nomor SIM', 'Driving licence number')),
  issuedOn: optional(personal(isoDate, 'Tanggal terbit', 'Date of issue')),
  validUntil: optional(personal(isoDate, 'Berlaku sampai', 'Valid until')),
  trackingNumber: optional(personal(z.string(), 'Nomor kiriman pos', 'Tracking number of the post')),
  // It may speak of health.
  refusalReason: optional(specific(z.string(), 'Alasan penolakan', 'Reason of the refusal')),
})

export const drivingLicenceRenew = defineSubmission({
  id: 'driving-licence.renew',
  kind: 'submission',
  path: '/v1/driving-licences/renewals',
  title: { id: 'Perpanjangan SIM', en: 'Renewal of a driving licence' },
  description: {
    id: 'Mengajukan perpanjangan SIM A atau C yang masih berlaku. SIM yang kedaluwarsa harus dibuat baru.',
    en: 'Applies for the renewal of a licence A or C that is still valid. An expired one has to be made anew.',
  },
  input: renewalForm,
  output: drivingLicenceRenewal,
  subjects: ({ holder, licence, delivery }) => [
    { type: 'nik', value: holder.nik },
    { type: 'drivingLicenceNumber', value: licence.number },
    ...(delivery.way === 'proxy' ? [{ type: 'nik' as const, value: delivery.proxy.nik }] : []),
  ],
  documents: input => input.documents,
  variant: ({ licence }) => `sim-${licence.class}`,
  example: {
    input: {
      licence: { number: '999999010001', class: 'c', validUntil: '2029-03-04' },
      holder: {
        nik: '9999011501900001',
        fullName: 'WARGA CONTOH SATU',
        phone: '081200000000',
        email: 'warga.satu@contoh.example',
      },
      health: { reference: 'RIKKES-99-000001', on: '2029-02-01' },
      psychology: { reference: 'EPPSI-99-000001', on: '2029-02-01' },
      issuingOffice: { name: 'SATPAS CONTOH', code: '9901' },
      delivery: { way: 'self' },
      refundAccount: { bank: 'BANK CONTOH', number: '9999000001', holder: 'WARGA CONTOH SATU' },
      documents: [
        { requirement: 'ktp' },
        { requirement: 'old-driving-licence' },
        { requirement: 'health-result' },
        { requirement: 'psychology-result' },
      ],
    },
    output: {
      applicationNumber: 'SIM/99/2029/000001',
      status: { code: 'issued', text: 'TERBIT' },
      amount: 75_000,
      issuingOffice: 'SATPAS CONTOH',
      drivingLicenceNumber: '999999010001',
      issuedOn: '2029-02-02',
      validUntil: '2034-02-02',
    },
  },
})
