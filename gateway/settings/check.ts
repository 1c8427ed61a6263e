/** Values against schemas; what does not fit is said in words for the person who wrote the file. */
import type { z } from 'zod'
import { pathOf, type Problem } from './read-yaml.ts'

/** The value as the schema reads it; undefined when it does not fit, and then each reason is added to the problems. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { file, under = [] }: { readonly file: string; readonly under?: readonly PropertyKey[] },
  problems: Problem[],
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value, { error: expectation })
  for (const issue of parsed.error?.issues ?? []) {
    const path = [...under, ...issue.path]
    const places = issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...path, key]) : [path]
    for (const place of places) problems.push({ file, path: pathOf(place), expected: issue.message })
  }
  return parsed.data
}

/** The parts of a block that fit by themselves, so that one mistake does not hide another. */
export function fittingParts<Schema extends z.ZodObject>(
  schema: Schema,
  value: unknown,
): Partial<z.output<Schema>> {
  const block = blockOf(value)
  const parts = Object.entries(schema.shape).flatMap(([key, part]: [string, z.ZodType]) => {
    const parsed = part.safeParse(block[key])
    return parsed.success ? [[key, parsed.data]] : []
  })
  return Object.fromEntries(parts) as Partial<z.output<Schema>>
}

/** The value as a block of keys; empty when a mistake left something else there. */
export const blockOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
}

const formats: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  url: 'an address',
}

/** What a schema expected where it does not say so itself. */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const type = types[issue.expected] ?? issue.expected
      if (issue.input === undefined) return `${type}; it is missing`
      return issue.expected === 'string' && typeof issue.input !== 'object' ? `${type}, here in quotes` : type
    }
    case 'unrecognized_keys':
      return `one of the keys ${Object.keys((issue.inst as z.ZodObject).shape).join(', ')}`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_key':
      return issue.issues[0]?.message
    case 'invalid_format':
      return formats[issue.format]
    case 'too_small':
      return atLeast(issue.origin, issue.minimum)
    case 'too_big':
      return `at most ${issue.maximum}`
    default:
      return undefined
  }
}

function atLeast(origin: string, minimum: number | bigint): string {
  if (origin === 'string') return 'a text that is not empty'
  if (origin === 'array') return 'a list that is not empty'
  return `at least ${minimum}`
}
