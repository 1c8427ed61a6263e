/** The shapes that the API answers with, beside the capabilities' own: each one checked against the type it documents. */
import { modes } from '#gateway/upstream/steered.ts'
import { modeText, stretch } from './steering-schemas.ts'
import { z } from 'zod'
import type { ContractPath } from '#contracts/elements.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import type { AgreementChanges } from '#gateway/access/agreement-register.ts'
import { refusalReasons } from '#gateway/access/decide.ts'
import { trust } from '#gateway/catalogue/catalogue.ts'
import { caseInput, type openCase } from '#gateway/http/cases.ts'
import { decideInput, type DecisionAnswer } from '#gateway/http/decide.ts'
import type { eraseSubject } from '#gateway/http/erasure.ts'
import type { NoticesAnswer } from '#gateway/http/notices.ts'
import type { Problem } from '#gateway/http/problem.ts'
import type { Rights } from '#gateway/http/rights.ts'
import { type healthOf, healthStatuses, type minuteOf } from '#gateway/ops/health.ts'
import type { readinessAnswer } from '#gateway/ops/readiness.ts'
import type { Answer } from '#gateway/answer.ts'
import { instant, texts } from './json-schema.ts'

export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]]

const code = z.enum(failureCodes)
export const contractPath = z.templateLiteral(['/', z.string()]) satisfies z.ZodType<ContractPath>
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
  fetchedAt: instant(),
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
      receivedAt: instant(),
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

const grantFacts = {
  agreement: z.string().nullable().register(texts, {
    id: 'Perjanjian yang mengizinkannya; null bila tidak perlu.',
    en: 'The agreement that grants it; null where none is needed.',
  }),
  validUntil: instant().nullable().register(texts, {
    id: 'Sejak saat ini tidak lagi; null bila tanpa akhir.',
    en: 'From this instant on no longer; null: without end.',
  }),
  reuse: z
    .object({
      scope: z.enum(['none', 'case', 'agreement']),
      timeToLiveSeconds: z.number().min(0),
      staleSeconds: z.number().min(0),
    })
    .nullable()
    .register(texts, {
      id: 'Sejauh mana jawaban boleh dipakai lagi.',
      en: 'How far an answer may be used again.',
    }),
  quotas: z
    .array(
      z.object({
        purpose: z.string().nullable(),
        perDay: z.int().min(1),
        left: z.int().min(0),
        secondsUntilTurn: z.int().min(1),
      }),
    )
    .register(texts, {
      id: 'Jawaban per hari, sisanya hari ini, dan berapa detik lagi hari berganti; purpose null berarti semua keperluan bersama. Kosong: tidak dibatasi.',
      en: 'Answers a day, how many are left today, and the seconds until the day turns; a null purpose is all purposes together. Empty: no limit.',
    }),
}

const named = {
  capability: z.string(),
  kind: z.enum(['query', 'match', 'submission', 'notice']),
  title: z.string(),
  elements: z.array(
    z.object({
      path: z.templateLiteral(['/', z.string()]),
      label: z.string(),
      dataClass: z.enum(['public', 'personal', 'specific']),
    }),
  ),
}

/** What the caller may ask now. */
export const rightsSchema = z.object({
  member: z.string(),
  rights: z.array(z.object({ ...named, purpose: z.string(), upstream: z.string(), ...grantFacts })),
  public: z.array(z.object(named)).register(texts, {
    id: 'Tanpa perjanjian dan tanpa konteks, selama tidak tentang seseorang.',
    en: 'Without agreement and context, as long as it is about no person.',
  }),
}) satisfies z.ZodType<Rights>

texts.add(decideInput.shape.purpose, {
  id: 'Tanpa keperluan: yang publik saja.',
  en: 'Without a purpose: what is public.',
})

/** Whether something would be allowed. */
export const decisionSchema = z.union([
  z.object({
    allowed: z.literal(true),
    upstreams: z
      .array(
        z.object({ id: z.string(), elements: z.array(z.templateLiteral(['/', z.string()])), ...grantFacts }),
      )
      .register(texts, { id: 'Siapa yang akan ditanya, berurutan.', en: 'Who would be asked, in order.' }),
  }),
  z.object({
    allowed: z.literal(false),
    reason: z.string().register(texts, {
      id: `Sebab: ${refusalReasons.join(', ')} atau QUOTA_SPENT.`,
      en: `Why not: ${refusalReasons.join(', ')} or QUOTA_SPENT.`,
    }),
    detail: z.string(),
    elements: z.array(z.templateLiteral(['/', z.string()])).register(texts, {
      id: 'Unsur yang tidak diizinkan.',
      en: 'The elements that are not granted.',
    }),
    retryAfter: z.int().nullable(),
  }),
]) satisfies z.ZodType<DecisionAnswer>

const ids = z.array(z.string())

/** What a reload has changed. */
export const reloadSchema = z.object({
  agreements: z.object({ added: ids, changed: ids, ended: ids, unchanged: ids }),
}) satisfies z.ZodType<{ agreements: AgreementChanges }>

/** What became of an erasure. */
export const erasureSchema = z.object({
  erasedAt: instant(),
  destroyed: z.record(z.string(), z.int().min(0)).register(texts, {
    id: 'Catatan tersimpan yang dihancurkan, menurut tempatnya.',
    en: 'Stored records destroyed, by place.',
  }),
  open: z.record(z.string(), z.int().min(1)).register(texts, {
    id: 'Permohonan yang masih berjalan: isinya dihancurkan begitu selesai.',
    en: 'Orders still under way: what is kept of them is destroyed the moment they end.',
  }),
  pending: z.array(z.enum(['redis'])).register(texts, {
    id: 'Tempat yang belum dapat dijangkau: sisanya tersegel, tidak diberikan kepada siapa pun, dan dihapus begitu terjangkau.',
    en: 'Places not reached yet: what lies there is sealed, served to nobody, and removed as soon as they are.',
  }),
  auditId: z.uuid(),
}) satisfies z.ZodType<Awaited<ReturnType<typeof eraseSubject>>>

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
        file: z.string().exactOptional(),
        path: z.string().exactOptional(),
        expected: z.string().exactOptional(),
        detail: z.string(),
      }),
    )
    .exactOptional()
    .register(texts, {
      id: 'Setiap isian (JSON Pointer), header, parameter atau tempat dalam berkas konfigurasi (`file`, `path`, `expected`) yang salah, sekaligus.',
      en: 'Every offending field (JSON Pointer), header, query parameter or place in a file of the configuration (`file`, `path`, `expected`) at once.',
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
  openedAt: instant(),
  expiresAt: instant(),
}) satisfies z.ZodType<Awaited<ReturnType<typeof openCase>>>

const moment = () => z.object({ at: instant(), ageMs: z.int().min(0) })
const healthStatus = z.enum(healthStatuses)
const state = z.enum(['ok', 'degraded', 'down', 'maintenance', 'held', 'unknown'])
const circuit = z.enum(['closed', 'open', 'half-open'])
const count = () => z.int().min(0)
const ofFiveMinutes = () =>
  count().register(texts, { id: 'Lima menit terakhir.', en: 'Of the last five minutes.' })
const share = () => z.number().min(0).max(1).nullable()
const latency = () => z.object({ p50: count(), p95: count(), p99: count() }).nullable()

const figures = {
  attempts: ofFiveMinutes(),
  faults: ofFiveMinutes(),
  faultShare: share(),
  outcomes: z.partialRecord(z.enum(['ok', ...failureCodes]), count()).register(texts, {
    id: 'Berapa percobaan yang berakhir dengan kode mana, lima menit terakhir.',
    en: 'How many attempts ended with which code, of the last five minutes.',
  }),
  latencyMs: latency(),
  lastAttempt: moment().nullable().register(texts, {
    id: 'Setua inilah angka-angka di atas.',
    en: 'The figures above are as old as this.',
  }),
  lastSuccess: moment().nullable(),
  lastFailure: moment().extend({ code }).nullable(),
}

export const readinessSchema = z.object({
  status: healthStatus,
  state: z.enum(['ready', 'draining']),
  warnings: z.array(z.string()),
}) satisfies z.ZodType<ReturnType<typeof readinessAnswer>>

export const upstreamHealthSchema = z.object({
  status: healthStatus,
  id: z.string(),
  title: z.object({ id: z.string(), en: z.string() }),
  trust,
  state: state.register(texts, {
    id: 'unknown: lima menit terakhir tidak ada yang bertanya; lihat reachable.',
    en: 'unknown: nobody asked in the last five minutes; see reachable.',
  }),
  since: moment(),
  circuit,
  circuitSince: moment().register(texts, {
    id: 'Sejak kapan sirkuit tertutup, atau tidak tertutup.',
    en: 'Since when the circuit is closed, or is not.',
  }),
  heldSince: moment().nullable().register(texts, {
    id: 'Sejak kapan instansi menolak akses kita.',
    en: 'Since when the agency refuses our access.',
  }),
  mode: z.enum(modes).register(texts, modeText),
  modeSince: moment().nullable(),
  maintenance: z.object({ now: stretch.nullable(), next: stretch.nullable() }),
  quotaLeft: moment().extend({ value: z.int() }).nullable(),
  reachable: moment()
    .extend({
      value: z.boolean(),
      step: z.enum(['dns', 'tcp', 'tls']),
      reason: z.string().nullable(),
    })
    .nullable()
    .register(texts, {
      id: 'Apakah sambungan ke instansi dapat dibuka, dicoba selagi tidak ada yang bertanya. step: langkah yang gagal, atau yang terakhir.',
      en: 'Whether the agency can be connected to, as tried while nobody asks. step: the one that failed, or the last.',
    }),
  ...figures,
  capabilities: z.array(z.object({ id: z.string(), trust, state, ...figures })),
  everywhere: z
    .object({
      gateways: count(),
      silent: count(),
      attempts: count(),
      faults: count(),
      faultShare: share(),
      differ: z.boolean(),
    })
    .register(texts, {
      id: 'Menurut semua gerbang yang tidak diam. differ: keadaannya tidak sama di semuanya.',
      en: 'By all gateways that are not silent. differ: they do not see it in the same state.',
    }),
  gateways: z
    .array(
      z.object({
        gateway: z.string(),
        ageMs: count(),
        isSilent: z.boolean(),
        state,
        since: moment(),
        attempts: count(),
        faults: count(),
        lastSuccess: moment().nullable(),
        circuit,
        reachable: z.boolean().nullable(),
      }),
    )
    .exactOptional()
    .register(texts, {
      id: 'Kata tiap gerbang; hanya untuk operator, auditor dan pemantau.',
      en: "Each gateway's word; for operators, auditors and monitors only.",
    }),
}) satisfies z.ZodType<ReturnType<typeof healthOf>>

export const lastHourSchema = z
  .array(z.object({ at: instant(), attempts: count(), faults: count(), latencyMs: latency() }))
  .register(texts, {
    id: 'Enam puluh menit, yang sedang berjalan terakhir.',
    en: 'Sixty minutes, the one under way last.',
  }) satisfies z.ZodType<readonly ReturnType<typeof minuteOf>[]>
