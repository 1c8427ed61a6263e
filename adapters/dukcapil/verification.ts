/** Verification by element: what is sent, and the verdicts that come back. */
import { z } from 'zod'
import { type Failed, failed } from '#contracts/adapter.ts'
import { maritalStatus, occupation, sex } from '#contracts/population-codes.ts'
import type { residentMatch } from '#contracts/resident.ts'
import { refusalKeys } from './refusals.ts'

type Input = z.output<(typeof residentMatch)['input']>
type Verdicts = z.input<(typeof residentMatch)['output']>
type Verdict = NonNullable<Verdicts['fullName']>
type DateFormat = 'DD-MM-YYYY' | 'DD.MM.YYYY' | 'YYYY-MM-DD'

/** The registry compares a region part by part: which digits of the whole code are a level's own, and its keys. */
const regions = [
  { level: 'province', digits: [0, 2], codeKey: 'NO_PROP', nameKey: 'PROP_NAME' },
  { level: 'regency', digits: [2, 4], codeKey: 'NO_KAB', nameKey: 'KAB_NAME' },
  { level: 'district', digits: [4, 6], codeKey: 'NO_KEC', nameKey: 'KEC_NAME' },
  { level: 'village', digits: [6, 10], codeKey: 'NO_KEL', nameKey: 'KEL_NAME' },
] as const

/** The code of the lowest level that has one; it holds those of the levels above. */
const lowestCode = ({ village, district, regency, province }: NonNullable<Input['address']>): string =>
  village?.code ?? district?.code ?? regency?.code ?? province?.code ?? ''

/** The elements to compare under the registry's keys; what was not asked for is not sent. */
export function wireElements(input: Input, dateFormat: DateFormat): Record<string, string> {
  const address = input.address ?? {}
  const [year = '', month = '', day = ''] = input.birthDate?.split('-') ?? []
  const elements: Record<string, string | undefined> = {
    NO_KK: input.familyCardNumber,
    NAMA_LGKP: input.fullName?.toUpperCase(),
    TMPT_LHR: input.birthPlace?.toUpperCase(),
    TGL_LHR: input.birthDate && dateFormat.replace('YYYY', year).replace('MM', month).replace('DD', day),
    JENIS_KLMIN: input.sex && sex.codes[input.sex].id,
    STATUS_KAWIN: input.maritalStatus && maritalStatus.write(input.maritalStatus),
    JENIS_PKRJN: input.occupation && occupation.write(input.occupation),
    NAMA_LGKP_IBU: input.motherName?.toUpperCase(),
    ALAMAT: address.street?.toUpperCase(),
    NO_RT: address.neighbourhood && unpadded(address.neighbourhood),
    NO_RW: address.communityUnit && unpadded(address.communityUnit),
  }
  for (const { level, digits, codeKey, nameKey } of regions) {
    const part = lowestCode(address).slice(...digits)
    elements[codeKey] = part && unpadded(part)
    elements[nameKey] = address[level]?.name?.toUpperCase()
  }
  return Object.fromEntries(
    Object.entries(elements).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}

const unpadded = (digits: string): string => String(Number(digits))

const text = z.string().nullish()

const verdictKeys = z.object({
  NIK: text,
  NO_KK: text,
  NAMA_LGKP: text,
  TMPT_LHR: text,
  TGL_LHR: text,
  JENIS_KLMIN: text,
  STATUS_KAWIN: text,
  JENIS_PKRJN: text,
  NAMA_LGKP_IBU: text,
  ALAMAT: text,
  NO_RT: text,
  NO_RW: text,
  NO_PROP: text,
  PROP_NAME: text,
  NO_KAB: text,
  KAB_NAME: text,
  NO_KEC: text,
  KEC_NAME: text,
  NO_KEL: text,
  KEL_NAME: text,
})
type Key = keyof z.output<typeof verdictKeys>

/** A row of verdicts: `Sesuai`, `Tidak Sesuai`, and with a similarity for fuzzy texts: `Sesuai (93)`. */
export const verdictRow = verdictKeys.extend(refusalKeys)

function readVerdict(wire: string): Verdict | undefined {
  const found = /^(tidak )?sesuai(?: ?\((\d{1,3})\))?$/i.exec(wire.trim().replace(/\s+/g, ' '))
  if (!found) return undefined
  const [, negation, similarity] = found
  return { verdict: negation ? 'mismatch' : 'match', ...(similarity && { similarity: Number(similarity) }) }
}

export function readVerdicts(row: z.output<typeof verdictRow>, { address = {} }: Input): Verdicts | Failed {
  const verdicts = new Map<Key, Verdict>()
  for (const key of verdictKeys.keyof().options) {
    const wire = row[key]
    if (typeof wire !== 'string') continue
    const verdict = readVerdict(wire)
    if (!verdict) return failed('UPSTREAM_INVALID', undefined, `${key} is neither yes nor no`)
    verdicts.set(key, verdict)
  }
  if (verdicts.size === 0) return failed('UPSTREAM_INVALID', undefined, 'no verdict')

  /** Matches when each of the keys does; absent when the registry did not compare them all. */
  const verdictOf = (...keys: Key[]): Verdict | undefined => {
    const found = keys.map(key => verdicts.get(key))
    return (
      found.find(one => one?.verdict === 'mismatch') ?? (found.includes(undefined) ? undefined : found[0])
    )
  }
  /** A code matches with the codes of all levels above: village 1004 is in many districts. */
  const regionVerdict = (index: number): Verdict | undefined => {
    const { level, nameKey } = regions[index]!
    const { code, name } = address[level] ?? {}
    const codeKeys = code ? regions.slice(0, index + 1).map(({ codeKey }) => codeKey) : []
    return verdictOf(...codeKeys, ...(name ? [nameKey] : []))
  }
  return {
    nik: verdictOf('NIK'),
    familyCardNumber: verdictOf('NO_KK'),
    fullName: verdictOf('NAMA_LGKP'),
    birthPlace: verdictOf('TMPT_LHR'),
    birthDate: verdictOf('TGL_LHR'),
    sex: verdictOf('JENIS_KLMIN'),
    maritalStatus: verdictOf('STATUS_KAWIN'),
    occupation: verdictOf('JENIS_PKRJN'),
    motherName: verdictOf('NAMA_LGKP_IBU'),
    address: {
      street: verdictOf('ALAMAT'),
      neighbourhood: verdictOf('NO_RT'),
      communityUnit: verdictOf('NO_RW'),
      province: regionVerdict(0),
      regency: regionVerdict(1),
      district: regionVerdict(2),
      village: regionVerdict(3),
    },
  }
}
