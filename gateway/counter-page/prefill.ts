import type { DataOf } from '#gateway/client/client.ts'
import type { Values } from './fields.ts'

/**
 * What the reporter need not be asked again: seen for this very service, in the words of the form. What else is written there
 * stays, but for what was written of another person.
 */
export function prefill(written: Values, data: DataOf<'resident.lookup'>): Values {
  const { nik, fullName, birthPlace, birthDate, sex, religion, occupation, address } = data
  const codeOf = (coded: typeof sex | typeof religion | typeof occupation): string =>
    coded && coded.code !== 'unknown' ? coded.code : ''
  const known = {
    '/reporter/nik': nik,
    '/reporter/fullName': fullName,
    '/reporter/birthPlace': birthPlace,
    '/reporter/birthDate': birthDate,
    '/reporter/sex': codeOf(sex),
    '/reporter/religion': codeOf(religion),
    '/reporter/occupation': codeOf(occupation),
    '/reporter/address/street': address?.street,
    '/reporter/address/regency': address?.regency?.name,
    '/reporter/address/province': address?.province?.name,
  }
  const isSame = written['/reporter/nik'] === nik
  const kept = Object.entries(written).filter(([pointer]) => isSame || !pointer.startsWith('/reporter/'))
  const told = Object.entries(known).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return { ...Object.fromEntries(kept), ...Object.fromEntries(told) }
}
