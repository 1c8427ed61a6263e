import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { underTest } from './under-test.ts'

/** As the gateway does it. */
export async function serveHono(app: Hono): Promise<void> {
  const server = createServer(getRequestListener(app.fetch))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  underTest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}
