import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Adapter, contractVersion, policy } from '#contracts/adapter.ts'
import { operationsOf } from '#gateway/upstream/upstream.ts'
import { checkExchange } from './check-exchange.ts'
import { readFixtures } from './fixtures.ts'

/**
 * The whole test of an ordinary adapter: it plays every exchange of its fixtures through the real pipeline.
 * `fixtures` is the content of `fixtures.json`; `fixtures.ts` says what stands in it.
 */
export function describeAdapter(adapter: Adapter, fixtures: unknown): void {
  const exchanges = readFixtures(adapter, fixtures)

  describe(`adapter ${adapter.id}`, () => {
    beforeAll(() => nock.disableNetConnect())
    afterAll(() => nock.restore())

    describe('shape', () => {
      it('stands in a folder of its own name, with its four files', () => {
        const folder = dirname(expect.getState().testPath!)
        expect(basename(folder)).toBe(adapter.id)
        const files = ['adapter.ts', 'adapter.test.ts', 'fixtures.json', 'README.md']
        expect(files.filter(file => !existsSync(join(folder, file)))).toEqual([])
      })

      it('is written for this version of the contract, with a policy that is one', () => {
        expect(adapter.contract).toBe(contractVersion)
        expect(policy.safeParse(adapter.policy).error).toBeUndefined()
      })

      it('refuses a setting that it does not know', () => {
        const { config } = fixtures as { config: object }
        expect(adapter.config.safeParse({ ...config, 'no-such-setting': true }).success).toBe(false)
      })

      it.each(operationsOf(adapter).map(({ capability }) => capability.id))('shows %s succeed', id => {
        expect(
          exchanges.filter(({ capability, expect: { data } }) => capability.id === id && data),
        ).not.toEqual([])
      })
    })

    describe('exchanges', () => {
      it.each(exchanges)('$capability.id: $name', exchange => checkExchange(adapter, exchange))
    })
  })
}
