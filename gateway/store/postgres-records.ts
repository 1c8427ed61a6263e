import { groupCommit } from './group-commit.ts'
import type { Connections } from './postgres-connections.ts'
import { nextArrival } from './postgres-notices.ts'
import type { Case, Store, Version } from './store.ts'

const caseColumns = `id, opened_by AS "openedBy", members, opened_at AS "openedAt", expires_at AS "expiresAt"`

/** Who takes waits for who took before, and then reads what that left. */
const takeUsed = `UPDATE quotas SET used = quotas.used + greatest(0, least($4::bigint, $3::bigint - before.used))
  FROM (SELECT used FROM quotas WHERE key = $1 AND day = $2 FOR UPDATE) AS before
  WHERE key = $1 AND day = $2
  RETURNING quotas.used - before.used AS taken`

type Records = Pick<
  Store,
  | 'openCase'
  | 'findCase'
  | 'takeQuota'
  | 'returnQuota'
  | 'raiseQuota'
  | 'readQuota'
  | 'keepVersion'
  | 'readVersions'
  | 'keepCheck'
  | 'close'
>

/** Cases, quotas, versions and checks: a row or two at a time, found by key. */
export function postgresRecords({ query }: Connections, keeping: Connections): Records {
  /** Every question about a person looks for its case: those that come together are found together. */
  const { call, close } = groupCommit<string>(async ids => {
    const { rows } = await query<Case>(`SELECT ${caseColumns} FROM cases WHERE id = ANY ($1)`, [ids])
    const found = new Map(rows.map(visit => [visit.id, visit]))
    return ids.map(id => found.get(id))
  })

  return {
    async openCase({ id, openedBy, members, openedAt, expiresAt }) {
      await query(
        'INSERT INTO cases (id, opened_by, members, opened_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
        [id, openedBy, members, openedAt, expiresAt],
      )
    },
    findCase: id => call(id) as Promise<Case | undefined>, // what the commit above answers

    async takeQuota({ key, day }, limit, wanted) {
      await query('INSERT INTO quotas (key, day, used) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING', [key, day])
      const { rows } = await query<{ taken: number }>(takeUsed, [key, day, limit, wanted])
      return rows[0]!.taken
    },
    async returnQuota({ key, day }, count) {
      const update = 'UPDATE quotas SET used = greatest(0, used - $3) WHERE key = $1 AND day = $2'
      await query(update, [key, day, count])
    },
    async raiseQuota({ key, day }, used) {
      await query(
        `INSERT INTO quotas AS known (key, day, used) VALUES ($1, $2, $3)
          ON CONFLICT (key, day) DO UPDATE SET used = greatest(known.used, excluded.used)`,
        [key, day, used],
      )
    },
    async readQuota({ key, day }) {
      const select = 'SELECT used FROM quotas WHERE key = $1 AND day = $2'
      return (await query<{ used: number }>(select, [key, day])).rows[0]?.used ?? 0
    },

    keepVersion: ({ kind, id, digest, content, since }) =>
      keeping.transaction(async query => {
        await query('BEGIN')
        const [arrival] = (await query<{ last: number }>(nextArrival('versions'))).rows
        const { count } = await query(
          `INSERT INTO versions (sequence, kind, id, digest, content, since) SELECT $1, $2, $3, $4, $5, $6
            WHERE $4 IS DISTINCT FROM
              (SELECT digest FROM versions WHERE kind = $2 AND id = $3 ORDER BY sequence DESC LIMIT 1)`,
          [arrival!.last, kind, id, digest, content, since],
        )
        return count === 1
      }),
    async readVersions(kind, id) {
      const select = `SELECT kind, id, digest, content, since FROM versions WHERE kind = $1 AND id = $2 ORDER BY sequence`
      return (await query<Version>(select, [kind, id])).rows
    },

    async keepCheck(name, value) {
      await query('INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [name, value])
      const { rows } = await query<{ value: string }>('SELECT value FROM meta WHERE name = $1', [name])
      return rows[0]!.value
    },
    close,
  }
}
