import { expect, it } from 'vitest'
import { createLog } from '#gateway/log.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { sweep, type SweepHouse } from './sweep.ts'

const dayMs = 24 * 60 * 60_000
const now = () => 1_000 * dayMs

async function sweepWith(counts: readonly number[], changes: Partial<SweepHouse> = {}) {
  const calls: [string, number, number][] = []
  const log: string[] = []
  const answers = [...counts]
  const note = (name: string) => (first: number, limit: number) => {
    calls.push([name, first, limit])
    return Promise.resolve(answers.shift() ?? 0)
  }
  await sweep({
    store: { destroyUnusedAttachments: note('attachments'), forgetSubmissionTraces: note('traces') },
    log: createLog({ write: line => log.push(line) }),
    retentionDays: undefined,
    now,
    ...changes,
  })
  return { calls, log }
}

it('removes all there is, a batch at a time', async () => {
  const { calls } = await sweepWith([500, 3, 1_000, 500, 0])
  expect(calls.map(([name]) => name)).toEqual(['attachments', 'attachments', 'traces', 'traces', 'traces'])
  expect(calls[0]).toEqual(['attachments', dayMs, 500])
})

it('keeps events for ever where content is kept for ever, else a year longer', async () => {
  expect((await sweepWith([])).calls[1]).toEqual(['traces', 0, 500])
  expect((await sweepWith([], { retentionDays: 30 })).calls[1]).toEqual([
    'traces',
    (1_000 - 396) * dayMs,
    500,
  ])
})

it('tries again later while the store is away', async () => {
  const away = () => Promise.reject(new StoreUnavailable('away'))
  const { log } = await sweepWith([], {
    store: { destroyUnusedAttachments: away, forgetSubmissionTraces: away },
  })
  expect(log.join()).toContain('tried again in an hour')
})
