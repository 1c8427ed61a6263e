/** What members are told of their orders, and what operators are told of the telling. */
import { z } from 'zod'
import { type SubmissionState, submissionStates } from '#contracts/submission.ts'
import { eventTypes, type ToldEvent } from '#gateway/telling/told-event.ts'
import type { WebhookState } from '#gateway/telling/webhook-states.ts'
import { instant, texts } from './json-schema.ts'

const states = Object.keys(submissionStates) as [SubmissionState, ...SubmissionState[]]

export const toldEventSchema = z.looseObject({
  id: z.uuid().register(texts, {
    id: 'Bila datang dua kali, id-nya sama. Lanjutkan dengan Last-Event-ID.',
    en: 'The same one whenever it comes twice. Go on with it as Last-Event-ID.',
  }),
  type: z.enum(eventTypes),
  at: instant(),
  submission: z.string(),
  capability: z.string(),
  case: z.string(),
  state: z.enum(states),
}) satisfies z.ZodType<ToldEvent>

export const exampleEvent: ToldEvent = {
  id: '0199a1b2-0000-7000-8000-000000000006',
  type: 'submission.accepted',
  at: '2026-03-02T01:05:00.000Z',
  submission: '0199a1b2-0000-7000-8000-000000000007',
  capability: 'loss-report.file',
  case: 'case_AAAAAAAAAAAAAAAAAAAAAA',
  state: 'accepted',
}

/** The stream as it is sent. */
export const exampleStream = `retry: 3000\n\nid: ${exampleEvent.id}\nevent: ${exampleEvent.type}\ndata: ${JSON.stringify(exampleEvent)}\n\n`

const count = () => z.int().min(0)

export const webhookSchema = z.object({
  id: z.string(),
  member: z.string(),
  url: z.string(),
  types: z.array(z.string()).nullable().register(texts, { id: 'null: semua.', en: 'null: all.' }),
  position: count().nullable().register(texts, {
    id: 'Tempatnya dalam catatan peristiwa: yang terakhir disampaikan atau dilepaskan.',
    en: 'Its place in the log: the last event told, or given up.',
  }),
  failures: count().register(texts, {
    id: 'Percobaan gagal untuk peristiwa berikutnya.',
    en: 'Attempts at the next event that failed.',
  }),
  nextAttemptAt: instant().nullable(),
  next: z.object({ id: z.uuid(), type: z.string(), at: instant() }).nullable(),
  lagSeconds: count(),
  dead: z
    .array(
      z.object({
        event: z.uuid().nullable(),
        submission: z.string().nullable(),
        position: count(),
        at: instant(),
        reason: z.string(),
      }),
    )
    .register(texts, {
      id: 'Yang dilepaskan, terbaru lebih dulu, paling banyak 50.',
      en: 'What was given up, latest first, at most 50.',
    }),
}) satisfies z.ZodType<WebhookState>

export const webhooksSchema = z.object({ webhooks: z.array(webhookSchema) })

export const exampleWebhook: z.output<typeof webhookSchema> = {
  id: 'front-office-orders',
  member: 'front-office',
  url: 'https://counter.example/orders/told',
  types: null,
  position: 4711,
  failures: 2,
  nextAttemptAt: '2026-03-02T01:10:05.000Z',
  next: { id: exampleEvent.id, type: exampleEvent.type, at: exampleEvent.at },
  lagSeconds: 305,
  dead: [],
}
