import { z } from 'zod'
import { type FieldError, repeatable } from '#gateway/failure.ts'
import type { Page, ShownNotice, WantedPage } from '#gateway/inbound/mailbox.ts'
import { parametersInvalid } from './parameters.ts'

/** How many notices a page holds at most: what a caller may ask for, and what it gets unasked. */
export const pageSize = { most: 100, usual: 50 }

const pageQuery = z.strictObject({
  cursor: z
    .string()
    .refine(text => positionOf(text) !== undefined, {
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

/** Which page is asked for, or every offending parameter at once. */
export function readPageRequest(query: Readonly<Record<string, string>>): WantedPage {
  const parsed = pageQuery.safeParse(query)
  if (!parsed.success) throw parametersInvalid(errorsOf(parsed.error))
  const { cursor, limit } = parsed.data
  return { after: cursor === undefined ? 0 : positionOf(cursor)!, limit }
}

export interface NoticesAnswer {
  readonly notices: readonly ShownNotice[]
  /** Goes on from here, now or later; the one that was sent, when nothing more has come. */
  readonly cursor: string
}

export const noticesAnswer = ({ notices, end }: Page): NoticesAnswer => ({ notices, cursor: cursorOf(end) })

const errorsOf = ({ issues }: z.ZodError): FieldError[] =>
  issues.flatMap((issue): FieldError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ parameter: repeatable(key), detail: 'no such parameter' }))
      : [{ parameter: String(issue.path[0]), detail: issue.message }],
  )

/** Says nothing to those who read it, so that it may become something else. */
const cursorOf = (position: number): string => Buffer.from(`notices ${position}`).toString('base64url')

function positionOf(cursor: string): number | undefined {
  const position = Number(
    /^notices (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1] ?? NaN,
  )
  return cursorOf(position) === cursor ? position : undefined
}
