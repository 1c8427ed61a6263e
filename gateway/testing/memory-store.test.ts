import { describeStore } from '#gateway/store/store-suite.ts'
import { describeSubmissions } from '#gateway/store/submission-suite.ts'
import { testLedgerKey } from '#gateway/store/test-entry.ts'
import { createClock } from './clock.ts'
import { createMemoryStore } from './memory-store.ts'

describeStore('memory', async () => {
  const store = createMemoryStore(testLedgerKey)
  return async () => store
})

describeSubmissions('memory', async () => {
  const clock = createClock()
  const store = createMemoryStore(testLedgerKey, clock.now)
  return { open: async () => store, passTime: async ms => clock.leap(ms) }
})
