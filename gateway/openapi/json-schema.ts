/** JSON Schema from zod, in one of the house's languages. */
import { z } from 'zod'
import type { Capability } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

/** Descriptions by schema instance: `z.string().register(texts, { id: '…', en: '…' })`. */
export const texts = z.registry<Text>()

/** Each time another schema: a text is of the instance, and every field has its own. */
export const instant = () => z.iso.datetime()

/** `input`: what a caller sends. `output`: what an answer holds, open to what later versions add. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output', language: Language): JsonSchema {
  const made: JsonSchema = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema }) {
      const text = texts.get(zodSchema as unknown as z.ZodType)
      if (text) jsonSchema.description = text[language]
      if (jsonSchema.format) delete jsonSchema.pattern // the format again, hundreds of characters long
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  delete made.$schema // the document states the dialect
  return made
}

/**
 * One side of a capability: every element with its label and data class, found by contract path, so that fields of the
 * input named alike get theirs too. An answer lacks what is not granted, not asked for or not known: nothing is required.
 * `shown` leaves the elements out that a route never shows.
 */
export function recordSchemaOf<Side extends 'input' | 'output'>(
  capability: Pick<Capability, 'elements' | Side>,
  side: Side,
  language: Language,
  shown: ReadonlySet<ContractPath> | 'all' = 'all',
): JsonSchema {
  const describe = (schema: JsonSchema, path: string): void => {
    const element = capability.elements.get(path as ContractPath)
    if (element) {
      schema.description = element.label[language]
      schema['x-data-class'] = element.dataClass
      return
    }
    if (side === 'output') delete schema.required
    for (const [key, child] of Object.entries(schema.properties ?? {})) {
      if (isShown(`${path}/${key}`)) describe(child as JsonSchema, `${path}/${key}`)
      else delete schema.properties![key]
    }
    for (const option of schema.anyOf ?? []) describe(option, path) // a group that may be null
    if (schema.items) describe(schema.items as JsonSchema, `${path}/*`)
  }
  const isShown = (path: string): boolean =>
    shown === 'all' || shown.values().some(element => element === path || element.startsWith(`${path}/`))

  const schema = jsonSchemaOf(capability[side], side, language)
  describe(schema, '')
  return schema
}
