import { expect, it } from 'vitest'
import { alarmCodeNames, alarmCodes, runbookOf } from './codes.ts'

it.each(alarmCodeNames)('%s says in both languages what it means and what to do', code => {
  const { title, meaning, action } = alarmCodes[code]
  for (const text of [title, meaning, action])
    for (const words of [text.id, text.en]) expect(words.length).toBeGreaterThan(10)
  expect(title.id).not.toBe(title.en)
})

it('points into the runbook', () => {
  expect(runbookOf('UPSTREAM_QUOTA_NEAR')).toBe('docs/operators.md#upstream-quota-near')
})
