/** The police record certificate (SKCK): how far an application is. Never the record itself. */
import { z } from 'zod'
import { defineCapability } from './capability.ts'
import { optional, personal, specific } from './elements.ts'
import { isoDate, nik, policeRecordRegistrationNumber } from './identifiers.ts'
import { policeRecordStatus } from './police-codes.ts'

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
