/**
 * JSON with integers that JavaScript's numbers may not hold. In fixtures an integer of sixteen digits or more is a string with
 * an `n` behind it, as in JavaScript's own bigint: `"9999011501900001n"` is 9999011501900001 on the wire.
 */

/** A fixture's value as it goes over the wire. */
export const writeExact = (value: unknown): string => JSON.stringify(value).replace(/"(\d{16,})n"/g, '$1')

/** A value from the wire as a fixture writes it. */
export function readExact(text: string): unknown {
  const strings = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, token =>
    /^\d{16,}$/.test(token) ? `"${token}n"` : token,
  )
  return JSON.parse(strings)
}
