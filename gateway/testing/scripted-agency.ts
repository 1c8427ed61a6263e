import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** `silence`: no answer, ever; `hang-up`: the connection ends. */
type Said = Answer | 'silence' | 'hang-up'

/** An agency that says whatever the test tells it to say, word for word. */
export interface ScriptedAgency {
  readonly url: string
  /** Bodies of the questions so far. */
  readonly received: readonly string[]
  /** From now on: each once and in order, the last one for ever. */
  says(...answers: Said[]): void
  [Symbol.asyncDispose](): Promise<void>
}

export async function startScriptedAgency(): Promise<ScriptedAgency> {
  const received: string[] = []
  let script: readonly Said[] = ['silence']
  const server = createServer(async (request, response) => {
    received.push(await text(request))
    const [answer, ...rest] = script
    if (rest.length > 0) script = rest
    if (answer === 'hang-up') response.destroy()
    else if (answer !== undefined && answer !== 'silence') {
      const { status = 200, headers, body } = answer
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    says(...answers) {
      script = answers
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The registry's envelope around one row. */
export const page = (row: object): Answer => ({
  body: JSON.stringify({ content: [row], totalElements: 1 }),
})
