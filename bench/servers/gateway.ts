/**
 * The gateway itself: the demo's configuration, every stage on, the ledger on the disk. Its log goes where stdout goes.
 *
 * `BENCH_LEDGER=off` leaves out the writing of the ledger, which nothing but this bench can do; `BENCH_ROWS` are in it before
 * the first question; `BENCH_STORE=postgres` takes the PostgreSQL of `DATABASE_URL`, in a schema of its own.
 */
import { randomUUIDv7 } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'
import { createGateway } from '../../gateway/gateway.ts'
import { createHttpServer } from '../../gateway/http/http-server.ts'
import { createLog } from '../../gateway/log.ts'
import { loadSettings } from '../../gateway/settings/load.ts'
import { openStore } from '../../gateway/store/open.ts'
import type { Store } from '../../gateway/store/store.ts'
import { discoverAdapters } from '../../gateway/upstream/discovery.ts'
import { underTest } from './under-test.ts'

const {
  BENCH_DATA: dataFolder = '',
  BENCH_LEDGER: ledger,
  BENCH_ROWS: rows = '0',
  BENCH_STORE: storeKind,
  DATABASE_URL: database = 'postgres://postgres@127.0.0.1:5432/postgres',
} = process.env

const schema = `bench_${process.pid}`
const root = join(import.meta.dirname, '../..')
const { adapters } = await discoverAdapters(join(root, 'adapters'))
const settings = loadSettings({
  path: join(root, 'config/demo'),
  environment: process.env,
  adapters,
  isDemo: true,
})
const members = settings.members.map(member => ({
  ...member,
  rateLimit: { requests: 1_000_000, seconds: 1 },
}))

/** Counted like any other, and never spent. */
const agreements = settings.agreements.map(agreement => ({
  ...agreement,
  quotas: agreement.quotas.map(quota => ({ ...quota, perDay: 1_000_000_000 })),
}))

mkdirSync(dataFolder, { recursive: true })
const databaseUrl = storeKind === 'postgres' ? inOwnSchema(database) : undefined
const store = await openStore({ databaseUrl, dataFolder }, { ledgerKey: settings.keys.ledger })
await fill(store, Number(rows))

const gateway = createGateway({
  settings: { ...settings, members, agreements },
  store: ledger === 'off' ? { ...store, appendLedger: async () => {} } : store,
  log: createLog(),
})
const server = createHttpServer(gateway.app.fetch, {
  connections: settings.limits.connections,
  stalledMs: 60_000,
  onRefused: gateway.onRefused,
}).listen(0, '127.0.0.1')
await once(server, 'listening')

underTest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, async () => {
  server.closeAllConnections()
  server.close()
  await gateway.close()
  await store.close()
  if (databaseUrl !== undefined) await dropSchema()
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
