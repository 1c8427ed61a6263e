/**
 * The thread that owns the database, because SQLite blocks and an fsync can take 10 ms. It says when it is ready, then
 * answers every batch of calls once: with their results, or with an Error when nothing was kept.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type Call, openDatabase } from './sqlite-database.ts'

export interface SqliteWorkerData {
  readonly path: string
  readonly ledgerKey: Uint8Array
}

export type Request = readonly Call[] | 'close'
export type Reply = readonly unknown[] | Error

const { path, ledgerKey } = workerData as SqliteWorkerData
const port = parentPort!
const database = openDatabase(path, Buffer.from(ledgerKey))

function answer(calls: readonly Call[]): Reply {
  try {
    return database.commit(calls)
  } catch (error) {
    return error as Error
  }
}

port.on('message', (request: Request) => {
  if (request !== 'close') return port.postMessage(answer(request))
  database.close()
  port.close()
})
port.postMessage('ready')
