import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { capabilities, submissions } from '#contracts/capabilities.ts'
import type { Capability } from '#contracts/capability.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { call, startMarket } from '#gateway/e2e/inbound/calling.ts'
import { startPermits } from '#gateway/e2e/work-list/permits.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'
import { permitOrder } from '#gateway/testing/order-desk.ts'
import { createClient, GatewayUnreachable, isProblem, type Visit } from './client.ts'
import { orderPaths, paths, publicIds } from './paths.ts'

const nik = '9999011501900001'
const apiKey = as('front-office').authorization.replace('Bearer ', '')
const counter = { purpose: 'skck.new', counter: 'A-03', officer: 'o-7f3a' }

/** A server that is not the gateway; its address. */
async function startImpostor(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: unknown) => error,
  )

it('knows of the contracts what they say', () => {
  const contracts: readonly (readonly [string, Pick<Capability, 'id' | 'path' | 'publicPath'>])[] =
    Object.entries(capabilities)
  expect(contracts.map(([id]) => id)).toEqual(contracts.map(([, contract]) => contract.id))
  expect(paths).toEqual(Object.fromEntries(contracts.map(([id, { path }]) => [id, path])))
  expect(orderPaths).toEqual(Object.fromEntries(Object.values(submissions).map(({ id, path }) => [id, path])))
  const open = contracts.filter(([, { publicPath }]) => publicPath).map(([id]) => id)
  expect([...publicIds].toSorted()).toEqual(open.toSorted())
})

describe('before a gateway', () => {
  let house: House
  let visit: Visit
  beforeAll(async () => {
    const grants = {
      'resident.lookup': { 'skck.new': ['/nik', '/fullName', '/address'] },
      'resident.match': { 'skck.new': ['/nik', '/fullName'] },
    }
    house = await startHouse({ agreements: [agreement({ grants })] })
    visit = await createClient({ baseUrl: house.url, apiKey }).openCase({ members: ['health-desk'] })
  })
  afterAll(() => house.close())

  const mpp = (language?: 'id' | 'en') =>
    createClient({ baseUrl: `${house.url}/`, apiKey, ...(language && { language }) })

  it('opens a case', () => {
    expect(visit).toMatchObject({
      id: expect.stringMatching(/^case_/),
      members: ['front-office', 'health-desk'],
      expiresAt: '2026-09-21T17:00:00.000Z',
    })
  })

  it('tells what may be asked, and whether something would be allowed', async () => {
    const { rights } = await mpp('en').rights()
    expect(rights.map(({ capability, purpose }) => [capability, purpose])).toEqual([
      ['resident.lookup', 'skck.new'],
      ['resident.match', 'skck.new'],
    ])
    expect(
      await mpp().decide('resident.lookup', { purpose: 'skck.new', elements: ['/fullName'] }),
    ).toMatchObject({
      allowed: true,
      upstreams: [{ id: 'dukcapil', elements: ['/fullName'] }],
    })
    const refused = await mpp().decide('resident.lookup', { purpose: 'skck.new', elements: ['/motherName'] })
    expect(refused).toMatchObject({ allowed: false, reason: 'ELEMENT_NOT_GRANTED' })
  })

  it('asks, and gets what the agreement allows', async () => {
    const { data, provenance, withheld } = await mpp().ask(
      'resident.lookup',
      { nik },
      { ...counter, case: visit.id },
    )
    expect(data.fullName).toBe('WARGA CONTOH SATU')
    expect(data.address?.village?.code).toBe('9901011004')
    expect(data.motherName).toBeUndefined()
    expect(withheld).toContain('/motherName')
    expect(provenance['']).toMatchObject({ source: 'dukcapil', mode: 'live' })
  })

  it('asks for some elements only', async () => {
    const question = { ...counter, case: visit.id, elements: ['/fullName', '/address/street'] } as const
    const { data } = await mpp().ask('resident.lookup', { nik }, question)
    expect(data).toEqual({ fullName: 'WARGA CONTOH SATU', address: { street: 'JL CONTOH NO 1' } })
  })

  it('asks with a capability of its own as with one of the house', async () => {
    const { data } = await mpp().ask(
      capabilities['resident.match'],
      { nik, fullName: 'Warga Contoh Satu' },
      { ...counter, case: visit.id },
    )
    expect(data.fullName?.verdict).toBe('match')
  })

  it("throws the agency's no", async () => {
    const thrown = await thrownBy(
      mpp().ask('resident.lookup', { nik: '9999011501909999' }, { ...counter, case: visit.id }),
    )
    if (!isProblem(thrown, 'NOT_FOUND')) throw thrown
    expect(thrown.code satisfies 'NOT_FOUND').toBe('NOT_FOUND')
    expect(thrown).toMatchObject({
      status: 404,
      type: '/errors#NOT_FOUND',
      title: 'Data tidak ditemukan',
      source: 'dukcapil',
      sent: 'yes',
      retryAfter: null,
      auditId: expect.any(String),
      requestId: expect.any(String),
      sources: [{ id: 'dukcapil', state: 'NOT_FOUND', sent: 'yes', ms: expect.any(Number) }],
    })
    expect(isProblem(thrown)).toBe(true)
    expect(isProblem(thrown, 'REJECTED', 'SUBJECT_DECEASED')).toBe(false)
  })

  it('throws a refusal, with its reason and every field', async () => {
    const ask = mpp('en').ask(
      'resident.match',
      { nik, motherName: 'IBU CONTOH' },
      { ...counter, case: visit.id },
    )
    expect(await thrownBy(ask)).toMatchObject({
      code: 'NOT_GRANTED',
      title: 'Not granted',
      reason: 'ELEMENT_NOT_GRANTED',
      sent: 'no',
      errors: [{ pointer: '/motherName', detail: expect.any(String) }],
    })
  })

  it('reads what agencies told, page by page', async () => {
    await using market = await startMarket()
    await call(market, { nomor: 1 })
    await call(market, { nomor: 2 })
    const client = createClient({ baseUrl: market.url, apiKey })
    const first = await client.notices({ limit: 1 })
    expect(first.notices).toMatchObject([{ source: 'market', data: { number: '1' }, auditId: null }])
    const second = await client.notices({ cursor: first.cursor })
    expect(second.notices).toMatchObject([{ data: { number: '2' } }])
    const standing = { purpose: 'stall.permit', counter: 'A-03', officer: 'o-7f3a' }
    const named = await client.notices(standing)
    expect(named.notices).toHaveLength(2)
    const refused = await thrownBy(client.notices({ ...standing, officer: nik }))
    expect(isProblem(refused, 'CONTEXT_MISSING')).toBe(true)
  })

  it('gives an order, looks at it again, and withdraws it', async () => {
    const office = await startPermits()
    const client = createClient({ baseUrl: office.url, apiKey })
    const { id: visit } = await client.openCase()
    const context = { ...counter, case: visit }

    const form = { nik, text: 'LAPAK' }
    const idempotencyKey = 'order-of-the-client'
    const submission = await client.order(permitOrder, form, { ...context, idempotencyKey })
    expect(submission).toMatchObject({ capability: 'permit.order', state: 'queued', next: { by: 'officer' } })
    const again = await client.order(permitOrder, form, { ...context, idempotencyKey, waitSeconds: 1 })
    expect(again.id).toBe(submission.id)
    const other = await client.order(permitOrder, form, context)
    expect(other.id).not.toBe(submission.id)

    expect(await client.submission(submission.id, context)).toMatchObject({ state: 'queued', data: null })
    expect(await client.submission(submission.id)).toMatchObject({ state: 'queued', auditId: null })
    const withdrawal = { reason: 'salah loket', officer: counter.officer }
    expect(await client.cancel(submission.id, withdrawal)).toMatchObject({ state: 'cancelled' })
    await office.post(`/v1/work-list/${other.id}/take`, '')
    const refused = await thrownBy(client.cancel(other.id, withdrawal))
    expect(isProblem(refused, 'SUBMISSION_UNDER_WAY')).toBe(true)
    expect(await thrownBy(client.submission('../me/rights'))).toMatchObject({ reason: 'SUBMISSION_UNKNOWN' })
  })

  it('tells neither key nor input in an error, however it is printed', async () => {
    const wrong = { ...counter, case: visit.id, purpose: 'business.licence' }
    const problem = await thrownBy(mpp().ask('resident.lookup', { nik }, wrong))
    const stranger = createClient({ baseUrl: house.url, apiKey: 'mpp_key_of_a_stranger' })
    const refusal = await thrownBy(stranger.ask('resident.lookup', { nik }, { ...counter, case: visit.id }))
    expect(problem).toMatchObject({ code: 'NOT_GRANTED' })
    expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED' })
    for (const error of [problem, refusal]) {
      const printed = `${String(error)} ${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`
      expect(printed).toContain((error as Error).message)
      expect(printed).not.toContain(nik)
      expect(printed).not.toMatch(/mpp_/)
    }
    expect(inspect(mpp(), { depth: 10, showHidden: true }) + JSON.stringify(mpp())).not.toContain(apiKey)
  })
})

describe('before nothing that answers as the gateway does', () => {
  const ask = (baseUrl: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) => {
    const { signal, ...options } = more
    return createClient({ baseUrl, apiKey, ...options }).ask(
      'resident.lookup',
      { nik },
      { ...counter, case: 'case_1', ...(signal && { signal }) },
    )
  }

  it('says that nothing was sent when no connection came about', async () => {
    const thrown = await thrownBy(ask(`http://127.0.0.1:${await closedPort()}`))
    expect(thrown).toBeInstanceOf(GatewayUnreachable)
    expect(thrown).toMatchObject({ why: 'connection', sent: 'no', status: null })
    expect(JSON.stringify(thrown)).toContain('ECONNREFUSED')
  })

  it('cannot say it when the connection broke', async () => {
    const url = await startImpostor(request => request.socket.destroy())
    expect(await thrownBy(ask(url))).toMatchObject({ why: 'connection', sent: 'maybe', status: null })
  })

  it('ends after its own time', async () => {
    const url = await startImpostor(() => {})
    expect(await thrownBy(ask(url, { timeoutMs: 100 }))).toMatchObject({ why: 'timeout', sent: 'maybe' })
  })

  it("ends by the caller's signal, with its reason", async () => {
    const abort = new AbortController()
    const url = await startImpostor(() => abort.abort('the citizen has left'))
    expect(await thrownBy(ask(url, { signal: abort.signal }))).toBe('the citizen has left')
  })

  it.each([
    ['a page of a proxy', 502, '<html>Bad Gateway'],
    ['JSON of somebody else', 503, '{"message":"upstream"}'],
    ['a page with status 200', 200, '<html>Sign in to the network'],
  ])('takes for no answer: %s', async (_, status, body) => {
    const url = await startImpostor((_request, response) => response.writeHead(status).end(body))
    const thrown = await thrownBy(ask(url))
    expect(thrown).toMatchObject({ name: 'GatewayUnreachable', why: 'unreadable', sent: 'maybe', status })
    expect(isProblem(thrown)).toBe(false)
  })

  it('follows no redirect: key and question go nowhere else', async () => {
    const elsewhere: unknown[] = []
    const other = await startImpostor((request, response) => {
      elsewhere.push(request.url)
      response.end('{}')
    })
    const url = await startImpostor((_, response) => response.writeHead(307, { location: other }).end())
    expect(await thrownBy(ask(url))).toMatchObject({ name: 'GatewayUnreachable', sent: 'maybe' })
    expect(elsewhere).toEqual([])
  })

  it("asks once, and keeps a newer gateway's code in the type", async () => {
    let asked = 0
    const newer = {
      type: '/errors#UPSTREAM_ASLEEP',
      title: 'Asleep',
      code: 'UPSTREAM_ASLEEP',
      retryAfter: 30,
    }
    const url = await startImpostor((_, response) => {
      asked += 1
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(newer))
    })
    expect(await thrownBy(ask(url))).toMatchObject({
      code: 'UNKNOWN',
      status: 503,
      type: '/errors#UPSTREAM_ASLEEP',
      detail: 'Asleep',
      sent: 'maybe',
      retryAfter: 30,
    })
    expect(asked).toBe(1)
  })

  it('says nothing of where, who and why when it asks for what is public', async () => {
    const said: unknown[] = []
    const url = await startImpostor((request, response) => {
      said.push(request.url, ...Object.keys(request.headers).filter(name => name.startsWith('mpp-')))
      response.end('{"data":{}}')
    })
    const mpp = createClient({ baseUrl: `${url}/gateway/`, apiKey })
    await mpp.ask('business.lookup', { nib: '9999900000001' }, { elements: ['/nib', '/name'] })
    expect(said).toEqual(['/gateway/v1/businesses/lookup', 'mpp-elements'])
  })

  it('refuses a key that fits no header without quoting it', () => {
    const create = () => createClient({ baseUrl: 'http://127.0.0.1', apiKey: 'mpp_key\nof_nobody' })
    expect(create).toThrow(new TypeError('the value for authorization does not fit a header'))
  })
})
