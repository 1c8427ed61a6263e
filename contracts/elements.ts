// Elements: the fields of a record that agreements grant, the gateway releases and provenance speaks of.
// An element is named by its contract path, a JSON Pointer in which `*` stands for any list index: /members/*/fullName

import { z } from 'zod'
import type { Text } from './text.ts'

/** `specific` is UU 27/2022 art. 4(2) (health, biometric, criminal record, finance …) and art. 84 UU 24/2013 (disability). */
export type DataClass = 'public' | 'personal' | 'specific'

export interface Element {
  readonly dataClass: DataClass
  readonly label: Text
}

export type ContractPath = `/${string}`

/** Marks the type of an element, so that the compiler knows contract paths too. There is nothing of it at run time. */
export interface Marked {
  readonly '~element'?: DataClass
}

/** Element metadata by schema instance; read by the decision, the release, OpenAPI and the capability pages. */
const registry = z.registry<Element>()

const element =
  (dataClass: DataClass) =>
  <Schema extends z.ZodType>(schema: Schema, id: string, en: string): Schema & Marked => {
    const own = schema.clone() // one schema may serve several elements, each with its own label
    registry.add(own, { dataClass, label: { id, en } })
    return own
  }

/** Marks a schema as an element that anyone may see. */
export const publicElement = element('public')
/** Marks a schema as an element that says something about a person. */
export const personal = element('personal')
/** Marks a schema as an element of the specially protected kind. */
export const specific = element('specific')

/**
 * An element that an answer may lack. Absent: the agency did not send it (its own agreement does not cover it).
 * `null`: the agency keeps it empty. Withheld is neither: then the answer names it in `withheld`.
 */
export const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().optional()

/** All elements of a record schema by contract path, in the order of declaration. */
export function elementsOf(schema: z.ZodType): ReadonlyMap<ContractPath, Element> {
  return new Map(walk(schema, ''))
}

/** The schema's own element metadata, if it is an element. */
export function elementMeta(schema: z.core.$ZodType): Element | undefined {
  return registry.get(schema as z.ZodType)
}

function* walk(schema: z.ZodType, path: string): Generator<[ContractPath, Element]> {
  const meta = registry.get(schema)
  if (meta) yield [path as ContractPath, meta]
  else if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    yield* walk(schema.unwrap() as z.ZodType, path)
  else if (schema instanceof z.ZodArray) yield* walk(schema.element as z.ZodType, `${path}/*`)
  else if (schema instanceof z.ZodObject)
    for (const [key, child] of Object.entries(schema.shape)) yield* walk(child as z.ZodType, `${path}/${key}`)
  else
    throw new TypeError(
      `${path || '/'} is neither an element nor a group of elements: mark it public, personal or specific`,
    )
}
