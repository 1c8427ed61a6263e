import type { DataOf } from '#gateway/client/client.ts'
import type { Values } from './fields.ts'

/** What the reporter need not be asked again: seen for this very service, in the words of the form. */
export function prefill(data: DataOf<'resident.lookup'>): Values {
  const { nik, fullName, birthPlace, birthDate, sex, religion, occupation, address } = data
  const codes = [sex, religion, occupation].map(coded =>
    coded && coded.code !== 'unknown' ? coded.code : '',
  )
  const known = {
    '/reporter/nik': nik,
    '/reporter/fullName': fullName,
    '/reporter/birthPlace': birthPlace,
    '/reporter/birthDate': birthDate,
    '/reporter/sex': codes[0],
    '/reporter/religion': codes[1],
    '/reporter/occupation': codes[2],
    '/reporter/address/street': address?.street,
    '/reporter/address/regency': address?.regency?.name,
    '/reporter/address/province': address?.province?.name,
  }
  return Object.fromEntries(Object.entries(known).map(([pointer, value]) => [pointer, value ?? '']))
}
