/** How agencies write a single value: numbers and texts interchanged, blanks around it, and `""` or `-` for nothing. */

export type WireValue = string | number | null | undefined

/** Absent stays absent (not sent, or not granted), empty becomes null, everything else is trimmed and converted. */
export function read<Result>(value: WireValue, convert: (text: string) => Result): Result | null | undefined {
  if (value === undefined) return undefined
  const text = String(value ?? '').trim()
  return text === '' || text === '-' ? null : convert(text)
}

/** For `read`, where the text is what is wanted. */
export const asIs = (text: string): string => text
