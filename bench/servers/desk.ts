/** The agency of `npm run bench -- orders`: takes every order and says at once that it is done. It can be closed and opened again. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { answerParent } from '../child.ts'

export type DeskQuestion = 'open' | 'close' | 'told'

export interface Told {
  /** Orders that were brought, and how many different ones they are. */
  readonly calls: number
  readonly orders: number
  /** When the first since the desk was last asked came, and the last; milliseconds. */
  readonly firstAt: number
  readonly lastAt: number
}

const orders = new Set<string>()
let calls = 0
let firstAt: number | undefined
let lastAt = 0

const server = createServer(async (request, response) => {
  const { id } = (await json(request)) as { id: string }
  if (request.url === '/orders') {
    calls += 1
    orders.add(id)
    lastAt = performance.now()
    firstAt ??= lastAt
  }
  const body = orders.has(id) ? { state: 'done', number: `P-${id}` } : { state: 'unknown' }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

async function open(): Promise<void> {
  if (server.listening) return
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}

answerParent({ url: `http://127.0.0.1:${port}` }, async (question: DeskQuestion) => {
  if (question === 'open') await open()
  if (question === 'close') {
    server.close()
    server.closeAllConnections()
  }
  const told: Told = { calls, orders: orders.size, firstAt: firstAt ?? lastAt, lastAt }
  firstAt = undefined
  return told
})
