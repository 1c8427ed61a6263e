import { GatewayFailure } from '#gateway/failure.ts'

/** So many requests at once, and as many again spread over the seconds. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

/** What became of one request. */
export interface Taken {
  /** `RateLimit-Policy` and `RateLimit`, draft-ietf-httpapi-ratelimit-headers. */
  readonly headers: Record<string, string>
  /** Set when it is one too many. */
  readonly failure?: GatewayFailure
}

/** Takes one request of a member, whichever of its keys it shows. */
export type TakeRequest = (member: { readonly id: string; readonly rateLimit: RateLimit }) => Taken

/** What a clock's fractions may add up to, in milliseconds. */
const grainMs = 0.0001

/**
 * A bucket for each member, kept as one figure: the instant at which it will be full again (the generic cell rate
 * algorithm). It guards against callers that run away, not against those who count: so it is each gateway's own and costs
 * no round trip. What an agreement allows is counted in the store.
 */
export function createRateLimits(now: () => number): TakeRequest {
  const startedAt = now() // small figures are exact ones
  const fullAt = new Map<string, number>()

  return function takeRequest({ id, rateLimit: { requests, seconds } }) {
    const at = now() - startedAt
    const windowMs = seconds * 1_000
    const eachMs = windowMs / requests
    const before = Math.min(Math.max(fullAt.get(id) ?? at, at), at + windowMs) // a clock that was set back locks nobody out
    const after = before + eachMs
    const waitMs = after - at - windowMs
    const isGranted = waitMs <= grainMs
    const filled = isGranted ? after : before
    fullAt.set(id, filled)

    const usedMs = filled - at
    const left = Math.floor((windowMs - usedMs + grainMs) / eachMs)
    const headers = {
      'ratelimit-policy': `"default";q=${requests};w=${seconds}`,
      ratelimit: `"default";r=${Math.max(0, left)};t=${Math.ceil(usedMs / 1_000)}`,
    }
    return isGranted ? { headers } : { headers, failure: tooMany(Math.max(1, Math.ceil(waitMs / 1_000))) }
  }
}

const tooMany = (retryAfter: number): GatewayFailure =>
  new GatewayFailure('RATE_LIMITED', {
    retryAfter,
    detail: 'your organisation sends more requests than it may: slow down, all its keys count together',
  })
