/** The shapes that the API answers with, beside the capabilities' own: each one checked against the type it documents. */
import { z } from 'zod'
import type { ContractPath } from '#contracts/elements.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { refusalReasons } from '#gateway/access/decide.ts'
import { caseInput, type openCase } from '#gateway/http/cases.ts'
import type { NoticesAnswer } from '#gateway/http/notices.ts'
import type { Problem } from '#gateway/http/problem.ts'
import type { healthOf } from '#gateway/ops/health.ts'
import type { Answer } from '#gateway/answer.ts'
import { texts } from './json-schema.ts'

export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]]

const code = z.enum(failureCodes)
const instant = z.iso.datetime()
const contractPath = z.templateLiteral(['/', z.string()]) satisfies z.ZodType<ContractPath>
const sent = z.enum(['no', 'maybe', 'yes']).register(texts, {
  id: 'Apakah permintaan sampai keluar ke instansi. maybe: permintaan mulai dikirim tetapi tidak ada jawaban.',
  en: 'Did the request leave for the agency. maybe: it was begun and no answer came.',
})
const sources = z
  .array(z.object({ id: z.string(), state: z.enum(['ok', ...failureCodes]), sent, ms: z.int().min(0) }))
  .register(texts, {
    id: 'Instansi yang dicoba, berurutan, dengan hasil dan lamanya.',
    en: 'The agencies that were tried, in order, with outcome and duration.',
  })

const provenance = z.object({
  source: z.string(),
  mode: z.enum(['live', 'cached', 'stale']).register(texts, {
    id: 'live: baru ditanyakan. cached: jawaban tersimpan. stale: jawaban lama, karena instansi gagal menjawab.',
    en: 'live: asked just now. cached: kept from before. stale: kept from before, as the agency failed to answer.',
  }),
  fetchedAt: instant,
  ageMs: z.int().min(0),
})

/** What every question answers with, around the capability's own data. */
export const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()),
  provenance: z.object({ '': provenance }).catchall(provenance).register(texts, {
    id: 'Asal data menurut alamat unsur; alamat kosong berlaku untuk semuanya.',
    en: 'Where data came from by contract path; the empty path speaks for everything.',
  }),
  sources,
  withheld: z.array(contractPath).register(texts, {
    id: 'Unsur yang diberikan instansi tetapi ditahan karena tidak tercakup perjanjian.',
    en: 'Elements that the agency gave and the agreement withholds.',
  }),
  warnings: z.array(z.object({ code: z.literal('CODE_UNKNOWN'), path: contractPath })).register(texts, {
    id: 'Unsur yang teksnya tidak ada dalam daftar kode; kodenya menjadi unknown.',
    en: 'Elements whose text no code list knows; their code is unknown.',
  }),
  auditId: z.uuid().nullable().register(texts, {
    id: 'Nomor bukti akses; null untuk pertanyaan publik.',
    en: 'The ledger entry that tells of it; null for a public question.',
  }),
}) satisfies z.ZodType<Answer>

/** A page of what agencies told us, around each notice's own data. */
export const noticesSchema = z.object({
  notices: z.array(
    z.object({
      id: z.uuid().register(texts, {
        id: 'Tetap sama setiap kali dibaca.',
        en: 'The same whenever it is read.',
      }),
      type: z.string().register(texts, {
        id: 'Jenis pemberitahuan, seperti dalam perjanjian.',
        en: 'What it tells, as agreements name it.',
      }),
      source: z.string().register(texts, {
        id: 'Instansi yang memberitahukan.',
        en: 'The agency that told it.',
      }),
      receivedAt: instant,
      data: answerSchema.shape.data,
      withheld: answerSchema.shape.withheld,
      warnings: answerSchema.shape.warnings,
      auditId: z.uuid().nullable().register(texts, {
        id: 'Nomor bukti akses; null bila semua yang ditampilkan publik.',
        en: 'The ledger entry that tells of it; null where all that is shown is public.',
      }),
    }),
  ),
  cursor: z.string().register(texts, {
    id: 'Kirim pada permintaan berikutnya, sekarang atau nanti. Sama dengan yang dikirim berarti belum ada yang baru. Satu halaman dapat berisi kurang dari limit.',
    en: 'Send it with the next request, now or later. The one that was sent means: nothing more yet. A page may hold fewer than limit.',
  }),
}) satisfies z.ZodType<NoticesAnswer>

export const problemSchema = z.object({
  type: z.string().register(texts, {
    id: 'Alamat penjelasan kode ini di /errors.',
    en: 'Where /errors explains the code.',
  }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code,
  source: z.string().register(texts, {
    id: 'Instansi yang bersangkutan, atau gateway.',
    en: 'The agency concerned, or gateway.',
  }),
  sent,
  retryAfter: z.number().nullable().register(texts, {
    id: 'Detik sampai layak ditanyakan lagi (juga di header Retry-After); null bila tidak diketahui.',
    en: 'Seconds until it makes sense to ask again (also in the Retry-After header); null when nobody knows.',
  }),
  auditId: z.string().nullable().register(texts, {
    id: 'Nomor bukti akses, bila ada.',
    en: 'The ledger entry that tells of it, if any.',
  }),
  requestId: z.string(),
  reason: z
    .string()
    .exactOptional()
    .register(texts, {
      id: `Sebab yang lebih rinci. NOT_GRANTED: ${refusalReasons.join(', ')}.`,
      en: `A finer reason. NOT_GRANTED: ${refusalReasons.join(', ')}.`,
    }),
  upstreamCode: z
    .string()
    .exactOptional()
    .register(texts, { id: 'Kode dari instansi sendiri.', en: "The agency's own code." }),
  errors: z
    .array(
      z.object({
        pointer: z.string().exactOptional(),
        header: z.string().exactOptional(),
        parameter: z.string().exactOptional(),
        detail: z.string(),
      }),
    )
    .exactOptional()
    .register(texts, {
      id: 'Setiap isian (JSON Pointer), header atau parameter yang salah, sekaligus.',
      en: 'Every offending field (JSON Pointer), header or query parameter at once.',
    }),
  sources: sources.exactOptional(),
}) satisfies z.ZodType<Problem>

texts.add(caseInput.shape.members, {
  id: 'Instansi lain yang ikut melayani kunjungan ini, menurut id.',
  en: 'Other organisations that take part in the visit, by id.',
})
texts.add(caseInput.shape.minutes, {
  id: 'Paling lama berapa menit kunjungan terbuka; tidak pernah melewati akhir hari layanan.',
  en: "How long the case lasts at most; it never outlives the mall's day.",
})

export const caseSchema = z.object({
  id: z
    .string()
    .register(texts, { id: 'Kirim sebagai header Mpp-Case.', en: 'Send it as the Mpp-Case header.' }),
  members: z.array(z.string()),
  openedAt: instant,
  expiresAt: instant,
}) satisfies z.ZodType<Awaited<ReturnType<typeof openCase>>>

const trust = z.enum(['documented', 'observed', 'assumed']).register(texts, {
  id: 'Dari mana format pesan instansi diketahui: dokumen, pengamatan, atau dugaan.',
  en: "Where the agency's wire format is known from.",
})

export const upstreamHealthSchema = z.object({
  id: z.string(),
  title: z.object({ id: z.string(), en: z.string() }),
  trust,
  capabilities: z.array(z.object({ id: z.string(), trust })),
  state: z.enum(['ok', 'degraded', 'down', 'held', 'unknown']),
  circuit: z.enum(['closed', 'open', 'half-open']),
  heldSince: instant.nullable(),
  attempts: z.int().min(0).register(texts, { id: 'Lima menit terakhir.', en: 'Of the last five minutes.' }),
  faults: z.int().min(0).register(texts, { id: 'Lima menit terakhir.', en: 'Of the last five minutes.' }),
  lastSuccessAt: instant.nullable(),
  lastFailure: z.object({ at: instant.nullable(), code }).nullable(),
  latencyMs: z.object({ p50: z.int(), p95: z.int(), p99: z.int() }).nullable(),
  quotaLeft: z.object({ value: z.int(), ageMs: z.int().min(0) }).nullable(),
}) satisfies z.ZodType<ReturnType<typeof healthOf>>
