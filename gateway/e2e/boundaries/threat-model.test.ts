/** The threat model names a test for every control; a name that leads nowhere would be a promise that nobody keeps. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

const rows = read('docs/threat-model.md')
  .split('\n')
  .filter(line => line.startsWith('| ') && !/^\| (threat |-)/.test(line))
  .map(line =>
    line
      .slice(1, -1)
      .split(' | ')
      .map(cell => cell.trim()),
  )

it('is a table of threat, control and test', () => {
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows)
    expect(row, row[0]).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/\S/)))
})

it.each(rows)('%s: its tests exist', (_threat, _control, tests = '') => {
  for (const test of tests.split('<br>')) {
    const [, file = '', title = ''] = /^`([\w./-]+\.test\.ts)`: (.+)$/.exec(test) ?? []
    const isThere = existsSync(join(root, file)) && read(file).replaceAll("\\'", "'").includes(title)
    expect(isThere && title !== '', test).toBe(true)
  }
})
