import { expect, it, vi } from 'vitest'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { createOpenSubmissions } from './open-submissions.ts'

const dead = { upstream: 'desk', state: 'dead', count: 2, oldestSince: 10_000 } as const

it('counts once for all who ask at about the same time', async () => {
  const countSubmissions = vi.fn(async () => [dead])
  const read = createOpenSubmissions({ countSubmissions }, () => 73_000)
  const told = [{ upstream: 'desk', state: 'dead', count: 2, oldestSince: 10_000, oldestSeconds: 63 }]
  expect(await Promise.all([read(), read()])).toEqual([told, told])
  expect(await read()).toEqual(told)
  expect(countSubmissions).toHaveBeenCalledTimes(1)
})

it('has nothing to tell while the store is away', async () => {
  const read = createOpenSubmissions(
    { countSubmissions: () => Promise.reject(new StoreUnavailable()) },
    Date.now,
  )
  expect(await read()).toEqual([])
})

it('tells of no time before now, whatever the clocks say', async () => {
  const read = createOpenSubmissions({ countSubmissions: async () => [dead] }, () => 9_000)
  expect(await read()).toMatchObject([{ oldestSeconds: 0 }])
})
