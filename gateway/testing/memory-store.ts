import { genesis, nextRow } from '#gateway/ledger/chain.ts'
import type { Case, LedgerRow, Store } from '#gateway/store/store.ts'

/** A store that forgets everything at the end of a test. */
export function createMemoryStore(ledgerKey: Buffer): Store {
  const cases = new Map<string, Case>()
  const rows: LedgerRow[] = []
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
    async close() {},
  }
}
