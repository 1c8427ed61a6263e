import { expect, it } from 'vitest'
import { csvLine } from './csv.ts'

it.each([
  [['a', 1, null, undefined, ''], 'a,1,,,\r\n'],
  [['a,b', 'say "no"', 'two\r\nlines'], '"a,b","say ""no""","two\r\nlines"\r\n'],
  [['=1+1', '+62', '-1', '@SUM(A1)', '\tx'], "'=1+1,'+62,'-1,'@SUM(A1),'\tx\r\n"],
  [['=HYPERLINK("http://x","y")'], `"'=HYPERLINK(""http://x"",""y"")"\r\n`],
  [['a=1', -1], 'a=1,-1\r\n'],
] as const)('writes %j as RFC 4180 has it, and no formula', (cells, line) => {
  expect(csvLine(cells)).toBe(line)
})
