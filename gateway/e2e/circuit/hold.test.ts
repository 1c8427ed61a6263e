import { describe, expect, it } from 'vitest'
import { type House, startHouse } from '#gateway/testing/house.ts'

const minute = 60_000
const lookup = (house: House, serial = 1) =>
  house.ask('/v1/residents/lookup', { nik: `999901150190000${serial}` })

describe('one wrong-password answer', () => {
  it('holds the upstream: nothing more is sent, and the caller learns when it makes sense to ask again', async () => {
    await using house = await startHouse()
    house.dukcapil.setWeather('wrong-password')
    expect((await lookup(house)).body.code).toBe('UPSTREAM_MISCONFIGURED')
    house.clock.leap(20_000)
    const { status, headers, body } = await lookup(house)
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: 'HELD', source: 'dukcapil', sent: 'no', retryAfter: 40 })
    expect(headers.get('retry-after')).toBe('40')
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
  })

  it('holds those that already wait for their turn as well', async () => {
    await using house = await startHouse({ upstreams: [{ policy: { concurrency: 1 } }] })
    house.dukcapil.setWeather('wrong-password')
    const replies = await Promise.all([lookup(house, 1), lookup(house, 2)])
    expect(replies.map(({ body }) => `${body.code} ${body.sent}`).toSorted()).toEqual([
      'HELD no',
      'UPSTREAM_MISCONFIGURED yes',
    ])
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
  })

  it('allows one trial a minute, and a good one lifts it', async () => {
    await using house = await startHouse()
    house.dukcapil.setWeather('wrong-password')
    await lookup(house)
    const outcomes = async () =>
      (await Promise.all([1, 2, 3].map(serial => lookup(house, serial)))).map(({ body }) => body.code ?? 'ok')

    house.clock.leap(minute - 1)
    expect(await outcomes()).toEqual(['HELD', 'HELD', 'HELD'])
    house.clock.leap(1)
    expect((await outcomes()).toSorted()).toEqual(['HELD', 'HELD', 'UPSTREAM_MISCONFIGURED'])
    expect(house.dukcapil.calls).toEqual({ lookup: 2 })

    house.dukcapil.clearWeather()
    house.clock.leap(minute)
    expect((await outcomes()).toSorted()).toEqual(['HELD', 'HELD', 'ok'])
    expect(await outcomes()).toEqual(['ok', 'ok', 'ok'])
  })

  it('stays held when the trial meets bad weather', async () => {
    await using house = await startHouse()
    house.dukcapil.setWeather('wrong-password')
    await lookup(house)
    house.dukcapil.setWeather('html')
    house.clock.leap(minute)
    expect((await lookup(house)).body.code).toBe('UPSTREAM_UNREADABLE')
    expect((await lookup(house)).body).toMatchObject({ code: 'HELD', retryAfter: 60 })
  })

  it('tells a counter nothing of passwords', async () => {
    await using house = await startHouse()
    house.dukcapil.setWeather('wrong-password')
    const refused = await lookup(house)
    const held = await lookup(house)
    for (const { text } of [refused, held]) expect(text).not.toMatch(/password|sandi|login|010126000CONTOH/i)
  })
})
