import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startBlackHole } from '#gateway/testing/black-hole.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { hasOpenssl, selfSigned } from '#gateway/testing/self-signed.ts'
import type { Way } from './reach.ts'
import { createReachability } from './reachability.ts'

/** Listens on a free port of 127.0.0.1 until the test ends, and keeps what it is sent. */
async function listen(server: Server, event = 'connection') {
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  server.on(event, (socket: Socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.on('data', (bytes: Buffer) => received.push(bytes))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (server.address() as AddressInfo).port, received, sockets }
}

async function probe(way: Way, limitMs = 3_000) {
  const clock = createClock()
  const reachability = createReachability(way, clock.now, limitMs)
  expect(reachability.latest).toBeUndefined()
  await reachability.probe(new AbortController().signal)
  return { ...reachability.latest, at: undefined }
}

const soon = 150

describe('an agency that nobody asks', () => {
  it('can be connected to, and gets not a byte', async () => {
    const { port, received, sockets } = await listen(createServer())
    expect(await probe({ baseUrl: `http://127.0.0.1:${port}` })).toMatchObject({ value: true, step: 'tcp' })
    await expect.poll(() => sockets.size).toBe(1)
    const [socket] = sockets
    if (!socket!.closed) await once(socket!, 'close')
    expect(received).toEqual([])
  })

  it('has a name that nobody knows', async () => {
    const { value, step, reason } = await probe({ baseUrl: 'https://nobody.invalid' })
    expect({ value, step }).toEqual({ value: false, step: 'dns' })
    expect(reason).toMatch(/^E[A-Z_]+$|^TIMEOUT$/)
  })

  it('has a closed port', async () => {
    expect(await probe({ baseUrl: `https://127.0.0.1:${await closedPort()}` })).toMatchObject({
      value: false,
      step: 'tcp',
      reason: 'ECONNREFUSED',
    })
  })

  it('is behind a VPN that is down', async () => {
    await using hole = await startBlackHole()
    expect(await probe({ baseUrl: `https://127.0.0.1:${hole.port}` }, soon)).toMatchObject({
      value: false,
      step: 'tcp',
      reason: 'TIMEOUT',
    })
  })

  it('takes connections, and begins no TLS', async () => {
    const { port } = await listen(createServer())
    expect(await probe({ baseUrl: `https://127.0.0.1:${port}` }, soon)).toMatchObject({
      value: false,
      step: 'tls',
      reason: 'TIMEOUT',
    })
  })
})

const openssl = hasOpenssl()
if (!openssl) console.warn('skipped: reaching over TLS (no openssl command)')

describe.skipIf(!openssl && !process.env['CI'])('over TLS', () => {
  let theirs: { cert: string; key: string }
  beforeAll(() => {
    theirs = selfSigned('agency.example')
  })

  const listenSecurely = (options: TlsOptions = {}) =>
    listen(createTlsServer({ ...theirs, ...options }), 'secureConnection')
  const known = () => ({ ca: theirs.cert, serverName: 'agency.example' })

  it('is known by its certificate, and hears nothing', async () => {
    const { port, received } = await listenSecurely()
    const way = { baseUrl: `https://127.0.0.1:${port}`, tls: known() }
    expect(await probe(way)).toMatchObject({ value: true, step: 'tls', reason: undefined })
    expect(received).toEqual([])
  })

  it.each([
    ['that nobody vouches for', () => ({}), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['for another name', () => ({ ca: theirs.cert }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('shows a certificate %s', async (_, tls, reason) => {
    const { port } = await listenSecurely()
    expect(await probe({ baseUrl: `https://127.0.0.1:${port}`, tls: tls() })).toMatchObject({
      value: false,
      step: 'tls',
      reason,
    })
  })

  it('knows us by our certificate', async () => {
    const { port } = await listenSecurely({ ca: theirs.cert, requestCert: true, rejectUnauthorized: true })
    const baseUrl = `https://127.0.0.1:${port}`
    expect(await probe({ baseUrl, tls: { ...known(), ...theirs } })).toMatchObject({ value: true })
    expect(await probe({ baseUrl, tls: known() })).toMatchObject({ value: false, step: 'tls' })
  })
})

it('is forgotten after five minutes: nobody knows any more', async () => {
  const clock = createClock()
  const { port } = await listen(createServer())
  const reachability = createReachability({ baseUrl: `http://127.0.0.1:${port}` }, clock.now)
  await reachability.probe(new AbortController().signal)
  clock.leap(5 * 60_000 - 1)
  expect(reachability.latest).toMatchObject({ value: true })
  clock.leap(1)
  expect(reachability.latest).toBeUndefined()
})

it('says nothing when it is called off, and lets go of the connection', async () => {
  const { port, sockets } = await listen(createServer())
  const reachability = createReachability({ baseUrl: `https://127.0.0.1:${port}` }, createClock().now)
  const closing = new AbortController()
  const probing = reachability.probe(closing.signal)
  await expect.poll(() => sockets.size).toBe(1)
  closing.abort()
  await probing
  expect(reachability.latest).toBeUndefined()
  const [socket] = sockets
  if (!socket!.closed) await once(socket!, 'close')
})
