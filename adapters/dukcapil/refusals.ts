/** The registry's ways of saying no: a code on newer services, a text on all of them, both with HTTP 200. */
import { z } from 'zod'
import { type Failed, failed } from '#contracts/adapter.ts'
import { normaliseText } from '#contracts/code-list.ts'
import type { AgencyFailureCode } from '#contracts/failures.ts'

/** Code, text and meaning. Older services send the text alone; some texts differ from those that go with the code. */
const refusals: readonly (readonly [code: string | undefined, text: string, meaning: AgencyFailureCode])[] = [
  ['03', 'Login gagal', 'UPSTREAM_MISCONFIGURED'],
  ['04', 'IP tidak sesuai', 'UPSTREAM_MISCONFIGURED'],
  ['04', 'IP Address tidak sesuai', 'UPSTREAM_MISCONFIGURED'],
  ['04', 'IP Client tidak terdaftar', 'UPSTREAM_MISCONFIGURED'],
  ['05', 'Kuota akses hari ini telah habis', 'UPSTREAM_QUOTA_SPENT'],
  ['06', 'Waktu akses salah', 'UPSTREAM_MISCONFIGURED'], // outside the hours that the agreement allows
  ['07', 'Parameter tidak lengkap / tidak valid', 'REJECTED'],
  ['08', 'NIK tidak dapat diproses', 'REJECTED'],
  ['09', 'User, password dan IP tidak boleh kosong', 'UPSTREAM_MISCONFIGURED'],
  ['10', 'IP invalid', 'UPSTREAM_MISCONFIGURED'],
  ['11', 'Data Ditemukan, Meninggal Dunia', 'SUBJECT_DECEASED'],
  ['12', 'Data Ditemukan, Data Ganda', 'SUBJECT_DUPLICATE'],
  ['13', 'Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan', 'NOT_FOUND'],
  [undefined, 'Data Tidak Ditemukan', 'NOT_FOUND'],
  ['14', 'Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil', 'SUBJECT_INACTIVE'],
  ['15', 'Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil', 'REJECTED'],
  ['16', 'Instansi tidak aktif', 'UPSTREAM_MISCONFIGURED'],
  ['17', 'User ID tidak aktif', 'UPSTREAM_MISCONFIGURED'],
  ['5000', 'Sistem Sibuk', 'UPSTREAM_BUSY'], // assumed: only the face service is known to say so
]
const successCodes = ['00', '01']

const byCode = new Map(refusals.map(([code, , meaning]) => [code, { code, meaning }] as const))
const byText = new Map(
  refusals.map(([code, text, meaning]) => [normaliseText(text), { code, meaning }] as const),
)

/** The keys of a row that may carry a refusal. */
export const refusalKeys = {
  RESPONSE_CODE: z.union([z.string(), z.int()]).nullish(),
  RESPON: z.string().nullish(),
  RESPONSE: z.string().nullish(),
}
type Row = z.output<z.ZodObject<typeof refusalKeys>>

/** What the row refuses, or undefined when it holds data. An unlisted code or text is never taken for data. */
export function readRefusal(row: Row): Failed | undefined {
  const number = String(row.RESPONSE_CODE ?? '').trim()
  const code = number && number.padStart(2, '0') // some services write 3 for 03
  const text = normaliseText(row.RESPON || row.RESPONSE || '')
  if (successCodes.includes(code) || (!code && !text)) return undefined
  const known = byCode.get(code) ?? byText.get(text)
  if (known) return failed(known.meaning, known.code)
  return failed('UPSTREAM_INVALID', /^\d{1,4}$/.test(code) ? `unlisted ${code}` : 'unlisted')
}
