/** An application for a police record certificate (SKCK). Assumed from end to end. */
import { z } from 'zod'
import { normaliseText } from '#contracts/code-list.ts'
import type { policeRecordApplication } from '#contracts/police-record.ts'
import { policeRecordStatus } from '#contracts/police-codes.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { number, readDate, readNumber, text } from './wire.ts'

export const applicationPayload = z.object({
  no_registrasi: z.string(),
  status: z.string(),
  kode_bayar: text,
  jumlah: number,
  satwil_kode: text,
  no_skck: text,
  tgl_terbit: text,
  berlaku_sampai: text,
  catatan: text,
})
type Payload = z.output<typeof applicationPayload>
type Application = z.input<typeof policeRecordApplication>

export function readApplication(payload: Payload): Application {
  const status = policeRecordStatus.read(payload.status)
  return {
    registrationNumber: payload.no_registrasi.trim(),
    status,
    paymentCode: read(payload.kode_bayar, asIs),
    amount: read(payload.jumlah, readNumber),
    officeCode: read(payload.satwil_kode, asIs),
    certificateNumber: read(payload.no_skck, asIs),
    issuedOn: read(payload.tgl_terbit, readDate),
    validUntil: read(payload.berlaku_sampai, readDate),
    canBeIssued: canBeIssued(status.code, payload.catatan),
  }
}

/**
 * `catatan` says whether there is a criminal record; the word ends here. A record does not rule a certificate out, so it
 * is null as long as the police may decide either way, exactly as when they have not looked yet. README.md has the reasons.
 */
function canBeIssued(status: Application['status']['code'], catatan: string | null | undefined): true | null {
  if (status === 'issued') return true
  const isOpen = status !== 'refused' && status !== 'expired' && status !== 'unknown'
  return isOpen && normaliseText(catatan ?? '') === 'TIDAK ADA' ? true : null
}
