/** The loss report (SKTLK): a citizen tells the police what was lost, and gets the letter that other agencies ask for. */
import { z } from 'zod'
import { optional, personal } from './elements.ts'
import { formLine, formPerson, formText, mistakeAt, policeOffice } from './form.ts'
import { isoDate, nik } from './identifiers.ts'
import { pastDate } from './past-date.ts'
import { lossReportStatus, lostItemType } from './police-codes.ts'
import { defineSubmission, documents } from './submission.ts'

/** A time of day, to the minute, as a clock on the wall shows it. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as 14:30' })

const isDay = (value: unknown): value is string => isoDate.safeParse(value).success

const lostItem = z
  .strictObject({
    type: lostItemType.input,
    description: formLine(300).optional(),
    /** What tells it from others: `{ name: 'Nomor rekening', value: '9999000001' }`. */
    identifyingNumbers: z
      .array(z.strictObject({ name: formLine(60), value: formLine(60) }))
      .max(10)
      .default([]),
    /** Whose it is, when not the reporter's. */
    ownerNik: nik.optional(),
    /** From whoever issued the thing (bank, land office, school, leasing company), where the police ask for one. */
    supportingLetter: z
      .strictObject({ issuer: formLine(200), number: formLine(60).optional(), date: pastDate.optional() })
      .optional(),
  })
  .refine(
    ({ type, description }: { type?: string; description?: unknown }) =>
      type !== 'other' || description !== undefined,
    mistakeAt(['description'], 'is needed of what is in no list'),
  )

const reportForm = z
  .strictObject({
    /** Whose counter (SPKT) takes the report. */
    office: policeOffice,
    reporter: formPerson,
    items: z.array(lostItem).min(1, { error: 'what was lost?' }).max(20, { error: 'at most 20 items' }),
    /** `date` and `time` as at the place; as near as the reporter knows. */
    loss: z.strictObject({
      place: formLine(300),
      date: pastDate,
      time: clockTime.optional(),
      circumstances: formText(2_000),
    }),
    documents,
  })
  .refine(
    ({ reporter, loss }: { reporter?: { birthDate?: unknown }; loss?: { date?: unknown } }) =>
      !(isDay(reporter?.birthDate) && isDay(loss?.date) && loss.date < reporter.birthDate),
    mistakeAt(['loss', 'date'], 'is before the reporter was born'),
  )

/** The letter. By custom it is valid for 14 days; `validUntil` only where the police say so. */
export const lossReport = z.object({
  // Assumed: `SKTLK/{serial}/{roman month}/{year}/SPKT/{unit}`.
  reportNumber: personal(z.string().min(4).max(60), 'Nomor laporan', 'Report number'),
  status: personal(lossReportStatus.output, 'Status laporan', 'Status of the report'),
  reportedOn: optional(personal(isoDate, 'Tanggal laporan', 'Date of the report')),
  reportedAt: optional(personal(clockTime, 'Jam laporan', 'Time of the report')),
  validUntil: optional(personal(isoDate, 'Berlaku sampai', 'Valid until')),
  office: optional(personal(z.string(), 'Kantor polisi', 'Police office')),
  officerName: optional(personal(z.string(), 'Nama petugas', "Officer's name")),
  officerRank: optional(personal(z.string(), 'Pangkat petugas', "Officer's rank")),
  officerNumber: optional(personal(z.string(), 'NRP petugas', "Officer's number")),
  refusalReason: optional(personal(z.string(), 'Alasan penolakan', 'Reason of the refusal')),
})

export const lossReportFile = defineSubmission({
  id: 'loss-report.file',
  kind: 'submission',
  path: '/v1/loss-reports',
  title: { id: 'Laporan kehilangan (SKTLK)', en: 'Loss report' },
  description: {
    id: 'Melaporkan kehilangan surat atau barang kepada polisi. Gratis; suratnya lazim berlaku 14 hari.',
    en: 'Reports to the police that papers or things were lost. Free; by custom the letter is valid for 14 days.',
  },
  input: reportForm,
  output: lossReport,
  subjects: ({ reporter, items }) =>
    [...new Set([reporter.nik, ...items.flatMap(({ ownerNik }) => ownerNik ?? [])])].map(value => ({
      type: 'nik',
      value,
    })),
  documents: input => input.documents,
  example: {
    input: {
      office: { level: 'resort', name: 'POLRES CONTOH', code: '9901' },
      reporter: {
        nik: '9999011501900001',
        fullName: 'WARGA CONTOH SATU',
        birthPlace: 'KOTA CONTOH',
        birthDate: '1990-01-15',
        sex: 'male',
        religion: 'islam',
        occupation: 'privateEmployee',
        address: { street: 'JL CONTOH NO 1', regency: 'KOTA CONTOH', province: 'PROVINSI CONTOH' },
        phone: '081200000000',
      },
      items: [
        {
          type: 'bankCard',
          description: 'KARTU DEBIT BIRU',
          identifyingNumbers: [{ name: 'Nomor rekening', value: '9999000001' }],
          supportingLetter: { issuer: 'BANK CONTOH', number: 'SK/99/2026', date: '2026-01-05' },
        },
      ],
      loss: {
        place: 'PASAR CONTOH, KOTA CONTOH',
        date: '2026-01-04',
        time: '14:30',
        circumstances: 'Dompet terjatuh sewaktu berbelanja.',
      },
      documents: [{ requirement: 'ktp' }, { requirement: 'supporting-letter' }],
    },
    output: {
      reportNumber: 'SKTLK/1/I/2026/SPKT/POLRES CONTOH',
      status: { code: 'issued', text: 'TERBIT' },
      reportedOn: '2026-01-05',
      reportedAt: '09:15',
      validUntil: '2026-01-19',
      office: 'POLRES CONTOH',
      officerName: 'PETUGAS CONTOH',
      officerRank: 'AIPTU',
      officerNumber: '99990001',
    },
  },
})
