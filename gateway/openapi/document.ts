/** The OpenAPI document, made from the capabilities, the context headers and the failure table. */
import { z } from 'zod'
import type { Capability, Notice } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { FailureCode } from '#contracts/failures.ts'
import type { Submission } from '#contracts/submission.ts'
import type { Text } from '#contracts/text.ts'
import { publicElementsOf } from '#gateway/access/agreements.ts'
import { contextHeaders } from '#gateway/access/context.ts'
import type { Role } from '#gateway/access/members.ts'
import { release } from '#gateway/access/release.ts'
import { catalogueSchema as capabilityCatalogueSchema } from '#gateway/catalogue/catalogue.ts'
import { caseInput } from '#gateway/http/cases.ts'
import { decideInput } from '#gateway/http/decide.ts'
import { erasureInput } from '#gateway/http/erasure.ts'
import { resendInput } from '#gateway/http/events.ts'
import { pageSize } from '#gateway/http/paging.ts'
import type { Language } from '#gateway/http/problem.ts'
import { accessLogInput } from '#gateway/http/access-log.ts'
import { affectedInput } from '#gateway/http/incidents.ts'
import { monthPattern } from '#gateway/http/reports.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { healthStatuses } from '#gateway/ops/health.ts'
import { catalogueOf, catalogueSchema } from './error-catalogue.ts'
import { jsonSchemaOf, recordSchemaOf } from './json-schema.ts'
import {
  accessLogSchema,
  affectedSchema,
  exampleAccessLog,
  exampleAffected,
  usageSchema,
} from './ledger-schemas.ts'
import { codesOf, headerReference, problemExamples, problemResponses } from './problem-responses.ts'
import {
  answerSchema,
  caseSchema,
  decisionSchema,
  erasureSchema,
  lastHourSchema,
  noticesSchema,
  problemSchema,
  readinessSchema,
  reloadSchema,
  rightsSchema,
  upstreamHealthSchema,
} from './schemas.ts'
import { exampleService, serviceSchema, servicesSchema } from './service-schemas.ts'
import { alarmPaths } from './alarm-paths.ts'
import { steeringPaths } from './steering-paths.ts'
import { submissionPaths } from './submission-paths.ts'
import {
  exampleEvent,
  exampleStream,
  exampleWebhook,
  toldEventSchema,
  webhookSchema,
  webhooksSchema,
} from './telling-schemas.ts'

/** OpenAPI 3.1 in one language, ready to be serialised. */
export function openApiDocument(
  capabilities: readonly Capability[],
  language: Language,
  notices: readonly Notice[] = [],
) {
  const say = (id: string, en: string): string => ({ id, en })[language]
  const schema = (of: z.ZodType) => jsonSchemaOf(of, 'output', language)

  const operation = (
    id: string,
    tag: Tag,
    summary: string,
    codes: readonly FailureCode[],
    responses: object,
    roles: readonly Role[] = codes.includes('NOT_GRANTED') ? ['member'] : [],
  ) => {
    const all = { ...responses, ...problemResponses(codes, language) }
    return {
      operationId: id,
      tags: [tag],
      summary,
      parameters: [acceptLanguage],
      ...(codes.includes('UNAUTHENTICATED')
        ? { security: [{ apiKey: roles }, { accessToken: roles }], responses: withRateLimit(all) }
        : { responses: all }),
    }
  }
  const readiness = schema(readinessSchema)

  const tools = { language, operation, json, body, contextParameter }
  const orders = submissionPaths(tools)

  return {
    openapi: '3.1.1',
    info: {
      title: say('Gerbang Integrasi MPP', 'MPP Gateway'),
      version: packageJson.version,
      description: say(
        'Satu API di depan sistem instansi-instansi Mal Pelayanan Publik. Buka kunjungan dengan `POST /v1/cases`, lalu ajukan pertanyaan dengan header konteks. Setiap kesalahan berupa dokumen `application/problem+json` dengan `code` yang tetap; semuanya dijelaskan di [/errors](/errors). Alamat yang tidak dikenal menjawab `ROUTE_UNKNOWN`, metode yang keliru `METHOD_NOT_ALLOWED`.',
        'One API in front of the back offices of a public service mall. Open a case with `POST /v1/cases`, then ask with the context headers. Every error is an `application/problem+json` document with a stable `code`; [/errors](/errors) explains them all. An unknown address answers `ROUTE_UNKNOWN`, a wrong method `METHOD_NOT_ALLOWED`.',
      ),
    },
    tags: Object.entries(tags).map(([name, description]) => ({ name, description: description[language] })),
    paths: {
      '/v1/cases': {
        post: {
          ...operation('cases.open', 'cases', say('Buka kunjungan', 'Open a case'), codesOf.openCase, {
            201: json(say('Kunjungan terbuka', 'The case is open'), schema(caseSchema), exampleCase),
          }),
          requestBody: body(jsonSchemaOf(caseInput, 'input', language), {}),
        },
      },
      ...Object.fromEntries(
        capabilities.flatMap(capability => {
          const post =
            capability.kind === 'submission' ? orders.order(capability as Submission) : question(capability)
          const asked = [[capability.path, { post }]] as [string, object][]
          const { publicPath } = capability
          return publicPath
            ? [...asked, [publicPath, { get: publicQuestion(capability, publicPath) }]]
            : asked
        }),
      ),
      ...orders.paths,
      ...steeringPaths(tools),
      ...alarmPaths(tools),
      '/v1/notices': { get: mailbox() },
      '/v1/events': { get: events() },
      '/v1/operator/webhooks': {
        get: operation(
          'operator.webhooks',
          'operations',
          say('Sejauh mana webhook sudah diberi tahu', 'How far webhooks have been told'),
          codesOf.operator,
          {
            200: json(say('Semua webhook', 'Every webhook'), schema(webhooksSchema), {
              webhooks: [exampleWebhook],
            }),
          },
          ['operator'],
        ),
      },
      '/v1/operator/webhooks/{id}/resend': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        post: {
          ...operation(
            'operator.webhook.resend',
            'operations',
            say('Beri tahu lagi mulai dari suatu peristiwa', 'Tell again from an event on'),
            codesOf.resend,
            { 200: json(say('Webhook itu kini', 'The webhook now'), schema(webhookSchema), exampleWebhook) },
            ['operator'],
          ),
          description: resent[language],
          requestBody: body(jsonSchemaOf(resendInput, 'input', language), {
            reason: 'the receiver lost a day',
            from: exampleEvent.id,
          }),
        },
      },
      '/v1/me/rights': {
        get: operation('me.rights', 'rights', say('Hak saya', 'What I may ask'), codesOf.rights, {
          200: json(say('Hak saya sekarang', 'What I may ask now'), schema(rightsSchema), exampleRights),
        }),
      },
      '/v1/decide': {
        post: {
          ...operation('decide', 'rights', say('Bolehkah ini?', 'Would this be allowed?'), codesOf.decide, {
            200: json(say('Keputusan', 'The decision'), schema(decisionSchema), exampleDecision),
          }),
          description: decided[language],
          requestBody: body(jsonSchemaOf(decideInput, 'input', language), {
            capability: 'resident.lookup',
            purpose: 'skck.new',
            elements: ['/motherName'],
          }),
        },
      },
      '/v1/operator/reload': {
        post: {
          ...operation(
            'operator.reload',
            'operations',
            say('Baca ulang perjanjian', 'Read the agreements anew'),
            codesOf.reload,
            {
              200: json(say('Perjanjian yang berlaku kini', 'In force from now on'), schema(reloadSchema), {
                agreements: { added: [], changed: ['pks-1'], ended: [], unchanged: ['pks-2'] },
              }),
            },
            ['operator'],
          ),
          description: reloaded[language],
        },
      },
      '/v1/subjects/erase': {
        post: {
          ...operation(
            'subjects.erase',
            'operations',
            say('Hapus data seseorang', "Erase a person's data"),
            codesOf.eraseSubject,
            {
              200: json(
                say(
                  'Terhapus: tidak ada gerbang yang masih memberikannya',
                  'Erased: no gateway serves any of it',
                ),
                schema(erasureSchema),
                exampleErasure,
              ),
            },
            ['operator'],
          ),
          description: erased[language],
          parameters: [{ ...contextParameter('Mpp-Officer'), required: false }, acceptLanguage],
          requestBody: body(jsonSchemaOf(erasureInput, 'input', language), {
            nik: '9999011501900001',
            reason: 'subject request granted',
            reference: 'PDP/2026/0007',
          }),
        },
      },
      '/v1/subjects/access-log': {
        post: audit(
          'subjects.access-log',
          say('Siapa melihat data saya', 'Who looked at me'),
          accessLogged,
          json(say('Satu halaman', 'A page'), schema(accessLogSchema), exampleAccessLog(language)),
          body(jsonSchemaOf(accessLogInput, 'input', language), {
            nik: '9999011501900001',
            request: { reference: 'PDP/2026/0007', receivedAt: '2026-03-02T08:00:00+07:00' },
          }),
        ),
      },
      '/v1/incidents/affected': {
        post: audit(
          'incidents.affected',
          say('Siapa yang terdampak insiden', 'Whom a breach concerns'),
          affectedFound,
          json(say('Satu halaman', 'A page'), schema(affectedSchema), exampleAffected),
          body(jsonSchemaOf(affectedInput, 'input', language), {
            incident: { reference: 'INS/2026/3', discoveredAt: '2026-03-02T08:00:00+07:00' },
            member: 'front-office',
          }),
        ),
      },
      '/v1/reports/usage': { get: usage() },
      '/v1/services': {
        get: service('services', say('Layanan mal ini', 'The services of this mall'), codesOf.open, {
          200: json(say('Semua layanan', 'Every service'), schema(servicesSchema), {
            services: [exampleService],
          }),
        }),
      },
      '/v1/services/{code}': {
        parameters: [{ name: 'code', in: 'path', required: true, schema: { type: 'string' } }],
        get: service('service', say('Satu layanan', 'One service'), codesOf.openResource, {
          200: json(say('Standarnya', 'Its standard'), schema(serviceSchema), exampleService),
        }),
      },
      '/health/live': {
        get: operation('health.live', 'operations', say('Proses hidup', 'The process lives'), codesOf.open, {
          200: health(say('Hidup', 'Live'), schema(z.object({ status: z.literal('pass') }))),
        }),
      },
      '/health/ready': {
        get: operation(
          'health.ready',
          'operations',
          say('Siap melayani', 'Ready for requests'),
          codesOf.open,
          {
            200: health(say('Siap', 'Ready'), readiness),
            503: health(
              say('Sedang berhenti: kirim permintaan ke tempat lain', 'Draining: send requests elsewhere'),
              readiness,
            ),
          },
        ),
      },
      '/health/upstreams': {
        get: operation(
          'health.upstreams',
          'operations',
          say('Kesehatan semua instansi', 'Health of all agencies'),
          codesOf.known,
          {
            200: health(
              say('Kesehatan', 'Health'),
              schema(z.object({ status: z.enum(healthStatuses), upstreams: z.array(upstreamHealthSchema) })),
            ),
          },
        ),
      },
      '/health/upstreams/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        get: operation(
          'health.upstream',
          'operations',
          say('Kesehatan satu instansi', 'Health of one agency'),
          codesOf.knownResource,
          {
            200: health(
              say('Kesehatan', 'Health'),
              schema(upstreamHealthSchema.extend({ lastHour: lastHourSchema })),
            ),
          },
        ),
      },
      '/metrics': {
        get: operation(
          'metrics',
          'operations',
          say('Angka untuk Prometheus', 'Figures for Prometheus'),
          codesOf.figures,
          {
            200: { description: 'Prometheus', content: { 'text/plain': { schema: { type: 'string' } } } },
          },
          ['monitor', 'operator', 'auditor'],
        ),
      },
      '/errors': {
        get: operation('errors', 'documentation', say('Katalog kesalahan', 'Error catalogue'), codesOf.open, {
          200: {
            description: say('Semua kode', 'Every code'),
            content: {
              'application/json': {
                schema: schema(catalogueSchema),
                example: { errors: catalogueOf(language).errors.slice(0, 1) },
              },
              'text/html': { schema: { type: 'string' } },
            },
          },
        }),
      },
      '/capabilities': {
        get: operation(
          'capabilities',
          'documentation',
          say('Kemampuan gerbang ini', 'What this gateway can do'),
          codesOf.open,
          {
            200: {
              description: say('Semua kemampuan', 'Every capability'),
              content: {
                'application/json': { schema: schema(capabilityCatalogueSchema) },
                'text/html': { schema: { type: 'string' } },
              },
            },
          },
        ),
      },
      '/openapi.json': {
        get: operation('openapi', 'documentation', say('Dokumen ini', 'This document'), codesOf.open, {
          200: json('OpenAPI 3.1', { type: 'object' }),
        }),
      },
    },
    webhooks: {
      told: {
        post: {
          operationId: 'webhook.told',
          tags: ['events'],
          summary: say('Peristiwa permohonan Anda', 'What happened to your order'),
          description: webhookTold[language],
          parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => ({
            name,
            in: 'header',
            required: true,
            schema: { type: 'string' },
          })),
          requestBody: body(schema(toldEventSchema), exampleEvent),
          responses: { '2XX': { description: say('Diterima', 'Taken') } },
        },
      },
    },
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: say(
            'Kunci API instansi Anda. Peran yang diperlukan disebut di tiap alamat.',
            "Your organisation's API key. Each route names the role that it needs.",
          ),
        },
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: say(
            'Token akses dari penyedia identitas yang diterima gerbang ini.',
            'An access token of an identity provider that this gateway accepts.',
          ),
        },
      },
      parameters: {
        ...Object.fromEntries(Object.keys(contextHeaders).map(name => [name, contextParameter(name)])),
        'Accept-Language': {
          name: 'Accept-Language',
          in: 'header',
          description: say(
            'Bahasa teks untuk manusia: id (bawaan) atau en',
            'Language of human texts: id (default) or en',
          ),
          schema: { type: 'string' },
          example: language,
        },
      },
      headers: Object.fromEntries(
        Object.entries(answerHeaders).map(([name, { id, en, ...header }]) => [
          name,
          { description: say(id, en), ...header },
        ]),
      ),
      schemas: { Problem: schema(problemSchema) },
      examples: problemExamples(language),
    },
  }

  function service(id: string, summary: string, codes: readonly FailureCode[], responses: object) {
    return {
      ...operation(id, 'services', summary, codes, {
        ...responses,
        304: { description: say('Sama dengan If-None-Match', 'The same as If-None-Match') },
      }),
      description: standardTold[language],
    }
  }

  function question(capability: Capability) {
    const { title, description, example } = capability
    const hasPublic = publicElementsOf(capability).size > 0
    const asked = operation(capability.id, 'questions', title[language], codesOf.question, {
      200: answerOf(recordSchemaOf(capability, 'output', language), example.output),
    })
    return {
      ...asked,
      description: hasPublic ? `${description[language]}\n\n${openToAll[language]}` : description[language],
      parameters: [
        ...Object.keys(contextHeaders).map(name =>
          hasPublic ? { ...contextParameter(name), required: false } : parameter(name),
        ),
        elementsHeader(capability.elements.keys()),
        ...asked.parameters,
      ],
      requestBody: body(recordSchemaOf(capability, 'input', language), example.input),
    }
  }

  function publicQuestion(capability: Capability, path: string) {
    const { id, title, description, example } = capability
    const shown = publicElementsOf(capability)
    const input = recordSchemaOf(capability, 'input', language).properties as Record<string, object>
    const values = example.input as Readonly<Record<string, unknown>>
    const asked = operation(`${id}.public`, 'questions', title[language], codesOf.question, {
      200: answerOf(recordSchemaOf(capability, 'output', language, shown), release(example.output, shown)),
    })
    return {
      ...asked,
      description: `${description[language]}\n\n${onlyPublic[language]}`,
      parameters: [
        ...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
          name,
          in: 'path',
          required: true,
          schema: input[name],
          example: values[name],
        })),
        elementsHeader(shown),
        ...asked.parameters,
      ],
    }
  }

  function audit(id: string, summary: string, text: Text, answer: Answer, requestBody: object) {
    const asked = operation(id, 'ledger', summary, codesOf.audit, { 200: withCsv(answer) }, ['auditor'])
    const officer = { ...contextParameter('Mpp-Officer'), required: false }
    return {
      ...asked,
      description: text[language],
      parameters: [officer, ...asked.parameters],
      requestBody,
    }
  }

  function usage() {
    const answer = json(say('Laporan', 'The report'), schema(usageSchema))
    const summary = say('Pemakaian perjanjian dalam sebulan', 'How agreements were used in a month')
    const asked = operation('reports.usage', 'ledger', summary, codesOf.report, { 200: withCsv(answer) }, [
      'operator',
      'auditor',
    ])
    const month = {
      name: 'month',
      in: 'query',
      required: true,
      description: say('Menurut zona waktu mal', "In the mall's time zone"),
      schema: { type: 'string', pattern: monthPattern.source },
      example: '2026-11',
    }
    return { ...asked, parameters: [month, ...asked.parameters] }
  }

  function mailbox() {
    const page = schema(noticesSchema)
    const { items: item } = page.properties!['notices'] as { items: { properties: object } }
    const items = notices.map(notice => {
      const data = recordSchemaOf(notice, 'output', language)
      const type = { const: notice.id, description: notice.description[language] }
      return { ...item, title: notice.title[language], properties: { ...item.properties, type, data } }
    })
    const list = { type: 'array', items: items.length === 0 ? item : { oneOf: items } }
    const example: z.output<typeof noticesSchema> = {
      notices: notices.slice(0, 1).map(({ id, example }) => ({
        ...exampleNotice,
        type: id,
        data: example.output,
      })),
      cursor: 'bm90aWNlcyAx',
    }
    const read = operation('notices.read', 'notices', tags.notices[language], codesOf.notices, {
      200: json(
        say('Satu halaman', 'A page'),
        { ...page, properties: { ...page.properties, notices: list } },
        example,
      ),
    })
    return {
      ...read,
      description: noticesRead[language],
      parameters: [
        {
          name: 'cursor',
          in: 'query',
          description: say('Dari halaman sebelumnya', 'From the page before'),
          schema: { type: 'string' },
        },
        {
          name: 'limit',
          in: 'query',
          description: say('Isi satu halaman paling banyak', 'What a page holds at most'),
          schema: { type: 'integer', minimum: 1, maximum: pageSize.most, default: pageSize.usual },
        },
        ...['Mpp-Purpose', 'Mpp-Counter', 'Mpp-Officer'].map(name => ({
          ...contextParameter(name),
          required: false,
        })),
        ...read.parameters,
      ],
    }
  }

  function events() {
    const streamed = operation('events.stream', 'events', tags.events[language], codesOf.events, {
      200: {
        description: say('Aliran peristiwa', 'The stream'),
        content: { 'text/event-stream': { schema: { type: 'string' }, example: exampleStream } },
      },
    })
    const place = (name: string, at: 'header' | 'query') => ({
      name,
      in: at,
      description: say('Id peristiwa terakhir yang diterima', 'The id of the last event received'),
      schema: { type: 'string', format: 'uuid' },
    })
    return {
      ...streamed,
      description: eventsStreamed[language],
      parameters: [place('Last-Event-ID', 'header'), place('after', 'query'), ...streamed.parameters],
    }
  }

  function answerOf(data: object, example: object) {
    const answer = schema(answerSchema)
    return json(
      say('Jawaban', 'Answer'),
      { ...answer, properties: { ...answer.properties, data } },
      { ...exampleAnswer, data: example },
    )
  }

  function contextParameter(name: string) {
    const { pattern } = contextHeaders[name as keyof typeof contextHeaders]
    const { example, ...text } = headerTexts[name as keyof typeof contextHeaders]
    const schema = { type: 'string', pattern: pattern.source }
    return { name, in: 'header', required: true, description: text[language], schema, example }
  }

  /** Names every path that an agreement can grant and a caller can ask for: the elements and their groups. */
  function elementsHeader(elements: Iterable<ContractPath>) {
    const paths = [...elements].flatMap(path =>
      path.split('/').map((_, index, keys) => keys.slice(0, index + 1).join('/')),
    )
    return {
      name: 'Mpp-Elements',
      in: 'header',
      description: say(
        'Hanya unsur ini yang diminta, dipisahkan koma; tanpa header ini, semua yang diizinkan. Perjanjian memakai nama yang sama.',
        'Asks for these elements only, separated by commas; without it, for all that is granted. Agreements use the same names.',
      ),
      schema: { type: 'array', items: { type: 'string', enum: [...new Set(paths)].filter(Boolean) } },
    }
  }
}

type Tag = keyof typeof tags

/** Every answer to a known caller says how often its organisation may still ask. */
const withRateLimit = (responses: Readonly<Record<string, { readonly headers?: object }>>) =>
  Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      status === '401'
        ? response
        : {
            ...response,
            headers: {
              'RateLimit-Policy': headerReference('RateLimit-Policy'),
              RateLimit: headerReference('RateLimit'),
              ...response.headers,
            },
          },
    ]),
  )

const answerHeaders: Record<string, Text & { schema: object; example: string | number }> = {
  'RateLimit-Policy': {
    id: 'Batas instansi Anda: q permintaan dalam w detik, semua kunci bersama',
    en: "Your organisation's limit: q requests in w seconds, all its keys together",
    schema: { type: 'string' },
    example: '"default";q=6000;w=60',
  },
  RateLimit: {
    id: 'Sisanya sekarang (r), dan berapa detik lagi utuh kembali (t)',
    en: 'What is left of it now (r), and in how many seconds it is whole again (t)',
    schema: { type: 'string' },
    example: '"default";r=5990;t=1',
  },
  'Retry-After': {
    id: 'Detik; hanya bila diketahui',
    en: 'Seconds; only where they are known',
    schema: { type: 'integer', minimum: 1 },
    example: 2,
  },
}

/** Named alike in both languages: links into the reference page carry them. */
const tags = {
  cases: { id: 'Kunjungan warga', en: "Citizens' visits" },
  questions: { id: 'Data dan pencocokan dari instansi', en: 'Data and matches from agencies' },
  notices: { id: 'Pemberitahuan dari instansi', en: 'Notices from agencies' },
  submissions: { id: 'Permohonan, lampiran, dan daftar kerja', en: 'Orders, attachments and the work list' },
  events: { id: 'Yang terjadi pada permohonan', en: 'What happens to orders' },
  rights: { id: 'Hak menurut perjanjian', en: 'Rights under agreements' },
  services: { id: 'Standar pelayanan', en: 'Service standards' },
  ledger: { id: 'Buku bukti', en: 'The ledger' },
  operations: { id: 'Kesehatan dan angka', en: 'Health and figures' },
  documentation: {
    id: 'Kesalahan, kemampuan, dan dokumen ini',
    en: 'Errors, capabilities and this document',
  },
} satisfies Record<string, Text>

const exampleCase: z.output<typeof caseSchema> = {
  id: 'case_AAAAAAAAAAAAAAAAAAAAAA',
  members: ['front-office'],
  openedAt: '2026-03-02T01:00:00.000Z',
  expiresAt: '2026-03-02T17:00:00.000Z',
}

const noticesRead: Text = {
  id: 'Yang diberitahukan instansi tanpa ditanya, menurut urutan datangnya. Tanpa header konteks hanya unsur publik yang kembali; dengan header konteks juga unsur yang diizinkan perjanjian untuk keperluan itu. Kunjungan (Mpp-Case) tidak diperlukan.',
  en: 'What agencies told us unasked, in order of arrival. Without context headers only public elements come back; with them, also what agreements grant for the purpose. No case is needed.',
}

const standardTold: Text = {
  id: 'Enam komponen standar pelayanan yang wajib diumumkan (UU 25/2009, PermenPANRB 15/2014), masing-masing dengan sumbernya. null berarti belum diketahui; toBeConfirmed menyebut yang masih harus dikonfirmasi oleh mal. Terbuka untuk semua, tanpa kunci.',
  en: 'The six components of the service standard that must be published (UU 25/2009, PermenPANRB 15/2014), each with its source. null is what nobody knows; toBeConfirmed names what the mall has yet to confirm. Open to everyone, without a key.',
}

const eventsStreamed: Text = {
  id: 'Server-sent events: hanya milik instansi sendiri; id, keadaan dan kode, tanpa data pribadi; setiap peristiwa paling sedikit sekali, menurut urutan. Tanpa id mulai dari sekarang: buka dulu alirannya, lalu baca GET /v1/submissions. Id yang tidak dikenal lagi dijawab `EVENT_UNKNOWN`: mulailah dari awal begitu juga. Baris `:` menandakan masih hidup. Aliran berakhir bila gerbang berhenti, kunci atau token berakhir, atau tidak dibaca; sambung lagi dengan Last-Event-ID.',
  en: "Server-sent events: one's own organisation's only; ids, states and codes, nothing personal; each event at least once, in order. Without an id, from now on: open the stream first, then read GET /v1/submissions. An id that is not known any more gets `EVENT_UNKNOWN`: begin anew in the same way. A line `:` is a sign of life. The stream ends when the gateway stops, the key or token expires, or nobody reads it; come again with Last-Event-ID.",
}

const webhookTold: Text = {
  id: 'Dikirim ke alamat dalam konfigurasi, bertanda tangan menurut Standard Webhooks, satu per satu menurut urutan. Jawab 2xx dalam 15 detik; selain itu dicoba lagi dengan id yang sama, dan yang sesudahnya menunggu.',
  en: 'Sent to the addresses of the configuration, signed as Standard Webhooks, one after the other in order. Answer 2xx within 15 seconds; anything else is tried again with the same id, and later ones wait.',
}

const resent: Text = {
  id: 'Untuk operator. Peristiwa itu dan semua sesudahnya disampaikan lagi menurut urutan, dengan id yang sama. Alasannya masuk ke buku bukti.',
  en: 'For operators. That event and all later ones are told again in order, with their former ids. The reason goes into the ledger.',
}

const accessLogged: Text = {
  id: 'Untuk auditor, atas permintaan orangnya. Memberitahukan instansi, keperluan, waktu, sumber dan unsur dari setiap data yang diperlihatkan, dan permohonan tentang orangnya beserta hasilnya; petugas dan loket tetap di buku bukti. Kegiatan yang dikecualikan undang-undang tidak dicantumkan, dan tidak ada yang menandakannya. Pertanyaan ini sendiri menjadi bukti. Dengan `Accept: text/csv` dalam bentuk CSV; kursor dan batas waktu lalu ada di header Mpp-Cursor dan Mpp-Due-At.',
  en: 'For auditors, at the request of the person. Tells organisation, purpose, time, source and elements of whatever was shown, and what was ordered about the person, with what came of it; officer and counter stay in the ledger. What the law exempts is left out, and nothing tells that it was. The question itself is an entry of the ledger. With `Accept: text/csv` as CSV; cursor and clock then stand in the headers Mpp-Cursor and Mpp-Due-At.',
}

const affectedFound: Text = {
  id: 'Untuk auditor. Orang-orang yang datanya diperlihatkan kepada suatu anggota, dengan suatu kunci, atau dalam suatu masa, sebagai hash berkunci: semua yang cocok dengan semua yang disebut. Orang yang sama dapat muncul lagi di halaman berikutnya dengan akses yang lebih baru. Pertanyaan ini sendiri menjadi bukti.',
  en: 'For auditors. The people whose data was shown to a member, with a key, or in a period, by keyed hash: all that fits all that is given. One may come again on a later page, with later accesses. The question itself is an entry of the ledger.',
}

const erased: Text = {
  id: 'Untuk operator. Menghapus jawaban bersama di semua gerbang dan di Redis serta isi pemberitahuan tentang orang ini; alasan dan nomornya masuk ke buku bukti. Baru dijawab setelah tidak ada gerbang yang masih memberikannya, sedetik lebih. Boleh diulang.',
  en: 'For operators. Destroys the shared answers in every gateway and in Redis and the content of notices about this person; reason and reference go into the ledger. It is answered once no gateway serves any of it, after somewhat more than a second. It may be repeated.',
}

const exampleErasure: z.output<typeof erasureSchema> = {
  erasedAt: '2026-03-02T01:00:00.000Z',
  destroyed: { notices: 2, orders: 1 },
  open: { orders: 1 },
  pending: [],
  auditId: '0199a1b2-0000-7000-8000-000000000005',
}

const decided: Text = {
  id: 'Keputusan saja, seperti untuk pertanyaan yang sama saat ini: tidak ada yang dikirim, dihitung, atau disimpan, dan tidak menyebut seseorang. Yang publik diizinkan selama pertanyaannya tidak tentang seseorang.',
  en: 'The decision alone, as the same question would get it now: nothing is sent, counted or kept, and nobody is named. What is public is allowed as long as the question is about no person.',
}

const reloaded: Text = {
  id: 'Untuk operator; sama dengan SIGHUP. Semua berkas berlaku sekaligus, atau tidak satu pun: bila satu salah, yang lama tetap berlaku.',
  en: 'For operators; the same as SIGHUP. All files come into force at once, or none: when one is wrong, those from before stay.',
}

const exampleGrant = {
  agreement: 'pks-1',
  validUntil: '2026-12-31T17:00:00.000Z',
  reuse: { scope: 'case', timeToLiveSeconds: 900, staleSeconds: 0 },
  quotas: [{ purpose: 'skck.new', perDay: 500, left: 488, secondsUntilTurn: 57_600 }],
} as const

const exampleRights: z.output<typeof rightsSchema> = {
  member: 'front-office',
  rights: [
    {
      capability: 'resident.lookup',
      kind: 'query',
      title: 'Data penduduk',
      elements: [{ path: '/fullName', label: 'Nama lengkap', dataClass: 'personal' }],
      purpose: 'skck.new',
      upstream: 'example-agency',
      ...exampleGrant,
      quotas: [...exampleGrant.quotas],
    },
  ],
  public: [],
}

const exampleDecision: z.output<typeof decisionSchema> = {
  allowed: false,
  reason: 'ELEMENT_NOT_GRANTED',
  detail: 'agreement pks-1 does not grant /motherName',
  elements: ['/motherName'],
  retryAfter: null,
}

const exampleNotice = {
  id: '0199a1b2-0000-7000-8000-000000000003',
  source: 'example-agency',
  receivedAt: '2026-03-02T01:05:00.000Z',
  withheld: [],
  warnings: [],
  auditId: '0199a1b2-0000-7000-8000-000000000004',
}

const openToAll: Text = {
  id: 'Tanpa header konteks hanya unsur publik yang kembali, dan tidak perlu perjanjian; begitu satu header konteks dikirim, semuanya wajib.',
  en: 'Without context headers only public elements come back, and no agreement is needed; once one of them is sent, all are mandatory.',
}

const onlyPublic: Text = {
  id: 'Hanya unsur publik, tanpa konteks dan tanpa perjanjian.',
  en: 'Public elements only, without context or agreement.',
}

const headerTexts: Record<keyof typeof contextHeaders, Text & { example: string }> = {
  'Mpp-Purpose': {
    id: 'Kode keperluan, seperti dalam perjanjian',
    en: 'The purpose code, as agreements name it',
    example: 'skck.new',
  },
  'Mpp-Counter': { id: 'Loket', en: 'The counter', example: 'A-03' },
  'Mpp-Officer': {
    id: 'Id samaran petugas, bukan NIK atau NIP; tidak perlu bila sudah disebut oleh token',
    en: "The officer's opaque id, never a NIK or NIP; not needed where the token says it",
    example: 'o-7f3a',
  },
  'Mpp-Case': {
    id: 'Kunjungan, dari `POST /v1/cases`',
    en: 'The case, from `POST /v1/cases`',
    example: exampleCase.id,
  },
}

const exampleAnswer: z.output<typeof answerSchema> = {
  data: {},
  provenance: {
    '': { source: 'example-agency', mode: 'live', fetchedAt: '2026-03-02T01:05:00.000Z', ageMs: 0 },
  },
  sources: [{ id: 'example-agency', state: 'ok', sent: 'yes', ms: 180 }],
  withheld: [],
  warnings: [],
  auditId: '0199a1b2-0000-7000-8000-000000000002',
}

const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` })
const acceptLanguage = parameter('Accept-Language')

type Answer = ReturnType<typeof json>

/** The same as CSV for who accepts it; cursor and clock stand in the headers Mpp-Cursor and Mpp-Due-At then. */
const withCsv = ({ description, content }: Answer) => ({
  description,
  content: { ...content, 'text/csv': { schema: { type: 'string' } } },
})

const content = (schema: object, example?: unknown) => ({
  'application/json': { schema, ...(example !== undefined && { example }) },
})
const json = (description: string, schema: object, example?: unknown) => ({
  description,
  content: content(schema, example),
})
const health = (description: string, schema: object) => ({
  description,
  content: { 'application/health+json': { schema } },
})
const body = (schema: object, example: unknown) => ({ required: true, content: content(schema, example) })
