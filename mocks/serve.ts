import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSky, UnknownWeather, type Weather, type WeatherLimits } from './weather.ts'

export interface Answer {
  status?: number
  contentType?: string
  body: string
}

/** One thing that an agency can be asked. */
interface Method {
  /** Under this name its calls are counted. */
  name: string
  /** `trouble` is one of the agency's own weather words, when that is the weather. */
  answer(body: string, trouble: string | undefined, headers: IncomingHttpHeaders): Answer
}

interface ServeOptions {
  /** 0, the default, takes a free one. */
  port?: number | undefined
  /** Weather from the start. */
  weather?: string | undefined
  /** Weather words that only this agency knows. */
  troubles: readonly string[]
  /** `undefined` is an unknown path: 404. */
  route(path: string): Method | undefined
  /** A `POST /mock/<word>` of the agency's own; `undefined` is a word that it does not know. */
  steer?(word: string, body: string): Promise<Answer> | Answer | undefined
  /** What `GET /mock/<word>` shows of the agency; `undefined` likewise. */
  show?(word: string): unknown
}

/** A stand-in agency at work. */
export interface Serving {
  url: string
  /** Calls received, by method name, whatever the weather did to them. */
  calls: Readonly<Record<string, number>>
  sockets: {
    /** Connections accepted so far. */
    readonly opened: number
    /** Calls whose client went away before it had the answer. */
    readonly aborted: number
  }
  /** The latest calls, oldest first; never more than a hundred, so that a load run does not fill the memory. */
  received: readonly Received[]
  setWeather(weather: string, limits?: WeatherLimits): void
  clearWeather(): void
  close(): Promise<void>
}

interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

const keepReceived = 100

// What an intermediate proxy of a ministry puts in front of an answer.
const proxyPage =
  '<!DOCTYPE html><html><head><title>Pemberitahuan</title></head>' +
  '<body><h1>Akses melalui proksi</h1><p>Permintaan Anda sedang diperiksa.</p></body></html>'

/** The HTTP server under every stand-in agency: reading, counting, weather, and `/mock/*` to steer it. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const sky = createSky(options.troubles)
  if (options.weather) sky.set(options.weather)
  const calls: Record<string, number> = {}
  const sockets = { opened: 0, aborted: 0 }
  const received: Received[] = []

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    if (body === null) {
      sockets.aborted += 1
      return
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path.startsWith('/mock/')) return steer(request.method, path, body, response)

    const method = options.route(path)
    if (!method) return send(response, errorPage(404))
    if (request.method !== 'POST') return send(response, errorPage(405))

    calls[method.name] = (calls[method.name] ?? 0) + 1
    received.push({ method: method.name, path, headers: request.headers, body })
    if (received.length > keepReceived) received.shift()

    const weather = sky.next(request.headers['x-mock']?.toString())
    const brokenByUs = weather?.kind === 'reset' || weather?.kind === 'truncated'
    response.once('close', () => {
      if (!response.writableFinished && !brokenByUs) sockets.aborted += 1
    })
    answerIn(weather, trouble => method.answer(body, trouble, request.headers), response)
  }

  async function steer(
    verb: string | undefined,
    path: string,
    body: string,
    response: ServerResponse,
  ): Promise<void> {
    if (path === '/mock/calls' && verb === 'GET') return sendJson(response, 200, { calls, sockets })
    if (path !== '/mock/weather') {
      const word = path.slice('/mock/'.length)
      const shown = verb === 'GET' ? options.show?.(word) : undefined
      if (shown !== undefined) return sendJson(response, 200, shown)
      const answer = verb === 'POST' && options.steer?.(word, body)
      return send(response, answer ? await answer : errorPage(404))
    }
    if (verb === 'POST') {
      const order = readOrder(body)
      if (!order)
        return sendJson(response, 400, { error: 'send {"weather":"slow=2000","forMs":10000,"calls":5}' })
      sky.set(order.weather, order)
    } else if (verb === 'DELETE') {
      sky.clear()
    } else if (verb !== 'GET') {
      return send(response, errorPage(405))
    }
    sendJson(response, 200, sky.read())
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof UnknownWeather) sendJson(response, 400, { error: error.message })
      else {
        console.error(error)
        send(response, errorPage(500))
      }
    })
  })
  server.on('connection', () => {
    sockets.opened += 1
  })
  server.keepAliveTimeout = 60_000 // a client's idle connection must not die under its next call
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    sockets,
    received,
    setWeather: (weather, limits) => sky.set(weather, limits),
    clearWeather: () => sky.clear(),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function answerIn(
  weather: Weather | null,
  ask: (trouble: string | undefined) => Answer,
  response: ServerResponse,
): void {
  if (weather?.kind === 'html') return send(response, { contentType: 'text/html', body: proxyPage })
  if (weather?.kind === 'empty') return send(response, { body: '' })
  if (weather?.kind === 'status') return send(response, errorPage(weather.status))

  const answer = ask(weather?.kind === 'trouble' ? weather.word : undefined)
  switch (weather?.kind) {
    case 'hang':
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'lost':
      return send(response, errorPage(weather.status))
    case 'truncated':
      return sendHalf(response, answer)
    case 'slow': {
      const timer = setTimeout(() => send(response, answer), weather.ms)
      response.once('close', () => clearTimeout(timer))
      return
    }
    default:
      send(response, answer)
  }
}

/** `null` when the client went away before the end of its request. */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', () => resolve(null))
  })
}

function readOrder(body: string): ({ weather: string } & WeatherLimits) | null {
  let order: unknown
  try {
    order = JSON.parse(body)
  } catch {
    return null
  }
  if (typeof order !== 'object' || order === null || !('weather' in order)) return null
  const { weather, forMs, calls } = order as Record<'weather' | 'forMs' | 'calls', unknown>
  if (typeof weather !== 'string' || !isLimit(forMs) || !isLimit(calls)) return null
  return { weather, forMs, calls }
}

function isLimit(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && value > 0)
}

function send(
  response: ServerResponse,
  { status = 200, contentType = 'application/json', body }: Answer,
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, { status, body: `${JSON.stringify(value)}\n` })
}

function sendHalf(response: ServerResponse, { body }: Answer): void {
  const bytes = Buffer.from(body)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
  response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy())
}

function errorPage(status: number): Answer {
  return {
    status,
    contentType: 'text/html',
    body: `<!doctype html><html><body><h1>HTTP Status ${status}</h1></body></html>`,
  }
}
