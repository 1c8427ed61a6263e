import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createTransport,
  type Transport,
  type TransportOptions,
  TransportFault,
  type WireRequest,
} from './transport.ts'

const nik = '9999011501900001'
const question: WireRequest = {
  method: 'POST',
  path: '/lookup',
  headers: { 'content-type': 'application/json', authorization: 'Basic cmFoYXNpYQ==' },
  body: JSON.stringify({ NIK: nik }),
}
/** Long enough for any answer on this machine; what hangs, hangs for ever and would run into the test's own time limit. */
const plenty = 4_000

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** Listens on a free port of 127.0.0.1 until the test ends. */
async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>()
  server.on('connection', socket => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  cleanups.push(async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as net.AddressInfo).port
}

function transportTo(port: number, options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({
    baseUrl: `http://127.0.0.1:${port}`,
    connections: 2,
    connectTimeoutMs: 60_000,
    ...options,
  })
  cleanups.push(() => transport.close())
  return transport
}

/** An agency that writes its bytes as they are. */
const rawAgency = (answer: (socket: net.Socket) => void) =>
  listen(net.createServer(socket => socket.once('data', () => answer(socket))))

async function faultOf(call: Promise<unknown>): Promise<TransportFault> {
  const error: unknown = await call.then(
    () => 'an answer',
    (rejection: unknown) => rejection,
  )
  expect(error).toBeInstanceOf(TransportFault)
  return error as TransportFault
}

const faultFrom = async (agency: Promise<number>, remainingMs = plenty) =>
  faultOf(transportTo(await agency).send(question, remainingMs))

describe('an answer', () => {
  test('arrives whole, after a request that arrives whole', async () => {
    let seen = {}
    const port = await listen(
      http.createServer(async (request, response) => {
        const { method, url, headers } = request
        seen = { method, url, headers, body: Buffer.concat(await Array.fromAsync(request)).toString() }
        response.writeHead(503, { 'X-Kode': 'sibuk', 'Set-Cookie': ['a=1', 'b=2'] })
        response.write('{"RESPON":')
        setTimeout(() => response.end('"coba lagi"}'), 20)
      }),
    )
    const transport = transportTo(port, { baseUrl: `http://127.0.0.1:${port}/dukcapil/` })

    const { status, headers, body } = await transport.send(question, plenty)

    expect(status).toBe(503)
    expect(headers).toMatchObject({ 'x-kode': 'sibuk', 'set-cookie': ['a=1', 'b=2'] })
    expect(body.toString()).toBe('{"RESPON":"coba lagi"}')
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/dukcapil/lookup',
      headers: { ...question.headers, 'content-length': String(question.body?.length) },
      body: question.body,
    })
    expect(seen).not.toHaveProperty('headers.accept-encoding')
  })

  test('may be empty', async () => {
    const port = await listen(http.createServer((_, response) => response.writeHead(204).end()))
    const answer = await transportTo(port).send({ method: 'GET', path: '/', headers: {}, body: null }, plenty)
    expect(answer).toMatchObject({ status: 204, body: Buffer.alloc(0) })
  })

  test('a redirect is an answer and is not followed', async () => {
    let requests = 0
    const port = await listen(
      http.createServer((_, response) => {
        requests += 1
        response.writeHead(307, { location: '/elsewhere' }).end()
      }),
    )
    expect(await transportTo(port).send(question, plenty)).toMatchObject({
      status: 307,
      headers: { location: '/elsewhere' },
    })
    expect(requests).toBe(1)
  })

  test.each([
    ['gzip', gzipSync('{"NAMA":"WARGA CONTOH SATU"}')],
    ['deflate', deflateSync('{"NAMA":"WARGA CONTOH SATU"}')],
    ['br', brotliCompressSync('{"NAMA":"WARGA CONTOH SATU"}')],
    ['identity', Buffer.from('{"NAMA":"WARGA CONTOH SATU"}')],
  ])('compressed without being asked: %s', async (encoding, bytes) => {
    const port = await listen(
      http.createServer((_, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
      ),
    )
    const { body } = await transportTo(port).send(question, plenty)
    expect(body.toString()).toBe('{"NAMA":"WARGA CONTOH SATU"}')
  })

  test('200 calls at once over three connections are all answered, each with its own', async () => {
    const connections = new Set<net.Socket>()
    const port = await listen(
      http.createServer((request, response) => {
        connections.add(request.socket)
        response.end(request.url)
      }),
    )
    const transport = transportTo(port, { connections: 3 })
    const paths = Array.from({ length: 200 }, (_, index) => `/${index}`)
    const answers = await Promise.all(paths.map(path => transport.send({ ...question, path }, plenty)))
    expect(answers.map(({ body }) => body.toString())).toEqual(paths)
    expect(connections.size).toBe(3)
  })
})

describe('the deadline', () => {
  test('holds when TCP is accepted and TLS is never answered', async () => {
    const port = await listen(net.createServer(() => {}))
    const transport = transportTo(port, { baseUrl: `https://127.0.0.1:${port}` })
    expect(await faultOf(transport.send(question, 100))).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      sent: 'no',
    })
  })

  test('holds in the queue behind a hanging call; the late request is dropped, its connection is not', async () => {
    const paths: (string | undefined)[] = []
    let connections = 0
    let answerFirst = () => {}
    const server = http.createServer((request, response) => {
      paths.push(request.url)
      if (request.url === '/first') answerFirst = () => response.end('late')
      else response.end('at once')
    })
    server.on('connection', () => (connections += 1))
    const transport = transportTo(await listen(server), { connections: 1 })

    const first = transport.send({ ...question, path: '/first' }, plenty)
    const queued = transport.send({ ...question, path: '/queued' }, 100)
    expect(await faultOf(queued)).toMatchObject({ code: 'UPSTREAM_TIMEOUT', sent: 'no' })

    const third = transport.send({ ...question, path: '/third' }, plenty)
    await vi.waitFor(() => expect(paths).toEqual(['/first']))
    answerFirst()
    expect((await first).body.toString()).toBe('late')
    expect((await third).body.toString()).toBe('at once')
    expect(paths).toEqual(['/first', '/third'])
    expect(connections).toBe(1)
  })

  test('holds when no answer comes, and the agency sees the connection close', async () => {
    const server = http.createServer(() => {})
    const port = await listen(server)
    const closed = once(server, 'connection').then(([socket]: net.Socket[]) => once(socket!, 'close'))
    const fault = await faultOf(transportTo(port).send(question, 500))
    expect(fault).toMatchObject({ code: 'UPSTREAM_TIMEOUT', sent: 'maybe' })
    await closed
  })

  test('holds while a body trickles in', async () => {
    const agency = rawAgency(socket => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
      const drip = setInterval(() => socket.write('.'), 10)
      socket.on('close', () => clearInterval(drip))
    })
    expect(await faultFrom(agency, 500)).toMatchObject({ code: 'UPSTREAM_TIMEOUT', sent: 'yes' })
  })

  test('already past: nothing is sent', async () => {
    const server = http.createServer()
    const connected = vi.fn()
    server.on('connection', connected)
    expect(await faultFrom(listen(server), 0)).toMatchObject({ code: 'UPSTREAM_TIMEOUT', sent: 'no' })
    expect(connected).not.toHaveBeenCalled()
  })
})

describe('an agency that cannot be reached', () => {
  test('refuses the connection', async () => {
    const server = net.createServer()
    const port = await listen(server)
    await new Promise(resolve => server.close(resolve))
    expect(await faultOf(transportTo(port).send(question, plenty))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      sent: 'no',
    })
  })

  test('does not connect in time, with time left to try again', async () => {
    const port = await listen(net.createServer(() => {}))
    const transport = transportTo(port, { baseUrl: `https://127.0.0.1:${port}`, connectTimeoutMs: 100 })
    expect(await faultOf(transport.send(question, plenty))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      sent: 'no',
    })
  })

  test.each([
    ['resets', (socket: net.Socket) => socket.resetAndDestroy()],
    ['hangs up', (socket: net.Socket) => socket.end()],
    [
      'hangs up in the middle of its headers',
      (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-'),
    ],
  ])('%s before its answer', async (_, answer) => {
    expect(await faultFrom(rawAgency(answer))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', sent: 'maybe' })
  })

  test('has closed a kept-alive connection between two calls: the second takes a new one', async () => {
    let connections = 0
    const server = net.createServer(socket => {
      connections += 1
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', () => socket.end()),
      )
    })
    const transport = transportTo(await listen(server), { connections: 1 })
    await transport.send(question, plenty)
    await transport.send(question, plenty)
    expect(connections).toBe(2)
  })
})

describe('an unreadable answer', () => {
  test.each([
    [
      'a body that breaks off',
      'yes',
      (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"N'),
    ],
    [
      'a reset in its body',
      'yes',
      (socket: net.Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"N', () =>
          setTimeout(() => socket.resetAndDestroy(), 20),
        )
      },
    ],
    [
      'a chunk that breaks off',
      'yes',
      (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"N'),
    ],
    ['not HTTP', 'maybe', (socket: net.Socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'headers without end',
      'maybe',
      (socket: net.Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(99_000)}`),
    ],
  ] as const)('%s', async (_, sent, answer) => {
    expect(await faultFrom(rawAgency(answer))).toMatchObject({ code: 'UPSTREAM_UNREADABLE', sent })
  })

  test('one larger than the cap is cut off', async () => {
    const closed = Promise.withResolvers<void>()
    const port = await rawAgency(socket => {
      socket.on('close', () => closed.resolve())
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n')
      socket.write('.'.repeat(1_001))
    })
    const transport = transportTo(port, { maxAnswerBytes: 1_000 })
    expect(await faultOf(transport.send(question, plenty))).toMatchObject({
      code: 'UPSTREAM_UNREADABLE',
      sent: 'yes',
    })
    await closed.promise
  })

  test.each([
    ['a lie', 'gzip', Buffer.from('{"NAMA":"WARGA CONTOH SATU"}')],
    ['cut off', 'gzip', gzipSync('{"NAMA":"WARGA CONTOH SATU"}').subarray(0, 20)],
    ['beyond the cap once unpacked', 'br', brotliCompressSync('.'.repeat(1_001))],
    ['an unknown one', 'aws-chunked', Buffer.from('{}')],
  ])('its content-encoding is %s', async (_, encoding, bytes) => {
    const port = await listen(
      http.createServer((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
      ),
    )
    const transport = transportTo(port, { maxAnswerBytes: 1_000 })
    expect(await faultOf(transport.send(question, plenty))).toMatchObject({
      code: 'UPSTREAM_UNREADABLE',
      sent: 'yes',
    })
  })
})

test('a fault holds nothing of the request or the answer', async () => {
  const agencies = [
    rawAgency(socket => socket.end(`WARGA CONTOH SATU ${nik}\r\n\r\n`)),
    rawAgency(socket =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"NAMA":"WARGA CONTOH SATU"`),
    ),
    rawAgency(socket => socket.end()),
  ]
  for (const agency of agencies) {
    const fault = await faultFrom(agency)
    const everything = Reflect.ownKeys(fault).map(key => String(Reflect.get(fault, key)))
    expect(everything.join()).not.toMatch(/WARGA|9999|NIK|lookup|cmFoYXNpYQ|127\.0\.0\.1/)
    expect(fault.cause).toBeUndefined()
  }
})

describe('a path', () => {
  const received: string[] = []
  let transport: Transport
  beforeEach(async () => {
    received.length = 0
    const port = await listen(
      http.createServer((request, response) => {
        received.push(`${request.headers.host}${request.url}`)
        response.end()
      }),
    )
    transport = transportTo(port, { baseUrl: `http://127.0.0.1:${port}/gateway` })
  })
  const send = (path: string) => transport.send({ ...question, path }, plenty)

  test.each([
    '//elsewhere.example/lookup',
    '/\\elsewhere.example/lookup',
    'http://elsewhere.example/lookup',
    '@elsewhere.example/lookup',
    ':80@elsewhere.example/lookup',
    '.elsewhere.example/lookup',
    '',
    '/../lookup',
    '/a/../../lookup',
    '/a/%2E%2e/../lookup',
    '/a/..',
    '/./lookup',
    '/..?a=b',
    '/a\\..\\lookup',
    '/lookup#fragment',
    '/lookup HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n',
    '/lookup\n',
    '/lookup\u010D\u010Aa', // bytes of a line break, if cut to one each
  ])('that would lead elsewhere is not sent: %j', async path => {
    await expect(send(path)).rejects.toThrow(TypeError)
    expect(received).toEqual([])
  })

  test.each(['/', '/lookup', '/a//b', '/.well-known/a..b', '/lookup?next=//b/../c', '/...', '/@user:80'])(
    'that does not is sent as it is, to the same house: %j',
    async path => {
      await send(path)
      expect(received).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+\/gateway/)])
      expect(received[0]).toContain(`/gateway${path}`)
    },
  )
})

test('a proxy that the environment names is not used', async () => {
  const seen = vi.fn()
  const proxy = await listen(http.createServer(seen))
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(name, `http://127.0.0.1:${proxy}`)
  vi.stubEnv('NODE_USE_ENV_PROXY', '1')
  const port = await listen(http.createServer((_, response) => response.end()))
  expect(await transportTo(port).send(question, plenty)).toMatchObject({ status: 200 })
  expect(seen).not.toHaveBeenCalled()
})

test('a request that is not HTTP is refused as such, and the next one goes through', async () => {
  const port = await listen(http.createServer((_, response) => response.end()))
  const transport = transportTo(port, { connections: 1 })
  const broken = { ...question, headers: { authorization: 'rahasia\n' } }
  const calls = [broken, question, broken, broken, question].map(request => transport.send(request, plenty))
  const outcomes = (await Promise.allSettled(calls)).map(call =>
    call.status === 'fulfilled' ? call.value.status : String(call.reason),
  )
  const refused = 'TypeError: invalid authorization header'
  expect(outcomes).toEqual([refused, 200, refused, refused, 200])
})

describe('close', () => {
  test('lets a call under way end, refuses new ones, and then no connection is left', async () => {
    const server = http.createServer((_, response) => setTimeout(() => response.end('done'), 100))
    server.keepAliveTimeout = 600_000 // nobody else closes it
    const closed = once(server, 'connection').then(([socket]: net.Socket[]) => once(socket!, 'close'))
    const transport = transportTo(await listen(server))
    const call = transport.send(question, plenty)
    const closing = transport.close()
    expect(await faultOf(transport.send(question, plenty))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      sent: 'no',
    })
    expect((await call).body.toString()).toBe('done')
    await closing
    await closed
  })

  test('does not wait for calls that have given up', async () => {
    const port = await listen(net.createServer(() => {}))
    const transport = transportTo(port, { baseUrl: `https://127.0.0.1:${port}`, connections: 1 })
    await Promise.all([faultOf(transport.send(question, 50)), faultOf(transport.send(question, 50))])
    await transport.close()
  })
})

const openssl = hasOpenssl()
if (!openssl) console.warn('SKIPPED: certificates are not tested, because there is no openssl command')

describe.skipIf(!openssl && !process.env['CI'])('certificates', () => {
  let certificate: { cert: string; key: string }
  beforeAll(() => {
    certificate = selfSigned('agency.example')
  })

  const listenSecurely = async (options: tls.TlsOptions = {}) => {
    const port = await listen(https({ ...certificate, ...options }))
    return { port, baseUrl: `https://127.0.0.1:${port}` }
  }

  test('one that nobody vouches for is refused, even where the environment says otherwise', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const { port, baseUrl } = await listenSecurely()
    const fault = await faultOf(transportTo(port, { baseUrl }).send(question, plenty))
    expect(fault).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', sent: 'no' })
    expect(fault.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  test('one of a private authority is accepted where that is configured, for its own name only', async () => {
    const { port, baseUrl } = await listenSecurely()
    const { cert: ca } = certificate
    const known = transportTo(port, { baseUrl, tls: { ca, serverName: 'agency.example' } })
    expect(await known.send(question, plenty)).toMatchObject({ status: 200 })
    const other = transportTo(port, { baseUrl, tls: { ca, serverName: 'other.example' } })
    expect(await faultOf(other.send(question, plenty))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      sent: 'no',
    })
  })

  test('ours is shown to an agency that asks for it', async () => {
    const { cert, key } = certificate
    const { port, baseUrl } = await listenSecurely({ requestCert: true, rejectUnauthorized: true, ca: cert })
    const known = transportTo(port, { baseUrl, tls: { ca: cert, cert, key, serverName: 'agency.example' } })
    expect(await known.send(question, plenty)).toMatchObject({ status: 200 })
    const unknown = transportTo(port, { baseUrl, tls: { ca: cert, serverName: 'agency.example' } })
    expect(await faultOf(unknown.send(question, plenty))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  test('a protocol older than TLS 1.2 is refused, even where the process allows it', async () => {
    const usual = { DEFAULT_MIN_VERSION: tls.DEFAULT_MIN_VERSION, DEFAULT_CIPHERS: tls.DEFAULT_CIPHERS }
    cleanups.push(async () => void Object.assign(tls, usual))
    Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' })
    const { port, baseUrl } = await listenSecurely({
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    const transport = transportTo(port, {
      baseUrl,
      tls: { ca: certificate.cert, serverName: 'agency.example' },
    })
    expect(await faultOf(transport.send(question, plenty))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      sent: 'no',
    })
  })

  test('a broken one stops the start', () => {
    expect(() =>
      createTransport({
        baseUrl: 'https://127.0.0.1',
        connections: 1,
        tls: { ca: 'not PEM', cert: 'not PEM' },
      }),
    ).toThrow()
  })
})

/** A TLS server that answers every request with an empty 200. */
const https = (options: tls.TlsOptions) =>
  tls.createServer(options, socket => {
    socket
      .on('error', () => {})
      .once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
  })

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A throw-away certificate that is its own authority. */
function selfSigned(name: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mpp-transport-'))
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const certificate = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  rmSync(folder, { recursive: true })
  return certificate
}
