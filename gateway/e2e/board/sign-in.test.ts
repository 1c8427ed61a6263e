/** Who comes in, for how long, and what is refused and counted. */
import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Member } from '#gateway/access/members.ts'
import { createSealer } from '#gateway/sealing.ts'
import { as, memberOf, startHouse } from '#gateway/testing/house.ts'
import { keys, refusals, visit } from './visitor.ts'

function multipart(text: string): FormData {
  const form = new FormData()
  form.set('key', text)
  return form
}

const hold = '/ops/upstreams/dukcapil/hold'
const minute = 60_000

describe('signing in with a key', () => {
  it.each(['operator', 'auditor', 'monitor'] as const)('lets in: %s', async role => {
    await using house = await startHouse()
    const visitor = visit(house)
    const before = await visitor.get('/ops/orders')
    expect(before.status).toBe(401)
    expect(before.text).toContain('Kunci API')

    const answer = await visitor.signIn(keys[role])
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/ops'])
    const page = await visitor.get('/ops')
    expect(page.status).toBe(200)
    expect(page.text).toContain('o-90')
    expect(page.text).not.toContain(keys[role])
    expect(house.log.join()).not.toContain(keys[role])
    expect(house.log.join()).toContain('signed in at the board')
  })

  it('keeps the session out of reach of scripts and other sites, and the key out of it', async () => {
    await using house = await startHouse()
    const visitor = visit(house)
    const { headers } = await visitor.signIn(keys.operator)
    expect(headers.get('set-cookie')).toMatch(/^mpp-board=[\w-]+; Path=\/ops; HttpOnly; SameSite=Lax$/)
    const cookie = Buffer.from(visitor.cookies.get('mpp-board')!, 'base64url')
    expect(cookie.includes('operations')).toBe(false)
    expect(cookie.includes('o-90')).toBe(false)
  })

  it('sends the cookie nowhere but over https where the board is there', async () => {
    await using house = await startHouse({ settings: { board: { address: 'https://gateway.mall.example' } } })
    expect((await visit(house).signIn(keys.operator)).headers.get('set-cookie')).toContain('; Secure')
    await using proxied = await startHouse({ trustedProxies: ['127.0.0.1'] })
    const https = { 'x-forwarded-proto': 'https' }
    const answer = await visit(proxied).post('/ops/sign-in', { key: keys.operator, officer: 'o-90' }, https)
    expect(answer.headers.get('set-cookie')).toContain('; Secure')
    await using unknown = await startHouse()
    const plain = await visit(unknown).post('/ops/sign-in', { key: keys.operator, officer: 'o-90' }, https)
    expect(plain.headers.get('set-cookie')).not.toContain('Secure')
  })

  it.each([
    ['in one piece', (form: string) => form],
    ['piece by piece, without saying how long it is', (form: string) => new Blob([form]).stream()],
    ['packed', (form: string) => gzipSync(form), { 'content-encoding': 'gzip' }, 400],
    ['as parts', (form: string) => multipart(form)],
  ] as [string, (form: string) => NonNullable<RequestInit['body']>, Record<string, string>?, number?][])(
    'reads no more of a form than forms hold: %s',
    async (_, body, headers = {}, status = 413) => {
      await using house = await startHouse()
      const answer = await fetch(`${house.url}/ops/sign-in`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin', ...headers },
        body: body(`key=${'k'.repeat(1_000_000)}&officer=o-90`),
        ...({ duplex: 'half' } as object),
      })
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toContain('text/html')
      expect(house.log.join()).not.toContain('"level":50')
    },
  )

  it('goes on to where one wanted to go, within the board only', async () => {
    await using house = await startHouse()
    const to = async (next: string) =>
      (await visit(house).post('/ops/sign-in', { key: keys.operator, officer: 'o-90', next })).headers.get(
        'location',
      )
    expect(await to('/ops/orders?state=dead')).toBe('/ops/orders?state=dead')
    expect(await to('https://evil.example/ops')).toBe('/ops')
    expect(await to('//evil.example')).toBe('/ops')
    expect(await to('/ops//evil.example')).toBe('/ops')
    expect(await to('/v1/me/rights')).toBe('/ops')
  })

  it('refuses unknown keys, members and numbers that name people, and counts them', async () => {
    await using house = await startHouse()
    const visitor = visit(house)
    const unknown = await visitor.signIn('mpp_a_key_that_nobody_knows_here')
    expect(unknown.status).toBe(401)
    expect(unknown.text).toContain('Kunci ini tidak dikenal')
    expect(unknown.text).not.toContain('mpp_a_key_that_nobody')
    const member = await visitor.signIn(keys.member)
    expect(member.status).toBe(403)
    const named = await visitor.signIn(keys.operator, '1990.0101.2015.0310.01')
    expect(named.status).toBe(422)
    expect(named.text).not.toContain('1990.0101')
    expect(visitor.cookies.size).toBe(0)
    expect(await refusals(house)).toEqual({ key: 1, role: 1, officer: 1 })
    const rows = await house.store.readLedger(0, 10)
    expect(rows.map(({ content }) => JSON.parse(content!))).toMatchObject([
      { kind: 'role-refusal', member: 'front-office', route: '/ops/sign-in' },
    ])
  })

  it('is limited as every call of the member is', async () => {
    const slow = { ...memberOf('operations', ['operator']), rateLimit: { requests: 2, seconds: 60 } }
    await using house = await startHouse({
      settings: { members: [slow, memberOf('front-office', ['member'])] },
    })
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    expect((await visitor.get('/ops')).status).toBe(200)
    expect((await visitor.get('/ops')).status).toBe(429)
  })

  it('is not there where it is switched off', async () => {
    await using house = await startHouse({ settings: { board: undefined } })
    expect((await house.get('/ops')).status).toBe(404)
  })
})

describe('a session', () => {
  it('ends when nobody works with it, and after a shift', async () => {
    await using house = await startHouse()
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    for (let passed = 0; passed < 120; passed += 20) {
      house.clock.leap(20 * minute)
      expect((await visitor.get('/ops')).status).toBe(200)
    }
    house.clock.leap(31 * minute)
    const over = await visitor.get('/ops')
    expect(over.status).toBe(401)
    expect(over.text).toContain('Sesi Anda telah berakhir')
    expect(visitor.cookies.size).toBe(0)

    await visitor.signIn(keys.operator)
    for (let passed = 0; passed < 12 * 60; passed += 20) {
      house.clock.leap(20 * minute)
      await visitor.get('/ops')
    }
    expect((await visitor.get('/ops')).status).toBe(401)
    expect(await refusals(house)).toEqual({ 'session-expired': 2 })
  })

  it.each([
    ['altered', (value: string) => `${value.slice(0, -4)}AAAA`],
    ['made up', () => Buffer.from('{"member":"operations"}').toString('base64url')],
    [
      'sealed with another key',
      () =>
        createSealer([{ id: 'test', key: Buffer.alloc(32, 'other') }])
          .seal('{"member":"operations"}', 'board-session/1')
          .toString('base64url'),
    ],
  ])('is refused where it is %s', async (_, forge) => {
    await using house = await startHouse()
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    visitor.cookies.set('mpp-board', forge(visitor.cookies.get('mpp-board')!))
    const answer = await visitor.post(hold, { reason: 'instansi meminta' })
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('Sesi ini bukan dari gerbang ini')
    expect(await refusals(house)).toEqual({ 'session-forged': 1 })
  })

  it('ends with the key or the role that it began with, and outlives a restart', async () => {
    const member = (changes: Partial<Member>): Member => ({
      ...memberOf('operations', ['operator']),
      ...changes,
    })
    const others = [memberOf('front-office', ['member']), memberOf('monitoring', ['monitor'])]
    await using house = await startHouse({ settings: { members: [member({}), ...others] } })
    const visitor = visit(house)
    await visitor.signIn(keys.operator)

    const after = async (changed: Member) => {
      await using other = await startHouse({ settings: { members: [changed, ...others] } })
      const elsewhere = visit(other)
      for (const [name, value] of visitor.cookies) elsewhere.cookies.set(name, value)
      const { status } = await elsewhere.get('/ops')
      return [status, await refusals(other)]
    }
    const [key] = member({}).keys
    expect(await after(member({}))).toEqual([200, {}])
    expect(await after(member({ keys: [] }))).toEqual([401, { 'session-withdrawn': 1 }])
    expect(await after(member({ keys: [{ ...key!, roles: ['member'] }] }))).toEqual([
      401,
      { 'session-withdrawn': 1 },
    ])
    expect(await after(member({ keys: [{ ...key!, expiresAt: 0 }] }))).toEqual([
      401,
      { 'session-withdrawn': 1 },
    ])
    const another = { ...key!, sha256: hash('sha256', 'another key under the same id') }
    expect(await after(member({ keys: [another] }))).toEqual([401, { 'session-withdrawn': 1 }])
  })

  it('ends when its owner signs out', async () => {
    await using house = await startHouse()
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    expect((await visitor.act('/ops/sign-out', {})).text).toContain('Anda telah keluar')
    expect((await visitor.get('/ops')).status).toBe(401)
  })
})

describe('a form', () => {
  const reason = 'instansi meminta'

  it('is refused without the token of its session, or from elsewhere, and nothing is done', async () => {
    await using house = await startHouse()
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    const formToken = await visitor.formToken()
    const other = visit(house)
    await other.signIn(keys.operator)
    const refused = [
      await visitor.post(hold, { reason }),
      await visitor.post(hold, { reason, formToken: 'AAAA' }),
      await visitor.post(hold, { reason, formToken: await other.formToken() }),
      await visitor.post(hold, { reason, formToken }, { origin: 'https://evil.example' }),
      await visitor.post(hold, { reason, formToken }, { 'sec-fetch-site': 'cross-site' }),
      await visitor.post(
        '/ops/sign-in',
        { key: keys.operator, officer: 'o-1' },
        { origin: 'https://evil.example' },
      ),
      await visitor.post('/ops/sign-out', {}),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403])
    expect(refused[0]!.text).toContain('Tidak ada yang dilakukan')
    expect(await refusals(house)).toEqual({ form: 7 })
    expect((await house.get('/health/upstreams', as('operations'))).body).toMatchObject({
      upstreams: [{ state: 'unknown' }],
    })
    expect((await visitor.post(hold, { reason, formToken })).status).toBe(303)
  })

  it('is refused without a reason, and says so beside the field', async () => {
    await using house = await startHouse()
    const visitor = visit(house)
    await visitor.signIn(keys.operator)
    for (const reason of ['', 'ya', 'NIK 9999011501900001']) {
      const answer = await visitor.act(hold, { reason })
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('aria-invalid="true"')
    }
    const rows = await house.store.readLedger(0, 10)
    expect(rows).toEqual([])
  })

  it.each(['auditor', 'monitor'] as const)('is not for whoever may only look: %s', async role => {
    await using house = await startHouse()
    const visitor = visit(house)
    await visitor.signIn(keys[role])
    const upstream = await visitor.get('/ops/upstreams/dukcapil')
    expect(upstream.status).toBe(200)
    expect(upstream.text).not.toContain(hold)
    expect((await visitor.get(hold)).text).toContain('Peran Anda hanya melihat')
    expect((await visitor.act(hold, { reason })).status).toBe(403)
    expect(await refusals(house)).toEqual({ role: 1 })
    const [row] = await house.store.readLedger(0, 10)
    expect(JSON.parse(row!.content!)).toMatchObject({
      kind: 'role-refusal',
      officer: 'o-90',
      needed: ['operator'],
    })
  })
})

it('is found by nobody who does not know its pages, and names the known ones to those who do', async () => {
  await using house = await startHouse()
  const visitor = visit(house)
  expect((await visitor.get('/ops/upstreams/bpn')).status).toBe(401)
  await visitor.signIn(keys.operator)
  const unknown = await visitor.get('/ops/upstreams/bpn')
  expect(unknown.status).toBe(404)
  expect(unknown.text).toContain('href="/ops/upstreams/dukcapil"')
  expect((await visitor.get('/ops/nowhere')).status).toBe(404)
  expect((await visitor.get('/ops/orders/0198')).status).toBe(404)
})

it('is never kept, framed, or helped by anything from elsewhere', async () => {
  await using house = await startHouse()
  const visitor = visit(house)
  const open = await visitor.get('/ops')
  await visitor.signIn(keys.operator)
  for (const { headers, text } of [open, await visitor.get('/ops'), await visitor.get('/ops/nowhere')]) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/)
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/)
    expect(text).not.toMatch(/(src|href|action)="(https?:)?\/\//)
    expect(text).not.toMatch(/ on\w+="| style="/)
  }
})
