import type { Context } from 'hono'
import type { z } from 'zod'
import { bounded, type FieldError, GatewayFailure, repeatable } from '#gateway/failure.ts'

/** The query parameters, each at most once: of two that differ nobody could say which was meant. */
export function readParameters(c: Context): Readonly<Record<string, string>> {
  const all = Object.entries(c.req.queries())
  const repeated = all.filter(([, values]) => values.length > 1)
  if (repeated.length > 0)
    throw parametersInvalid(
      repeated.map(([name]) => ({ parameter: repeatable(name), detail: 'expected: at most once' })),
    )
  return Object.fromEntries(all.map(([name, [value = '']]) => [name, value]))
}

/** For addresses that take none: what is meant to narrow a question must not be overlooked. */
export function refuseParameters(c: Context): void {
  const names = Object.keys(c.req.query())
  if (names.length > 0)
    throw parametersInvalid(names.map(name => ({ parameter: repeatable(name), detail: 'no such parameter' })))
}

/** The query parameters as the schema reads them, or every offending one at once. */
export function readQuery<Schema extends z.ZodType>(
  parameters: Readonly<Record<string, string>>,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(parameters)
  if (!parsed.success) throw parametersInvalid(errorsOf(parsed.error))
  return parsed.data
}

const errorsOf = ({ issues }: z.ZodError): FieldError[] =>
  issues.flatMap((issue): FieldError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ parameter: repeatable(key), detail: 'no such parameter' }))
      : [{ parameter: String(issue.path[0]), detail: issue.message }],
  )

export const parametersInvalid = (errors: readonly FieldError[]): GatewayFailure =>
  new GatewayFailure('INPUT_INVALID', { detail: 'the query parameters do not fit', errors: bounded(errors) })
