import { personas } from './personas.ts'

/** `personas.md`: who can be looked up, for people who write counters. */
export function personaTable(): string {
  const rows = personas.map(({ nik, shows, record }) => [
    nik,
    String(record.NO_KK),
    String(record.NAMA_LGKP ?? '').trim(),
    shows,
  ])
  const table = [['NIK', 'family card', 'name', 'shows'], ...rows]
  const widths = [0, 1, 2, 3].map(column => Math.max(...table.map(row => row[column]?.length ?? 0)))
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = table
  const rule = widths.map(width => '-'.repeat(width))
  return `# People of the stand-in Dukcapil\n\n${[head, rule, ...body].map(line).join('\n')}\n`
}
