import type { LedgerRow, LedgerSearch, Store } from '#gateway/store/store.ts'
import { storeUnavailable } from './evidence.ts'

const pageRows = 500

/** Rows that fit, one by one; no more than a page of them is held. */
export async function* rowsOf(
  store: Pick<Store, 'findLedger'>,
  search: LedgerSearch,
  after = 0,
): AsyncGenerator<LedgerRow> {
  let last = after
  for (;;) {
    const rows = await store.findLedger(search, last, pageRows).catch(storeUnavailable)
    yield* rows
    if (rows.length < pageRows) return
    last = rows.at(-1)!.sequence
  }
}
