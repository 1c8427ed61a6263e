import { describe, expect, it } from 'vitest'
import { createTraffic, stateOf } from './traffic.ts'

function clock(at = Date.parse('2026-11-21T08:00:00Z')) {
  return { now: () => at, pass: (ms: number) => void (at += ms) }
}

describe('traffic', () => {
  it('is unknown without traffic, and again when the traffic is old', () => {
    const { now, pass } = clock()
    const traffic = createTraffic(now)
    expect(stateOf(traffic.report())).toBe('unknown')
    traffic.note('ok', 12)
    expect(stateOf(traffic.report())).toBe('ok')
    pass(5 * 60_000 + 10_000)
    expect(stateOf(traffic.report())).toBe('unknown')
    expect(traffic.report().lastSuccessAt).toBe(now() - 5 * 60_000 - 10_000)
  })

  it('takes a business "no" for life and a fault for a fault', () => {
    const traffic = createTraffic(clock().now)
    for (let index = 0; index < 9; index++) traffic.note('NOT_FOUND', 5)
    expect(stateOf(traffic.report())).toBe('ok')
    traffic.note('UPSTREAM_TIMEOUT', 500)
    expect(stateOf(traffic.report())).toBe('degraded')
    for (let index = 0; index < 9; index++) traffic.note('UPSTREAM_UNAVAILABLE', 1)
    expect(stateOf(traffic.report())).toBe('down')
    expect(traffic.report().lastFailure?.code).toBe('UPSTREAM_UNAVAILABLE')
  })

  it('tells percentiles of recent attempts', () => {
    const traffic = createTraffic(clock().now)
    for (let ms = 1; ms <= 100; ms++) traffic.note('ok', ms)
    expect(traffic.report().latency).toEqual({ p50: 51, p95: 96, p99: 100 })
  })
})
