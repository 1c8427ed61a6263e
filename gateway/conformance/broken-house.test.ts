/** What the gateway promises whatever an adapter does, is checked as well: a house that did otherwise would be caught. */
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { readFixtures } from './fixtures.ts'
import { checkProtocolFault, protocolFaultsOf } from './protocol-faults.ts'
import { checkTokenFault, tokenFaults } from './token-faults.ts'
import {
  orderFixtures,
  tokenFixtures,
  toyAdapter,
  toyFixtures,
  toyWithOrder,
  toyWithToken,
} from './toy-adapter.ts'
import { checkTransportFault, transportFaults } from './transport-faults.ts'

const toy = toyAdapter()
const found = readFixtures(toy, toyFixtures).exchanges[0]!

afterAll(() => nock.restore())

describe('on the way', () => {
  beforeAll(() => nock.restore())
  const reset = transportFaults.find(({ name }) => name === 'a reset before the answer')!

  it.each([
    ['another outcome', { outcome: 'UPSTREAM_UNREADABLE' }, 'the problem'],
    ['an outcome told dishonestly', { sent: 'no' }, 'the problem'],
    ['no outcome', { outcome: 'answer' }, 'the answer'],
  ] as const)('%s', async (_, promise, caught) => {
    await expect(checkTransportFault(toy, found, { ...reset, ...promise })).rejects.toThrow(caught)
  })

  it('a question sent twice that may be sent once only', async () => {
    const family = readFixtures(toy, toyFixtures).exchanges.find(({ name }) => name === 'a family')!
    let calls = 0
    const twice: Adapter = {
      ...toy,
      operations(operation, submit) {
        calls += 1 // the kit looks first, and takes it for an order
        return toy.operations(operation, submit).map(({ capability, specification }) => ({
          capability,
          specification: { ...specification, repeatable: calls > 1 },
        }))
      },
    }
    await expect(checkTransportFault(twice, family, reset)).rejects.toThrow('the problem')
  })

  it('an order sent twice', async () => {
    const twice = toyWithOrder({}, {}, {}, operation => ({
      ...operation,
      specification: { ...operation.specification, repeatable: true },
    }))
    const [order] = readFixtures(twice, orderFixtures).exchanges
    await checkTransportFault(toyWithOrder(), order!, reset)
    await expect(checkTransportFault(twice, order!, reset)).rejects.toThrow('the problem')
  })
})

describe('in the answer', () => {
  beforeAll(() => nock.activate())
  const busy = protocolFaultsOf(toy, found).find(({ name }) => name.endsWith('429, retry-after'))!

  it.each([
    ['another outcome', { outcome: ['UPSTREAM_UNAVAILABLE'] }, 'the problem'],
    ['no outcome', { outcome: 'answer' }, 'the answer'],
    ['other advice', { retryAfter: 8 }, 'when to ask again'],
  ] as const)('%s', async (_, promise, caught) => {
    await expect(checkProtocolFault(toy, found, { ...busy, ...promise })).rejects.toThrow(caught)
  })

  it('a token fetched again and again', async () => {
    const adapter = toyWithToken()
    const [asked] = readFixtures(adapter, tokenFixtures).exchanges
    const fault = { ...tokenFaults[0]!, tokenRequests: 1 }
    await expect(checkTokenFault(adapter, asked!, fault)).rejects.toThrow('requests for a token')
  })
})
