/** The driving licence (SIM): whose it is, for what, and whether it is valid. */
import { z } from 'zod'
import { defineCapability } from './capability.ts'
import { optional, personal } from './elements.ts'
import { drivingLicenceNumber, isoDate, nik } from './identifiers.ts'
import { drivingLicenceClass, drivingLicenceStatus } from './police-codes.ts'

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
