import { expect, it } from 'vitest'
import { stateBeforeDeath } from './operators.ts'

const after = (...states: readonly string[]) => states.map(state => ({ content: { state } }))

it.each([
  ['queued', after('queued', 'dead'), 0],
  ['queued', after('queued', 'sending', 'queued', 'dead'), 1], // refused before it read what we want
  ['queued', after('queued', 'sending', 'uncertain', 'queued', 'dead'), 1], // absent there
  ['uncertain', after('queued', 'sending', 'dead'), 1],
  ['uncertain', after('queued', 'sending', 'uncertain', 'dead'), 1],
  ['accepted', after('queued', 'sending', 'accepted', 'accepted', 'dead'), 1],
  ['queued', after('queued', 'dead', 'queued', 'dead'), 0],
  ['uncertain', [], 1], // its events are forgotten
  ['queued', [], 0],
])('a dead order goes back to where it was: %s', (state, events, attempts) => {
  expect(stateBeforeDeath({ attempts }, events)).toBe(state)
})
