/** An agency that comes and goes every other minute, for ten minutes of the house's clock: one alarm, a handful of messages. */
import { expect, it } from 'vitest'
import type { AlarmView } from '#gateway/http/alarms.ts'
import { usualThresholds } from '#gateway/ops/alarms/conditions.ts'
import type { AlarmMessage } from '#gateway/ops/alarms/message.ts'
import { as, startHouse } from '#gateway/testing/house.ts'
import { startReceiver } from '#gateway/testing/webhook-receiver.ts'

const minute = 60_000
const beatMs = 5_000

it('is told of in a handful of messages', { timeout: 120_000 }, async () => {
  const receiver = await startReceiver()
  const webhooks = [{ id: 'duty', url: receiver.url, secrets: [Buffer.alloc(32, 'secret')] }]
  await using house = await startHouse({
    settings: { alarms: { webhooks, repeatMinutes: 60, ...usualThresholds } },
    upstreams: [{ policy: { retries: 0, breaker: { errorPercent: 50, minimumCalls: 5, openMs: 20 } } }],
  })
  const beganAt = house.clock.now()
  let asked = 0

  /** Counters ask and the gateway looks, every five seconds. */
  async function pass(minutes: number, isDown: (minute: number) => boolean): Promise<void> {
    const until = house.clock.now() + minutes * minute
    while (house.clock.now() < until) {
      if (isDown((house.clock.now() - beganAt) / minute)) house.dukcapil.setWeather('reset')
      else house.dukcapil.clearWeather()
      for (let counter = 0; counter < 3; counter++)
        await house.ask('/v1/residents/lookup', { nik: `999901150190${1_000 + asked++}` })
      await house.beat()
      house.clock.leap(beatMs)
    }
  }

  await pass(10, minute => minute % 2 < 1)
  await pass(8, () => false)
  const { alarms } = (await house.get('/v1/operator/alarms?state=all', as('operations'))).body as {
    alarms: AlarmView[]
  }
  const [down, ...others] = alarms.filter(({ code }) => code === 'UPSTREAM_DOWN')
  expect(down).toMatchObject({ source: 'dukcapil', clearedAt: expect.any(String) })
  expect(others).toEqual([])
  const told = (): readonly AlarmMessage['data'][] =>
    receiver.told.map(({ body }) => (JSON.parse(body) as AlarmMessage).data)
  await expect.poll(() => told().at(-1)?.open).toEqual([])
  expect(told()[0]!.raised.map(({ code }) => code)).toContain('UPSTREAM_DOWN')
  expect(told().flatMap(({ cleared }) => cleared.map(({ code }) => code))).toContain('UPSTREAM_DOWN')
  expect(told().length).toBeLessThanOrEqual(6)
})
