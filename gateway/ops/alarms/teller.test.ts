import { createHmac, randomUUIDv7 } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { createLog } from '#gateway/log.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { createClock } from '#gateway/testing/clock.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { startReceiver } from '#gateway/testing/webhook-receiver.ts'
import { type Alarm, byUrgency } from './alarm.ts'
import type { AlarmCodeName, Severity } from './codes.ts'
import type { AlarmMessage } from './message.ts'
import { createAlarmTeller } from './teller.ts'

const secret = Buffer.alloc(32, 'secret')
const minute = 60_000

async function place({
  answer = () => 204,
  severities,
  wrap = store => store,
  tellers = 1,
}: {
  answer?: (attempt: number) => number
  severities?: ReadonlySet<Severity>
  wrap?: (store: Store) => Store
  tellers?: number
} = {}) {
  const clock = createClock()
  const receiver = await startReceiver((_, attempt) => answer(attempt))
  const store = wrap(createMemoryStore(Buffer.alloc(32, 'ledger'), clock.now))
  const open: Alarm[] = []
  const outcomes: string[] = []
  const all = Array.from({ length: tellers }, () =>
    createAlarmTeller(
      { id: 'duty', url: receiver.url, secrets: [secret], severities },
      {
        store,
        alarms: {
          get open() {
            return open.toSorted(byUrgency)
          },
        },
        mall: 'MPP Contoh',
        log: createLog({ write: () => {} }),
        metrics: { alarmWebhook: ({ outcome }) => void outcomes.push(outcome) },
        now: clock.now,
        settings: { timeoutMs: 2_000 },
      },
    ),
  )
  onTestFinished(async () => {
    await Promise.all(all.map(teller => teller.close()))
  })
  return {
    clock,
    receiver,
    open,
    outcomes,
    round: () => Promise.all(all.map(teller => teller.round())),
    raise(code: AlarmCodeName, changes: Partial<Alarm> = {}) {
      const at = clock.now()
      const alarm = {
        id: randomUUIDv7(),
        code,
        source: 'desk',
        since: at,
        facts: {},
        lastSeenAt: at,
        ...changes,
      }
      open.push(alarm)
      return alarm
    },
    get told() {
      return receiver.told.map(({ body }) => {
        const { type, data } = JSON.parse(body) as AlarmMessage
        const codes = ({ raised, cleared, open }: AlarmMessage['data']) =>
          [raised, cleared, open].map(alarms => alarms.map(({ code }) => code))
        return [type.replace('alarms.', ''), ...codes(data)]
      })
    },
  }
}

it('tells in one message what was raised, cleared and is still open, at a set pace', async () => {
  const desk = await place()
  desk.raise('UPSTREAM_HELD')
  desk.raise('UPSTREAM_DOWN')
  await desk.round()
  desk.raise('REDIS_AWAY')
  desk.open.splice(0, 1)
  await desk.round() // too soon
  expect(desk.told).toHaveLength(1)
  desk.clock.leap(30_000)
  await desk.round()
  await desk.round()
  expect(desk.told).toEqual([
    ['changed', ['UPSTREAM_DOWN', 'UPSTREAM_HELD'], [], []],
    ['changed', ['REDIS_AWAY'], ['UPSTREAM_HELD'], ['UPSTREAM_DOWN']],
  ])
})

it('is signed, and says what it is, and where to read on', async () => {
  const desk = await place()
  const alarm = desk.raise('UPSTREAM_DOWN', { facts: { faults: 4 } })
  await desk.round()
  const { body, headers } = desk.receiver.told[0]!
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
  )
  expect(JSON.parse(body)).toMatchObject({
    type: 'alarms.changed',
    timestamp: new Date(desk.clock.now()).toISOString(),
    data: {
      mall: 'MPP Contoh',
      raised: [
        {
          id: alarm.id,
          code: 'UPSTREAM_DOWN',
          severity: 'critical',
          source: 'desk',
          since: new Date(alarm.since).toISOString(),
          title: { id: 'Instansi tidak menjawab', en: 'An agency does not answer' },
          facts: { faults: 4 },
          acknowledged: false,
          runbook: 'docs/operators.md#upstream-down',
        },
      ],
    },
  })
})

it('repeats every hour what nobody has acknowledged', async () => {
  const desk = await place()
  desk.raise('UPSTREAM_DOWN')
  await desk.round()
  for (let minutes = 0; minutes < 150; minutes += 1) {
    desk.clock.leap(minute)
    await desk.round()
  }
  expect(desk.told.slice(1)).toEqual([
    ['still-open', [], [], ['UPSTREAM_DOWN']],
    ['still-open', [], [], ['UPSTREAM_DOWN']],
  ])
  const [alarm] = desk.open
  desk.open[0] = { ...alarm!, acknowledged: { by: { member: 'operations' }, at: 0, reason: 'dilihat' } }
  desk.clock.leap(600 * minute)
  await desk.round()
  expect(desk.told).toHaveLength(3)
})

it('tries again with what is true then, ever less often', async () => {
  let isAway = true
  const desk = await place({ answer: () => (isAway ? 503 : 204) })
  desk.raise('UPSTREAM_DOWN')
  for (let seconds = 0; seconds < 600; seconds += 1) {
    await desk.round()
    desk.clock.leap(1_000)
  }
  expect(desk.outcomes.length).toBeGreaterThan(3)
  expect(desk.outcomes.length).toBeLessThan(9)
  isAway = false
  desk.open.length = 0
  desk.raise('REDIS_AWAY')
  desk.clock.leap(12 * minute)
  await desk.round()
  // What was never told was never raised, for this receiver.
  expect(desk.told.at(-1)).toEqual(['changed', ['REDIS_AWAY'], [], []])
  expect(desk.outcomes.at(-1)).toBe('ok')
})

it('tells of what it is meant to tell of only', async () => {
  const desk = await place({ severities: new Set(['critical']) })
  desk.raise('UPSTREAM_HELD')
  await desk.round()
  expect(desk.told).toEqual([])
  desk.raise('UPSTREAM_DOWN')
  await desk.round()
  expect(desk.told).toEqual([['changed', ['UPSTREAM_DOWN'], [], []]])
})

it('is one message, of however many gateways', async () => {
  const desk = await place({ tellers: 3 })
  desk.raise('UPSTREAM_DOWN')
  for (let round = 0; round < 3; round++) await desk.round()
  expect(desk.told).toHaveLength(1)
  desk.open.length = 0
  desk.clock.leap(30_000)
  for (let round = 0; round < 3; round++) await desk.round()
  expect(desk.told).toHaveLength(2)
})

it('tells from memory while the store is away, and nothing twice when it is back', async () => {
  let isAway = false
  const sometimes =
    <Parameters extends unknown[], Result>(ask: (...given: Parameters) => Promise<Result>) =>
    (...given: Parameters): Promise<Result> =>
      isAway ? Promise.reject(new StoreUnavailable('away')) : ask(...given)
  const desk = await place({
    wrap: store => ({
      ...store,
      readHouseState: sometimes(store.readHouseState),
      putHouseState: sometimes(store.putHouseState),
    }),
  })
  desk.raise('UPSTREAM_HELD')
  await desk.round()
  isAway = true
  desk.raise('STORE_AWAY')
  desk.clock.leap(30_000)
  await desk.round()
  await desk.round()
  isAway = false
  desk.clock.leap(30_000)
  await desk.round()
  desk.open.pop()
  desk.clock.leap(30_000)
  await desk.round()
  await desk.round()
  expect(desk.told).toEqual([
    ['changed', ['UPSTREAM_HELD'], [], []],
    ['changed', ['STORE_AWAY'], [], ['UPSTREAM_HELD']],
    ['changed', [], ['STORE_AWAY'], ['UPSTREAM_HELD']],
  ])
})
