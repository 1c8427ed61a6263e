import { readdirSync, readFileSync } from 'node:fs'
import { hash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/** Reads `0001-what-it-does.sql`, `0002-….sql` and so on: numbered from 1 without a gap. */
export function readMigrations(folder: URL): readonly Migration[] {
  const names = readdirSync(folder)
    .filter(name => name.endsWith('.sql'))
    .toSorted()
  return names.map((name, index) => {
    const number = Number(name.slice(0, 4))
    if (number !== index + 1)
      throw new Error(`migration ${name} is out of order: number ${index + 1} comes here`)
    const sql = readFileSync(new URL(name, folder), 'utf8')
    return { number, name, sql, checksum: hash('sha256', sql) }
  })
}

/**
 * Brings the schema forward, all or nothing; never back, and never over an applied migration that has changed since.
 * Migrations only add, so a gateway that was rolled back works on the schema of a later one.
 */
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
    for (const { number, name, checksum } of applied) {
      const known = migrations[number - 1]
      if (known && known.checksum !== checksum)
        throw new Error(`migration ${name} was changed after it had been applied`)
    }
    const record = database.prepare('INSERT INTO migrations VALUES (?, ?, ?, ?)')
    for (const { number, name, sql, checksum } of migrations.slice(applied.length)) {
      database.exec(sql)
      record.run(number, name, checksum, Date.now())
    }
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
