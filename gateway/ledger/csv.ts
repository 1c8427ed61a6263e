type Cell = string | number | null | undefined

/**
 * A record as RFC 4180 writes it. A text that a spreadsheet would take for a formula begins with an apostrophe, which shows it
 * as it is.
 */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`

function cellOf(value: Cell): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value)
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csvType = 'text/csv; charset=utf-8; header=present'
