import { describe, expect, it } from 'vitest'
import type { FailureCode, Sent } from '#contracts/failures.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { createRetryBudget, withRetries } from './retry.ts'

const fails = (code: FailureCode, sent: Sent, retryAfter: number | null = null) =>
  new GatewayFailure(code, { sent, retryAfter })

/** Plays the outcomes one after the other and counts the attempts. */
function play(
  outcomes: readonly (GatewayFailure | string)[],
  options: { retries?: number; remaining?: number; budget?: number } = {},
) {
  let attempts = 0
  const result = withRetries(
    async () => {
      const outcome = outcomes[attempts++]!
      if (typeof outcome === 'string') return outcome
      throw outcome
    },
    {
      retries: options.retries ?? 1,
      budget: createRetryBudget(options.budget ?? 10),
      remaining: () => options.remaining ?? 1_000,
      random: () => 0,
    },
  )
  return result.then(
    value => ({ value, attempts }),
    (error: GatewayFailure) => ({ code: error.code, sent: error.sent, attempts }),
  )
}

describe('withRetries', () => {
  it('tries again after a fault that may pass', async () => {
    expect(await play([fails('UPSTREAM_UNAVAILABLE', 'no'), 'found'])).toEqual({
      value: 'found',
      attempts: 2,
    })
  })

  it.each([
    'NOT_FOUND',
    'UPSTREAM_INVALID',
    'UPSTREAM_UNREADABLE',
    'UPSTREAM_MISCONFIGURED',
    'UPSTREAM_QUOTA_SPENT',
    'CIRCUIT_OPEN',
  ] as const)('never tries again after %s', async code => {
    expect(await play([fails(code, 'yes'), 'found'])).toEqual({ code, sent: 'yes', attempts: 1 })
  })

  it('never tries again what is not repeatable', async () => {
    expect(await play([fails('UPSTREAM_UNAVAILABLE', 'no'), 'found'], { retries: 0 })).toMatchObject({
      attempts: 1,
    })
  })

  it('says that an attempt left the building even when the last one did not', async () => {
    expect(await play([fails('UPSTREAM_TIMEOUT', 'maybe'), fails('UPSTREAM_UNAVAILABLE', 'no')])).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      sent: 'maybe',
      attempts: 2,
    })
  })

  it('an open circuit ends the loop', async () => {
    expect(
      await play([fails('UPSTREAM_UNAVAILABLE', 'maybe'), fails('CIRCUIT_OPEN', 'no'), 'found'], {
        retries: 5,
      }),
    ).toEqual({
      code: 'CIRCUIT_OPEN',
      sent: 'maybe',
      attempts: 2,
    })
  })

  it('does not wait beyond the deadline', async () => {
    expect(await play([fails('UPSTREAM_UNAVAILABLE', 'no'), 'found'], { remaining: 20 })).toMatchObject({
      attempts: 1,
    })
    expect(await play([fails('UPSTREAM_BUSY', 'yes', 30), 'found'])).toMatchObject({
      code: 'UPSTREAM_BUSY',
      attempts: 1,
    })
  })

  it('does not begin what will hardly end in time: the next attempt may take as long as this one', async () => {
    const left = [1_000, 400, 400]
    const attempts: number[] = []
    const failure = withRetries(
      async () => {
        attempts.push(1)
        throw fails('UPSTREAM_UNAVAILABLE', 'maybe')
      },
      { retries: 1, budget: createRetryBudget(), remaining: () => left.shift() ?? 0, random: () => 0 },
    )
    await expect(failure).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(attempts).toHaveLength(1)
  })

  it('stops when the budget is spent, and earns it back slowly', () => {
    const budget = createRetryBudget(2)
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
    for (let question = 0; question < 11; question++) budget.earn()
    expect([budget.take(), budget.take()]).toEqual([true, false])
  })
})
