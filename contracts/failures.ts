/**
 * The closed set of what can go wrong with a question, one line each.
 * Read by the HTTP answer, the retry loop, the breaker, routing, shared data, health and the published catalogue (`/errors`).
 */
import type { Text } from './text.ts'

/**
 * `refused`: the caller must change something, nothing was sent. `answered`: the agency said no, which is an answer.
 * `unanswered`: the agency could not be asked, or gave nothing usable; another source or a stale entry may stand in.
 * `broken`: the gateway itself cannot go on.
 */
type Meaning = 'refused' | 'answered' | 'unanswered' | 'broken'

interface Failure<Means extends Meaning = Meaning> {
  /** HTTP status of the problem document. */
  readonly status: number
  readonly meaning: Means
  /** Another attempt may help; the gateway makes one only for a repeatable operation. */
  readonly retry: boolean
  /** What the circuit breaker makes of it: counts it as a fault, takes it as a sign of life, or holds the upstream at once. */
  readonly circuit: 'counts' | 'ignores' | 'holds'
  readonly title: Text
}

// oxfmt-ignore
export const failures = {
  // The caller must change something; nothing was sent.
  REQUEST_MALFORMED:      failure(400, 'refused',    '-',     'ignores', 'Permintaan bukan HTTP yang sah', 'The request is not valid HTTP'),
  BODY_MALFORMED:         failure(400, 'refused',    '-',     'ignores', 'Isi permintaan bukan JSON', 'The body is not JSON'),
  IDEMPOTENCY_KEY_MISSING: failure(400, 'refused',   '-',     'ignores', 'Idempotency-Key tidak ada atau tidak sah', 'Idempotency-Key missing or malformed'),
  IDEMPOTENCY_KEY_REUSED:  failure(422, 'refused',   '-',     'ignores', 'Idempotency-Key sudah dipakai untuk permohonan lain', 'Idempotency-Key was used for another order'),
  UNAUTHENTICATED:        failure(401, 'refused',    '-',     'ignores', 'Kunci API atau token tidak ada atau tidak dikenal', 'API key or token missing or unknown'),
  NOT_GRANTED:            failure(403, 'refused',    '-',     'ignores', 'Tidak diizinkan', 'Not granted'),
  ROUTE_UNKNOWN:          failure(404, 'refused',    '-',     'ignores', 'Alamat tidak dikenal', 'Unknown route'),
  METHOD_NOT_ALLOWED:     failure(405, 'refused',    '-',     'ignores', 'Metode HTTP tidak berlaku di sini', 'Method not allowed'),
  REQUEST_TIMEOUT:        failure(408, 'refused',    '-',     'ignores', 'Permintaan dikirim terlalu lambat', 'The request was sent too slowly'),
  BODY_TOO_LARGE:         failure(413, 'refused',    '-',     'ignores', 'Isi permintaan terlalu besar', 'The body is too large'),
  QUOTA_SPENT:            failure(429, 'refused',    '-',     'ignores', 'Kuota harian perjanjian habis', "The agreement's daily quota is spent"),
  INPUT_INVALID:          failure(422, 'refused',    '-',     'ignores', 'Masukan tidak sah', 'Invalid input'),
  CONTEXT_MISSING:        failure(422, 'refused',    '-',     'ignores', 'Konteks permintaan tidak lengkap', 'Request context missing'),
  CASE_INVALID:           failure(422, 'refused',    '-',     'ignores', 'Kunjungan tidak dikenal', 'Unknown case'),
  RATE_LIMITED:           failure(429, 'refused',    '-',     'ignores', 'Terlalu banyak permintaan', 'Too many requests'),
  HEADERS_TOO_LARGE:      failure(431, 'refused',    '-',     'ignores', 'Kepala permintaan terlalu besar', 'The headers are too large'),
  AGREEMENTS_INVALID:     failure(422, 'refused',    '-',     'ignores', 'Berkas perjanjian tidak sah', 'An agreement file is invalid'),

  SUBMISSION_UNDER_WAY:   failure(409, 'refused',    '-',     'ignores', 'Keadaan permohonan tidak mengizinkan ini', "The order's state does not allow this"),

  // The agency answered: a business "no" is an answer, not a fault.
  NOT_FOUND:              failure(404, 'answered',   '-',     'ignores', 'Data tidak ditemukan', 'Not found'),
  SUBJECT_DECEASED:       failure(409, 'answered',   '-',     'ignores', 'Tercatat meninggal dunia', 'Recorded as deceased'),
  SUBJECT_DUPLICATE:      failure(409, 'answered',   '-',     'ignores', 'Tercatat ganda', 'Recorded more than once'),
  SUBJECT_INACTIVE:       failure(409, 'answered',   '-',     'ignores', 'Status kependudukan tidak aktif', 'Record is inactive'),
  REJECTED:               failure(422, 'answered',   '-',     'ignores', 'Ditolak oleh instansi', 'Refused by the agency'),

  // The agency could not be asked, or its answer cannot be used.
  UPSTREAM_QUOTA_SPENT:   failure(429, 'unanswered', '-',     'ignores', 'Kuota harian instansi habis', 'The daily quota is spent'),
  UPSTREAM_BUSY:          failure(503, 'unanswered', 'retry', 'ignores', 'Instansi sedang sibuk', 'The agency is busy'),
  CIRCUIT_OPEN:           failure(503, 'unanswered', '-',     'ignores', 'Sambungan ke instansi diputus sementara', 'The circuit is open'),
  MAINTENANCE:            failure(503, 'unanswered', '-',     'ignores', 'Instansi sedang dalam pemeliharaan', 'The agency is under maintenance'),
  HELD:                   failure(503, 'unanswered', '-',     'ignores', 'Sambungan ke instansi ditahan', 'The agency is held'),
  BULKHEAD_FULL:          failure(503, 'unanswered', '-',     'ignores', 'Antrean ke instansi penuh', 'Too many questions at once'),
  UPSTREAM_MISCONFIGURED: failure(503, 'unanswered', '-',     'holds',   'Instansi sedang tidak dapat ditanya', 'The agency cannot be asked now'),
  UPSTREAM_UNAVAILABLE:   failure(502, 'unanswered', 'retry', 'counts',  'Instansi tidak dapat dihubungi', 'The agency cannot be reached'),
  UPSTREAM_UNREADABLE:    failure(502, 'unanswered', '-',     'counts',  'Jawaban instansi tidak terbaca', 'The answer is unreadable'),
  UPSTREAM_INVALID:       failure(502, 'unanswered', '-',     'ignores', 'Jawaban instansi menyimpang dari kontrak', 'The answer breaks the contract'),
  UPSTREAM_TIMEOUT:       failure(504, 'unanswered', 'retry', 'counts',  'Instansi tidak menjawab tepat waktu', 'The agency did not answer in time'),

  // The gateway itself cannot go on.
  STORE_UNAVAILABLE:      failure(503, 'broken',     '-',     'ignores', 'Bukti akses tidak dapat disimpan', 'Evidence cannot be kept'),
  IDENTITY_UNAVAILABLE:   failure(503, 'broken',     '-',     'ignores', 'Token sedang tidak dapat diperiksa', 'Tokens cannot be checked now'),
  INTERNAL_ERROR:         failure(500, 'broken',     '-',     'ignores', 'Kesalahan pada gerbang', 'Fault in the gateway'),
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof failures

type CodeThatMeans<Means extends Meaning> = {
  [Code in FailureCode]: (typeof failures)[Code]['meaning'] extends Means ? Code : never
}[FailureCode]

/** What an adapter may answer: its agency's "no" and its agency's faults, never the gateway's own refusals. */
export type AgencyFailureCode =
  | CodeThatMeans<'answered'>
  | Extract<CodeThatMeans<'unanswered'>, `UPSTREAM_${string}`>

/** Whoever is not checked by the compiler may name anything. */
export const isAgencyFailureCode = (code: string): code is AgencyFailureCode =>
  Object.hasOwn(failures, code) &&
  (failures[code as FailureCode].meaning === 'answered' || code.startsWith('UPSTREAM_'))

/** Did the request leave the building? `maybe`: it was begun and no answer came, so the agency may have acted. */
export type Sent = 'no' | 'maybe' | 'yes'

function failure<Means extends Meaning>(
  status: number,
  meaning: Means,
  retry: 'retry' | '-',
  circuit: Failure['circuit'],
  id: string,
  en: string,
): Failure<Means> {
  return { status, meaning, retry: retry === 'retry', circuit, title: { id, en } }
}
