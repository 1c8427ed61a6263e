import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readMigrations } from './migrations.ts'
import { migrate } from './sqlite-migrate.ts'

function migrationsOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-gateway-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql)
  return readMigrations(pathToFileURL(`${folder}/`))
}

const tables = (database: DatabaseSync) =>
  database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all()
    .map(({ name }) => name)

const first = { '0001-first.sql': 'CREATE TABLE first (a INTEGER);' }
const second = {
  ...first,
  '0002-second.sql': 'CREATE TABLE second (b INTEGER); -- and\nCREATE TABLE third (c INTEGER);',
}

describe('migrate', () => {
  it('applies what is new, once', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, migrationsOf(first))
    expect(tables(database)).toEqual(['first', 'migrations'])
    migrate(database, migrationsOf(second))
    migrate(database, migrationsOf(second))
    expect(tables(database)).toEqual(['first', 'migrations', 'second', 'third'])
  })

  it('lets an earlier gateway work on the schema of a later one', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, migrationsOf(second))
    migrate(database, migrationsOf(first))
    expect(tables(database)).toEqual(['first', 'migrations', 'second', 'third'])
  })

  it('refuses an applied migration that was changed', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, migrationsOf(first))
    const changed = migrationsOf({ '0001-first.sql': 'CREATE TABLE first (a TEXT);' })
    expect(() => migrate(database, changed)).toThrow(
      'migration 0001-first.sql was changed after it had been applied',
    )
  })

  it('leaves everything as it was when a migration fails', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, migrationsOf(first))
    const broken = migrationsOf({
      ...second,
      '0003-broken.sql': 'CREATE TABLE fourth (d INTEGER); CREATE NONSENSE',
    })
    expect(() => migrate(database, broken)).toThrow('NONSENSE')
    expect(tables(database)).toEqual(['first', 'migrations'])
    migrate(database, migrationsOf(second))
  })

  it('refuses files that are not numbered one after the other', () => {
    expect(() => migrationsOf({ ...first, '0003-third.sql': '' })).toThrow('0003-third.sql is out of order')
  })
})
