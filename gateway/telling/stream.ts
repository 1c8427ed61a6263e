import { createBell } from './bell.ts'
import type { Tail } from './tail.ts'
import { toldOf } from './told-event.ts'

/** One caller's server-sent events. It keeps a position and no queue: a page is read when the caller has taken the last one. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>
  /** There may be something new. */
  wake(): void
  /** Ends it after what is being sent. */
  end(): void
}

export interface StreamOptions {
  readonly tail: Pick<Tail, 'read'>
  readonly member: string
  /** Told what comes after. */
  readonly position: number
  /** Asked before anything is sent. */
  readonly isStillKnown: () => Promise<boolean>
  /** Breaks the connection of a caller that takes nothing. */
  readonly cutOff: () => void
  readonly onOver: () => void
  readonly settings?: Partial<StreamSettings>
}

export interface StreamSettings {
  /** When nothing happens, a comment is sent so often: proxies take a silent connection for a dead one. */
  readonly heartbeatMs: () => number
  /** How long a caller may leave untaken what it was sent. */
  readonly patienceMs: number
  /** The same once the stream is to end. */
  readonly lastPatienceMs: number
}

const usual: StreamSettings = {
  heartbeatMs: () => 15_000 + Math.random() * 10_000,
  patienceMs: 30_000,
  lastPatienceMs: 1_000,
}

/** What is sent at a time at most. */
const pageSize = 100

/** After a broken connection, a reader comes again after so long. */
const retryMs = 3_000

export function openStream(options: StreamOptions): EventStream {
  const { tail, member, isStillKnown, cutOff, onOver } = options
  const { heartbeatMs, patienceMs, lastPatienceMs } = { ...usual, ...options.settings }
  const bell = createBell()
  const encoder = new TextEncoder()
  let { position } = options
  let isOpening = true
  let isEnding = false
  let isOver = false
  /** Runs while the caller has not taken what it was sent. */
  let patience: NodeJS.Timeout | undefined = setTimeout(giveUp, patienceMs)

  function giveUp(): void {
    cutOff()
    over()
  }

  function over(): void {
    if (isOver) return
    isOver = isEnding = true
    clearTimeout(patience)
    bell.ring()
    onOver()
  }

  /** What to send next, as soon as there is anything; undefined: the end. */
  async function next(): Promise<string | undefined> {
    if (isOpening) {
      isOpening = false
      return `retry: ${retryMs}\n\n`
    }
    const silentUntil = performance.now() + heartbeatMs()
    for (;;) {
      if (isEnding || !(await isStillKnown())) return undefined
      const page = await tail.read(position, member, pageSize).catch(() => undefined) // it is read again with the next ring
      if (isEnding) return undefined
      if (page) position = page.position
      if (page && page.events.length > 0) return page.events.map(event => textOf(toldOf(event))).join('')
      const leftMs = silentUntil - performance.now()
      if (leftMs <= 0 || !(await bell.wait(leftMs))) return isEnding ? undefined : ': \n\n'
    }
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(patience)
        patience = undefined
        const text = await next()
        if (isOver) return
        if (text === undefined) {
          over()
          return controller.close()
        }
        controller.enqueue(encoder.encode(text))
        patience = setTimeout(giveUp, isEnding ? lastPatienceMs : patienceMs)
      },
      cancel: over,
    },
    { highWaterMark: 0 },
  )

  return {
    body,
    wake: bell.ring,
    end() {
      if (isEnding) return
      isEnding = true
      bell.ring()
      if (!patience) return
      clearTimeout(patience)
      patience = setTimeout(giveUp, lastPatienceMs)
    },
  }
}

const textOf = (event: { readonly id: string; readonly type: string }): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
