import { type FailureCode, failures, type Sent } from '#contracts/failures.ts'
import type { SourceReport } from '#gateway/answer.ts'
import type { FieldError } from '#gateway/failure.ts'

/** `UNKNOWN`: a code that a newer gateway has and this client does not; `type` ends with it, and `status` holds. */
export type ProblemCode = FailureCode | 'UNKNOWN'

/** A refusal, an agency's "no" or a fault, as the gateway tells it (RFC 9457). It holds no key and nothing of the input. */
export class MppProblem<Code extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'MppProblem'
  readonly code: Code
  readonly status: number
  /** Where the catalogue explains the code: `/errors#NOT_FOUND`. */
  readonly type: string
  /** For the officer, in the client's language. */
  readonly title: string
  readonly detail: string
  /** Which upstream, or `gateway`. */
  readonly source: string
  /** Has the question left the gateway? */
  readonly sent: Sent
  /** Seconds until it makes sense to ask again; null when nobody knows. */
  readonly retryAfter: number | null
  /** The entry in the ledger. */
  readonly auditId: string | null
  readonly requestId: string | null
  /** A stable code below `code`, such as `PURPOSE_NOT_GRANTED`. */
  readonly reason: string | undefined
  /** The agency's own code. */
  readonly upstreamCode: string | undefined
  /** Every offending field or header. */
  readonly errors: readonly FieldError[]
  /** The upstreams that were tried. */
  readonly sources: readonly SourceReport[]

  constructor(code: Code, status: number, document: Readonly<Record<string, unknown>>) {
    const text = (key: string): string | undefined => {
      const value = document[key]
      return typeof value === 'string' ? value : undefined
    }
    const list = (key: string): readonly unknown[] => {
      const value = document[key]
      return Array.isArray(value) ? value : []
    }
    const title = text('title') ?? code
    const detail = text('detail') ?? title
    super(detail)
    this.code = code
    this.status = status
    this.type = text('type') ?? 'about:blank'
    this.title = title
    this.detail = detail
    this.source = text('source') ?? 'gateway'
    this.sent = (text('sent') as Sent | undefined) ?? 'maybe'
    this.retryAfter = typeof document['retryAfter'] === 'number' ? document['retryAfter'] : null
    this.auditId = text('auditId') ?? null
    this.requestId = text('requestId') ?? null
    this.reason = text('reason')
    this.upstreamCode = text('upstreamCode')
    this.errors = list('errors') as readonly FieldError[]
    this.sources = list('sources') as readonly SourceReport[]
  }

  toJSON(): object {
    return Object.assign({ message: this.message }, this)
  }
}

/** No answer of the gateway came. */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable'
  /**
   * `connection`: refused, broken off, or its name unknown. `timeout`: after the client's `timeoutMs`.
   * `unreadable`: somebody answered who is not the gateway (a proxy, a captive portal), or the answer broke off.
   */
  readonly why: 'connection' | 'timeout' | 'unreadable'
  /** `no` only where no connection came about; else the gateway may have asked the agency. */
  readonly sent: 'no' | 'maybe'
  /** The HTTP status, where there was one. */
  readonly status: number | null

  constructor(
    why: GatewayUnreachable['why'],
    {
      sent = 'maybe',
      status = null,
      code,
    }: { sent?: 'no' | 'maybe'; status?: number | null; code?: string } = {},
  ) {
    const known = [status, code].filter(Boolean).join(', ')
    super(`no answer of the gateway: ${why}${known && ` (${known})`}`)
    this.why = why
    this.sent = sent
    this.status = status
  }

  toJSON(): object {
    return Object.assign({ message: this.message }, this)
  }
}

/** Is this a problem that the gateway told, and with one of these codes, if any are given? */
export const isProblem = <Code extends ProblemCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is MppProblem<Code> =>
  error instanceof MppProblem && (codes.length === 0 || (codes as readonly string[]).includes(error.code))

/** The problem in the body of an answer, if it is one. */
export function readProblem(status: number, body: unknown): MppProblem | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const document = body as Readonly<Record<string, unknown>>
  const { code } = document
  if (typeof code !== 'string') return undefined
  return new MppProblem(Object.hasOwn(failures, code) ? (code as FailureCode) : 'UNKNOWN', status, document)
}
