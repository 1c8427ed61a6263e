import type { DatabaseSync } from 'node:sqlite'
import type { Version } from './store.ts'

/** `members` is a JSON array. */
export interface CaseRow {
  readonly id: string
  readonly openedBy: string
  readonly members: string
  readonly openedAt: number
  readonly expiresAt: number
}

/** Cases, quotas, versions and checks: a row or two at a time, found by key. */
export function sqliteRecords(database: DatabaseSync) {
  const insertCase = database.prepare(
    'INSERT INTO cases (id, opened_by, members, opened_at, expires_at) VALUES (?, ?, ?, ?, ?)',
  )
  const selectCase = database.prepare(
    'SELECT id, opened_by AS openedBy, members, opened_at AS openedAt, expires_at AS expiresAt FROM cases WHERE id = ?',
  )
  const selectUsed = database.prepare('SELECT used FROM quotas WHERE key = ? AND day = ?')
  const addUsed = database.prepare(
    `INSERT INTO quotas (key, day, used) VALUES (?1, ?2, max(0, ?3))
      ON CONFLICT (key, day) DO UPDATE SET used = max(0, used + ?3)`,
  )
  const raiseUsed = database.prepare(
    `INSERT INTO quotas (key, day, used) VALUES (?, ?, ?)
      ON CONFLICT (key, day) DO UPDATE SET used = max(used, excluded.used)`,
  )
  const insertVersion = database.prepare(
    `INSERT INTO versions (kind, id, digest, content, since) SELECT ?1, ?2, ?3, ?4, ?5
      WHERE ?3 IS NOT (SELECT digest FROM versions WHERE kind = ?1 AND id = ?2 ORDER BY sequence DESC LIMIT 1)`,
  )
  const selectVersions = database.prepare(
    'SELECT kind, id, digest, content, since FROM versions WHERE kind = ? AND id = ? ORDER BY sequence',
  )
  const insertCheck = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const selectCheck = database.prepare('SELECT value FROM meta WHERE name = ?')

  const readQuota = (key: string, day: string): number => Number(selectUsed.get(key, day)?.['used'] ?? 0)

  return {
    openCase(id: string, openedBy: string, members: string, openedAt: number, expiresAt: number): void {
      insertCase.run(id, openedBy, members, openedAt, expiresAt)
    },
    findCase: (id: string) => selectCase.get(id) as CaseRow | undefined,
    takeQuota(key: string, day: string, limit: number, wanted: number): number {
      const taken = Math.max(0, Math.min(wanted, limit - readQuota(key, day)))
      if (taken > 0) addUsed.run(key, day, taken)
      return taken
    },
    returnQuota(key: string, day: string, count: number): void {
      addUsed.run(key, day, -count)
    },
    raiseQuota(key: string, day: string, used: number): void {
      raiseUsed.run(key, day, used)
    },
    readQuota,
    keepVersion: (kind: string, id: string, digest: string, content: string, since: number) =>
      insertVersion.run(kind, id, digest, content, since).changes === 1,
    readVersions: (kind: string, id: string) => selectVersions.all(kind, id) as unknown as Version[],
    keepCheck(name: string, value: string): string {
      insertCheck.run(name, value)
      return String(selectCheck.get(name)!['value'])
    },
  }
}
