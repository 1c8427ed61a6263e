import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createClock } from '#gateway/testing/clock.ts'
import { createRateLimits } from './rate-limit.ts'

const member = (requests: number, seconds: number, id = 'front-office') => ({
  id,
  rateLimit: { requests, seconds },
})

it('takes so many at once, then one for each that has flown back', () => {
  const clock = createClock()
  const take = createRateLimits(clock.now)
  const caller = member(3, 60)
  expect([1, 2, 3].map(() => take(caller).headers['ratelimit'])).toEqual([
    '"default";r=2;t=20',
    '"default";r=1;t=40',
    '"default";r=0;t=60',
  ])
  const { failure, headers } = take(caller)
  expect(failure).toMatchObject({ code: 'RATE_LIMITED', sent: 'no', facts: { retryAfter: 20 } })
  expect(headers).toEqual({ 'ratelimit-policy': '"default";q=3;w=60', ratelimit: '"default";r=0;t=60' })

  clock.leap(19_999)
  expect(take(caller).failure?.facts.retryAfter).toBe(1)
  clock.leap(1)
  expect(take(caller).failure).toBeUndefined()
  expect(take(caller).failure?.facts.retryAfter).toBe(20)
  clock.leap(600_000)
  expect(take(caller).headers['ratelimit']).toBe('"default";r=2;t=20') // never more than it holds
})

it('counts each member for itself', () => {
  const take = createRateLimits(() => 0)
  expect(take(member(1, 60)).failure).toBeUndefined()
  expect(take(member(1, 60, 'health-desk')).failure).toBeUndefined()
  expect(take(member(1, 60)).failure).toBeDefined()
})

it('locks nobody out when the clock is set back', () => {
  let now = 10 * 60 * 60_000
  const take = createRateLimits(() => now)
  take(member(1, 60))
  now -= 60 * 60_000
  expect(take(member(1, 60)).failure?.facts.retryAfter).toBe(60)
  now += 60_000
  expect(take(member(1, 60)).failure).toBeUndefined()
})

it('tells the truth: whoever waits as long as it says is let in, and nobody gets more than the limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 3_600 }),
      fc.array(fc.nat(10_000), { maxLength: 60 }),
      (requests, seconds, pauses) => {
        const clock = createClock()
        const startedAt = clock.now()
        const take = createRateLimits(clock.now)
        let granted = 0
        for (const pause of pauses) {
          clock.leap(pause)
          const { failure } = take(member(requests, seconds))
          if (failure) {
            clock.leap(failure.facts.retryAfter! * 1_000)
            expect(take(member(requests, seconds)).failure).toBeUndefined()
          }
          granted += 1
        }
        const elapsed = clock.now() - startedAt
        expect(granted).toBeLessThanOrEqual(requests + Math.ceil((elapsed * requests) / (seconds * 1_000)))
      },
    ),
  )
})
