/** How an upstream's questions carry what the agency knows us by: one of the contract's strategies, made ready once. */
import type { Authentication, EncodedRequest, TokenAuthentication } from '#contracts/adapter.ts'
import { isFailed } from '#contracts/adapter.ts'
import type { AgencyFailureCode, Sent } from '#contracts/failures.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { createJoin } from '#gateway/shared-data/join.ts'
import {
  decodeReply,
  encodeRequest,
  factsOfStatus,
  failureOfStatus,
  type Heard,
  overlay,
  send,
  type Wire,
} from './wire.ts'

/** Asks within `remainingMs`: once, or a second time with a fresh token. `now` is the attempt's instant. */
export type Authenticate = (
  request: EncodedRequest,
  now: number,
  remainingMs: number,
  ask: (request: EncodedRequest, remainingMs: number) => Promise<Heard>,
) => Promise<Heard>

export interface AuthenticationOptions extends Wire {
  readonly config: unknown
  /** For fetching a token. Who asks waits no longer than for their own question. */
  readonly deadlineMs: number
  readonly now: () => number
}

type Headers = EncodedRequest['headers']

export function createAuthentication(
  authentication: Authentication<unknown> | undefined,
  options: AuthenticationOptions,
): Authenticate {
  const { config } = options
  switch (authentication?.strategy) {
    case undefined:
      return (request, _, remainingMs, ask) => ask(request, remainingMs)
    case 'headers':
      return always(authentication.headers(config))
    case 'basic': {
      const { username, password } = authentication.credentials(config)
      const credentials = Buffer.from(`${username}:${password}`).toString('base64')
      return always({ authorization: `Basic ${credentials}` })
    }
    case 'signature':
      return (request, now, remainingMs, ask) =>
        ask(withHeaders(request, authentication.sign(request, config, now)), remainingMs)
    case 'token':
      return withToken(authentication, options)
  }
}

const always =
  (headers: Headers): Authenticate =>
  (request, _, remainingMs, ask) =>
    ask(withHeaders(request, headers), remainingMs)

const withHeaders = (request: EncodedRequest, headers: Headers): EncodedRequest => ({
  ...request,
  headers: overlay(request.headers, headers),
})

function withToken(strategy: TokenAuthentication<unknown>, options: AuthenticationOptions): Authenticate {
  const tokens = createTokens(strategy, options)

  const isExpired = ({ answer, reply }: Heard): boolean => {
    try {
      return strategy.isExpired(answer.status, reply)
    } catch {
      return false // an odd answer says nothing of the token; the operation judges it
    }
  }

  return async (request, _, remainingMs, ask) => {
    const startedAt = performance.now()
    const left = () => remainingMs - (performance.now() - startedAt)

    const token = await after('no', tokens.current(left()))
    const heard = await ask(withHeaders(request, token.headers), left())
    if (!isExpired(heard)) return heard

    // The agency turned the question away at the door: it did nothing with it, so that asking once more is safe, also
    // where the operation is not repeatable.
    tokens.drop(token)
    const fresh = await after('yes', tokens.current(left()))
    const again = await after('yes', ask(withHeaders(request, fresh.headers), left()))
    if (!isExpired(again)) return again

    tokens.drop(fresh)
    throw new GatewayFailure('UPSTREAM_MISCONFIGURED', {
      source: options.upstream,
      sent: 'yes',
      detail: 'the agency calls a token expired that it has just issued',
    })
  }
}

interface Token {
  /** As the agency wants to see it. */
  readonly headers: Headers
  /** Epoch milliseconds. */
  readonly endsAt: number
}

/** An upstream's token: fetched when it is needed, by one for all, and kept until shortly before it ends. */
function createTokens(strategy: TokenAuthentication<unknown>, options: AuthenticationOptions) {
  const { upstream, config, deadlineMs, exactIntegers, now } = options
  const join = createJoin<Token>()
  let kept: Token | undefined

  const end = (code: AgencyFailureCode, facts: object) =>
    new GatewayFailure(code, { source: upstream, ...facts })

  async function fetchToken(): Promise<Token> {
    const askedAt = now()
    const answer = await send(
      options,
      encodeRequest(strategy.request(config), strategy.codec),
      strategy.codec,
      deadlineMs,
    )
    const failure = failureOfTokenStatus(answer.status)
    if (failure) {
      const { detail, ...facts } = factsOfStatus(answer)
      throw end(failure, { ...facts, detail: `asked for a token, ${detail}` })
    }

    let reply
    try {
      reply = decodeReply(answer, strategy.codec, exactIntegers)
    } catch {
      throw end('UPSTREAM_UNREADABLE', { detail: 'the answer to the request for a token cannot be decoded' })
    }
    let read
    try {
      read = strategy.read(reply)
    } catch (error) {
      throw end('UPSTREAM_INVALID', {
        detail: `the adapter cannot read the token (${(error as Error).name})`,
      })
    }
    if (isFailed(read)) {
      const { upstreamCode, detail = 'the agency refused a token' } = read
      throw end(read.failed, { upstreamCode, detail })
    }

    kept = { headers: strategy.headers(read.token, config), endsAt: endOf(askedAt, read.lifetimeSeconds) }
    return kept
  }

  return {
    async current(remainingMs: number): Promise<Token> {
      if (kept && now() < kept.endsAt) return kept
      const joined = await join(upstream, fetchToken, remainingMs)
      if (joined.timedOut) throw end('UPSTREAM_TIMEOUT', { detail: 'no token came in time' })
      return joined.value
    },
    /** Several questions may find out that the same token has expired: only the first of them ends it. */
    drop(token: Token): void {
      if (kept === token) kept = undefined
    },
  }
}

/** Nothing in this request is a counter's: what the agency rejects is our configuration, and asking on may lock the account. */
function failureOfTokenStatus(status: number): AgencyFailureCode | undefined {
  const failure = failureOfStatus(status)
  return failure === 'UPSTREAM_INVALID' ? 'UPSTREAM_MISCONFIGURED' : failure
}

/** Shortly before the agency's own end: a tenth of the lifetime, at most half a minute, for clocks and for the way. */
function endOf(askedAt: number, lifetimeSeconds: number | undefined): number {
  if (lifetimeSeconds === undefined) return Infinity
  return askedAt + lifetimeSeconds * 1_000 - Math.min(30_000, lifetimeSeconds * 100)
}

/** The failure of a step that comes after the question itself was sent, or was not. */
async function after<Result>(sent: Sent, step: Promise<Result>): Promise<Result> {
  try {
    return await step
  } catch (error) {
    throw error instanceof GatewayFailure ? error.with({ sent }) : error
  }
}
