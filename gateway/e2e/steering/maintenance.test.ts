import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { weekdays } from '#gateway/services/calendar.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, startHouse } from '#gateway/testing/house.ts'
import { openCounter, openDesk, deskAt, permitAgreement } from '../orders/counter.ts'
import { acts, declare, end, lookup } from './operator.ts'

const minuteMs = 60_000
const night = { days: new Set(weekdays), from: 22 * 60, until: 2 * 60 }
const message = { id: 'Pencadangan data setiap malam', en: 'Nightly backup' }

describe('a configured window', () => {
  it('across midnight: what is asked in it is refused before it is sent, with the time that is left', async () => {
    await using house = await startHouse({ upstreams: [{ maintenance: [{ ...night, message }] }] })
    const turnTo = (instant: string) => house.clock.leap(Date.parse(instant) - house.clock.now())
    const ask = async () => lookup(house, { 'mpp-case': await house.openCase({ minutes: 5 }) })

    turnTo('2026-09-21T21:59:59+07:00')
    expect((await ask()).status).toBe(200)
    turnTo('2026-09-21T22:00:00+07:00')
    const refused = await ask()
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('14400')
    expect(refused.body).toMatchObject({
      code: 'MAINTENANCE',
      source: 'dukcapil',
      sent: 'no',
      retryAfter: 4 * 60 * 60,
      detail: message.id,
    })
    turnTo('2026-09-22T01:59:30+07:00')
    const late = await lookup(house, {
      'accept-language': 'en',
      'mpp-case': await house.openCase({ minutes: 5 }),
    })
    expect(late.body).toMatchObject({ code: 'MAINTENANCE', retryAfter: 30, detail: message.en })
    expect((await house.get('/health/upstreams/dukcapil')).body).toMatchObject({ state: 'maintenance' })
    turnTo('2026-09-22T02:00:00+07:00')
    expect((await ask()).status).toBe(200)
    expect(house.dukcapil.calls).toEqual({ lookup: 2 })
  })

  it('is read in the time zone of the upstream, not of the mall', async () => {
    await using house = await startHouse({
      upstreams: [
        {
          timeZone: 'Asia/Jayapura',
          maintenance: [{ days: new Set(weekdays), from: 11 * 60, until: 12 * 60 }],
        },
      ],
    })
    const { body } = await lookup(house) // 9.00 in Jakarta, 11.00 in Jayapura
    expect(body).toMatchObject({ code: 'MAINTENANCE', retryAfter: 3_600 })
    expect(body.detail).toBe('Instansi ini sedang dalam pemeliharaan')
  })

  it('lets what is kept stand in, marked as stale', async () => {
    const reuse = { scope: 'case', timeToLiveMs: 1_000, staleMs: 60 * minuteMs } as const
    await using house = await startHouse({
      agreements: [agreement({ reuse })],
      upstreams: [{ maintenance: [{ startsAt: 0, endsAt: 0 }] }],
    })
    await lookup(house)
    house.clock.leap(2_000)
    await declare(house, { until: '2026-09-21T12:00:00+07:00' })
    const { status, body } = await lookup(house)
    expect(status).toBe(200)
    expect(body.provenance?.['']).toMatchObject({ mode: 'stale', ageMs: 2_000 })
    expect(body.sources).toMatchObject([{ id: 'dukcapil', state: 'MAINTENANCE', sent: 'no' }])
  })
})

describe('a window that an operator declares', () => {
  it('begins at once, says when it ends, is ended early, and is on record', async () => {
    await using house = await startHouse()
    const declared = await declare(house, { until: '2026-09-21T10:00:00+07:00', message })
    expect(declared.status).toBe(201)
    const { maintenance } = declared.body as Record<string, any>
    expect(maintenance).toMatchObject({
      now: { from: '2026-09-21T02:00:00.000Z', until: '2026-09-21T03:00:00.000Z', message },
      declared: [{ reason: 'surat instansi', by: { member: 'operations', officer: 'o-90' } }],
    })
    expect((await lookup(house)).body).toMatchObject({ code: 'MAINTENANCE', retryAfter: 3_600 })

    house.clock.leap(10 * minuteMs)
    expect((await end(house, maintenance.declared[0].id)).body).toMatchObject({
      maintenance: { now: null, declared: [] },
    })
    expect((await lookup(house)).status).toBe(200)
    expect((await end(house, maintenance.declared[0].id)).body).toMatchObject({
      code: 'ROUTE_UNKNOWN',
      reason: 'MAINTENANCE_UNKNOWN',
    })
    expect(await acts(house)).toMatchObject([
      { act: 'maintenance.declare', upstream: 'dukcapil', reason: 'surat instansi' },
      { act: 'maintenance.end', upstream: 'dukcapil', reason: 'sudah pulih' },
    ])
  })

  it('may lie ahead: everybody sees it coming', async () => {
    await using house = await startHouse()
    await declare(house, { from: '2026-09-21T12:00:00+07:00', until: '2026-09-21T13:00:00+07:00' })
    expect((await lookup(house)).status).toBe(200)
    const { body } = await house.get('/v1/operator/upstreams', as('operations'))
    expect(body).toMatchObject({
      upstreams: [{ maintenance: { now: null, next: { from: '2026-09-21T05:00:00.000Z' } } }],
    })
    house.clock.leap(3 * 60 * minuteMs)
    expect((await lookup(house)).body.code).toBe('MAINTENANCE')
  })

  it('may come again and again, until it is ended; each gateway start keeps to it', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'mpp-maintenance-'))
    onTestFinished(() => rmSync(dataFolder, { recursive: true }))
    {
      await using house = await startHouse({ dataFolder, upstreams: [{ timeZone: 'Asia/Jayapura' }] })
      const { status, body } = await declare(house, {
        hours: '22:00-02:00',
        days: ['sunday', 'monday'],
        message,
      })
      expect(status).toBe(201)
      expect((body as Record<string, any>)['maintenance']).toMatchObject({
        now: null,
        next: { from: '2026-09-21T13:00:00.000Z', until: '2026-09-21T17:00:00.000Z', message },
        declared: [{ days: ['sunday', 'monday'], hours: '22:00-02:00', from: null, until: null }],
      })
      expect((await lookup(house)).status).toBe(200)
    }
    await using house = await startHouse({ dataFolder, upstreams: [{ timeZone: 'Asia/Jayapura' }] })
    const turnTo = (instant: string) => house.clock.leap(Date.parse(instant) - house.clock.now())
    const ask = async () => lookup(house, { 'mpp-case': await house.openCase({ minutes: 5 }) })
    turnTo('2026-09-22T01:00:00+09:00')
    expect((await ask()).body).toMatchObject({ code: 'MAINTENANCE', retryAfter: 3_600, detail: message.id })
    turnTo('2026-09-28T22:30:00+09:00') // a week later, still
    expect((await ask()).body).toMatchObject({ code: 'MAINTENANCE', retryAfter: 3.5 * 3_600 })
    const { body } = await house.get('/v1/operator/upstreams', as('operations'))
    const [declared] = (body as Record<string, any>)['upstreams'][0].maintenance.declared
    await end(house, declared.id)
    expect((await ask()).status).toBe(200)
    expect(await acts(house)).toMatchObject([
      { act: 'maintenance.declare', days: ['sunday', 'monday'], hours: '22:00-02:00' },
      { act: 'maintenance.end', maintenance: declared.id },
    ])
  })

  it.each([
    ['hours and an end', { hours: '22:00-02:00', until: '2026-09-21T12:00:00+07:00' }, '/hours'],
    ['hours of no length', { hours: '22:00-22:00' }, '/hours'],
    ['days without hours', { days: ['sunday'], until: '2026-09-21T12:00:00+07:00' }, '/days'],
    ['no day of the week', { hours: '22:00-02:00', days: [] }, '/days'],
    ['a day that there is not', { hours: '22:00-02:00', days: ['minggu'] }, '/days/0'],
  ])('%s: refused, and the field named', async (_, window, pointer) => {
    await using house = await startHouse()
    const { status, body } = await declare(house, window)
    expect(status).toBe(422)
    expect(body.errors).toMatchObject([{ pointer }])
    expect(await acts(house)).toEqual([])
  })

  it.each([
    [
      'that ends before it begins',
      { from: '2026-09-21T12:00:00+07:00', until: '2026-09-21T11:00:00+07:00' },
      'after its beginning',
    ],
    [
      'that is over',
      { from: '2026-09-20T12:00:00+07:00', until: '2026-09-20T13:00:00+07:00' },
      'in the future',
    ],
    ['without an end', {}, 'its end, or hours'],
    ['whose end has no offset', { until: '2026-09-21T11:00:00' }, 'an instant such as'],
    ['without a reason', { until: '2026-09-21T12:00:00+07:00', reason: undefined }, ''],
  ])('%s is refused, and names the field', async (_, window, detail) => {
    await using house = await startHouse()
    const { status, body } = await declare(house, window)
    expect(status).toBe(422)
    const pointer = 'reason' in window ? '/reason' : '/until'
    expect(body.errors).toMatchObject([{ pointer, detail: expect.stringContaining(detail) }])
    expect((await lookup(house)).status).toBe(200)
  })
})

it('orders are taken while their agency is in maintenance, and go out when it is over', async () => {
  const desk = await openDesk()
  const counter = await openCounter(desk.url, {
    agreements: [permitAgreement()],
    upstreams: [{ ...deskAt(desk.url), maintenance: [night] }],
  })
  counter.clock.leap(Date.parse('2026-09-21T23:00:00+07:00') - counter.clock.now())
  const { status, body } = await counter.order('key-in-the-night', undefined, {
    'mpp-case': await counter.openCase({ minutes: 5 }),
  })
  expect(status).toBe(202)
  await new Promise(resolve => setTimeout(resolve, 200)) // ten rounds of the worker
  expect((await counter.store.findSubmission(body['id']))!.state).toBe('queued')
  expect(desk.calls).toBe(0)

  counter.clock.leap(3 * 60 * minuteMs)
  await counter.becomes(body['id'], 'accepted')
  expect(desk.effects).toEqual([body['id']])
})
