import { hash, timingSafeEqual } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'
import type { WebhookSettings } from '#gateway/telling/teller.ts'
import type { RateLimit } from './rate-limit.ts'

/**
 * `member`: asks and orders. `operator`: runs the gateway. `auditor`: reads who looked at whom. `monitor`: reads figures, and
 * nothing else.
 */
export const roles = ['member', 'operator', 'auditor', 'monitor'] as const
export type Role = (typeof roles)[number]

/** Kept as SHA-256 only: a key is random, so a plain hash is enough. */
export interface ApiKey {
  readonly id: string
  readonly sha256: string
  /** All of them the member's as well. */
  readonly roles: readonly Role[]
  /** Epoch milliseconds, no longer valid from then on; Infinity: for good. */
  readonly expiresAt: number
}

/** An organisation that calls the gateway. */
export interface Member {
  readonly id: string
  readonly name: string
  /** What its keys and tokens may be at most. */
  readonly roles: readonly Role[]
  readonly rateLimit: RateLimit
  readonly keys: readonly ApiKey[]
  /** Where documents that it gives links to may lie: `https://arsip.kab.example`. */
  readonly documentOrigins?: ReadonlySet<string>
  /** What is told of its orders. */
  readonly webhooks?: readonly WebhookSettings[]
}

/** Who calls, and with what. */
export interface Caller {
  readonly member: Member
  /** Of its API key or its token; stands in the ledger. */
  readonly keyId: string
  readonly roles: readonly Role[]
  /** As a token vouches for them; whoever shows an API key can only assert them. */
  readonly officer?: string
  readonly counter?: string
}

/** At once for an API key and for a token that was seen before. */
export type Identify = (authorization: string | undefined) => Caller | Promise<Caller>

/** Finds the member behind an access token; `digest` tells tokens apart without keeping them. */
export type Verify = (token: string, digest: string) => Caller | Promise<Caller>

export interface IdentifyOptions {
  readonly now: () => number
  /** Undefined: tokens are not accepted. */
  readonly verify?: Verify | undefined
  /** Told once a day of each key that is used in the last thirty days before its end. */
  readonly onExpiring: (caller: Caller, days: number) => void
}

const dayMs = 24 * 60 * 60_000

interface KnownKey {
  readonly caller: Caller
  readonly digest: Buffer
  readonly expiresAt: number
  /** When its end is told next. */
  warnsAt: number
}

/** Finds the member behind `Authorization: Bearer <key or token>`; every stranger is refused alike. */
export function createIdentify(
  members: readonly Member[],
  { now, verify, onExpiring }: IdentifyOptions,
): Identify {
  const keys = new Map(
    members.flatMap(member =>
      member.keys.map(({ id, sha256, roles, expiresAt }) => {
        const caller: Caller = { member, keyId: id, roles }
        const digest = Buffer.from(sha256, 'hex')
        return [sha256, { caller, digest, expiresAt, warnsAt: expiresAt - 30 * dayMs }] as [string, KnownKey]
      }),
    ),
  )

  return function identify(authorization) {
    const shown = /^Bearer +([\w.~+/=-]{16,8192})$/i.exec(authorization ?? '')?.[1]
    if (shown === undefined) throw unknownCaller()
    const digest = hash('sha256', shown, 'buffer')
    const digestText = digest.toString('hex')
    const found = keys.get(digestText)
    if (!found || !timingSafeEqual(digest, found.digest)) {
      if (verify && isToken(shown)) return verify(shown, digestText)
      throw unknownCaller()
    }

    const at = now()
    if (at >= found.expiresAt)
      throw unauthenticated(
        'KEY_EXPIRED',
        `your API key ${found.caller.keyId} has expired: use its successor`,
      )
    if (at >= found.warnsAt) {
      found.warnsAt = at + dayMs
      onExpiring(found.caller, Math.floor((found.expiresAt - at) / dayMs))
    }
    return found.caller
  }
}

/** Three parts, as a JWS is written. */
const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)

const unknownCaller = (): GatewayFailure =>
  new GatewayFailure('UNAUTHENTICATED', {
    detail: 'Send a valid API key of your organisation',
    errors: [{ header: 'Authorization', detail: 'expected: Bearer <API key>' }],
  })

/** The caller shows something that we gave out or that an issuer signed: it may know what is wrong with it. */
export const unauthenticated = (reason: string, detail: string): GatewayFailure =>
  new GatewayFailure('UNAUTHENTICATED', { reason, detail, errors: [{ header: 'Authorization', detail }] })
