/** What operators are told of, as the API tells it. */
import { z } from 'zod'
import type { AlarmView } from '#gateway/http/alarms.ts'
import { alarmCodeNames, alarmCodes, severities } from '#gateway/ops/alarms/codes.ts'
import { instant, texts } from './json-schema.ts'

export const alarmSchema = z.object({
  id: z.uuid(),
  code: z.enum(alarmCodeNames as [(typeof alarmCodeNames)[number]]),
  severity: z.enum(severities).register(texts, {
    id: 'critical: warga ditolak, atau bukti maupun data dapat hilang. warning: sebentar lagi begitu. notice: bila ada waktu.',
    en: 'critical: citizens are sent away, or evidence or data may be lost. warning: soon they will be. notice: when there is time.',
  }),
  source: z.string().register(texts, {
    id: 'Instansi, perjanjian, gerbang, webhook, atau bagian gerbang.',
    en: 'An upstream, an agreement, a gateway, a webhook, or a part of the house.',
  }),
  title: z.string(),
  meaning: z.string().register(texts, { id: 'Apa artinya.', en: 'What it means.' }),
  action: z.string().register(texts, { id: 'Apa yang harus dilakukan.', en: 'What to do.' }),
  runbook: z.string().register(texts, {
    id: 'Bagian buku pedoman pengelola.',
    en: 'Where the runbook says more.',
  }),
  since: instant(),
  lastSeenAt: instant(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).register(texts, {
    id: 'Angka dan kode; tidak ada data pribadi.',
    en: 'Figures and codes; nothing personal.',
  }),
  acknowledged: z
    .object({
      at: instant(),
      by: z.object({ member: z.string(), officer: z.string().nullable() }),
      reason: z.string(),
    })
    .nullable()
    .register(texts, {
      id: 'Siapa yang sudah melihatnya. null: belum ada.',
      en: 'Who has seen it. null: nobody yet.',
    }),
  clearedAt: instant().nullable().register(texts, {
    id: 'null: masih berlangsung.',
    en: 'null: it is open.',
  }),
}) satisfies z.ZodType<AlarmView>

export const alarmListSchema = z.object({ alarms: z.array(alarmSchema) })

const { title, meaning, action } = alarmCodes.UPSTREAM_DOWN

export const exampleAlarm = {
  id: '0199a1b2-0000-7000-8000-000000000001',
  code: 'UPSTREAM_DOWN',
  severity: 'critical',
  source: 'example-agency',
  title: title.en,
  meaning: meaning.en,
  action: action.en,
  runbook: 'docs/operators.md#upstream-down',
  since: '2026-03-02T01:00:00.000Z',
  lastSeenAt: '2026-03-02T01:04:00.000Z',
  facts: { attempts: 40, faults: 38, lastFailure: 'UPSTREAM_TIMEOUT' },
  acknowledged: {
    at: '2026-03-02T01:02:00.000Z',
    by: { member: 'operations', officer: 'o-90' },
    reason: 'called the agency, back at nine',
  },
  clearedAt: null,
} satisfies AlarmView
