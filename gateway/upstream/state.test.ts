import { describe, expect, it } from 'vitest'
import { overall, type StateFacts, stateOf, trafficState } from './state.ts'

describe('what traffic says', () => {
  const state = (
    [attempts, faults]: readonly [number, number],
    [attemptsNow, faultsNow]: readonly [number, number],
    p95 = 10,
  ) =>
    trafficState(
      {
        attempts,
        faults,
        lastMinute: { attempts: attemptsNow, faults: faultsNow },
        latency: { p50: 1, p95, p99: p95 },
      },
      1_000,
    )

  it.each([
    ['nobody asked', [0, 0], [0, 0], 'unknown'],
    ['all is well', [100, 9], [10, 0], 'ok'],
    ['a tenth fails', [100, 10], [10, 0], 'degraded'],
    ['a tenth fails just now', [1_000, 1], [10, 1], 'degraded'],
    ['half fails', [10, 5], [10, 5], 'down'],
    ['it has just gone, after many good answers', [1_000, 6], [10, 6], 'down'],
    ['it is back, after many bad ones', [100, 90], [10, 0], 'degraded'],
    ['it was bad when it was asked last', [4, 4], [0, 0], 'down'],
    ['one attempt failed, which may be chance', [1, 1], [1, 1], 'degraded'],
  ] as const)('%s', (_, five, one, expected) => {
    expect(state(five, one)).toBe(expected)
  })

  it('is degraded when answers take more than half of the time that there is', () => {
    expect(state([10, 0], [10, 0], 500)).toBe('ok')
    expect(state([10, 0], [10, 0], 501)).toBe('degraded')
  })
})

describe('an upstream with several capabilities', () => {
  const now = (state: 'ok' | 'degraded' | 'down') => ({ state, lastMinute: { attempts: 1, faults: 0 } })
  const before = (state: 'ok' | 'down') => ({ state, lastMinute: { attempts: 0, faults: 0 } })
  const never = { state: 'unknown', lastMinute: { attempts: 0, faults: 0 } } as const

  it.each([
    ['none was asked', [never, never], 'unknown'],
    ['all that were asked answer', [now('ok'), never], 'ok'],
    ['one fails, another answers', [now('down'), now('ok')], 'degraded'],
    ['one is not what it was', [now('degraded'), now('ok')], 'degraded'],
    ['all fail', [now('down'), now('down'), never], 'down'],
    ['the one that answered has not been asked since', [now('down'), before('ok')], 'down'],
    ['nothing was asked of late', [before('down'), before('ok')], 'degraded'],
  ] as const)('%s', (_, capabilities, expected) => {
    expect(overall(capabilities, 0)).toBe(expected)
  })

  it('is down as soon as all has failed that was asked since one of them answered', () => {
    const capabilities = [now('down'), now('ok')]
    expect(overall(capabilities, 2)).toBe('degraded') // a question and its retry
    expect(overall(capabilities, 3)).toBe('down')
    expect(overall([never], 3)).toBe('unknown') // that was long ago
  })
})

describe('why nothing is sent', () => {
  const facts: StateFacts = {
    mode: 'normal',
    window: undefined,
    isRefused: false,
    circuit: 'closed',
    traffic: 'ok',
  }
  it.each([
    [{}, 'ok'],
    [{ circuit: 'half-open' }, 'ok'],
    [{ circuit: 'open' }, 'down'],
    [{ circuit: 'open', window: {} }, 'maintenance'],
    [{ circuit: 'open', window: {}, isRefused: true }, 'held'],
    [{ window: {}, mode: 'held' }, 'held'],
    [{ mode: 'measure-only', traffic: 'unknown' }, 'unknown'],
  ] as const)('%j: %s', (changes, expected) => {
    expect(stateOf({ ...facts, ...changes })).toBe(expected)
  })
})
