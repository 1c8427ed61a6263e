/**
 * Keeps other sites from sending the forms of a page: the session's cookie is SameSite, the browser names where a form comes
 * from, and each form carries a token that only a page of this session holds.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'

export interface FormGuard {
  /** For a hidden field of each form; the same for the whole session, so that two tabs do not disturb each other. */
  tokenFor(session: string): string
  /** Whether a form that was sent is one of this session's own. */
  accepts(c: Context, session: string, token: unknown): boolean
}

/** The name of the hidden field. */
export const formTokenField = 'formToken'

/** A key of the house serves its own purpose; the one here is made from it. Without one, tokens hold for this process. */
export function createFormGuard(houseKey: Uint8Array = randomBytes(32)): FormGuard {
  const key = Buffer.from(hkdfSync('sha256', houseKey, '', 'form tokens', 32))
  const digest = (session: string): Buffer => createHmac('sha256', key).update(session).digest()
  return {
    tokenFor: session => digest(session).toString('base64url'),
    accepts(c, session, token) {
      if (isFromElsewhere(c) || typeof token !== 'string') return false
      const given = Buffer.from(token, 'base64url')
      const expected = digest(session)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

/** Browsers say so with every form; the scheme may differ, since a proxy in front may end TLS. */
export function isFromElsewhere(c: Context): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') return true
  const origin = c.req.header('origin')
  if (origin === undefined) return false
  const host = c.req.header('host')
  return !URL.canParse(origin) || new URL(origin).host !== host
}
