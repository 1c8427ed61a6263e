/** What every method answers, however it is wrapped and spelled: an outcome, and with success the data. */
import { z } from 'zod'
import { type Failed, failed } from '#contracts/adapter.ts'
import { normaliseText } from '#contracts/code-list.ts'
import type { AgencyFailureCode } from '#contracts/failures.ts'
import { type Value, value, withTidyKeys } from './values.ts'

const isSuccess = (code: unknown): boolean => String(code).trim() === '200'

interface Envelope {
  /** Names of the wrapper, the documented one first; none: the answer stands bare. */
  readonly wrapper?: readonly string[]
  readonly code: string
  readonly text: string
  /** Absent: the data stands beside the code. */
  readonly data?: string
}

/** The older methods' envelope, where the data stands beside the code, and … */
export const flat = (...wrapper: string[]) => ({ wrapper, code: 'kode', text: 'keterangan' })
/** … where it is below one key. */
export const wrapped = (data: string, ...wrapper: string[]) => ({ ...flat(...wrapper), data })

type Json = Readonly<Record<string, unknown>>
const isObject = (json: unknown): json is Json => typeof json === 'object' && json !== null

/**
 * The schema of an answer as `{ code, text, data }`. Without success the data is not looked at: it is then null, `[]`, `{}`,
 * or an object of empty texts, as the method pleases.
 */
export const answer = <Data extends z.ZodType>(envelope: Envelope, data: Data) =>
  z.preprocess(
    body => open(withTidyKeys(body), envelope),
    z.object({
      code: z.union([z.string(), z.number()]),
      text: value.catch(undefined),
      data: data.optional(),
    }),
  )

function open(body: unknown, { wrapper, code, text, data }: Envelope): unknown {
  if (!isObject(body)) return body
  const inner = wrapper ? body[wrapper.find(name => name in body) ?? ''] : body
  if (!isObject(inner)) return undefined
  const isDenied = String(inner['success']).trim().toLowerCase() === 'false' // a text, where others have a boolean
  const succeeds = isSuccess(inner[code]) && !isDenied
  const found = data === undefined ? inner : (inner[data] ?? undefined)
  return { code: inner[code], text: inner[text], data: succeeds ? found : undefined }
}

/**
 * Lampiran 9, but for 200, and for 400 and 404, where the text decides. 403 and 405 may be about one method or licence: the
 * others are not held for it.
 */
const meanings = new Map<string, AgencyFailureCode>([
  ['401', 'UPSTREAM_MISCONFIGURED'],
  ['403', 'UPSTREAM_INVALID'],
  ['405', 'UPSTREAM_INVALID'],
  ['500', 'UPSTREAM_UNAVAILABLE'],
  ['504', 'UPSTREAM_TIMEOUT'],
])

function refusalOf(wireCode: string | number, wireText: Value): Failed {
  const code = String(wireCode).trim()
  const text = normaliseText(String(wireText ?? ''))
  const isMissing = /TIDAK DITEMUKAN/.test(text)
  if (code === '400') {
    // "Data NIB tidak ditemukan" is about the subject; "parameter tidak ditemukan" about the question.
    const isAboutSubject = isMissing && !/PARAMETER|SERVICE|USER/.test(text)
    return failed(isAboutSubject ? 'NOT_FOUND' : 'REJECTED', code)
  }
  if (code === '404') {
    // Newer methods document one text for missing data and a missing service: no false "not found" may follow from it.
    const isAboutSubject = isMissing && text.includes('DATA') && !text.includes('SERVICE')
    return failed(isAboutSubject ? 'NOT_FOUND' : 'UPSTREAM_INVALID', code)
  }
  if (code === '200') return failed('UPSTREAM_INVALID', code, 'success without data')
  const meaning = meanings.get(code)
  if (meaning) return failed(meaning, code)
  return failed('UPSTREAM_INVALID', /^\d{1,4}$/.test(code) ? `unlisted ${code}` : 'unlisted')
}

interface Answer<Data> {
  readonly code: string | number
  readonly text?: Value
  readonly data?: Data | undefined
}

/** Reads the data of a success, or says why there is none. */
export const reading =
  <Data, Input, Output>(readData: (data: Data, input: Input) => Output | Failed) =>
  ({ code, text, data }: Answer<Data>, input: Input): Output | Failed =>
    data === undefined ? refusalOf(code, text) : readData(data, input)

/** What every answer of the method must tell. */
export const without = (what: string): Failed =>
  failed('UPSTREAM_INVALID', undefined, `success without ${what}`)

/** An answer about someone or something else must never reach a counter. */
export const aboutAnother = (): Failed => failed('UPSTREAM_INVALID', undefined, 'answered about another')
