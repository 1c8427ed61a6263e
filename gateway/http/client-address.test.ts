import { describe, expect, it } from 'vitest'
import { addressList, clientAddress } from './client-address.ts'

describe('an address list', () => {
  const list = addressList(['10.0.0.0/8', '192.0.2.5', '2001:db8::/32', '2001:db9::5'])

  it.each(['10.1.2.3', '192.0.2.5', '2001:db8:1::1', '2001:db9::5', '::ffff:10.1.2.3', '::ffff:a01:203'])(
    'has %s',
    address => expect(list.has(address)).toBe(true),
  )

  it.each([
    '11.1.2.3',
    '192.0.2.6',
    '2001:db9::6',
    '::ffff:11.1.2.3',
    '10.1.2',
    '10.1.2.3:80',
    '',
    'unknown',
  ])('has not %s', address => expect(list.has(address)).toBe(false))

  it.each([
    '',
    '10.0.0',
    'agency.example',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '2001:db8::/129',
  ])('is not made of %s', entry => expect(() => addressList([entry])).toThrow())

  it('that is empty has nobody', () => expect(addressList([]).has('127.0.0.1')).toBe(false))
})

describe("the caller's address", () => {
  const none = addressList([])
  const proxies = addressList(['10.0.0.0/24', '2001:db8::1'])

  it.each([
    ['the socket, where nothing is forwarded', '192.0.2.1', undefined, proxies, '192.0.2.1'],
    ['the socket, where no proxy is trusted', '10.0.0.1', '192.0.2.1', none, '10.0.0.1'],
    ['the socket, where somebody else claims to forward', '192.0.2.66', '192.0.2.1', proxies, '192.0.2.66'],
    ['whom the trusted proxy names', '10.0.0.1', '192.0.2.1', proxies, '192.0.2.1'],
    [
      'whom it names, not whom the caller named before',
      '10.0.0.1',
      '192.0.2.1, 192.0.2.66',
      proxies,
      '192.0.2.66',
    ],
    [
      'a trusted address named by an untrusted hop is hearsay',
      '10.0.0.1',
      '10.0.0.9, 192.0.2.66',
      proxies,
      '192.0.2.66',
    ],
    [
      'whom the first of several proxies names',
      '10.0.0.1',
      '192.0.2.1,10.0.0.3 , 2001:db8::1',
      proxies,
      '192.0.2.1',
    ],
    ['the outermost, where every hop is trusted', '10.0.0.1', '10.0.0.3, 10.0.0.2', proxies, '10.0.0.3'],
    ['behind a proxy on a socket of both families', '::ffff:10.0.0.1', '2001:db9::7', proxies, '2001:db9::7'],
    ['the proxy itself, where it names nobody', '10.0.0.1', ' , ', proxies, '10.0.0.1'],
    ['what is no address stays one', '10.0.0.1', '192.0.2.1, unknown', proxies, 'unknown'],
  ])('%s', (_, socket, forwardedFor, trusted, expected) => {
    expect(clientAddress(socket, forwardedFor, trusted)).toBe(expected)
  })
})
