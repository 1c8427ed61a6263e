/** What the routes on the ledger have in common. */
import type { Context } from 'hono'
import { z } from 'zod'
import { readOfficer } from '#gateway/access/context.ts'
import type { Position, ReadAccessLog } from '#gateway/ledger/access-log.ts'
import type { FindAffected } from '#gateway/ledger/affected.ts'
import type { UsageReport } from '#gateway/ledger/usage.ts'
import { csvType } from '#gateway/ledger/csv.ts'
import type { Actor } from '#gateway/ledger/evidence.ts'
import type { InputRules } from '#gateway/ledger/input.ts'
import type { Environment } from './request.ts'
import { respond } from './respond.ts'
import { everyAnswer } from './security-headers.ts'

export interface LedgerHouse extends InputRules {
  readonly readAccessLog: ReadAccessLog
  readonly findAffected: FindAffected
  /** Of a month, `2026-11`. */
  readonly usage: (month: string) => Promise<UsageReport>
}

/** Who looks into the ledger: a person, not only an organisation. */
export function auditorOf(c: Context<Environment>): Actor {
  const caller = c.var.caller!
  return { member: caller.member.id, key: caller.keyId, ...readOfficer(name => c.req.header(name), caller) }
}

export const pageSize = { most: 1_000, usual: 100 }

/** Which page: the first one where no cursor is given. */
export const page = {
  cursor: z
    .string()
    .refine(text => positionOf(text) !== undefined, {
      error: 'the cursor of the page before, as it was returned',
    })
    .optional(),
  limit: z.int().min(1).max(pageSize.most).default(pageSize.usual),
}

export const cursorOf = ({ after, until }: Position): string =>
  Buffer.from(`ledger ${after} ${until}`).toString('base64url')

export function positionOf(cursor: string): Position | undefined {
  const parts = /^ledger (\d{1,15}) (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())
  const position = { after: Number(parts?.[1] ?? NaN), until: Number(parts?.[2] ?? NaN) }
  return cursorOf(position) === cursor ? position : undefined
}

/** JSON, or CSV for who prefers it; then what stands beside the lines is in headers. */
export function respondInEither(
  c: Context<Environment>,
  json: object,
  csv: () => string,
  csvHeaders: Readonly<Record<string, string | null>> = {},
): Response {
  const vary = 'Accept, Accept-Language'
  if (!c.req.header('accept')?.includes('text/csv')) return respond(c, 200, json, { vary })
  const given = Object.entries(csvHeaders).filter((entry): entry is [string, string] => entry[1] !== null)
  return c.body(csv(), 200, {
    ...everyAnswer,
    'content-type': csvType,
    'cache-control': 'no-store',
    vary,
    ...c.var.rateLimit,
    ...Object.fromEntries(given),
  })
}
