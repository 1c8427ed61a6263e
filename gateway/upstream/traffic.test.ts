import { describe, expect, it } from 'vitest'
import { createClock } from '#gateway/testing/clock.ts'
import { createTraffic, type Traffic } from './traffic.ts'

const minute = 60_000

const figuresOf = (traffic: Traffic, capability: string) => traffic.report().capabilities.get(capability)!

function start() {
  const clock = createClock()
  const traffic = createTraffic(clock.now, ['lookup', 'match'])
  return { clock, traffic }
}

describe('the figures of real traffic', () => {
  it('are of the last five minutes; when something happened last stays', () => {
    const { clock, traffic } = start()
    const first = clock.now()
    expect(traffic.report().all).toEqual({
      attempts: 0,
      faults: 0,
      latency: undefined,
      outcomes: {},
      lastMinute: { attempts: 0, faults: 0 },
      lastAttemptAt: undefined,
      lastSuccessAt: undefined,
      lastFailure: undefined,
    })
    traffic.note('lookup', 'ok', 12)
    clock.leap(2 * minute)
    traffic.note('lookup', 'UPSTREAM_TIMEOUT', 500)
    expect(traffic.report().all).toMatchObject({
      attempts: 2,
      faults: 1,
      lastMinute: { attempts: 1, faults: 1 },
      lastAttemptAt: first + 2 * minute,
    })
    clock.leap(3 * minute + 10_000)
    expect(traffic.report().all).toMatchObject({ attempts: 1, lastMinute: { attempts: 0 } })
    clock.leap(2 * minute)
    expect(traffic.report().all).toMatchObject({
      attempts: 0,
      outcomes: {},
      latency: undefined,
      lastSuccessAt: first,
      lastFailure: { at: first + 2 * minute, code: 'UPSTREAM_TIMEOUT' },
    })
  })

  it('tell faults apart, and a business "no" from them', () => {
    const { traffic } = start()
    for (let index = 0; index < 9; index++) traffic.note('lookup', 'NOT_FOUND', 5)
    traffic.note('lookup', 'UPSTREAM_INVALID', 5)
    traffic.note('lookup', 'UPSTREAM_BUSY', 5)
    expect(traffic.report().all).toMatchObject({
      attempts: 11,
      faults: 2,
      outcomes: { NOT_FOUND: 9, UPSTREAM_INVALID: 1, UPSTREAM_BUSY: 1 },
      lastFailure: { code: 'UPSTREAM_BUSY' },
    })
  })

  it('are of each capability, and of all together', () => {
    const { clock, traffic } = start()
    traffic.note('lookup', 'ok', 10)
    clock.leap(1_000)
    traffic.note('match', 'UPSTREAM_UNREADABLE', 10)
    expect(figuresOf(traffic, 'lookup')).toMatchObject({ attempts: 1, faults: 0, lastFailure: undefined })
    expect(figuresOf(traffic, 'match')).toMatchObject({ attempts: 1, faults: 1, lastSuccessAt: undefined })
    expect(traffic.report().all).toMatchObject({
      attempts: 2,
      faults: 1,
      lastSuccessAt: clock.now() - 1_000,
      lastFailure: { at: clock.now(), code: 'UPSTREAM_UNREADABLE' },
    })
  })

  it('tell percentiles within a twentieth, from under a millisecond to a minute', () => {
    const { traffic } = start()
    for (let ms = 1; ms <= 100; ms++) traffic.note('lookup', 'ok', ms)
    const near = (figure: number) => ({ asymmetricMatch: (is: number) => Math.abs(is / figure - 1) <= 0.05 })
    expect(figuresOf(traffic, 'lookup').latency).toEqual({ p50: near(50), p95: near(95), p99: near(99) })
    for (const ms of [0.2, 59_000]) traffic.note('match', 'ok', ms)
    const { p50, p99 } = figuresOf(traffic, 'match').latency!
    expect(p50).toBeLessThanOrEqual(1)
    expect(p99).toEqual(near(59_000))
  })
})

it('shows the last hour by minute, and nothing of the hour before', () => {
  const { clock, traffic } = start()
  traffic.note('lookup', 'ok', 10)
  clock.leap(59 * minute)
  for (const outcome of ['ok', 'UPSTREAM_TIMEOUT'] as const) traffic.note('match', outcome, 100)
  const hour = traffic.lastHour()
  expect(hour).toHaveLength(60)
  expect(hour.filter(({ attempts }) => attempts > 0)).toMatchObject([
    { at: clock.now() - 59 * minute, attempts: 1, faults: 0 },
    { at: clock.now(), attempts: 2, faults: 1 },
  ])
  expect(hour[1]!.latency).toBeUndefined()
  clock.leap(minute)
  expect(traffic.lastHour().reduce((sum, { attempts }) => sum + attempts, 0)).toBe(2)
})

it('is not misled by a clock that is set back', () => {
  const { clock, traffic } = start()
  traffic.note('lookup', 'ok', 10)
  clock.leap(-2 * minute)
  expect(traffic.report().all).toMatchObject({ attempts: 0 })
  traffic.note('lookup', 'ok', 10)
  expect(traffic.report().all).toMatchObject({ attempts: 1 })
})
