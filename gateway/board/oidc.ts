/** Signing in at the mall's identity provider: OpenID Connect, authorization code with PKCE, state and nonce. */
import { hash, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { fetchDocument } from '#gateway/access/fetch-document.ts'
import type { Caller, Member } from '#gateway/access/members.ts'
import { createVerify, type IssuerSettings } from '#gateway/access/tokens.ts'
import type { Sealer } from '#gateway/sealing.ts'

export interface BoardOidcSettings {
  /** One of those whose tokens are accepted. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
}

export interface Provider {
  /** As people see it. */
  readonly host: string
  readonly issuer: string
  /** Where the browser goes to sign in. */
  begin(c: Context): Promise<string>
  /** Who came back. @throws SignInFailed, and what the checking of tokens throws */
  finish(c: Context): Promise<Caller>
}

/** What came back is not what was asked for, or the provider says no. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed'
}

export interface ProviderHouse {
  readonly settings: BoardOidcSettings
  readonly issuers: readonly IssuerSettings[]
  readonly members: readonly Member[]
  /** Where browsers find this gateway: `https://gateway.mall.example`. */
  readonly address: string
  readonly sealer: Sealer
  readonly isSecure: (c: Context) => boolean
  readonly onFault: (issuer: string, error: unknown) => void
  readonly now: () => number
}

const cookie = 'mpp-board-sign-in'
const context = 'board-sign-in/1'
const path = '/ops/sign-in/oidc'
const waitsMs = 10 * 60_000

const endpoints = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
})
const tokens = z.object({ id_token: z.string().max(8192) })
const pending = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  until: z.number(),
})

const random = (): string => randomBytes(32).toString('base64url')

export function createProvider(house: ProviderHouse): Provider {
  const { settings, address, sealer, isSecure, now } = house
  const { issuer, clientId, clientSecret, scope } = settings
  const redirect = `${address.replace(/\/$/, '')}${path}/callback`
  // Its ID tokens are checked as its access tokens are; they are meant for this client instead.
  const verify = createVerify(
    house.issuers.filter(one => one.issuer === issuer).map(one => ({ ...one, audience: clientId })),
    { members: house.members, now, onFault: house.onFault },
  )

  /** Read at each sign-in, which is rare; only from where the configuration points. */
  async function discover(): Promise<z.output<typeof endpoints>> {
    const found = endpoints.parse(
      await fetchDocument(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
    )
    const all = [found.authorization_endpoint, found.token_endpoint]
    const isElsewhere = all.some(endpoint => new URL(endpoint).origin !== new URL(issuer).origin)
    if (found.issuer !== issuer || isElsewhere) throw new SignInFailed('the discovery points elsewhere')
    return found
  }

  function readPending(c: Context): z.output<typeof pending> {
    try {
      const sealed = Buffer.from(getCookie(c, cookie) ?? '', 'base64url')
      return pending.parse(JSON.parse(sealer.open(sealed, context).toString()))
    } catch {
      throw new SignInFailed('nobody here began to sign in')
    }
  }

  return {
    host: new URL(issuer).host,
    issuer,

    async begin(c) {
      const { authorization_endpoint } = await discover()
      const began = { state: random(), nonce: random(), verifier: random(), until: now() + waitsMs }
      setCookie(c, cookie, sealer.seal(JSON.stringify(began), context).toString('base64url'), {
        path,
        httpOnly: true,
        sameSite: 'Lax',
        secure: isSecure(c),
        maxAge: waitsMs / 1_000,
      })
      const url = new URL(authorization_endpoint)
      for (const [name, value] of Object.entries({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirect,
        scope,
        state: began.state,
        nonce: began.nonce,
        code_challenge: hash('sha256', began.verifier, 'base64url'),
        code_challenge_method: 'S256',
      }))
        url.searchParams.set(name, value)
      return url.href
    },

    async finish(c) {
      const { state, nonce, verifier, until } = readPending(c)
      deleteCookie(c, cookie, { path })
      const code = c.req.query('code')
      if (c.req.query('state') !== state || now() >= until) throw new SignInFailed('another sign-in')
      if (code === undefined) throw new SignInFailed('the provider says no')
      const { token_endpoint } = await discover()
      const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
      const answer = await fetchDocument(token_endpoint, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirect,
          code_verifier: verifier,
        }),
      })
      const { id_token: token } = tokens.parse(answer)
      const caller = await verify(token, hash('sha256', token))
      if (nonceIn(token) !== nonce) throw new SignInFailed('a token of another sign-in')
      return caller
    },
  }
}

/** Of a token that was checked. */
function nonceIn(token: string): unknown {
  const [, payload = ''] = token.split('.')
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>)['nonce']
}
