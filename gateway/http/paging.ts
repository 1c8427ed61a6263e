/** Pages of a list: a cursor that says nothing to those who read it, and a limit. */
import { z } from 'zod'
import { readQuery } from './parameters.ts'

export const pageSize = { most: 100, usual: 50 }

export const writeCursor = (list: string, position: number): string =>
  Buffer.from(`${list} ${position}`).toString('base64url')

export function readCursor(list: string, cursor: string): number | undefined {
  const [name, digits = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  const position = /^\d{1,15}$/.test(digits) ? Number(digits) : NaN
  return name === list && writeCursor(list, position) === cursor ? position : undefined
}

/** `limit`, `cursor` and what else the list takes, or every offending parameter at once. */
export function readPage<Rest extends z.ZodObject>(
  parameters: Readonly<Record<string, string>>,
  list: string,
  rest: Rest,
): { readonly position: number | undefined; readonly limit: number; readonly rest: z.output<Rest> } {
  const schema = rest.extend({
    cursor: z
      .string()
      .refine(text => readCursor(list, text) !== undefined, {
        error: 'expected: the cursor of the page before, as it was returned',
      })
      .optional(),
    limit: z
      .string()
      .refine(text => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= pageSize.most, {
        error: `expected: a whole number from 1 to ${pageSize.most}`,
      })
      .transform(Number)
      .default(pageSize.usual),
  })
  const { cursor, limit, ...others } = readQuery(parameters, schema) as { cursor?: string; limit: number }
  return {
    position: cursor === undefined ? undefined : readCursor(list, cursor),
    limit,
    rest: others as z.output<Rest>,
  }
}
