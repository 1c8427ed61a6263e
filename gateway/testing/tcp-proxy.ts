import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and can do to their connections what a network does. */
export interface TcpProxy {
  readonly port: number
  /** Resets every connection and every new one. */
  cut(): void
  /** Connections stay open, new ones are taken, and nothing passes any more. */
  freeze(): void
  /** What froze flows on; new connections are passed on again. */
  restore(): void
  close(): Promise<void>
}

export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  let state: 'passing' | 'frozen' | 'cut' = 'passing'
  const pairs = new Set<readonly [near: Socket, far: Socket]>()

  function setFlow({ isOpen }: { readonly isOpen: boolean }): void {
    for (const socket of [...pairs].flat()) {
      if (isOpen) socket.resume()
      else socket.pause()
    }
  }

  const proxy = createServer(near => {
    if (state === 'cut') return void near.resetAndDestroy()
    const far = connect(port, host)
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [from, to] of [pair, pair.toReversed() as unknown as typeof pair]) {
      from.on('data', chunk => to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
    }
    if (state === 'frozen') setFlow({ isOpen: false })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  const resetAll = () => {
    for (const [near] of pairs) near.resetAndDestroy()
  }
  return {
    port: (proxy.address() as AddressInfo).port,
    cut() {
      state = 'cut'
      resetAll()
    },
    freeze() {
      state = 'frozen'
      setFlow({ isOpen: false })
    },
    restore() {
      state = 'passing'
      setFlow({ isOpen: true })
    },
    async close() {
      proxy.close()
      resetAll()
      await once(proxy, 'close')
    },
  }
}
