import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createProber } from './prober.ts'

const minute = 60_000

/** Agencies of which nobody asks anything, and when each was probed. */
function agencies(count: number, takesMs: number) {
  const probes: { readonly id: string; readonly at: number }[] = []
  let underWay = 0
  let most = 0
  const upstreams = Array.from({ length: count }, (_, index) => ({
    id: `agency-${index}`,
    operations: new Map([['resident.lookup', {} as never]]),
    assisted: new Set<string>(),
    lastAttemptAt: undefined as number | undefined,
    async probe() {
      probes.push({ id: this.id, at: Date.now() })
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise(resolve => globalThis.setTimeout(resolve, takesMs))
      underWay -= 1
    },
  }))
  return {
    upstreams,
    probes,
    timesOf: (id: string) => probes.filter(probe => probe.id === id).length,
    get most() {
      return most
    },
  }
}

function start(upstreams: ReturnType<typeof agencies>['upstreams']) {
  const prober = createProber(upstreams, Date.now)
  onTestFinished(() => prober.close())
  return prober
}

describe('agencies that nobody asks', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
  })

  it('are each connected to about once a minute, not all at once', async () => {
    const all = agencies(50, 20)
    start(all.upstreams)
    await vi.advanceTimersByTimeAsync(60 * minute)
    for (const { id } of all.upstreams) {
      expect(all.timesOf(id)).toBeGreaterThan(45)
      expect(all.timesOf(id)).toBeLessThan(75)
    }
    const firstMinute = Map.groupBy(
      all.probes.filter(({ at }) => at <= all.probes[0]!.at + minute / 2),
      ({ at }) => Math.floor(at / 1_000),
    )
    expect(firstMinute.size).toBeGreaterThan(10)
    expect(all.most).toBeLessThanOrEqual(3)
  })

  it('never pile up: fifty that answer nothing take turns', async () => {
    const all = agencies(50, 30_000)
    start(all.upstreams)
    await vi.advanceTimersByTimeAsync(30 * minute)
    expect(all.most).toBe(3)
    const times = all.upstreams.map(({ id }) => all.timesOf(id))
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1)
  })

  it('are left alone while somebody asks them, or where a person brings the orders', async () => {
    const all = agencies(2, 0)
    const [asked, byHand] = all.upstreams
    byHand!.assisted.add('resident.lookup')
    start(all.upstreams)
    for (let half = 0; half < 20; half++) {
      asked!.lastAttemptAt = Date.now()
      await vi.advanceTimersByTimeAsync(minute / 2)
    }
    expect(all.probes).toEqual([])
    await vi.advanceTimersByTimeAsync(minute)
    expect(all.timesOf(asked!.id)).toBe(1)
    expect(all.timesOf(byHand!.id)).toBe(0)
  })
})

it('calls off what is under way at the end, and begins nothing more', async () => {
  const signals: AbortSignal[] = []
  const [upstream] = agencies(1, 0).upstreams
  const probed = {
    ...upstream!,
    probe: async (signal: AbortSignal) => {
      signals.push(signal)
      await setTimeout(60 * minute, undefined, { signal }).catch(() => {})
    },
  }
  const prober = createProber([probed], Date.now, { idleMs: 1, lookEveryMs: 1 })
  await expect.poll(() => signals).toHaveLength(1)
  prober.close()
  expect(signals[0]!.aborted).toBe(true)
  await setTimeout(20)
  expect(signals).toHaveLength(1)
})
