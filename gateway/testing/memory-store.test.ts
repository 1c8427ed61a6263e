import { describeStore } from '#gateway/store/store-suite.ts'
import { testLedgerKey } from '#gateway/store/test-entry.ts'
import { createMemoryStore } from './memory-store.ts'

describeStore('memory', async () => {
  const store = createMemoryStore(testLedgerKey)
  return async () => store
})
