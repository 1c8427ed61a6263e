import { expect, it } from 'vitest'
import { createTally } from './tally.ts'

it('counts each combination by itself', () => {
  const tally = createTally()
  for (const labels of [
    ['a', 'b'],
    ['a', 'c'],
    ['a', 'b'],
    ['', 'b'],
  ] as const)
    tally.add(...labels)
  expect(tally.entries()).toEqual([
    { labels: ['a', 'b'], count: 2 },
    { labels: ['a', 'c'], count: 1 },
    { labels: ['', 'b'], count: 1 },
  ])
})
