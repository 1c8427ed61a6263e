/**
 * Who has signed in to the board: sealed in a cookie, so that every gateway knows it and a restart ends nothing. The key itself
 * is not in it. What the session may do is read anew at each request: a key or role that was withdrawn ends it at once.
 */
import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import type { Caller, Member, Role } from '#gateway/access/members.ts'
import { roles } from '#gateway/access/members.ts'
import type { IssuerSettings } from '#gateway/access/tokens.ts'
import { SealBroken, type Sealer } from '#gateway/sealing.ts'

const sessionShape = z.strictObject({
  /** Random: the tokens of its forms are made from it. */
  id: z.string(),
  member: z.string(),
  /** Of the API key or the token. */
  key: z.string(),
  /** The first digits of the key's digest: another key under the same id is another one. Absent: it was a token. */
  digest: z.string().optional(),
  /** Of a token: who issued it, and as what. */
  issuer: z.string().optional(),
  roles: z.array(z.enum(roles)).optional(),
  officer: z.string(),
  /** Epoch milliseconds. */
  startedAt: z.number(),
  seenAt: z.number(),
})

export type Session = Readonly<z.output<typeof sessionShape>>

/** Whoever may look at the board; operators may act. */
export const lookers = ['operator', 'auditor', 'monitor'] as const satisfies readonly Role[]

export const mayLook = ({ roles }: Pick<Caller, 'roles'>): boolean =>
  lookers.some(role => roles.includes(role))
export const mayAct = ({ roles }: Pick<Caller, 'roles'>): boolean => roles.includes('operator')

export type SessionFault = 'SESSION_FORGED' | 'SESSION_EXPIRED' | 'SESSION_WITHDRAWN'

/** A session that is none any more, or never was. */
export class SessionOver extends Error {
  override readonly name = 'SessionOver'
  readonly fault: SessionFault

  constructor(fault: SessionFault) {
    super(fault)
    this.fault = fault
  }
}

export interface Known {
  readonly session: Session
  readonly caller: Caller
}

export interface Sessions {
  /** Undefined: nobody has signed in. @throws SessionOver */
  read(c: Context): Known | undefined
  /** From now on whoever sends this answer back is the caller. */
  begin(c: Context, caller: Caller, officer: string, issuer?: string): void
  /** Notes that it is still used; without that it ends after a while. */
  keepAlive(c: Context, session: Session): void
  end(c: Context): void
}

export interface SessionsHouse {
  readonly sealer: Sealer
  readonly members: readonly Member[]
  readonly issuers: readonly Pick<IssuerSettings, 'issuer'>[]
  /** Whether the browser came by https. */
  readonly isSecure: (c: Context) => boolean
  readonly now: () => number
}

const cookie = 'mpp-board'
const context = 'board-session/1'
const minuteMs = 60_000
/** Of those who can act: a shift, and half an hour away from the desk. */
const acting = { longestMs: 12 * 60 * minuteMs, idleMs: 30 * minuteMs }
/** Of those who only look, at a screen on the wall, say. */
const looking = { longestMs: 7 * 24 * 60 * minuteMs, idleMs: 12 * 60 * minuteMs }

export function createSessions({ sealer, members, issuers, isSecure, now }: SessionsHouse): Sessions {
  const memberOf = new Map(members.map(member => [member.id, member]))
  const issuerNames = new Set(issuers.map(({ issuer }) => issuer))

  function open(text: string): Session {
    try {
      const sealed = Buffer.from(text, 'base64url')
      return sessionShape.parse(JSON.parse(sealer.open(sealed, context).toString()))
    } catch (error) {
      if (error instanceof SealBroken || error instanceof z.ZodError || error instanceof SyntaxError)
        throw new SessionOver('SESSION_FORGED')
      throw error
    }
  }

  /** As the configuration has it now. */
  function callerOf({ member: memberId, key, digest, issuer, roles = [], officer }: Session): Caller {
    const member = memberOf.get(memberId)
    if (!member) throw new SessionOver('SESSION_WITHDRAWN')
    if (digest === undefined) {
      if (!issuerNames.has(issuer!)) throw new SessionOver('SESSION_WITHDRAWN')
      return { member, keyId: key, roles: member.roles.filter(role => roles.includes(role)), officer }
    }
    const found = member.keys.find(({ id, sha256 }) => id === key && sha256.startsWith(digest))
    if (!found || now() >= found.expiresAt) throw new SessionOver('SESSION_WITHDRAWN')
    return { member, keyId: key, roles: found.roles }
  }

  function write(c: Context, session: Session): void {
    setCookie(c, cookie, sealer.seal(JSON.stringify(session), context).toString('base64url'), {
      path: '/ops',
      httpOnly: true,
      sameSite: 'Lax', // Strict would ask whoever follows a link in a message to sign in again
      secure: isSecure(c),
    })
  }

  return {
    read(c) {
      const text = getCookie(c, cookie)
      if (text === undefined) return undefined
      const session = open(text)
      const caller = callerOf(session)
      if (!mayLook(caller)) throw new SessionOver('SESSION_WITHDRAWN')
      const { longestMs, idleMs } = mayAct(caller) ? acting : looking
      const at = now()
      if (at >= session.startedAt + longestMs || at >= session.seenAt + idleMs)
        throw new SessionOver('SESSION_EXPIRED')
      return { session, caller }
    },

    begin(c, { member, keyId, roles }, officer, issuer) {
      const at = now()
      const sha256 = member.keys.find(({ id }) => id === keyId)?.sha256.slice(0, 16)
      write(c, {
        id: randomBytes(16).toString('base64url'),
        member: member.id,
        key: keyId,
        ...(issuer === undefined ? { digest: sha256! } : { issuer, roles: [...roles] }),
        officer,
        startedAt: at,
        seenAt: at,
      })
    },

    keepAlive(c, session) {
      const at = now()
      if (at - session.seenAt >= minuteMs) write(c, { ...session, seenAt: at })
    },

    end(c) {
      deleteCookie(c, cookie, { path: '/ops' })
    },
  }
}
