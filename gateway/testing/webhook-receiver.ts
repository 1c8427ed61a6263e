/** An endpoint of a member, on a free port: it keeps what it is told and answers as it is told to. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished, vi } from 'vitest'
import type { ToldEvent } from '#gateway/telling/told-event.ts'

export interface Told {
  readonly event: ToldEvent
  readonly body: string
  readonly headers: IncomingHttpHeaders
  readonly path: string
}

export interface WebhookReceiver {
  readonly url: string
  /** Every attempt that reached it, whatever it answered. */
  readonly told: readonly Told[]
  /** Resolves once it was told so often. */
  hears(count: number): Promise<void>
}

/** A status for each attempt; `hang`: it never answers. */
export async function startReceiver(
  answer: (told: Told, attempt: number) => number | 'hang' | Promise<number> = () => 204,
): Promise<WebhookReceiver> {
  const told: Told[] = []
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const { headers, url: path = '' } = request
    const one = { event: JSON.parse(body) as ToldEvent, body, headers, path }
    told.push(one)
    const status = await answer(one, told.length)
    if (status !== 'hang') response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end()
  }

  const server = createServer((request, response) => {
    void take(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders/told`,
    told,
    hears: count =>
      vi.waitFor(
        () => {
          if (told.length < count) throw new Error(`heard ${told.length} of ${count}`)
        },
        { timeout: 15_000 },
      ),
  }
}
