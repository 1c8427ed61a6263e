/** A heading and its rows in columns of equal width, as the formatter writes them. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const written = rows.map(row => row.map(cell => cell.replaceAll('|', '\\|')))
  const widths = written[0]!.map((_, column) => Math.max(...written.map(row => row[column]!.length)))
  const line = (cells: readonly string[], filler = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, filler)).join(' | ')} |`
  const [header, ...body] = written.map(row => line(row))
  const rule = widths.map(() => '')
  return [header, line(rule, '-'), ...body].join('\n')
}

export const markdownCode = (text: string): string => `\`${text}\``
