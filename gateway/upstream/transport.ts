/**
 * The way to one upstream over HTTP/1.1: send a request, get the whole answer, within what is left of the caller's deadline.
 * The only file that imports undici. It knows no agency, never retries, follows no redirect and always checks certificates.
 *
 * What a fault says about the request:
 *
 *   sent    when                                       code
 *   no      not begun: DNS, refused, TLS, queue        UPSTREAM_UNAVAILABLE, or UPSTREAM_TIMEOUT on the deadline
 *   maybe   begun, no response headers yet             the same; UPSTREAM_UNREADABLE if what came is not HTTP
 *   yes     response headers came, the body did not    UPSTREAM_UNREADABLE, or UPSTREAM_TIMEOUT on the deadline
 *
 * A kept-alive connection may be closed by the agency just as we write to it. undici looks for the close before it writes,
 * so this is rare; when it happens nobody can tell whether the request was read. It is `maybe`, and a repeatable
 * operation is tried again by the pipeline.
 */
import { createSecureContext } from 'node:tls'
import { brotliDecompressSync, unzipSync } from 'node:zlib'
import { Client, type Dispatcher, errors, Pool } from 'undici'
import type { FailureCode, Sent } from '#contracts/failures.ts'

export interface WireRequest {
  readonly method: 'GET' | 'POST'
  /** Appended to the path of the base URL, which it cannot leave. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
}

export interface WireAnswer {
  readonly status: number
  /** By lower-case name, as the agency sent them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Whole, with any `content-encoding` undone. */
  readonly body: Buffer
}

export interface TransportOptions {
  /** Origin and optional path prefix: `https://agency.example/gateway`. */
  readonly baseUrl: string
  /** Connections at most; further calls wait for a free one. */
  readonly connections: number
  readonly tls?: {
    /** PEM. A private authority, trusted in place of the public ones. */
    readonly ca?: string
    /** PEM. What the agency knows us by. */
    readonly cert?: string
    readonly key?: string
    /** Expected in the agency's certificate, where it differs from the host of the base URL. */
    readonly serverName?: string
  }
  /** Of an answer's body, before and after decompression. Default 5 MiB. */
  readonly maxAnswerBytes?: number
  /**
   * For DNS, TCP and TLS together; default 3,000. Keep it within the upstream's deadline: a call that gave up while
   * connecting holds its connection until then.
   */
  readonly connectTimeoutMs?: number
}

export interface Transport {
  /**
   * Settles within `remainingMs`, whatever the network does.
   * Rejects with a `TransportFault`; with a `TypeError` when the request cannot be written as HTTP (a line break in a header),
   * or its path would lead elsewhere.
   */
  send(request: WireRequest, remainingMs: number): Promise<WireAnswer>
  /** Refuses new calls, lets those under way end, then closes the connections. */
  close(): Promise<void>
}

export type TransportFaultCode = Extract<
  FailureCode,
  'UPSTREAM_UNAVAILABLE' | 'UPSTREAM_TIMEOUT' | 'UPSTREAM_UNREADABLE'
>

/**
 * Nothing usable came back. The reason is an error code such as `ECONNREFUSED`; there is no `cause`, because a library's
 * error may hold addresses or bytes of the answer.
 */
export class TransportFault extends Error {
  readonly code: TransportFaultCode
  readonly sent: Sent

  constructor(code: TransportFaultCode, sent: Sent, reason: string) {
    super(`${code} (${reason})`)
    this.name = 'TransportFault'
    this.code = code
    this.sent = sent
  }
}

/**
 * One slash first, no dot segment, no backslash, no fragment: what is asked stays below the base URL, also in the eyes of a
 * proxy or server that tidies up a path. Connections go to the base URL's origin alone, whatever a path says.
 */
const staysBelow = /^\/(?!\/)(?!(?:[^?]*\/)?(?:\.|%2e){1,2}(?:[/?]|$))[^\\#]*$/i

export function createTransport(options: TransportOptions): Transport {
  const {
    baseUrl,
    connections,
    tls = {},
    maxAnswerBytes = 5 * 1024 * 1024,
    connectTimeoutMs = 3_000,
  } = options
  const { origin, protocol, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/+$/, '')
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout: connectTimeoutMs,
    maxResponseSize: maxAnswerBytes,
    // The caller's deadline is the only clock of a call.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(protocol === 'https:' && { connect: secureConnect(tls) }),
    factory: (url, clientOptions) => new Connection(url, clientOptions),
  })
  let callsUnderWay = 0
  let closing: PromiseWithResolvers<void> | undefined

  function onSettled() {
    callsUnderWay -= 1
    if (callsUnderWay === 0) closing?.resolve()
  }

  return {
    send({ method, path, headers, body }, remainingMs) {
      if (closing) return Promise.reject(new TransportFault('UPSTREAM_UNAVAILABLE', 'no', 'closed'))
      if (remainingMs <= 0) return Promise.reject(new TransportFault('UPSTREAM_TIMEOUT', 'no', 'deadline'))
      if (!staysBelow.test(path)) return Promise.reject(new TypeError('a path that leads elsewhere'))
      callsUnderWay += 1
      const exchange = new Exchange(remainingMs, maxAnswerBytes, onSettled)
      pool.dispatch({ method, path: prefix + path, headers, body }, exchange)
      return exchange.answer
    },
    async close() {
      closing ??= Promise.withResolvers()
      if (callsUnderWay === 0) closing.resolve()
      await closing.promise
      await pool.destroy()
    },
  }
}

/** Reads the certificates once, so that a broken one stops the start. What the environment or a flag allows does not count. */
const secureConnect = ({ ca, cert, key, serverName }: NonNullable<TransportOptions['tls']>) => ({
  secureContext: createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' }),
  rejectUnauthorized: true,
  ...(serverName !== undefined && { servername: serverName }),
})

/** One call. undici reports to it, the deadline ends it; whichever comes first settles it, once. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<WireAnswer>
  /** undici refused to write the request. */
  isInvalid = false

  readonly #resolve: (answer: WireAnswer) => void
  readonly #reject: (error: Error) => void
  readonly #maxAnswerBytes: number
  readonly #onSettled: () => void
  readonly #timer: NodeJS.Timeout
  readonly #endsAt: number
  readonly #chunks: Buffer[] = []
  #isSettled = false
  #sent: Sent = 'no'
  #status = 0
  #headers: WireAnswer['headers'] = {}
  #controller: Dispatcher.DispatchController | undefined

  constructor(remainingMs: number, maxAnswerBytes: number, onSettled: () => void) {
    const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>()
    this.answer = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#maxAnswerBytes = maxAnswerBytes
    this.#onSettled = onSettled
    this.#timer = setTimeout(expire, remainingMs, this)
    this.#endsAt = performance.now() + remainingMs
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    // Its turn came too late. Thrown here, it ends before a byte leaves and the connection lives on; an abort would close it.
    // The clock is asked as well: a process that stood still finds its timers late.
    if (!this.#isSettled && performance.now() >= this.#endsAt) this.expire()
    if (this.#isSettled) throw new Error('expired')
    this.#sent = 'maybe'
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: WireAnswer['headers']) {
    if (status < 200) return // an interim answer
    this.#sent = 'yes'
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer) {
    this.#chunks.push(chunk)
  }

  onResponseEnd() {
    const chunks = this.#chunks
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    const encoding = this.#headers['content-encoding']
    if (encoding === undefined) return this.#succeed(body)
    try {
      this.#succeed(decompress(body, String(encoding), this.#maxAnswerBytes))
    } catch {
      this.#fail(new TransportFault('UPSTREAM_UNREADABLE', this.#sent, 'content-encoding'))
    }
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error & { code?: string }) {
    this.isInvalid = error instanceof errors.InvalidArgumentError
    if (this.isInvalid) return this.#fail(new TypeError(error.message)) // names the header, not its value
    const code = isUnreadable(this.#sent, error) ? 'UPSTREAM_UNREADABLE' : 'UPSTREAM_UNAVAILABLE'
    this.#fail(new TransportFault(code, this.#sent, error.code ?? error.name))
  }

  expire() {
    const fault = new TransportFault('UPSTREAM_TIMEOUT', this.#sent, 'deadline')
    this.#fail(fault)
    this.#controller?.abort(fault)
  }

  #succeed(body: Buffer) {
    if (this.#settle()) this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  #fail(error: Error) {
    if (this.#settle()) this.#reject(error)
  }

  #settle(): boolean {
    if (this.#isSettled) return false
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.#onSettled()
    return true
  }
}

const expire = (exchange: Exchange) => exchange.expire()

/**
 * A pool takes a connection that refuses an invalid request for a full one, and never asks it again:
 * one line break in one header, and every later call would wait for ever. This one says that it is still free.
 */
class Connection extends Client {
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return super.dispatch(options, handler) || (handler as Exchange).isInvalid
  }
}

/** Something came, but no usable HTTP: broken off after its headers, not HTTP at all, or headers without end. */
const isUnreadable = (sent: Sent, error: Error): boolean =>
  sent === 'yes' || error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError

/** We never ask for compression; some agencies compress all the same. */
function decompress(body: Buffer, encoding: string, maxOutputLength: number): Buffer {
  if (body.length === 0) return body
  switch (encoding.toLowerCase()) {
    case 'identity':
      return body
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return unzipSync(body, { maxOutputLength })
    case 'br':
      return brotliDecompressSync(body, { maxOutputLength })
    default:
      throw new TypeError('unknown content-encoding')
  }
}
