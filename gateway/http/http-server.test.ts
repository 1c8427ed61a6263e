/** What no HTTP client sends: raw bytes on real sockets. */
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FailureCode } from '#contracts/failures.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { expectProblem } from '#gateway/testing/expect-problem.ts'
import { readJson } from './body.ts'
import { createHttpServer } from './http-server.ts'

const refused: FailureCode[] = []
const reached: string[] = []
const app = new Hono()
  .post('/echo', async c => {
    const body = await readJson(c)
    reached.push('echo')
    return c.json(body)
  })
  .get('/large', c => c.text('.'.repeat(64 * 1024 * 1024)))
  .get('/slow/:number', async c => {
    await new Promise(resolve => setTimeout(resolve, 20))
    return c.text(`answer ${c.req.param('number')}`)
  })
  .get('/headers', c => c.json([...c.req.raw.headers]))
  .onError((error, c) => c.text(error instanceof GatewayFailure ? error.code : 'fault', 400))

const server = (options: Partial<Parameters<typeof createHttpServer>[1]> = {}) =>
  createHttpServer(app.fetch, {
    connections: 100,
    stalledMs: 60_000,
    onRefused: code => refused.push(code),
    ...options,
  })

/** Short, so that the tests are; nothing is asserted about how long it took. */
const hasty = { http: { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 } }

const cleanups: (() => void)[] = []
beforeEach(() => {
  refused.length = 0
  reached.length = 0
})
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

async function listen(listening: ReturnType<typeof createHttpServer>): Promise<number> {
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  cleanups.push(() => {
    listening.closeAllConnections()
    listening.close()
  })
  return (listening.address() as AddressInfo).port
}

interface Connection {
  readonly socket: Socket
  /** All that came, once the other side has ended it. */
  readonly ended: Promise<string>
  readonly received: () => string
}

function open(port: number): Connection {
  const socket = connect(port, '127.0.0.1')
  cleanups.push(() => void socket.destroy())
  let received = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => {}) // being cut off is what some are there for
  return { socket, ended: once(socket, 'close').then(() => received), received: () => received }
}

/** Sends these bytes and nothing more; what comes until the server ends the connection. */
async function send(text: string | Buffer, port?: number): Promise<string> {
  const { socket, ended } = open(port ?? (await listen(server())))
  socket.write(text)
  return ended
}

/** The one answer in what came, checked to be a whole problem document. */
function problemIn(raw: string) {
  const [head = '', body = ''] = raw.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = new Headers(lines.map(line => line.split(': ') as [string, string]))
  const response = new Response(body, { status: Number(statusLine.split(' ')[1]), headers })
  const problem = JSON.parse(body) as { code: FailureCode; source: string; sent: string }
  expectProblem(response, problem)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  return problem
}

const host = 'Host: gateway\r\n'
const post = `POST /echo HTTP/1.1\r\n${host}`
const last = 'Connection: close\r\n'

describe('what is no valid HTTP is refused, and reaches nobody', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['an unknown method', `ROB /echo HTTP/1.1\r\n${host}\r\n`],
    ['a version that is none', `GET /echo HTTP/9.9\r\n${host}\r\n`],
    ['a tunnel', 'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n'],
    ['two lengths', `${post}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}`],
    ['a length and chunks', `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{}`],
    ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n{}`],
    ['chunks that are not the last coding', `${post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ['a coding that looks like chunks', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['chunks in disguise', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
    ['a length with a sign', `${post}Content-Length: +2\r\n\r\n{}`],
    ['a length of letters', `${post}Content-Length: 0x2\r\n\r\n{}`],
    ['a chunk size that is none', `${post}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n`],
    ['a folded header', `${post}X-Folded: a\r\n b\r\n\r\n`],
    ['a bare line feed between headers', `POST /echo HTTP/1.1\n${host}\n`],
    ['a bare carriage return in a header', `${post}X-Bare: a\rContent-Length: 2\r\n\r\n{}`],
    ['a null byte in a header', `${post}X-Null: a\0b\r\n\r\n`],
    ['a name with a space', `${post}Mpp Case: a\r\n\r\n`],
  ])('%s', async (_, bytes) => {
    const raw = await send(bytes)
    expect(reached).toEqual([])
    if (raw !== '') expect(problemIn(raw)).toMatchObject({ code: 'REQUEST_MALFORMED', source: 'gateway' })
  })

  it.each([
    ['no host', `GET /headers HTTP/1.1\r\n`],
    ['a host that is none', 'GET /headers HTTP/1.1\r\nHost: a/b@c\r\n'],
    ['a target with a backslash', `GET /\\elsewhere.example HTTP/1.1\r\n${host}`],
    ['a target without a slash', `GET headers HTTP/1.1\r\n${host}`],
    ['a target of everything', `OPTIONS * HTTP/1.1\r\n${host}`],
  ])('%s', async (_, head) => {
    expect(problemIn(await send(`${head}\r\n`)).code).toBe('REQUEST_MALFORMED')
    expect(refused).toEqual(['REQUEST_MALFORMED'])
  })

  it('after an answer that was begun: the connection ends, and nothing is said twice', async () => {
    const { socket, ended, received } = open(await listen(server()))
    socket.write(`GET /large HTTP/1.1\r\n${host}\r\n`)
    await vi.waitFor(() => expect(received()).toMatch(/^HTTP\/1.1 200/))
    socket.write('no HTTP\r\n\r\n')
    expect((await ended).match(/HTTP\/1.1/g)).toHaveLength(1)
  })
})

it('a fault that falls through the app is told by its code alone', async () => {
  const broken = () => Promise.reject(new Error('rahasia'))
  const onRefused = vi.fn()
  const port = await listen(createHttpServer(broken, { connections: 1, stalledMs: 1_000, onRefused }))
  const raw = await send(`GET /headers HTTP/1.1\r\n${host}\r\n`, port)
  expect(problemIn(raw).code).toBe('INTERNAL_ERROR')
  expect(raw).not.toContain('rahasia')
  expect(onRefused).toHaveBeenCalledWith('INTERNAL_ERROR', expect.any(Error))
})

describe('too much', () => {
  it.each([
    ['one header', `${post}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['many headers', `${post}${'X: x\r\n'.repeat(100)}\r\n`],
    ['many more headers', `${post}${'X: x\r\n'.repeat(10_000)}\r\n`],
    ['a target', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`],
  ])('of %s is refused before it is read', async (_, bytes) => {
    expect(problemIn(await send(bytes)).code).toBe('HEADERS_TOO_LARGE')
    expect(refused).toEqual(['HEADERS_TOO_LARGE'])
  })

  it('of chunk extensions is refused', async () => {
    const extension = `;x=${'x'.repeat(20_000)}`
    const raw = await send(`${post}Transfer-Encoding: chunked\r\n\r\n2${extension}\r\n{}\r\n0\r\n\r\n`)
    expect(problemIn(raw).code).toBe('BODY_TOO_LARGE')
  })

  it('of connections is cut off, and those that are open are served', async () => {
    const port = await listen(server({ connections: 1 }))
    const first = open(port)
    await once(first.socket, 'connect')
    first.socket.write(`GET /slow/1 HTTP/1.1\r\n${host}\r\n`)
    await vi.waitFor(() => expect(first.received()).toContain('answer 1'))
    expect(await send(`GET /slow/2 HTTP/1.1\r\n${host}\r\n`, port)).toBe('')
    first.socket.write(`GET /slow/3 HTTP/1.1\r\n${host}\r\n`)
    await vi.waitFor(() => expect(first.received()).toContain('answer 3'))
  })
})

describe('too slow', () => {
  it.each([
    ['headers that never end', `GET /headers HTTP/1.1\r\n${host}X-More: `],
    ['a body that never comes', `${post}Content-Length: 2\r\n\r\n`],
    ['a body that breaks off', `${post}Content-Length: 2\r\n\r\n{`],
    ['chunks that never end', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`],
  ])('%s', async (_, bytes) => {
    const raw = await send(bytes, await listen(server(hasty)))
    expect(problemIn(raw).code).toBe('REQUEST_TIMEOUT')
    expect(refused).toEqual(['REQUEST_TIMEOUT'])
  })

  it.each([
    ['headers', `GET /headers HTTP/1.1\r\n${host}`, 'X-More: x\r\n'],
    ['a body', `${post}Content-Length: 1000\r\n\r\n`, ' '],
  ])('%s that trickle in are no excuse', async (_, start, drop) => {
    const { socket, ended } = open(await listen(server(hasty)))
    socket.write(start)
    const drip = setInterval(() => socket.write(drop), 10)
    cleanups.push(() => clearInterval(drip))
    expect(problemIn(await ended).code).toBe('REQUEST_TIMEOUT')
  })

  it('a connection on which nothing is said is closed', async () => {
    expect(await send('', await listen(server(hasty)))).not.toContain('HTTP/1.1 200')
  })

  it('a caller that does not read its answer is closed', async () => {
    const patient = server({ stalledMs: 200 })
    const { socket, received } = open(await listen(patient))
    const connections = promisify(patient.getConnections.bind(patient))
    socket.once('data', () => socket.pause())
    socket.write(`GET /large HTTP/1.1\r\n${host}\r\n`)
    await vi.waitFor(() => expect(received()).toMatch(/^HTTP\/1.1 200/))
    await vi.waitFor(async () => expect(await connections()).toBe(0), 10_000)
  })
})

describe('what is unusual, but valid', () => {
  it('a caller that closes its side has gone, and its connection goes too', async () => {
    const { socket, ended } = open(await listen(server()))
    socket.end(`GET /slow/1 HTTP/1.1\r\n${host}\r\n`)
    await ended
  })

  it('requests in a row are answered in their order', async () => {
    const numbers = Array.from({ length: 50 }, (_, number) => number)
    const requests = numbers.map(number => `GET /slow/${number} HTTP/1.1\r\n${host}`)
    const raw = await send(`${requests.join('\r\n')}${last}\r\n`)
    expect([...raw.matchAll(/answer (\d+)/g)].map(match => Number(match[1]))).toEqual(numbers)
  })

  it('the body of one is never the start of the next', async () => {
    const smuggled = `GET /slow/666 HTTP/1.1\r\n${host}\r\n`
    const raw = await send(`${post}Content-Length: ${smuggled.length}\r\n${last}\r\n${smuggled}`)
    expect(raw).toContain('BODY_MALFORMED')
    expect(raw).not.toContain('answer')
  })

  it('an expectation that nobody knows is passed over', async () => {
    const raw = await send(`${post}Expect: miracles\r\nContent-Length: 2\r\n${last}\r\n{}`)
    expect(raw).toMatch(/^HTTP\/1.1 200/)
  })

  it('an upgrade that nobody offers is passed over', async () => {
    const raw = await send(
      `GET /headers HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
    )
    expect(raw).toMatch(/^HTTP\/1.1 200/)
  })

  it('the same header twice is one with both, which nobody takes for either', async () => {
    const raw = await send(
      `GET /headers HTTP/1.1\r\n${host}Authorization: Bearer one\r\nAuthorization: Bearer two\r\nMpp-Case: a\r\nMpp-Case: b\r\n${last}\r\n`,
    )
    expect(raw).toContain('["authorization","Bearer one, Bearer two"]')
    expect(raw).toContain('["mpp-case","a, b"]')
  })

  it('a packed body is not unpacked', async () => {
    const bomb = gzipSync(`{"a":"${' '.repeat(10_000_000)}"}`)
    const head = `${post}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n${last}\r\n`
    expect(await send(Buffer.concat([Buffer.from(head), bomb]))).toContain('BODY_MALFORMED')
  })
})
