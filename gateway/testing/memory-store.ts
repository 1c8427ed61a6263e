import { genesis, nextRow } from '#gateway/ledger/chain.ts'
import type { Case, LedgerRow, NoticeRow, Store } from '#gateway/store/store.ts'

/** A store that forgets everything at the end of a test. */
export function createMemoryStore(ledgerKey: Buffer): Store {
  const cases = new Map<string, Case>()
  const rows: LedgerRow[] = []
  const notices: NoticeRow[] = []
  return {
    async openCase(visit) {
      cases.set(visit.id, visit)
    },
    async findCase(id) {
      return cases.get(id)
    },
    async appendLedger({ id, at, content }) {
      rows.push(nextRow(ledgerKey, rows.at(-1) ?? genesis, id, at, JSON.stringify(content)))
    },
    async readLedger(after, limit) {
      return rows.slice(after, after + limit)
    },
    async keepNotice(notice) {
      const { upstream, fingerprint } = notice
      if (notices.some(kept => kept.upstream === upstream && kept.fingerprint === fingerprint)) return false
      notices.push({ ...notice, sequence: notices.length + 1 })
      return true
    },
    async readNotices(kinds, after, limit) {
      return notices
        .filter(
          ({ sequence, ...row }) =>
            sequence > after &&
            kinds.some(({ upstream, notice }) => row.upstream === upstream && row.notice === notice),
        )
        .slice(0, limit)
    },
    async close() {},
  }
}
