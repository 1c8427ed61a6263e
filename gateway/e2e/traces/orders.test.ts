/** An order is accepted in one trace and brought to its agency in others, which name the first. */
import { expect, it } from 'vitest'
import { startCollector } from '#gateway/testing/trace-collector.ts'
import { openCounter, openDesk } from '../orders/counter.ts'

it('links each delivery to the acceptance', async () => {
  const collector = await startCollector()
  const desk = await openDesk()
  const counter = await openCounter(desk.url, { traces: collector.settings })
  desk.takes('act-drop', 'act')
  const id = (await counter.order('key-of-the-traced-order')).body['id'] as string
  await counter.becomes(id, 'uncertain')
  counter.clock.leap(5_000)
  await counter.becomes(id, 'accepted')
  await counter.close()

  const accept = collector.spans.find(({ name }) => name === 'accept')!
  expect(accept.attributes).toMatchObject({
    'mpp.submission': id,
    'mpp.capability': 'permit.order',
    'mpp.upstream': 'desk',
  })
  const deliveries = collector.spans.filter(({ name }) => name === 'deliver')
  expect(deliveries.map(({ attributes }) => attributes['mpp.state'])).toEqual(
    expect.arrayContaining(['queued', 'uncertain']),
  )
  for (const { attributes, links, traceId } of deliveries) {
    expect(attributes).toMatchObject({ 'mpp.submission': id, 'mpp.upstream': 'desk' })
    expect(links).toEqual([expect.objectContaining({ traceId: accept.traceId, spanId: accept.spanId })])
    expect(traceId).not.toBe(accept.traceId)
  }
  const [first] = deliveries
  const attempts = collector.spans.filter(
    ({ name, traceId }) => name === 'attempt' && traceId === first!.traceId,
  )
  expect(attempts).toMatchObject([{ parentSpanId: first!.spanId, attributes: { 'mpp.sent': 'maybe' } }])
})
