/** What the page's server keeps of a counter's work: one citizen's visit, in memory, and gone with it. */
import { randomBytes } from 'node:crypto'
import type { AnswerTo, GatewayUnreachable, MppProblem, SubmissionOf } from '#gateway/client/client.ts'
import type { Values } from './fields.ts'

/** Why there is no answer. */
export type Trouble = MppProblem | GatewayUnreachable

export type Outcome<Answer> = { readonly answer: Answer } | { readonly trouble: Trouble }

/** What stands in a form, and what came of asking it; undefined: not asked yet. */
export interface Asked<Answer> {
  readonly values: Values
  readonly outcome: Outcome<Answer> | undefined
}

/** An order in the making. */
export interface Draft {
  values: Values
  items: number
  /** Made with the form and sent with it each time: however often it is sent, it is one order. */
  readonly key: string
  trouble?: Trouble | undefined
}

export type LossReport = SubmissionOf<'loss-report.file'>

/** A desk at work: chosen in the morning, kept for the next citizen. */
export interface Station {
  readonly counter: string
  readonly officer: string
}

/** Of one citizen, for one purpose. */
export interface Visit extends Station {
  readonly id: string
  readonly expiresAt: string
  readonly purpose: string
  lookup: Asked<AnswerTo<'resident.lookup'>> | undefined
  match: Asked<AnswerTo<'resident.match'>> | undefined
  /** The requirements that the citizen has shown. */
  brought: ReadonlySet<string>
  draft: Draft
  /** The orders of this visit, by id, with what came of those that have ended. */
  readonly orders: Map<string, { purpose: string; result?: LossReport | undefined }>
}

export interface Session {
  /** In the browser's cookie. Another one as soon as a visit is opened, so that nobody can have set it. */
  id: string
  station: (Station & { purpose: string }) | undefined
  visit: Visit | undefined
  /** Told once, at the start: why no visit was opened (`desk`: nobody's counter or officer), or that the last one has ended. */
  trouble: Trouble | 'over' | 'desk' | undefined
}

const newDraft = (): Draft => ({ values: {}, items: 1, key: crypto.randomUUID() })

export const newVisit = (
  opened: { id: string; expiresAt: string },
  station: Station,
  purpose: string,
): Visit => ({
  ...station,
  id: opened.id,
  expiresAt: opened.expiresAt,
  purpose,
  lookup: undefined,
  match: undefined,
  brought: new Set(),
  draft: newDraft(),
  orders: new Map(),
})

/** What was seen for one purpose is not carried over to another, nor is what is still being asked. */
export function changePurpose(session: Session, purpose: string): void {
  const { visit } = session
  if (!visit || purpose === visit.purpose) return
  session.visit = { ...newVisit(visit, visit, purpose), orders: visit.orders }
}

/** An order was placed: the next one is another. */
export function beginAnew(visit: Visit): void {
  visit.draft = newDraft()
}

const mostSessions = 1_000

const newSessionId = (): string => randomBytes(16).toString('base64url')

export function createSessions(now: () => number) {
  const sessions = new Map<string, Session>()

  function endIfOver(session: Session): void {
    if (session.visit && now() >= Date.parse(session.visit.expiresAt)) endVisit(session, 'over')
  }

  return {
    /** The session of a browser; of one that nobody knows, a new one. A visit that has ended is not in it any more. */
    of(id: string | undefined): Session {
      const known = id === undefined ? undefined : sessions.get(id)
      const session: Session = known ?? {
        id: id !== undefined && /^[\w-]{22}$/.test(id) ? id : newSessionId(),
        station: undefined,
        visit: undefined,
        trouble: undefined,
      }
      endIfOver(session)
      return session
    },
    /** From here on under another id. */
    renew(session: Session): void {
      sessions.delete(session.id)
      session.id = newSessionId()
    },
    /** Keeps what has something to keep; who was not here for longest makes room. */
    keep(session: Session): void {
      sessions.delete(session.id)
      sessions.set(session.id, session)
      if (sessions.size > mostSessions) sessions.delete(sessions.keys().next().value!)
    },
    /** Also of visits to which nobody comes back. */
    sweep(): void {
      for (const session of sessions.values()) endIfOver(session)
    },
  }
}

/** Nothing of the citizen stays. */
export function endVisit(session: Session, trouble?: 'over'): void {
  session.visit = undefined
  session.trouble = trouble
}
