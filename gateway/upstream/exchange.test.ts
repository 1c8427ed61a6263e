/** One question and its answer as the wire shows them: formats, instants and statuses. The agency is played by nock. */
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { type Adapter, defineAdapter, failed, type OperationSpecification } from '#contracts/adapter.ts'
import { residentLookup } from '#contracts/resident.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createUpstream } from './upstream.ts'

const agency = 'http://agency.example'
const nik = '9999011501900001'
const config = z.strictObject({ consId: z.string().default('99999') })
const answerOf = z.object({ code: z.string(), name: z.string().optional() })
type Specification = OperationSpecification<
  (typeof residentLookup)['input'],
  (typeof residentLookup)['output'],
  typeof answerOf,
  z.output<typeof config>
>

beforeAll(() => nock.disableNetConnect())
afterEach(() => nock.cleanAll())
afterAll(() => nock.restore())

interface Habits extends Partial<Specification> {
  readonly statuses?: Adapter['statuses']
  readonly authentication?: Adapter<typeof config>['authentication']
}

interface Said {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** Asks once; what the agency received, and how the question ended. */
async function play({ status = 200, headers = {}, body }: Said, habits: Habits = {}, now = Date.now()) {
  const { statuses, authentication, ...specification } = habits
  const adapter = defineAdapter({
    contract: 1,
    id: 'toy',
    title: { id: 'Instansi mainan', en: 'Toy agency' },
    trust: 'assumed',
    config,
    policy: {
      deadlineMs: 5_000,
      retries: 0,
      concurrency: 1,
      breaker: { errorPercent: 50, minimumCalls: 10, openMs: 1_000 },
    },
    ...(statuses && { statuses }),
    ...(authentication && { authentication }),
    operations: operation => [
      operation(residentLookup, {
        repeatable: true,
        request: ({ nik }) => ({ method: 'POST', path: '/people', body: { nik } }),
        reply: answerOf,
        read: ({ code, name = '' }, { nik }) =>
          code === 'OK' ? { nik, fullName: name } : failed('NOT_FOUND', code === '' ? undefined : code),
        ...specification,
      }),
    ],
  })
  let received: { headers: Record<string, string>; body: string } | undefined
  const scope = nock(agency)
  for (const method of ['GET', 'POST']) scope.intercept('/people', method).reply(status, body, headers)
  scope.on('request', ({ headers }: Request, _: unknown, text: string) => {
    received = { headers: Object.fromEntries(headers), body: text }
  })
  const { id, policy } = adapter
  const upstream = createUpstream(
    { id, adapter, policy, config: config.parse({}), baseUrl: agency, timeZone: 'Asia/Jakarta' },
    { now: createClock(now).now },
  )
  const outcome = await upstream
    .ask(residentLookup, { nik }, () => 5_000)
    .then(
      ({ record }) => record,
      (error: unknown) => error,
    )
  await upstream.close()
  return { received: received!, outcome }
}

const ok: Said = { body: '{"code":"OK","name":"WARGA CONTOH"}' }
const found = { nik, fullName: 'WARGA CONTOH' }

describe('a request', () => {
  it('is JSON unless the operation says otherwise', async () => {
    const { received, outcome } = await play(ok)
    expect(outcome).toEqual(found)
    expect(received.body).toBe(`{"nik":"${nik}"}`)
    expect(received.headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/json' })
  })

  it('is a form where the operation says so', async () => {
    const { received } = await play(ok, { codec: { request: 'form' } })
    expect(received.body).toBe(`nik=${nik}`)
    expect(received.headers['content-type']).toBe('application/x-www-form-urlencoded')
  })

  it('without a body names no content type', async () => {
    const { received } = await play(ok, { request: () => ({ method: 'GET', path: '/people' }) })
    expect(received.body).toBe('')
    expect(received.headers).not.toHaveProperty('content-type')
  })

  it("keeps the adapter's own headers before the usual ones, however they are spelled", async () => {
    const headers = { Accept: 'application/fhir+json', 'Content-Type': 'Application/x-www-form-urlencoded' }
    const { received } = await play(ok, {
      request: () => ({ method: 'POST', path: '/people', headers, body: {} }),
    })
    expect(received.headers).toMatchObject({
      accept: 'application/fhir+json',
      'content-type': 'Application/x-www-form-urlencoded',
    })
  })

  it("is written in the agency's own format", async () => {
    const { received } = await play(
      ok,
      {
        encode: ({ method, path, body }, { consId }, now) => ({
          method,
          path,
          headers: { 'content-type': 'text/plain' },
          body: `${consId}|${now}|${(body as { nik: string }).nik}`,
        }),
      },
      1_767_225_600_000,
    )
    expect(received.body).toBe(`99999|1767225600000|${nik}`)
    expect(received.headers).toMatchObject({ accept: 'application/json', 'content-type': 'text/plain' })
  })
})

describe('a reply', () => {
  it('is XML where the operation says so', async () => {
    const reply = z.object({ Envelope: z.object({ code: z.string(), name: z.string() }) })
    const { received, outcome } = await play(
      { body: '<s:Envelope xmlns:s="urn:s"><code>OK</code><name>WARGA &amp; CONTOH</name></s:Envelope>' },
      { codec: { reply: 'xml' }, reply: reply.transform(({ Envelope }) => Envelope) as never },
    )
    expect(received.headers['accept']).toBe('application/xml, text/xml')
    expect(outcome).toEqual({ nik, fullName: 'WARGA & CONTOH' })
  })

  test.each([
    ['JSON', {}, '<html>WARGA CONTOH</html>', 'the answer is not JSON'],
    ['XML', { codec: { reply: 'xml' } }, '{"name":"WARGA CONTOH"}', 'the answer is not XML'],
    [
      "the agency's own format",
      {
        decode(body: Uint8Array) {
          throw new TypeError(`no key for ${Buffer.from(body).toString()}`)
        },
      },
      'WARGA CONTOH',
      "the answer is not in the agency's own format",
    ],
  ] satisfies [string, Habits, string, string][])(
    'that is not %s is unreadable, without a word of it',
    async (_, habits, body, detail) => {
      const { outcome } = await play({ body }, habits)
      expect(outcome).toMatchObject({ code: 'UPSTREAM_UNREADABLE', sent: 'yes', facts: { detail } })
      expect(`${String(outcome)} ${JSON.stringify(outcome)}`).not.toContain('WARGA')
    },
  )

  /** As BPJS does it, but for its compression: the key is tied to the instant in which the request was signed. */
  describe('tied to the instant of its request', () => {
    const secret = 'FAKESECRET01'
    const instant = 1_767_225_600_000
    const keyOf = (consId: string, now: number) => {
      const key = createHash('sha256')
        .update(consId + secret + String(Math.floor(now / 1_000)))
        .digest()
      return [key, key.subarray(0, 16)] as const
    }
    const habits: Habits = {
      authentication: {
        strategy: 'signature',
        sign(_, { consId }, now) {
          const timestamp = String(Math.floor(now / 1_000))
          const hmac = createHmac('sha256', secret).update(`${consId}&${timestamp}`)
          return { 'X-timestamp': timestamp, 'X-signature': hmac.digest('base64') }
        },
      },
      decode(body, { config: { consId }, now, headers }) {
        expect(headers['x-format']).toBe('aes')
        const envelope = z.object({ response: z.base64() }).parse(JSON.parse(Buffer.from(body).toString()))
        const decipher = createDecipheriv('aes-256-cbc', ...keyOf(consId, now))
        return JSON.parse(decipher.update(envelope.response, 'base64', 'utf8') + decipher.final('utf8'))
      },
    }
    const sealed = (at: number): Said => {
      const cipher = createCipheriv('aes-256-cbc', ...keyOf('99999', at))
      const response = cipher.update(ok.body, 'utf8', 'base64') + cipher.final('base64')
      return { headers: { 'x-format': 'aes' }, body: JSON.stringify({ response }) }
    }

    it('is read with the key of that instant', async () => {
      expect(keyOf('99999', instant)[0].toString('hex')).toBe(
        'c02c6b421d91502e08f1659d64da088846d461e2337061eca4dc2d04337fc0fd',
      )
      const { received, outcome } = await play(sealed(instant), habits, instant)
      expect(received.headers).toMatchObject({
        'x-timestamp': '1767225600',
        'x-signature': '5geOR80yuyLtH4PrwWGxph5lMHaLneJqw6aZTCj+3NA=',
      })
      expect(outcome).toEqual(found)
    })

    it('is unreadable with the key of another', async () => {
      const { outcome } = await play(sealed(instant), habits, instant + 1_000)
      expect(outcome).toMatchObject({ code: 'UPSTREAM_UNREADABLE' })
    })
  })
})

describe('a status', () => {
  const none = '{"code":"NONE"}'
  const retryAfter = { 'retry-after': '30' }

  test.each<[string, Adapter['statuses'], Said, string, string]>([
    ['means what it usually does', undefined, { status: 404, body: none }, 'UPSTREAM_INVALID', 'HTTP 404'],
    [
      'may be declared as a failure',
      { 404: 'NOT_FOUND' },
      { status: 404, body: '' },
      'NOT_FOUND',
      'HTTP 404',
    ],
    ['may leave the word to the body', { 500: 'read' }, { status: 500, body: none }, 'NOT_FOUND', 'NONE'],
    [
      'is the code where the body has none',
      { 500: 'read' },
      { status: 500, body: '{"code":""}' },
      'NOT_FOUND',
      'HTTP 500',
    ],
    [
      'of failure never becomes a success',
      { 500: 'read' },
      { status: 500, body: ok.body },
      'UPSTREAM_UNAVAILABLE',
      'HTTP 500',
    ],
    [
      'keeps its meaning before an unreadable body',
      { 500: 'read' },
      { status: 500, body: '<html>' },
      'UPSTREAM_UNAVAILABLE',
      'HTTP 500',
    ],
    [
      'keeps its meaning before a body of another shape',
      { 401: 'read' },
      { status: 401, body: '{"message":"NONE"}' },
      'UPSTREAM_MISCONFIGURED',
      'HTTP 401',
    ],
    [
      'of another number is not concerned',
      { 500: 'read' },
      { status: 503, body: none },
      'UPSTREAM_UNAVAILABLE',
      'HTTP 503',
    ],
    [
      'of a redirect is never read',
      { 302: 'read' },
      { status: 302, body: none },
      'UPSTREAM_UNREADABLE',
      'HTTP 302',
    ],
    [
      'of success may be declared as a failure',
      { 204: 'NOT_FOUND' },
      { status: 204, body: '' },
      'NOT_FOUND',
      'HTTP 204',
    ],
  ])('%s', async (_, statuses, said, code, upstreamCode) => {
    const { outcome } = await play(said, statuses && { statuses })
    expect(outcome).toBeInstanceOf(GatewayFailure)
    expect(outcome).toMatchObject({ code, sent: 'yes', source: 'toy', facts: { upstreamCode } })
  })

  it.each<[string, Adapter['statuses'], string]>([
    ['unchanged', undefined, ''],
    ['declared', { 429: 'UPSTREAM_BUSY' }, ''],
    ['read', { 429: 'read' }, '{"code":"LIMIT"}'],
  ])('tells when to ask again: %s', async (_, statuses, body) => {
    const { outcome } = await play(
      { status: 429, headers: retryAfter, body },
      { ...(statuses && { statuses }), read: ({ code }) => failed('UPSTREAM_BUSY', code) },
    )
    expect(outcome).toMatchObject({ code: 'UPSTREAM_BUSY', facts: { retryAfter: 30 } })
  })

  it('of success is read as ever, whatever is declared of it', async () => {
    expect((await play(ok, { statuses: { 200: 'read' } })).outcome).toEqual(found)
  })
})

describe("the agency's own code", () => {
  const saying = (code: string) =>
    play({ body: JSON.stringify({ code }) }, { read: ({ code }) => failed('NOT_FOUND', code) })

  it.each(['44', 'P-01', 'unlisted 18', 'HTTP.404', 'DATA_KOSONG'])('is told as it is: %s', async code => {
    expect((await saying(code)).outcome).toMatchObject({ facts: { upstreamCode: code } })
  })

  it.each([nik, 'BUDI CONTOH TIDAK TERDAFTAR', '0812 3456 7890', '1234567890', '<b>44</b>', 'a'.repeat(17)])(
    'that may be anything but a code goes nowhere: %s',
    async code => {
      expect((await saying(code)).outcome).toMatchObject({
        code: 'NOT_FOUND',
        facts: { upstreamCode: 'unlisted' },
      })
    },
  )
})

it.each(['NOT_GRANTED', 'constructor', '__proto__', 'NO_SUCH_CODE'])(
  'a failure that is not for an adapter to name is an invalid answer, and was sent: %s',
  async code => {
    const { outcome } = await play(ok, { read: () => failed(code as 'NOT_FOUND') })
    expect(outcome).toMatchObject({ code: 'UPSTREAM_INVALID', sent: 'yes', source: 'toy' })
  },
)

it('an adapter may write the instant into its request, the same that signs it', async () => {
  const at = Date.parse('2026-01-01T00:00:00Z')
  const { received } = await play(
    ok,
    {
      request: ({ nik }, _, now) => ({ method: 'POST', path: '/people', body: { nik, time: now } }),
      authentication: { strategy: 'signature', sign: (_, __, now) => ({ 'x-time': String(now) }) },
    },
    at,
  )
  expect(JSON.parse(received.body)).toEqual({ nik, time: at })
  expect(received.headers['x-time']).toBe(String(at))
})
