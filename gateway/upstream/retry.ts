import { setTimeout as sleep } from 'node:timers/promises'
import { failures, type Sent } from '#contracts/failures.ts'
import { furthestSent, GatewayFailure } from '#gateway/failure.ts'

/** A retry costs one token; every question earns a tenth: an agency in trouble gets at most a tenth more calls. */
export interface RetryBudget {
  earn(): void
  take(): boolean
}

export function createRetryBudget(capacity = 10): RetryBudget {
  let tokens = capacity
  return {
    earn() {
      tokens = Math.min(capacity, tokens + 0.1)
    },
    take() {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}

export interface RetryOptions {
  /** Further attempts; 0 for operations that are not repeatable. */
  readonly retries: number
  readonly budget: RetryBudget
  /** Milliseconds left of the question's deadline. */
  readonly remaining: () => number
  readonly random?: () => number
}

/**
 * Attempts until one ends well, or another would not help: not a fault that passes, no time, no budget.
 * The failure says honestly whether any attempt left the building.
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { retries, budget, remaining, random = Math.random }: RetryOptions,
): Promise<Result> {
  budget.earn()
  let sent: Sent = 'no'
  for (let retry = 0; ; retry++) {
    const before = remaining()
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof GatewayFailure)) throw error
      sent = furthestSent(sent, error.sent)
      const pauseMs = Math.max(50 * 2 ** retry * (0.5 + random()), (error.facts.retryAfter ?? 0) * 1_000)
      const left = remaining()
      const fits = pauseMs + (before - left) < left // as long as this one took, the next may take too
      const helps = failures[error.code].retry && retry < retries && fits
      if (!helps || !budget.take()) throw error.with({ sent })
      await sleep(pauseMs)
    }
  }
}
