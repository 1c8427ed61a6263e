/**
 * Code lists: an agency's words for a closed list, normalised to stable English codes with the agency's text kept beside.
 * A text that is not in the list becomes `unknown` and is reported as a warning: never an error, never a guess.
 */
import { z } from 'zod'
import type { Text } from './text.ts'

export interface Code extends Text {
  /** Further spellings seen in the wild, beside the Indonesian text itself. */
  readonly also?: readonly string[]
  /** The agency's own code, where it sends that in place of a text: `01`. */
  readonly wire?: string
}

export interface Coded<Name extends string = string> {
  code: Name | 'unknown'
  text: string
}

/** Agencies vary letter case and spacing; nothing else is forgiven. */
export const normaliseText = (text: string): string => text.trim().replace(/\s+/g, ' ').toUpperCase()

/** The codes behind a coded element, by its schema. */
const lists = z.registry<{ readonly codes: Readonly<Record<string, Code>> }>()

export function codeList<const Codes extends Record<string, Code>>(codes: Codes) {
  type Name = keyof Codes & string
  const names = Object.keys(codes) as Name[]
  const byText = new Map<string, Name>()
  const byWire = new Map<string, Name>()
  for (const name of names) {
    const { id, also = [], wire } = codes[name]!
    for (const text of [id, ...also]) byText.set(normaliseText(text), name)
    if (wire !== undefined) byWire.set(normaliseText(wire), name)
  }
  return {
    codes: codes as Readonly<Record<Name, Code>>,
    /** A known code, as callers send it. */
    input: z.enum(names as [Name, ...Name[]]),
    /** A code and the agency's own text, as answers carry it. */
    output: z
      .object({ code: z.enum([...names, 'unknown'] as const), text: z.string() })
      .register(lists, { codes }),
    /** The agency's text or its own code to a code; of the latter the text is the list's. */
    read(text: string): Coded<Name> {
      const wire = normaliseText(text)
      const name = byText.get(wire)
      if (name) return { code: name, text: text.trim() }
      // 1 is `01`: a JSON number has lost its leading zero. Nothing else is forgiven.
      const coded = byWire.get(wire) ?? byWire.get(`0${wire}`)
      return coded ? { code: coded, text: codes[coded]!.id } : { code: 'unknown', text: text.trim() }
    },
    /** A code to the agency's text, upper case as the registry keeps it. */
    write(code: Name): string {
      return codes[code]!.id.toUpperCase()
    },
  }
}

/** The value with the list's own text wherever a known code stands without one: a person who enters a code has no other. */
export function withTexts(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return withTexts(schema.unwrap(), value)
  if (typeof value !== 'object' || value === null) return value
  if (schema instanceof z.ZodArray)
    return Array.isArray(value) ? value.map(one => withTexts(schema.element, one)) : value
  if (!(schema instanceof z.ZodObject) || Array.isArray(value)) return value
  const list = lists.get(schema)
  if (list) {
    const { code } = value as Partial<Coded>
    return typeof code === 'string' && Object.hasOwn(list.codes, code)
      ? { text: list.codes[code]!.id, ...value }
      : value
  }
  const fields = Object.entries(value).map(([key, child]) => [
    key,
    Object.hasOwn(schema.shape, key) ? withTexts(schema.shape[key] as z.ZodType, child) : child,
  ])
  return Object.fromEntries(fields)
}

/** Is this value a code whose text the list does not know? */
export const isUnknownCode = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (value as Partial<Coded>).code === 'unknown' &&
  'text' in value
