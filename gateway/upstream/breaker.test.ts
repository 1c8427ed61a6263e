import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FailureCode } from '#contracts/failures.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { createBreaker } from './breaker.ts'

const openMs = 1_000
const policy = { errorPercent: 50, minimumCalls: 10, openMs }
const newBreaker = (changes = {}) => createBreaker('agency', { ...policy, ...changes }, Date.now)
type Breaker = ReturnType<typeof newBreaker>

const fault = 'UPSTREAM_UNAVAILABLE'
type Outcome = 'ok' | FailureCode

/** What a call ends with, in one word. */
const call = (breaker: Breaker, outcome: Outcome, attempt: () => void = () => {}): Promise<Outcome> =>
  breaker
    .run(async () => {
      attempt()
      if (outcome !== 'ok') throw new GatewayFailure(outcome)
      return 'ok' as const
    })
    .catch((failure: GatewayFailure) => failure.code)

const fill = async (breaker: Breaker, outcome: Outcome, count: number) => {
  for (let index = 0; index < count; index++) await call(breaker, outcome)
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('opens', () => {
  it('when half of at least ten calls failed', async () => {
    const breaker = newBreaker()
    await fill(breaker, fault, 9)
    expect(breaker.state).toBe('closed')
    await call(breaker, fault)
    expect(breaker.state).toBe('open')
  })

  it.each([
    [49, 'closed'],
    [50, 'open'],
  ])('at %i faults in a hundred calls it is %s', async (faults, state) => {
    const breaker = newBreaker({ minimumCalls: 100 })
    await fill(breaker, 'ok', 100 - faults)
    await fill(breaker, fault, faults)
    expect(breaker.state).toBe(state)
  })

  it('also where every single call must fail', async () => {
    const breaker = newBreaker({ errorPercent: 100 })
    await fill(breaker, fault, 20)
    expect(breaker.state).toBe('open')
  })

  it.each([
    'ok',
    'NOT_FOUND',
    'REJECTED',
    'UPSTREAM_INVALID',
    'UPSTREAM_BUSY',
    'UPSTREAM_QUOTA_SPENT',
  ] as const)('never on %s', async outcome => {
    const breaker = newBreaker()
    await fill(breaker, outcome, 100)
    expect(breaker.state).toBe('closed')
  })

  it('never on a fault of our own, which says nothing about the agency', async () => {
    const breaker = newBreaker()
    const broken = () => Promise.reject(new TypeError('a bug'))
    for (let index = 0; index < 20; index++) await expect(breaker.run(broken)).rejects.toThrow(TypeError)
    expect(breaker.state).toBe('closed')
  })

  it('not for faults of another ten seconds', async () => {
    const breaker = newBreaker()
    await fill(breaker, fault, 9)
    await vi.advanceTimersByTimeAsync(11_000)
    await fill(breaker, fault, 9)
    expect(breaker.state).toBe('closed')
  })
})

describe('once open', () => {
  const broken = async () => {
    const breaker = newBreaker()
    await fill(breaker, fault, 10)
    return breaker
  }

  it('runs nothing, and says truly how long', async () => {
    const breaker = await broken()
    await vi.advanceTimersByTimeAsync(400)
    const attempt = vi.fn(() => Promise.resolve())
    await expect(breaker.run(attempt)).rejects.toMatchObject({
      code: 'CIRCUIT_OPEN',
      sent: 'no',
      source: 'agency',
      facts: { retryAfter: 1 },
    })
    expect(attempt).not.toHaveBeenCalled()
  })

  it.each([
    ['ok', 'closed'],
    ['NOT_FOUND', 'closed'],
    ['UPSTREAM_INVALID', 'closed'],
    [fault, 'open'],
    ['UPSTREAM_TIMEOUT', 'open'],
  ] as const)('tries one call after a while: with %s it is %s', async (outcome, state) => {
    const breaker = await broken()
    await vi.advanceTimersByTimeAsync(openMs)
    expect(breaker.state).toBe('half-open')
    expect(await call(breaker, outcome)).toBe(outcome)
    expect(breaker.state).toBe(state)
  })
})

/** Not `timers/promises`, which the fake clock does not move. */
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Calls as they come: when after the one before, how long each takes, and how it ends. */
const schedules = (longest: number) =>
  fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: openMs / 2 }),
      takes: fc.integer({ min: 0, max: longest }),
      outcome: fc.constantFrom<Outcome>('ok', 'NOT_FOUND', fault, fault, fault),
    }),
    { minLength: 20, maxLength: 60 },
  )

describe.each([
  ['all shorter than the pause', openMs - 1],
  ['some longer than the pause', openMs * 3],
])('under any schedule of calls, %s', (_, longest) => {
  it('never more than one trial is under way, and nothing runs while it is open', async () => {
    await fc.assert(
      fc.asyncProperty(schedules(longest), async schedule => {
        const breaker = newBreaker({ minimumCalls: 3 })
        let trials = 0
        const calls: Promise<unknown>[] = []
        for (const { gap, takes, outcome } of schedule) {
          await vi.advanceTimersByTimeAsync(gap)
          const state = breaker.state
          const attempt = async () => {
            expect(state).not.toBe('open')
            const isTrial = state === 'half-open'
            if (isTrial) trials += 1
            expect(trials).toBeLessThanOrEqual(1)
            await sleep(takes)
            if (isTrial) trials -= 1
            if (outcome !== 'ok') throw new GatewayFailure(outcome)
          }
          calls.push(breaker.run(attempt).catch((error: unknown) => error))
        }
        await vi.advanceTimersByTimeAsync(longest)
        const ends = await Promise.all(calls)
        breaker.close()
        for (const end of ends) if (end !== undefined) expect(end).toBeInstanceOf(GatewayFailure)
      }),
      { numRuns: 100 },
    )
  })
})
