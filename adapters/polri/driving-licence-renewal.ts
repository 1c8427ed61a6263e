/** The renewal of a driving licence (SIM) on the wire. Assumed from end to end. */
import { z } from 'zod'
import type { drivingLicenceRenew, drivingLicenceRenewal } from '#contracts/driving-licence.ts'
import {
  drivingLicenceClass,
  drivingLicenceDelivery,
  drivingLicenceRenewalStatus,
} from '#contracts/police-codes.ts'
import type { Order } from '#contracts/submission.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import type { Envelope } from './envelope.ts'
import {
  citizensTurn,
  granted,
  orderPayload,
  policesTurn,
  readOrder,
  refused,
  type Steps,
  writeDocuments,
} from './order.ts'
import { writeAddress } from './person.ts'
import { number, readDate, readNumber, text } from './wire.ts'

type Form = z.output<typeof drivingLicenceRenew.input>

export const renewalPayload = orderPayload(
  z.object({
    no_permohonan: z.string(),
    status: z.string(),
    kode_bayar: text,
    jumlah: number,
    satpas: text,
    no_sim: text,
    tgl_terbit: text,
    berlaku_sampai: text,
    no_resi: text,
    alasan: text,
  }),
)

/** Registered, it waits for the payment. Unpaid too long, it has expired. */
const steps: Steps<keyof typeof drivingLicenceRenewalStatus.codes> = {
  registered: citizensTurn,
  paid: policesTurn,
  issued: granted,
  refused,
  expired: refused,
}

function writeDelivery(delivery: Form['delivery']): object {
  const pengiriman = drivingLicenceDelivery.write(delivery.way)
  switch (delivery.way) {
    case 'proxy':
      return { pengiriman, kuasa: { nik: delivery.proxy.nik, nama: delivery.proxy.fullName } }
    case 'post':
      return { pengiriman, tujuan: writeAddress(delivery.address) }
    default:
      return { pengiriman }
  }
}

export const writeRenewal = ({ id, input, attachments }: Order<Form>): object => ({
  no_referensi: id,
  no_sim: input.licence.number,
  golongan: drivingLicenceClass.write(input.licence.class),
  berlaku_sampai: input.licence.validUntil,
  nik: input.holder.nik,
  nama: input.holder.fullName,
  no_telepon: input.holder.phone,
  email: input.holder.email,
  no_rikkes: input.health.reference,
  tgl_rikkes: input.health.on,
  no_psikologi: input.psychology.reference,
  tgl_psikologi: input.psychology.on,
  satpas: input.issuingOffice.name,
  satpas_kode: input.issuingOffice.code,
  ...writeDelivery(input.delivery),
  rekening_bank: input.refundAccount.bank,
  rekening_nomor: input.refundAccount.number,
  rekening_nama: input.refundAccount.holder,
  lampiran: writeDocuments(input.documents, attachments),
})

export const readRenewal = (reply: Envelope<z.output<typeof renewalPayload>>, order: Order<Form>) =>
  readOrder(reply, order, order.input.holder.nik, steps, payload => {
    const status = drivingLicenceRenewalStatus.read(payload.status)
    const reference = payload.no_permohonan.trim()
    const result: z.input<typeof drivingLicenceRenewal> = {
      applicationNumber: reference,
      status,
      paymentCode: read(payload.kode_bayar, asIs),
      amount: read(payload.jumlah, readNumber),
      issuingOffice: read(payload.satpas, asIs),
      drivingLicenceNumber: read(payload.no_sim, asIs),
      issuedOn: read(payload.tgl_terbit, readDate),
      validUntil: read(payload.berlaku_sampai, readDate),
      trackingNumber: read(payload.no_resi, asIs),
      refusalReason: read(payload.alasan, asIs),
    }
    return { reference, status, result }
  })
