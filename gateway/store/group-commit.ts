/**
 * Group commit: calls that come while a commit is under way are committed together by the next one, so that the price
 * of a commit (a message to the store and back, an fsync) is shared by all who wait. An idle store commits at the end of
 * the event loop's turn, with whatever that turn brought.
 */
import { StoreRefused, StoreUnavailable } from './store.ts'

const mostPerCommit = 1024
/** Beyond these, callers are turned away at once: a disk that is this far behind will not catch up within their deadlines. */
const mostWaiting = 16 * mostPerCommit
/** A disk that hangs gives no error; after this long nobody waits for it any more. */
const patienceMs = 10_000

interface GroupCommit<Call> {
  /** Settles with the commit of its batch. Rejects with StoreUnavailable, or with StoreRefused for this call alone. */
  readonly call: (call: Call) => Promise<unknown>
  /** Resolves when everything called so far is settled; later calls are turned away. */
  readonly close: () => Promise<void>
}

interface Waiting<Call> {
  readonly call: Call
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** `commit` answers with one result per call when all of them are durable; a result that is an Error is its call's refusal. */
export function groupCommit<Call>(
  commit: (calls: readonly Call[]) => Promise<readonly unknown[]>,
): GroupCommit<Call> {
  const waiting: Waiting<Call>[] = []
  const idle: (() => void)[] = []
  let busy = false
  let hangs = false
  let closed = false

  function call(call: Call): Promise<unknown> {
    if (closed) return Promise.reject(new StoreUnavailable('the store is closed'))
    if (hangs) return Promise.reject(new StoreUnavailable('the store does not answer'))
    if (waiting.length >= mostWaiting)
      return Promise.reject(new StoreUnavailable('too many calls wait for the store'))
    return new Promise((resolve, reject) => {
      waiting.push({ call, resolve, reject })
      if (busy) return
      busy = true
      setImmediate(commitWaiting)
    })
  }

  function commitWaiting(): void {
    const batch = waiting.splice(0, mostPerCommit)
    const patience = setTimeout(() => {
      hangs = true
      failAll(
        [...batch, ...waiting.splice(0)],
        new StoreUnavailable(`the store did not answer for ${patienceMs} ms`),
      )
    }, patienceMs)
    commit(batch.map(({ call }) => call))
      .then(
        results => settleAll(batch, results),
        (cause: unknown) => failAll(batch, new StoreUnavailable('the store could not commit', { cause })),
      )
      .finally(() => {
        clearTimeout(patience)
        hangs = false
        busy = waiting.length > 0
        if (busy) setImmediate(commitWaiting)
        else for (const resolve of idle.splice(0)) resolve()
      })
  }

  async function close(): Promise<void> {
    closed = true
    if (busy) await new Promise<void>(resolve => idle.push(resolve))
  }

  return { call, close }
}

function settleAll(batch: readonly Waiting<unknown>[], results: readonly unknown[]): void {
  for (const [index, { resolve, reject }] of batch.entries()) {
    const result = results[index]
    if (result instanceof Error) reject(new StoreRefused(result.message, { cause: result }))
    else resolve(result)
  }
}

function failAll(batch: readonly Waiting<unknown>[], error: StoreUnavailable): void {
  for (const { reject } of batch) reject(error)
}
