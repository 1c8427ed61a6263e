import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contracts,adapters,gateway,mocks}/**/*.test.ts'],
    exclude: ['gateway/e2e/package/*/*'], // projects that the packed package is installed in
    // Tests wait more than they work: also with two cores, two files run at once.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Generous: a slow machine may take its time, and a test that hangs is still told.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
    setupFiles: 'gateway/testing/note-problems.ts',
    globalSetup: 'gateway/testing/check-problems.ts',
  },
})
