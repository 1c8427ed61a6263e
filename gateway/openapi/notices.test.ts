import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { businessChanged } from '#contracts/business.ts'
import { licenceDocumentSigned } from '#contracts/licence.ts'
import { openApiDocument } from './document.ts'
import { noticesSchema } from './schemas.ts'

const notices = [businessChanged, licenceDocumentSigned] as never

/** As its readers see it. */
const readDocument = (made: object): any => JSON.parse(JSON.stringify(made))

describe.each(['id', 'en'] as const)('GET /v1/notices in OpenAPI (%s)', language => {
  const document = readDocument(openApiDocument([], language, notices))
  const { parameters, responses, security } = document.paths['/v1/notices'].get
  const { schema, example } = responses[200].content['application/json']

  it('is valid, with each notice by its type and every element by its class', async () => {
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true })
    const items = schema.properties.notices.items.oneOf
    expect(items.map(({ properties }: any) => properties.type.const)).toEqual([
      'business.changed',
      'licence.document-signed',
    ])
    expect(items[0].title).toBe(businessChanged.title[language])
    expect(items[0].properties.data.properties.nib).toMatchObject({ 'x-data-class': 'public' })
    expect(items[0].properties.data).not.toHaveProperty('required')
  })

  it('has an example that fits', () => {
    const page = noticesSchema.strict().parse(example)
    expect(businessChanged.output.safeParse(page.notices[0]!.data).error).toBeUndefined()
  })

  it('takes a cursor and a limit, and asks for a key but not for a context', () => {
    expect(security).toEqual([{ apiKey: ['member'] }, { accessToken: ['member'] }])
    const named = parameters.filter(({ name }: any) => name)
    expect(named.map(({ name }: any) => name)).toEqual([
      'cursor',
      'limit',
      'Mpp-Purpose',
      'Mpp-Counter',
      'Mpp-Officer',
    ])
    expect(named.some(({ required }: any) => required)).toBe(false)
  })
})

it('is there before any agency calls', () => {
  const document = readDocument(openApiDocument([], 'en'))
  const { schema, example } = document.paths['/v1/notices'].get.responses[200].content['application/json']
  expect(schema.properties.notices.items.properties.data).toBeDefined()
  expect(example.notices).toEqual([])
})
