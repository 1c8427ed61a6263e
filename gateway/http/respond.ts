import type { Context } from 'hono'
import type { Environment } from './request.ts'
import { everyAnswer } from './security-headers.ts'

/** JSON with plain header objects: the server's fast path. Personal data is never cached on the way. */
export const respond = (
  c: Context<Environment>,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response =>
  c.body(JSON.stringify(body), status as 200, {
    ...everyAnswer,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...c.get('rateLimit'),
    ...headers,
  })
