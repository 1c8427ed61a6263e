/** How upstreams are steered, as operators see it. */
import { z } from 'zod'
import type { SteeredUpstream } from '#gateway/http/steering.ts'
import { weekdays } from '#gateway/services/calendar.ts'
import { modes } from '#gateway/upstream/steered.ts'
import { instant, texts } from './json-schema.ts'

const act = {
  at: instant(),
  by: z.object({ member: z.string(), officer: z.string().nullable() }),
  reason: z.string(),
}

/** From one instant until another. */
export const stretch = z.object({
  from: instant(),
  until: instant(),
  message: z.object({ id: z.string(), en: z.string() }).nullable().register(texts, {
    id: 'Yang disampaikan ke loket. null: bahwa instansi sedang dalam pemeliharaan.',
    en: 'What counters are told. null: that the agency is under maintenance.',
  }),
})

/** Once, or again and again in the upstream's time zone. */
const declared = z.object({
  id: z.uuid(),
  from: instant().nullable(),
  until: instant().nullable(),
  days: z.array(z.enum(weekdays)).nullable(),
  hours: z.string().nullable(),
  message: stretch.shape.message,
  ...act,
})

export const modeText = {
  id: 'held: tidak ada yang dikirim. measure-only: pemutus hanya mengamati.',
  en: 'held: nothing is sent. measure-only: the circuit is watched, and cuts nobody off.',
}

export const steeredSchema = z.object({
  id: z.string(),
  mode: z.enum(modes).register(texts, modeText),
  switched: z.object(act).nullable().register(texts, {
    id: 'Siapa yang terakhir mengubahnya. null: belum pernah.',
    en: 'Who switched it last. null: nobody has.',
  }),
  maintenance: z.object({
    now: stretch.nullable(),
    next: stretch.nullable().register(texts, {
      id: 'Yang berikutnya dalam sepekan.',
      en: 'The next one that begins within a week.',
    }),
    declared: z.array(declared).register(texts, {
      id: 'Yang dinyatakan pengelola: kini, nanti, atau berulang (days, hours).',
      en: 'As operators declared it: now, to come, or again and again (days, hours).',
    }),
  }),
}) satisfies z.ZodType<SteeredUpstream>

export const steeredListSchema = z.object({ upstreams: z.array(steeredSchema) })

export const exampleSteered: z.output<typeof steeredSchema> = {
  id: 'example-agency',
  mode: 'held',
  switched: {
    at: '2026-03-02T01:00:00.000Z',
    by: { member: 'operations', officer: 'o-90' },
    reason: 'answers with the data of others',
  },
  maintenance: { now: null, next: null, declared: [] },
}
