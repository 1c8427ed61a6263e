/** An agency that calls us, for these tests: it tells of opened stalls, and shows a password that changes with its day. */
import { z } from 'zod'
import { type Adapter, defineAdapter, defineInbound, failed } from '#contracts/adapter.ts'
import { defineNotice } from '#contracts/capability.ts'
import { codeList } from '#contracts/code-list.ts'
import { optional, personal, publicElement } from '#contracts/elements.ts'
import { isSameSecret, secret } from '#contracts/secret.ts'

const goods = codeList({
  food: { id: 'Makanan', en: 'Food' },
  clothes: { id: 'Pakaian', en: 'Clothes' },
})

const nik = z.string().regex(/^\d{16}$/)

/** A stall is public, its keeper is not. */
export const stallOpened = defineNotice({
  id: 'stall.opened',
  title: { id: 'Lapak dibuka', en: 'Stall opened' },
  description: { id: 'Sebuah lapak dibuka.', en: 'A stall was opened.' },
  output: z.object({
    number: publicElement(z.string().min(1), 'Nomor', 'Number'),
    goods: optional(publicElement(goods.output, 'Dagangan', 'Goods')),
    keeper: optional(
      z.object({ nik: personal(nik, 'NIK', 'NIK'), fullName: personal(z.string(), 'Nama', 'Name') }),
    ),
  }),
  subjects: ({ keeper }) => (keeper ? [{ type: 'nik', value: keeper.nik }] : []),
  example: { output: { number: '12', keeper: { nik: '9999011501900001', fullName: 'WARGA CONTOH SATU' } } },
})

/** Nothing of it is public. */
export const keeperFined = defineNotice({
  id: 'keeper.fined',
  title: { id: 'Denda', en: 'Fine' },
  description: { id: 'Seseorang didenda.', en: 'Somebody was fined.' },
  output: z.object({
    nik: personal(nik, 'NIK', 'NIK'),
    fullName: optional(personal(z.string(), 'Nama', 'Name')),
  }),
  subjects: ({ nik }) => [{ type: 'nik', value: nik }],
  example: { output: { nik: '9999011501900001' } },
})

const words = {
  stored: 'TERIMA KASIH',
  unverified: 'SIAPA INI',
  unreadable: 'TIDAK PAHAM',
  unavailable: 'NANTI',
}
const answer = (outcome: keyof typeof words) => ({
  status: outcome === 'unavailable' ? 503 : 200,
  body: { pesan: words[outcome] },
})

const dayIn = (now: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone }).format(now)

export const toyAgency: Adapter = defineAdapter({
  contract: 1,
  id: 'toy',
  title: { id: 'Pasar mainan', en: 'Toy market' },
  trust: 'assumed',
  config: z.strictObject({}),
  policy: {
    deadlineMs: 1_000,
    retries: 0,
    concurrency: 1,
    breaker: { errorPercent: 50, minimumCalls: 10, openMs: 1_000 },
  },
  operations: () => [],
  inbound: defineInbound({
    config: z.strictObject({ password: secret() }),
    operations: receive => [
      receive(stallOpened, {
        path: '/lapak',
        body: z.object({
          nomor: z.union([z.string(), z.number()]).optional(),
          dagangan: z.string().optional(),
          nik: z.string().optional(),
          nama: z.string().optional(),
          sakit: z.string().optional(),
        }),
        verify: ({ header, now, timeZone, body }, { password }) => {
          if (body.sakit === 'verify') throw new Error(`${body.nama} ${password.reveal()}`)
          return isSameSecret(header('sandi') ?? '', `${password.reveal()} ${dayIn(now, timeZone)}`)
        },
        read({ nomor, dagangan, nik, nama = '', sakit }) {
          if (sakit === 'read') throw new TypeError(nama)
          if (nomor === undefined) return failed('UPSTREAM_INVALID', 'tanpa nomor')
          return {
            number: String(nomor),
            ...(dagangan !== undefined && { goods: goods.read(dagangan) }),
            ...(nik !== undefined && { keeper: { nik, fullName: nama } }),
          }
        },
        answer,
      }),
      receive(keeperFined, {
        path: '/denda',
        body: z.object({ nik: z.string(), nama: z.string().optional() }),
        verify: ({ header }, { password }) => isSameSecret(header('sandi') ?? '', password.reveal()),
        read: ({ nik, nama }) => ({ nik, ...(nama !== undefined && { fullName: nama }) }),
        answer,
      }),
    ],
  }),
})

const { inbound } = toyAgency
/** The same, telling of fines alone. */
export const withoutStalls: Adapter = {
  ...toyAgency,
  inbound: { ...inbound!, operations: receive => inbound!.operations(receive).slice(1) },
}

export const password = 'kenari-sandi-pasar'
/** What the agency shows on the day that the tests' clock starts with. */
export const shown = `${password} 2026-09-21`
