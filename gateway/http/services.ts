/** What the mall offers, and by which standard: open to everyone, as UU 25/2009 asks. */
import { hash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { GatewayFailure } from '#gateway/failure.ts'
import type { Services } from '#gateway/services/service.ts'
import { publicService, publicServices } from '#gateway/services/views.ts'
import { type Language, languageOf } from './problem.ts'
import type { Environment } from './request.ts'
import { everyAnswer } from './security-headers.ts'

/** Documents are made once, per language, and served from memory. */
export function serviceDirectory(services: Services): Hono<Environment> {
  const documents = new Map<string, { readonly body: string; readonly etag: string }>()
  const documentOf = (key: string, make: () => object) =>
    documents.getOrInsertComputed(key, () => {
      const body = JSON.stringify(make())
      return { body, etag: `"${hash('sha256', body).slice(0, 16)}"` }
    })

  return new Hono<Environment>()
    .get('/', c => {
      const language = languageFor(c)
      return answer(
        c,
        documentOf(language, () => publicServices(services, language)),
      )
    })
    .get('/:code', c => {
      const language = languageFor(c)
      const service = services.get(c.req.param('code'))
      if (!service)
        throw new GatewayFailure('ROUTE_UNKNOWN', { detail: 'no such service: GET /v1/services lists them' })
      return answer(
        c,
        documentOf(`${language} ${service.code}`, () => publicService(service, language)),
      )
    })
}

/** Whoever shows the tag of what they have is told that it is the same still. */
function answer(c: Context, { body, etag }: { readonly body: string; readonly etag: string }): Response {
  const headers = {
    ...everyAnswer,
    etag,
    'cache-control': 'no-cache',
    'content-language': languageFor(c),
    vary: 'Accept-Language',
  }
  const known = c.req.header('if-none-match')?.split(',') ?? []
  return known.some(tag => tag.trim().replace(/^W\//, '') === etag)
    ? c.body(null, 304, headers)
    : c.body(body, 200, { ...headers, 'content-type': 'application/json' })
}

const languageFor = (c: Context): Language => languageOf(c.req.header('accept-language'))
