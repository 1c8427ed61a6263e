import { readPostgresUrl } from './postgres-url.ts'
import { openSqliteStore } from './sqlite.ts'
import type { Store } from './store.ts'

export interface StorePlace {
  /** PostgreSQL, for any number of gateways; without it SQLite in the data folder, for one. */
  readonly databaseUrl?: string | undefined
  readonly dataFolder: string
}

export async function openStore(
  { databaseUrl, dataFolder }: StorePlace,
  options: { readonly ledgerKey: Buffer; readonly beside?: boolean; readonly now?: () => number },
): Promise<Store> {
  if (databaseUrl === undefined) return openSqliteStore({ folder: dataFolder, ...options })
  const { openPostgresStore } = await import('./postgres.ts') // a start without it need not wait for its driver
  return openPostgresStore({ url: databaseUrl, ledgerKey: options.ledgerKey })
}

/** For people: no credentials. */
export const nameOfStore = ({ databaseUrl, dataFolder }: StorePlace): string =>
  databaseUrl === undefined ? `SQLite in ${dataFolder}` : `PostgreSQL at ${readPostgresUrl(databaseUrl).name}`
