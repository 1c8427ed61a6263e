/** A loss report (SKTLK) on the wire. Assumed from end to end. */
import { z } from 'zod'
import type { lossReport, lossReportFile } from '#contracts/loss-report.ts'
import { lossReportStatus, lostItemType } from '#contracts/police-codes.ts'
import type { Order } from '#contracts/submission.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import type { Envelope } from './envelope.ts'
import {
  granted,
  orderPayload,
  policesTurn,
  readOrder,
  refused,
  type Steps,
  writeDocuments,
} from './order.ts'
import { writeOffice, writePerson } from './person.ts'
import { readDate, text } from './wire.ts'

type Form = z.output<typeof lossReportFile.input>

export const lossReportPayload = orderPayload(
  z.object({
    no_laporan: z.string(),
    status: z.string(),
    tgl_lapor: text,
    jam_lapor: text,
    berlaku_sampai: text,
    satwil_nama: text,
    petugas_nama: text,
    petugas_pangkat: text,
    petugas_nrp: text,
    alasan: text,
  }),
)

/** It is free, and the citizen is there: nobody is waited for. */
const steps: Steps<keyof typeof lossReportStatus.codes> = {
  registered: policesTurn,
  issued: granted,
  refused,
}

export const writeLossReport = ({ id, input, attachments }: Order<Form>): object => ({
  no_referensi: id,
  ...writeOffice(input.office),
  ...writePerson(input.reporter),
  barang: input.items.map(({ type, description, identifyingNumbers, ownerNik, supportingLetter }) => ({
    jenis: lostItemType.write(type),
    keterangan: description,
    nomor: identifyingNumbers.map(({ name, value }) => ({ nama: name, nilai: value })),
    nik_pemilik: ownerNik,
    surat_pengantar: supportingLetter && {
      penerbit: supportingLetter.issuer,
      nomor: supportingLetter.number,
      tanggal: supportingLetter.date,
    },
  })),
  tempat_hilang: input.loss.place,
  tgl_hilang: input.loss.date,
  jam_hilang: input.loss.time,
  uraian: input.loss.circumstances,
  lampiran: writeDocuments(input.documents, attachments),
})

export const readLossReport = (reply: Envelope<z.output<typeof lossReportPayload>>, order: Order<Form>) =>
  readOrder(reply, order, order.input.reporter.nik, steps, payload => {
    const status = lossReportStatus.read(payload.status)
    const reference = payload.no_laporan.trim()
    const result: z.input<typeof lossReport> = {
      reportNumber: reference,
      status,
      reportedOn: read(payload.tgl_lapor, readDate),
      reportedAt: read(payload.jam_lapor, asIs),
      validUntil: read(payload.berlaku_sampai, readDate),
      office: read(payload.satwil_nama, asIs),
      officerName: read(payload.petugas_nama, asIs),
      officerRank: read(payload.petugas_pangkat, asIs),
      officerNumber: read(payload.petugas_nrp, asIs),
      refusalReason: read(payload.alasan, asIs),
    }
    return { reference, status, result }
  })
