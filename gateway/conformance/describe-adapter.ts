import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Adapter, contractVersion, policy } from '#contracts/adapter.ts'
import { operationsOf } from '#gateway/upstream/upstream.ts'
import { checkExchange } from './check-exchange.ts'
import { checkContractFault, contractFaults } from './contract-faults.ts'
import { readFixtures } from './fixtures.ts'
import { checkProtocolFault, protocolFaults } from './protocol-faults.ts'
import { checkTransportFault, transportFaults } from './transport-faults.ts'

/**
 * The whole test of an ordinary adapter: it plays every exchange of its fixtures through the real pipeline, and then makes
 * its own trouble out of the first success of each operation.
 * `fixtures` is the content of `fixtures.json`; `fixtures.ts` says what stands in it.
 */
export function describeAdapter(adapter: Adapter, fixtures: unknown): void {
  const exchanges = readFixtures(adapter, fixtures)
  const operations = operationsOf(adapter).map(({ capability }) => capability.id)
  const successes = operations.flatMap(
    id => exchanges.find(({ capability, expect: { data } }) => capability.id === id && data) ?? [],
  )

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

      it.each(operations)('shows %s succeed', id => {
        expect(successes.map(({ capability }) => capability.id)).toContain(id)
      })
    })

    describe('exchanges', () => {
      it.each(exchanges)('$capability.id: $name', async exchange => {
        await checkExchange(adapter, exchange)
      })
    })

    describe.each(successes)('$capability.id survives', exchange => {
      it.each(protocolFaults)('$name: $outcome', fault => checkProtocolFault(adapter, exchange, fault))
      it.each(contractFaults)('$name', fault => checkContractFault(adapter, exchange, fault))

      describe('on the way', () => {
        beforeAll(() => nock.restore())
        afterAll(() => nock.activate())
        it.concurrent.each(transportFaults)('$name: $outcome', fault =>
          checkTransportFault(adapter, exchange, fault),
        )
      })
    })
  })
}
