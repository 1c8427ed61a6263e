import { type ChainHead, genesis, nextRow } from '#gateway/ledger/chain.ts'
import { groupCommit } from './group-commit.ts'
import type { Connections, Query } from './postgres-connections.ts'
import { type LedgerEntry, type LedgerRow, type Store, StoreRefused } from './store.ts'

const hourMs = 3_600_000

/** Named in every statement: the schema of a later gateway may have more. */
const columns = 'sequence, id, at, content, digest, hash'

const lastRow = `SELECT ${columns} FROM ledger ORDER BY sequence DESC LIMIT 1`

const lock = `SELECT pg_advisory_xact_lock('ledger'::regclass::oid::bigint)`

/** Nobody else appends until the transaction ends, so this head is the head: each statement sees what its lock has waited for. */
const beginAtHead = `BEGIN; ${lock}; ${lastRow}`

/**
 * Takes the lock as well. Where somebody else has appended after the head that the rows follow, their sequence is taken; where
 * that head is gone, because the database was restored or a standby took over without it, nothing is inserted.
 */
const insertRows = `WITH locked AS MATERIALIZED (${lock}), follows AS MATERIALIZED (
    SELECT FROM locked WHERE $10 = 0 OR EXISTS (SELECT FROM ledger WHERE sequence = $10 AND hash = $11)
  ), appended AS (
    INSERT INTO ledger (sequence, id, at, kind, content, digest, hash)
    SELECT row.* FROM follows,
      unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[]) AS row
  ), about AS (
    INSERT INTO ledger_subjects (segment, subject, sequence)
    SELECT sequence >> 10, subject, sequence FROM follows, unnest($8::bigint[], $9::text[]) AS row (sequence, subject)
  )
  INSERT INTO ledger_hours (hour, first_sequence, last_sequence)
  SELECT at / ${hourMs}, min(sequence), max(sequence)
    FROM follows, unnest($1::bigint[], $3::bigint[]) AS row (sequence, at) GROUP BY 1
  ON CONFLICT (hour) DO UPDATE SET last_sequence = excluded.last_sequence`

/** Hours narrow the rows down, so that a page costs what is on it wherever its time lies in the ledger. */
const selectRowsOfTime = `SELECT ${columns} FROM ledger
  WHERE sequence > $1
    AND sequence >= (SELECT min(first_sequence) FROM ledger_hours WHERE hour BETWEEN $5 AND $6)
    AND sequence <= (SELECT max(last_sequence) FROM ledger_hours WHERE hour BETWEEN $5 AND $6)
    AND at >= $2 AND at < $3
  ORDER BY sequence LIMIT $4`

/** One look into each segment of the index: OFFSET keeps the planner from another way. */
const selectRowsOfSubject = `SELECT ${columns}
  FROM generate_series($1::bigint >> 10, (SELECT max(sequence) >> 10 FROM ledger)) AS part (segment)
    CROSS JOIN LATERAL (
      SELECT sequence FROM ledger_subjects WHERE segment = part.segment AND subject = $5 AND sequence > $1 OFFSET 0
    ) AS found
    JOIN ledger USING (sequence)
  WHERE at >= $2 AND at < $3
  ORDER BY sequence LIMIT $4`

const destroyOldest = `WITH oldest AS (
    SELECT sequence FROM unnest($1::text[]) AS destroyed (kind)
      CROSS JOIN LATERAL (
        SELECT sequence, at FROM ledger
        WHERE ledger.kind = destroyed.kind AND at < $2 AND content IS NOT NULL ORDER BY at, sequence LIMIT $3
      ) AS row
    ORDER BY at, sequence LIMIT $3
  ), destroyed AS (
    UPDATE ledger SET content = NULL, kind = NULL FROM oldest
    WHERE ledger.sequence = oldest.sequence AND content IS NOT NULL RETURNING ledger.sequence
  ), forgotten AS (
    DELETE FROM ledger_subjects AS about USING destroyed
    WHERE about.segment = destroyed.sequence >> 10 AND about.sequence = destroyed.sequence
  )
  SELECT FROM destroyed`

type Ledger = Pick<
  Store,
  'appendLedger' | 'readLedgerHead' | 'readLedger' | 'findLedger' | 'destroyLedgerContent' | 'close'
>

/** `appending` is for appends alone, so that no reader holds them up. */
export function postgresLedger(
  appending: Connections,
  { query }: Connections,
  keeping: Connections,
  ledgerKey: Buffer,
): Ledger {
  const { call, close } = groupCommit<Entry>(append)
  /** Where our last append left the chain. */
  let left: ChainHead = genesis
  /** Whether nobody else had appended by then. */
  let isAlone = false

  /**
   * Alone, a batch is one statement after the head that we left. With others, it is a transaction that locks the chain and
   * reads its head. Ids that are taken are looked for only once something was: it is a mistake, and the look costs.
   */
  async function append(entries: readonly Entry[]): Promise<readonly unknown[]> {
    try {
      return await (isAlone ? appendAfterOurs(entries) : appendAfterHead(entries))
    } catch (error) {
      isAlone = false
      if (!(error instanceof StoreRefused)) throw error
      return appendAfterHead(entries, findTaken)
    }
  }

  async function appendAfterOurs(entries: readonly Entry[]): Promise<readonly unknown[]> {
    const { rows, results } = follow(left, entries)
    await insert(appending.query, left, rows)
    left = rows.at(-1)!
    return results
  }

  async function appendAfterHead(
    entries: readonly Entry[],
    find?: typeof findTaken,
  ): Promise<readonly unknown[]> {
    const { head, rows, results } = await appending.transaction(async query => {
      const head = (await query<LedgerRow>(beginAtHead)).rows[0] ?? genesis
      const followed = follow(head, entries, await find?.(query, entries))
      if (followed.rows.length > 0) await insert(query, head, followed.rows)
      return { head, ...followed }
    })
    isAlone = head.hash === left.hash
    left = rows.at(-1) ?? head
    return results
  }

  /** The rows that follow a head, and a refusal in the place of each entry whose id is taken. */
  function follow(start: ChainHead, entries: readonly Entry[], taken?: ReadonlySet<string>) {
    let head = start
    const seen = new Set(taken)
    const rows: Row[] = []
    const results = entries.map(({ id, at, content, ...looked }) => {
      if (taken && seen.has(id)) return new Error('the id is taken')
      seen.add(id)
      const row = { ...nextRow(ledgerKey, head, id, at, content), ...looked }
      rows.push(row)
      head = row
      return undefined
    })
    return { rows, results }
  }

  return {
    async appendLedger(entry) {
      await call(readEntry(entry))
    },
    async readLedgerHead() {
      return (await query<LedgerRow>(lastRow)).rows[0]
    },
    async readLedger(after, limit) {
      const page = `SELECT ${columns} FROM ledger WHERE sequence > $1 ORDER BY sequence LIMIT $2`
      return (await query<LedgerRow>(page, [after, limit])).rows
    },
    async findLedger(
      { subject, from = Number.MIN_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER },
      after,
      limit,
    ) {
      const page = [after, from, until, limit]
      const { rows } =
        subject === undefined
          ? await query<LedgerRow>(selectRowsOfTime, [
              ...page,
              Math.trunc(from / hourMs),
              Math.trunc(until / hourMs),
            ])
          : await query<LedgerRow>(selectRowsOfSubject, [...page, subject])
      return rows
    },
    async destroyLedgerContent(kinds, before, limit) {
      return (await keeping.query(destroyOldest, [kinds, before, limit])).count
    },
    close,
  }
}

async function insert(query: Query, head: ChainHead, rows: readonly Row[]): Promise<void> {
  const { count } = await query(insertRows, [...valuesOf(rows), head.sequence, head.hash], 'append')
  if (count === 0) throw new StoreRefused('the row that comes before is gone')
}

async function findTaken(query: Query, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  const ids = entries.map(({ id }) => id)
  const { rows } = await query<{ id: string }>('SELECT id FROM ledger WHERE id = ANY ($1)', [ids])
  return new Set(rows.map(({ id }) => id))
}

/** What is looked up in a content. */
interface Looked {
  readonly kind: string | null
  readonly subjects: readonly string[]
}

type Entry = Pick<LedgerRow, 'id' | 'at'> & Looked & { readonly content: string }
type Row = ReturnType<typeof nextRow> & Looked

function readEntry({ id, at, content }: LedgerEntry): Entry {
  const { kind, subjects } = content
  const entry = {
    id,
    at,
    content: JSON.stringify(content),
    kind: typeof kind === 'string' ? kind : null,
    subjects: Array.isArray(subjects) ? [...new Set(subjects.filter(isText))] : [],
  }
  if (!Number.isSafeInteger(at) || ![id, entry.kind, ...entry.subjects].every(fitsText))
    throw new StoreRefused('a value does not fit')
  return entry
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** PostgreSQL's text holds every character but this one. */
const fitsText = (text: string | null): boolean => text === null || !text.includes('\0')

/** The rows as columns, as the statement takes them. */
function valuesOf(rows: readonly Row[]): readonly unknown[] {
  const about = rows.flatMap(({ sequence, subjects }) => subjects.map(subject => ({ sequence, subject })))
  return [
    rows.map(({ sequence }) => sequence),
    rows.map(({ id }) => id),
    rows.map(({ at }) => at),
    rows.map(({ kind }) => kind),
    jsonArray(rows.map(({ content }) => content)),
    rows.map(({ digest }) => digest),
    rows.map(({ hash }) => hash),
    about.map(({ sequence }) => sequence),
    about.map(({ subject }) => subject),
  ]
}

/** JSON texts as an array of PostgreSQL's: they have no control characters, so quoting as JSON does is the same, and faster. */
const jsonArray = (texts: readonly string[]): string => `{${texts.map(text => JSON.stringify(text)).join()}}`
