/** Whoever is woken by an alarm finds a section that says what it means and what to do; no section speaks of what does not exist. */
import { expect, it } from 'vitest'
import { type AlarmCodeName, alarmCodeNames, alarmCodes, runbookOf } from '#gateway/ops/alarms/codes.ts'
import alerts from '../../../deploy/prometheus/runbook.json' with { type: 'json' }
import { anchorOf, readPage } from './pages.ts'

const page = readPage('docs/operators.md')

/** What stands under a heading, by the anchor of each section. */
const sectionsOf = (chapter: string): ReadonlyMap<string, string> =>
  new Map(
    page.text
      .split(/^## /m)
      .find(part => part.startsWith(`${chapter}\n`))!
      .split(/^### /m)
      .slice(1)
      .map(section => [anchorOf(section.split('\n')[0]!), section]),
  )

const sections = sectionsOf('Runbook')

it('has a section for each alarm, where the alarm says it is, and no other', () => {
  const expected = alarmCodeNames.map(code => runbookOf(code).replace(/^docs\/operators\.md#/, ''))
  expect([...sections.keys()].toSorted()).toEqual(expected.toSorted())
})

it.each(alarmCodeNames)(
  'says of %s how urgent it is, what it means, what to do, and when it is over',
  code => {
    const section = sections.get(runbookOf(code).split('#')[1]!)!
    expect(section.split('\n')[2]).toBe(`\`${code}\` · ${alarmCodes[code].severity}, ${patienceOf(code)}`)
    for (const part of ['Means', 'Do', 'Clears'])
      expect(section).toMatch(new RegExp(`^\\*\\*${part}\\b`, 'm'))
  },
)

function patienceOf(code: AlarmCodeName): string {
  const { afterMs } = alarmCodes[code]
  if (afterMs === 0) return 'at once'
  return afterMs < 60_000 ? `after ${afterMs / 1_000} seconds` : `after ${afterMs / 60_000} minutes`
}

it('has a section for each alert rule that tells of no alarm, and no other', () => {
  const told = alerts.filter(anchor => !sections.has(anchor))
  expect([...sectionsOf('What Prometheus sees').keys()].toSorted()).toEqual(told.toSorted())
})
