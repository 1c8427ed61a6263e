import type { Context } from 'hono'

/** JSON with plain header objects: the server's fast path. Personal data is never cached on the way. */
export const respond = (
  c: Context,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response =>
  c.body(JSON.stringify(body), status as 200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  })
