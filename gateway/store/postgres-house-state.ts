import type { HouseState, HouseStateStore } from './house-state.ts'
import type { Connections } from './postgres-connections.ts'
import { now } from './postgres-submission-events.ts'

/** The time comes also where nothing is kept. */
const select = `SELECT ${now} AS at, kind, id, revision, changed_at AS "changedAt", content
  FROM (SELECT) AS always LEFT JOIN house_state ON kind = ANY ($1) ORDER BY kind, id`

const upsert = `INSERT INTO house_state AS known (kind, id, revision, changed_at, content) VALUES ($1, $2, 1, ${now}, $3)
  ON CONFLICT (kind, id) DO UPDATE
    SET revision = known.revision + 1, changed_at = excluded.changed_at, content = excluded.content`
const insert = `INSERT INTO house_state (kind, id, revision, changed_at, content) VALUES ($1, $2, 1, ${now}, $3)
  ON CONFLICT DO NOTHING`
const update = `UPDATE house_state SET revision = revision + 1, changed_at = ${now}, content = $3
  WHERE kind = $1 AND id = $2 AND revision = $4`
const remove =
  'DELETE FROM house_state WHERE kind = $1 AND id = $2 AND revision = coalesce($3::bigint, revision)'

export function postgresHouseState({ query }: Connections, keeping: Connections): HouseStateStore {
  async function isDone(text: string, values: readonly unknown[]): Promise<boolean> {
    return (await keeping.query(text, [...values])).count === 1
  }

  return {
    async readHouseState(kinds) {
      const { rows } = await query<HouseState & { at: number }>(select, [kinds])
      const { at } = rows[0]!
      return { at, rows: rows.flatMap(({ at: _at, ...row }) => (row.kind === null ? [] : [row])) }
    },
    putHouseState({ kind, id, content }, seen) {
      if (content === null) return isDone(remove, [kind, id, seen ?? null])
      if (seen === undefined) return isDone(upsert, [kind, id, content])
      return seen === 0 ? isDone(insert, [kind, id, content]) : isDone(update, [kind, id, content, seen])
    },
  }
}
