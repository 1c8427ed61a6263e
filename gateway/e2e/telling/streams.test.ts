/** `GET /v1/events` as a counter application sees it, over real sockets and a real store. */
import { hash, randomUUIDv7 } from 'node:crypto'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { acceptOrder, moveTo } from '#gateway/store/test-order.ts'
import { readEvents } from '#gateway/testing/event-reader.ts'
import { as, type House, memberOf, startHouse } from '#gateway/testing/house.ts'
import { addressOf, initTrial, start } from '../start/processes.ts'

const hourMs = 60 * 60_000

const orderOf = (house: House, member: string) => acceptOrder(house.store, { member })
const open = (house: House, more: Record<string, string> = {}, query = '') =>
  readEvents(`${house.url}/v1/events${query}`, { ...as('front-office'), ...more })

describe('a stream of events', () => {
  it("tells a member's own events as they come, and nobody else's", async () => {
    await using house = await startHouse()
    await orderOf(house, 'front-office') // before it listened
    const mine = await open(house)
    const theirs = await readEvents(`${house.url}/v1/events`, as('health-desk'))
    expect(mine.response.status).toBe(200)
    expect(mine.response.headers.get('content-type')).toBe('text/event-stream')
    expect(mine.response.headers.get('cache-control')).toBe('no-store')
    expect(mine.response.headers.get('ratelimit')).toBeTruthy()

    const own = await orderOf(house, 'front-office')
    const other = await orderOf(house, 'health-desk')
    await moveTo(house.store, own, 'confirmed')
    expect(await mine.events(2)).toMatchObject([
      { type: 'submission.queued', submission: own.id, case: 'a case', capability: 'loss-report.file' },
      { type: 'submission.confirmed', submission: own.id, state: 'confirmed' },
    ])
    expect(await theirs.events(1)).toMatchObject([{ type: 'submission.queued', submission: other.id }])
    expect(mine.text()).not.toContain(other.id)
    expect(theirs.text()).not.toContain(own.id)
    const { text } = await house.get('/metrics')
    expect(text).toContain('mpp_event_streams{member="front-office"} 1')
  })

  it('brings a counter that was away for an hour every event, in order, and duplicates with the same id', async () => {
    await using house = await startHouse()
    const before = await open(house)
    const orders = await Promise.all(Array.from({ length: 40 }, () => orderOf(house, 'front-office')))
    const seen = await before.events(40)
    before.close()

    for (const state of ['sending', 'accepted', 'confirmed'] as const) {
      house.clock.leap(hourMs / 3)
      for (const [index, order] of orders.entries()) orders[index] = await moveTo(house.store, order, state)
      await orderOf(house, 'health-desk')
    }
    const last = seen[24]!.id // the others came, and were lost with the application
    const events = await (await open(house, { 'last-event-id': last })).events(15 + 120)
    const all = await house.store.readEvents(0, 1_000, 'front-office')
    expect(events.map(({ id }) => id)).toEqual(all.slice(25).map(({ id }) => id))
    expect(events.slice(0, 15)).toEqual(seen.slice(25))
    for (const { id } of orders)
      expect(
        events
          .filter(event => event.submission === id)
          .map(({ state }) => state)
          .slice(-3),
      ).toEqual(['sending', 'accepted', 'confirmed'])

    const again = await (await open(house, {}, `?after=${last}`)).events(135)
    expect(again).toEqual(events)
  })

  it.each([
    ['that is forgotten', async () => randomUUIDv7()],
    [
      'of another member',
      async ({ store }: House) => {
        const { id } = await acceptOrder(store, { member: 'health-desk' })
        return (await store.readSubmissionEvents(id))[0]!.id
      },
    ],
  ])('does not go on after an event %s, and says what to do', async (_, eventOf) => {
    await using house = await startHouse()
    const { status, body } = await house.get('/v1/events', {
      ...as('front-office'),
      'last-event-id': await eventOf(house),
    })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'INPUT_INVALID', reason: 'EVENT_UNKNOWN', sent: 'no' })
    expect(body.detail).toContain('GET /v1/submissions')
  })

  it('is for members, with a place to go on from that could be one, and only their own rate of it', async () => {
    const settings = {
      members: [
        { ...memberOf('front-office', ['member']), rateLimit: { requests: 2, seconds: 60 } },
        memberOf('operations', ['operator']),
      ],
    }
    await using house = await startHouse({ settings })
    expect((await house.get('/v1/events', as('operations'))).body).toMatchObject({ code: 'NOT_GRANTED' })
    expect((await house.get('/v1/events?after=yesterday&from=1')).body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ parameter: 'from' }, { parameter: 'after' }],
    })
    await open(house)
    expect((await house.get('/v1/events')).body).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('has an end to how many a member may open', async () => {
    await using house = await startHouse()
    const streams = await Promise.all(Array.from({ length: 64 }, () => open(house)))
    expect((await house.get('/v1/events')).body).toMatchObject({
      code: 'RATE_LIMITED',
      reason: 'TOO_MANY_STREAMS',
    })
    streams[0]!.close()
    await vi.waitFor(async () => expect((await open(house)).response.status).toBe(200))
  })

  it('ends with the key that opened it', async () => {
    const apiKey = 'mpp_test_key_that_ends_today'
    const member = memberOf('front-office', ['member'])
    await using house = await startHouse({
      settings: {
        members: [
          {
            ...member,
            keys: [
              ...member.keys,
              {
                id: 'today',
                sha256: hash('sha256', apiKey),
                roles: ['member'],
                expiresAt: Date.parse('2026-09-21T10:00:00+07:00'),
              },
            ],
          },
        ],
      },
    })
    const ending = await readEvents(`${house.url}/v1/events`, { authorization: `Bearer ${apiKey}` })
    const lasting = await open(house)
    await orderOf(house, 'front-office')
    await ending.events(1)
    house.clock.leap(hourMs)
    const { id } = await orderOf(house, 'front-office')
    expect((await lasting.events(2)).map(({ submission }) => submission)).toContain(id)
    await ending.ended
    expect(ending.text()).not.toContain(id)
  })

  it('holds nothing for a caller that has gone', async () => {
    await using house = await startHouse()
    const { hostname, port } = new URL(house.url)
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    socket.write(
      `GET /v1/events HTTP/1.1\r\nHost: gateway\r\nAuthorization: ${as('front-office').authorization}\r\n\r\n`,
    )
    const openStreams = async () =>
      /mpp_event_streams\{member="front-office"\} (\d+)/.exec((await house.get('/metrics')).text)?.[1]
    await vi.waitFor(async () => expect(await openStreams()).toBe('1'))
    socket.destroy()
    await vi.waitFor(async () => expect(await openStreams()).toBe('0'))
  })
})

it('ends first when the gateway ends, so that nothing is broken off and nothing waits for it', async () => {
  const trial = await initTrial('http://127.0.0.1:9')
  const gateway = start({ MPP_CONFIG: trial.folder })
  const url = await addressOf(gateway)
  const { response, text, ended } = await readEvents(`${url}/v1/events`, {
    authorization: `Bearer ${trial.apiKey}`,
  })
  expect(response.status).toBe(200)
  gateway.child.kill('SIGTERM')
  await ended // rejects when the connection is broken off
  expect(text()).toMatch(/^retry: \d+\n\n/)
  expect(await gateway.ended).toBe(0)
})
