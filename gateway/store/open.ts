import { readPostgresUrl } from './postgres-url.ts'
import { openSqliteStore } from './sqlite.ts'
import { openSqliteReader, type StoreReader } from './sqlite-reader.ts'
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

/** To look at it beside the gateway that works on it, or where none does. Changes nothing in a data folder. */
export async function openReader(
  { databaseUrl, dataFolder }: StorePlace,
  ledgerKey: Buffer,
): Promise<StoreReader> {
  if (databaseUrl === undefined) return openSqliteReader(dataFolder, ledgerKey)
  return openStore({ databaseUrl, dataFolder }, { ledgerKey })
}

/** For people: no credentials. */
export const nameOfStore = ({ databaseUrl, dataFolder }: StorePlace): string =>
  databaseUrl === undefined ? `SQLite in ${dataFolder}` : `PostgreSQL at ${readPostgresUrl(databaseUrl).name}`
