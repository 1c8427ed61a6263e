import { isIP } from 'node:net'
import type { FailureCode, Style } from './codes.ts'
import type { RecordKey } from './wire.ts'

/** What a gateway puts into its configuration to be let in. Any institution below accepts them. */
export const credentials = {
  institution: 'DISKOMINFO',
  user_id: '010126000CONTOH',
  password: 'sandi-contoh',
  ip: '10.0.0.5',
} as const

/** A user id that exists and is switched off. */
export const inactiveUser = '010126099NONAKTIF'

/** An agreement (PKS) as the agency sees it. */
export interface Institution {
  name: string
  /** Newer deployments have this in the path instead of the name. */
  customerId?: string
  /** Overrides the server's own. */
  style?: Style
  /** Calls a day; overrides the server's own. */
  quota?: number
  /** `false` leaves `quotaLimiter` out, as older services do. */
  tellsQuota?: boolean
  /** `false` answers 16. */
  active?: boolean
  /** The keys that the agreement grants; all but FOTO when absent. */
  granted?: readonly RecordKey[]
  /** What it is there to show. */
  shows: string
}

export const institutions: readonly Institution[] = [
  { name: 'DISKOMINFO', customerId: '999900000000001', shows: 'the usual one, all elements but the photo' },
  {
    name: 'DINKES',
    customerId: '999900000000002',
    style: 'coded',
    shows: 'newer answers: RESPONSE_CODE and RESPONSE',
  },
  {
    name: 'diskominfo_99',
    style: 'classic',
    tellsQuota: false,
    shows: 'an older regional service: under 99/ or 99-01/, no quotaLimiter',
  },
  {
    name: 'DPMPTSP',
    granted: ['NIK', 'NAMA_LGKP', 'ALAMAT', 'NO_RT', 'NO_RW', 'NO_PROP', 'PROP_NAME', 'NO_KAB', 'KAB_NAME'],
    shows: 'few elements granted: the others are missing, not null',
  },
  {
    name: 'IMIGRASI',
    granted: ['NIK', 'NO_KK', 'NAMA_LGKP', 'TGL_LHR', 'JENIS_KLMIN', 'FOTO'],
    shows: 'has the photo',
  },
  { name: 'KUOTA_KECIL', quota: 3, shows: 'the quota of the day is gone after three calls' },
  { name: 'INSTANSI_NONAKTIF', active: false, shows: 'institution switched off: 16' },
]

const byPath = new Map(
  institutions.flatMap(institution =>
    [institution.name.toLowerCase(), institution.customerId].flatMap(key =>
      key ? [[key, institution] as const] : [],
    ),
  ),
)

/** By the path segment: the name in any case, or the customer id. */
export function findInstitution(segment: string): Institution | undefined {
  return byPath.get(segment.toLowerCase())
}

/** What keeps this caller out; `null` lets it in. */
export function refuse(
  institution: Institution | undefined,
  fields: Record<string, unknown>,
): FailureCode | null {
  const user = textOf(fields['user_id'] ?? fields['USER_ID'])
  const password = textOf(fields['password'] ?? fields['PASSWORD'])
  const ip = textOf(fields['ip_user'] ?? fields['IP_USER'] ?? fields['ip_users'] ?? fields['ip_address'])
  if (!user || !password || !ip) return '09'
  if (isIP(ip) === 0) return '10'
  if (!institution) return '03'
  if (institution.active === false) return '16'
  if (user === inactiveUser) return '17'
  if (user !== credentials.user_id || password !== credentials.password) return '03'
  if (ip !== credentials.ip) return '04'
  return null
}

/** A field as text; '' when it is absent or no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
