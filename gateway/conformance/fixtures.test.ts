import { expect, it } from 'vitest'
import { readFixtures } from './fixtures.ts'
import { orderFixtures, toyAdapter, toyFixtures, toyWithOrder } from './toy-adapter.ts'

const mistakesOf = (file: unknown, adapter = toyAdapter()): string => {
  try {
    readFixtures(adapter, file)
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

it('tells what is no order', () => {
  const [taken] = orderFixtures.exchanges
  const mistakes = mistakesOf(
    {
      ...orderFixtures,
      exchanges: [
        { ...taken, name: 'odd', expect: { data: { state: 'done', result: {} } } },
        { ...taken, name: 'asked after', order: { ask: 'status' } },
      ],
    },
    toyWithOrder({ status: undefined as never }),
  )
  expect(mistakes).toMatchInlineSnapshot(`
    "in the fixtures:
      "odd": expect.data.state: Invalid option: expected one of "accepted"|"confirmed"|"rejected"|"unlisted"|"absent"
      "odd": expect.data.result.nik: Invalid input: expected string, received undefined
      "asked after": order.ask: the adapter does not ask what became of it"
  `)
  expect(mistakesOf({ ...toyFixtures, exchanges: [{ ...found, order: {} }] })).toContain(
    '"found": order: resident.lookup is a question',
  )
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
