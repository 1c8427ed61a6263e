/** What is told of orders: to who ordered, to officers at the work list, to operators. */
import { z } from 'zod'
import { submissionStates } from '#contracts/submission.ts'
import { attachmentTypes } from '#gateway/delivery/attachments.ts'
import type { ShownSubmission, SubmissionDetail } from '#gateway/delivery/show.ts'
import type { WorkItem, WorkItemDetail } from '#gateway/delivery/work-list.ts'
import type { AttachmentAnswer } from '#gateway/http/attachments.ts'
import {
  type OperatedAnswer,
  type RerunAnswer,
  rerunAllInput,
  rerunInput,
} from '#gateway/http/operator-submissions.ts'
import type { BareSubmission } from '#gateway/http/submissions.ts'
import { finishInput, releaseInput, type WorkListAnswer } from '#gateway/http/work-list.ts'
import { instant, texts } from './json-schema.ts'
import { contractPath } from './schemas.ts'
import { serviceViewSchema } from './service-schemas.ts'

const states = Object.keys(submissionStates) as [keyof typeof submissionStates]
const state = z.enum(states).register(texts, {
  id: Object.entries(submissionStates)
    .map(([name, text]) => `${name}: ${text.id}`)
    .join('. '),
  en: Object.entries(submissionStates)
    .map(([name, text]) => `${name}: ${text.en}`)
    .join('. '),
})
const cursor = z.string().nullable().register(texts, {
  id: 'Untuk halaman berikutnya; null bila ini yang terakhir.',
  en: 'For the next page; null after the last one.',
})
const auditId = z.uuid().nullable().register(texts, {
  id: 'Nomor bukti akses; null bila tidak ada data pribadi yang ditampilkan.',
  en: 'The ledger entry that tells of it; null where nothing personal was shown.',
})

const shown = {
  id: z.uuid(),
  capability: z.string(),
  source: z.string().register(texts, { id: 'Instansi tujuan.', en: 'The agency it goes to.' }),
  state,
  stateText: z.string(),
  since: instant().register(texts, {
    id: 'Sejak kapan dalam keadaan itu.',
    en: 'Since when it is in that state.',
  }),
  acceptedAt: instant(),
  case: z.string(),
  purpose: z.string(),
  attempts: z.int().min(0).register(texts, { id: 'Percobaan yang sudah dimulai.', en: 'Attempts begun.' }),
  next: z
    .object({
      by: z.enum(['gateway', 'agency', 'officer', 'operator']),
      text: z.string(),
      at: instant().nullable(),
    })
    .nullable()
    .register(texts, {
      id: 'Apa selanjutnya dan oleh siapa; null bila sudah selesai.',
      en: 'What happens next, and by whom; null once it is over.',
    }),
}

export const shownSchema = z.object(shown) satisfies z.ZodType<ShownSubmission>

export const submissionsSchema = z.object({ submissions: z.array(shownSchema), cursor })

const behind = z
  .object({ id: z.uuid().nullable(), state: z.enum(states) })
  .nullable()
  .register(texts, {
    id: 'Permohonan lebih dahulu atas hal yang sama yang ditunggunya; id null bila milik anggota lain.',
    en: "The earlier order about the same thing that it waits for; id null where it is another member's.",
  })

export const submissionSchema = z.object({
  ...shown,
  behind,
  history: z.array(z.looseObject({ at: instant(), type: z.string() })).register(texts, {
    id: 'Setiap peristiwa, berurutan: keadaan dan kode saja.',
    en: 'Everything that happened, in order: states and codes only.',
  }),
  service: serviceViewSchema.nullable().register(texts, {
    id: 'Standar pelayanan dan jamnya; null bila isi permohonan sudah dihancurkan.',
    en: "The service standard and its clock; null once the order's content has been destroyed.",
  }),
  reference: z.string().nullable().register(texts, {
    id: 'Nomor dari instansi; null bila belum ada, atau tanpa header konteks.',
    en: "The agency's number; null while there is none, and without context headers.",
  }),
  reason: z.string().nullable().register(texts, {
    id: 'Alasan penolakan menurut petugas; null bila tidak ada, atau tanpa header konteks.',
    en: 'Why it was rejected, as an officer wrote it; null where there is nothing, and without context headers.',
  }),
  data: z.record(z.string(), z.unknown()).nullable().register(texts, {
    id: 'Hasilnya, sejauh diizinkan perjanjian; null tanpa header konteks.',
    en: 'What came of it, as far as the agreement grants it; null without context headers.',
  }),
  withheld: z.array(contractPath),
  auditId,
}) satisfies z.ZodType<SubmissionDetail>

/** Of an order that was kept while the store cannot show it. */
export const bareSubmissionSchema = z.object({
  id: shown.id,
  state: shown.state,
}) satisfies z.ZodType<BareSubmission>

const work = {
  ...shown,
  member: z.string().register(texts, { id: 'Pemohon: instansi yang memesan.', en: 'Who ordered.' }),
  takenBy: z.object({ member: z.string(), officer: z.string() }).nullable().register(texts, {
    id: 'Petugas yang sedang mengerjakannya.',
    en: 'The officer who has it in hand.',
  }),
  behind,
  service: z
    .object({
      title: z.string(),
      dueAt: instant().nullable().register(texts, {
        id: 'Batas waktu menurut standar pelayanan; null selama jam berhenti, atau bila tidak ada janji waktu.',
        en: 'When it is due by the service standard; null while its clock stands still, and where no time is promised.',
      }),
      isLate: z.boolean(),
    })
    .nullable()
    .register(texts, {
      id: 'Layanannya; null bila isi permohonan sudah dihancurkan.',
      en: "Its service; null once the order's content has been destroyed.",
    }),
}

export const workItemSchema = z.object(work) satisfies z.ZodType<WorkItem>

export const workListSchema = z.object({
  items: z.array(workItemSchema),
  cursor,
}) satisfies z.ZodType<WorkListAnswer>

export const workDetailSchema = z.object({
  ...work,
  order: z
    .object({
      input: z.record(z.string(), z.unknown()),
      documents: z.array(
        z.object({
          requirement: z.string().optional(),
          attachment: z.string().optional(),
          link: z.string().optional(),
        }),
      ),
      reference: z.string().nullable(),
    })
    .nullable()
    .register(texts, {
      id: 'Isi permohonan; null tanpa header konteks.',
      en: 'What was ordered; null without context headers.',
    }),
  auditId,
}) satisfies z.ZodType<WorkItemDetail>

export const operatedSchema = z.object({
  ...work,
  owner: z.string().nullable().register(texts, {
    id: 'Penanggung jawab permohonan ke instansi ini; null selama permohonan berjalan sendiri.',
    en: 'Who looks after orders to this agency; null while it goes its way: neither uncertain, nor dead, nor awaiting an operator.',
  }),
  reason: z.string().nullable().register(texts, {
    id: 'Sebab keadaannya: GIVEN_UP, AGREEMENT_EXPIRED, atau kode kegagalan.',
    en: 'Why it is where it is: GIVEN_UP, AGREEMENT_EXPIRED, or the code of a failure.',
  }),
  lastFailure: z
    .object({
      at: instant(),
      code: z.string(),
      upstreamCode: z.string().nullable(),
      sent: z.string().nullable(),
    })
    .nullable(),
})

export const operatedListSchema = z.object({
  submissions: z.array(operatedSchema),
  cursor,
}) satisfies z.ZodType<OperatedAnswer>

export const rerunSchema = z.object({
  dryRun: z.boolean(),
  count: z.int().min(0),
  submissions: z.array(z.object({ id: z.uuid(), state: z.enum(states) })),
  more: z.boolean().register(texts, {
    id: 'Masih ada yang lain yang cocok.',
    en: 'There are more that fit.',
  }),
}) satisfies z.ZodType<RerunAnswer>

export const attachmentSchema = z.object({
  id: z.string().register(texts, {
    id: 'Sebut dalam documents sebuah permohonan.',
    en: 'Name it in the documents of an order.',
  }),
  contentType: z.string().meta({ enum: attachmentTypes }),
  bytes: z.int().min(1),
  expiresAt: instant().register(texts, {
    id: 'Sejak saat itu hilang, kecuali disebut oleh permohonan.',
    en: 'From then on it is gone, unless an order names it.',
  }),
}) satisfies z.ZodType<AttachmentAnswer>

texts.add(releaseInput.shape.acted, {
  id: 'false: petugas menyatakan tidak ada yang dimasukkan di instansi.',
  en: 'false: the officer states that nothing was entered at the agency.',
})
texts.add(finishInput.shape.reference, {
  id: 'Nomor dari instansi. Yang confirmed memerlukan nomor atau hasil, sekarang atau yang sudah dicatat.',
  en: "The agency's number. What is confirmed needs a number or a result, now or entered before.",
})
texts.add(finishInput.shape.result, {
  id: 'Keluaran kemampuan itu, sejauh diketahui. Pada unsur berkode cukup code: text menurut daftarnya.',
  en: "The capability's output, as far as it is known. Of coded elements the code is enough: text is then the list's.",
})
texts.add(finishInput.shape.agencyState, {
  id: 'Kode tahap menurut instansi; juga sebab jam berhenti.',
  en: "The agency's own code of the step; also why the clock stands still.",
})
texts.add(finishInput.shape.clock, {
  id: 'Hanya pada accepted. pause: instansi menunggu pemohon. resume: jam berjalan lagi. reset: kembali ke nol dan berhenti. restart: berjalan dari nol.',
  en: 'Of accepted only. pause: the agency waits for the applicant. resume: the clock goes on. reset: back to zero, and it stands still. restart: it runs from zero.',
})
texts.add(finishInput.shape.reason, {
  id: 'Wajib bila ditolak, dan hanya pada saat itu; ditunjukkan kepada loket.',
  en: 'Needed of what was rejected, and only then; shown to the counter.',
})
texts.add(rerunInput.shape.nothingHappened, {
  id: 'Operator menyatakan bahwa instansi tidak menerimanya: dikirim lagi walaupun mungkin pernah sampai.',
  en: 'The operator states that it never arrived: it is sent again though it may have.',
})
texts.add(rerunAllInput.shape.dryRun, {
  id: 'Hanya menyebut yang mana.',
  en: 'Tells only which those are.',
})

export const exampleShown: z.output<typeof shownSchema> = {
  id: '0199a1b2-0000-7000-8000-000000000008',
  capability: 'loss-report.file',
  source: 'example-agency',
  state: 'queued',
  stateText: submissionStates.queued.id,
  since: '2026-03-02T01:05:00.000Z',
  acceptedAt: '2026-03-02T01:05:00.000Z',
  case: 'case_AAAAAAAAAAAAAAAAAAAAAA',
  purpose: 'skck.new',
  attempts: 0,
  next: {
    by: 'officer',
    text: 'Petugas menyelesaikannya di aplikasi instansi (daftar kerja)',
    at: null,
  },
}

export const exampleItem: z.output<typeof workItemSchema> = {
  ...exampleShown,
  member: 'front-office',
  takenBy: null,
  behind: null,
  service: { title: 'SKCK baru', dueAt: '2026-03-02T02:05:00.000Z', isLate: false },
}

export const exampleOperated: z.output<typeof operatedSchema> = {
  ...exampleItem,
  state: 'dead',
  stateText: submissionStates.dead.id,
  next: { by: 'operator', text: 'Operator memutuskan kelanjutannya', at: null },
  owner: 'Operator mal ini',
  reason: 'GIVEN_UP',
  lastFailure: {
    at: '2026-03-09T01:04:00.000Z',
    code: 'UPSTREAM_UNAVAILABLE',
    upstreamCode: null,
    sent: 'no',
  },
}
