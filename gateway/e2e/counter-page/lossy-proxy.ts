/** Passes everything on, but the first answer at one path is lost. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export async function startLossyProxy(target: string, lossyPath: string): Promise<string> {
  let isLost = false
  const { hostname, port } = new URL(target)
  const proxy = createServer((near, answer) => {
    const { method, url: path, headers } = near
    const far = request({ hostname, port, method, path, headers }, response => {
      if (path === lossyPath && !isLost) {
        isLost = true
        near.socket.destroy()
        response.resume()
        return
      }
      answer.writeHead(response.statusCode!, response.headers)
      response.pipe(answer)
    })
    far.on('error', () => near.socket.destroy())
    near.pipe(far)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  await once(proxy, 'listening')
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
