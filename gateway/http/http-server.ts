/** The listening side: what a caller may take before its request is read, and how it is told that this is too much. */
import { randomUUIDv7 } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { FailureCode } from '#contracts/failures.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { type ProblemAnswer, problemAnswer } from './problem.ts'

export interface HttpServerOptions {
  /** Open at once; whoever comes beyond is cut off. */
  readonly connections: number
  /** A connection on which nothing moves for so long is closed: longer than any answer takes, shorter than for ever. */
  readonly stalledMs: number
  /** Told of every request that did not reach the app, or fell through it with a fault. */
  readonly onRefused: (code: FailureCode, fault?: unknown) => void
  /** Over the usual ones below, and what else Node's server takes. */
  readonly http?: Omit<
    ServerOptions<typeof IncomingMessage, typeof ServerResponse<IncomingMessage>>,
    'insecureHTTPParser'
  >
}

/** Every request is small, and nobody needs long to say it. */
const mostHeaders = 100
const usual = {
  maxHeaderSize: 16 * 1024, // the request line, and all names and values together
  requireHostHeader: false, // missed by the listener, which says it in our own words
  headersTimeout: 10_000,
  requestTimeout: 20_000, // headers and body together
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000, // longer than a proxy in front keeps an idle connection, so that it never uses a closed one
} satisfies ServerOptions

export function createHttpServer(
  fetch: Parameters<typeof getRequestListener>[0],
  { connections, stalledMs, onRefused, http = {} }: HttpServerOptions,
): Server {
  function refuse(code: FailureCode, fault?: unknown): ProblemAnswer {
    onRefused(code, fault)
    const answer = problemAnswer(new GatewayFailure(code), randomUUIDv7(), 'id')
    const ending = { connection: 'close', 'content-length': String(Buffer.byteLength(answer.body)) }
    return { ...answer, headers: { ...answer.headers, ...ending } }
  }

  const listener = getRequestListener(fetch, {
    errorHandler(error) {
      // The parser took it, but its target or its Host is none; or the app, which answers its own faults, has a hole.
      const { body, ...init } =
        error instanceof RequestError ? refuse('REQUEST_MALFORMED') : refuse('INTERNAL_ERROR', error)
      return new Response(body, init)
    },
  })
  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.rawHeaders.length > 2 * mostHeaders) {
      const { status, headers, body } = refuse('HEADERS_TOO_LARGE')
      response.writeHead(status, headers).end(body)
    } else void listener(request, response)
  }
  const server = createServer({ ...usual, ...http }, answer)
  server.maxConnections = connections
  server.maxHeadersCount = 0 // Node would drop what is beyond without a word
  server.timeout = stalledMs
  server.on('checkExpectation', answer) // `Expect` other than 100-continue means nothing here
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Node's own check, with its own field: what was begun to be answered is not answered twice.
    const { _httpMessage: begun } = socket as Socket & { readonly _httpMessage?: ServerResponse }
    if (error.code === 'ECONNRESET' || !socket.writable || begun?.headersSent) socket.destroy(error)
    else
      socket.end(rawAnswer(refuse(refusals[error.code ?? ''] ?? 'REQUEST_MALFORMED')), () => socket.destroy())
  })
  return server
}

/** By Node's error code. What is none of these is no HTTP. */
const refusals: Readonly<Record<string, FailureCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'BODY_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}

function rawAnswer({ status, headers, body }: ProblemAnswer): string {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`
}
