/** How OSS writes a value: numbers and texts interchanged, `""`, `-` and null for nothing, keys with stray blanks. */
import { z } from 'zod'
import type { Code } from '#contracts/code-list.ts'
import { asIs, read } from '#contracts/wire-value.ts'

/** An integer beyond 2^53 has lost its last digits: better no record than a wrong number. */
const number = z.number().refine(wire => !Number.isInteger(wire) || Number.isSafeInteger(wire))

export const value = z.union([z.string(), number]).nullish()
export type Value = z.output<typeof value>

/** Rows as they are, each once: two that say the same are one. Null and the empty text are no list. */
export const list = <Row extends z.ZodType>(row: Row) =>
  z
    .union([z.array(row), z.literal('')])
    .nullish()
    .transform(rows => (rows ? distinct(rows) : undefined))

const distinct = <Row>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map(row => [JSON.stringify(row), row])).values(),
]

/** What OSS has for a code of ours. */
export const wireOf = <Name extends string>(
  { codes }: { readonly codes: Readonly<Record<Name, Code>> },
  name: Name,
): string => codes[name].wire!

/** With or without a time of day. Another format passes through and fails the contract: never a wrong date. */
export function asDate(text: string): string | null {
  const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)(?:[ T].*)?$/.exec(text) ?? []
  if (year === undefined) return text
  return year === '0000' ? null : `${year}-${month}-${day}`
}

/** `2` or `2.5`; anything else is not a number, and fails the contract. */
export const asNumber = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN)

/** Whole rupiah: sen are rounded away. Points between thousands would be a guess, and fail the contract. */
export const asRupiah = (text: string): number =>
  /^\d+(\.\d\d?)?$/.test(text) ? Math.round(Number(text)) : Number.NaN

/** Neither yes nor no is nothing said. */
export const asFlag = (text: string): boolean | null => ({ Y: true, N: false })[text.toUpperCase()] ?? null

/** Only what a browser may open; a path or a base64 text is no link. */
export const asLink = (text: string): string | null =>
  /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null

/** Higher levels are padded with zeros: `3201000000` is the regency 3201. */
export function asRegion(text: string): string | null {
  const code = text.replaceAll('.', '')
  if (/^0+$/.test(code)) return null
  return code
    .replace(/^(\d{6})0000$/, '$1')
    .replace(/^(\d{4})00$/, '$1')
    .replace(/^(\d\d)00$/, '$1')
}

/** Digits only; a number that has lost its leading zeros gets them back. Zeros alone are the registry's blank. */
export function asNpwp(text: string): string | null {
  const digits = text.replace(/[.\- ]/g, '')
  return /^0+$/.test(digits) ? null : digits.padStart(15, '0')
}

/** A JSON number has lost its leading zeros: 1111 is the group 01111. A text of four digits is not completed by guessing. */
const readDigits =
  (count: number) =>
  (wire: Value): string | null | undefined =>
    read(typeof wire === 'number' ? String(wire).padStart(count, '0') : wire, asIs)

export const readKbli = readDigits(5)
export const readNib = readDigits(13)

/** The same JSON without blanks in its keys: the document itself has `"tipe_dokumen "` and `"nm_ dokumen"`. */
export function withTidyKeys(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withTidyKeys)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, child]) => [key.replaceAll(/\s/g, ''), withTidyKeys(child)]),
  )
}
