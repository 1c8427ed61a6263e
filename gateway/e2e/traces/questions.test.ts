/** What a trace tells of a question, and that it stays in the house. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { factNames } from '#gateway/ops/tracing.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { startCollector } from '#gateway/testing/trace-collector.ts'

const lookup = '/v1/residents/lookup'
const input = { nik: '9999011501900001' }
const callersTrace = '4bf92f3577b34da6a3ce929d0e0e4736'
const callersSpan = '00f067aa0ba902b7'
const traced = { traceparent: `00-${callersTrace}-${callersSpan}-01`, tracestate: 'counter=a1' }

it('continues the trace of its caller, from the door to the agency', async () => {
  const collector = await startCollector()
  const house = await startHouse({ traces: collector.settings })
  expect((await house.ask(lookup, input, traced)).status).toBe(200)
  await house.close()

  const told = collector.spans.filter(({ traceId }) => traceId === callersTrace)
  const named = (name: string) => told.find(span => span.name === name)!
  const request = named(`POST ${lookup}`)
  expect(told.map(({ name }) => name).toSorted()).toEqual(
    ['POST /v1/residents/lookup', 'attempt', 'choose', 'find', 'record'].toSorted(),
  )
  expect(request.parentSpanId).toBe(callersSpan)
  expect(request.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': lookup,
    'http.response.status_code': 200,
    'mpp.member': 'front-office',
    'mpp.capability': 'resident.lookup',
    'mpp.code': 'OK',
  })
  for (const name of ['choose', 'find', 'record']) expect(named(name).parentSpanId).toBe(request.spanId)
  expect(named('attempt').parentSpanId).toBe(named('find').spanId)
  expect(named('choose').attributes).toMatchObject({ 'mpp.candidates': 1 })
  expect(named('find').attributes).toMatchObject({ 'mpp.upstream': 'dukcapil', 'mpp.shared': 'miss' })
  expect(named('attempt').attributes).toEqual({
    'mpp.upstream': 'dukcapil',
    'mpp.capability': 'resident.lookup',
    'mpp.attempt': 1,
    'mpp.code': 'OK',
    'mpp.sent': 'yes',
  })
})

it('begins one of its own without a caller’s, or where that makes no sense', async () => {
  const collector = await startCollector()
  const house = await startHouse({ traces: collector.settings })
  for (const traceparent of [
    undefined,
    '',
    'nonsense',
    '00-0-0-00',
    `00-${'0'.repeat(32)}-${callersSpan}-01`,
  ])
    await house.ask(lookup, input, { traceparent })
  await house.close()
  const requests = collector.spans.filter(({ name }) => name === `POST ${lookup}`)
  expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(5)
  for (const { parentSpanId } of requests) expect(parentSpanId ?? '').toBe('')
})

it('never tells an agency that there is a trace', async () => {
  const heard: IncomingHttpHeaders[] = []
  const agency = createServer((request, response) => {
    heard.push(request.headers)
    response.writeHead(500).end()
  }).listen(0, '127.0.0.1')
  await once(agency, 'listening')
  onTestFinished(() => void agency.close())
  const collector = await startCollector()
  const house = await startHouse({
    traces: collector.settings,
    upstreams: [{ baseUrl: `http://127.0.0.1:${(agency.address() as AddressInfo).port}` }],
  })
  await house.ask(lookup, input, { ...traced, baggage: 'counter=a1' })
  await house.close()
  expect(heard.length).toBeGreaterThan(0)
  for (const headers of heard) {
    expect(Object.keys(headers).filter(name => /trace|baggage|b3|span/.test(name))).toEqual([])
    expect(JSON.stringify(headers)).not.toContain(callersTrace)
  }
})

it('tells whether the answer was kept, shared, stale, or not to be had, and every attempt', async () => {
  const collector = await startCollector()
  const reuse = { scope: 'case', timeToLiveMs: 10_000, staleMs: 60_000 } as const
  const house = await startHouse({ agreements: [agreement({ reuse })], traces: collector.settings })
  house.dukcapil.setWeather('slow=200', { calls: 1 })
  await Promise.all([house.ask(lookup, input), house.ask(lookup, input)])
  await house.ask(lookup, input)
  house.clock.leap(20_000)
  house.dukcapil.setWeather('503')
  expect((await house.ask(lookup, input)).body.provenance?.['']).toMatchObject({ mode: 'stale' })
  house.clock.leap(200_000)
  expect((await house.ask(lookup, input)).status).toBeGreaterThanOrEqual(500)
  await house.close()

  const finds = collector.spans.filter(({ name }) => name === 'find')
  const shared = finds.map(({ attributes }) => String(attributes['mpp.shared'])).toSorted()
  expect(shared).toEqual(['hit', 'joined', 'miss', 'stale', 'undefined'])
  const failed = finds.find(({ attributes }) => attributes['mpp.shared'] === undefined)!
  expect(failed).toMatchObject({ isError: true })
  const attempts = collector.spans
    .filter(({ name, parentSpanId }) => name === 'attempt' && parentSpanId === failed.spanId)
    .map(({ attributes }) => [attributes['mpp.attempt'], attributes['mpp.code'], attributes['mpp.sent']])
  expect(attempts.map(([attempt]) => attempt)).toEqual([1, 2])
  expect(new Set(attempts.map(([, code]) => code))).toEqual(new Set([failed.attributes['mpp.code']]))
  expect(
    collector.spans.find(({ parentSpanId, name }) => !parentSpanId && name === 'attempt'),
  ).toBeUndefined()
})

it('says of a refusal which, and calls a "no" no error', async () => {
  const collector = await startCollector()
  const house = await startHouse({ traces: collector.settings })
  await house.ask(lookup, { nik: '9999019999999999' })
  await house.ask(lookup, input, { 'mpp-purpose': 'other' })
  await house.get('/nowhere/at/all')
  await house.close()
  const requests = collector.spans.filter(({ attributes }) => 'http.response.status_code' in attributes)
  const said = requests.map(({ attributes, isError }) => [attributes['mpp.code'], isError])
  expect(said).toEqual(
    expect.arrayContaining([
      ['NOT_GRANTED', false],
      ['ROUTE_UNKNOWN', false],
    ]),
  )
  expect(requests.map(({ name }) => name).join()).not.toContain('nowhere')
  const allowed = new Set<string>(Object.values(factNames))
  const keys = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)))
  expect([...keys].filter(key => !allowed.has(key))).toEqual([])
})

it('leaves out what its sampler leaves out, and follows a caller who has decided', async () => {
  const collector = await startCollector()
  const traces = { ...collector.settings, sampler: { followsParent: true, ratio: 0 } }
  const house = await startHouse({ traces })
  await house.ask(lookup, input)
  await house.ask(lookup, input, traced)
  await house.ask(lookup, input, { traceparent: `00-${'a'.repeat(32)}-${callersSpan}-00` })
  await house.close()
  expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([callersTrace]))
})
