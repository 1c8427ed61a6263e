import nock from 'nock'
import { beforeAll, describe, expect, it } from 'vitest'
import { readFixtures } from './fixtures.ts'
import { toyAdapter, toyFixtures } from './toy-adapter.ts'
import { checkTransportFault, transportFaults } from './transport-faults.ts'

const found = readFixtures(toyAdapter(), toyFixtures)[0]!
const reset = transportFaults.find(({ name }) => name === 'a reset before the answer')!

beforeAll(() => nock.restore())

describe('a transport fault', () => {
  it.concurrent.each(transportFaults)('is survived: $name', async fault => {
    await checkTransportFault(toyAdapter(), found, fault)
  })

  it('is met once where an operation is not repeatable', async () => {
    await checkTransportFault(toyAdapter({ repeatable: false }), found, reset)
  })

  it.each([
    ['another outcome', { outcome: 'UPSTREAM_UNREADABLE' }, 'the problem'],
    ['an outcome told dishonestly', { sent: 'no' }, 'the problem'],
    ['no outcome', { outcome: 'answer' }, 'the answer'],
  ] as const)('is caught: %s', async (_, promise, caught) => {
    await expect(checkTransportFault(toyAdapter(), found, { ...reset, ...promise })).rejects.toThrow(caught)
  })
})
