import type { ToldEvent } from '#gateway/telling/told-event.ts'
import { GatewayUnreachable, MppProblem, readProblem } from './problem.ts'

export interface FollowOptions {
  /** Opens the stream after an event, or from now on. */
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>
  readonly after: string | undefined
  readonly signal: AbortSignal | undefined
}

/** The gateway gives a sign of life every 25 seconds at the latest. */
const longestSilenceMs = 60_000
const longestPauseMs = 60_000

/**
 * Comes again with the last id when the connection ends, as long as it has one: without, nobody could say what was missed.
 * Ends by the signal, by the caller's `break`, or by an error that coming again would not mend.
 */
export async function* followEvents({
  open,
  after,
  signal,
}: FollowOptions): AsyncGenerator<ToldEvent, never> {
  let last = after
  let retryMs = 3_000
  for (let failures = 0; ; failures += 1) {
    const leaving = new AbortController()
    let silence: ReturnType<typeof setTimeout> | undefined
    const hear = (): void => {
      clearTimeout(silence)
      silence = setTimeout(() => leaving.abort(), longestSilenceMs)
    }
    try {
      hear()
      const response = await open(last, signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal)
      if (!response.ok || !response.body) throw await refusalIn(response)
      for await (const block of blocksIn(response.body, hear)) {
        retryMs = Number(/^retry: (\d+)$/m.exec(block)?.[1] ?? retryMs)
        const data = /^data: (.+)$/m.exec(block)?.[1]
        if (data === undefined) continue
        const event = JSON.parse(data) as ToldEvent
        last = event.id
        failures = 0
        yield event
      }
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof MppProblem && error.status < 500 && error.code !== 'RATE_LIMITED') throw error
      const isTold = error instanceof MppProblem || error instanceof GatewayUnreachable
      if (last === undefined) throw isTold ? error : new GatewayUnreachable('connection')
    } finally {
      clearTimeout(silence)
      leaving.abort() // also when the caller has had enough
    }
    if (last === undefined) throw new GatewayUnreachable('connection')
    await pause(Math.min(retryMs * 2 ** failures, longestPauseMs) * (1 + Math.random() / 2), signal)
  }
}

async function refusalIn(response: Response): Promise<Error> {
  const { status } = response
  const body: unknown = await response.json().catch(() => undefined)
  return readProblem(status, body) ?? new GatewayUnreachable('unreadable', { status })
}

/** What stands between empty lines, once it is whole. */
async function* blocksIn(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onBytes()
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
    rest = blocks.pop()!
    yield* blocks
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(over, ms)
    signal?.addEventListener('abort', over)
    function over(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', over)
      if (signal?.aborted) reject(signal.reason as Error)
      else resolve()
    }
  })
}
