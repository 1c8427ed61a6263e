import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

export interface Migration {
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
 * What is still to be applied. A schema goes forward, never back, and never over an applied migration that has changed
 * since. Migrations only add, so a gateway that was rolled back works on the schema of a later one.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly Pick<Migration, 'number' | 'name' | 'checksum'>[],
): readonly Migration[] {
  for (const { number, name, checksum } of applied) {
    const known = migrations[number - 1]
    if (known && known.checksum !== checksum)
      throw new Error(`migration ${name} was changed after it had been applied`)
  }
  return migrations.slice(applied.length)
}
