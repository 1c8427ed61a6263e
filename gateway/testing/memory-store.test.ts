import { describeNotices } from '#gateway/store/store-suite.ts'
import { createMemoryStore } from './memory-store.ts'

describeNotices('memory', async () => {
  const store = createMemoryStore(Buffer.alloc(32, 'test'))
  return async () => store
})
