import nock from 'nock'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { failed } from '#contracts/adapter.ts'
import { religion } from '#contracts/population-codes.ts'
import { checkContractFault, contractFaults } from './contract-faults.ts'
import { readFixtures } from './fixtures.ts'
import { toyAdapter, toyFixtures, toyReply } from './toy-adapter.ts'

const found = readFixtures(toyAdapter(), toyFixtures)[0]!
type FaultName = (typeof contractFaults)[number]['name']

const check = (name: FaultName, habits: Parameters<typeof toyAdapter>[0]) =>
  checkContractFault(
    toyAdapter(habits),
    found,
    contractFaults.find(fault => fault.name === name)!,
  )

/** What a sound adapter makes of the fixture. */
const resident = (nik: string, fullName: string, faith = '') => ({
  nik,
  fullName,
  ...(faith && { religion: religion.read(faith) }),
})

afterAll(() => nock.restore())

describe('a contract fault', () => {
  it.each(contractFaults)('is survived by a sound adapter: $name', async fault => {
    await checkContractFault(toyAdapter(), found, fault)
  })

  it.each<[string, Parameters<typeof toyAdapter>[0]]>([
    [
      'reading',
      {
        reply: toyReply.extend({ name: z.any() }),
        read: ({ name, faith }, nik) => resident(nik, name!.trim(), faith),
      },
    ],
    [
      'over the reply',
      {
        reply: toyReply.extend({
          name: z
            .string()
            .nullable()
            .transform(name => name!.trim()),
        }),
      },
    ],
  ])('is survived by an adapter that stumbles %s: the gateway holds it', async (_, habits) => {
    await check('a value is null', habits)
  })

  it.each<[string, FaultName, Parameters<typeof toyAdapter>[0], string]>([
    [
      'a gap filled with an invented value',
      'a field is missing',
      { read: ({ name = 'TANPA NAMA', faith }, nik) => resident(nik, name, faith) },
      '/name left out: shows something else at /fullName',
    ],
    [
      "a gap filled with another field's value",
      'a field is missing',
      { read: ({ name, faith = '' }, nik) => resident(nik, name ?? faith, faith) },
      '/name left out: shows something else at /fullName',
    ],
    [
      'a gap told as an agency that is busy',
      'a field is missing',
      { read: ({ name, faith }, nik) => (name ? resident(nik, name, faith) : failed('UPSTREAM_BUSY')) },
      '/name left out: ends with UPSTREAM_BUSY',
    ],
    [
      'null turned into text',
      'a value is null',
      { reply: toyReply.extend({ name: z.coerce.string() }) },
      '/name as null: shows something else at /fullName',
    ],
    [
      'types turned into each other',
      'a value is of another type',
      { reply: toyReply.extend({ name: z.coerce.string() }) },
      '/name as {"value":"WARGA CONTOH"}: shows something else at /fullName',
    ],
    [
      'an odd value told to the log',
      'a value is of another type',
      {
        reply: toyReply.extend({ name: z.any() }),
        read: ({ name, faith }, nik) =>
          typeof name === 'string'
            ? resident(nik, name, faith)
            : failed('UPSTREAM_INVALID', `odd name ${JSON.stringify(name)}`),
      },
      '/name as ["WARGA CONTOH"]: personal values in the log',
    ],
    [
      'an unknown text guessed',
      'a text is news',
      {
        read: ({ name = '', faith = '' }, nik) => ({
          ...resident(nik, name, faith),
          ...(faith !== 'ALIRAN CONTOH' && { religion: { code: 'islam', text: faith } }),
        }),
      },
      '/faith as "XYZZYQ": shows something else at /religion',
    ],
    [
      'an unknown text refused',
      'a text is news',
      { reply: toyReply.extend({ faith: z.enum(['ISLAM', 'ALIRAN CONTOH']) }) },
      '/religion is never unknown',
    ],
    [
      'an unknown text swallowed',
      'a text is news',
      {
        read: ({ name = '', faith }, nik) =>
          resident(nik, name, faith === 'ALIRAN CONTOH' ? faith : undefined),
      },
      '/religion is never unknown',
    ],
    [
      'a new field shown',
      'a field is added',
      {
        reply: toyReply.loose(),
        read: ({ name, faith, ...more }, nik) =>
          resident(nik, [name, ...Object.values(more).slice(1)].join(' '), faith),
      },
      'changes the answer',
    ],
    ['a new field refused', 'a field is added', { reply: toyReply.strict() }, 'changes the answer'],
  ])('is caught: %s', async (_, fault, habits, caught) => {
    await expect(check(fault, habits)).rejects.toThrow(caught)
  })
})
