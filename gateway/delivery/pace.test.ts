import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createPace } from './pace.ts'

function newPace() {
  const pace = createPace()
  onTestFinished(() => pace.close())
  return pace
}

describe('the pace of deliveries', () => {
  it('is slow while counters ask and their answers wait for the ledger all the time', async () => {
    const pace = newPace()
    const quick = pace.places()
    const { promise, resolve } = Promise.withResolvers<void>()
    const appended = pace.onAppend(promise)
    const asking = setInterval(pace.onRequest, 10)
    onTestFinished(() => clearInterval(asking))
    await vi.waitUntil(() => pace.places() === 1, { timeout: 10_000 })
    expect(quick).toBeGreaterThan(1)
    pace.onTaken(100)
    expect(pace.pauseMs()).toBeGreaterThan(0)

    resolve()
    await appended
    await vi.waitUntil(() => pace.places() === quick, { timeout: 10_000 })
    expect(pace.pauseMs()).toBe(0)
  })

  it('is quick where the ledger is busy with deliveries alone', async () => {
    const pace = newPace()
    void pace.onAppend(new Promise(() => {}))
    const slow = vi.waitUntil(() => pace.places() === 1, { timeout: 1_000 })
    await expect(slow).rejects.toThrow()
  })
})
