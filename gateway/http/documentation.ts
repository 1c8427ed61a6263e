/** The API's documentation: what it offers, what can go wrong, and a reference page that needs no internet. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Capability, Notice } from '#contracts/capability.ts'
import { capabilityCatalogue, type Sources } from '#gateway/catalogue/catalogue.ts'
import { capabilityPage, stylesheetSource } from '#gateway/catalogue/page.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { openApiDocument } from '#gateway/openapi/document.ts'
import { catalogueOf, cataloguePage } from '#gateway/openapi/error-catalogue.ts'
import { type Language, languageOf } from './problem.ts'
import { everyPage, strictestPolicy } from './security-headers.ts'

/** Open to everyone. Documents are made once, per language, and served from memory. */
export function documentation(
  capabilities: readonly Capability[],
  sources: Sources,
  notices: readonly Notice[] = [],
): Hono {
  const documents = perLanguage(language => JSON.stringify(openApiDocument(capabilities, language, notices)))
  const catalogue = perLanguage(language => capabilityCatalogue(sources, language))
  const capabilitiesAsJson = perLanguage(language => JSON.stringify(catalogue[language]))
  const capabilityPages = perLanguage(language => capabilityPage(language, catalogue[language]))

  return new Hono()
    .get('/openapi.json', c => {
      const language = languageFor(c)
      return c.body(documents[language], 200, headersIn(language, { 'content-type': 'application/json' }))
    })
    .get('/errors', c => pageOrJson(c, cataloguePages, catalogues))
    .get('/capabilities', c => pageOrJson(c, capabilityPages, capabilitiesAsJson, styledPolicy))
    .get('/docs', c => {
      const language = languageFor(c)
      return c.html(
        referencePages[language],
        200,
        headersIn(language, { 'content-security-policy': referencePolicy }),
      )
    })
    .get('/docs/:file', async c => {
      const file = referenceFiles.get(c.req.param('file'))
      if (!file) throw new GatewayFailure('ROUTE_UNKNOWN', { detail: 'no such file: see /docs' })
      return c.body(await file.read(), 200, { ...openToAll, 'content-type': file.type })
    })
}

type PerLanguage<Made> = Record<Language, Made>

/** Made when somebody asks for it, and kept: a start does not wait for documents. */
function perLanguage<Made>(make: (language: Language) => Made): PerLanguage<Made> {
  const made: Partial<Record<Language, Made>> = {}
  return {
    get id() {
      return (made.id ??= make('id'))
    },
    get en() {
      return (made.en ??= make('en'))
    },
  }
}

/** A page for browsers, JSON for everyone else. */
function pageOrJson(
  c: Context,
  pages: PerLanguage<ReturnType<typeof html>>,
  json: PerLanguage<string>,
  pagePolicy: string = strictestPolicy,
) {
  const language = languageFor(c)
  const vary = 'Accept, Accept-Language'
  return c.req.header('accept')?.includes('text/html')
    ? c.html(pages[language], 200, headersIn(language, { vary, 'content-security-policy': pagePolicy }))
    : c.body(json[language], 200, headersIn(language, { vary, 'content-type': 'application/json' }))
}

const languageFor = (c: Context): Language => languageOf(c.req.header('accept-language'))

const openToAll = { ...everyPage, 'cache-control': 'no-cache' }

const headersIn = (language: Language, headers: Record<string, string>): Record<string, string> => ({
  ...openToAll,
  'content-language': language,
  vary: 'Accept-Language',
  ...headers,
})

const styledPolicy = `${strictestPolicy}; style-src ${stylesheetSource}`

const catalogues = perLanguage(language => JSON.stringify(catalogueOf(language)))
const cataloguePages = perLanguage(language => cataloguePage(language, catalogueOf(language)))

// -- The reference page: Swagger UI's own files, from this server alone ----------------------------------------------

const referencePolicy = `${strictestPolicy}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'`

const referencePage = (language: Language) =>
  html`<!doctype html>
    <html lang="${language}">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${{ id: 'Gerbang Integrasi MPP', en: 'MPP Gateway' }[language]}</title>
      <link rel="icon" href="/docs/favicon-32x32.png" />
      <link rel="stylesheet" href="/docs/swagger-ui.css" />
      <div id="reference"></div>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/reference.js"></script>
    </html> `

/** An API key that was typed in stays in the page's memory. */
const initialise = `SwaggerUIBundle({
  dom_id: '#reference',
  url: '/openapi.json',
  deepLinking: true,
  displayRequestDuration: true,
  showExtensions: true,
  validatorUrl: null,
})
`

const referencePages = perLanguage(referencePage)

const require = createRequire(import.meta.url)

interface ReferenceFile {
  readonly type: string
  read(): string | Promise<Uint8Array<ArrayBuffer>>
}

const script = 'text/javascript; charset=utf-8'

/** A closed list: no path that a caller sends reaches the file system. */
const referenceFiles: ReadonlyMap<string, ReferenceFile> = new Map([
  ['reference.js', { type: script, read: () => initialise }],
  ['swagger-ui-bundle.js', fromDisk(require.resolve('swagger-ui-dist/swagger-ui-bundle.js'), script)],
  ['swagger-ui.css', fromDisk(require.resolve('swagger-ui-dist/swagger-ui.css'), 'text/css; charset=utf-8')],
  ['favicon-32x32.png', fromDisk(require.resolve('swagger-ui-dist/favicon-32x32.png'), 'image/png')],
])

function fromDisk(path: string, type: string): ReferenceFile {
  return { type, read: () => readFile(path) }
}
