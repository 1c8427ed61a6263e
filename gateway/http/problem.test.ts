import { expect, it } from 'vitest'
import { languageOf } from './problem.ts'

it.each([
  [undefined, 'id'],
  ['', 'id'],
  ['*', 'id'],
  ['en', 'en'],
  ['en-GB,en;q=0.9', 'en'],
  ['id-ID,id;q=0.9,en;q=0.8', 'id'],
  ['en;q=0.5, id;q=0.9', 'id'],
  ['fr, en;q=0.3', 'en'],
  ['en;q=0', 'id'],
])('prefers for %j: %s', (header, language) => {
  expect(languageOf(header)).toBe(language)
})
