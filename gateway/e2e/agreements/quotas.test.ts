import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { dukcapilConfig, type HeaderChanges, type House, startHouse } from '#gateway/testing/house.ts'

const input = { nik: '9999011501900001' }
const ask = (house: House, headers?: HeaderChanges) => house.ask('/v1/residents/lookup', input, headers)
const codeOf = async (house: House, headers?: HeaderChanges) => (await ask(house, headers)).body.code ?? 'OK'
const perDay = (figure: number, purpose?: string) => ({ purpose, perDay: figure })
const hour = 3_600_000

describe("an agreement's quota", () => {
  it('counts released answers, kept ones too; then nothing is sent, and the refusal is on record', async () => {
    const reuse = { scope: 'case', timeToLiveMs: 60_000 } as const
    await using house = await startHouse({ agreements: [agreement({ reuse, quotas: [perDay(2)] })] })
    expect([await codeOf(house), await codeOf(house)]).toEqual(['OK', 'OK'])
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
    const { status, headers, body } = await ask(house)
    expect(status).toBe(429)
    expect(headers.get('retry-after')).toBe(String(15 * 3_600)) // until midnight in Jakarta: it is nine in the morning
    expect(body).toMatchObject({
      code: 'QUOTA_SPENT',
      source: 'gateway',
      sent: 'no',
      retryAfter: 15 * 3_600,
      sources: [{ id: 'dukcapil', state: 'QUOTA_SPENT', sent: 'no' }],
    })
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
    const [row] = await house.store.readLedger(2, 1)
    expect(row!.id).toBe(body.auditId)
    expect(JSON.parse(row!.content!)).toMatchObject({
      outcome: 'QUOTA_SPENT',
      member: 'front-office',
      agreement: 'pks-front-office-dukcapil',
    })
  })

  it('counts nothing that was not released', async () => {
    await using house = await startHouse({
      agreements: [agreement({ quotas: [perDay(1)] })],
      upstreams: [{ policy: { retries: 0 } }],
    })
    house.dukcapil.setWeather('html', { calls: 1 })
    expect(await codeOf(house)).toBe('UPSTREAM_UNREADABLE')
    const nobody = await house.ask('/v1/residents/lookup', { nik: '9999011501909999' })
    expect(nobody.body.code).toBe('NOT_FOUND')
    expect(await codeOf(house, { 'mpp-elements': '/fullName' })).toBe('OK')
    expect(await codeOf(house)).toBe('QUOTA_SPENT')
  })

  it('is one for each purpose that it names, and one for all together', async () => {
    await using house = await startHouse({
      agreements: [agreement({ quotas: [perDay(3), perDay(1, 'skck.new')] })],
    })
    const renewal = { 'mpp-purpose': 'skck.renewal' }
    expect([await codeOf(house), await codeOf(house)]).toEqual(['OK', 'QUOTA_SPENT'])
    expect([await codeOf(house, renewal), await codeOf(house, renewal)]).toEqual(['OK', 'OK'])
    expect(await codeOf(house, renewal)).toBe('QUOTA_SPENT')
  })

  it('leaves the next source to be asked under its own agreement', async () => {
    await using house = await startHouse({
      agreements: [agreement({ quotas: [perDay(1)] }), agreement({ upstream: 'regional' })],
      upstreams: [{}, { id: 'regional' }],
      routes: [{ capability: 'resident.lookup', upstreams: ['dukcapil', 'regional'] }],
    })
    await ask(house)
    const { body } = await ask(house)
    expect(body.provenance?.[''].source).toBe('regional')
    expect(body.sources).toMatchObject([
      { id: 'dukcapil', state: 'QUOTA_SPENT', sent: 'no' },
      { id: 'regional', state: 'ok', sent: 'yes' },
    ])
  })

  it('is exact for two gateways on one store and 200 askers at once', async () => {
    const options = {
      agreements: [agreement({ quotas: [perDay(60)] })],
      upstreams: [{ policy: { concurrency: 500 } }],
    }
    await using one = await startHouse(options)
    await using other = await startHouse({ ...options, wrapStore: () => one.store })
    const visit = { 'mpp-case': await one.openCase() }
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, asker) => codeOf(asker % 2 === 0 ? one : other, visit)),
    )
    expect(codes.filter(code => code === 'OK')).toHaveLength(60)
    expect(codes.filter(code => code === 'QUOTA_SPENT')).toHaveLength(140)
    const rows = await one.store.readLedger(0, 1_000)
    expect(rows.filter(({ content }) => content!.includes('"outcome":"released"'))).toHaveLength(60)
  })

  it('cannot be counted while the store is away: nothing is sent, nothing is released', async () => {
    const agreements = [agreement({ quotas: [perDay(5)] })]
    await using house = await startHouse({
      agreements,
      wrapStore: store =>
        new Proxy(store, {
          get: (target, name: keyof typeof store) =>
            name === 'takeQuota'
              ? () => Promise.reject(new StoreUnavailable('away'))
              : (target[name] as () => unknown).bind(target),
        }),
    })
    expect((await ask(house)).body).toMatchObject({ code: 'STORE_UNAVAILABLE', sent: 'no' })
    expect(house.dukcapil.calls).toEqual({})
  })

  it('costs an agreement without one nothing: the store is not asked', async () => {
    let asked = 0
    await using house = await startHouse({
      wrapStore: store =>
        new Proxy(store, {
          get(target, name: keyof typeof store) {
            if (name.endsWith('Quota')) asked += 1
            return (target[name] as () => unknown).bind(target)
          },
        }),
    })
    expect(await codeOf(house)).toBe('OK')
    expect(asked).toBe(0)
  })
})

describe.each([
  ['Asia/Jakarta', 15],
  ['Asia/Makassar', 14],
  ['Asia/Jayapura', 13],
])('in a mall in %s, where the day has %d hours left', (timeZone, hoursLeft) => {
  const options = {
    agreements: [agreement({ quotas: [perDay(1)] })],
    settings: { mall: { name: 'Mal Contoh', timeZone, dayEnds: '24:00' } },
  }

  it('the quota is whole again when the day turns there, and not before', async () => {
    await using house = await startHouse(options)
    await ask(house)
    house.clock.leap(hoursLeft * hour - 1_500)
    expect((await ask(house)).body).toMatchObject({ code: 'QUOTA_SPENT', retryAfter: 2 })
    house.clock.leap(1_500)
    expect(await codeOf(house, { 'mpp-case': await house.openCase() })).toBe('OK')
  })

  it('an answer counts on the day it is released, not the day it was asked for', async () => {
    await using house = await startHouse(options)
    await house.openCase()
    house.clock.leap(hoursLeft * hour - 1)
    house.dukcapil.setWeather('slow=500', { calls: 1 })
    const late = ask(house)
    await expect.poll(() => house.dukcapil.calls).toEqual({ lookup: 1 })
    house.clock.leap(1)
    expect((await late).body.code).toBeUndefined()
    expect(await codeOf(house, { 'mpp-case': await house.openCase() })).toBe('QUOTA_SPENT')
  })

  it('one whose new day is spent by then is refused, and says that it was sent', async () => {
    await using house = await startHouse(options)
    await house.openCase()
    house.clock.leap(hoursLeft * hour - 1)
    house.dukcapil.setWeather('slow=1000', { calls: 1 })
    const late = ask(house)
    await expect.poll(() => house.dukcapil.calls).toEqual({ lookup: 1 })
    house.clock.leap(1)
    expect(await codeOf(house, { 'mpp-case': await house.openCase() })).toBe('OK')
    const { body, text } = await late
    expect(body).toMatchObject({ code: 'QUOTA_SPENT', sent: 'yes', retryAfter: 24 * 3_600 })
    expect(text).not.toContain('WARGA CONTOH')
  })
})

describe("an upstream's quota", () => {
  it.each([
    ['Asia/Jakarta', 15],
    ['Asia/Makassar', 14],
    ['Asia/Jayapura', 13],
  ])(
    'counts attempts; when it is spent nothing is sent until the day turns in %s',
    async (timeZone, hours) => {
      await using house = await startHouse({ upstreams: [{ quota: { perDay: 2 }, timeZone }] })
      house.dukcapil.setWeather('500', { calls: 1 })
      expect(await codeOf(house)).toBe('OK') // the second attempt
      const { status, body } = await ask(house)
      expect(status).toBe(429)
      expect(body).toMatchObject({
        code: 'UPSTREAM_QUOTA_SPENT',
        source: 'dukcapil',
        sent: 'no',
        retryAfter: hours * 3_600,
      })
      expect(house.dukcapil.calls).toEqual({ lookup: 2 })
      house.clock.leap(hours * hour)
      expect(await codeOf(house, { 'mpp-case': await house.openCase() })).toBe('OK')
    },
  )

  it('counts no attempt of which nothing was sent', async () => {
    await using house = await startHouse({
      upstreams: [
        { baseUrl: `http://127.0.0.1:${await closedPort()}`, quota: { perDay: 1 }, policy: { retries: 0 } },
      ],
    })
    expect([await codeOf(house), await codeOf(house)]).toEqual([
      'UPSTREAM_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ])
  })

  it('is as low as the agency says, and nothing is sent beyond it', async () => {
    const config = { ...dukcapilConfig, institution: 'KUOTA_KECIL' } // three a day, whatever we believe
    await using house = await startHouse({ upstreams: [{ config, quota: { perDay: 100 } }] })
    expect([await codeOf(house), await codeOf(house), await codeOf(house)]).toEqual(['OK', 'OK', 'OK'])
    expect((await ask(house)).body).toMatchObject({ code: 'UPSTREAM_QUOTA_SPENT', sent: 'no' })
    expect(house.dukcapil.calls).toEqual({ lookup: 3 })
  })

  it('is spent once the agency calls it spent', async () => {
    await using house = await startHouse({ upstreams: [{ quota: { perDay: 100 } }] })
    house.dukcapil.setWeather('quota-gone', { calls: 1 })
    expect((await ask(house)).body).toMatchObject({ code: 'UPSTREAM_QUOTA_SPENT', sent: 'yes' })
    expect((await ask(house)).body).toMatchObject({ code: 'UPSTREAM_QUOTA_SPENT', sent: 'no' })
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
  })

  it('is one for all gateways', async () => {
    const options = { upstreams: [{ quota: { perDay: 3 } }] }
    await using one = await startHouse(options)
    await using other = await startHouse({ ...options, wrapStore: () => one.store })
    const visit = { 'mpp-case': await one.openCase() }
    for (const house of [one, other, one]) expect(await codeOf(house, visit)).toBe('OK')
    for (const house of [one, other]) expect(await codeOf(house, visit)).toBe('UPSTREAM_QUOTA_SPENT')
  })
})
