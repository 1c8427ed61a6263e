/** Where a call comes from, seen through the proxies that are trusted. */
import { BlockList, isIP } from 'node:net'

export interface AddressList {
  /** Is it in the list? What is no address is in none. */
  has(address: string): boolean
}

/**
 * Addresses (`10.0.0.5`, `2001:db8::5`) and ranges (`10.0.0.0/8`). An IPv4 address written as IPv6 (`::ffff:10.0.0.5`) is the
 * same address.
 * @throws for an entry that is neither.
 */
export function addressList(entries: readonly string[]): AddressList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits, ...more] = entry.split('/')
    if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) throw new TypeError('no range')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return { has: address => isIP(address) !== 0 && list.check(address, familyOf(address)) }
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/**
 * The caller's address: the socket's or, where that is a trusted proxy's, the one that the proxy names, and so on leftwards
 * through `X-Forwarded-For`. What stands left of the first untrusted hop is hearsay: anyone can write it.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  trustedProxies: AddressList,
): string {
  const named = (forwardedFor ?? '').split(',').map(hop => hop.trim())
  const hops = [...named.filter(Boolean), socketAddress]
  return hops.findLast(hop => !trustedProxies.has(hop)) ?? hops[0]!
}
