import { describe, expect, it, onTestFinished } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type HeaderChanges, type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import { startSilentListener } from '../../../mocks/silent-listener.ts'

const input = { nik: '9999011501900001' }
const shared = { scope: 'case', timeToLiveMs: 60_000 } as const

const lookup = (house: House, headers?: HeaderChanges, signal?: AbortSignal) =>
  house.ask('/v1/residents/lookup', input, headers, signal)

const times = <Result>(count: number, ask: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(index)))

const busyHouse = async (options: HouseOptions) => {
  const house = await startHouse(options)
  house.dukcapil.setWeather('slow=700') // so that all of them are in flight at once
  return house
}

describe('200 identical questions at once', () => {
  it('in one case: the agency sees one, and everyone is answered with evidence of their own', async () => {
    await using house = await busyHouse({ agreements: [agreement({ reuse: shared })] })
    const replies = await times(200, () => lookup(house))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
    expect(new Set(replies.map(({ body }) => body.auditId)).size).toBe(200)
    expect(await house.store.readLedger(0, 1_000)).toHaveLength(200)
  })

  it('about a text that no code list knows: told to everyone, counted once', async () => {
    await using house = await busyHouse({ agreements: [agreement({ reuse: shared })] })
    const replies = await times(20, () => house.ask('/v1/residents/lookup', { nik: '9999015506820067' }))
    const warnings = ['/religion', '/occupation'].map(path => ({ code: 'CODE_UNKNOWN', path }))
    for (const { body } of replies) expect(body.warnings).toEqual(warnings)
    const { text } = await house.get('/metrics')
    expect(text).toContain('mpp_unknown_codes_total{upstream="dukcapil",element="/religion"} 1\n')
    expect(text).toContain('mpp_unknown_codes_total{upstream="dukcapil",element="/occupation"} 1\n')
  })

  it('in two cases: the agency sees two', async () => {
    await using house = await busyHouse({ agreements: [agreement({ reuse: shared })] })
    const cases = [await house.openCase(), await house.openCase()]
    const replies = await times(200, index => lookup(house, { 'mpp-case': cases[index % 2]! }))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    expect(house.dukcapil.calls).toEqual({ lookup: 2 })
  })

  it('that fail all learn it, and nothing of the failure is kept', async () => {
    await using house = await busyHouse({
      agreements: [agreement({ reuse: shared })],
      upstreams: [{ policy: { deadlineMs: 1_500 } }],
    })
    house.dukcapil.setWeather('hang', { calls: 1 })
    const replies = await times(20, () => lookup(house))
    expect(new Set(replies.map(({ body }) => body.code))).toEqual(new Set(['UPSTREAM_TIMEOUT']))
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
    expect((await lookup(house)).body.provenance?.['']).toMatchObject({ mode: 'live' })
  })
})

describe('with scope none', () => {
  it('only the same member in the same case for the same purpose shares a question in flight', async () => {
    const agreements = [agreement(), agreement({ member: 'health-desk' })]
    await using house = await busyHouse({ agreements })
    const otherCase = await house.openCase()
    const replies = await Promise.all([
      lookup(house),
      lookup(house),
      lookup(house, as('health-desk')),
      lookup(house, { 'mpp-purpose': 'skck.renewal' }),
      lookup(house, { 'mpp-case': otherCase }),
    ])
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(house.dukcapil.calls).toEqual({ lookup: 4 })
  })
})

describe('callers who wait for the same answer', () => {
  it('one that hangs up takes nothing from the others, not even as the first', async () => {
    await using house = await busyHouse({ agreements: [agreement({ reuse: shared })] })
    const first = new AbortController()
    const hungUp = lookup(house, {}, first.signal).catch((error: Error) => error.name)
    await expect.poll(() => house.dukcapil.calls).toEqual({ lookup: 1 })
    const others = times(3, () => lookup(house))
    first.abort()
    expect(await hungUp).toBe('AbortError')
    expect((await others).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
    expect(house.dukcapil.sockets.aborted).toBe(0)
  })

  it('those whose time is up before the answer are told so, also the first; one with more time is answered', async () => {
    // The front office asks the region first, in vain, and loses half of its time; the desk has no agreement there.
    const agreements = [
      agreement({ upstream: 'region' }),
      agreement({ reuse: shared }),
      agreement({ member: 'health-desk', reuse: shared }),
    ]
    const region = await startSilentListener()
    onTestFinished(() => region.close())
    const upstreams = [
      { id: 'region', baseUrl: `http://127.0.0.1:${region.port}`, policy: { deadlineMs: 1_500, retries: 0 } },
      { id: 'dukcapil', policy: { deadlineMs: 3_000 } },
    ]
    const routes = [{ capability: 'resident.lookup', upstreams: ['region', 'dukcapil'] }]
    await using house = await startHouse({ agreements, upstreams, routes })
    house.dukcapil.setWeather('slow=2250')
    const office = times(2, () => lookup(house))
    await expect.poll(() => house.dukcapil.calls, { interval: 10 }).toEqual({ lookup: 1 })
    expect((await lookup(house, as('health-desk'))).status).toBe(200)
    for (const { body } of await office) {
      expect(body).toMatchObject({ code: 'UPSTREAM_TIMEOUT', source: 'dukcapil', sent: 'maybe' })
      expect(body.sources).toEqual([
        { id: 'region', state: 'UPSTREAM_TIMEOUT', sent: 'maybe', ms: expect.any(Number) },
        { id: 'dukcapil', state: 'UPSTREAM_TIMEOUT', sent: 'maybe', ms: expect.any(Number) },
      ])
    }
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
  })
})
