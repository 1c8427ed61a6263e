import { expect, it } from 'vitest'
import type { SubmissionRow } from '#gateway/store/submissions.ts'
import { createWaiting } from './waiting.ts'

const row = (is: Partial<SubmissionRow>) => is as SubmissionRow

it.each([
  ['is final', { state: 'confirmed', awaits: null }],
  ['waits for an officer', { state: 'queued', awaits: 'officer' }],
  ['waits for an operator', { state: 'dead', awaits: 'operator' }],
] as const)('nobody waits for an order that %s', async (_, is) => {
  let asked = 0
  const waiting = createWaiting({
    async findSubmission() {
      asked += 1
      return row(is)
    },
  })
  await waiting.whenSettled('an id', 60_000)
  expect(asked).toBe(1)
})

it.each([
  ['queued', 'officer'],
  ['rejected', null],
] as const)('ends when it becomes %s here', async (state, awaits) => {
  const waiting = createWaiting({ findSubmission: async () => row({ state: 'sending', awaits: 'gateway' }) })
  const settled = waiting.whenSettled('an id', 60_000)
  waiting.onMove(row({ id: 'an id', state, awaits }))
  await settled
})
