import { type Migration, pendingMigrations } from './migrations.ts'
import { connectPostgres } from './postgres-connections.ts'
import type { PostgresTarget } from './postgres-url.ts'

/** A migration may take this long. */
const patienceMs = 600_000

/** Brings the schema forward, all or nothing; of several gateways that start at once, one does. */
export async function migratePostgres(
  target: PostgresTarget,
  migrations: readonly Migration[],
): Promise<void> {
  const { transaction, close } = connectPostgres(target, { most: 1, patienceMs })
  try {
    await transaction(async query => {
      await query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('mpp-gateway migrations'))`)
      if (target.schema !== undefined) {
        const { count } = await query('SELECT FROM pg_namespace WHERE nspname = $1', [target.schema])
        if (count === 0) await query(`CREATE SCHEMA ${target.schema}`)
      }
      await query(`CREATE TABLE IF NOT EXISTS migrations (
        number     integer PRIMARY KEY,
        name       text NOT NULL,
        checksum   text NOT NULL,
        applied_at bigint NOT NULL
      )`)
      const { rows } = await query<Migration>('SELECT number, name, checksum FROM migrations ORDER BY number')
      for (const { number, name, sql, checksum } of pendingMigrations(migrations, rows)) {
        await query(sql)
        await query('INSERT INTO migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)', [
          number,
          name,
          checksum,
          Date.now(),
        ])
      }
    })
  } finally {
    await close()
  }
}
