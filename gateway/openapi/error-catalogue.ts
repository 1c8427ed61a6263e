/** The failure table as callers read it: what each code means and what they can do. */
import { html } from 'hono/html'
import { z } from 'zod'
import { type FailureCode, failures } from '#contracts/failures.ts'
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import { texts } from './json-schema.ts'
import { failureCodes } from './schemas.ts'

export const catalogueSchema = z.object({
  errors: z.array(
    z.object({
      code: z.enum(failureCodes),
      type: z.string(),
      status: z.int(),
      title: z.string(),
      retry: z.boolean().register(texts, {
        id: 'Percobaan lain mungkin berhasil.',
        en: 'Another attempt may help.',
      }),
      meaning: z.enum(['refused', 'answered', 'unanswered', 'broken']).register(texts, {
        id: '`refused`: permintaan perlu diperbaiki, tidak ada yang dikirim. `answered`: instansi menjawab tidak. `unanswered`: instansi tidak dapat ditanya atau jawabannya tidak dapat dipakai; jawaban lama (mode stale) dapat menggantikan bila perjanjian mengizinkan. `broken`: kesalahan pada gerbang.',
        en: '`refused`: mend the request, nothing was sent. `answered`: the agency said no. `unanswered`: the agency could not be asked or gave nothing usable; an older answer (mode stale) may stand in, where the agreement allows. `broken`: a fault in the gateway.',
      }),
      action: z.string().register(texts, {
        id: 'Yang dapat dilakukan pemanggil.',
        en: 'What the caller can do.',
      }),
    }),
  ),
})
type Catalogue = z.output<typeof catalogueSchema>

export const catalogueOf = (language: Language): Catalogue => ({
  errors: failureCodes.map(code => {
    const { status, title, meaning, retry } = failures[code]
    const type = `/errors#${code}`
    return { code, type, status, title: title[language], meaning, retry, action: actionFor(code)[language] }
  }),
})

/** What to do follows from the table, so that a new code needs no words of its own. */
function actionFor(code: FailureCode): Text {
  const { meaning, retry, status } = failures[code]
  if (retry) return actions.retry
  if (status === 429) return actions.wait
  return {
    refused: actions.mend,
    answered: actions.act,
    unanswered: actions.wait,
    broken: actions.report,
  }[meaning]
}

const actions = {
  retry: {
    id: 'Coba lagi sesaat kemudian. Pertanyaan yang aman diulang sudah diulang oleh gerbang.',
    en: 'Try again in a moment. The gateway has already repeated what is safe to repeat.',
  },
  wait: {
    id: 'Jangan langsung diulang: tunggu retryAfter, atau layani tanpa data ini.',
    en: 'Do not repeat at once: wait for retryAfter, or serve without this data.',
  },
  report: {
    id: 'Laporkan requestId kepada pengelola gerbang.',
    en: 'Report the requestId to whoever runs the gateway.',
  },
  mend: {
    id: 'Perbaiki permintaan menurut detail dan errors; permintaan yang sama akan mendapat jawaban yang sama.',
    en: 'Mend the request as detail and errors say; the same request gets the same answer.',
  },
  act: {
    id: 'Inilah jawaban instansi: tindak lanjuti. Bertanya lagi tidak mengubahnya.',
    en: "This is the agency's answer: act on it. Asking again changes nothing.",
  },
} satisfies Record<string, Text>

/** The catalogue for a browser, so that a problem's `type` leads to an explanation. */
export const cataloguePage = (language: Language, { errors }: Catalogue) => {
  const heading = { id: 'Katalog kesalahan', en: 'Error catalogue' }[language]
  return html`<!doctype html>
    <html lang="${language}">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta name="color-scheme" content="light dark" />
      <title>${heading}</title>
      <h1>${heading}</h1>
      ${errors.map(
        ({ code, status, title, action }) =>
          html`<h2 id="${code}">${code}</h2>
            <p>${status} · <strong>${title}</strong>. ${action}</p> `,
      )}
    </html> `
}
