import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failures } from '#contracts/failures.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

describe('an address', () => {
  it.each([
    '/',
    '/v1',
    '/v1/residents',
    '/v1/residents/lookup/9999011501900001',
    '/v2/residents/lookup',
    '/%00',
    '/v1//cases',
  ])('that is unknown is told so: %s', async path => {
    const { body } = await house.get(path)
    expect(body).toMatchObject({ status: 404, code: 'ROUTE_UNKNOWN', source: 'gateway', sent: 'no' })
  })

  it.each([
    ['GET', '/v1/residents/lookup', 'POST'],
    ['DELETE', '/v1/cases', 'POST'],
    ['POST', '/health/live', 'GET'],
    ['PUT', '/health/upstreams/dukcapil', 'GET'],
  ])('does not answer %s %s, and says what it answers', async (method, path, allowed) => {
    const response = await fetch(`${house.url}${path}`, { method, headers: as('front-office') })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')?.split(', ')).toContain(allowed)
    expect(await response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', source: 'gateway', sent: 'no' })
  })

  it('of an upstream that is not configured is unknown; the others are named to whoever oversees', async () => {
    const unknown = { status: 404, code: 'ROUTE_UNKNOWN' }
    for (const overseer of ['operations', 'inspection', 'monitoring'] as const)
      expect((await house.get('/health/upstreams/polri', as(overseer))).body).toMatchObject({
        ...unknown,
        detail: 'no such upstream: dukcapil',
      })
    const { body } = await house.get('/health/upstreams/polri')
    expect(body).toMatchObject({ ...unknown, detail: 'no such upstream' })
  })
})

it('what is no HTTP is refused, counted and logged, without a word of it', async () => {
  const { hostname, port } = new URL(house.url)
  const socket = connect(Number(port), hostname)
  socket.write('WARGA CONTOH SATU\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [^]*"code":"REQUEST_MALFORMED"/)
  expect((await house.get('/metrics')).text).toMatch(
    /mpp_requests_total\{route="",capability="",member="",code="REQUEST_MALFORMED"\} 1/,
  )
  expect(house.log.filter(line => line.includes('REQUEST_MALFORMED'))).toHaveLength(1)
  expect(house.log.join('')).not.toContain('WARGA')
})

describe('the language', () => {
  const { id, en } = failures.UNAUTHENTICATED.title
  it.each([
    [undefined, id],
    ['*', id],
    ['en', en],
    ['en-GB, id;q=0.5', en],
    ['id-ID, en;q=0.9', id],
    ['fr, en;q=0.2', en],
    ['en;q=0, fr', id],
    ['en;q=oops', id],
  ])('Accept-Language %s: %s', async (acceptLanguage, title) => {
    const { body } = await house.ask(
      '/v1/residents/lookup',
      {},
      { authorization: undefined, 'accept-language': acceptLanguage },
    )
    expect(body.title).toBe(title)
  })
})
