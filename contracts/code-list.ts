/**
 * Code lists: an agency's words for a closed list, normalised to stable English codes with the agency's text kept beside.
 * A text that is not in the list becomes `unknown` and is reported as a warning: never an error, never a guess.
 */
import { z } from 'zod'
import type { Text } from './text.ts'

interface Code extends Text {
  /** Further spellings seen in the wild, beside the Indonesian text itself. */
  readonly also?: readonly string[]
}

export interface Coded<Name extends string = string> {
  code: Name | 'unknown'
  text: string
}

/** Agencies vary letter case and spacing; nothing else is forgiven. */
export const normaliseText = (text: string): string => text.trim().replace(/\s+/g, ' ').toUpperCase()

export function codeList<const Codes extends Record<string, Code>>(codes: Codes) {
  type Name = keyof Codes & string
  const names = Object.keys(codes) as Name[]
  const byText = new Map<string, Name>()
  for (const name of names) {
    for (const text of [codes[name]!.id, ...(codes[name]!.also ?? [])]) byText.set(normaliseText(text), name)
  }
  return {
    codes: codes as Readonly<Record<Name, Code>>,
    /** A known code, as callers send it. */
    input: z.enum(names as [Name, ...Name[]]),
    /** A code and the agency's own text, as answers carry it. */
    output: z.object({ code: z.enum([...names, 'unknown'] as const), text: z.string() }),
    /** The agency's text to a code. */
    read(text: string): Coded<Name> {
      return { code: byText.get(normaliseText(text)) ?? 'unknown', text: text.trim() }
    },
    /** A code to the agency's text, upper case as the registry keeps it. */
    write(code: Name): string {
      return codes[code]!.id.toUpperCase()
    },
  }
}

/** Is this value a code whose text the list does not know? */
export const isUnknownCode = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (value as Partial<Coded>).code === 'unknown' &&
  'text' in value
