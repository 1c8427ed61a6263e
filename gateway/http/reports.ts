import type { Context } from 'hono'
import { z } from 'zod'
import { GatewayFailure } from '#gateway/failure.ts'
import { usageCsv } from '#gateway/ledger/usage.ts'
import { type LedgerHouse, respondInEither } from './ledger.ts'
import type { Environment } from './request.ts'

export const monthPattern = /^20\d\d-(0[1-9]|1[0-2])$/

const usageQuery = z.strictObject({ month: z.string().regex(monthPattern) })

/** `GET /v1/reports/usage?month=2026-11`: how agreements were used. */
export async function usage(house: LedgerHouse, c: Context<Environment>): Promise<Response> {
  const query = usageQuery.safeParse(c.req.query())
  if (!query.success) {
    const detail = 'expected: month=YYYY-MM, and nothing else'
    throw new GatewayFailure('INPUT_INVALID', { detail, errors: [{ parameter: 'month', detail }] })
  }
  const report = await house.usage(query.data.month)
  return respondInEither(c, report, () => usageCsv(report))
}
