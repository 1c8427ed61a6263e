/**
 * The shape of an adapter: one agency's translator, from the house's language to the agency's wire format and back.
 * An adapter says what to send (`request`), what shape to expect (`reply`) and what it means (`read`).
 * Sending, deadlines, retries, the breaker, sharing, evidence and release are the gateway's.
 */
import { z } from 'zod'
import type { Capability, Notice } from './capability.ts'
import type { AgencyFailureCode } from './failures.ts'
import type { Order, Progress, Submission } from './submission.ts'
import type { Text } from './text.ts'

/** The version of this shape. An adapter states the one it was written for; another one stops the start. */
export const contractVersion = 1

/**
 * Where the wire contract comes from. Assumed contracts are marked wherever the adapter is shown. `assisted`: there is none, or
 * none that has been accepted, and a person brings orders into the agency's own application.
 */
export const trustLevels = ['documented', 'observed', 'assumed', 'assisted'] as const
export type TrustLevel = (typeof trustLevels)[number]

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

/** What to send, before it is written in the agency's format. The path is appended to the upstream's base URL. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  readonly path: `/${string}`
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A request as it goes over the wire, but for what authentication adds. */
export interface EncodedRequest {
  readonly method: 'GET' | 'POST'
  readonly path: `/${string}`
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
}

/** Formats that the gateway writes: `form` is `application/x-www-form-urlencoded` of a flat object (texts, numbers, booleans). */
export type RequestCodec = 'json' | 'form'
/**
 * Formats that the gateway reads. `xml` gives objects of texts, from the root element on: nothing becomes a number by itself,
 * a repeated element is a list (a single one is not), names lose their prefix, attributes are left out.
 */
export type ReplyCodec = 'json' | 'xml'

/** What `decode` may need to know of the attempt that it reads the answer of. */
export interface Attempted<Config> {
  readonly config: Config
  /** The instant that `encode` and `sign` were given, in epoch milliseconds. */
  readonly now: number
  /** Of the answer, by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/**
 * How the agency knows us, where credentials are not part of the body (then `request` puts them there).
 * Mutual TLS is the upstream's `tls`, not the adapter's.
 */
export type Authentication<Config> =
  /** The same headers with every request. */
  | { readonly strategy: 'headers'; headers(config: Config): Readonly<Record<string, string>> }
  | {
      readonly strategy: 'basic'
      credentials(config: Config): { readonly username: string; readonly password: string }
    }
  /**
   * Headers made for each request from its bytes and the time (`now`, epoch milliseconds). Pure.
   * The request's path is the operation's own: the base URL's is not in it.
   */
  | {
      readonly strategy: 'signature'
      sign(request: EncodedRequest, config: Config, now: number): Readonly<Record<string, string>>
    }
  /** A token fetched first, used until it ends, and fetched anew exactly once when the agency calls it expired. */
  | TokenAuthentication<Config>

export interface TokenAuthentication<Config> {
  readonly strategy: 'token'
  /** Asks for a token, below the upstream's base URL, within the upstream's deadline. */
  request(config: Config): UpstreamRequest
  readonly codec?: Codec
  /**
   * Reads the answer of a status of success. `lifetimeSeconds`, from the request on: a number, also where the agency writes
   * a text; undefined where it does not tell, and then a token is used until the agency calls it expired.
   * A refusal is `UPSTREAM_MISCONFIGURED`: the upstream is held, and one question a minute tries again.
   * May throw: then the answer is `UPSTREAM_INVALID`.
   */
  read(
    reply: unknown,
  ): { readonly token: string; readonly lifetimeSeconds: number | undefined } | Failed<UpstreamFailureCode>
  headers(token: string, config: Config): Readonly<Record<string, string>>
  /**
   * Does this answer say that the token has expired, so that the agency did nothing with the question? It is asked a second
   * time then, even where the operation is not repeatable. `reply` as decoded, undefined when it cannot be.
   */
  isExpired(status: number, reply: unknown): boolean
}

/** A fault of the agency or of our access to it, never a "no" about the question. */
type UpstreamFailureCode = Extract<AgencyFailureCode, `UPSTREAM_${string}`>

/** Named formats. */
export interface Codec {
  readonly request?: RequestCodec
  readonly reply?: ReplyCodec
}

/** A business "no", or a fault that the agency states in its own words. `upstreamCode` is the agency's, never personal. */
export interface Failed<Code extends AgencyFailureCode = AgencyFailureCode> {
  readonly failed: Code
  readonly upstreamCode: string | undefined
  /** Why, where the code does not say it. Never personal. */
  readonly detail: string | undefined
}

export const failed = <Code extends AgencyFailureCode>(
  code: Code,
  upstreamCode?: string,
  detail?: string,
): Failed<Code> => ({
  failed: code,
  upstreamCode,
  detail,
})

export const isFailed = (value: unknown): value is Failed =>
  typeof value === 'object' && value !== null && 'failed' in value

/** Nothing but what the shape names, at any depth: TypeScript alone lets a misspelled optional element of a result pass. */
type Exact<Value, Shape> = Value extends object
  ? { [Key in keyof Value]: Key extends KeyOf<Shape> ? Exact<Value[Key], At<Shape, Key>> : never }
  : Value
/** Of every member of a union. */
type KeyOf<Shape> = Shape extends unknown ? keyof Shape : never
type At<Shape, Key> = Shape extends unknown ? (Key extends keyof Shape ? Shape[Key] : never) : never

export interface OperationSpecification<
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Reply extends z.ZodType,
  Config,
  Result = z.input<Output> | Failed,
> {
  /** Safe to send twice. Only then may the gateway retry. */
  readonly repeatable: boolean
  /** Where this operation's contract is trusted less than the adapter's. */
  readonly trust?: TrustLevel
  /** The format of the request and of the answer; JSON where it says nothing. */
  readonly codec?: Codec
  /** A question about nobody, for `npm run adapter-check`: it shows that our access works, and says nothing of a person. */
  readonly probe?: z.input<Input>
  /** Ours to theirs. `now` is the attempt's instant, the same that `encode` and `sign` get: never ask the clock. */
  request(input: z.output<Input>, config: Config, now: number): UpstreamRequest
  /** Writes the request, its content type included, in a format of the agency's own, in place of `codec.request`. Pure. */
  encode?(request: UpstreamRequest, config: Config, now: number): EncodedRequest
  /** Reads the bytes of an answer in a format of the agency's own, in place of `codec.reply`. Pure; throws when it cannot. */
  decode?(body: Uint8Array, attempt: Attempted<Config>): unknown
  /** The shape of an answer: only the fields that are read, tolerant of what agencies add or leave empty. */
  readonly reply: Reply
  /** Theirs to ours, or a named failure. The gateway checks the result against the capability once more. */
  read(
    reply: z.output<Reply>,
    input: z.output<Input>,
    config: Config,
  ): Result & Exact<Result, z.input<Output> | Failed>
  /** Questions left today, where the agency says so. */
  quotaLeft?(reply: z.output<Reply>): number | undefined
}

/** An operation as the gateway calls it: the specification with its types folded away. */
export interface Operation {
  readonly capability: Capability
  readonly specification: OperationSpecification<z.ZodObject, z.ZodObject, z.ZodType, unknown>
  /** Of an order: how the agency is asked what became of it. */
  readonly follow?: Follow
}

/** How an order is followed. */
export interface Follow {
  readonly operation: Operation
  readonly settleSeconds: number
  readonly everySeconds: number
}

/** What the agency is told and what it answers, of an order. */
interface OrderExchange<
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Reply extends z.ZodType,
  Config,
  Result = Progress<z.input<Output>> | Failed,
> {
  readonly codec?: Codec
  request(order: Order<z.output<Input>>, config: Config, now: number): UpstreamRequest
  encode?(request: UpstreamRequest, config: Config, now: number): EncodedRequest
  decode?(body: Uint8Array, attempt: Attempted<Config>): unknown
  readonly reply: Reply
  /** Theirs to ours. A failure that means "answered" (`REJECTED`, `NOT_FOUND`) ends the order as rejected. */
  read(
    reply: z.output<Reply>,
    order: Order<z.output<Input>>,
    config: Config,
  ): Result & Exact<Result, Progress<z.input<Output>> | Failed>
}

/** How an order is brought to the agency: sent once, and never again while it may have arrived. */
export interface SubmitSpecification<
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Reply extends z.ZodType,
  StatusReply extends z.ZodType,
  Config,
  Result = Progress<z.input<Output>> | Failed,
  StatusResult = Progress<z.input<Output>> | Failed,
> extends OrderExchange<Input, Output, Reply, Config, Result> {
  /** Where this operation's contract is trusted less than the adapter's. An assumed one is `assisted` until it is accepted. */
  readonly trust?: TrustLevel
  /** Asks the agency what became of the order. Absent: it cannot be asked, and a person finds out. */
  readonly status?: OrderExchange<Input, Output, StatusReply, Config, StatusResult> & {
    /** `absent` counts as "did not happen" only so long after the attempt. */
    readonly settleSeconds: number
    /** How often an accepted order is asked about. */
    readonly everySeconds: number
  }
}

/** Binds an order to its specification; the second that an adapter's `operations` receives. */
export type Submit<Config> = <
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Reply extends z.ZodType,
  Result extends Progress<z.input<Output>> | Failed,
  StatusReply extends z.ZodType = z.ZodUnknown,
  StatusResult extends Progress<z.input<Output>> | Failed = Progress<z.input<Output>>,
>(
  submission: Submission<Input, Output>,
  specification: SubmitSpecification<Input, Output, Reply, StatusReply, Config, Result, StatusResult>,
) => Operation

/** Binds a capability to its specification; what an adapter's `operations` receives, so that every type is inferred. */
export type Operate<Config> = <
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Reply extends z.ZodType,
  Result extends z.input<Output> | Failed,
>(
  capability: Capability<Input, Output>,
  specification: OperationSpecification<Input, Output, Reply, Config, Result>,
) => Operation

/** An agency calls us: what it tells, how we know it is the agency, and how it wants to be answered. */
export interface InboundSpecification<
  Output extends z.ZodObject,
  Body extends z.ZodType,
  Config,
  Result = z.input<Output> | Failed,
> {
  /** Below `/inbound/<upstream>`; the agency is given the whole address. */
  readonly path: `/${string}`
  readonly trust?: TrustLevel
  /** The shape of what it sends, as JSON: only the fields that are read. */
  readonly body: Body
  /** Is it the agency? Compare secrets with `isSameSecret`. Pure. */
  verify(call: InboundCall<z.output<Body>>, config: Config): boolean
  /** Theirs to ours, or why not. The gateway checks the result against the notice once more. */
  read(body: z.output<Body>, config: Config): Result & Exact<Result, z.input<Output> | Failed>
  /** The agency's own way of being answered. */
  answer(outcome: InboundOutcome): { readonly status: number; readonly body: unknown }
}

export interface InboundCall<Body> {
  readonly body: Body
  header(name: string): string | undefined
  /** Epoch milliseconds. */
  readonly now: number
  /** The upstream's: its days are read in it. */
  readonly timeZone: string
}

/**
 * `stored`: durable, now or by an earlier call with the same content. `unverified`: not the agency.
 * `unreadable`: not what its contract says. `unavailable`: cannot be kept now; the agency may try again.
 */
export type InboundOutcome = 'stored' | 'unverified' | 'unreadable' | 'unavailable'

/** An inbound specification bound to its notice, its types folded away. */
export interface InboundOperation {
  readonly notice: Notice
  readonly specification: InboundSpecification<z.ZodObject, z.ZodType, unknown>
}

export type Receive<Config> = <
  Output extends z.ZodObject,
  Body extends z.ZodType,
  Result extends z.input<Output> | Failed,
>(
  notice: Notice<Output>,
  specification: InboundSpecification<Output, Body, Config, Result>,
) => InboundOperation

/** The calls of an agency to us; served where the upstream has an `inbound` block. */
export interface Inbound<Config extends z.ZodObject = z.ZodObject> {
  /** What stands under `upstreams.<id>.inbound.config`: the credentials that the agency shows. */
  readonly config: Config
  operations(receive: Receive<z.output<Config>>): readonly InboundOperation[]
}

export const defineInbound = <Config extends z.ZodObject>(inbound: Inbound<Config>): Inbound => inbound

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
  /** Absent: the credentials are in the body. */
  readonly authentication?: Authentication<z.output<Config>>
  /** JSON keys that the agency writes as numbers beyond 2^53; they arrive in `reply` as strings, exact to the last digit. */
  readonly exactIntegers?: readonly string[]
  /**
   * HTTP statuses that mean something else here than they usually do: a failure code, or `read` where the body says what
   * happened all the same (never asked of a redirect). A status of failure never becomes a success, whatever the body says:
   * only a failure that `read` names counts, and without one the status means what it usually does.
   */
  readonly statuses?: Readonly<Record<number, AgencyFailureCode | 'read'>>
  operations(operation: Operate<z.output<Config>>, submit: Submit<z.output<Config>>): readonly Operation[]
  readonly inbound?: Inbound
  /** Checks of the conformance kit that do not fit this agency, each with the reason; told on the capability page. */
  readonly skips?: readonly Skip[]
}

export interface Skip {
  /** The check's name, as the kit prints it. */
  readonly check: string
  /** For this capability only; absent: for all of them. */
  readonly capability?: string
  readonly reason: string
}

export const defineAdapter = <Config extends z.ZodObject>(adapter: Adapter<Config>): Adapter<Config> =>
  adapter
