import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

const lookup = (body: unknown) => house.ask('/v1/residents/lookup', body)

describe('a NIK', () => {
  it.each([
    ['15 digits', '999901150190000', /16 digits/],
    ['17 digits', '99990115019000011', /16 digits/],
    ['letters', '9999O11501900001', /16 digits/],
    ['spaces around it', ' 9999011501900001', /16 digits/],
    ['a number', 9999011501900001n, /string/],
    ['null', null, /string/],
    ['no such region', '0099011501900001', /region/],
    ['the 31st of February', '9999013102900001', /birth date/],
    ["a woman's day beyond 71", '9999017201900001', /birth date/],
    ['the serial 0000', '9999011501900000', /serial/],
  ])('%s: names the field and the reason, and does not repeat the value', async (_, nik, reason) => {
    const { body, text } = await lookup(`{"nik":${typeof nik === 'bigint' ? nik : JSON.stringify(nik)}}`)
    expect(body).toMatchObject({ status: 422, code: 'INPUT_INVALID', source: 'gateway', sent: 'no' })
    expect(body.errors).toContainEqual({ pointer: '/nik', detail: expect.stringMatching(reason) })
    if (nik) expect(text).not.toContain(String(nik).trim())
  })

  it('names every offending field at once', async () => {
    const { body } = await house.ask('/v1/residents/match', {
      nik: '9999013102900001',
      birthDate: '1990-02-31',
      address: { neighbourhood: 'RT 1' },
    })
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual([
      '/nik',
      '/birthDate',
      '/address/neighbourhood',
    ])
  })

  it('of a real province is refused on trial', async () => {
    const { body } = await lookup({ nik: '3204011501900001' })
    expect(body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ pointer: '/nik', detail: expect.stringContaining('trial') }],
    })
  })

  it('of province 99 is refused where citizens are asked about', async () => {
    await using house = await startHouse({ identities: 'real' })
    const { body } = await house.ask('/v1/residents/lookup', { nik: '9999011501900001' })
    expect(body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ pointer: '/nik', detail: expect.stringContaining('synthetic') }],
    })
    expect(house.dukcapil.calls).toEqual({})
  })
})

describe('a body', () => {
  it('with a field too many is refused, and the field is named', async () => {
    const { body } = await lookup({ nik: '9999011501900001', fullName: 'x' })
    expect(body).toMatchObject({ status: 422, code: 'INPUT_INVALID', errors: [{ pointer: '/fullName' }] })
  })

  it.each([
    ['a body', 5_000, (keys: object) => lookup(keys)],
    [
      'what to decide',
      400,
      (keys: object) =>
        house.ask('/v1/decide', { capability: 'resident.lookup', elements: Object.keys(keys) }),
    ],
    [
      'parameters',
      300,
      (keys: object) =>
        house.get(
          `/v1/notices?${Object.keys(keys)
            .map(key => `${key}=1`)
            .join('&')}`,
        ),
    ],
  ])('with much that is wrong names fifty of it, and how much more there is: %s', async (_, count, ask) => {
    const keys = Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]))
    const { body, text } = await ask(keys)
    expect(body.code).toBe('INPUT_INVALID')
    expect(body.errors).toHaveLength(51)
    expect(body.errors![50]!.detail).toMatch(new RegExp(`^and (${count - 50}|${count - 49}) more$`))
    expect(text.length).toBeLessThan(8_000)
  })

  it.each([
    ['a NIK', '9999011501900002', '/…'],
    ['a name', 'WARGA CONTOH', '/…'],
    ['the prototype', '__proto__', '/…'],
    ['the constructor', 'constructor', '/constructor'],
  ])('with %s for a key is refused; what could be no field is not repeated', async (_, key, pointer) => {
    const { body, text } = await lookup(`{"nik":"9999011501900001","${key}":{"nik":"9999011501900003"}}`)
    expect(body).toMatchObject({ status: 422, code: 'INPUT_INVALID', errors: [{ pointer }] })
    if (pointer === '/…') expect(text).not.toContain(key)
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{"nik":'],
    ['a form', 'nik=9999011501900001'],
    ['bytes that are no text', '\u0000\u0001'],
    ['lists in lists without end', '['.repeat(60_000)],
    ['valid JSON, 33 levels deep', `${'['.repeat(33)}${']'.repeat(33)}`],
  ])('of %s is malformed', async (_, body) => {
    expect((await lookup(body)).body).toMatchObject({ status: 400, code: 'BODY_MALFORMED', sent: 'no' })
  })

  it.each([
    ['a list', '[]'],
    ['a text', '"9999011501900001"'],
    ['null', 'null'],
  ])('of %s is JSON, but no input', async (_, body) => {
    expect((await lookup(body)).body).toMatchObject({ status: 422, code: 'INPUT_INVALID' })
  })

  const large = JSON.stringify({ nik: '9999011501900001', filler: 'x'.repeat(64 * 1024) })

  it('beyond the limit is refused by the length it declares', async () => {
    expect((await lookup(large)).body).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE', sent: 'no' })
  })

  it('beyond the limit is refused by the bytes that come, when it declares no length', async () => {
    const headers = {
      ...as('front-office'),
      'mpp-case': await house.openCase(),
      'mpp-purpose': 'skck.new',
      'mpp-counter': 'A-03',
      'mpp-officer': 'o-7f3a',
    }
    const upload = request(`${house.url}/v1/residents/lookup`, { method: 'POST', headers })
    upload.write(large) // and no end: nobody should wait for it
    const [response] = await once(upload, 'response')
    expect(response).toMatchObject({ statusCode: 413 })
    expect(JSON.parse(await text(response))).toMatchObject({ code: 'BODY_TOO_LARGE' })
    upload.destroy()
  })

  it('that is packed is not unpacked', async () => {
    const { body } = await house.ask('/v1/residents/lookup', '{}', { 'content-encoding': 'gzip' })
    expect(body).toMatchObject({
      status: 400,
      code: 'BODY_MALFORMED',
      detail: expect.stringContaining('content-encoding'),
    })
  })

  it('that breaks off is no fault of ours, and leaves nothing behind', async () => {
    const headers = { ...as('front-office'), 'content-length': 100 }
    const upload = request(`${house.url}/v1/cases`, { method: 'POST', headers })
    upload.on('error', () => {})
    const logged = house.log.length
    await new Promise(resolve => upload.write('{"minutes":', resolve))
    upload.destroy()
    await expect.poll(() => house.log.length).toBeGreaterThan(logged)
    expect(house.log.filter(line => line.includes('fault'))).toEqual([])
  })
})

it('of a key that stands twice the last counts, for the agency as for the answer', async () => {
  await using house = await startHouse()
  const { status, body } = await house.ask(
    '/v1/residents/lookup',
    '{"nik":"not even a NIK","nik":"9999011501900001"}',
  )
  expect(status).toBe(200)
  expect(body.data).toMatchObject({ nik: '9999011501900001' })
  expect(house.dukcapil.received.map(({ body }) => body).join()).not.toContain('not even')
})

it('of all this, nothing has reached the agency or hurt the house', async () => {
  expect(house.dukcapil.calls).toEqual({})
  expect((await house.get('/health/ready', {})).status).toBe(200)
})
