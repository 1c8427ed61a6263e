/** What is told of services, and of an order by the standard of its service. */
import { z } from 'zod'
import { clockStates } from '#gateway/services/clock.ts'
import { deliveryComponents, timeUnits } from '#gateway/services/service.ts'
import {
  type publicServices,
  type PublicService,
  requirementStates,
  type ServiceView,
} from '#gateway/services/views.ts'
import { instant, texts } from './json-schema.ts'

const source = z.string().register(texts, {
  id: 'Dari mana hal ini diketahui.',
  en: 'Where this is known from.',
})
const statement = z.object({ text: z.string(), source }).nullable()

const named = {
  code: z.string().register(texts, {
    id: 'Kode keperluan dalam permintaan dan perjanjian.',
    en: 'The purpose that requests and agreements name.',
  }),
  version: z.string().register(texts, {
    id: 'Berganti bila ada yang berubah dalam standar ini.',
    en: 'Another one whenever anything in this standard changes.',
  }),
  agency: z.object({ code: z.string(), name: z.string() }),
  title: z.string(),
}

const requirement = {
  id: z.string(),
  text: z.string(),
  optional: z.boolean(),
  when: z.string().nullable().register(texts, {
    id: 'Hanya diperlukan dalam hal ini; null: selalu.',
    en: 'Needed only then; null: always.',
  }),
}

const promised = z
  .object({ amount: z.int().min(1), unit: z.enum(timeUnits) })
  .nullable()
  .register(texts, {
    id: 'Paling lama; null bila tidak dijanjikan. workingMinutes dan workingDays hanya berjalan selama mal buka.',
    en: 'The longest it may take; null: nothing is promised. workingMinutes and workingDays pass only while the mall is open.',
  })

const fee = {
  free: z.boolean(),
  amounts: z
    .array(z.object({ variant: z.string(), title: z.string(), rupiah: z.int().min(0) }))
    .register(texts, {
      id: 'Dalam rupiah penuh, menurut jenisnya.',
      en: 'In whole rupiah, by variant.',
    }),
  note: z.string().nullable(),
  source,
}

/** One service: the six public components of its standard. */
export const serviceSchema = z.object({
  ...named,
  requirements: z.object({ items: z.array(z.object(requirement)), source }).nullable(),
  procedure: z.object({ steps: z.array(z.string()), source }).nullable(),
  time: z.object({ promised, note: z.string().nullable(), source }).nullable(),
  fee: z.object(fee).nullable(),
  product: statement,
  complaints: statement,
  toBeConfirmed: z.array(z.enum(deliveryComponents)).register(texts, {
    id: 'Komponen yang belum diketahui, atau belum pasti berlaku di sini: masih harus dikonfirmasi oleh mal.',
    en: 'Components that are not known, or not known to hold here: the mall has yet to confirm them.',
  }),
}) satisfies z.ZodType<PublicService>

export const servicesSchema = z.object({ services: z.array(serviceSchema) }) satisfies z.ZodType<
  ReturnType<typeof publicServices>
>

/** How an order stands by the standard of its service. */
export const serviceViewSchema = z.object({
  ...named,
  requirements: z
    .array(
      z.object({
        ...requirement,
        state: z.enum(requirementStates).register(texts, {
          id: 'met: sudah ada. missing: belum ada. conditional: tergantung when. optional: tidak wajib.',
          en: 'met: it is there. missing: it is not. conditional: that depends on when. optional: it need not be.',
        }),
      }),
    )
    .nullable(),
  fee: z
    .object({
      ...fee,
      rupiah: z.int().min(0).nullable().register(texts, {
        id: 'Yang harus dibayar; null bila belum dapat dipastikan.',
        en: 'What is to be paid; null where that cannot be said.',
      }),
    })
    .nullable(),
  promised,
  clock: z
    .object({
      state: z.enum(clockStates).register(texts, {
        id: 'done: permohonannya berakhir, bagaimanapun hasilnya.',
        en: 'done: the order has ended, however it did.',
      }),
      startedAt: instant(),
      elapsedMs: z.number().min(0).register(texts, {
        id: 'Waktu yang terpakai selama jam berjalan.',
        en: 'The time used while the clock ran.',
      }),
      dueAt: instant().nullable().register(texts, {
        id: 'Batasnya; null selama jam berhenti, atau bila tidak ada janji waktu.',
        en: 'When it is due; null while the clock stands still, and where no time is promised.',
      }),
      remainingMs: z.number().nullable().register(texts, {
        id: 'Sisa waktu; negatif bila terlambat.',
        en: 'What is left; below zero when it is late.',
      }),
      isLate: z.boolean(),
      finishedAt: instant().nullable(),
      pauses: z.array(
        z.object({ from: instant(), until: instant().nullable(), reason: z.string().nullable() }),
      ),
      resets: z.int().min(0),
    })
    .nullable(),
}) satisfies z.ZodType<ServiceView>

export const exampleService: z.output<typeof serviceSchema> = {
  code: 'skck.new',
  version: '3f0c9a51b2de',
  agency: { code: 'polri', name: 'Kepolisian Negara Republik Indonesia' },
  title: 'SKCK baru',
  requirements: {
    items: [{ id: 'ktp', text: 'KTP', optional: false, when: null }],
    source: 'Perpol 6/2023',
  },
  procedure: null,
  time: { promised: { amount: 60, unit: 'workingMinutes' }, note: null, source: 'Polri' },
  fee: {
    free: false,
    amounts: [{ variant: 'skck', title: 'SKCK', rupiah: 30_000 }],
    note: null,
    source: 'PP 76/2020',
  },
  product: null,
  complaints: null,
  toBeConfirmed: ['procedure', 'time', 'product', 'complaints'],
}
