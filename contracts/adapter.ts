/**
 * The shape of an adapter: one agency's translator, from the house's language to the agency's wire format and back.
 * An adapter says what to send (`request`), what shape to expect (`reply`) and what it means (`read`).
 * Sending, deadlines, retries, the breaker, sharing, evidence and release are the gateway's.
 */
import { z } from 'zod'
import type { Capability } from './capability.ts'
import type { AgencyFailureCode } from './failures.ts'
import type { Text } from './text.ts'

/** The version of this shape. An adapter states the one it was written for; another one stops the start. */
export const contractVersion = 1

/** Where the wire contract comes from. Assumed contracts are marked wherever the adapter is shown. */
export type TrustLevel = 'documented' | 'observed' | 'assumed'

/** How hard the agency may be pushed. A configuration may override each figure for its upstream. */
export const policy = z.strictObject({
  deadlineMs: z
    .int()
    .min(50)
    .max(120_000)
    .describe('For one question, in milliseconds, all attempts and waiting included.'),
  retries: z
    .int()
    .min(0)
    .max(5)
    .describe('Further attempts after the first, only for operations that are repeatable.'),
  concurrency: z.int().min(1).max(1_000).describe('Calls in flight at once.'),
  breaker: z
    .strictObject({
      errorPercent: z.int().min(1).max(100).describe('The share of faults from which on the circuit opens.'),
      minimumCalls: z.int().min(1).describe('How many calls in ten seconds it takes to judge.'),
      openMs: z.int().min(10).describe('How long it stays open before one call tries again.'),
    })
    .describe('The circuit breaker.'),
})
export type Policy = z.output<typeof policy>

/** What to send. The path is appended to the upstream's base URL; the body is sent as JSON. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  readonly path: `/${string}`
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A business "no", or a fault that the agency states in its own words. `upstreamCode` is the agency's, never personal. */
export interface Failed {
  readonly failed: AgencyFailureCode
  readonly upstreamCode: string | undefined
  /** Why, where the code does not say it. Never personal. */
  readonly detail: string | undefined
}

export const failed = (code: AgencyFailureCode, upstreamCode?: string, detail?: string): Failed => ({
  failed: code,
  upstreamCode,
  detail,
})

export const isFailed = (value: unknown): value is Failed =>
  typeof value === 'object' && value !== null && 'failed' in value

export interface OperationSpecification<
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Reply extends z.ZodType,
  Config,
> {
  /** Safe to send twice. Only then may the gateway retry. */
  readonly repeatable: boolean
  /** Where this operation's contract is trusted less than the adapter's. */
  readonly trust?: TrustLevel
  /** Ours to theirs. */
  request(input: z.output<Input>, config: Config): UpstreamRequest
  /** The shape of an answer: only the fields that are read, tolerant of what agencies add or leave empty. */
  readonly reply: Reply
  /** Theirs to ours, or a named failure. The gateway checks the result against the capability once more. */
  read(reply: z.output<Reply>, input: z.output<Input>, config: Config): z.input<Output> | Failed
  /** Questions left today, where the agency says so. */
  quotaLeft?(reply: z.output<Reply>): number | undefined
}

/** An operation as the gateway calls it: the specification with its types folded away. */
export interface Operation {
  readonly capability: Capability
  readonly specification: OperationSpecification<z.ZodObject, z.ZodObject, z.ZodType, unknown>
}

/** Binds a capability to its specification; what an adapter's `operations` receives, so that every type is inferred. */
export type Operate<Config> = <
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Reply extends z.ZodType,
>(
  capability: Capability<Input, Output>,
  specification: OperationSpecification<Input, Output, Reply, Config>,
) => Operation

export interface Adapter<Config extends z.ZodObject = z.ZodObject> {
  /** The `contractVersion` it was written for. */
  readonly contract: typeof contractVersion
  /** Equals its folder's name; a configuration names it. */
  readonly id: string
  /** The agency. */
  readonly title: Text
  readonly trust: TrustLevel
  /** What differs per deployment, credentials included (`secret()`). The base URL is the upstream's, not the adapter's. */
  readonly config: Config
  readonly policy: Policy
  /** JSON keys that the agency writes as numbers beyond 2^53; they arrive in `reply` as strings, exact to the last digit. */
  readonly exactIntegers?: readonly string[]
  operations(operation: Operate<z.output<Config>>): readonly Operation[]
}

export const defineAdapter = <Config extends z.ZodObject>(adapter: Adapter<Config>): Adapter<Config> =>
  adapter
