import type { FailureCode } from './codes.ts'
import { textOf } from './institutions.ts'
import { plain, similarity } from './similarity.ts'
import type { RecordKey, Row, WireRecord } from './wire.ts'

type Kind = 'fuzzy' | 'text' | 'integer' | 'date'

/** What can be sent for verification, and how it is compared. All but `fuzzy` are exact. */
const elements: Partial<Record<RecordKey, Kind>> = {
  NIK: 'text',
  NO_KK: 'text',
  NAMA_LGKP: 'fuzzy',
  TMPT_LHR: 'fuzzy',
  TGL_LHR: 'date',
  JENIS_KLMIN: 'text',
  STATUS_KAWIN: 'text',
  JENIS_PKRJN: 'text',
  NAMA_LGKP_IBU: 'fuzzy',
  ALAMAT: 'fuzzy',
  NO_RT: 'integer',
  NO_RW: 'integer',
  NO_PROP: 'integer',
  PROP_NAME: 'text',
  NO_KAB: 'integer',
  KAB_NAME: 'text',
  NO_KEC: 'integer',
  KEC_NAME: 'text',
  NO_KEL: 'integer',
  KEL_NAME: 'text',
}

const toVerify = Object.entries(elements) as [RecordKey, Kind][]

/** What is wrong with the question itself, before anybody is looked up. */
export function checkQuestion(fields: Record<string, unknown>): FailureCode | null {
  const threshold = textOf(fields['TRESHOLD'])
  if (!/^\d{1,3}$/.test(threshold) || Number(threshold) < 1 || Number(threshold) > 100) return '07'
  const birthDate = fields['TGL_LHR']
  if (birthDate !== undefined && !/^\d\d-\d\d-\d{4}$/.test(textOf(birthDate))) return '07'
  return null
}

/** A verdict for every element sent, none of the record's values. */
export function verdicts(fields: Record<string, unknown>, record: WireRecord): Row {
  const threshold = Number(textOf(fields['TRESHOLD']))
  const row: Row = {}
  for (const [key, kind] of toVerify) {
    const sent = key === 'NIK' ? (fields['NIK'] ?? fields['nik']) : fields[key]
    if (sent === undefined) continue
    const [ours, theirs] = [String(record[key] ?? ''), textOf(sent)]
    if (kind === 'fuzzy') {
      const score = similarity(ours, theirs)
      row[key] = `${score >= threshold ? 'Sesuai' : 'Tidak Sesuai'} (${score})`
    } else {
      row[key] =
        ours !== '' && comparable(ours, kind) === comparable(theirs, kind) ? 'Sesuai' : 'Tidak Sesuai'
    }
  }
  return row
}

function comparable(value: string, kind: Kind): string {
  if (kind === 'integer') return String(Number(value))
  if (kind === 'date') return dayFirst(value)
  return plain(value)
}

/** Any of the three date formats as DD-MM-YYYY. */
function dayFirst(date: string): string {
  return date.replaceAll('.', '-').replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3-$2-$1')
}
