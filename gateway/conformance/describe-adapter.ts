import { dirname } from 'node:path'
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { type CheckGroup, checksOf } from './checks.ts'

/**
 * The whole test of an ordinary adapter: it plays every exchange of its fixtures through the real pipeline, and then makes
 * its own trouble out of the first success of each operation. The test that calls it stands in the adapter's folder.
 * `fixtures` is the content of `fixtures.json`; `fixtures.ts` says what stands in it.
 */
export function describeAdapter(adapter: Adapter, fixtures: unknown): void {
  const folder = dirname(expect.getState().testPath!)
  describe(`adapter ${adapter.id}`, () => describeChecks(checksOf(adapter, fixtures, folder)))
}

export function describeChecks(groups: readonly CheckGroup[]): void {
  beforeAll(() => nock.disableNetConnect())
  afterAll(() => nock.restore())
  for (const { name, checks, bySockets } of groups)
    describe(name, () => {
      beforeAll(() => {
        nock.restore()
        if (!bySockets) nock.activate()
      })
      for (const { name, run, leftOut } of checks)
        (bySockets ? it.concurrent : it)(name, async ({ skip }) => {
          // What is left out is shown as skipped, with the reason beside it.
          if (leftOut !== undefined) skip(leftOut)
          await run()
        })
    })
}
