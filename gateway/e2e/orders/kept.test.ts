/** An order that was kept is told as kept, and stands in the ledger once: before anybody hears of it, and before the agency does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { type Store, StoreRefused, StoreUnavailable } from '#gateway/store/store.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { type Counter, nik, openCounter, openDesk, permitAgreement } from './counter.ts'

const key = 'b7c9a1e4-0000-4000-8000-000000000003'

const outcomesOf = async ({ store }: Counter, id: string) =>
  (await store.readLedger(0, 1_000))
    .map(({ content }) => JSON.parse(content!) as Record<string, unknown>)
    .filter(({ submission }) => submission === id)
    .map(({ outcome }) => outcome)

it('goes to the agency only once it is on record, which the same key brings about', async () => {
  const desk = await openDesk()
  desk.takes('finish')
  let isAway = true
  const refused = () => Promise.reject(new StoreUnavailable('away'))
  const wrapStore = (store: Store): Store => ({
    ...store,
    appendLedger: entry =>
      isAway && entry.content['outcome'] === 'ordered' ? refused() : store.appendLedger(entry),
  })
  const counter = await openCounter(desk.url, { wrapStore })
  expect((await counter.order(key)).body).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  const [row] = await counter.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 10)
  const { id } = row!
  expect((await counter.order(key)).body).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  // A worker has taken it too; who tries at the same moment shares one attempt at the ledger.
  await vi.waitFor(
    async () => expect((await counter.store.findSubmission(id))!.revision).toBeGreaterThan(1),
    { timeout: 20_000 },
  )
  expect(desk.calls).toBe(0)

  isAway = false
  counter.clock.leap(60_000) // past the worker's lease
  const again = await counter.order(key)
  expect(again.body['id']).toBe(id)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  await counter.becomes(id, 'confirmed')
  expect(await outcomesOf(counter, id)).toEqual(['ordered', 'confirmed'])
})

it('is told by its id where the store cannot show it', async () => {
  const wrapStore = (store: Store): Store => ({
    ...store,
    readSubmissionEvents: () => Promise.reject(new StoreUnavailable('away')),
  })
  const counter = await openCounter(`http://127.0.0.1:${await closedPort()}`, { wrapStore })
  const { status, headers, body } = await counter.order(key)
  expect(status).toBe(202)
  expect(body).toEqual({ id: expect.any(String), state: 'queued' })
  expect(headers.get('location')).toBe(`/v1/submissions/${body['id']}`)
})

it('is a fault of ours where the store refuses one without papers', async () => {
  const desk = await openDesk()
  const wrapStore = (store: Store): Store => ({
    ...store,
    acceptSubmission: () => Promise.reject(new StoreRefused('its id is taken')),
  })
  const counter = await openCounter(desk.url, { wrapStore })
  expect((await counter.order(key)).body).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' })
})

it('is withdrawn for no reason that may name somebody', async () => {
  const counter = await openCounter(`http://127.0.0.1:${await closedPort()}`)
  const { id } = (await counter.order(key)).body
  const refused = await counter.ask(`/v1/submissions/${id}/cancel`, { reason: `salah orang: NIK ${nik}` })
  expect(refused.body).toMatchObject({
    code: 'INPUT_INVALID',
    errors: [{ pointer: '/reason', detail: expect.stringContaining('10 or more digits') }],
  })
  expect((await counter.cancel(id)).body).toMatchObject({ state: 'cancelled' })
})

it('is listed by what can be ordered only', async () => {
  const counter = await openCounter(`http://127.0.0.1:${await closedPort()}`)
  expect((await counter.read('/v1/submissions?capability=permit.order')).status).toBe(200)
  expect((await counter.read('/v1/submissions?capability=permit.ordr')).body).toMatchObject({
    code: 'INPUT_INVALID',
    errors: [{ parameter: 'capability', detail: expect.stringContaining('permit.order') }],
  })
})

it('is not forgotten where its agency is not configured any more', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mpp-stranded-'))
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }))
  const before = await openCounter(`http://127.0.0.1:${await closedPort()}`, { dataFolder })
  await before.order(key)
  await before.close()

  await using house = await startHouse({ dataFolder, agreements: [permitAgreement()] })
  await vi.waitFor(async () =>
    expect((await house.get('/health/ready')).body).toMatchObject({
      state: 'ready',
      warnings: expect.arrayContaining([expect.stringContaining('1 orders of desk')]),
    }),
  )
})
