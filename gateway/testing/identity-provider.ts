/** An identity provider on 127.0.0.1 that publishes its keys, and whoever signs with them. */
import { once } from 'node:events'
import { hash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

export interface Signer {
  readonly alg: string
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: object
}

export async function newSigner(kid: string, alg = 'ES256'): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export const sign = (payload: JWTPayload, { alg, kid, privateKey }: Signer, header: object = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(privateKey)

export interface IdentityProvider {
  readonly issuer: string
  /** The paths that it was asked for. */
  readonly asked: string[]
  publishes: readonly Signer[]
  /** Whom it signs in at once when a browser comes: the claims of the ID token, but for what a sign-in decides. */
  person?: JWTPayload | undefined
  /** What is wrong with the ID tokens that it hands out. */
  twists?: JWTPayload | undefined
  /** Undefined: it answers as it should. */
  fails?: 'status' | 'redirect' | 'elsewhere' | 'trash' | 'endless'
}

/** Of the client `board`. */
export const boardSecret = 'a secret, of the board'

/** Ends with the test. */
export async function startIdentityProvider(...publishes: readonly Signer[]): Promise<IdentityProvider> {
  const begun = new Map<string, URLSearchParams>()
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://provider')
    provider.asked.push(request.url!)
    if (pathname === '/authorize') return authorize(searchParams, response)
    if (pathname === '/token')
      return handOut(new URLSearchParams(await text(request)), request.headers.authorization, response)
    const isDiscovery = request.url!.startsWith('/.well-known')
    const origin = provider.fails === 'elsewhere' ? 'http://127.0.0.1:9' : provider.issuer
    const document = isDiscovery
      ? {
          issuer: provider.issuer,
          jwks_uri: `${origin}/jwks`,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
        }
      : { keys: provider.publishes.map(({ publicJwk }) => publicJwk) }
    if (provider.fails === 'status') response.writeHead(500).end()
    else if (provider.fails === 'redirect' && !isDiscovery)
      response.writeHead(302, { location: '/jwks/other' }).end()
    else if (provider.fails === 'trash') response.end('<html>')
    else if (provider.fails === 'endless') response.end(' '.repeat(300_000))
    else response.end(JSON.stringify(document))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const back = new URL(asked.get('redirect_uri')!)
    back.searchParams.set('state', asked.get('state')!)
    if (provider.person) {
      const code = `code-${begun.size}`
      begun.set(code, asked)
      back.searchParams.set('code', code)
    } else back.searchParams.set('error', 'access_denied')
    response.writeHead(302, { location: back.href }).end()
  }

  /** One token for each code, to whoever began and proves it. */
  async function handOut(
    form: URLSearchParams,
    authorization: string | undefined,
    response: ServerResponse,
  ): Promise<void> {
    const asked = begun.get(form.get('code') ?? '')
    begun.delete(form.get('code') ?? '')
    const isClient = authorization === `Basic ${btoa(`board:${encodeURIComponent(boardSecret)}`)}`
    const isProven =
      asked?.get('code_challenge') === hash('sha256', form.get('code_verifier') ?? '', 'base64url')
    if (!asked || !isClient || !isProven || asked.get('redirect_uri') !== form.get('redirect_uri')) {
      response.writeHead(400).end('{"error":"invalid_grant"}')
      return
    }
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: provider.issuer,
      aud: 'board',
      iat: now,
      exp: now + 300,
      nonce: asked.get('nonce')!,
    }
    const token = await sign({ ...claims, ...provider.person, ...provider.twists }, provider.publishes[0]!)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id_token: token }))
  }

  const provider: IdentityProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    publishes,
  }
  return provider
}
