/** Reads server-sent events as a counter application does, over a real socket. */
import { onTestFinished } from 'vitest'
import type { ToldEvent } from '#gateway/telling/told-event.ts'

export interface EventReader {
  readonly response: Response
  /** All that came, as text. */
  readonly text: () => string
  /** The events that came, oldest first, once there are so many. */
  events(count: number): Promise<readonly ToldEvent[]>
  /** Resolves when the gateway ends the stream; rejects when the connection breaks. */
  readonly ended: Promise<void>
  close(): void
}

export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const closing = new AbortController()
  const response = await fetch(url, { headers, signal: closing.signal })
  onTestFinished(() => closing.abort())
  let text = ''
  let onText = Promise.withResolvers<void>()

  async function read(): Promise<void> {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      onText.resolve()
      onText = Promise.withResolvers()
    }
  }
  const ended = read().finally(() => onText.resolve())
  ended.catch(() => {})

  return {
    response,
    text: () => text,
    async events(count) {
      for (;;) {
        const events = eventsIn(text)
        if (events.length >= count) return events
        const isOver = await Promise.race([
          onText.promise.then(() => false),
          ended.then(
            () => true,
            () => true,
          ),
        ])
        if (isOver && eventsIn(text).length < count) throw new Error(`ended with ${events.length} events`)
      }
    },
    ended,
    close: () => closing.abort(),
  }
}

/** Whole ones; the fields must agree with the data. */
function eventsIn(text: string): ToldEvent[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap(block => {
      const match = /^id: (.+)\nevent: (.+)\ndata: (.+)$/.exec(block)
      if (!match) return []
      const event = JSON.parse(match[3]!) as ToldEvent
      if (event.id !== match[1] || event.type !== match[2])
        throw new Error(`id and type do not agree: ${block}`)
      return [event]
    })
}
