import { hash, timingSafeEqual } from 'node:crypto'
import { GatewayFailure } from '#gateway/failure.ts'

/** An organisation that calls the gateway. Keys are kept as SHA-256 only: they are random, so a plain hash is enough. */
export interface Member {
  readonly id: string
  readonly name: string
  readonly keys: readonly { readonly id: string; readonly sha256: string }[]
}

/** Who calls, and with which of its keys. */
export interface Caller {
  readonly member: Member
  readonly keyId: string
}

export type Identify = (authorization: string | undefined) => Caller

/** Finds the member behind `Authorization: Bearer <key>`; every other caller is refused alike. */
export function createIdentify(members: readonly Member[]): Identify {
  const callers = new Map(
    members.flatMap(member =>
      member.keys.map(
        key =>
          [
            key.sha256,
            { caller: { member, keyId: key.id }, digest: Buffer.from(key.sha256, 'hex') },
          ] as const,
      ),
    ),
  )
  return function identify(authorization) {
    const key = /^Bearer +([\w.~+/=-]{16,256})$/i.exec(authorization ?? '')?.[1]
    const digest = key === undefined ? undefined : hash('sha256', key, 'buffer')
    const found = digest && callers.get(digest.toString('hex'))
    if (!digest || !found || !timingSafeEqual(digest, found.digest)) {
      throw new GatewayFailure('UNAUTHENTICATED', {
        detail: 'Send a valid API key of your organisation',
        errors: [{ header: 'Authorization', detail: 'expected: Bearer <API key>' }],
      })
    }
    return found.caller
  }
}
