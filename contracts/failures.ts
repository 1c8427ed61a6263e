/**
 * The closed set of what can go wrong with a question, one line each.
 * Read by the HTTP answer, the retry loop, the breaker, routing, shared data, health and the published catalogue (`/errors`).
 */
import type { Text } from './text.ts'

interface Failure {
  /** HTTP status of the problem document. */
  readonly status: number
  /** Another attempt may help; the gateway makes one only for a repeatable operation. */
  readonly retry: boolean
  /** What the circuit breaker makes of it: counts it as a fault, takes it as a sign of life, or holds the upstream at once. */
  readonly circuit: 'counts' | 'ignores' | 'holds'
  /** The agency could not be asked or gave no usable answer: another source or a stale entry may stand in. */
  readonly standIn: boolean
  readonly title: Text
}

export const failures = {
  // The caller must change something; nothing was sent.
  BODY_MALFORMED: caller(400, 'Isi permintaan bukan JSON', 'The body is not JSON'),
  UNAUTHENTICATED: caller(401, 'Kunci API tidak ada atau tidak dikenal', 'API key missing or unknown'),
  NOT_GRANTED: caller(403, 'Tidak diizinkan oleh perjanjian', 'Not granted by an agreement'),
  ROUTE_UNKNOWN: caller(404, 'Alamat tidak dikenal', 'Unknown route'),
  METHOD_NOT_ALLOWED: caller(405, 'Metode HTTP tidak berlaku di sini', 'Method not allowed'),
  BODY_TOO_LARGE: caller(413, 'Isi permintaan terlalu besar', 'The body is too large'),
  INPUT_INVALID: caller(422, 'Masukan tidak sah', 'Invalid input'),
  CONTEXT_MISSING: caller(422, 'Konteks permintaan tidak lengkap', 'Request context missing'),
  CASE_INVALID: caller(422, 'Kunjungan tidak dikenal', 'Unknown case'),

  // The agency answered: a business "no" is an answer, not a fault.
  NOT_FOUND: answer(404, 'Data tidak ditemukan', 'Not found'),
  SUBJECT_DECEASED: answer(409, 'Tercatat meninggal dunia', 'Recorded as deceased'),
  SUBJECT_DUPLICATE: answer(409, 'Tercatat ganda', 'Recorded more than once'),
  SUBJECT_INACTIVE: answer(409, 'Status kependudukan tidak aktif', 'Record is inactive'),
  REJECTED: answer(422, 'Ditolak oleh instansi', 'Refused by the agency'),

  // The agency could not be asked, or its answer cannot be used.
  UPSTREAM_QUOTA_SPENT: fault(
    429,
    false,
    'ignores',
    'Kuota harian instansi habis',
    "The agency's daily quota is spent",
  ),
  UPSTREAM_BUSY: fault(503, true, 'ignores', 'Instansi sedang sibuk', 'The agency is busy'),
  CIRCUIT_OPEN: fault(
    503,
    false,
    'ignores',
    'Sambungan ke instansi diputus sementara',
    'The circuit to the agency is open',
  ),
  HELD: fault(503, false, 'ignores', 'Sambungan ke instansi ditahan', 'The agency is held'),
  BULKHEAD_FULL: fault(
    503,
    false,
    'ignores',
    'Antrean ke instansi penuh',
    'Too many questions to the agency at once',
  ),
  UPSTREAM_MISCONFIGURED: fault(
    503,
    false,
    'holds',
    'Instansi sedang tidak dapat ditanya',
    'The agency cannot be asked now',
  ),
  UPSTREAM_UNAVAILABLE: fault(
    502,
    true,
    'counts',
    'Instansi tidak dapat dihubungi',
    'The agency cannot be reached',
  ),
  UPSTREAM_UNREADABLE: fault(
    502,
    false,
    'counts',
    'Jawaban instansi tidak terbaca',
    "The agency's answer is unreadable",
  ),
  UPSTREAM_INVALID: fault(
    502,
    false,
    'ignores',
    'Jawaban instansi menyimpang dari kontrak',
    "The agency's answer breaks the contract",
  ),
  UPSTREAM_TIMEOUT: fault(
    504,
    true,
    'counts',
    'Instansi tidak menjawab tepat waktu',
    'The agency did not answer in time',
  ),

  // The gateway itself cannot go on.
  STORE_UNAVAILABLE: caller(503, 'Bukti akses tidak dapat disimpan', 'Evidence cannot be kept'),
  INTERNAL_ERROR: caller(500, 'Kesalahan pada gerbang', 'Fault in the gateway'),
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof failures

/** What an adapter may answer: business answers and faults of its agency, never the gateway's own refusals. */
export type AgencyFailureCode =
  | 'NOT_FOUND'
  | 'SUBJECT_DECEASED'
  | 'SUBJECT_DUPLICATE'
  | 'SUBJECT_INACTIVE'
  | 'REJECTED'
  | Extract<FailureCode, `UPSTREAM_${string}`>

/** Did the request leave the building? `maybe`: it was begun and no answer came, so the agency may have acted. */
export type Sent = 'no' | 'maybe' | 'yes'

function caller(status: number, id: string, en: string): Failure {
  return { status, retry: false, circuit: 'ignores', standIn: false, title: { id, en } }
}

function answer(status: number, id: string, en: string): Failure {
  return { status, retry: false, circuit: 'ignores', standIn: false, title: { id, en } }
}

function fault(status: number, retry: boolean, circuit: Failure['circuit'], id: string, en: string): Failure {
  return { status, retry, circuit, standIn: true, title: { id, en } }
}
