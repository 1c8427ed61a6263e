import { createReadStream, mkdirSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { holdFile } from '#gateway/store/sqlite-lock.ts'
import { type Anchor, parseAnchor } from './anchor.ts'

/** An anchors file that this process alone adds to. */
export interface AnchorFile {
  /** The last anchor in it. */
  readonly last: Anchor | undefined
  /** On the disk when resolved. */
  append(anchor: Anchor): Promise<void>
  close(): Promise<void>
}

/**
 * Opens it to add to it, and makes it when it is not there. Undefined while another process does: one at a time, so that the
 * anchors in it are one chain. A line that a crash cut short is taken away: it attests nothing.
 */
export async function openAnchorFile(path: string): Promise<AnchorFile | undefined> {
  mkdirSync(dirname(path), { recursive: true })
  const letGo = holdFile(`${path}.lock`)
  if (!letGo) return undefined
  let file: FileHandle | undefined
  try {
    file = await open(path, 'a+', 0o644)
    const { last, wholeBytes } = await readToEnd(path)
    await file.truncate(wholeBytes)
    return adding(file, last, letGo)
  } catch (error) {
    await file?.close()
    letGo()
    throw error
  }
}

function adding(file: FileHandle, found: Anchor | undefined, letGo: () => void): AnchorFile {
  let last = found
  return {
    get last() {
      return last
    },
    async append(anchor) {
      await file.appendFile(`${JSON.stringify(anchor)}\n`)
      await file.sync()
      last = anchor
    },
    async close() {
      try {
        await file.close()
      } finally {
        letGo()
      }
    },
  }
}

async function readToEnd(path: string) {
  let last: Anchor | undefined
  let wholeBytes = 0
  for await (const line of linesOf(path)) {
    last = parseAnchor(line.text) ?? last
    wholeBytes = line.endsAt
  }
  return { last, wholeBytes }
}

/** The last anchor in a file, without taking it; of a line that is being written, the one before. */
export async function lastAnchorIn(path: string): Promise<Anchor | undefined> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - longestTailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.toString('latin1', 0, bytesRead).split('\n')
    return lines.map(parseAnchor).findLast(anchor => anchor !== undefined)
  } finally {
    await file.close()
  }
}

/** Of many anchors. */
const longestTailBytes = 64 * 1024

interface Line {
  readonly text: string
  /** Bytes up to its end, the line break included. */
  readonly endsAt: number
}

/** The lines that are whole when it begins, one by one; none of a file that is not there. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const size = await stat(path).then(
    found => found.size,
    () => 0,
  )
  if (size === 0) return
  const bytes = createReadStream(path, { end: size - 1, encoding: 'latin1' }) // a character a byte, whatever stands there
  let endsAt = 0
  for await (const text of createInterface({ input: bytes, crlfDelay: Infinity })) {
    endsAt += text.length + 1
    if (endsAt > size) return // it is being written, or a crash cut it short
    yield { text, endsAt }
  }
}
