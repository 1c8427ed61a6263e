/** The process around a gateway: store, Redis, listening, and an orderly end. */
import { once } from 'node:events'
import { type Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkKeys, KeysRefused } from './data-at-rest/check-keys.ts'
import { GatewayFailure } from './failure.ts'
import { createGateway } from './gateway.ts'
import { createHttpServer } from './http/http-server.ts'
import { faultOf, type Log } from './log.ts'
import type { Settings } from './settings/settings.ts'
import { connectRedis } from './shared-data/redis.ts'
import { noTracing, startTracing, type TraceSettings } from './ops/tracing.ts'
import { nameOfStore, openStore } from './store/open.ts'

export interface ServerOptions {
  readonly settings: Settings
  readonly log: Log
  readonly dataFolder: string
  /** Instead of the data folder. */
  readonly databaseUrl?: string | undefined
  readonly host: string
  readonly port: number
  readonly redisUrl?: string | undefined
  /** Absent: nothing is traced. */
  readonly traces?: TraceSettings | undefined
  /** Beside the API, under a path of its own: the demo shows a counter application there. */
  readonly page?: { readonly path: `/${string}`; readonly fetch: Fetch } | undefined
}

type Fetch = Parameters<typeof createHttpServer>[0]

export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Puts the agreements in force that their files hold now; the log tells what came of it. */
  reload(): Promise<void>
  /** Accepts nothing new, finishes what is in flight within the limit, and closes everything. */
  stop(): Promise<void>
}

/** The start fails for a reason that the person at the terminal can mend; the message says how. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}

export async function startServer({
  settings,
  log,
  dataFolder,
  databaseUrl,
  host,
  port,
  redisUrl,
  traces,
  page,
}: ServerOptions): Promise<RunningServer> {
  const place = { databaseUrl, dataFolder }
  const store = await openStore(place, { ledgerKey: settings.keys.ledger }).catch((cause: Error) => {
    throw new StartRefused(cause.message, { cause })
  })
  await checkKeys(store, settings.keys).catch(async (cause: Error) => {
    await store.close()
    throw cause instanceof KeysRefused ? new StartRefused(cause.message, { cause }) : cause
  })
  const redis = redisUrl === undefined ? undefined : connectRedis(redisUrl)
  const tracing = traces ? await startTracing(traces, log) : noTracing
  const gateway = createGateway({
    settings,
    store,
    log,
    redis,
    tracing,
    dataFolder: databaseUrl === undefined ? dataFolder : undefined,
  })

  let draining = false
  /** While draining, each answer is the last on its connection. */
  class Answer extends ServerResponse {
    override writeHead(status: number, ...rest: unknown[]): this {
      if (draining) this.shouldKeepAlive = false
      return super.writeHead(status, ...(rest as []))
    }
  }
  const server = createHttpServer(page ? beside(gateway.app.fetch, page) : gateway.app.fetch, {
    connections: settings.limits.connections,
    stalledMs: drainMs(settings) + 60_000,
    onRefused: gateway.onRefused,
    http: { ServerResponse: Answer },
  })

  async function closeHouse(): Promise<void> {
    await gateway.close()
    await redis?.close()
    await store.close()
    await tracing.close()
  }

  try {
    await gateway.opened
    await listen(server, host, port) // last: whoever connects is answered
  } catch (error) {
    await closeHouse()
    throw error
  }
  const url = urlOf(server)
  log.info({ address: url, store: nameOfStore(place) }, 'listening')

  return {
    url,
    async reload() {
      try {
        await gateway.reload({ member: 'gateway', key: 'SIGHUP' })
      } catch (error) {
        log.error(
          error instanceof GatewayFailure ? { code: error.code } : { fault: faultOf(error) },
          'the agreements from before stay in force',
        )
      }
    },
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

/** What lies under the page's path is the page's. */
function beside(api: Fetch, { path, fetch }: NonNullable<ServerOptions['page']>): Fetch {
  return (request, environment) => {
    const { pathname } = new URL(request.url)
    return pathname === path || pathname.startsWith(`${path}/`)
      ? fetch(request, environment)
      : api(request, environment)
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
