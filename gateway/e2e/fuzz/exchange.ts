import { type IncomingMessage, request } from 'node:http'
import { once } from 'node:events'

export interface Sent {
  readonly method: string
  /** As it stands in the request line. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
}

/** More than any deadline in the house: whoever waits longer hangs. */
const hangsAfterMs = 15_000

/** One request, as it is: `fetch` would mend its path, its headers and its method. */
export async function exchange(url: string, { method, path, headers, body }: Sent): Promise<Response> {
  const { hostname, port } = new URL(url)
  const sent = request({ hostname, port, method, path, headers, signal: AbortSignal.timeout(hangsAfterMs) })
  sent.end(body)
  const [received] = (await once(sent, 'response')) as [IncomingMessage]
  // A stream never ends by itself: what it begins with is enough.
  const isStream = received.headers['content-type'] === 'text/event-stream'
  if (isStream) received.destroy()
  const text = isStream
    ? Buffer.of()
    : Buffer.concat(await Array.fromAsync(received as AsyncIterable<Buffer>))
  const lines = Object.entries(received.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const status = received.statusCode ?? 0
  return new Response(status === 204 || status === 304 ? null : text, { status, headers: lines })
}
