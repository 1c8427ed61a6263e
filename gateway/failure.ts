import type { Text } from '#contracts/text.ts'
import { type FailureCode, failures, type Sent } from '#contracts/failures.ts'

export interface FailureFacts {
  /** Which upstream, or the gateway itself. */
  readonly source?: string
  readonly sent?: Sent
  /** Seconds until it makes sense to ask again; null when nobody knows. */
  readonly retryAfter?: number | null
  /** Why, in words the caller can act on, in both languages where people read it. Never personal data: it goes to logs. */
  readonly detail?: string | Text
  /** A stable code below the failure code: `PURPOSE_NOT_GRANTED`. */
  readonly reason?: string
  /** Where the agency's answer breaks the contract: paths, never values, so that a log may hold it. */
  readonly brokenAt?: string | undefined
  /** The agency's own code. */
  readonly upstreamCode?: string | undefined
  /** Every offending field or header at once. */
  readonly errors?: readonly FieldError[]
  /** The methods that an address does answer. */
  readonly allow?: readonly string[]
  /** The agreement under which it was asked, for the ledger. */
  readonly agreement?: string | undefined
  /** The ledger entry that tells of it, once there is one. */
  readonly auditId?: string | null
  /** The upstreams that were tried. */
  readonly sources?: readonly {
    readonly id: string
    readonly state: string
    readonly sent: Sent
    readonly ms: number
  }[]
}

export interface FieldError {
  /** JSON Pointer into the body, or … */
  readonly pointer?: string
  /** … the name of a request header, or … */
  readonly header?: string
  /** … of a query parameter, or … */
  readonly parameter?: string
  /** … a file of the configuration, the path within it (empty: the whole), and what belongs there. */
  readonly file?: string
  readonly path?: string
  readonly expected?: string
  readonly detail: string
}

const mostErrors = 50

/** The first errors, and how many more there are: a caller decides how much is wrong, and the answer stays small. */
export const bounded = (errors: readonly FieldError[]): readonly FieldError[] =>
  errors.length <= mostErrors
    ? errors
    : [...errors.slice(0, mostErrors), { detail: `and ${errors.length - mostErrors} more` }]

/** A name that a caller made up: what no field could be called may be a value in the wrong place, and is not repeated. */
export const repeatable = (name: string): string => (/^[A-Za-z]\w{0,39}$/.test(name) ? name : '…')

/** Any end of a question other than data. Carries codes and ids, never bodies. */
export class GatewayFailure extends Error {
  readonly code: FailureCode
  readonly facts: FailureFacts

  constructor(code: FailureCode, facts: FailureFacts = {}, options?: ErrorOptions) {
    super(textIn(facts.detail ?? failures[code].title, 'en'), options)
    this.name = 'GatewayFailure'
    this.code = code
    this.facts = facts
  }

  /** The same failure with further facts. It may be shared by several callers, so it never changes itself. */
  with(facts: FailureFacts): GatewayFailure {
    return new GatewayFailure(this.code, { ...this.facts, ...facts }, { cause: this.cause })
  }

  get sent(): Sent {
    return this.facts.sent ?? 'no'
  }

  get source(): string {
    return this.facts.source ?? 'gateway'
  }
}

/** What was thrown as a failure: whatever is none is a fault of ours. */
export const failureOf = (error: unknown): GatewayFailure =>
  error instanceof GatewayFailure ? error : new GatewayFailure('INTERNAL_ERROR', {}, { cause: error })

/** A text that has two languages in one of them. */
export const textIn = (text: string | Text, language: keyof Text): string =>
  typeof text === 'string' ? text : text[language]

const sentOrder: readonly Sent[] = ['no', 'maybe', 'yes']

/** Of several attempts, how far one has gone. */
export const furthestSent = (...attempts: readonly Sent[]): Sent =>
  attempts.reduce((far, one) => (sentOrder.indexOf(one) > sentOrder.indexOf(far) ? one : far), 'no')
