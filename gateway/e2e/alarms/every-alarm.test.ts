/** Every alarm: it happens, operators and webhooks are told, it is mended, and they are told of that. */
import { expect, it, onTestFinished } from 'vitest'
import type { AlarmMessage } from '#gateway/ops/alarms/message.ts'
import { alarmCodeNames, alarmCodes } from '#gateway/ops/alarms/codes.ts'
import { usualThresholds } from '#gateway/ops/alarms/conditions.ts'
import type { AlarmView } from '#gateway/http/alarms.ts'
import { as, type House } from '#gateway/testing/house.ts'
import { startReceiver } from '#gateway/testing/webhook-receiver.ts'
import { happenings } from './happenings.ts'

const alarmsOf = async (house: House, query = ''): Promise<readonly AlarmView[]> =>
  ((await house.get(`/v1/operator/alarms${query}`, as('operations'))).body as { alarms: AlarmView[] }).alarms

it('has a happening for each', () => {
  expect(Object.keys(happenings)).toEqual(alarmCodeNames)
})

it.each(alarmCodeNames)('%s', { timeout: 60_000 }, async code => {
  const receiver = await startReceiver()
  const told = (): readonly AlarmMessage['data'][] =>
    receiver.told.map(({ body }) => (JSON.parse(body) as AlarmMessage).data)
  const webhooks = [{ id: 'duty', url: receiver.url, secrets: [Buffer.alloc(32, 'secret')] }]
  const { source, start, happens, goesOn, mended } = happenings[code]()
  const house = await start({
    settings: { alarms: { webhooks, repeatMinutes: 600, ...usualThresholds } },
    operations: { watch: { readMs: 0, overdueMs: 0 } },
  })
  onTestFinished(() => house.close())
  const isIt = (alarm: { code: string; source: string }) =>
    alarm.code === code && (typeof source === 'string' ? alarm.source === source : source.test(alarm.source))
  const isOpen = async () => (await alarmsOf(house)).some(isIt)
  /** As the clock of the house goes on. */
  async function eventually(isSo: () => boolean | Promise<boolean>, stepMs: number): Promise<void> {
    await expect
      .poll(
        async () => {
          await house.beat()
          if (await isSo()) return true
          house.clock.leap(stepMs)
          return false
        },
        { timeout: 30_000, interval: 20 },
      )
      .toBe(true)
  }

  await house.beat()
  await happens(house)
  await house.beat()
  await eventually(
    async () => {
      await goesOn?.(house)
      return isOpen()
    },
    Math.max(1_000, alarmCodes[code].afterMs / 10),
  )
  const alarm = (await alarmsOf(house)).find(isIt)!
  expect(alarm).toMatchObject({
    severity: alarmCodes[code].severity,
    title: alarmCodes[code].title.id,
    clearedAt: null,
  })
  await eventually(() => told().some(({ raised }) => raised.some(isIt)), 1_000)
  expect((await house.get('/metrics')).text).toContain(
    `mpp_alarms{code="${code}",severity="${alarmCodes[code].severity}"} 1`,
  )

  await mended(house)
  await house.beat()
  await eventually(async () => !(await isOpen()), 30_000)
  const after = (await alarmsOf(house, '?state=all')).find(isIt)
  expect(after?.clearedAt).toEqual(expect.any(String))
  await eventually(() => told().some(({ cleared }) => cleared.some(isIt)), 30_000)
  expect(told().filter(({ raised }) => raised.some(isIt))).toHaveLength(1)
  expect((await house.get('/metrics')).text).toContain(
    `mpp_alarms{code="${code}",severity="${alarmCodes[code].severity}"} 0`,
  )
})
