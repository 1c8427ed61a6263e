/** The same key stands for the same order, however often and wherever it comes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { as } from '#gateway/testing/house.ts'
import type { OrderDesk } from '#gateway/testing/order-desk.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import { type Counter, openCounter, openDesk, permit } from './counter.ts'

const key = 'b7c9a1e4-0000-4000-8000-000000000001'

/** A hundred at once, in turn at each counter: one order, told a hundred times, with one effect. */
async function orderAHundredTimes(counters: readonly Counter[], desk: OrderDesk): Promise<void> {
  const told = await Promise.all(
    Array.from({ length: 100 }, (_, index) => counters[index % counters.length]!.order(key)),
  )
  // Those that come late may hear that it is done.
  expect(told.filter(({ status }) => status !== 202 && status !== 200)).toEqual([])
  const [id, ...others] = new Set<string>(told.map(({ body }) => body['id']))
  expect(others).toEqual([])
  expect(told.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)

  const [counter] = counters
  await counter!.becomes(id!, 'confirmed')
  expect((await counter!.read('/v1/submissions')).body['submissions']).toMatchObject([{ id, attempts: 1 }])
  expect(desk.effects).toEqual([id])
  const ledger = await counter!.store.readLedger(0, 1_000)
  expect(ledger.filter(({ content }) => content?.includes('"outcome":"ordered"'))).toHaveLength(1)
  const { body } = await counter!.read(`/v1/submissions/${id}`)
  expect(body['history'].filter(({ type }: any) => type === 'submission.queued')).toHaveLength(1)
}

it('makes one order of a hundred at once, on SQLite', async () => {
  const desk = await openDesk()
  desk.takes('finish')
  await orderAHundredTimes([await openCounter(desk.url)], desk)
})

await describeWithPostgres('on PostgreSQL', postgres => {
  it('makes one order of a hundred at once, at two gateways', async () => {
    const databaseUrl = postgres.newPlace()
    const desk = await openDesk()
    desk.takes('finish')
    const counters = [
      await openCounter(desk.url, { databaseUrl }),
      await openCounter(desk.url, { databaseUrl }),
    ]
    await orderAHundredTimes(counters, desk)
  })
})

it('refuses the key for another order, and tells the first one again', async () => {
  const desk = await openDesk()
  const counter = await openCounter(desk.url)
  const first = await counter.order(key)
  expect(first.headers.get('location')).toBe(`/v1/submissions/${first.body['id']}`)
  expect((await counter.order(key, { ...permit, text: 'LAPAK-SOTO' })).body).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
    errors: [{ header: 'Idempotency-Key' }],
  })
  // Written otherwise, it is the same order.
  const again = await counter.order(`"${key}"`, `{ "text": "${permit.text}", "nik": "${permit.nik}" }`)
  expect(again.body['id']).toBe(first.body['id'])
  expect((await counter.order(`${key}-2`)).body['id']).not.toBe(first.body['id'])
})

it('knows a key as that of its member only', async () => {
  const desk = await openDesk()
  const counter = await openCounter(desk.url)
  await counter.order(key)
  // Another member has no agreement: it does not learn that somebody has used the key.
  const other = await counter.order(key, permit, as('health-desk'))
  expect(other.body).toMatchObject({ code: 'NOT_GRANTED' })
})

it('knows it still after the gateway was started anew', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mpp-same-key-'))
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }))
  const nobody = `http://127.0.0.1:${await closedPort()}`
  const before = await openCounter(nobody, { dataFolder })
  const first = await before.order(key)
  await before.close()

  const after = await openCounter(nobody, { dataFolder })
  const again = await after.order(key)
  expect(again).toMatchObject({ status: 202, body: { id: first.body['id'] } })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect((await after.order(key, { ...permit, text: 'LAPAK-SOTO' })).status).toBe(422)
})
