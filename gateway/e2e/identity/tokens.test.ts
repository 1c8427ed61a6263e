import { beforeEach, describe, expect, it } from 'vitest'
import { createClock } from '#gateway/testing/clock.ts'
import { startHouse } from '#gateway/testing/house.ts'
import {
  type IdentityProvider,
  newSigner,
  sign,
  startIdentityProvider,
} from '#gateway/testing/identity-provider.ts'

const nik = '9999011501900001'
const signer = await newSigner('first')
const seconds = createClock().now() / 1_000

let provider: IdentityProvider
beforeEach(async () => {
  provider = await startIdentityProvider(signer)
})

const open = () =>
  startHouse({
    settings: {
      issuers: [
        {
          issuer: provider.issuer,
          audience: 'mpp-gateway',
          algorithms: ['ES256'],
          member: { claim: 'organisation', values: { 'Loket Depan': 'front-office' } },
          officer: 'officer',
          counter: 'counter',
        },
      ],
    },
  })

async function bearer(changes: object = {}) {
  const claims = {
    iss: provider.issuer,
    aud: 'mpp-gateway',
    exp: seconds + 300,
    jti: 'kenari-1',
    sub: 'kenari-sub',
    organisation: 'Loket Depan',
    officer: 'o-7f3a',
    ...changes,
  }
  return { authorization: `Bearer ${await sign(claims, signer)}` }
}

describe('a token of an identity provider', () => {
  it('asks as its member does; the ledger knows whose word the officer is', async () => {
    await using house = await open()
    const contentOf = async (id: string | null | undefined) => {
      const row = (await house.store.readLedger(0, 100)).find(row => row.id === id)
      return JSON.parse(row!.content!) as object
    }
    const verified = await house.ask(
      '/v1/residents/lookup',
      { nik },
      { ...(await bearer()), 'mpp-officer': undefined },
    )
    expect(verified.status).toBe(200)
    expect(await contentOf(verified.body.auditId)).toMatchObject({
      member: 'front-office',
      key: 'token-kenari-1',
      officer: 'o-7f3a',
      counter: 'A-03',
      identity: 'verified',
    })

    const asserted = await house.ask('/v1/residents/lookup', { nik })
    expect(await contentOf(asserted.body.auditId)).toMatchObject({ officer: 'o-7f3a', identity: 'asserted' })
    const silent = await house.ask('/v1/residents/lookup', { nik }, await bearer({ officer: undefined }))
    expect(await contentOf(silent.body.auditId)).toMatchObject({ officer: 'o-7f3a', identity: 'asserted' })
  })

  it('vouches for counter and officer: headers may repeat it, and not contradict it', async () => {
    await using house = await open()
    const token = await bearer({ counter: 'A-03' })
    expect((await house.ask('/v1/residents/lookup', { nik }, token)).status).toBe(200)
    const { status, body } = await house.ask(
      '/v1/residents/lookup',
      { nik },
      { ...token, 'mpp-officer': 'o-9999', 'mpp-counter': 'B-01' },
    )
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ header: 'Mpp-Officer' }, { header: 'Mpp-Counter' }],
    })
  })

  it('names the officer also where a role is missing, and no header puts another in their place', async () => {
    await using house = await open()
    const token = await bearer()
    const { body } = await house.ask('/v1/operator/reload', {}, { ...token, 'mpp-officer': 'o-9999' })
    expect(body).toMatchObject({ code: 'NOT_GRANTED', reason: 'ROLE_MISSING' })
    const [row] = await house.store.readLedger(0, 10)
    expect(JSON.parse(row!.content!)).toMatchObject({ officer: 'o-7f3a', identity: 'verified' })

    const named = await house.ask('/v1/residents/lookup', { nik }, { ...token, 'mpp-officer': 'o-9999' })
    expect(named.body.code).toBe('INPUT_INVALID')
    const [, contradiction] = await house.store.readLedger(0, 10)
    expect(JSON.parse(contradiction!.content!)).toMatchObject({ officer: 'o-7f3a', identity: 'verified' })
  })

  it('needs no context for what is public', async () => {
    await using house = await open()
    expect((await house.get('/v1/notices', await bearer())).status).toBe(200)
  })

  it('is refused by reason, and is in no log, error or metric', async () => {
    await using house = await open()
    const token = await bearer()
    const [wrong, expired, foreign] = [
      { authorization: `${token.authorization.slice(0, -8)}AAAAAAAA` },
      await bearer({ exp: seconds - 10 }),
      await bearer({ organisation: 'kenari-org' }),
    ]
    expect((await house.ask('/v1/residents/lookup', { nik }, token)).status).toBe(200)
    const refusals = []
    for (const headers of [wrong, expired, foreign]) refusals.push(await house.get('/v1/notices', headers))
    expect(refusals.map(({ status, body }) => [status, body.reason])).toEqual([
      [401, 'TOKEN_INVALID'],
      [401, 'TOKEN_EXPIRED'],
      [401, 'TOKEN_FOREIGN'],
    ])
    const metrics = (await house.get('/metrics')).text
    expect(metrics).toContain('mpp_unknown_callers_total{reason="TOKEN_EXPIRED"} 1')

    const heard = [house.log.join(''), metrics, ...refusals.map(({ text }) => text)].join('\n')
    for (const { authorization } of [token, wrong, expired, foreign])
      for (const part of authorization.slice('Bearer '.length).split('.')) expect(heard).not.toContain(part)
    expect(heard).not.toMatch(/kenari-(sub|org)/)
  })

  it('cannot be judged while nobody can be asked for the keys: API keys go on', async () => {
    provider.fails = 'status'
    await using house = await open()
    const { status, body, headers } = await house.get('/v1/notices', await bearer())
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: 'IDENTITY_UNAVAILABLE', sent: 'no', retryAfter: null })
    expect(headers.get('retry-after')).toBeNull()
    expect((await house.get('/v1/notices')).status).toBe(200)
    const told = house.log.map(line => JSON.parse(line) as object)
    expect(told).toContainEqual(expect.objectContaining({ issuer: provider.issuer, reason: 'HTTP_500' }))
    expect((await house.get('/metrics')).text).toContain(
      `mpp_identity_faults_total{issuer="${provider.issuer}"} 1`,
    )
  })
})
