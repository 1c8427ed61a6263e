import type { DatabaseSync } from 'node:sqlite'
import { type Migration, pendingMigrations } from './migrations.ts'

/** Brings the schema forward, all or nothing. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    database.exec(`CREATE TABLE IF NOT EXISTS migrations (
      number     INTEGER PRIMARY KEY,
      name       TEXT NOT NULL,
      checksum   TEXT NOT NULL,
      applied_at INTEGER NOT NULL
    ) STRICT`)
    const applied = database
      .prepare('SELECT * FROM migrations ORDER BY number')
      .all() as unknown as Migration[]
    const record = database.prepare('INSERT INTO migrations VALUES (?, ?, ?, ?)')
    for (const { number, name, sql, checksum } of pendingMigrations(migrations, applied)) {
      database.exec(sql)
      record.run(number, name, checksum, Date.now())
    }
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
