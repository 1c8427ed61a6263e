/** Connections to a PostgreSQL that may be slow, frozen or gone: every wait ends, and a call that cannot be served fails at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError, Pool, type PoolClient, types } from 'pg'
import type { PostgresTarget } from './postgres-url.ts'
import { StoreRefused, StoreUnavailable } from './store.ts'

/**
 * One statement, or several without values; then the answer is the last one's. A statement with a name is parsed and planned once
 * for each connection.
 */
export type Query = <Row extends object>(
  sql: string,
  values?: readonly unknown[],
  name?: string,
) => Promise<Answer<Row>>

export interface Answer<Row> {
  readonly rows: readonly Row[]
  /** How many rows were returned or changed. */
  readonly count: number
}

/** All reject with StoreUnavailable, or with StoreRefused when the values are at fault. */
export interface Connections {
  readonly query: Query
  /** Committed when resolved; rolled back when the work throws. */
  readonly transaction: <Result>(work: (query: Query) => Promise<Result>) => Promise<Result>
  /** Finishes what was asked before. */
  readonly close: () => Promise<void>
}

interface ConnectionLimits {
  readonly most: number
  /** How long a statement may take. */
  readonly patienceMs?: number
  /** For sessions that only look a few rows up in an index, however little the planner knows of the table. */
  readonly byIndex?: boolean
}

/** How long a call waits for a connection, be it a new one or one that others use. */
const connectMs = 2_000
/** The server gives up a statement by itself first; only one that does not even say so is given up here. */
const graceMs = 1_000
const shortestPauseMs = 100
const longestPauseMs = 2_000

/**
 * Whatever the server's or the role's defaults are: what is acknowledged is on the disk, a statement sees what its lock has waited
 * for, and none is compiled, which takes longer than any of them.
 */
const sessionOptions: readonly string[] = [
  '-c synchronous_commit=on',
  String.raw`-c default_transaction_isolation=read\ committed`,
  '-c jit=off',
]

/** A plan is made once, when a table may still be empty, and must be right when it has grown. */
const indexOptions: readonly string[] = [
  '-c enable_seqscan=off',
  '-c enable_bitmapscan=off',
  '-c enable_hashjoin=off',
  '-c enable_mergejoin=off',
  '-c plan_cache_mode=force_generic_plan',
]

export function connectPostgres(
  { host, port, user, password, database, schema, ssl }: PostgresTarget,
  { most, patienceMs = 4_000, byIndex = false }: ConnectionLimits,
): Connections {
  const pool = new Pool({
    host,
    port,
    user,
    password,
    database,
    ssl,
    max: most,
    application_name: 'mpp-gateway',
    options: [
      ...sessionOptions,
      ...(schema === undefined ? [] : [`-c search_path=${schema}`]),
      ...(byIndex ? indexOptions : []),
    ].join(' '),
    statement_timeout: patienceMs,
    // A gateway that stands still with a lock in its hands must not stop the others.
    idle_in_transaction_session_timeout: patienceMs,
    query_timeout: patienceMs + graceMs,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    allowExitOnIdle: true,
    types: { getTypeParser },
  })
  pool.on('error', () => {}) // of an idle connection: the next call finds out by itself
  const closing = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  /** While true, calls fail at once and one connection at a time tries whether the database is back. */
  let isDown = false

  async function use<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    if (closing.signal.aborted) throw new StoreUnavailable('the store is closed')
    if (isDown) throw new StoreUnavailable('the database does not answer')
    const done = attempt(work)
    underWay.add(done)
    try {
      return await done
    } catch (error) {
      if (isRefusal(error)) throw new StoreRefused('the database refused it', { cause: error })
      if (meansBusy(error)) throw new StoreUnavailable('no connection is free', { cause: error })
      if (!(error instanceof DatabaseError) || meansDown(error)) goDown()
      throw new StoreUnavailable('the database could not do it', { cause: error })
    } finally {
      underWay.delete(done)
    }
  }

  /** A connection on which anything failed is not used again, but for a refused statement. */
  async function attempt<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await pool.connect()
    client.on('error', ignore) // the statement that it fails says it
    let isSound = false
    try {
      const result = await work(client)
      isSound = true
      return result
    } catch (error) {
      isSound = isRefusal(error) && (await rollback(client))
      throw error
    } finally {
      client.off('error', ignore)
      client.release(!isSound)
    }
  }

  function goDown(): void {
    if (isDown || closing.signal.aborted) return
    isDown = true
    void comeBack()
  }

  async function comeBack(): Promise<void> {
    const { signal } = closing
    for (let pause = shortestPauseMs; !signal.aborted; pause = Math.min(2 * pause, longestPauseMs)) {
      try {
        await sleep(pause, undefined, { signal, ref: false })
        await attempt(client => client.query('SELECT 1'))
        isDown = false
        return
      } catch {
        // the next attempt may succeed
      }
    }
  }

  return {
    query: (...statement) => use(client => ask(client, ...statement)),
    transaction: work =>
      use(async client => {
        const result = await work((...statement) => ask(client, ...statement))
        const { command } = await client.query('COMMIT')
        if (command !== 'COMMIT') throw new Error('the transaction was rolled back')
        return result
      }),
    async close() {
      if (closing.signal.aborted) return
      const last = Promise.allSettled(underWay)
      closing.abort()
      await last
      await pool.end()
    },
  }
}

async function ask<Row extends object>(
  client: PoolClient,
  text: string,
  values?: readonly unknown[],
  name?: string,
): Promise<Answer<Row>> {
  // Without values, pg answers several statements with several results, which its types do not say.
  const answer = await client.query<Row>(values ? { text, values: [...values], name } : text)
  const last = Array.isArray(answer) ? (answer as (typeof answer)[]).at(-1)! : answer
  return { rows: last.rows, count: last.rowCount ?? 0 }
}

/** Data that does not fit (22), a constraint (23), a size (54): the call's values are at fault, not the database. */
const isRefusal = (error: unknown): boolean =>
  error instanceof DatabaseError && /^(22|23|54)/.test(error.code ?? '')

/**
 * All connections were in use for too long: pg-pool's error has nothing but this message. It does not mean that the database is
 * down. Where it is, those who use the connections find out: their statements end without an answer.
 */
const meansBusy = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect'

/**
 * The connection or the server is at its end (08, 57P), or has nothing left (53). With all else (a deadlock, a time that ran out,
 * a standby that may only read) the next call, on another connection, may succeed.
 */
const meansDown = ({ code = '' }: DatabaseError): boolean => /^(08|53|57P)/.test(code)

/** Whether the connection can be used again. */
const rollback = (client: PoolClient): Promise<boolean> =>
  client.query('ROLLBACK').then(
    () => true,
    () => false,
  )

const ignore = (): void => {}

const bigint = 20

/** What is counted here stays below 2^53. */
const getTypeParser: typeof types.getTypeParser = ((oid: number, format?: 'text') =>
  oid === bigint ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser
