import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Capability, defineCapability } from '#contracts/capability.ts'
import { specific } from '#contracts/elements.ts'
import { failures } from '#contracts/failures.ts'
import { familyLookup } from '#contracts/family.ts'
import { residentLookup, residentMatch } from '#contracts/resident.ts'
import { contextHeaders } from '#gateway/access/context.ts'
import { caseInput } from '#gateway/http/cases.ts'
import { permitOrder } from '#gateway/testing/order-desk.ts'
import { openApiDocument } from './document.ts'
import { answerSchema, caseSchema, failureCodes, problemSchema } from './schemas.ts'
import { submissionSchema } from './submission-schemas.ts'

const capabilities = [residentLookup, residentMatch, familyLookup]
const order = permitOrder as unknown as Capability
const languages = ['id', 'en'] as const

describe.each(languages)('the OpenAPI document (%s)', language => {
  const document = readDocument(openApiDocument([...capabilities, order], language))

  it('is valid OpenAPI 3.1, every reference within it resolved', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document) as never)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(referencesIn(document).filter(reference => resolve(document, reference) === undefined)).toEqual([])
  })

  it.each(capabilities)('offers $id with examples that fit', capability => {
    const { title, input, output } = capability
    const operation = document.paths[capability.path]!['post']!
    expect(operation.summary).toBe(title[language])
    expect(input.safeParse(operation.requestBody!.content['application/json']!.example).error).toBeUndefined()
    const answer = answerSchema
      .strict()
      .parse(operation.responses['200']!.content!['application/json']!.example)
    expect(answer.data).toEqual(capability.example.output)
    expect(output.strict().safeParse(answer.data).error).toBeUndefined()
  })

  it('has fitting examples of a case, the context headers and every problem', () => {
    const { requestBody, responses } = document.paths['/v1/cases']!['post']!
    expect(caseInput.safeParse(requestBody!.content['application/json']!.example).error).toBeUndefined()
    expect(
      caseSchema.strict().safeParse(responses['201']!.content!['application/json']!.example).error,
    ).toBeUndefined()
    for (const [name, { pattern }] of Object.entries(contextHeaders)) {
      expect(document.components.parameters[name]).toMatchObject({ name, in: 'header', required: true })
      expect(document.components.parameters[name]!.example).toMatch(pattern)
    }
    expect(Object.keys(document.components.examples)).toEqual(failureCodes)
    for (const [code, { value }] of Object.entries(document.components.examples)) {
      const problem = problemSchema.strict().parse(value)
      expect(problem).toMatchObject({ code, title: failures[problem.code].title[language] })
    }
  })
})

const document = readDocument(openApiDocument([...capabilities, order], 'id'))

it('puts every failure code under its own status, and closes the list of codes', () => {
  const codes = new Set<string>()
  for (const operation of Object.values(document.paths).flatMap(methods => Object.values(methods))) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      for (const code of Object.keys(response.content?.['application/problem+json']?.examples ?? {})) {
        codes.add(code)
        expect(failures[code as keyof typeof failures].status).toBe(Number(status))
      }
    }
  }
  // A wrong method can happen at no documented operation; every other code can.
  expect([...codes, 'METHOD_NOT_ALLOWED'].toSorted()).toEqual(failureCodes.toSorted())
  expect(resolve(document, '#/components/schemas/Problem/properties/code')).toEqual({
    type: 'string',
    enum: failureCodes,
  })
})

it('offers an order: its key, its form, what it answers at once and later', () => {
  const { parameters, requestBody, responses } = document.paths[permitOrder.path]!['post']!
  expect(parameters).toContainEqual(
    expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
  )
  expect(requestBody!.content['application/json']!.example).toEqual(permitOrder.example.input)
  for (const status of ['200', '202']) {
    const { headers, content } = responses[status]!
    expect(headers).toHaveProperty('Location')
    const { example } = content!['application/json']!
    const shown = submissionSchema.strict().parse(example)
    expect(shown.data).toEqual(status === '200' ? permitOrder.example.output : null)
  }
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '403', '422', '429', '503']))
  expect(responses).not.toHaveProperty('502')
})

it('asks for a key where the gateway does', () => {
  const open = Object.entries(document.paths).filter(([, methods]) =>
    Object.values(methods).some(({ responses, security }) => responses && !security),
  )
  expect(open.map(([path]) => path)).toEqual([
    '/v1/services',
    '/v1/services/{code}',
    '/health/live',
    '/health/ready',
    '/errors',
    '/capabilities',
    '/openapi.json',
  ])
})

it('tells every known caller of its rate limit, and asks each route for the role it needs', () => {
  const known = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(operation => (operation.security ? [{ path, ...operation }] : [])),
  )
  for (const { path, security, responses } of known) {
    expect(security, path).toEqual([{ apiKey: expect.any(Array) }, { accessToken: expect.any(Array) }])
    for (const [status, { headers }] of Object.entries(responses)) {
      const limits = Object.keys(headers ?? {}).filter(name => name.startsWith('RateLimit'))
      expect(limits, `${path} ${status}`).toEqual(status === '401' ? [] : ['RateLimit-Policy', 'RateLimit'])
    }
    expect(responses['429']!.headers, path).toHaveProperty('Retry-After')
    expect(Object.keys(responses['503']!.content!['application/problem+json']!.examples!), path).toContain(
      'IDENTITY_UNAVAILABLE',
    )
  }
  expect(document.paths['/v1/operator/reload']!['post']!.security![0]).toEqual({ apiKey: ['operator'] })
  expect(document.paths['/metrics']!['get']!.security![0]).toEqual({
    apiKey: ['monitor', 'operator', 'auditor'],
  })
  expect(document.paths['/health/upstreams']!['get']!.security![0]).toEqual({ apiKey: [] })
})

it('shows a new element by itself: in the answer, in the question, and among what can be granted', () => {
  const shoe = () => specific(z.string(), 'Ukuran sepatu', 'Shoe size')
  const capability = defineCapability({
    ...residentLookup,
    kind: 'query',
    input: residentLookup.input.extend({ shoeSize: z.string().optional() }),
    output: residentLookup.output.extend({
      shoeSize: shoe(),
      pets: z.array(z.object({ shoeSize: shoe() })).nullable(),
    }),
    example: {
      input: residentLookup.example.input,
      output: { ...residentLookup.example.output, shoeSize: '40', pets: [] },
    },
  })
  const { requestBody, responses, parameters } = readDocument(openApiDocument([capability], 'en')).paths[
    capability.path
  ]!['post']!

  const element = { type: 'string', description: 'Shoe size', 'x-data-class': 'specific' }
  const answer = responses['200']!.content!['application/json']!.schema!
  expect(answer).toMatchObject({
    properties: {
      data: {
        properties: {
          shoeSize: element,
          pets: { anyOf: [{ items: { properties: { shoeSize: element } } }, { type: 'null' }] },
        },
      },
    },
  })
  expect(requestBody!.content['application/json']!.schema).toMatchObject({
    required: ['nik'],
    additionalProperties: false,
    properties: { shoeSize: element },
  })
  const grantable = parameters.find(({ name }) => name === 'Mpp-Elements')?.schema?.items?.enum
  expect(grantable).toEqual(
    expect.arrayContaining(['/shoeSize', '/pets', '/pets/*/shoeSize', '/address', '/address/street']),
  )
})

it('promises no element, as any may be withheld, yet all parts of one that is shown', () => {
  const data = resolve(
    document,
    '#/paths/~1v1~1families~1lookup/post/responses/200/content/application~1json/schema/properties/data',
  )
  const member = (data as any).properties.members.items
  expect(data).not.toHaveProperty('required')
  expect(member).not.toHaveProperty('required')
  expect(member.properties.sex.anyOf[0].required).toEqual(['code', 'text'])
})

// -- A document as its readers see it ------------------------------------------------------------------------------

interface Content {
  readonly [type: string]: {
    readonly schema?: object
    readonly example?: unknown
    readonly examples?: object
  }
}

interface Operation {
  readonly summary: string
  readonly security?: readonly object[]
  readonly parameters: readonly {
    readonly name?: string
    readonly schema?: { readonly items?: { readonly enum?: readonly string[] } }
  }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Record<string, { readonly headers?: object; readonly content?: Content }>
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: {
    readonly parameters: Record<string, { readonly example: string }>
    readonly examples: Record<string, { readonly value: unknown }>
  }
}

function readDocument(made: object): Document {
  return JSON.parse(JSON.stringify(made)) as Document
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' ? [String(child)] : referencesIn(child),
  )
}

function resolve(document: object, reference: string): unknown {
  const keys = reference
    .replace('#/', '')
    .split('/')
    .map(key => key.replaceAll('~1', '/'))
  return keys.reduce<any>((value, key) => value?.[key], document)
}
