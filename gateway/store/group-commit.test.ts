import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { groupCommit } from './group-commit.ts'
import { StoreRefused, StoreUnavailable } from './store.ts'

/** A commit that notes its batches and ends when the test says so. */
function heldCommit() {
  const batches: (readonly number[])[] = []
  const ends: PromiseWithResolvers<readonly unknown[]>[] = []
  const commit = (calls: readonly number[]) => {
    batches.push(calls)
    const end = Promise.withResolvers<readonly unknown[]>()
    ends.push(end)
    return end.promise
  }
  return { commit, batches, ends }
}

/** What is settled now is seen in the next turn of the event loop, and the commit after it starts in the one after. */
const turn = async () => {
  await nextTurn()
  await nextTurn()
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('groupCommit', () => {
  it('commits together what came while a commit was under way, in order, each with its own result', async () => {
    const { commit, batches, ends } = heldCommit()
    const { call } = groupCommit(commit)
    const first = call(0)
    await turn()
    const later = [call(1), call(2), call(3)]
    await turn()
    expect(batches).toEqual([[0]])
    ends[0]!.resolve(['zero'])
    expect(await first).toBe('zero')
    await turn()
    expect(batches).toEqual([[0], [1, 2, 3]])
    ends[1]!.resolve(['one', new Error('no two'), 'three'])
    const [one, two, three] = await Promise.allSettled(later)
    expect(one).toEqual({ status: 'fulfilled', value: 'one' })
    expect(two).toMatchObject({ status: 'rejected', reason: expect.any(StoreRefused) })
    expect(three).toEqual({ status: 'fulfilled', value: 'three' })
  })

  it('fails a whole batch whose commit failed, and goes on with the next', async () => {
    const { commit, ends } = heldCommit()
    const { call } = groupCommit(commit)
    const batch = [call(0), call(1)]
    await turn()
    const next = call(2)
    const cause = new Error('disk full')
    ends[0]!.reject(cause)
    for (const failed of batch)
      await expect(failed).rejects.toMatchObject({ name: 'StoreUnavailable', cause })
    await turn()
    ends[1]!.resolve(['two'])
    expect(await next).toBe('two')
  })

  it('bounds a batch, and turns callers away when too many wait', async () => {
    const sizes: number[] = []
    const { call } = groupCommit(async (calls: readonly number[]) => {
      sizes.push(calls.length)
      return calls
    })
    const results = await Promise.allSettled(numbers(20_000).map(call))
    expect(Math.max(...sizes)).toBe(1024)
    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(20_000 - 16 * 1024)
    expect(refused[0]).toMatchObject({ reason: expect.any(StoreUnavailable) })
    expect(await call(1)).toBe(1)
  })

  it('lets nobody wait for a commit that hangs, and works again when it comes back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { commit, ends } = heldCommit()
    const { call } = groupCommit(commit)
    const underWay = call(0)
    await turn()
    const waiting = call(1)
    vi.advanceTimersByTime(10_000)
    await expect(underWay).rejects.toThrow(StoreUnavailable)
    await expect(waiting).rejects.toThrow(StoreUnavailable)
    await expect(call(2)).rejects.toThrow(StoreUnavailable)
    ends[0]!.resolve([undefined])
    await turn()
    const next = call(3)
    await turn()
    ends[1]!.resolve(['three'])
    expect(await next).toBe('three')
  })

  it('closes when everything called before is settled', async () => {
    const { commit, ends } = heldCommit()
    const { call, close } = groupCommit(commit)
    const settled: string[] = []
    void call(0).then(() => settled.push('call'))
    const closed = close().then(() => settled.push('close'))
    await expect(call(1)).rejects.toThrow(StoreUnavailable)
    await turn()
    ends[0]!.resolve([undefined])
    await closed
    expect(settled).toEqual(['call', 'close'])
  })
})
