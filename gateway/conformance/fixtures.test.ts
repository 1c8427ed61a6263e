import { expect, it } from 'vitest'
import { readFixtures } from './fixtures.ts'
import { toyAdapter, toyFixtures } from './toy-adapter.ts'

const mistakesOf = (file: unknown): string => {
  try {
    readFixtures(toyAdapter(), file)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
const [found, notFound] = toyFixtures.exchanges

it('resolves a file without mistakes', () => {
  const { exchanges } = readFixtures(toyAdapter(), toyFixtures)
  expect(exchanges.map(({ name, capability }) => `${capability.id} ${name}`)).toEqual([
    'resident.lookup found',
    'resident.lookup not found',
    'family.lookup a family',
  ])
})

it('tells by path what a file is not', () => {
  const mistakes = mistakesOf({
    ...toyFixtures,
    exchanges: [{ ...found, expect: { failure: 'NOT_THERE' }, response: { status: 200 }, repsonse: {} }],
  })
  expect(mistakes).toMatchInlineSnapshot(`
    "in the fixtures:
      exchanges.0.response: either body, text or base64
      exchanges.0.expect.failure: expected a code of contracts/failures.ts
      exchanges.0: Unrecognized key: "repsonse""
  `)
})

it('tells by name what an exchange is not, all at once', () => {
  const mistakes = mistakesOf({
    ...toyFixtures,
    exchanges: [
      { ...found, config: { pasword: 'x' }, expect: { data: { nik: '9999011501900001' } } },
      { ...notFound, name: 'found', input: { nik: '123' } },
      { ...notFound, capability: 'resident.lokup' },
    ],
  })
  expect(mistakes).toMatchInlineSnapshot(`
    "in the fixtures:
      "found": the name is taken
      "found": expect.data.fullName: Invalid input: expected string, received undefined
      "found": config: Unrecognized key: "pasword"
      "found": input.nik: NIK has 16 digits
      "not found": capability: expected one of resident.lookup, family.lookup"
  `)
})
