/** How the police write single values. */
import { z } from 'zod'

export const text = z.string().nullish()
/** A number, or the text of one. */
export const number = z.union([z.number(), z.string()]).nullish()

/** `150.00` is 150. Anything else is no number, and fails the contract. */
export const readNumber = (value: string): number => (/^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN)

/** Which format is in use is assumed. A third one passes through and fails the contract: never a wrong date. */
export function readDate(value: string): string {
  const [, day, month, year] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(value) ?? []
  return year ? `${year}-${month}-${day}` : value
}

/** The agency's code for evidence and alarms, if it looks like one: whatever else stands in its place may be personal. */
export const unlisted = (code: string): string => (/^\d{1,4}$/.test(code) ? `unlisted ${code}` : 'unlisted')
