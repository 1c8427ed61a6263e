import { type DestinationStream, pino } from 'pino'
import type { Anchor } from './ledger/anchor.ts'

/**
 * What may be logged, by name. Lines are made of these alone, so that no body, header or personal value can slip in:
 * an allow-list holds where masking by pattern does not.
 */
export interface LogFields {
  readonly requestId?: string
  readonly method?: string
  /** The route's pattern, never the URL. */
  readonly route?: string
  readonly status?: number
  readonly code?: string
  readonly reason?: string | undefined
  readonly member?: string
  /** The id of an API key or a token, never itself. */
  readonly keyId?: string
  /** Until it expires. */
  readonly days?: number
  /** An identity provider, as the configuration names it. */
  readonly issuer?: string
  readonly capability?: string
  readonly submission?: string
  readonly notice?: string
  readonly webhook?: string
  readonly upstream?: string
  readonly upstreamCode?: string | undefined
  readonly sent?: string
  /** What became of an agency's call. */
  readonly outcome?: string
  /** Where a record breaks its contract: paths, never values. */
  readonly at?: string | undefined
  /** An agreement. */
  readonly agreement?: string
  /** Agreements by id, as a reload found them. */
  readonly added?: readonly string[]
  readonly changed?: readonly string[]
  readonly ended?: readonly string[]
  readonly unchanged?: readonly string[]
  /** Codes of services. */
  readonly purposes?: readonly string[]
  /** What a place in the configuration should hold; never what it holds. */
  readonly expected?: string
  readonly ms?: number
  readonly auditId?: string
  readonly elements?: readonly string[]
  readonly address?: string
  /** Where what is kept is kept, without credentials. */
  readonly store?: string
  /** Where the ledger stood, signed. */
  readonly anchor?: Anchor
  /** Of a retention class. */
  readonly class?: string
  readonly count?: number
  readonly signal?: string
  /** Name and stack of a fault of ours; its message may hold anything and stays out. */
  readonly fault?: string
}

export interface Log {
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

/** Lines that wait for a slow reader, in bytes; beyond, they are dropped: a stuck collector must not stop the counters. */
const longestQueueBytes = 8 * 1024 * 1024

export function createLog(destination?: DestinationStream): Log {
  return pino(
    { base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    destination ?? pino.destination({ dest: 1, sync: false, maxLength: longestQueueBytes }),
  )
}

/** A fault of ours for the log: its class and where it was thrown, without its message. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 8)
  return [error.name, ...frames.map(frame => frame.trim())].join(' ')
}
