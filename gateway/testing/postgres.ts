/**
 * A real PostgreSQL for tests: `DATABASE_URL`, else 127.0.0.1:5432. Absent: the tests are skipped by name with the reason
 * printed; in CI that is a failure. Each place has a schema of its own, which is dropped at the end.
 */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, describe, test } from 'vitest'
import { readPostgresUrl } from '#gateway/store/postgres-url.ts'

export interface TestPostgres {
  readonly url: string
  /** The url with a new schema, which the store makes; dropped at the end of the suite. */
  newPlace(): string
  /** A connection to such a place that is nobody else's. Close it with `end`. */
  connect(place: string): Promise<Client>
}

/** Await it at the top of the file. */
export async function describeWithPostgres(
  name: string,
  suite: (postgres: TestPostgres) => void,
): Promise<void> {
  const given = process.env['DATABASE_URL']
  const url = given ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const schemas: string[] = []
  const postgres: TestPostgres = {
    url,
    newPlace() {
      const schema = `test_${randomBytes(6).toString('hex')}`
      schemas.push(schema)
      const place = new URL(url)
      place.searchParams.set('schema', schema)
      return place.href
    },
    connect,
  }

  if (await answers(url)) {
    describe(name, () => {
      afterAll(() => dropSchemas(url, schemas), 120_000)
      suite(postgres)
    })
    return
  }
  const reason =
    given === undefined
      ? 'no PostgreSQL: set DATABASE_URL, or start one on 127.0.0.1:5432 that trusts postgres'
      : 'DATABASE_URL is set, but nobody answers there'
  if (process.env['CI']) {
    describe(name, () => {
      test('has the PostgreSQL it needs', () => {
        throw new Error(reason)
      })
    })
  } else {
    console.warn(`skipped: ${name} (${reason})`)
    describe.skip(`${name} (${reason})`, () => suite(postgres))
  }
}

async function connect(place: string): Promise<Client> {
  const { schema, ...target } = readPostgresUrl(place)
  const client = new Client({
    ...target,
    connectionTimeoutMillis: 2_000,
    ...(schema !== undefined && { options: `-c search_path=${schema}` }),
  })
  client.on('error', () => {}) // the statement that it fails says it
  await client.connect()
  return client
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await connect(url)).end()
    return true
  } catch {
    return false
  }
}

async function dropSchemas(url: string, schemas: readonly string[]): Promise<void> {
  const client = await connect(url)
  await client.query('SET client_min_messages TO warning')
  for (const schema of schemas) await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  await client.end()
}
