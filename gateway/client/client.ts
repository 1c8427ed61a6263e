/**
 * `mpp-gateway/client`: the gateway as a counter application written in TypeScript calls it. It needs nothing but `fetch`.
 * What may be asked, with what, and what may come back is read from the contracts; there is no code to generate.
 */
import type { DecisionAnswer } from '#gateway/http/decide.ts'
import type { Rights } from '#gateway/http/rights.ts'
import type { ToldEvent } from '#gateway/telling/told-event.ts'
import { followEvents } from './events.ts'
import { orderPaths, paths } from './paths.ts'
import { GatewayUnreachable, readProblem } from './problem.ts'
import type {
  AnswerTo,
  Askable,
  ElementOf,
  InputOf,
  NoticeOf,
  Orderable,
  PubliclyAskable,
  SubmissionOf,
} from './question.ts'

export { GatewayUnreachable, isProblem, MppProblem, type ProblemCode } from './problem.ts'
export type { DecisionAnswer } from '#gateway/http/decide.ts'
export type { Right, Rights } from '#gateway/http/rights.ts'
export type { ToldEvent } from '#gateway/telling/told-event.ts'
export type {
  AnswerTo,
  Askable,
  DataOf,
  ElementOf,
  InputOf,
  NoticeOf,
  Orderable,
  OwnCapability,
  SubmissionOf,
} from './question.ts'

export interface ClientOptions {
  /** Origin and, if need be, a path prefix: `https://gateway.mall.example`. */
  readonly baseUrl: string
  readonly apiKey: string
  /** For one call. By default longer than the longest deadline of an agency, whose outcome the gateway then tells. */
  readonly timeoutMs?: number
  /** In place of the global one. */
  readonly fetch?: typeof globalThis.fetch
  /** Of titles and details; Indonesian unless told. */
  readonly language?: 'id' | 'en'
}

export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface VisitOptions extends CallOptions {
  /** Other members that take part. */
  readonly members?: readonly string[]
  /** At most; by default the mall's day. */
  readonly minutes?: number
}

/** One citizen's visit. Instants are ISO 8601. */
export interface Visit {
  readonly id: string
  readonly members: readonly string[]
  readonly openedAt: string
  readonly expiresAt: string
}

/** Where, who and why. */
export interface Standing {
  /** A code of the service catalogue: `skck.new`. */
  readonly purpose: string
  readonly counter: string
  /** An opaque id, never a civil servant's number. */
  readonly officer: string
}

/** Where, who and why, and in which visit. */
export interface Context extends Standing {
  /** The `id` of a visit. */
  readonly case: string
}

type None<Said> = { readonly [Key in keyof Said]?: never }

/**
 * What goes with a question. One that says nothing of where, who and why gets public elements only; the gateway refuses it
 * where the input names a person (an NPWP may be a NIK) or an element is not public.
 */
export type Question<Asked extends Askable> = CallOptions &
  (Asked extends PubliclyAskable ? Context | None<Context> : Context) & {
    /** These elements and groups only; by default all that is allowed. Not in a match: its input says what is compared. */
    readonly elements?: Asked extends `${string}.match` ? never : readonly ElementOf<Asked>[]
  }

type OptionalQuestion<Asked extends Askable> = Asked extends PubliclyAskable
  ? [question?: Question<Asked>]
  : [question: Question<Asked>]

/** Without where, who and why, public elements only. */
export type NoticesOptions = CallOptions &
  (Standing | None<Standing>) & {
    /** Of the page before. Absent: from the beginning. */
    readonly cursor?: string
    /** 1 to 100; 50 unless told. */
    readonly limit?: number
  }

/** An adapter kept elsewhere may bring notices of types that are not in this list: pass over what you do not know. */
export interface NoticesPage {
  readonly notices: readonly NoticeOf[]
  /** Where the next page begins; it may have to wait for the next notice. */
  readonly cursor: string
}

export interface OrderOptions extends Context, CallOptions {
  /**
   * 8 to 128 visible characters, the same whenever this order is given again: then it is one order. Keep it where you would
   * give it again after a `GatewayUnreachable`. A new UUID unless told.
   */
  readonly idempotencyKey?: string
  /** How long the gateway waits for the end of it, at most 30; unless told, it says at once that it has the order. */
  readonly waitSeconds?: number
}

/** Without context, how far it is and nothing personal. */
export type SubmissionOptions = CallOptions & (Context | None<Context>)

export interface CancelOptions extends CallOptions {
  /** Why, in 3 to 500 characters, naming nobody. */
  readonly reason: string
  /** An opaque id. */
  readonly officer: string
}

export interface EventsOptions extends CallOptions {
  /** The `id` of the last event that was seen. Absent: from now on. */
  readonly after?: string
}

/** What would be asked, of nobody in particular. */
export interface Intent<Asked extends Askable> extends CallOptions {
  /** Absent: what is public. */
  readonly purpose?: string
  readonly elements?: readonly ElementOf<Asked>[]
}

export interface Client {
  openCase(options?: VisitOptions): Promise<Visit>
  /**
   * Asks once: nothing is ever repeated by itself.
   * @throws MppProblem: what the gateway says, `code` first. GatewayUnreachable: it said nothing. The signal's reason.
   */
  ask<const Asked extends Askable>(
    capability: Asked,
    input: InputOf<Asked>,
    ...question: OptionalQuestion<Asked>
  ): Promise<AnswerTo<Asked>>
  /**
   * Gives an order, once: it is kept when this resolves, and it goes on from there. Read its `state`: an agency's "no" is
   * `rejected`, and nothing is thrown. @throws as `ask` does.
   */
  order<const Ordered extends Orderable>(
    capability: Ordered,
    input: InputOf<Ordered>,
    options: OrderOptions,
  ): Promise<SubmissionOf<Ordered>>
  /** How far an order is. @throws as `ask` does. */
  submission(id: string, options?: SubmissionOptions): Promise<SubmissionOf>
  /** Withdraws an order while nothing of it was sent. @throws as `ask` does; SUBMISSION_UNDER_WAY from then on. */
  cancel(id: string, options: CancelOptions): Promise<SubmissionOf>
  /** What the caller's organisation may ask now. @throws as `ask` does. */
  rights(options?: CallOptions): Promise<Rights>
  /** Would this be allowed now, and why not? Nothing is sent to an agency. @throws as `ask` does. */
  decide<const Asked extends Askable>(capability: Asked, intent?: Intent<Asked>): Promise<DecisionAnswer>
  /** What agencies told unasked, oldest first. @throws as `ask` does. */
  notices(options?: NoticesOptions): Promise<NoticesPage>
  /**
   * What happens to the organisation's orders, as it happens, without end: at least once, in order for each of them. It comes
   * again by itself after the last event that it has. @throws as `ask` does; GatewayUnreachable where the connection ended
   * before the first event of a stream from now on.
   */
  events(options?: EventsOptions): AsyncGenerator<ToldEvent, never>
}

/** Two minutes are the longest deadline that the gateway knows. */
const longerThanAnyDeadlineMs = 125_000

export function createClient(options: ClientOptions): Client {
  const { timeoutMs = longerThanAnyDeadlineMs, fetch = globalThis.fetch, language = 'id' } = options
  const base = new URL(options.baseUrl).href.replace(/\/$/, '')
  const usual = headersOf({
    authorization: `Bearer ${options.apiKey}`,
    'content-type': 'application/json',
    'accept-language': language,
  })

  async function send(path: string, { method, body, signal, headers }: Call): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutMs)
    const init: RequestInit = {
      method,
      headers: headersOf({ ...headers }, usual),
      ...(method === 'POST' && { body: JSON.stringify(body) }),
      redirect: 'error', // what is asked goes to the gateway and nowhere else
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    }
    let status: number | null = null
    let text: string
    try {
      const response = await fetch(base + path, init)
      ;({ status } = response)
      text = await response.text()
    } catch (error) {
      signal?.throwIfAborted()
      if (timeout.aborted) throw new GatewayUnreachable('timeout', { status })
      throw new GatewayUnreachable('connection', { status, ...connectionFaultOf(error) })
    }
    const answer = readObject(text)
    if (answer && status < 300) return answer
    throw (answer && readProblem(status, answer)) ?? new GatewayUnreachable('unreadable', { status })
  }

  return {
    async openCase({ signal, ...visit } = {}) {
      return (await send('/v1/cases', { method: 'POST', body: visit, signal })) as Visit
    },

    async ask(capability, input, ...[question = {}]) {
      const { signal, elements, case: visit, ...standing }: AnyQuestion = question
      const answer = await send(pathOf(capability, paths), {
        method: 'POST',
        body: input,
        signal,
        headers: {
          ...standingOf(standing),
          'mpp-case': visit,
          'mpp-elements': elements?.join(', '),
        },
      })
      return answer as never // the gateway has checked it against the contract that its type is read from
    },

    async order(capability, input, { signal, idempotencyKey, waitSeconds, case: visit, ...standing }) {
      const submission = await send(pathOf(capability, orderPaths), {
        method: 'POST',
        body: input,
        signal,
        headers: {
          ...standingOf(standing),
          'mpp-case': visit,
          'idempotency-key': idempotencyKey ?? crypto.randomUUID(),
          prefer: waitSeconds === undefined ? undefined : `wait=${waitSeconds}`,
        },
      })
      return submission as never // as above
    },

    async submission(id, { signal, case: visit, ...standing } = {}) {
      const submission = await send(submissionPath(id), {
        method: 'GET',
        signal,
        headers: { ...standingOf(standing), 'mpp-case': visit },
      })
      return submission as never // as above
    },

    async cancel(id, { signal, officer, reason }) {
      const submission = await send(`${submissionPath(id)}/cancel`, {
        method: 'POST',
        body: { reason },
        signal,
        headers: { 'mpp-officer': officer },
      })
      return submission as never // as above
    },

    async rights({ signal } = {}) {
      return (await send('/v1/me/rights', { method: 'GET', signal })) as Rights
    },

    async decide(capability, { signal, ...intent } = {}) {
      const id = typeof capability === 'string' ? capability : capability.id
      return (await send('/v1/decide', {
        method: 'POST',
        body: { capability: id, ...intent },
        signal,
      })) as DecisionAnswer
    },

    async notices({ signal, cursor, limit, ...standing } = {}) {
      const query = new URLSearchParams()
      if (cursor !== undefined) query.set('cursor', cursor)
      if (limit !== undefined) query.set('limit', String(limit))
      const page = await send(`/v1/notices?${query.toString()}`, {
        method: 'GET',
        signal,
        headers: standingOf(standing),
      })
      return page as never // as above
    },

    events: ({ signal, after } = {}) =>
      followEvents({
        after,
        signal,
        open: (last, signal) =>
          fetch(`${base}/v1/events`, {
            headers: headersOf({ 'last-event-id': last }, usual),
            redirect: 'error',
            signal,
          }),
      }),
  }
}

interface Call {
  readonly method: 'GET' | 'POST'
  readonly body?: unknown
  readonly signal: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string | undefined>>
}

const standingOf = ({ purpose, counter, officer }: Partial<Standing>) => ({
  'mpp-purpose': purpose,
  'mpp-counter': counter,
  'mpp-officer': officer,
})

type AnyQuestion = CallOptions & Partial<Context> & { readonly elements?: readonly string[] }

const submissionPath = (id: string): string => `/v1/submissions/${encodeURIComponent(id)}`

function pathOf(capability: Askable | Orderable, known: Readonly<Record<string, string>>): string {
  if (typeof capability !== 'string') return capability.path
  if (!Object.hasOwn(known, capability)) throw new TypeError(`no such capability: ${capability}`)
  return known[capability]!
}

/** The platform's own error would quote the value, and that may be the key. */
function headersOf(entries: Readonly<Record<string, string | undefined>>, usual?: Headers): Headers {
  const headers = new Headers(usual)
  for (const [name, value] of Object.entries(entries)) {
    try {
      if (value !== undefined) headers.set(name, value)
    } catch {
      throw new TypeError(`the value for ${name} does not fit a header`)
    }
  }
  return headers
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Codes of Node after which it is sure that nothing was sent; a browser does not say. */
const beforeSending = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']

/** Only the code is kept: a platform's error may hold what was received. */
function connectionFaultOf(error: unknown): { readonly sent: 'no' | 'maybe'; readonly code?: string } {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown }
  if (typeof code !== 'string') return { sent: 'maybe' }
  return { sent: beforeSending.includes(code) ? 'no' : 'maybe', code }
}
