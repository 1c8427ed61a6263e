import { expect, it } from 'vitest'
import { z } from 'zod'
import { catalogueSchema } from '#gateway/catalogue/catalogue.ts'
import { texts } from './json-schema.ts'
import * as alarms from './alarm-schemas.ts'
import * as ledger from './ledger-schemas.ts'
import * as answers from './schemas.ts'
import * as services from './service-schemas.ts'
import * as submissions from './submission-schemas.ts'
import * as telling from './telling-schemas.ts'

const exported = [alarms, ledger, answers, services, submissions, telling].flatMap(module =>
  Object.values(module),
)
const schemas = [catalogueSchema, ...exported].filter(one => one instanceof z.ZodType)

it('gives no field the text of another', () => {
  const fieldsOf = new Map<z.core.$ZodType, Set<string>>()
  for (const schema of schemas) note(schema, '', fieldsOf)
  const shared = [...fieldsOf].flatMap(([schema, fields]) => {
    const text = texts.get(schema as z.ZodType)
    return text && fields.size > 1 ? [`${[...fields].join(', ')}: ${text.en}`] : []
  })
  expect(fieldsOf.size).toBeGreaterThan(100)
  expect(shared).toEqual([])
})

/** A text is of a schema's instance: one that stands in two fields describes both. */
function note(schema: z.core.$ZodType, field: string, fieldsOf: Map<z.core.$ZodType, Set<string>>): void {
  const fields = fieldsOf.getOrInsertComputed(schema, () => new Set())
  if (fields.has(field)) return
  fields.add(field)
  if (schema instanceof z.ZodObject)
    for (const [key, child] of Object.entries(schema.shape)) note(child, key, fieldsOf)
  else if (schema instanceof z.ZodArray) note(schema.element, `${field}[]`, fieldsOf)
  else if (schema instanceof z.ZodUnion) for (const option of schema.options) note(option, field, fieldsOf)
  else if (schema instanceof z.ZodRecord) note(schema.valueType, `${field}.*`, fieldsOf)
  else if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    note(schema.unwrap(), field, fieldsOf)
}
