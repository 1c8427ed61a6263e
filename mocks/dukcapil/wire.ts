/**
 * Dukcapil's JSON as it goes over the wire: records under its own keys, inside a serialised Spring `Page`.
 */

/** The keys seen in the wild, in the order in which we write them. */
export const recordKeys = [
  'NIK',
  'NO_KK',
  'NAMA_LGKP',
  'TMPT_LHR',
  'TGL_LHR',
  'JENIS_KLMIN',
  'AGAMA',
  'GOL_DARAH',
  'STATUS_KAWIN',
  'STAT_HBKEL',
  'PDDK_AKH',
  'JENIS_PKRJN',
  'NIK_IBU',
  'NAMA_LGKP_IBU',
  'NIK_AYAH',
  'NAMA_LGKP_AYAH',
  'ALAMAT',
  'NO_RT',
  'NO_RW',
  'DUSUN',
  'KODE_POS',
  'NO_PROP',
  'PROP_NAME',
  'NO_KAB',
  'KAB_NAME',
  'NO_KEC',
  'KEC_NAME',
  'NO_KEL',
  'KEL_NAME',
  'NO_AKTA_LHR',
  'TGL_KWN',
  'NO_AKTA_KWN',
  'TGL_CRAI',
  'NO_AKTA_CRAI',
  'PNYDNG_CCT',
  'EKTP_STATUS',
  'EKTP_CREATED',
  'EKTP_LOCAL_ID',
  'FOTO',
] as const

export type RecordKey = (typeof recordKeys)[number]
/** A bigint is written as an exact JSON integer: no number of JavaScript ever holds a NIK. */
type WireValue = string | number | bigint | null
/** A key that is absent or `undefined` is not written at all. */
export type WireRecord = Partial<Record<RecordKey, WireValue | undefined>>
/** One element of `content`: a record, verdicts, or what went wrong. */
export type Row = Record<string, WireValue | undefined>

/** `content` in its Spring `Page`. `quotaLeft` is told by newer services only. */
export function writePage(rows: readonly Row[], quotaLeft?: number): string {
  const count = rows.length
  const quota = quotaLeft === undefined ? '' : `,"quotaLimiter":${quotaLeft}`
  return (
    `{"content":[${rows.map(writeRow).join(',')}],"lastPage":true,"numberOfElements":${count},"sort":null,` +
    `"totalElements":${count},"firstPage":true,"number":0,"size":${count}${quota}}`
  )
}

function writeRow(row: Row): string {
  let text = ''
  for (const key in row) {
    const value = row[key]
    if (value === undefined) continue
    text += `${text && ','}"${key}":${typeof value === 'bigint' ? value : JSON.stringify(value)}`
  }
  return `{${text}}`
}

/** A request's body with NIK and NO_KK as exact strings, even if they were sent as numbers; `null` if not an object. */
export function readFields(body: string): Record<string, unknown> | null {
  try {
    // A quote inside a JSON string is always escaped, so this can match at a key only.
    const value: unknown = JSON.parse(body.replace(/"(NIK|NO_KK)"\s*:\s*(\d+)/gi, '"$1":"$2"'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
