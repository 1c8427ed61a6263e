import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * A listener on 127.0.0.1 that accepts every connection and never says a word: an `https:` client hangs before
 * its TLS handshake, an `http:` client after its request.
 */
export async function startSilentListener(): Promise<{
  port: number
  /** Connections accepted so far, and how many of them the client has closed. */
  seen: { accepted: number; closed: number }
  close(): Promise<void>
}> {
  const seen = { accepted: 0, closed: 0 }
  const open = new Set<Socket>()
  const server = createServer(socket => {
    seen.accepted += 1
    open.add(socket)
    socket.on('error', () => {}) // a reset by the client is its right
    socket.on('close', () => {
      seen.closed += 1
      open.delete(socket)
    })
    socket.resume() // without reading, the client's close would go unseen
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
