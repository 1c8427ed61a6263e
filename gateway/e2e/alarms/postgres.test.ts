/** Several gateways on one database: one alarm, one message; and a database that goes away. */
import { expect, it, onTestFinished } from 'vitest'
import type { AlarmView } from '#gateway/http/alarms.ts'
import { usualThresholds } from '#gateway/ops/alarms/conditions.ts'
import type { AlarmMessage } from '#gateway/ops/alarms/message.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { startTcpProxy } from '#gateway/testing/tcp-proxy.ts'
import { startReceiver, type WebhookReceiver } from '#gateway/testing/webhook-receiver.ts'

const listed = async (house: House, query = ''): Promise<readonly AlarmView[]> =>
  ((await house.get(`/v1/operator/alarms${query}`, as('operations'))).body as { alarms: AlarmView[] }).alarms

const codes = async (house: House) => (await listed(house)).map(({ code }) => code).toSorted()

const told = (receiver: WebhookReceiver) =>
  receiver.told.map(({ body }) => (JSON.parse(body) as AlarmMessage).data)

/** Quick to clear, and to be told again: a database's time cannot be moved. */
const quick = {
  watch: { readMs: 0 },
  alarms: { register: { clearAfterMs: 1 }, teller: { paceMs: 100 } },
}

function options(databaseUrl: string, receiver: WebhookReceiver): HouseOptions {
  const webhooks = [{ id: 'duty', url: receiver.url, secrets: [Buffer.alloc(32, 'secret')] }]
  return {
    databaseUrl,
    now: Date.now,
    agreements: [agreement({ validUntil: Date.now() + 400 * 24 * 60 * 60_000 })],
    heartbeat: { everyMs: 50, patience: 40 },
    operations: quick,
    settings: { alarms: { webhooks, repeatMinutes: 60, ...usualThresholds } },
  }
}

const hold = (house: House, mode: string) =>
  house.ask(
    '/v1/operator/upstreams/dukcapil/mode',
    { mode, reason: 'diminta instansi' },
    { ...as('operations'), 'mpp-case': undefined, 'mpp-officer': 'o-90' },
  )

const patient = { timeout: 20_000, interval: 20 }

await describeWithPostgres('alarms of several gateways on one PostgreSQL', postgres => {
  it('are one, and told once', { timeout: 60_000 }, async () => {
    const receiver = await startReceiver()
    const databaseUrl = postgres.newPlace()
    await using one = await startHouse(options(databaseUrl, receiver))
    await using other = await startHouse(options(databaseUrl, receiver))
    await using third = await startHouse(options(databaseUrl, receiver))
    const all = [one, other, third]
    await hold(one, 'held')
    for (const house of all) await expect.poll(() => codes(house), patient).toEqual(['UPSTREAM_HELD'])
    const ids = await Promise.all(all.map(async house => (await listed(house))[0]!.id))
    expect(new Set(ids).size).toBe(1)
    await expect.poll(() => told(receiver).length, patient).toBe(1)

    await hold(other, 'normal')
    for (const house of all) await expect.poll(() => codes(house), patient).toEqual([])
    await expect.poll(() => told(receiver).length, patient).toBe(2)
    for (let beat = 0; beat < 5; beat++) for (const house of all) await house.beat()
    expect(told(receiver).map(({ raised, cleared }) => [raised, cleared].map(of => of.length))).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(await listed(third, '?state=all')).toMatchObject([{ id: ids[0], clearedAt: expect.any(String) }])
  })

  it('tell of a gateway that was killed', { timeout: 60_000 }, async () => {
    const receiver = await startReceiver()
    const databaseUrl = postgres.newPlace()
    await using house = await startHouse(options(databaseUrl, receiver))
    const at = Date.now()
    const said = { gateway: 'mpp-02-dead', startedAt: at, at, view: { upstreams: [], conditions: [] } }
    await house.store.putHouseState({ kind: 'gateway', id: 'mpp-02-dead', content: JSON.stringify(said) })
    await expect
      .poll(() => listed(house), { timeout: 40_000 })
      .toMatchObject([{ code: 'GATEWAY_SILENT', source: 'mpp-02-dead' }])
  })

  it.each(['cut', 'freeze'] as const)(
    'go on by themselves while the database is away (%s), and are written when it is back',
    { timeout: 90_000 },
    async trouble => {
      const receiver = await startReceiver()
      const url = new URL(postgres.newPlace())
      const direct = url.href
      const proxy = await startTcpProxy(url.hostname, Number(url.port || 5432))
      onTestFinished(() => proxy.close())
      url.hostname = '127.0.0.1'
      url.port = String(proxy.port)
      await using house = await startHouse(options(url.href, receiver))
      await house.beat()
      expect(await listed(house)).toEqual([])

      proxy[trouble]()
      await expect.poll(() => codes(house), { timeout: 30_000 }).toContain('STORE_AWAY')
      await expect
        .poll(() => told(receiver).flatMap(({ raised }) => raised.map(({ code }) => code)), patient)
        .toContain('STORE_AWAY')
      const { id } = (await listed(house)).find(({ code }) => code === 'STORE_AWAY')!

      proxy.restore()
      await expect.poll(() => codes(house), { timeout: 30_000 }).not.toContain('STORE_AWAY')
      await expect
        .poll(() => told(receiver).flatMap(({ cleared }) => cleared.map(({ code }) => code)), patient)
        .toContain('STORE_AWAY')
      await using reader = await startHouse({ ...options(direct, receiver) })
      await reader.beat()
      const kept = (await listed(reader, '?state=all')).find(({ code }) => code === 'STORE_AWAY')
      expect(kept).toMatchObject({ id, clearedAt: expect.any(String) })
    },
  )
})
