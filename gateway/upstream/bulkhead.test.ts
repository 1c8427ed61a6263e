import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBulkhead } from './bulkhead.ts'

describe('bulkhead', () => {
  it('never runs more than the limit, loses no place and runs everyone it admits, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        async (scheduler, limit, fates) => {
          const bulkhead = createBulkhead('agency', limit)
          const started: number[] = []
          let running = 0
          const runs = fates.map((succeeds, index) =>
            bulkhead
              .run(async () => {
                started.push(index)
                running += 1
                expect(running).toBeLessThanOrEqual(limit)
                await scheduler.schedule(Promise.resolve())
                running -= 1
                if (!succeeds) throw new Error('fault')
                return 'done'
              }, 10_000)
              .catch((error: Error) => error.message),
          )
          await scheduler.waitFor(Promise.all(runs))
          expect(started).toEqual([...fates.keys()].slice(0, Math.min(fates.length, 2 * limit)))
          expect([bulkhead.running, bulkhead.waiting]).toEqual([0, 0])
        },
      ),
      { numRuns: 50 },
    )
  })

  it('turns away at once when as many wait as may run, and after the deadline whoever still waits', async () => {
    const bulkhead = createBulkhead('agency', 1)
    const { promise, resolve } = Promise.withResolvers<void>()
    const first = bulkhead.run(() => promise, 1_000)
    const second = bulkhead.run(async () => 'ran', 20)
    await expect(bulkhead.run(async () => 'ran', 1_000)).rejects.toMatchObject({ code: 'BULKHEAD_FULL' })
    await expect(second).rejects.toMatchObject({ code: 'BULKHEAD_FULL' })
    resolve()
    await first
    expect(await bulkhead.run(async () => 'ran', 1_000)).toBe('ran')
  })
})
