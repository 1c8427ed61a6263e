import type { DatabaseSync } from 'node:sqlite'
import type { HouseState } from './house-state.ts'

export const selectHouseState = `SELECT kind, id, revision, changed_at AS changedAt, content FROM house_state
  WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY kind, id`

export function sqliteHouseState(database: DatabaseSync) {
  const select = database.prepare(selectHouseState)
  const insert = database.prepare(
    `INSERT INTO house_state (kind, id, revision, changed_at, content) VALUES (?1, ?2, 1, ?3, ?4)
      ON CONFLICT DO NOTHING`,
  )
  const update = database.prepare(
    `UPDATE house_state SET revision = revision + 1, changed_at = ?3, content = ?4
      WHERE kind = ?1 AND id = ?2 AND revision = coalesce(?5, revision)`,
  )
  const remove = database.prepare(
    'DELETE FROM house_state WHERE kind = ?1 AND id = ?2 AND revision = coalesce(?3, revision)',
  )

  return {
    readHouseState: (now: number, kinds: readonly string[]) => ({
      at: now,
      rows: select.all(JSON.stringify(kinds)) as unknown as HouseState[],
    }),
    putHouseState(
      now: number,
      { kind, id, content }: Pick<HouseState, 'kind' | 'id'> & { readonly content: string | null },
      seen: number | undefined,
    ): boolean {
      if (content === null) return remove.run(kind, id, seen ?? null).changes === 1
      if (seen !== 0 && update.run(kind, id, now, content, seen ?? null).changes === 1) return true
      return (seen ?? 0) === 0 && insert.run(kind, id, now, content).changes === 1
    },
  }
}
