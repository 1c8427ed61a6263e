/**
 * The stand-in population registry. Its wire format is Dukcapil's: POST with credentials in the body, HTTP 200
 * whatever happens, records and refusals alike inside a Spring page.
 */
import type { StandIn } from '../stand-in.ts'
import { serve, type Answer, type Serving } from '../serve.ts'
import { failureRow, type FailureCode, type Style } from './codes.ts'
import {
  credentials,
  findInstitution,
  institutions,
  refuse,
  textOf,
  type Institution,
} from './institutions.ts'
import { readCardNumber, readNik } from './nik.ts'
import { createQuotas } from './quotas.ts'
import { findByCard, findByNik, type Resident } from './register.ts'
import { checkQuestion, verdicts } from './verify.ts'
import { readFields, recordKeys, writePage, type Row, type WireRecord } from './wire.ts'

export { credentials, inactiveUser } from './institutions.ts'

export interface DukcapilOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** How answers are worded where the institution does not say; default `classic`. */
  style?: Style
  /** Calls a day where the institution does not say; default 4,000,000. */
  quota?: number
  /** Weather from the start, e.g. `slow=2000`. */
  weather?: string | undefined
}

/** `calls` counts `lookup`, `verify` and `family`. */
export interface Dukcapil extends Serving {
  resetQuota(): void
}

type MethodName = 'lookup' | 'verify' | 'family'

/** By the method segment of the path, in any case. The family's is assumed: no public source names it. */
const methodNames = new Map<string, MethodName>([
  ['call_nik', 'lookup'],
  ['get_nik', 'lookup'],
  ['bynik', 'lookup'],
  ['call_verify_by_elemen', 'verify'],
  ['koneksitas_verifby_elemen', 'verify'],
  ['call_kk', 'family'],
])

/** Weather words of this agency, and the code each one answers. */
const troubles = new Map<string, FailureCode>([
  ['wrong-password', '03'],
  ['ip', '04'],
  ['quota-gone', '05'],
  ['wrong-time', '06'],
  ['busy', '5000'],
])

const allButPhoto = recordKeys.filter(key => key !== 'FOTO')

export async function startDukcapil(options: DukcapilOptions = {}): Promise<Dukcapil> {
  const { style: usualStyle = 'classic', quota: usualQuota = 4_000_000 } = options
  const quotas = createQuotas()

  function route(path: string) {
    // Regional services have the region before the institution: /99/… or /99-01/…
    const [, segment = '', methodSegment = ''] =
      /\/dukcapil\/get_json\/(?:\d\d(?:-\d\d)?\/)?([^/]+)\/([^/]+)$/i.exec(path) ?? []
    const name = methodNames.get(methodSegment.toLowerCase())
    if (!name) return
    const institution = findInstitution(segment)
    return { name, answer: (body: string, trouble?: string) => answer(name, institution, body, trouble) }
  }

  function answer(
    name: MethodName,
    institution: Institution | undefined,
    body: string,
    trouble?: string,
  ): Answer {
    const style = institution?.style ?? usualStyle
    const fields = readFields(body)
    if (!fields) return { status: 400, body: '{"status":400,"error":"Bad Request"}' }

    const refused = (trouble && troubles.get(trouble)) || refuse(institution, fields)
    if (refused || !institution) return { body: writePage([failureRow(refused || '03', style, name)]) }

    const left = quotas.take(institution.name, institution.quota ?? usualQuota)
    const told = institution.tellsQuota === false ? undefined : (left ?? 0)
    const found = left === null ? '05' : ask(name, fields, institution)
    if (typeof found === 'string') return { body: writePage([failureRow(found, style, name)], told) }
    return { body: writePage(style === 'coded' ? found.map(row => successRow(row, name)) : found, told) }
  }

  const serving = await serve({
    port: options.port,
    weather: options.weather,
    troubles: [...troubles.keys()],
    route,
  })
  return { ...serving, resetQuota: () => quotas.reset() }
}

export default {
  defaultPort: 9101,
  start: startDukcapil,
  hints: url => [
    `  POST ${url}/dukcapil/get_json/${credentials.institution}/CALL_NIK (CALL_VERIFY_BY_ELEMEN, CALL_KK)`,
    `  user_id ${credentials.user_id}, password ${credentials.password}, ip_user ${credentials.ip}`,
    `  institutions: ${institutions.map(({ name }) => name).join(', ')}`,
    '  people: 9999011501900001 WARGA CONTOH SATU (family card 9999010101200001),',
    '    9999010202450021 deceased, 9999010101909999 not found; any other NIK of province 99 is somebody',
    `  weather: curl -d '{"weather":"slow=2000","forMs":60000}' ${url}/mock/weather`,
  ],
} satisfies StandIn

function ask(
  name: MethodName,
  fields: Record<string, unknown>,
  institution: Institution,
): Row[] | FailureCode {
  if (name === 'family') {
    const card = textOf(fields['NO_KK'] ?? fields['no_kk'])
    if (!card) return '07'
    if (!readCardNumber(card)) return '15'
    const members = findByCard(card)
    return members.length === 0 ? '13' : members.map(({ record }) => grantedPart(record, institution))
  }
  const nik = textOf(fields['nik'] ?? fields['NIK'])
  const wrong = nik === '' ? '07' : name === 'verify' && checkQuestion(fields)
  if (wrong) return wrong
  if (!readNik(nik)) return '15'
  const resident: Resident | null = findByNik(nik)
  if (!resident) return '13'
  if (resident.code) return resident.code
  return [name === 'verify' ? verdicts(fields, resident.record) : grantedPart(resident.record, institution)]
}

/** Elements that are not granted are missing, not null. */
function grantedPart(record: WireRecord, { granted = allButPhoto }: Institution): Row {
  const row: Row = {}
  for (const key of granted) row[key] = record[key]
  return row
}

/** Which of the two success codes goes with which method is not public; both occur. */
function successRow(row: Row, name: MethodName): Row {
  return { ...row, RESPONSE_CODE: name === 'verify' ? '01' : '00', RESPONSE: 'Data Ditemukan' }
}
