/** Over real sockets: what the agency sees of us, and the life of a token. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { type Authentication, defineAdapter, failed, type UpstreamRequest } from '#contracts/adapter.ts'
import { residentLookup } from '#contracts/resident.ts'
import { secret } from '#contracts/secret.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { type Clock, createClock } from '#gateway/testing/clock.ts'
import { createUpstream, type Upstream } from './upstream.ts'

const nik = '9999011501900001'
const password = 'kata-sandi-contoh'
const config = z.strictObject({ userId: z.string(), password: secret() })
type Config = z.output<typeof config>

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
interface Said {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}
/** The n-th request to its path, counted from 1. `undefined` ends the connection without an answer. */
type Behaviour = (received: Received, nth: number) => Said | undefined | Promise<Said | undefined>

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function startAgency(behaviour: Behaviour) {
  const received: Received[] = []
  const at = (path: string) => received.filter(one => one.path === path)
  const server = createServer(async (request, response) => {
    const one = { path: request.url!, headers: request.headers, body: await text(request) }
    received.push(one)
    const said = await behaviour(one, at(one.path).length)
    if (!said) response.destroy()
    else {
      response.writeHead(said.status ?? 200, { 'content-type': 'application/json', ...said.headers })
      response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, at }
}

interface Habits {
  readonly repeatable?: boolean
  readonly deadlineMs?: number
  readonly clock?: Clock
  readonly headers?: UpstreamRequest['headers']
}

function upstreamAt(baseUrl: string, authentication: Authentication<Config>, habits: Habits = {}): Upstream {
  const { repeatable = false, deadlineMs = 5_000, clock = createClock(), headers } = habits
  const adapter = defineAdapter({
    contract: 1,
    id: 'tax',
    title: { id: 'Pajak', en: 'Tax' },
    trust: 'assumed',
    config,
    policy: {
      deadlineMs,
      retries: 0,
      concurrency: 20,
      breaker: { errorPercent: 100, minimumCalls: 1_000, openMs: 1_000 },
    },
    authentication,
    operations: operation => [
      operation(residentLookup, {
        repeatable,
        request: ({ nik }) => ({
          method: 'POST',
          path: '/people',
          body: { nik },
          ...(headers && { headers }),
        }),
        reply: z.object({ status: z.literal(200), name: z.string() }),
        read: ({ name }, { nik }) => ({ nik, fullName: name }),
      }),
    ],
  })
  const { id, policy } = adapter
  const parsed = config.parse({ userId: '99999', password })
  const timeZone = 'Asia/Jakarta'
  const upstream = createUpstream(
    { id, adapter, policy, config: parsed, baseUrl, timeZone },
    { now: clock.now },
  )
  cleanups.push(() => upstream.close())
  return upstream
}

const found: Said = { body: { status: 200, name: 'WARGA CONTOH' } }
const expired: Said = { body: { status: 406, message: 'Token Kadaluarsa' } }

/** What a question ends with: the name, or the failure. */
const ask = (upstream: Upstream, remainingMs = 5_000): Promise<unknown> =>
  upstream
    .ask(residentLookup, { nik }, () => remainingMs)
    .then(
      ({ record }) => record['fullName'],
      (error: unknown) => error,
    )
const askAtOnce = (upstream: Upstream, count: number) =>
  Promise.all(Array.from({ length: count }, () => ask(upstream)))

async function failureOf(question: Promise<unknown>): Promise<GatewayFailure> {
  const error = await question
  expect(error).toBeInstanceOf(GatewayFailure)
  // Whatever went wrong, nobody learns a credential from it.
  const failure = error as GatewayFailure
  const told = `${failure.message} ${JSON.stringify(failure.facts)} ${String(failure.cause)}`
  expect(told).not.toMatch(/kata-sandi|token-\d|a2F0YS/)
  return failure
}

describe('without a token', () => {
  const seen = async (authentication: Authentication<Config>, habits?: Habits) => {
    const agency = await startAgency(() => found)
    const upstream = upstreamAt(agency.url, authentication, habits)
    expect(await askAtOnce(upstream, 2)).toEqual(['WARGA CONTOH', 'WARGA CONTOH'])
    const [first, second] = agency.at('/people').map(({ headers }) => headers)
    expect(first).toEqual(second)
    return first
  }

  it('headers: the same with every request', async () => {
    const headers = ({ password }: Config) => ({ user_key: password.reveal() })
    expect(await seen({ strategy: 'headers', headers })).toMatchObject({
      user_key: password,
      'content-type': 'application/json',
    })
  })

  it('basic: user name and password', async () => {
    const credentials = ({ userId, password }: Config) => ({ username: userId, password: password.reveal() })
    expect(await seen({ strategy: 'basic', credentials })).toMatchObject({
      authorization: `Basic ${btoa(`99999:${password}`)}`,
    })
  })

  it("replaces the request's own header, however it is spelled", async () => {
    const headers = () => ({ 'X-Key': 'ours' })
    const habits = { headers: { 'x-key': 'theirs', 'Content-Type': 'Application/x-www-form-urlencoded' } }
    expect(await seen({ strategy: 'headers', headers }, habits)).toMatchObject({
      'x-key': 'ours',
      'content-type': 'Application/x-www-form-urlencoded',
    })
  })

  it('signature: over time, as BPJS wants it (upstream vector)', async () => {
    const clock = createClock(1_767_225_600_000)
    const authentication: Authentication<Config> = {
      strategy: 'signature',
      sign(_, { userId }, now) {
        const timestamp = String(Math.floor(now / 1_000))
        const hmac = createHmac('sha256', 'FAKESECRET01').update(`${userId}&${timestamp}`)
        return { 'X-cons-id': userId, 'X-timestamp': timestamp, 'X-signature': hmac.digest('base64') }
      },
    }
    expect(await seen(authentication, { clock })).toMatchObject({
      'x-cons-id': '99999',
      'x-timestamp': '1767225600',
      'x-signature': '5geOR80yuyLtH4PrwWGxph5lMHaLneJqw6aZTCj+3NA=',
    })
  })

  it('signature: over the bytes that are sent', async () => {
    const digest = (bytes: unknown) => createHmac('sha256', password).update(String(bytes)).digest('hex')
    const agency = await startAgency(() => found)
    const sign = ({ body }: { body: unknown }) => ({ 'x-digest': digest(body) })
    expect(await ask(upstreamAt(agency.url, { strategy: 'signature', sign }))).toBe('WARGA CONTOH')
    const [received] = agency.at('/people')
    expect(received!.headers['x-digest']).toBe(digest(received!.body))
  })
})

describe('token', () => {
  const tokenReply = z.object({ token: z.string(), seconds: z.string().optional() })
  const taxToken: Authentication<Config> = {
    strategy: 'token',
    request: ({ userId, password }) => ({
      method: 'POST',
      path: '/token',
      body: { user: userId, pwd: password.reveal() },
    }),
    codec: { request: 'form' },
    read(reply) {
      const refused = z.object({ refused: z.string() }).safeParse(reply)
      if (refused.success) return failed('UPSTREAM_MISCONFIGURED', refused.data.refused)
      const { token, seconds } = tokenReply.parse(reply)
      return { token, lifetimeSeconds: seconds === undefined ? undefined : Number(seconds) }
    },
    headers: token => ({ Authorization: token }),
    isExpired: (status, reply) => status === 401 || (reply as { status: number }).status === 406,
  }
  const issue = (nth: number): Said => ({ body: { token: `token-${nth}` } })

  /** Issues `token-1`, `token-2` …, and answers by the token that it is shown. */
  const startTax = (answer: (token: string) => Said, issued: Behaviour = (_, nth) => issue(nth)) =>
    startAgency((received, nth) =>
      received.path === '/token' ? issued(received, nth) : answer(received.headers.authorization!),
    )
  const tokensShown = (agency: Awaited<ReturnType<typeof startAgency>>) =>
    agency.at('/people').map(({ headers }) => headers.authorization)

  it('is fetched once for all who ask at once, and used again', async () => {
    const agency = await startTax(() => found)
    const upstream = upstreamAt(agency.url, taxToken)
    expect(await askAtOnce(upstream, 10)).toEqual(Array(10).fill('WARGA CONTOH'))
    expect(await ask(upstream)).toBe('WARGA CONTOH')
    expect(agency.at('/token').map(({ body }) => body)).toEqual([`user=99999&pwd=${password}`])
    expect(tokensShown(agency)).toEqual(Array(11).fill('token-1'))
  })

  it('is fetched anew shortly before it ends', async () => {
    const agency = await startTax(
      () => found,
      (_, nth) => ({ body: { token: `token-${nth}`, seconds: '3599' } }),
    )
    const clock = createClock()
    const upstream = upstreamAt(agency.url, taxToken, { clock })
    await ask(upstream)
    clock.leap(3_568_000)
    await ask(upstream)
    clock.leap(1_000)
    await ask(upstream)
    expect(tokensShown(agency)).toEqual(['token-1', 'token-1', 'token-2'])
  })

  it('that the agency calls expired is fetched anew, and the question asked again, also where it is not repeatable', async () => {
    const agency = await startTax(token => (token === 'token-1' ? expired : found))
    const upstream = upstreamAt(agency.url, taxToken)
    expect(await ask(upstream)).toBe('WARGA CONTOH')
    expect(await ask(upstream)).toBe('WARGA CONTOH')
    expect(tokensShown(agency)).toEqual(['token-1', 'token-2', 'token-2'])
    expect(agency.at('/token')).toHaveLength(2)
  })

  it('that expires under many questions at once is fetched anew once', async () => {
    const accepted = new Set(['token-1'])
    const agency = await startTax(token =>
      accepted.has(token) ? found : { status: 401, body: 'not JSON at all' },
    )
    const upstream = upstreamAt(agency.url, taxToken)
    await ask(upstream)
    accepted.clear()
    accepted.add('token-2')
    expect(await askAtOnce(upstream, 10)).toEqual(Array(10).fill('WARGA CONTOH'))
    expect(agency.at('/token')).toHaveLength(2)
    expect(agency.at('/people')).toHaveLength(1 + 10 + 10)
  })

  it('that is called expired as soon as it is issued: the upstream is held, and the next trial begins with a new one', async () => {
    const agency = await startTax(token => (token === 'token-3' ? found : expired))
    const clock = createClock()
    const upstream = upstreamAt(agency.url, taxToken, { clock })
    const { code, sent } = await failureOf(ask(upstream))
    expect({ code, sent }).toEqual({ code: 'UPSTREAM_MISCONFIGURED', sent: 'yes' })
    expect((await failureOf(ask(upstream))).code).toBe('HELD')
    expect(tokensShown(agency)).toEqual(['token-1', 'token-2'])
    clock.leap(60_000)
    expect(await ask(upstream)).toBe('WARGA CONTOH')
    expect(tokensShown(agency)).toEqual(['token-1', 'token-2', 'token-3'])
  })

  test.each<[string, Said | undefined, string, object]>([
    ['no answer', undefined, 'UPSTREAM_UNAVAILABLE', {}],
    ['401', { status: 401, body: {} }, 'UPSTREAM_MISCONFIGURED', { upstreamCode: 'HTTP 401' }],
    ['400', { status: 400, body: {} }, 'UPSTREAM_MISCONFIGURED', { upstreamCode: 'HTTP 400' }],
    ['503', { status: 503, body: {} }, 'UPSTREAM_UNAVAILABLE', { upstreamCode: 'HTTP 503' }],
    ['429', { status: 429, headers: { 'retry-after': '7' }, body: {} }, 'UPSTREAM_BUSY', { retryAfter: 7 }],
    ['a refusal in words', { body: { refused: '403' } }, 'UPSTREAM_MISCONFIGURED', { upstreamCode: '403' }],
    ['an error page', { body: `<html>${password}</html>` }, 'UPSTREAM_UNREADABLE', {}],
    ['something else', { body: { user: password } }, 'UPSTREAM_INVALID', {}],
  ])('that cannot be had (%s): the question never leaves', async (_, said, code, facts) => {
    const agency = await startTax(
      () => found,
      () => said,
    )
    const failure = await failureOf(ask(upstreamAt(agency.url, taxToken)))
    expect(failure).toMatchObject({ code, sent: 'no', source: 'tax', facts })
    expect(agency.at('/people')).toEqual([])
  })

  it('that cannot be had leaves nothing behind: the next question asks for one again', async () => {
    const agency = await startTax(
      () => found,
      (_, nth) => (nth === 1 ? { status: 503, body: {} } : issue(nth)),
    )
    const upstream = upstreamAt(agency.url, taxToken)
    expect((await failureOf(ask(upstream))).code).toBe('UPSTREAM_UNAVAILABLE')
    expect(await ask(upstream)).toBe('WARGA CONTOH')
  })

  it('that cannot be had anew: the question had gone out', async () => {
    const agency = await startTax(
      () => expired,
      (_, nth) => (nth === 1 ? issue(nth) : { status: 503, body: {} }),
    )
    const failure = await failureOf(ask(upstreamAt(agency.url, taxToken)))
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', sent: 'yes' })
    expect(agency.at('/people')).toHaveLength(1)
  })

  it('that does not come: everyone waits within their own deadline', async () => {
    const { promise: silence, resolve } = Promise.withResolvers<Said>()
    const agency = await startTax(
      () => found,
      () => silence,
    )
    const upstream = upstreamAt(agency.url, taxToken)
    const patient = ask(upstream, 5_000)
    const hurried = await failureOf(ask(upstream, 30))
    expect(hurried).toMatchObject({ code: 'UPSTREAM_TIMEOUT', sent: 'no' })
    resolve(issue(1))
    expect(await patient).toBe('WARGA CONTOH')
    expect(agency.at('/token')).toHaveLength(1)
  })

  it("that never comes ends with the upstream's deadline, and can be asked for again", async () => {
    const agency = await startTax(
      () => found,
      (_, nth) => (nth === 1 ? new Promise(() => {}) : issue(nth)),
    )
    const upstream = upstreamAt(agency.url, taxToken, { deadlineMs: 1_000 })
    expect(await failureOf(ask(upstream, 10_000))).toMatchObject({ code: 'UPSTREAM_TIMEOUT', sent: 'no' })
    expect(await ask(upstream)).toBe('WARGA CONTOH')
  })
})
