import nock from 'nock'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { failed } from '#contracts/adapter.ts'
import { readFixtures } from './fixtures.ts'
import { checkProtocolFault, protocolFaults } from './protocol-faults.ts'
import { toyAdapter, toyFixtures } from './toy-adapter.ts'

const found = readFixtures(toyAdapter(), toyFixtures)[0]!
const { data } = toyFixtures.exchanges[0]!.expect as { data: { nik: string; fullName: string } }
const faultNamed = (name: string) => protocolFaults.find(fault => fault.name === name)!
const anything = z.any()

afterAll(() => nock.restore())

describe('a protocol fault', () => {
  it.each(protocolFaults)('is survived by a sound adapter: $name', async fault => {
    await checkProtocolFault(toyAdapter(), found, fault)
  })

  it.each([
    ['any shape taken for an answer', toyAdapter({ reply: anything, read: () => data }), 'the problem'],
    [
      'another shape told as a "no"',
      toyAdapter({ reply: anything, read: () => failed('NOT_FOUND') }),
      'the problem',
    ],
    [
      'another shape told to the counter',
      toyAdapter({
        reply: anything,
        read: answer => failed('UPSTREAM_INVALID', undefined, `odd: ${JSON.stringify(answer)}`),
      }),
      'personal values in the answer',
    ],
  ])('is caught: %s', async (_, adapter, caught) => {
    const check = checkProtocolFault(adapter, found, faultNamed('an array around the answer'))
    await expect(check).rejects.toThrow(caught)
  })

  it.each([
    ['another outcome', { outcome: 'UPSTREAM_UNAVAILABLE' }, 'the problem'],
    ['no outcome', { outcome: 'answer' }, 'the answer'],
    ['other advice', { retryAfter: 8 }, 'when to ask again'],
  ] as const)('is caught: %s than the house promises', async (_, promise, caught) => {
    const fault = { ...faultNamed('a good answer with HTTP 429, retry-after'), ...promise }
    await expect(checkProtocolFault(toyAdapter(), found, fault)).rejects.toThrow(caught)
  })
})
