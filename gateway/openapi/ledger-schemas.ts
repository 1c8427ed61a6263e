/** What the routes on the ledger take and answer with. */
import { z } from 'zod'
import { accessLogInput, type AccessLogAnswer } from '#gateway/http/access-log.ts'
import { affectedInput, type AffectedAnswer } from '#gateway/http/incidents.ts'
import { page } from '#gateway/http/ledger.ts'
import { accessActs, exemptionNotice } from '#gateway/ledger/access-log.ts'
import type { UsageReport } from '#gateway/ledger/usage.ts'
import type { Language } from '#gateway/http/problem.ts'
import { instant, texts } from './json-schema.ts'
import { contractPath } from './schemas.ts'

const subject = z.string().register(texts, {
  id: 'Hash berkunci dari orangnya; tidak dapat dibaca kembali.',
  en: 'The keyed hash of the person; it cannot be read back.',
})
const cursor = z.string().nullable().register(texts, {
  id: 'Untuk halaman berikutnya; null bila ini yang terakhir.',
  en: 'For the next page; null after the last one.',
})
const auditId = z.uuid().register(texts, {
  id: 'Nomor bukti dari pertanyaan ini sendiri.',
  en: 'The ledger entry of this question itself.',
})

texts.add(accessLogInput.shape.request.shape.reference, {
  id: 'Nomor permintaan atau insiden; masuk ke buku bukti apa adanya dan tidak boleh menyebut nama orang.',
  en: 'The number of the request or incident; it goes into the ledger as it is and must name nobody.',
})
texts.add(page.limit, { id: 'Isi satu halaman paling banyak.', en: 'What a page holds at most.' })
texts.add(page.cursor, { id: 'Dari halaman sebelumnya.', en: 'From the page before.' })
texts.add(affectedInput.shape.key, {
  id: 'Salah satu kunci API atau token anggota itu, seperti tercantum di buku bukti.',
  en: "One of the member's API keys or tokens, as the ledger names it.",
})

export const accessLogSchema = z.object({
  request: z.object({
    reference: z.string(),
    receivedAt: instant(),
    dueAt: instant().register(texts, {
      id: 'Batas jawaban kepada orangnya: 3×24 jam sejak diterima.',
      en: 'By when the person has an answer: 3×24 hours from receipt.',
    }),
  }),
  accesses: z.array(
    z.object({
      at: instant(),
      organisation: z.string(),
      purpose: z.string().register(texts, {
        id: 'Layanannya; kodenya bila tidak ada namanya; audit bila seorang auditor menjawab permintaan seperti ini.',
        en: 'The service; its code where it has no name; audit where an auditor answered a request such as this one.',
      }),
      source: z.string().nullable().register(texts, {
        id: 'Instansi sumber data; null bila yang dilihat buku bukti itu sendiri.',
        en: 'The agency whose data it was; null where the ledger itself was looked into.',
      }),
      elements: z.array(z.string()).register(texts, {
        id: 'Yang dilihat, dalam bahasa sehari-hari.',
        en: 'What was seen, in plain words.',
      }),
      act: z.enum(accessActs).register(texts, {
        id: 'Yang dilakukan: seen = data dilihat; ordered = permohonan diajukan, lalu hasilnya di instansi; audited = riwayat ini dilihat. Hasil yang sama bisa tercantum dua kali.',
        en: 'What was done: seen = data was shown; ordered = an order was given, then what came of it at the agency; audited = this log was read. The same outcome may stand twice.',
      }),
      actText: z.string().register(texts, {
        id: 'Sama, dalam bahasa sehari-hari, dengan permohonannya.',
        en: 'The same in plain words, with what was ordered.',
      }),
    }),
  ),
  cursor,
  notice: z.string(),
  auditId,
}) satisfies z.ZodType<AccessLogAnswer>

export const affectedSchema = z.object({
  incident: z.object({
    reference: z.string(),
    discoveredAt: instant(),
    notifyBy: instant().register(texts, {
      id: 'Batas pemberitahuan kepada mereka dan lembaga: 3×24 jam sejak diketahui.',
      en: 'By when they and the agency are told: 3×24 hours from discovery.',
    }),
  }),
  subjects: z.array(
    z.object({
      subject,
      firstAt: instant(),
      lastAt: instant(),
      accesses: z.int().min(1),
      elements: z.array(z.object({ path: contractPath, label: z.string() })),
      lastAuditId: z.uuid().register(texts, {
        id: 'Dari akses terakhir: dengan ini anggota yang mengakses tahu siapa orangnya.',
        en: 'Of the last access: by this the member that made it knows who that was.',
      }),
      exempt: z.boolean().register(texts, {
        id: 'Akses-akses ini dikecualikan undang-undang: orangnya tidak diberi tahu tentangnya. Akses lain dari orang yang sama tercantum tersendiri.',
        en: 'The law exempts these accesses: the person is not told of them. Other accesses to the same person stand apart.',
      }),
    }),
  ),
  cursor,
  auditId,
}) satisfies z.ZodType<AffectedAnswer>

export const usageSchema = z.object({
  month: z.string(),
  timeZone: z.string(),
  from: instant(),
  until: instant(),
  lines: z.array(
    z.object({
      agreement: z.string().nullable(),
      member: z.string(),
      purpose: z.string().nullable(),
      capability: z.string(),
      upstream: z.string().nullable(),
      outcome: z.string().register(texts, {
        id: 'released, atau kode kegagalan; permohonan: ordered, lalu hasilnya di instansi (accepted, confirmed, rejected, uncertain), masing-masing satu baris.',
        en: 'released, or the code of a failure; of orders: ordered, and what came of them at the agency (accepted, confirmed, rejected, uncertain), each a line of its own.',
      }),
      reason: z.string().nullable(),
      mode: z.string().nullable().register(texts, {
        id: 'live, cached, atau stale.',
        en: 'live, cached or stale.',
      }),
      count: z.int().min(1),
    }),
  ),
  destroyed: z.int().min(0).register(texts, {
    id: 'Baris bulan itu yang isinya sudah dihancurkan pada akhir masa simpannya; tidak terhitung di atas.',
    en: 'Rows of the month whose content was destroyed at the end of its retention; in no line above.',
  }),
}) satisfies z.ZodType<UsageReport>

export const exampleAccessLog = (language: Language): z.output<typeof accessLogSchema> => ({
  request: {
    reference: 'PDP/2026/0007',
    receivedAt: '2026-03-02T01:00:00.000Z',
    dueAt: '2026-03-05T01:00:00.000Z',
  },
  accesses: [
    {
      at: '2026-02-27T02:10:00.000Z',
      organisation: 'Front office',
      purpose: 'skck.new',
      source: 'Example agency',
      elements: [{ id: 'Nama lengkap', en: 'Full name' }[language]],
      act: 'seen',
      actText: { id: 'Data dilihat', en: 'Data was seen' }[language],
    },
  ],
  cursor: null,
  notice: exemptionNotice[language],
  auditId: '0199a1b2-0000-7000-8000-000000000006',
})

export const exampleAffected: z.output<typeof affectedSchema> = {
  incident: {
    reference: 'INS/2026/3',
    discoveredAt: '2026-03-02T01:00:00.000Z',
    notifyBy: '2026-03-05T01:00:00.000Z',
  },
  subjects: [],
  cursor: null,
  auditId: '0199a1b2-0000-7000-8000-000000000007',
}
