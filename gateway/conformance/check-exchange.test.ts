import nock from 'nock'
import { afterAll, describe, expect, it } from 'vitest'
import { failed } from '#contracts/adapter.ts'
import { checkExchange } from './check-exchange.ts'
import { readFixtures } from './fixtures.ts'
import { toyAdapter, toyFixtures } from './toy-adapter.ts'

const [found, notFound] = toyFixtures.exchanges as [object, object]

const check = (adapter: ReturnType<typeof toyAdapter>, exchange: object, changes: object = {}) =>
  checkExchange(
    adapter,
    readFixtures(adapter, { ...toyFixtures, exchanges: [{ ...exchange, ...changes }] })[0]!,
  )

afterAll(() => nock.restore())

describe('an exchange', () => {
  it('passes where the adapter does what its fixture says', async () => {
    await check(toyAdapter(), found)
    await check(toyAdapter(), notFound)
  })

  it.each([
    ['another path', toyAdapter({ path: () => '/persons' }), found, 'what the agency got'],
    [
      'a "no" read as data',
      toyAdapter({ read: (_, nik) => ({ nik, fullName: 'NONE' }) }),
      notFound,
      'the problem',
    ],
    ['data read as a "no"', toyAdapter({ read: () => failed('NOT_FOUND') }), found, 'the answer'],
    ['another "no"', toyAdapter({ read: () => failed('REJECTED', 'NONE') }), notFound, 'the problem'],
    ['a code swallowed', toyAdapter({ read: () => failed('NOT_FOUND') }), notFound, "the agency's own code"],
    [
      'a value changed',
      toyAdapter({ read: (_, nik) => ({ nik, fullName: 'X', religion: { code: 'unknown', text: '' } }) }),
      found,
      'the data',
    ],
    [
      'a text guessed',
      toyAdapter({
        read: ({ name = '' }, nik) => ({
          nik,
          fullName: name,
          religion: { code: 'islam', text: 'ALIRAN CONTOH' },
        }),
      }),
      found,
      'the answer',
    ],
    ['a crash', toyAdapter({ read: () => JSON.parse('') as never }), found, 'the answer'],
  ])('is caught: %s', async (_, adapter, exchange, caught) => {
    await expect(check(adapter, exchange)).rejects.toThrow(caught)
  })

  it('is caught: credentials in the path, even where the fixture has them there', async () => {
    const adapter = toyAdapter({ path: (_, password) => `/people?password=${password}` })
    const request = {
      method: 'POST',
      path: '/people?password=kata-sandi-contoh',
      body: { nik: '9999011501900001', password: 'kata-sandi-contoh' },
    }
    await expect(check(adapter, found, { request })).rejects.toThrow('credentials in the path')
  })

  it('is caught: credentials or a person in the code that goes to log and evidence', async () => {
    const upstreamCode = 'wrong: kata-sandi-contoh'
    const tellsPassword = toyAdapter({ read: (_, __, password) => failed('NOT_FOUND', `wrong: ${password}`) })
    await expect(
      check(tellsPassword, notFound, { expect: { failure: 'NOT_FOUND', upstreamCode } }),
    ).rejects.toThrow('credentials in the log')

    const tellsPerson = toyAdapter({ read: (_, nik) => failed('NOT_FOUND', `no ${nik}`) })
    await expect(
      check(tellsPerson, notFound, { expect: { failure: 'NOT_FOUND', upstreamCode: 'no 9999011501900001' } }),
    ).rejects.toThrow('personal values in the log')
  })

  it('keeps integers beyond 2^53 exact, both ways', async () => {
    const response = { status: 200, body: { code: '9999011501900001n' } }
    await expect(check(toyAdapter(), found, { response })).rejects.toThrow('the answer') // a number, where text is due
    const text = '{"code":"NONE","note":"\\"9999011501900001n\\""}'
    await check(toyAdapter(), notFound, { response: { status: 200, text } })
  })
})
