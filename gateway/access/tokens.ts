/** Access tokens of identity providers (OpenID Connect): signed JWTs, checked here against the issuer's published keys. */
import { hash } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { GatewayFailure } from '#gateway/failure.ts'
import { contextHeaders } from './context.ts'
import { DocumentUnusable, fetchDocument } from './fetch-document.ts'
import { createKeyring, type Keyring, freshMs } from './keyring.ts'
import { type Caller, type Member, type Role, unauthenticated, type Verify } from './members.ts'

/** Nothing symmetric, never `none`: who can check a token must not be able to make one. */
export const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

/** Begins the id of every token as the ledger knows it; no API key's id does. */
export const tokenKeyPrefix = 'token-'

/** Who may vouch for callers, and how its tokens are read. A claim within another is written `realm_access.roles`. */
export interface IssuerSettings {
  /** Exactly as `iss` says it. */
  readonly issuer: string
  readonly audience: string
  /** Undefined: as its `/.well-known/openid-configuration` says. */
  readonly jwksUri?: string | undefined
  readonly algorithms: readonly (typeof tokenAlgorithms)[number][]
  /** The claim's values and whom they stand for: the issuer vouches for no other member. */
  readonly member: { readonly claim: string; readonly values: Readonly<Record<string, string>> }
  /** Undefined: its tokens have the role `member`. */
  readonly roles?: { readonly claim: string; readonly values: Readonly<Record<string, Role>> } | undefined
  readonly officer?: string | undefined
  readonly counter?: string | undefined
}

export interface TokensOptions {
  readonly members: readonly Member[]
  readonly now: () => number
  /** The issuer's keys cannot be read; told at each attempt. */
  readonly onFault: (issuer: string, error: unknown) => void
}

type KeySet = ReturnType<typeof createLocalJWKSet>

interface Issuer {
  readonly settings: IssuerSettings
  readonly keyring: Keyring<KeySet>
}

const mostVerified = 10_000
const clockToleranceSeconds = 5

export function createVerify(
  issuers: readonly IssuerSettings[],
  { members, now, onFault }: TokensOptions,
): Verify {
  const memberOf = new Map(members.map(member => [member.id, member]))
  const verified = new LRUCache<string, { readonly caller: Caller; readonly endsAt: number }>({
    max: mostVerified,
  })
  let withdrawals = 0
  /** Keys may have been withdrawn: what was checked with them, or is being, counts no more. */
  const forget = (): void => {
    withdrawals += 1
    verified.clear()
  }
  const issuerOf = new Map<string, Issuer>(
    issuers.map(settings => {
      const read = createReadKeys(settings, forget)
      const keyring = createKeyring(read, { now, onFault: error => onFault(settings.issuer, error) })
      return [settings.issuer, { settings, keyring }]
    }),
  )

  /** Checks signature, issuer, audience, algorithm and term; what it says is believed from then on. */
  async function check(token: string): Promise<{ payload: JWTPayload; settings: IssuerSettings }> {
    const issuer = issuerOf.get(issuerNamedIn(token) ?? '')
    if (!issuer) throw tokenInvalid()
    const { settings, keyring } = issuer
    try {
      const { payload } = await jwtVerify(
        token,
        async (header, parts) => {
          const keys = await keyring.current()
          try {
            return await keys(header, parts)
          } catch (error) {
            const newer =
              error instanceof errors.JWKSNoMatchingKey ? await keyring.newerThan(keys) : undefined
            if (!newer) throw error
            return newer(header, parts)
          }
        },
        {
          issuer: settings.issuer,
          audience: settings.audience,
          algorithms: [...settings.algorithms],
          requiredClaims: ['exp'],
          clockTolerance: clockToleranceSeconds,
          currentDate: new Date(now()),
        },
      )
      return { payload, settings }
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw unauthenticated('TOKEN_EXPIRED', 'your token has expired: fetch a new one')
      if (error instanceof GatewayFailure) throw error
      if (!(error instanceof errors.JOSEError)) onFault(settings.issuer, error) // a key that nothing can be checked with
      throw tokenInvalid()
    }
  }

  async function verify(token: string, digest: string): Promise<Caller> {
    const before = withdrawals
    const { payload, settings } = await check(token)
    const { claim, values } = settings.member
    const [id = '', ...others] = new Set(mapped(textsOf(payload, claim), values))
    const member = memberOf.get(id)
    if (!member || others.length > 0)
      throw unauthenticated('TOKEN_FOREIGN', `your token stands for no member here (${claim})`)
    const roles = rolesOf(payload, settings)
    const caller: Caller = {
      member,
      keyId: `${tokenKeyPrefix}${isOpaque(payload.jti) ? payload.jti : digest.slice(0, 16)}`,
      roles: member.roles.filter(role => roles.includes(role)),
      ...vouched(payload, settings),
    }
    // Checked again every so often: its key may have been withdrawn.
    const endsAt = Math.min(payload.exp! * 1_000, now() + freshMs)
    if (withdrawals === before) verified.set(digest, { caller, endsAt })
    return caller
  }

  return (token, digest) => {
    const known = verified.get(digest)
    return known && now() < known.endsAt ? known.caller : verify(token, digest)
  }
}

const keysDocument = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })
const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() })

/** Reads an issuer's keys; tokens checked with other ones have to be checked again. */
function createReadKeys({ issuer, jwksUri }: IssuerSettings, onChange: () => void): () => Promise<KeySet> {
  let fingerprint: string | undefined
  return async function readKeys() {
    const { keys } = keysDocument.parse(await fetchDocument(jwksUri ?? (await discover(issuer))))
    const latest = hash('sha256', JSON.stringify(keys))
    if (fingerprint !== undefined && latest !== fingerprint) onChange()
    fingerprint = latest
    return createLocalJWKSet({ keys })
  }
}

/** Only to where the configuration points: keys that the issuer keeps elsewhere are configured by `jwksUri`. */
async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const found = discoveryDocument.parse(await fetchDocument(address))
  if (found.issuer !== issuer || new URL(found.jwks_uri).origin !== new URL(issuer).origin)
    throw new DocumentUnusable('DISCOVERY_POINTS_ELSEWHERE')
  return found.jwks_uri
}

/** Before anything is checked: it only tells whose keys to check with. */
function issuerNamedIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** The texts of a claim: one, or a list of them. */
const textsOf = (payload: JWTPayload, claim: string): readonly string[] =>
  [claimOf(payload, claim)].flat().filter(text => typeof text === 'string')

/** What they stand for, as far as they stand for anything. */
const mapped = <Value>(texts: readonly string[], values: Readonly<Record<string, Value>>): Value[] =>
  texts.flatMap(text => (Object.hasOwn(values, text) ? [values[text]!] : []))

/** Also several in one text, as `scope` has them. */
function rolesOf(payload: JWTPayload, { roles }: IssuerSettings): readonly Role[] {
  if (!roles) return ['member']
  const texts = textsOf(payload, roles.claim)
  return mapped([...texts, ...texts.flatMap(text => text.split(' '))], roles.values)
}

/** Officer and counter, in the words that the context headers allow. */
function vouched(
  payload: JWTPayload,
  { officer, counter }: IssuerSettings,
): Pick<Caller, 'officer' | 'counter'> {
  const read = (claim: string | undefined, header: 'Mpp-Officer' | 'Mpp-Counter'): string | undefined => {
    const value = claim === undefined ? undefined : claimOf(payload, claim)
    if (value === undefined) return undefined
    const { pattern, expected } = contextHeaders[header]
    if (typeof value === 'string' && pattern.test(value)) return value
    throw unauthenticated(
      'TOKEN_UNFIT',
      `the claim ${claim} of your token does not fit: expected ${expected}`,
    )
  }
  const given = { officer: read(officer, 'Mpp-Officer'), counter: read(counter, 'Mpp-Counter') }
  return {
    ...(given.officer !== undefined && { officer: given.officer }),
    ...(given.counter !== undefined && { counter: given.counter }),
  }
}

/** By its whole name, or within another. */
const claimOf = (payload: JWTPayload, name: string): unknown =>
  Object.hasOwn(payload, name)
    ? payload[name]
    : name
        .split('.')
        .reduce<unknown>(
          (node, key) =>
            typeof node === 'object' && node !== null && Object.hasOwn(node, key)
              ? (node as Record<string, unknown>)[key]
              : undefined,
          payload,
        )

/** It goes into the ledger, so it must not be a person's number. */
const isOpaque = (jti: unknown): jti is string =>
  typeof jti === 'string' && contextHeaders['Mpp-Officer'].pattern.test(jti)

const tokenInvalid = () => unauthenticated('TOKEN_INVALID', 'your token is not one that this gateway accepts')
