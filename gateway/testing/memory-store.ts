import { genesis, nextRow } from '#gateway/ledger/chain.ts'
import { keyIdOf } from '#gateway/sealing.ts'
import {
  type Case,
  type Erasure,
  type LedgerRow,
  type NoticeRow,
  type QuotaDay,
  type Store,
  StoreRefused,
  type Version,
} from '#gateway/store/store.ts'
import { createMemoryHouseState } from './memory-house-state.ts'
import { createMemorySubmissions } from './memory-submissions.ts'

/** A store that forgets everything at the end of a test. */
export function createMemoryStore(ledgerKey: Buffer, now: () => number = Date.now): Store {
  const cases = new Map<string, Case>()
  const rows: LedgerRow[] = []
  /** A destroyed one is in it still, without its bytes. */
  const notices: (Omit<NoticeRow, 'sealed'> & { readonly sealed: Uint8Array | null })[] = []
  const quotas = new Map<string, number>()
  const versions: Version[] = []
  const checks = new Map<string, string>()
  const erasures: Erasure[] = []

  const sealedNotices = () => notices.filter((row): row is NoticeRow => row.sealed !== null)

  function destroy(destroyed: readonly NoticeRow[]): number {
    for (const row of destroyed) notices[row.sequence - 1] = { ...row, subjects: [], sealed: null }
    return destroyed.length
  }

  return {
    async openCase(visit) {
      if (cases.has(visit.id)) throw new StoreRefused('this case is open already')
      cases.set(visit.id, visit)
    },
    async findCase(id) {
      return cases.get(id)
    },
    async appendLedger({ id, at, content }) {
      if (!Number.isSafeInteger(at) || rows.some(row => row.id === id))
        throw new StoreRefused('this entry does not fit')
      rows.push(nextRow(ledgerKey, rows.at(-1) ?? genesis, id, at, JSON.stringify(content)))
    },
    async readLedgerHead() {
      return rows.at(-1)
    },
    async readLedger(after, limit) {
      return rows.slice(after, after + limit)
    },
    async findLedger({ subject, from = -Infinity, until = Infinity }, after, limit) {
      return rows
        .slice(after)
        .filter(row => row.at >= from && row.at < until)
        .filter(row => subject === undefined || subjectsOf(row).includes(subject))
        .slice(0, limit)
    },
    async destroyLedgerContent(kinds, before, limit) {
      const destroyed = rows
        .filter(row => row.at < before && kinds.includes(String(contentOf(row)['kind'])))
        .toSorted((one, other) => one.at - other.at)
        .slice(0, limit)
      for (const row of destroyed) rows[row.sequence - 1] = { ...row, content: null }
      return destroyed.length
    },

    async keepNotice(notice) {
      const { upstream, fingerprint } = notice
      if (notices.some(kept => kept.upstream === upstream && kept.fingerprint === fingerprint)) return false
      notices.push({ ...notice, sequence: notices.length + 1 })
      return true
    },
    async readNotices(kinds, after, limit) {
      return sealedNotices()
        .filter(
          ({ sequence, ...row }) =>
            sequence > after &&
            kinds.some(({ upstream, notice }) => row.upstream === upstream && row.notice === notice),
        )
        .slice(0, limit)
    },
    async eraseNotices(subject) {
      return destroy(sealedNotices().filter(({ subjects }) => subjects.includes(subject)))
    },
    async keepErasure(subject) {
      erasures.push({ sequence: erasures.length + 1, subject })
    },
    async readErasures(after, limit) {
      return erasures.slice(after, after + limit)
    },
    async destroyNotices(before, limit) {
      return destroy(
        sealedNotices()
          .filter(({ receivedAt }) => receivedAt < before)
          .toSorted((one, other) => one.receivedAt - other.receivedAt)
          .slice(0, limit),
      )
    },
    async readSealed(after, limit) {
      return sealedNotices()
        .filter(({ sequence }) => sequence > after)
        .slice(0, limit)
        .map(({ sequence, id, upstream, notice, sealed }) => ({ sequence, id, upstream, notice, sealed }))
    },
    async sealedKeyIds() {
      return [...new Set(sealedNotices().map(({ sealed }) => keyIdOf(sealed)))]
    },
    async reseal({ sequence, sealed: before }, sealed) {
      const row = notices[sequence - 1]
      if (!row?.sealed || Buffer.compare(row.sealed, before) !== 0) return false
      notices[sequence - 1] = { ...row, sealed }
      return true
    },

    async takeQuota(quota, limit, wanted) {
      const used = quotas.get(keyOf(quota)) ?? 0
      const taken = Math.max(0, Math.min(wanted, limit - used))
      quotas.set(keyOf(quota), used + taken)
      return taken
    },
    async returnQuota(quota, count) {
      quotas.set(keyOf(quota), Math.max(0, (quotas.get(keyOf(quota)) ?? 0) - count))
    },
    async raiseQuota(quota, used) {
      quotas.set(keyOf(quota), Math.max(used, quotas.get(keyOf(quota)) ?? 0))
    },
    async readQuota(quota) {
      return quotas.get(keyOf(quota)) ?? 0
    },

    async keepVersion(version) {
      const inForce = versions.findLast(({ kind, id }) => kind === version.kind && id === version.id)
      if (inForce?.digest === version.digest) return false
      versions.push(version)
      return true
    },
    async readVersions(kind, id) {
      return versions.filter(version => version.kind === kind && version.id === id)
    },

    async keepCheck(name, value) {
      return checks.getOrInsert(name, value)
    },

    ...createMemoryHouseState(now),
    ...createMemorySubmissions(now),
    async close() {},
  }
}

const keyOf = ({ key, day }: QuotaDay): string => `${day} ${key}`

const contentOf = ({ content }: LedgerRow): Readonly<Record<string, unknown>> =>
  content === null ? {} : (JSON.parse(content) as Record<string, unknown>)

function subjectsOf(row: LedgerRow): readonly unknown[] {
  const { subjects } = contentOf(row)
  return Array.isArray(subjects) ? subjects : []
}
