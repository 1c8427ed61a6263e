import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const busy = 5 // SQLITE_BUSY

/** Keeps every other gateway out of a data folder; whoever only reads gateway.db gets in. Returns how to let go of it. */
export function lockFolder(folder: string): () => void {
  const letGo = holdFile(join(folder, 'gateway.lock'))
  if (!letGo)
    throw new Error(`the data folder ${folder} is in use by another gateway, and serves one at a time`)
  return letGo
}

/**
 * Holds a lock file, and makes it when it is not there; undefined while another process holds it. The lock is that of a
 * database of its own, held by a transaction that never ends: the system releases it when the process dies, however it dies.
 * Returns how to let go of it.
 */
export function holdFile(path: string): (() => void) | undefined {
  createPrivately(path)
  const database = new DatabaseSync(path)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    if (errorCode(cause) !== busy) throw cause
    return undefined
  }
  return () => {
    if (database.isOpen) database.close()
  }
}

/**
 * Creates a file that only its owner may read; SQLite gives a database's side files the same rights.
 * A file that exists is not even opened: closing it would drop every lock that this process holds on it (POSIX).
 */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** SQLite's primary result code, without the details in the upper bits. */
export const errorCode = (error: unknown): number | undefined => {
  const { errcode } = error as { errcode?: number }
  return errcode === undefined ? undefined : errcode & 0xff
}
