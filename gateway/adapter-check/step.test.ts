import { expect, it } from 'vitest'
import { lineOf } from './step.ts'

it('tells a step on one line, and below a failure what to do next', () => {
  const step = { name: 'TCP', state: 'failed', ms: 12.3, detail: 'refused', next: 'check the port' } as const
  const [line, next, ...more] = lineOf(step).split('\n')
  expect(line?.split(/\s{2,}/)).toEqual(['TCP', 'failed', '12 ms', 'refused'])
  expect(next?.trim()).toBe('next: check the port')
  expect(more).toEqual([])
})

it('prints what an agency says as text: no line of its own, no command for the terminal', () => {
  const line = lineOf({ name: 'TLS', state: 'ok', ms: 1, detail: 'agency\n\u001B[2J\u009Bexample' })
  expect(line).toMatch(/agency {2}\[2J example$/)
})
