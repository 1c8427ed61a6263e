/** An identity provider on 127.0.0.1 that publishes its keys, and whoever signs with them. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
  /** Undefined: it answers as it should. */
  fails?: 'status' | 'redirect' | 'elsewhere' | 'trash' | 'endless'
}

/** Ends with the test. */
export async function startIdentityProvider(...publishes: readonly Signer[]): Promise<IdentityProvider> {
  const server = createServer((request, response) => {
    provider.asked.push(request.url!)
    const isDiscovery = request.url!.startsWith('/.well-known')
    const origin = provider.fails === 'elsewhere' ? 'http://127.0.0.1:9' : provider.issuer
    const document = isDiscovery
      ? { issuer: provider.issuer, jwks_uri: `${origin}/jwks` }
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
  const provider: IdentityProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    publishes,
  }
  return provider
}
