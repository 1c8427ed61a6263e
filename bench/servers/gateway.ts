/**
 * The gateway itself: the demo's configuration, every stage on, the ledger on the disk. Its log goes where stdout goes.
 *
 * `BENCH_LEDGER=off` leaves out the writing of the ledger, which nothing but this bench can do; `BENCH_ROWS` are in it before
 * the first question; `BENCH_STORE=postgres` takes the PostgreSQL of `DATABASE_URL`, in a schema of its own.
 *
 * `BENCH_DESK` is where an agency takes orders of permits; `BENCH_ORDERS` of them are over before the first one comes.
 */
import { randomUUIDv7 } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
import { createGateway } from '../../gateway/gateway.ts'
import { createHttpServer } from '../../gateway/http/http-server.ts'
import { createLog } from '../../gateway/log.ts'
import { openStore } from '../../gateway/store/open.ts'
import type { Store } from '../../gateway/store/store.ts'
import { testEvent, testKey, testOrder } from '../../gateway/store/test-order.ts'
import { agreement } from '../../gateway/testing/agreement.ts'
import { deskAdapter, permitOrder } from '../../gateway/testing/order-desk.ts'
import { demoSettings } from '../demo-settings.ts'
import { underTest } from './under-test.ts'

const {
  BENCH_DATA: dataFolder = '',
  BENCH_LEDGER: ledger,
  BENCH_ROWS: rows = '0',
  BENCH_DESK: desk,
  BENCH_ORDERS: orders = '0',
  BENCH_STORE: storeKind,
  DATABASE_URL: database = 'postgres://postgres@127.0.0.1:5432/postgres',
} = process.env

const schema = `bench_${process.pid}`
const settings = await demoSettings()

/** Counted like any other, and never spent. */
const agreements = settings.agreements.map(agreement => ({
  ...agreement,
  quotas: agreement.quotas.map(quota => ({ ...quota, perDay: 1_000_000_000 })),
}))

const dayMs = 24 * 60 * 60_000

/** What orders need beside the demo. */
const forOrders = (baseUrl: string) => ({
  upstream: {
    id: 'desk',
    adapter: deskAdapter(),
    baseUrl,
    timeZone: 'Asia/Jakarta',
    config: {},
    policy: {
      deadlineMs: 5_000,
      retries: 0,
      concurrency: 16,
      breaker: { errorPercent: 50, minimumCalls: 10, openMs: 1_000 },
    },
  },
  agreement: agreement({
    upstream: 'desk',
    validFrom: Date.now() - dayMs,
    validUntil: Date.now() + dayMs,
    grants: { [permitOrder.id]: { 'skck.new': ['/permitNumber'] } },
  }),
})
const added = desk === undefined ? [] : [forOrders(desk)]

mkdirSync(dataFolder, { recursive: true })
const databaseUrl = storeKind === 'postgres' ? inOwnSchema(database) : undefined
const store = await openStore({ databaseUrl, dataFolder }, { ledgerKey: settings.keys.ledger })
await fill(store, Number(rows))
await fillOrders(store, Number(orders))

/** While true, no order is brought to an agency. */
let isHeld = false
const gateway = createGateway({
  settings: {
    ...settings,
    agreements: [...agreements, ...added.map(({ agreement: one }) => one)],
    upstreams: [...settings.upstreams, ...added.map(({ upstream }) => upstream)],
  },
  store: {
    ...store,
    ...(ledger === 'off' && { appendLedger: async () => {} }),
    takeSubmissions: async (...asked) => (isHeld ? [] : await store.takeSubmissions(...asked)),
  },
  log: createLog(),
})
const server = createHttpServer(gateway.app.fetch, {
  connections: settings.limits.connections,
  stalledMs: 60_000,
  onRefused: gateway.onRefused,
}).listen(0, '127.0.0.1')
await once(server, 'listening')

async function close(): Promise<void> {
  server.closeAllConnections()
  server.close()
  await gateway.close()
  await store.close()
  if (databaseUrl !== undefined) await dropSchema()
}

underTest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, close, {
  hold() {
    isHeld = true
  },
  release() {
    isHeld = false
  },
  async 'open orders'() {
    return (await store.countSubmissions()).reduce((total, { count }) => total + count, 0)
  },
})

function inOwnSchema(url: string): string {
  const own = new URL(url)
  own.searchParams.set('schema', schema)
  return own.href
}

async function dropSchema(): Promise<void> {
  const client = new Client({ connectionString: database })
  await client.connect()
  await client.query(`SET client_min_messages TO warning; DROP SCHEMA ${schema} CASCADE`)
  await client.end()
}

/** Rows as questions leave them, about many people. */
async function fill(store: Store, count: number): Promise<void> {
  const atOnce = 4_096
  for (let done = 0; done < count; done += atOnce) {
    const entries = Array.from({ length: Math.min(atOnce, count - done) }, (_, index) => ({
      id: randomUUIDv7(),
      at: Date.now(),
      content: {
        kind: 'query',
        capability: 'resident.lookup',
        member: 'front-office',
        counter: 'A-03',
        officer: 'o-7f3a',
        purpose: 'skck.new',
        subjects: [`${'person'.padEnd(35, '-')}${String((done + index) % 100_000).padStart(8, '0')}`],
        outcome: 'released',
        elements: ['/nik', '/fullName', '/birthPlace', '/birthDate', '/sex', '/address/street'],
      },
    }))
    await Promise.all(entries.map(entry => store.appendLedger(entry)))
  }
}

/** Orders that are over, as deliveries leave them. */
async function fillOrders(store: Store, count: number): Promise<void> {
  const atOnce = 1_024
  for (let done = 0; done < count; done += atOnce) {
    const filling = Array.from({ length: Math.min(atOnce, count - done) }, async () => {
      const order = testOrder({
        upstream: 'desk',
        capability: permitOrder.id,
        member: 'front-office',
        subjects: [randomUUIDv7()],
      })
      await store.acceptSubmission(order, testKey({ lastsMs: 30 * dayMs }), testEvent('queued'))
      const change = { state: 'confirmed', awaits: null, dueInMs: null } as const
      await store.moveSubmission(order.id, 1, change, [testEvent('confirmed')])
    })
    await Promise.all(filling)
  }
}
