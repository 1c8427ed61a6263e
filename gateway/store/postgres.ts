import { keyCheck } from '#gateway/ledger/chain.ts'
import { checkLedgerKey, ledgerKeyCheck } from './ledger-key.ts'
import { readMigrations } from './migrations.ts'
import { connectPostgres } from './postgres-connections.ts'
import { postgresHouseState } from './postgres-house-state.ts'
import { postgresLedger } from './postgres-ledger.ts'
import { migratePostgres } from './postgres-migrate.ts'
import { postgresNotices } from './postgres-notices.ts'
import { postgresRecords } from './postgres-records.ts'
import { postgresSubmissions } from './postgres-submissions.ts'
import { readPostgresUrl } from './postgres-url.ts'
import type { Store } from './store.ts'

interface PostgresOptions {
  /** `postgres://user:password@host:port/database?schema=…&sslmode=…` */
  readonly url: string
  readonly ledgerKey: Buffer
}

/**
 * Besides the one that appends. Those who keep wait for one another, and questions must not wait for them, nor for those who
 * accept orders, nor for the workers that deliver them.
 */
const mostConnections = { asking: 6, keeping: 2, ordering: 3, working: 3 }

/** The store of several gateways. Refuses another ledger key, and an address that nobody answers at. */
export async function openPostgresStore({ url, ledgerKey }: PostgresOptions): Promise<Store> {
  const target = readPostgresUrl(url)
  const appending = connectPostgres(target, { most: 1 })
  const asking = connectPostgres(target, { most: mostConnections.asking })
  const keeping = connectPostgres(target, { most: mostConnections.keeping })
  const ordering = connectPostgres(target, { most: mostConnections.ordering, byIndex: true })
  const working = connectPostgres(target, { most: mostConnections.working, byIndex: true })
  const { close: finishAppends, ...ledger } = postgresLedger(appending, asking, keeping, ledgerKey)
  const { close: finishFinds, ...records } = postgresRecords(asking, keeping)
  const { close: finishOrders, ...submissions } = postgresSubmissions(asking, ordering, working)

  async function close(): Promise<void> {
    await Promise.all([finishAppends(), finishFinds(), finishOrders()])
    await Promise.all([appending, asking, keeping, ordering, working].map(pool => pool.close()))
  }

  try {
    await migratePostgres(target, readMigrations(new URL('./migrations/postgres/', import.meta.url)))
    checkLedgerKey(ledgerKey, await records.keepCheck(ledgerKeyCheck, keyCheck(ledgerKey)))
  } catch (error) {
    await close()
    // The driver's reason, when there is one; it holds no password.
    const { message } = ((error as Error).cause ?? error) as Error
    throw new Error(`the store in PostgreSQL at ${target.name} cannot be opened: ${message}`, {
      cause: error,
    })
  }
  return {
    ...ledger,
    ...records,
    ...postgresNotices(asking, keeping),
    ...postgresHouseState(asking, keeping),
    ...submissions,
    close,
  }
}
