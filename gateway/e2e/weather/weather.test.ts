import { describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { startScriptedAgency } from '#gateway/testing/scripted-agency.ts'
import { startSilentListener } from '../../../mocks/silent-listener.ts'

const input = { nik: '9999011501900001' }
const hurried = { policy: { deadlineMs: 400 } }
/** Far above that deadline and far below for ever: a slow machine stays under it. */
const generousMs = 5_000

describe('in bad weather, the outcome says what happened and whether the question was sent', () => {
  it.each([
    // weather, code, status, sent, calls that the agency saw
    ['reset', 'UPSTREAM_UNAVAILABLE', 502, 'maybe', 2],
    ['truncated', 'UPSTREAM_UNREADABLE', 502, 'yes', 1],
    ['html', 'UPSTREAM_UNREADABLE', 502, 'yes', 1],
    ['empty', 'UPSTREAM_UNREADABLE', 502, 'yes', 1],
    ['500', 'UPSTREAM_UNAVAILABLE', 502, 'yes', 2],
    ['503', 'UPSTREAM_UNAVAILABLE', 502, 'yes', 2],
    ['408', 'UPSTREAM_TIMEOUT', 504, 'yes', 2],
    ['429', 'UPSTREAM_BUSY', 503, 'yes', 2],
    ['busy', 'UPSTREAM_BUSY', 503, 'yes', 2],
    ['401', 'UPSTREAM_MISCONFIGURED', 503, 'yes', 1],
    ['404', 'UPSTREAM_INVALID', 502, 'yes', 1],
    ['wrong-password', 'UPSTREAM_MISCONFIGURED', 503, 'yes', 1],
    ['ip', 'UPSTREAM_MISCONFIGURED', 503, 'yes', 1],
    ['wrong-time', 'UPSTREAM_MISCONFIGURED', 503, 'yes', 1],
    ['quota-gone', 'UPSTREAM_QUOTA_SPENT', 429, 'yes', 1],
  ])('%s', async (weather, code, status, sent, calls) => {
    await using house = await startHouse()
    house.dukcapil.setWeather(weather)
    const { body } = await house.ask('/v1/residents/lookup', input)
    expect(body).toMatchObject({ code, status, sent, source: 'dukcapil', auditId: expect.any(String) })
    expect(body.sources).toEqual([{ id: 'dukcapil', state: code, sent, ms: expect.any(Number) }])
    expect(house.dukcapil.calls).toEqual({ lookup: calls })
  })

  it.each(['slow=30000', 'hang'])('%s: the deadline holds, and the call is really ended', async weather => {
    await using house = await startHouse({ upstreams: [hurried] })
    house.dukcapil.setWeather(weather)
    const startedAt = performance.now()
    const { body } = await house.ask('/v1/residents/lookup', input)
    expect(performance.now() - startedAt).toBeLessThan(generousMs)
    expect(body).toMatchObject({ code: 'UPSTREAM_TIMEOUT', status: 504, sent: 'maybe', source: 'dukcapil' })
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
    await expect.poll(() => house.dukcapil.sockets.aborted).toBe(1)
  })
})

describe('retryAfter', () => {
  it.each([
    ['quota-gone', 15 * 3_600], // until midnight in Jakarta: it is nine in the morning
    ['wrong-password', 60], // one trial a minute
    ['busy', null], // the agency does not say
    ['500', null],
    ['html', null],
  ])('in %s is %s seconds, in the body and in the header', async (weather, seconds) => {
    await using house = await startHouse()
    house.dukcapil.setWeather(weather)
    const { body, headers } = await house.ask('/v1/residents/lookup', input)
    expect(body.retryAfter).toBe(seconds)
    expect(headers.get('retry-after')).toBe(seconds === null ? null : String(seconds))
  })
})

describe('an agency that cannot even be spoken to', () => {
  it('accepts the connection and says nothing, before TLS: out of time, not sent, the connection ended', async () => {
    const silent = await startSilentListener()
    await using house = await startHouse({
      upstreams: [{ ...hurried, baseUrl: `https://127.0.0.1:${silent.port}` }],
    })
    const startedAt = performance.now()
    const { body } = await house.ask('/v1/residents/lookup', input)
    expect(performance.now() - startedAt).toBeLessThan(generousMs)
    expect(body).toMatchObject({ code: 'UPSTREAM_TIMEOUT', status: 504, sent: 'no', source: 'dukcapil' })
    await expect.poll(() => silent.seen.closed).toBe(silent.seen.accepted)
    await silent.close()
  })

  it('refuses the connection: unavailable, not sent', async () => {
    await using house = await startHouse({
      upstreams: [{ baseUrl: `http://127.0.0.1:${await closedPort()}` }],
    })
    const { body } = await house.ask('/v1/residents/lookup', input)
    expect(body).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', status: 502, sent: 'no', source: 'dukcapil' })
  })
})

describe('retry', () => {
  it('mends one bad attempt unseen, and the answer is live', async () => {
    await using house = await startHouse()
    house.dukcapil.setWeather('reset', { calls: 1 })
    const { status, body } = await house.ask('/v1/residents/lookup', input)
    expect(status).toBe(200)
    expect(body.provenance?.['']).toMatchObject({ mode: 'live' })
    expect(house.dukcapil.calls).toEqual({ lookup: 2 })
  })

  it('that meets silence is as honest about the first attempt as about the last', async () => {
    await using agency = await startScriptedAgency()
    agency.says({ status: 500, body: '' }, 'silence')
    await using house = await startHouse({
      upstreams: [{ baseUrl: agency.url, policy: { deadlineMs: 1_000 } }],
    })
    const { body } = await house.ask('/v1/residents/lookup', input)
    expect(body).toMatchObject({ code: 'UPSTREAM_TIMEOUT', sent: 'yes' }) // the first one was sent for sure
    expect(agency.received).toHaveLength(2)
  })

  it('stays within a budget: an agency in trouble is not asked twice as often', async () => {
    const breaker = { errorPercent: 50, minimumCalls: 1_000, openMs: 30_000 }
    await using house = await startHouse({ upstreams: [{ policy: { breaker } }] })
    house.dukcapil.setWeather('500')
    for (let question = 0; question < 30; question++) await house.ask('/v1/residents/lookup', input)
    expect(house.dukcapil.calls['lookup']).toBeLessThan(30 + 15)
  })

  it('is left to the caller when the agency asks for more time than there is', async () => {
    await using agency = await startScriptedAgency()
    agency.says({ status: 429, headers: { 'retry-after': '3600' }, body: '' })
    await using house = await startHouse({ upstreams: [{ baseUrl: agency.url }] })
    const { body } = await house.ask('/v1/residents/lookup', input)
    expect(body).toMatchObject({ code: 'UPSTREAM_BUSY', sent: 'yes', retryAfter: 3_600 })
    expect(agency.received).toHaveLength(1)
  })
})

describe('too many questions at once', () => {
  it('wait for a place; those beyond are refused at once, unsent; nobody else is hurt', async () => {
    await using house = await startHouse({ upstreams: [{ policy: { concurrency: 2 } }] })
    house.dukcapil.setWeather('slow=700')
    const questions = Array.from({ length: 6 }, (_, serial) => ({ nik: `999901150190000${serial + 1}` }))
    const replies = await Promise.all(questions.map(question => house.ask('/v1/residents/lookup', question)))
    const refused = replies.filter(({ status }) => status !== 200)
    expect(refused.map(({ body }) => [body.code, body.sent])).toEqual([
      ['BULKHEAD_FULL', 'no'],
      ['BULKHEAD_FULL', 'no'],
    ])
    expect(house.dukcapil.calls).toEqual({ lookup: 4 })
  })
})

describe('another agency that serves the same', () => {
  const agreements = [agreement({ upstream: 'region' }), agreement()]
  const upstreams = [{ id: 'region' }, { id: 'dukcapil' }]

  it('is asked when the first cannot be, within what is left of the time', async () => {
    await using house = await startHouse({ agreements, upstreams })
    house.dukcapil.setWeather('html', { calls: 1 })
    const { status, body } = await house.ask('/v1/residents/lookup', input)
    expect(status).toBe(200)
    expect(body.sources).toEqual([
      { id: 'region', state: 'UPSTREAM_UNREADABLE', sent: 'yes', ms: expect.any(Number) },
      { id: 'dukcapil', state: 'ok', sent: 'yes', ms: expect.any(Number) },
    ])
    expect(body.provenance?.['']).toMatchObject({ source: 'dukcapil' })
  })

  it('is not asked after a business "no"', async () => {
    await using house = await startHouse({ agreements, upstreams })
    const { body } = await house.ask('/v1/residents/lookup', { nik: '9999011501909999' })
    expect(body).toMatchObject({ code: 'NOT_FOUND', source: 'region', sources: [{ id: 'region' }] })
    expect(house.dukcapil.calls).toEqual({ lookup: 1 })
  })
})
