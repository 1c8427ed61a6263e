import { describe, expect, it } from 'vitest'
import type { Agreement } from '#gateway/access/agreements.ts'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { SettingsInvalid } from '#gateway/settings/load.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, type HouseOptions, type MemberId, startHouse } from '#gateway/testing/house.ts'

const input = { nik: '9999011501900001' }
const granting = (...elements: string[]): Agreement =>
  agreement({ grants: { 'resident.lookup': { 'skck.new': elements } } })

/** A house whose files hold something else by now. */
const houseWith = (read: () => readonly Agreement[], options: HouseOptions = {}) =>
  startHouse({ agreements: [granting('/nik', '/fullName')], readAgreements: read, ...options })

const reload = (house: House, member: 'operations' | 'front-office' = 'operations') =>
  house.ask('/v1/operator/reload', {}, as(member))
const seen = async (house: House) => {
  const { body } = await house.ask('/v1/residents/lookup', input)
  return body.data ? Object.keys(body.data) : body.reason
}

describe('POST /v1/operator/reload', () => {
  it('puts the agreements in force that the files hold now, and says what has changed', async () => {
    const desk = agreement({ member: 'health-desk' })
    await using house = await houseWith(() => [granting('/nik', '/religion'), desk])
    expect(await seen(house)).toEqual(['nik', 'fullName'])
    const { status, body } = await reload(house)
    expect(status).toBe(200)
    expect(body).toEqual({
      agreements: {
        added: ['pks-health-desk-dukcapil'],
        changed: ['pks-front-office-dukcapil'],
        ended: [],
        unchanged: [],
      },
    })
    expect(await seen(house)).toEqual(['nik', 'religion'])
  })

  it('keeps every version, and puts the act on record with who did it', async () => {
    await using house = await houseWith(() => [granting('/nik', '/religion')])
    await seen(house)
    await reload(house)
    await seen(house)
    const versions = await house.store.readVersions('agreement', 'pks-front-office-dukcapil')
    expect(versions.map(({ content }) => content.includes('/religion'))).toEqual([false, true])
    const rows = await house.store.readLedger(0, 10)
    expect(rows.map(({ content }) => JSON.parse(content!) as object)).toMatchObject([
      { outcome: 'released', agreementVersion: versions[0]!.digest.slice(0, 12) },
      {
        kind: 'act',
        act: 'agreements.reload',
        member: 'operations',
        key: 'test',
        changed: ['pks-front-office-dukcapil'],
      },
      { outcome: 'released', agreementVersion: versions[1]!.digest.slice(0, 12) },
    ])
  })

  it('keeps no version twice', async () => {
    await using house = await houseWith(() => [granting('/fullName', '/nik')])
    await reload(house)
    await reload(house)
    expect(await house.store.readVersions('agreement', 'pks-front-office-dukcapil')).toHaveLength(1)
  })

  it('ends what no file holds any more', async () => {
    const desk = agreement({ member: 'health-desk' })
    await using house = await houseWith(() => [desk])
    const { body } = await reload(house)
    expect(body).toMatchObject({ agreements: { ended: ['pks-front-office-dukcapil'] } })
    expect(await seen(house)).toBe('AGREEMENT_MISSING')
  })

  it('shows nobody what was kept under an agreement whose id is now theirs', async () => {
    const reuse = { scope: 'agreement', timeToLiveMs: 60_000 } as const
    const theirs = agreement({ id: 'pks-front-office-dukcapil', member: 'health-desk', reuse })
    await using house = await houseWith(() => [theirs], { agreements: [agreement({ reuse })] })
    const modeFor = async (member: MemberId) =>
      (await house.ask('/v1/residents/lookup', input, as(member))).body.provenance?.[''].mode
    expect([await modeFor('front-office'), await modeFor('front-office')]).toEqual(['live', 'cached'])
    await reload(house)
    expect([await modeFor('health-desk'), await modeFor('health-desk')]).toEqual(['live', 'cached'])
  })

  it('leaves all as it was when a file is wrong, and says which, where and what was expected', async () => {
    const problem = {
      file: 'agreements/desk.yaml',
      path: 'valid.until',
      expected: 'a time after valid.from',
    }
    await using house = await houseWith(() => {
      throw new SettingsInvalid([problem])
    })
    const { status, body } = await reload(house)
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'AGREEMENTS_INVALID',
      errors: [{ ...problem, detail: `expected ${problem.expected}` }],
    })
    expect(house.log.join('')).toContain('agreements/desk.yaml: valid.until')
    const [row] = await house.store.readLedger(0, 10)
    expect(row!.id).toBe(body.auditId)
    expect(JSON.parse(row!.content!)).toEqual({
      kind: 'act',
      act: 'agreements.reload',
      member: 'operations',
      key: 'test',
      officer: 'o-7f3a',
      identity: 'asserted',
      outcome: 'AGREEMENTS_INVALID',
      problems: 1,
    })
    expect(await seen(house)).toEqual(['nik', 'fullName'])
  })

  it('leaves all as it was while the store is away: what is in force must be on record', async () => {
    let isAway = false
    await using house = await houseWith(() => [granting('/nik')], {
      wrapStore: store =>
        new Proxy(store, {
          get: (target, name: keyof typeof store) =>
            name === 'keepVersion' && isAway
              ? () => Promise.reject(new StoreUnavailable('away'))
              : (target[name] as () => unknown).bind(target),
        }),
    })
    isAway = true
    expect((await reload(house)).body.code).toBe('STORE_UNAVAILABLE')
    expect(await seen(house)).toEqual(['nik', 'fullName'])
    isAway = false
    expect((await reload(house)).status).toBe(200)
    expect(await seen(house)).toEqual(['nik'])
  })

  it('is for operators', async () => {
    await using house = await houseWith(() => [granting('/nik')])
    const { status, body } = await reload(house, 'front-office')
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'NOT_GRANTED', reason: 'ROLE_MISSING' })
    expect(await seen(house)).toEqual(['nik', 'fullName'])
  })
})

describe('a question under way while agreements are reloaded', () => {
  it.each([
    ['narrower', [granting('/nik')], ['nik']],
    ['wider', [granting('/nik', '/fullName', '/religion')], ['nik', 'fullName', 'religion']],
    ['suspended', [{ ...granting('/nik'), suspendedBy: ['upstream'] as const }], 'AGREEMENT_SUSPENDED'],
    ['gone', [agreement({ member: 'health-desk' })], 'AGREEMENT_MISSING'],
    ["another member's", [{ ...granting('/nik'), member: 'health-desk' }], 'AGREEMENT_MISSING'],
  ])('is shown what its agreement grants at the end: it is %s', async (_, next, expected) => {
    await using house = await houseWith(() => next)
    house.dukcapil.setWeather('slow=500')
    const asking = house.ask('/v1/residents/lookup', input)
    await expect.poll(() => house.dukcapil.calls).toEqual({ lookup: 1 })
    await reload(house)
    const { body, text } = await asking
    expect(body.data ? Object.keys(body.data) : body.reason).toEqual(expected)
    expect(body.data ? 'shown' : body.sent).toBe(body.data ? 'shown' : 'yes')
    if (!body.data) expect(text).not.toContain('WARGA CONTOH')
  })

  it('is not dropped: of a hundred questions during ten reloads, each is answered', async () => {
    let turn = 0
    await using house = await houseWith(() => [turn++ % 2 ? granting('/nik') : granting('/nik', '/fullName')])
    const asking = Array.from({ length: 100 }, async () => seen(house))
    for (let count = 0; count < 10; count++) expect((await reload(house)).status).toBe(200)
    for (const answer of await Promise.all(asking)) expect(answer).toContain('nik')
  })

  it('what is kept of an answer shows no more than the new agreement grants', async () => {
    const sharing = (...elements: string[]) =>
      agreement({
        reuse: { scope: 'case', timeToLiveMs: 600_000 },
        grants: { 'resident.lookup': { 'skck.new': elements } },
      })
    await using house = await startHouse({
      agreements: [sharing('/nik', '/fullName')],
      readAgreements: () => [sharing('/nik')],
    })
    expect(await seen(house)).toEqual(['nik', 'fullName'])
    await reload(house)
    expect(await seen(house)).toEqual(['nik'])
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
  })
})

describe('the end of an agreement', () => {
  const day = 24 * 60 * 60_000
  const ending = (days: number) => ({
    agreements: [agreement({ validUntil: Date.parse('2026-09-21T09:00:00+07:00') + days * day })],
  })
  const warningsOf = async (house: House) => {
    const { body } = await house.get('/health/ready')
    return (body as unknown as { warnings: string[] }).warnings.filter(warning =>
      warning.includes('agreement'),
    )
  }

  it.each([
    [61, undefined, []],
    [60, 'ends within 60 days', []],
    [31, 'ends within 60 days', []],
    [30, 'ends within 30 days', ['1 agreement ends within 30 days']],
    [7, 'ends within 7 days', ['1 agreement ends within 30 days']],
    [0, 'has ended', ['1 agreement has ended']],
  ])('%d days ahead: in the log %j, in the readiness %j', async (days, said, warnings) => {
    await using house = await startHouse(ending(days))
    const told = house.log.filter(line => line.includes('"msg":"an agreement '))
    expect(told.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual(
      said === undefined ? [] : [`an agreement ${said}`],
    )
    expect(await warningsOf(house)).toEqual(warnings)
  })

  it('is a figure among the metrics, for the agreements in force', async () => {
    await using house = await startHouse({
      ...ending(2),
      readAgreements: () => [agreement({ id: 'pks-new' })],
    })
    const figures = async () =>
      (await house.get('/metrics')).text.split('\n').filter(line => line.startsWith('mpp_agreement_valid'))
    expect(await figures()).toEqual([
      'mpp_agreement_valid_seconds{agreement="pks-front-office-dukcapil"} 172800',
    ])
    house.clock.leap(3 * day)
    expect(await figures()).toEqual([
      'mpp_agreement_valid_seconds{agreement="pks-front-office-dukcapil"} -86400',
    ])
    await reload(house)
    expect(await figures()).toEqual([
      expect.stringMatching(/^mpp_agreement_valid_seconds\{agreement="pks-new"\} \d+$/),
    ])
  })
})
