/** Signing in at the mall's identity provider. */
import { describe, expect, it } from 'vitest'
import { startHouse } from '#gateway/testing/house.ts'
import {
  boardSecret,
  type IdentityProvider,
  newSigner,
  startIdentityProvider,
} from '#gateway/testing/identity-provider.ts'
import { refusals, visit, type Visitor } from './visitor.ts'

const person = { org: 'ops', groups: ['mall-operators'], employee: 'o-17' }

async function startBoard() {
  const provider = await startIdentityProvider(await newSigner('one'))
  provider.person = person
  const issuer = {
    issuer: provider.issuer,
    audience: 'gateway',
    algorithms: ['ES256'] as const,
    member: { claim: 'org', values: { ops: 'operations', front: 'front-office' } },
    roles: { claim: 'groups', values: { 'mall-operators': 'operator', counters: 'member' } } as const,
    officer: 'employee',
  }
  // The browser knows the gateway by an address of its own; the test follows it there by hand.
  const house = await startHouse({
    now: Date.now,
    settings: {
      issuers: [issuer],
      board: {
        address: 'http://board.example',
        oidc: { issuer: provider.issuer, clientId: 'board', clientSecret: boardSecret, scope: 'openid' },
      },
    },
  })
  return { provider, house, visitor: visit(house) }
}

/** As a browser follows: to the provider, and back. The path that it is sent back to. */
async function throughProvider(visitor: Visitor): Promise<string> {
  const began = await visitor.get('/ops/sign-in/oidc')
  expect(began.status).toBe(302)
  const asked = await fetch(began.headers.get('location')!, { redirect: 'manual' })
  const back = new URL(asked.headers.get('location')!)
  expect(back.origin).toBe('http://board.example')
  return `${back.pathname}${back.search}`
}

describe('signing in at the identity provider', () => {
  it('takes its word for who it is, and acts in that name', async () => {
    const { provider, house, visitor } = await startBoard()
    await using _ = house
    expect((await visitor.get('/ops')).text).toContain(`Masuk lewat ${new URL(provider.issuer).host}`)

    const came = await visitor.get(await throughProvider(visitor))
    expect([came.status, came.headers.get('location')]).toEqual([303, '/ops'])
    expect((await visitor.get('/ops')).text).toContain('o-17')
    const begun = provider.asked.find(path => path.startsWith('/authorize'))!
    expect(Object.fromEntries(new URL(begun, provider.issuer).searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
    })

    const held = await visitor.act('/ops/upstreams/dukcapil/hold', { reason: 'instansi meminta' })
    expect(held.status).toBe(303)
    const [row] = await house.store.readLedger(0, 10)
    expect(JSON.parse(row!.content!)).toMatchObject({
      act: 'upstream.hold',
      officer: 'o-17',
      identity: 'verified',
      key: expect.stringMatching(/^token-/),
    })
  })

  const twist =
    (twists: IdentityProvider['twists']) =>
    ({ provider }: { provider: IdentityProvider }) => {
      provider.twists = twists
    }
  it.each([
    ['another nonce', twist({ nonce: 'of another sign-in' })],
    ['a token for another client', twist({ aud: 'gateway' })],
    ['one that has expired', twist({ exp: 1 })],
    ['nobody of this mall', twist({ org: 'elsewhere' })],
    ['no', ({ provider }: { provider: IdentityProvider }) => (provider.person = undefined)],
  ])('refuses %s', async (_name, spoil) => {
    const { provider, house, visitor } = await startBoard()
    await using _ = house
    spoil({ provider })
    const came = await visitor.get(await throughProvider(visitor))
    expect(came.status).toBe(401)
    expect((await visitor.get('/ops')).status).toBe(401)
    expect(await refusals(house)).toEqual({ oidc: 1 })
  })

  it('refuses a keeper of another role, on record', async () => {
    const { provider, house, visitor } = await startBoard()
    await using _ = house
    provider.person = { org: 'front', groups: ['counters'], employee: 'o-3' }
    expect((await visitor.get(await throughProvider(visitor))).status).toBe(403)
    expect(await refusals(house)).toEqual({ role: 1 })
  })

  it('refuses what another browser began, and what came once already', async () => {
    const { house, visitor } = await startBoard()
    await using _ = house
    const stolen = await throughProvider(visitor)
    expect((await visit(house).get(stolen)).status).toBe(401)
    expect((await visitor.get(stolen)).status).toBe(303)
    visitor.cookies.clear()
    expect((await visitor.get(stolen)).status).toBe(401)
    const swapped = visit(house)
    await throughProvider(swapped)
    expect((await swapped.get(stolen)).status).toBe(401)
  })

  it('says so while the provider is away; keys go on', async () => {
    const { provider, house, visitor } = await startBoard()
    await using _ = house
    provider.fails = 'status'
    const answer = await visitor.get('/ops/sign-in/oidc')
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('Masuklah dengan kunci')
    provider.fails = 'elsewhere'
    expect((await visitor.get('/ops/sign-in/oidc')).status).toBe(401)
  })
})
