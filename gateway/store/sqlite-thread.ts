import { once } from 'node:events'
import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Call } from './sqlite-database.ts'
import type { Reply, Request, SqliteWorkerData } from './sqlite-worker.ts'

interface SqliteThread {
  /** One batch at a time. Rejects when nothing is known to be kept; at once while there is no thread. */
  readonly commit: (calls: readonly Call[]) => Promise<readonly unknown[]>
  readonly close: () => Promise<void>
}

const shortestPauseMs = 100
const longestPauseMs = 5_000

/** Starts the database's thread, and another one whenever it dies. Rejects when the first cannot open the database. */
export async function startSqliteThread(workerData: SqliteWorkerData): Promise<SqliteThread> {
  const closing = new AbortController()
  let worker: Worker | undefined
  let restarting: Promise<void> | undefined
  let underWay: PromiseWithResolvers<readonly unknown[]> | undefined
  let lastError: unknown

  function adopt(started: Worker): void {
    worker = started
    worker.on('message', (reply: Reply) => {
      if (reply instanceof Error) underWay?.reject(reply)
      else underWay?.resolve(reply)
    })
    worker.on('error', error => {
      lastError = error
    })
    worker.on('exit', () => {
      worker = undefined
      underWay?.reject(new Error('the database thread died', { cause: lastError }))
      if (!closing.signal.aborted) restarting = restart()
    })
  }

  async function restart(): Promise<void> {
    for (let pause = shortestPauseMs; !closing.signal.aborted; pause = Math.min(2 * pause, longestPauseMs)) {
      try {
        await sleep(pause, undefined, { signal: closing.signal })
        return adopt(await startWorker(workerData))
      } catch (error) {
        lastError = error
      }
    }
  }

  async function commit(calls: readonly Call[]): Promise<readonly unknown[]> {
    if (!worker) throw new Error('the database thread is down', { cause: lastError })
    underWay = Promise.withResolvers()
    worker.postMessage(calls satisfies Request)
    return underWay.promise
  }

  async function close(): Promise<void> {
    closing.abort()
    await restarting
    if (!worker) return
    worker.postMessage('close' satisfies Request)
    await once(worker, 'exit')
  }

  adopt(await startWorker(workerData))
  return { commit, close }
}

/** Resolves when the database is open, and rejects with the reason when it cannot be. */
function startWorker(workerData: SqliteWorkerData): Promise<Worker> {
  const worker = new Worker(new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData,
  })
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(worker))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the database thread died while it started')))
  })
}
