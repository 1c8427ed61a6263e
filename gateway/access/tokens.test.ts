import { generateKeyPairSync, hash } from 'node:crypto'
import { generateSecret, type JWTPayload, SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Clock, createClock } from '#gateway/testing/clock.ts'
import {
  type IdentityProvider,
  newSigner,
  sign,
  type Signer,
  startIdentityProvider,
} from '#gateway/testing/identity-provider.ts'
import type { Caller, Member, Role } from './members.ts'
import { createVerify, type IssuerSettings } from './tokens.ts'

const [first, second, rsa, rsa512, edwards] = await Promise.all([
  newSigner('first'),
  newSigner('second'),
  newSigner('rsa', 'RS256'),
  newSigner('rsa-512', 'RS512'),
  newSigner('edwards', 'EdDSA'),
])

const member = (id: string, roles: readonly Role[]): Member => ({
  id,
  name: id,
  roles,
  rateLimit: { requests: 1, seconds: 1 },
  keys: [],
})
const members = [member('front-office', ['member', 'operator']), member('health-desk', ['member'])]

let clock: Clock
let provider: IdentityProvider
let faults: string[]
let verify: (token: string) => Promise<Caller>

function verifying(changes: Partial<IssuerSettings> = {}) {
  const settings: IssuerSettings = {
    issuer: provider.issuer,
    audience: 'mpp-gateway',
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    member: {
      claim: 'organisation',
      values: { 'Loket Depan': 'front-office', 'dinas/kesehatan': 'health-desk' },
    },
    roles: {
      claim: 'realm_access.roles',
      values: { petugas: 'member', pengelola: 'operator', pemeriksa: 'auditor' },
    },
    officer: 'officer',
    counter: 'counter',
    ...changes,
  }
  const check = createVerify([settings], {
    members,
    now: clock.now,
    onFault: (issuer, error) => faults.push(`${issuer} ${(error as Error).name}`),
  })
  return async (token: string) => check(token, hash('sha256', token))
}

beforeEach(async () => {
  clock = createClock()
  provider = await startIdentityProvider(first)
  faults = []
  verify = verifying()
})

const seconds = () => Math.floor(clock.now() / 1_000)

/** What a good token says, five minutes long; `undefined` takes a claim away. */
const claims = (changes: JWTPayload = {}): JWTPayload => ({
  iss: provider.issuer,
  aud: 'mpp-gateway',
  sub: 'someone',
  exp: seconds() + 300,
  jti: 'visit-1',
  organisation: 'Loket Depan',
  realm_access: { roles: ['petugas'] },
  ...changes,
})
const token = (changes?: JWTPayload, signer: Signer = first) => sign(claims(changes), signer)

const refused = (reason: string) =>
  expect.objectContaining({ code: 'UNAUTHENTICATED', facts: expect.objectContaining({ reason }) })

describe('a token that is right', () => {
  it('stands for its member, with the roles that both have', async () => {
    expect(await verify(await token())).toEqual({
      member: members[0],
      keyId: 'token-visit-1',
      roles: ['member'],
    })
    const all = { realm_access: { roles: ['petugas', 'pengelola', 'pemeriksa', 'nobody'] } }
    expect((await verify(await token(all))).roles).toEqual(['member', 'operator'])
    expect((await verify(await token({ ...all, organisation: 'dinas/kesehatan' }))).roles).toEqual(['member'])
    expect((await verify(await token({ realm_access: {} }))).roles).toEqual([])
    const inOneText = { realm_access: { roles: 'openid petugas pengelola' } }
    expect((await verify(await token(inOneText))).roles).toEqual(['member', 'operator'])
    verify = verifying({ roles: undefined })
    expect((await verify(await token(all))).roles).toEqual(['member'])
  })

  it('vouches for officer and counter', async () => {
    expect(await verify(await token({ officer: 'o-7f3a', counter: 'A-03' }))).toMatchObject({
      officer: 'o-7f3a',
      counter: 'A-03',
    })
  })

  it.each([
    ['RS256', rsa],
    ['ES256', first],
    ['EdDSA', edwards],
  ])('is signed with %s', async (_, signer) => {
    provider.publishes = [rsa, first, edwards]
    expect((await verify(await token({}, signer))).member.id).toBe('front-office')
  })

  it('is known in the ledger by its id, or by a piece of its hash where that may be a person', async () => {
    for (const jti of [undefined, '999901150190000112', 'a@b.example']) {
      expect((await verify(await token(jti === undefined ? { jti: undefined! } : { jti }))).keyId).toMatch(
        /^token-[0-9a-f]{16}$/,
      )
    }
  })

  it('is checked once, and no longer known than it is valid', async () => {
    const one = await token()
    const [caller, again] = [await verify(one), await verify(one)]
    expect(again).toBe(caller)
    clock.leap(299_999)
    expect(await verify(one)).toBe(caller)
    clock.leap(10_001)
    await expect(verify(one)).rejects.toEqual(refused('TOKEN_EXPIRED'))
  })
})

const hmac = await generateSecret('HS256')

describe('a token that is wrong', () => {
  it.each<[string, string, () => string | Promise<string>]>([
    ['another issuer', 'TOKEN_INVALID', () => token({ iss: 'https://elsewhere.example' })],
    ['no issuer', 'TOKEN_INVALID', () => token({ iss: undefined! })],
    ['another audience', 'TOKEN_INVALID', () => token({ aud: ['another-gateway'] })],
    ['no audience', 'TOKEN_INVALID', () => token({ aud: undefined! })],
    ['expired', 'TOKEN_EXPIRED', () => token({ exp: seconds() - 6 })],
    ['without an end', 'TOKEN_INVALID', () => token({ exp: undefined! })],
    ['an end that is no number', 'TOKEN_INVALID', () => token({ exp: 'never' as never })],
    ['not valid yet', 'TOKEN_INVALID', () => token({ nbf: seconds() + 6 })],
    ['an algorithm that is not configured', 'TOKEN_INVALID', () => token({}, rsa512)],
    ['a shared secret', 'TOKEN_INVALID', () => token({}, { ...first, alg: 'HS256', privateKey: hmac })],
    [
      'the public key as a shared secret',
      'TOKEN_INVALID',
      async () => {
        const secret = Buffer.from(JSON.stringify(first.publicJwk))
        return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret)
      },
    ],
    ['no signature', 'TOKEN_INVALID', () => unsigned({ alg: 'none' })],
    ['a signature of nothing', 'TOKEN_INVALID', async () => (await token()).replace(/[^.]+$/, 'AA')],
    [
      'tampered claims',
      'TOKEN_INVALID',
      async () => {
        const [header, , signature] = (await token()).split('.')
        return [header, encoded(claims({ organisation: 'dinas/kesehatan' })), signature].join('.')
      },
    ],
    ['another key under a known id', 'TOKEN_INVALID', () => token({}, { ...second, kid: 'first' })],
    ['a key that it brings along', 'TOKEN_INVALID', () => sign(claims(), second, { jwk: second.publicJwk })],
    ['extensions that must be understood', 'TOKEN_INVALID', () => withCritical()],
    ['no JSON', 'TOKEN_INVALID', () => 'aaaaaaaa.bbbbbbbb.cccccccc'],
    ['a member of nobody', 'TOKEN_FOREIGN', () => token({ organisation: 'Pemda Lain' })],
    ['a member by inheritance', 'TOKEN_FOREIGN', () => token({ organisation: 'constructor' })],
    ['two members', 'TOKEN_FOREIGN', () => token({ organisation: ['Loket Depan', 'dinas/kesehatan'] })],
    ['no member', 'TOKEN_FOREIGN', () => token({ organisation: undefined })],
    ["an officer's number", 'TOKEN_UNFIT', () => token({ officer: '198501152010011001' })],
    ['an officer that is no text', 'TOKEN_UNFIT', () => token({ officer: 7 })],
  ])('%s', async (_, reason, make) => {
    provider.publishes = [first, rsa512]
    await expect(verify(await make())).rejects.toEqual(refused(reason))
  })

  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = (header: object): string => `${encoded(header)}.${encoded(claims())}.AAAA`
  const withCritical = async () => {
    const [, payload, signature] = (await token()).split('.')
    return [
      encoded({ alg: 'ES256', kid: 'first', crit: ['invented'], invented: 1 }),
      payload,
      signature,
    ].join('.')
  }
})

describe("the issuer's keys", () => {
  it('are read once, and again for a key that has come since', async () => {
    await verify(await token())
    await verify(await token({ jti: 'token-2' }))
    expect(provider.asked).toEqual(['/.well-known/openid-configuration', '/jwks'])

    provider.publishes = [first, second]
    clock.leap(10_000)
    expect((await verify(await token({}, second))).member.id).toBe('front-office')
    expect(provider.asked).toHaveLength(4)
  })

  it('are not asked for over and over by tokens with invented ones', async () => {
    await verify(await token())
    for (let index = 0; index < 20; index += 1)
      await expect(verify(await token({}, { ...second, kid: `invented-${index}` }))).rejects.toEqual(
        refused('TOKEN_INVALID'),
      )
    expect(provider.asked).toHaveLength(2)
    clock.leap(10_000)
    await expect(verify(await token({}, { ...second, kid: 'invented' }))).rejects.toEqual(
      refused('TOKEN_INVALID'),
    )
    expect(provider.asked).toHaveLength(4)
  })

  it('end with their tokens once the issuer withdraws them, known or not', async () => {
    const known = await token({ exp: seconds() + 3_600 })
    await verify(known)
    provider.publishes = [second]
    clock.leap(600_000)
    await verify(await token({ jti: 'notices that they are old' })) // still with what was read
    await expect.poll(() => provider.asked.length).toBe(4)
    await expect.poll(() => verify(known).catch((error: unknown) => error)).toEqual(refused('TOKEN_INVALID'))
  })

  it('are waited for where they have long not been read: a withdrawn one lets nobody in, seen before or not', async () => {
    const known = await token({ exp: seconds() + 72 * 3_600 })
    await verify(known)
    provider.publishes = [second]
    clock.leap(48 * 3_600_000)
    await expect(verify(known)).rejects.toEqual(refused('TOKEN_INVALID'))
    await expect(verify(await token({ jti: 'new' }))).rejects.toEqual(refused('TOKEN_INVALID'))
  })

  it('go on while the issuer is away, and nobody can say of others', async () => {
    await verify(await token())
    provider.fails = 'status'
    clock.leap(3_600_000)
    expect((await verify(await token())).member.id).toBe('front-office')
    await expect.poll(() => faults).toHaveLength(1)
    const other = await token({}, second)
    await expect(verify(other)).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' })

    delete provider.fails
    provider.publishes = [first, second]
    clock.leap(10_000)
    expect((await verify(other)).member.id).toBe('front-office')
  })

  it.each(['status', 'redirect', 'elsewhere', 'trash', 'endless'] as const)(
    'are not there when the issuer answers with: %s',
    async failure => {
      provider.fails = failure
      const one = await token()
      await expect(verify(one)).rejects.toMatchObject({
        code: 'IDENTITY_UNAVAILABLE',
        facts: { retryAfter: null },
      })
      const asked = provider.asked.length
      await expect(verify(one)).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' })
      expect(provider.asked).toHaveLength(asked) // not asked at every call
      expect(faults).toHaveLength(1)
      expect(provider.asked).not.toContain('/jwks/other')

      delete provider.fails
      clock.leap(10_000)
      expect((await verify(one)).member.id).toBe('front-office')
    },
  )

  it('are read once by all who wait for them', async () => {
    const callers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => verify(await token({ jti: `token-${index}` }))),
    )
    expect(new Set(callers.map(({ keyId }) => keyId)).size).toBe(20)
    expect(provider.asked).toHaveLength(2)
  })

  it('are read from where the configuration says', async () => {
    verify = verifying({ jwksUri: `${provider.issuer}/keys.json` })
    await verify(await token())
    expect(provider.asked).toEqual(['/keys.json'])
  })

  it('check no token when they are shared secrets, or too weak', async () => {
    const secret = { kty: 'oct', k: Buffer.alloc(32).toString('base64url'), kid: 'first', alg: 'HS256' }
    provider.publishes = [{ ...first, publicJwk: secret }]
    await expect(verify(await token())).rejects.toEqual(refused('TOKEN_INVALID'))
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
    provider.publishes = [{ ...rsa, publicJwk: { ...weak, kid: 'rsa', alg: 'RS256' } }]
    clock.leap(10_000)
    await expect(verify(await token({}, rsa))).rejects.toEqual(refused('TOKEN_INVALID'))
    expect(faults).toEqual([`${provider.issuer} TypeError`])
  })
})
