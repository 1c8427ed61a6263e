/** Webhooks of the whole house: what receivers and operators see. */
import { expect, it, vi } from 'vitest'
import { acceptOrder, moveTo } from '#gateway/store/test-order.ts'
import { as, type House, memberOf, type Reply, startHouse } from '#gateway/testing/house.ts'
import { startReceiver, type Told } from '#gateway/testing/webhook-receiver.ts'

const secrets = [Buffer.alloc(32, 'secret')]

async function startTold(answer?: (told: Told) => number) {
  const receiver = await startReceiver(answer)
  const webhooks = [{ id: 'front-office-orders', url: receiver.url, secrets }]
  const house = await startHouse({
    settings: {
      members: [
        { ...memberOf('front-office', ['member']), webhooks },
        memberOf('operations', ['operator']),
        memberOf('inspection', ['auditor']),
      ],
    },
  })
  await vi.waitFor(async () => expect(await house.store.readWebhook('front-office-orders')).toBeDefined())
  return { house, receiver }
}

const webhooksOf = async (house: House) =>
  ((await house.get('/v1/operator/webhooks', as('operations'))).body as { webhooks: readonly object[] })
    .webhooks

const resend = (house: House, body: object, id = 'front-office-orders'): Promise<Reply> =>
  house.ask(`/v1/operator/webhooks/${id}/resend`, body, as('operations'))

it('tells a member what happened, and operators how far it has been told', async () => {
  const { house, receiver } = await startTold()
  await using _ = house
  const order = await acceptOrder(house.store, { member: 'front-office' })
  await acceptOrder(house.store, { member: 'health-desk' })
  await moveTo(house.store, order, 'confirmed')
  await receiver.hears(2)
  expect(receiver.told.map(({ event }) => [event.submission, event.state])).toEqual([
    [order.id, 'queued'],
    [order.id, 'confirmed'],
  ])
  await vi.waitFor(async () =>
    expect(await webhooksOf(house)).toEqual([
      {
        id: 'front-office-orders',
        member: 'front-office',
        url: receiver.url,
        types: null,
        position: 3,
        failures: 0,
        nextAttemptAt: null,
        next: null,
        lagSeconds: 0,
        dead: [],
      },
    ]),
  )
  expect((await house.get('/metrics', as('operations'))).text).toContain(
    'mpp_webhook_attempts_total{webhook="front-office-orders",outcome="ok"} 2',
  )
  expect((await house.get('/v1/operator/webhooks')).body).toMatchObject({ code: 'NOT_GRANTED' })
})

it('tells operators of an endpoint that is away, and tries again at once when one of them says so', async () => {
  let isAway = true
  const { house, receiver } = await startTold(() => (isAway ? 503 : 204))
  await using _ = house
  const { id } = await acceptOrder(house.store, { member: 'front-office' })
  await receiver.hears(1)
  const [event] = await house.store.readSubmissionEvents(id)
  await vi.waitFor(async () =>
    expect(await webhooksOf(house)).toMatchObject([
      { position: 0, failures: 1, nextAttemptAt: expect.any(String), next: { id: event!.id } },
    ]),
  )
  house.clock.leap(event!.at + 90_000 - house.clock.now())
  expect((await house.get('/metrics', as('operations'))).text).toContain(
    'mpp_webhook_lag_seconds{webhook="front-office-orders"} 90',
  )
  expect(house.log.join('')).toContain('"reason":"HTTP_503"')

  isAway = false
  const { status } = await resend(house, { reason: 'the receiver is back', from: event!.id })
  expect(status).toBe(200)
  await receiver.hears(2)
  expect(receiver.told.map(({ event }) => event.id)).toEqual([event!.id, event!.id])
  const row = (await house.store.readLedger(0, 10)).at(-1)
  expect(JSON.parse(row!.content!)).toMatchObject({
    kind: 'act',
    act: 'webhook.resend',
    member: 'operations',
    reason: 'the receiver is back',
    webhook: 'front-office-orders',
    from: event!.id,
  })
})

it('tells again from an event on: all later ones with their former ids, once a reason is given', async () => {
  const { house, receiver } = await startTold()
  await using _ = house
  const order = await acceptOrder(house.store, { member: 'front-office' })
  await moveTo(house.store, await moveTo(house.store, order, 'sending'), 'confirmed')
  await receiver.hears(3)
  const ids = receiver.told.map(({ event }) => event.id)

  expect((await resend(house, { from: ids[1], reason: ' ' })).body).toMatchObject({ code: 'INPUT_INVALID' })
  const { id } = await acceptOrder(house.store, { member: 'health-desk' })
  const [theirs] = await house.store.readSubmissionEvents(id)
  expect((await resend(house, { from: theirs!.id, reason: 'lost a day' })).body).toMatchObject({
    code: 'INPUT_INVALID',
    reason: 'EVENT_UNKNOWN',
  })
  expect((await resend(house, { from: ids[1], reason: 'lost a day' }, 'no-such')).body).toMatchObject({
    code: 'ROUTE_UNKNOWN',
  })
  expect(receiver.told).toHaveLength(3)

  expect((await resend(house, { from: ids[1], reason: 'lost a day' })).status).toBe(200)
  await receiver.hears(5)
  expect(receiver.told.map(({ event }) => event.id)).toEqual([...ids, ids[1], ids[2]])
})
