/** The process around a gateway: store, Redis, listening, and an orderly end. */
import { once } from 'node:events'
import { createServer, type Server, type ServerOptions as HttpOptions, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createGateway } from './gateway.ts'
import type { Log } from './log.ts'
import type { Settings } from './settings/settings.ts'
import { connectRedis } from './shared-data/redis.ts'
import { openSqliteStore } from './store/sqlite.ts'

export interface ServerOptions {
  readonly settings: Settings
  readonly log: Log
  readonly dataFolder: string
  readonly host: string
  readonly port: number
  readonly redisUrl?: string | undefined
}

export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Accepts nothing new, finishes what is in flight within the limit, and closes everything. */
  stop(): Promise<void>
}

/** The start fails for a reason that the person at the terminal can mend; the message says how. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}

/** What a caller may take before its request is read: every body is small. */
const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000, // longer than a proxy in front keeps an idle connection, so that it never uses a closed one
} satisfies HttpOptions

export async function startServer({
  settings,
  log,
  dataFolder,
  host,
  port,
  redisUrl,
}: ServerOptions): Promise<RunningServer> {
  const store = await openSqliteStore({ folder: dataFolder, ledgerKey: settings.keys.ledger }).catch(
    (cause: Error) => {
      throw new StartRefused(cause.message, { cause })
    },
  )
  const redis = redisUrl === undefined ? undefined : connectRedis(redisUrl)
  const gateway = createGateway({ settings, store, log, redis })

  let draining = false
  /** While draining, each answer is the last on its connection. */
  class Answer extends ServerResponse {
    override writeHead(status: number, ...rest: unknown[]): this {
      if (draining) this.shouldKeepAlive = false
      return super.writeHead(status, ...(rest as []))
    }
  }
  const server = createServer({ ...limits, ServerResponse: Answer }, getRequestListener(gateway.app.fetch))

  async function closeHouse(): Promise<void> {
    await gateway.close()
    await redis?.close()
    await store.close()
  }

  try {
    await listen(server, host, port) // last: whoever connects is answered
  } catch (error) {
    await closeHouse()
    throw error
  }
  const url = urlOf(server)
  log.info({ address: url }, 'listening')

  return {
    url,
    async stop() {
      draining = true
      gateway.drain()
      const closed = once(server, 'close')
      server.close() // from now on connections are refused: the plainest sign for a load balancer
      const sweep = setInterval(() => server.closeIdleConnections(), 100)
      const limit = setTimeout(() => server.closeAllConnections(), drainMs(settings))
      await closed
      clearInterval(sweep)
      clearTimeout(limit)
      await closeHouse()
    },
  }
}

/** How long requests in flight may take once the end has begun: until the longest deadline has passed. */
const drainMs = ({ upstreams }: Settings): number =>
  Math.max(0, ...upstreams.map(({ policy }) => policy.deadlineMs)) + 1_000

function urlOf(server: Server): string {
  const { family, address, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const refusals: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${host} is taken; choose another one, for example PORT=${port + 1}`,
    EACCES: `port ${port} is not for everyone to take; choose one from 1024 on, for example PORT=8080`,
    EADDRNOTAVAIL: `HOST ${host} is no address of this machine`,
    ENOTFOUND: `HOST ${host} is no address of this machine`,
  }
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    const refusal = refusals[(cause as NodeJS.ErrnoException).code ?? '']
    throw refusal === undefined ? cause : new StartRefused(refusal, { cause })
  }
}
