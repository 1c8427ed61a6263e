/** Every promise of the house that an adapter can break, an adapter that breaks it, and what the kit says of it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Adapter, failed } from '#contracts/adapter.ts'
import { secret } from '#contracts/secret.ts'
import { adapterFolder } from './adapter-folder.ts'
import { checksOf } from './checks.ts'
import {
  inboundFixtures,
  orderFixtures,
  signatureFixtures,
  tokenFixtures,
  toyAdapter,
  toyFixtures,
  toyFixturesWith,
  type ToyHabits,
  toyNik,
  toyPassword,
  toyPermit,
  toyReply,
  type ToyReply,
  toyResident,
  toyWithBasic,
  toyProgress,
  toyWithInbound,
  toyWithOrder,
  toyWithSignature,
  toyWithToken,
  basicFixtures,
} from './toy-adapter.ts'

interface Broken {
  readonly habit: string
  readonly adapter: Adapter | ToyHabits
  /** Of the toy agency, where the habit needs no others. */
  readonly fixtures?: unknown
  readonly check: string
  readonly verdict: string
}

/** A sound toy's reading, with something else made of a success. */
const reading =
  (read: (reply: ToyReply, nik: string) => ReturnType<typeof toyResident> | ReturnType<typeof failed>) =>
  (reply: ToyReply, nik: string) => {
    if (reply.code === 'NONE') return failed('NOT_FOUND', 'NONE')
    return reply.code === 'OK' && reply.number === nik
      ? read(reply, nik)
      : failed('UPSTREAM_INVALID', reply.code)
  }
const always = (code: string, ...more: string[]) => ({ read: () => failed(code as never, ...more) })
const anyName = z.any() as unknown as typeof toyReply.shape.name
const anything = z.any() as unknown as typeof toyReply
const data = { nik: toyNik, fullName: 'WARGA CONTOH' }
const found = 'resident.lookup: found'
const notFound = 'resident.lookup: not found'
const settings = 'refuses settings that it does not know'
const shape = 'is written for this version of the contract, with a policy that is one'
const sound = toyAdapter()

type PermitStatus = Parameters<typeof toyWithOrder>[1] & object
type PermitRead = NonNullable<PermitStatus['read']>

/** A sound toy's reading, with something else made of a state that it does not know. */
const permitRead = (
  readUnlisted: (progress: ReturnType<typeof toyProgress>, state: string) => ReturnType<PermitRead>,
): { read: PermitRead } => ({
  read(reply, order) {
    if (reply.code !== 'OK' || reply.reference !== order.id) return failed('UPSTREAM_INVALID', reply.code)
    const progress = toyProgress(reply)
    return progress.state === 'unlisted' ? readUnlisted(progress, reply.state!) : progress
  },
})
const askPermit: NonNullable<PermitStatus['request']> = ({ id, input: { nik } }) => ({
  method: 'POST',
  path: '/permits',
  body: { reference: id, nik },
})
const orderFixturesWith = (changed: string, expect: object) => ({
  ...orderFixtures,
  exchanges: orderFixtures.exchanges.map(one => (one.name === changed ? { ...one, expect } : one)),
})

const promises: Readonly<Record<string, readonly Broken[]>> = {
  'what the agency gets is what its contract says': [
    {
      habit: 'another path',
      adapter: { path: () => '/persons' },
      check: found,
      verdict: 'what the agency got',
    },
    {
      habit: 'a question that cannot be written',
      adapter: {
        path() {
          throw new RangeError('odd')
        },
      },
      check: found,
      verdict: 'what the agency got',
    },
    {
      habit: 'a part of the question dropped',
      adapter: {
        operation: {
          request: () => ({ method: 'POST', path: '/people', body: { nik: toyNik, password: toyPassword } }),
        },
      },
      check: 'a question of which nothing gets lost',
      verdict: '/nik makes no difference',
    },
    {
      habit: 'a signature without the time',
      adapter: toyWithSignature((_, body) => String(body)),
      fixtures: signatureFixtures,
      check: found,
      verdict: 'what the agency got',
    },
  ],

  'what the agency says is what the counter gets': [
    {
      habit: 'a "no" read as data',
      adapter: { read: (_, nik) => ({ nik, fullName: 'NONE' }) },
      check: notFound,
      verdict: 'the problem',
    },
    { habit: 'data read as a "no"', adapter: always('NOT_FOUND'), check: found, verdict: 'the answer' },
    { habit: 'another "no"', adapter: always('REJECTED', 'NONE'), check: notFound, verdict: 'the problem' },
    {
      habit: 'a value changed',
      adapter: { read: reading((reply, nik) => ({ ...toyResident(reply, nik), fullName: 'X' })) },
      check: found,
      verdict: 'the data',
    },
    {
      habit: 'a value swallowed',
      adapter: {
        read: reading((reply, nik) => toyResident({ ...reply, born: undefined }, nik)),
      },
      check: found,
      verdict: 'the data',
    },
    {
      habit: 'the code of the agency swallowed',
      adapter: always('NOT_FOUND'),
      check: notFound,
      verdict: "the agency's own code",
    },
    {
      habit: 'a code of the agency made up',
      adapter: always('NOT_FOUND', 'HTTP 404'),
      check: notFound,
      verdict: "the agency's own code",
    },
    {
      habit: 'a crash while reading',
      adapter: {
        read() {
          throw new TypeError('odd')
        },
      },
      check: found,
      verdict: 'the answer',
    },
    {
      habit: 'an outcome that is in no table',
      adapter: always('NOT_THERE', 'NONE'),
      check: notFound,
      verdict: 'the problem',
    },
    {
      habit: 'integers rounded',
      adapter: {
        reply: toyReply.extend({ number: z.union([z.string(), z.number()]).transform(String) }),
        read: ({ number = '', ...reply }, nik) =>
          reply.code === 'OK' ? toyResident(reply, number || nik) : failed('NOT_FOUND', 'NONE'),
      },
      check: 'a value is of another type',
      verdict: '/number as 9999011501900001: shows something else at /nik',
    },
  ],

  'an answer that is none is told as such': [
    {
      habit: 'any shape taken for an answer',
      adapter: { reply: anything, read: () => data },
      check: 'an array around the answer: UPSTREAM_INVALID',
      verdict: 'the problem',
    },
    {
      habit: 'another shape told as a "no"',
      adapter: { reply: anything, ...always('NOT_FOUND') },
      check: 'an array around the answer: UPSTREAM_INVALID',
      verdict: 'the problem',
    },
    {
      habit: 'an error with HTTP 200 taken for a record',
      adapter: { reply: anything, read: () => data },
      check: 'an error in place of the answer: UPSTREAM_INVALID',
      verdict: 'the problem',
    },
    {
      habit: 'an error with HTTP 200 told as a "no"',
      adapter: {
        reply: toyReply.partial() as never,
        read: reply => (reply.code === undefined ? failed('NOT_FOUND') : data),
      },
      check: 'an error in place of the answer: UPSTREAM_INVALID',
      verdict: 'the problem',
    },
    {
      habit: 'rubbish decoded all the same',
      adapter: { operation: { decode: () => ({ code: 'OK', number: toyNik, name: 'WARGA CONTOH' }) } },
      check: 'an empty body: UPSTREAM_UNREADABLE or UPSTREAM_INVALID',
      verdict: 'the problem',
    },
    {
      habit: 'HTML decoded as a "no"',
      adapter: { operation: { decode: () => ({ code: 'NONE' }) } },
      check: 'HTML for an answer: UPSTREAM_UNREADABLE or UPSTREAM_INVALID',
      verdict: 'the problem',
    },
  ],

  'a code that no list knows is never a success': [
    {
      habit: 'the code not looked at',
      adapter: {
        read: ({ code, ...reply }, nik) =>
          code === 'NONE' ? failed('NOT_FOUND', code) : toyResident({ code, ...reply }, nik),
      },
      check: 'a code that no list knows',
      verdict: '/code as XYZZYQ: passes for a success',
    },
    {
      habit: 'an unlisted code told as busy',
      adapter: {
        read: ({ code, ...reply }, nik) =>
          code === 'OK' ? toyResident({ code, ...reply }, nik) : failed('UPSTREAM_BUSY', code),
      },
      check: 'a code that no list knows',
      verdict: '/code as XYZZYQ: ends with UPSTREAM_BUSY',
    },
    {
      habit: 'a code looked up among the names that every object knows',
      adapter: {
        read(reply, nik) {
          const isGood: Readonly<Record<string, boolean>> = { OK: true, NONE: false }
          if (isGood[reply.code]) return toyResident(reply, nik)
          return failed(reply.code === 'NONE' ? 'NOT_FOUND' : 'UPSTREAM_INVALID', reply.code)
        },
      },
      check: 'a code that no list knows',
      verdict: '/code as constructor: passes for a success',
    },
    {
      habit: 'the code not looked at, and no refusal shown',
      adapter: { read: toyResident },
      fixtures: {
        ...toyFixtures,
        exchanges: toyFixtures.exchanges.filter(({ name }) => name !== 'not found'),
      },
      check: 'a code that no list knows',
      verdict: '/code as XYZZYQ: passes for a success',
    },
  ],

  'an answer is about whom it was asked about': [
    {
      habit: 'the echo not compared',
      adapter: {
        read: ({ code, ...reply }, nik) =>
          code === 'OK' ? toyResident({ code, ...reply }, nik) : failed('NOT_FOUND', code),
      },
      check: 'an answer about someone else',
      verdict: 'shows the answer about one',
    },
    {
      habit: 'somebody else told as not found',
      adapter: {
        read: ({ code, number, ...reply }, nik) =>
          code === 'OK' && number === nik
            ? toyResident({ code, number, ...reply }, nik)
            : failed('NOT_FOUND', code),
      },
      check: 'an answer about someone else',
      verdict: 'ends with NOT_FOUND',
    },
    {
      habit: 'a row that comes twice shown twice',
      adapter: {
        readFamily: ({ card = '', people = [] }) => ({
          familyCardNumber: card,
          members: people.map(({ number, name }) => ({ nik: number, fullName: name })),
        }),
      },
      check: 'a row comes twice',
      verdict: 'shows something else at /members',
    },
    {
      habit: 'half a list for the whole',
      adapter: {
        readFamily: ({ card = '', people = [] }) => ({
          familyCardNumber: card,
          members: [
            ...new Map(
              people.map(({ number, name }) => [name.length, { nik: number, fullName: name }]),
            ).values(),
          ].slice(0, 1),
        }),
      },
      check: 'family.lookup: a family',
      verdict: 'the data',
    },
  ],

  'what is not there is absent, never made up': [
    {
      habit: 'a gap filled with an invented value',
      adapter: {
        read: reading(({ name = 'TANPA NAMA', ...reply }, nik) => toyResident({ ...reply, name }, nik)),
      },
      check: 'a field is missing',
      verdict: '/name left out: shows something else at /fullName',
    },
    {
      habit: "a gap filled with another field's value",
      adapter: {
        read: reading(({ name, ...reply }, nik) => toyResident({ ...reply, name: name ?? reply.faith }, nik)),
      },
      check: 'a field is missing',
      verdict: '/name left out: shows something else at /fullName',
    },
    {
      habit: 'a gap told as an agency that is busy',
      adapter: {
        read: reading((reply, nik) => (reply.name ? toyResident(reply, nik) : failed('UPSTREAM_BUSY'))),
      },
      check: 'a field is missing',
      verdict: '/name left out: ends with UPSTREAM_BUSY',
    },
    {
      habit: 'null turned into text',
      adapter: { reply: toyReply.extend({ name: z.coerce.string() }) },
      check: 'a value is null',
      verdict: '/name as null: shows something else at /fullName',
    },
    {
      habit: 'an object without its fields filled',
      adapter: {
        readFamily: ({ card = '9999010101200001', people }) => ({
          familyCardNumber: card,
          members: (people ?? []).map(({ number, name }) => ({ nik: number, fullName: name })),
        }),
        reply: toyReply.extend({
          code: z.string().default('OK'),
          number: z.string().default(toyNik),
          name: z.string().default('TANPA NAMA'),
        }),
      },
      check: 'an object has none of its fields',
      verdict: 'shows something else at /fullName',
    },
    {
      habit: 'a key that is spelled otherwise taken for no value',
      adapter: {
        read: reading(({ name = 'TANPA NAMA', ...reply }, nik) => toyResident({ ...reply, name }, nik)),
      },
      check: 'a key is spelled otherwise',
      verdict: '"name ":"WARGA CONTOH"',
    },
  ],

  'a value is what the agency says, or nothing': [
    {
      habit: 'types turned into each other',
      adapter: { reply: toyReply.extend({ name: z.coerce.string() }) },
      check: 'a value is of another type',
      verdict: '/name as {"value":"WARGA CONTOH"}: shows something else at /fullName',
    },
    {
      habit: 'a date guessed',
      adapter: {
        reply: toyReply.extend({ born: z.string().optional() }),
        read: reading((reply, nik) => ({
          ...toyResident(reply, nik),
          birthDate: new Date(reply.born!).toISOString().slice(0, 10),
        })),
      },
      check: 'a date is written otherwise',
      verdict: '/born as "1990-01-15T00:00:00+07:00": shows something else at /birthDate',
    },
    {
      habit: 'an unknown text guessed',
      adapter: {
        read: reading((reply, nik) => ({
          ...toyResident(reply, nik),
          ...(reply.faith !== 'ALIRAN CONTOH' && { religion: { code: 'islam', text: reply.faith! } }),
        })),
      },
      check: 'a text is news',
      verdict: '/faith as "XYZZYQ": shows something else at /religion',
    },
    {
      habit: 'an unknown text refused',
      adapter: { reply: toyReply.extend({ faith: z.enum(['ISLAM', 'ALIRAN CONTOH']) }) },
      check: 'a text is news',
      verdict: '/religion is never unknown',
    },
    {
      habit: 'an unknown text swallowed',
      adapter: {
        read: reading(({ faith, ...reply }, nik) =>
          toyResident({ ...reply, ...(faith === 'ALIRAN CONTOH' && { faith }) }, nik),
        ),
      },
      check: 'a text is news',
      verdict: '/religion is never unknown',
    },
    {
      habit: 'a new field shown',
      adapter: {
        reply: toyReply.loose(),
        read: reading((reply, nik) => ({
          ...toyResident(reply, nik),
          fullName: [reply.name, ...Object.values(reply).slice(5)].join(' '),
        })),
      },
      check: 'a field is added',
      verdict: 'changes the answer',
    },
    {
      habit: 'a new field refused',
      adapter: { reply: toyReply.strict() },
      check: 'a field is added',
      verdict: 'changes the answer',
    },
  ],

  'credentials and personal values are in no path, log, error, metric and evidence': [
    {
      habit: 'credentials in the path, even where the fixture has them there',
      adapter: { path: (_, password) => `/people?password=${password}` },
      fixtures: toyFixturesWith({
        request: {
          method: 'POST',
          path: `/people?password=${toyPassword}`,
          body: { nik: toyNik, password: toyPassword },
        },
      }),
      check: found,
      verdict: 'credentials in the path',
    },
    {
      habit: 'credentials in the code',
      adapter: { read: (_, __, password) => failed('NOT_FOUND', password) },
      fixtures: toyFixturesWith({}, { expect: { failure: 'NOT_FOUND', upstreamCode: toyPassword } }),
      check: notFound,
      verdict: 'credentials in the log',
    },
    {
      habit: 'credentials in the detail',
      adapter: { read: (_, __, password) => failed('NOT_FOUND', 'NONE', `with ${password}`) },
      check: notFound,
      verdict: 'credentials in the',
    },
    {
      habit: 'Basic credentials in the detail',
      adapter: toyWithBasic({
        read: (_, __, password) =>
          failed('NOT_FOUND', 'NONE', Buffer.from(`toy:${password}`).toString('base64')),
      }),
      fixtures: basicFixtures,
      check: notFound,
      verdict: 'credentials in the',
    },
    {
      habit: 'a token in the detail',
      adapter: toyWithToken({ read: () => failed('NOT_FOUND', 'NONE', 'token-contoh-1') }),
      fixtures: tokenFixtures,
      check: notFound,
      verdict: 'credentials in the',
    },
    {
      habit: 'a person in the code, even where the fixture has one there',
      adapter: { read: (_, nik) => failed('NOT_FOUND', nik) },
      fixtures: toyFixturesWith({}, { expect: { failure: 'NOT_FOUND', upstreamCode: toyNik } }),
      check: notFound,
      verdict: "the agency's own code",
    },
    {
      habit: 'whatever stands in place of the code in the detail',
      adapter: {
        read: ({ code, ...reply }, nik) =>
          code === 'OK' || code === 'NONE'
            ? reading(toyResident)({ code, ...reply }, nik)
            : failed('UPSTREAM_INVALID', undefined, `the code ${code}`),
      },
      check: 'a person in place of the code',
      verdict: `/code as ${toyNik}: personal values in the`,
    },
    {
      habit: 'a person in the detail',
      adapter: { read: (_, nik) => failed('NOT_FOUND', 'NONE', `no ${nik}`) },
      check: notFound,
      verdict: 'personal values in the',
    },
    {
      habit: 'an odd value in the detail',
      adapter: {
        reply: toyReply.extend({ name: anyName }),
        read: reading((reply, nik) =>
          typeof reply.name === 'string'
            ? toyResident(reply, nik)
            : failed('UPSTREAM_INVALID', undefined, `odd ${JSON.stringify(reply.name)}`),
        ),
      },
      check: 'a value is of another type',
      verdict: '/name as ["WARGA CONTOH"]: personal values in the',
    },
    {
      habit: 'another shape told to the counter',
      adapter: {
        reply: anything,
        read: reply => failed('UPSTREAM_INVALID', undefined, `odd: ${JSON.stringify(reply)}`),
      },
      check: 'an array around the answer: UPSTREAM_INVALID',
      verdict: 'personal values in the answer',
    },
  ],

  'a token that has expired is fetched anew, once': [
    {
      habit: 'expiry not noticed',
      adapter: toyWithToken({}, () => false),
      fixtures: tokenFixtures,
      check: 'a token that has expired',
      verdict: 'the answer',
    },
    {
      habit: 'every answer taken for expiry',
      adapter: toyWithToken({}, () => true),
      fixtures: tokenFixtures,
      check: found,
      verdict: 'the answer',
    },
  ],

  'whoever is not the agency cannot tell us anything': [
    {
      habit: 'everybody taken for the agency',
      adapter: toyWithInbound({ verify: () => true }),
      fixtures: inboundFixtures,
      check: 'a stranger',
      verdict: 'what a stranger is answered',
    },
  ],

  'what an agency tells us is kept as it says, or not at all': [
    {
      habit: 'another answer than the agency wants',
      adapter: toyWithInbound({ answer: outcome => ({ status: 204, body: outcome }) }),
      fixtures: inboundFixtures,
      check: 'resident.moved: somebody has moved',
      verdict: 'what the agency is answered',
    },
    {
      habit: 'something else kept',
      adapter: toyWithInbound({ read: ({ nik }) => ({ nik, street: 'X' }) }),
      fixtures: inboundFixtures,
      check: 'resident.moved: somebody has moved',
      verdict: 'what is kept',
    },
    {
      habit: 'a gap filled',
      adapter: toyWithInbound({
        body: z.object({ nik: z.string(), street: z.string().default('TANPA ALAMAT') }) as never,
      }),
      fixtures: inboundFixtures,
      check: 'a field is missing',
      verdict: '/street left out: keeps something else at /street',
    },
    {
      habit: 'any shape taken for a call',
      adapter: toyWithInbound({
        body: z.any() as never,
        read: () => ({ nik: toyNik, street: 'JL CONTOH NO 1' }),
      }),
      fixtures: inboundFixtures,
      check: 'null for a call',
      verdict: 'what the agency is answered',
    },
  ],

  'an order is sent once, and whole': [
    {
      habit: 'an order that may be sent twice',
      adapter: toyWithOrder({}, {}, {}, operation => ({
        ...operation,
        specification: { ...operation.specification, repeatable: true },
      })),
      fixtures: orderFixtures,
      check: 'sends permit.request once',
      verdict: 'not repeatable',
    },
    {
      habit: 'a part of the order dropped',
      adapter: toyWithOrder({
        request: ({ id, input: { nik, documents } }) => ({
          method: 'POST',
          path: '/permits',
          body: { reference: id, nik, documents },
        }),
      }),
      fixtures: orderFixtures,
      check: 'a question of which nothing gets lost',
      verdict: '/purpose makes no difference',
    },
    {
      habit: 'the papers dropped',
      adapter: toyWithOrder({
        request: ({ id, input: { nik, purpose } }) => ({
          method: 'POST',
          path: '/permits',
          body: { reference: id, nik, purpose },
        }),
      }),
      fixtures: orderFixtures,
      check: 'a question of which nothing gets lost',
      verdict: '/documents/0/attachment makes no difference',
    },
    {
      habit: 'asked after by ordering again',
      adapter: toyWithOrder({ request: askPermit }, { request: askPermit }),
      fixtures: orderFixtures,
      check: 'asked after: a question that is not the order itself',
      verdict: 'sending the order once more',
    },
    {
      habit: 'asked about no order in particular',
      adapter: toyWithOrder({}, { request: () => ({ method: 'GET', path: '/permits' }) }),
      fixtures: orderFixtures,
      check: 'asked after: a question that is not the order itself',
      verdict: 'the same about every order',
    },
    {
      habit: 'taken for absent while it may be under way',
      adapter: toyWithOrder({}, { settleSeconds: 1 }),
      fixtures: orderFixtures,
      check: 'asks after permit.request when it makes sense',
      verdict: 'an attempt has ended by then',
    },
    {
      habit: 'asked after without a pause',
      adapter: toyWithOrder({}, { everySeconds: 0.1 }),
      fixtures: orderFixtures,
      check: 'asks after permit.request when it makes sense',
      verdict: 'seconds between two questions',
    },
  ],

  'an order is as far as the agency says': [
    {
      habit: 'an unknown state read as confirmed',
      adapter: toyWithOrder(
        {},
        permitRead(progress => ({ ...progress, state: 'confirmed' })),
      ),
      fixtures: orderFixtures,
      check: 'asked after: a state that no list knows',
      verdict: '/state as XYZZYQ: passes for confirmed',
    },
    {
      habit: 'an unknown state read as accepted',
      adapter: toyWithOrder(permitRead(progress => ({ ...progress, state: 'accepted' }))),
      fixtures: orderFixtures,
      check: 'a state that no list knows',
      verdict: '/state as XYZZYQ: passes for accepted',
    },
    {
      habit: 'an unknown state told as a "no"',
      adapter: toyWithOrder(
        {},
        permitRead(() => failed('REJECTED')),
      ),
      fixtures: orderFixtures,
      check: 'asked after: a state that no list knows',
      verdict: '/state as XYZZYQ: passes for REJECTED',
    },
    {
      habit: 'a state that is missing made up',
      adapter: toyWithOrder(
        {},
        {
          read: ({ state = 'REGISTERED', ...reply }) =>
            reply.code === 'OK' ? toyProgress({ ...reply, state }) : failed('UPSTREAM_INVALID'),
        },
      ),
      fixtures: orderFixtures,
      check: 'asked after: a field is missing',
      verdict: '/state left out: shows something else at /state',
    },
    {
      habit: 'an odd answer told as a "no"',
      adapter: toyWithOrder({
        read: reply => (reply.nik === undefined ? failed('REJECTED') : toyProgress(reply)),
      }),
      fixtures: orderFixtures,
      check: 'a field is missing',
      verdict: '/nik left out: ends with REJECTED',
    },
    {
      habit: 'the answer about another order not told from its own',
      adapter: toyWithOrder(
        {},
        {
          read: (reply, { input: { nik } }) =>
            reply.nik === nik ? toyProgress(reply) : failed('UPSTREAM_INVALID'),
        },
      ),
      fixtures: orderFixtures,
      check: 'asked after: an answer about someone else',
      verdict: 'shows the answer about one',
    },
    {
      habit: 'HTTP 404 taken for a "no"',
      adapter: toyWithOrder({}, {}, { statuses: { 404: 'NOT_FOUND' } }),
      fixtures: orderFixtures,
      check: 'a page that knows nothing of the order',
      verdict: 'HTTP 404 with "": passes for NOT_FOUND',
    },
    {
      habit: 'any page taken for "not known here"',
      adapter: toyWithOrder({}, { decode: () => ({ code: 'NONE' }) }),
      fixtures: orderFixtures,
      check: 'asked after: a page that knows nothing of the order',
      verdict: 'HTTP 200 with "": passes for absent',
    },
    {
      habit: 'any error taken for "not known here"',
      adapter: toyWithOrder(
        {},
        {
          reply: toyPermit.partial() as never,
          read: reply => (reply.code === undefined ? { state: 'absent' } : toyProgress(reply)),
        },
      ),
      fixtures: orderFixtures,
      check: 'asked after: a page that knows nothing of the order',
      verdict: 'HTTP 200 with "{"message":"Not Found"}": passes for absent',
    },
    {
      habit: 'whatever stands in place of the state passed on',
      adapter: toyWithOrder(
        {},
        permitRead((progress, state) => ({ ...progress, agencyState: state })),
      ),
      fixtures: orderFixtures,
      check: 'asked after: a person in place of the state',
      verdict: '/state as PENDUDUK: personal values in the events',
    },
    {
      habit: 'a person in the code of an order, even where the fixture has one there',
      adapter: toyWithOrder({ read: (_, { input: { nik } }) => failed('REJECTED', nik) }),
      fixtures: orderFixturesWith('refused', { failure: 'REJECTED', upstreamCode: toyNik }),
      check: 'permit.request: refused',
      verdict: "the agency's own code",
    },
    {
      habit: 'an element of the result missing',
      adapter: toyWithOrder({
        read: reply => ({ ...toyProgress(reply), result: { number: '1' } as never }),
      }),
      fixtures: orderFixtures,
      check: 'permit.request: taken',
      verdict: 'the answer',
    },
  ],

  'what becomes of an order is shown': (
    [
      ['no success', 'taken', 'shows permit.request succeed'],
      ['no refusal', 'refused', 'shows permit.request refused'],
      [
        'nothing of one that is known',
        'issued',
        'shows permit.request known to the agency, when it is asked',
      ],
      ['nothing of one that is not there', 'absent', 'shows permit.request absent, when the agency is asked'],
    ] as const
  ).map(([habit, left, check]) => ({
    habit,
    adapter: toyWithOrder(),
    fixtures: {
      ...orderFixtures,
      exchanges: orderFixtures.exchanges.filter(({ name }) => name !== left),
    },
    check,
    verdict: left === 'taken' ? 'permit.request' : 'among: ',
  })),

  'an adapter is what the house takes it for': [
    {
      habit: 'another version of the contract',
      adapter: { adapter: { contract: 2 as never } },
      check: shape,
      verdict: 'the contract',
    },
    {
      habit: 'a policy out of range',
      adapter: { adapter: { policy: { ...sound.policy, retries: 99 } } },
      check: shape,
      verdict: 'the policy',
    },
    {
      habit: 'unknown settings taken',
      adapter: {
        adapter: {
          config: z.object({
            password: secret(),
            spelling: z.strictObject({ nik: z.string() }).prefault({ nik: 'nik' }),
          }) as never,
        },
      },
      check: settings,
      verdict: 'an unknown setting at / is taken',
    },
    {
      habit: 'unknown settings taken further down',
      adapter: {
        adapter: {
          config: z.strictObject({
            password: secret(),
            spelling: z.object({ nik: z.string() }).prefault({ nik: 'nik' }),
          }) as never,
        },
      },
      check: settings,
      verdict: 'an unknown setting at /spelling is taken',
    },
    {
      habit: 'an id that is not the name of its folder',
      adapter: { adapter: { id: 'play' } },
      check: 'stands in a folder of its own, with its four files',
      verdict: "the folder's name",
    },
    {
      habit: 'a capability of which no success is shown',
      adapter: sound,
      fixtures: { ...toyFixtures, exchanges: toyFixtures.exchanges.slice(0, 2) },
      check: 'shows family.lookup succeed',
      verdict: 'family.lookup',
    },
    {
      habit: 'a check left out that is none',
      adapter: { adapter: { skips: [{ check: 'a value is nul', reason: 'the agency never does' }] } },
      check: 'leaves out only checks that there are, each for a reason',
      verdict: 'a check to leave out',
    },
    {
      habit: 'a check left out for a capability that is none',
      adapter: {
        adapter: {
          skips: [
            { check: 'a value is null', capability: 'resident.lokup', reason: 'the agency never does' },
          ],
        },
      },
      check: 'leaves out only checks that there are, each for a reason',
      verdict: 'resident.lokup',
    },
    {
      habit: 'a check left out for no reason',
      adapter: { adapter: { skips: [{ check: 'a value is null', reason: ' ' }] } },
      check: 'leaves out only checks that there are, each for a reason',
      verdict: 'the reason',
    },
  ],
}

const folder = adapterFolder('adapters/toy')

/** The checks of this name, one per capability that has it. */
function checksNamed(
  name: string,
  adapter: Adapter | ToyHabits,
  fixtures: unknown = toyFixtures,
  within = folder,
) {
  const whole = 'operations' in adapter ? adapter : toyAdapter(adapter)
  const checks = checksOf(whole, fixtures, within).flatMap(({ name: group, checks }) =>
    checks.map(check => ({ ...check, group })),
  )
  const named = checks.filter(check => check.name === name)
  expect(named.length, `checks named "${name}"`).toBeGreaterThan(0)
  return named
}

beforeAll(() => nock.disableNetConnect())
afterAll(() => nock.restore())

describe('is caught:', () => {
  describe.each(Object.entries(promises))('%s', (_, habits) => {
    it.each(habits)('$habit', async ({ adapter, check, fixtures, verdict }) => {
      const verdicts: string[] = []
      for (const { run } of checksNamed(check, adapter, fixtures)) {
        try {
          await run()
        } catch (error) {
          verdicts.push((error as Error).message)
        }
      }
      expect(verdicts.join('\n')).toContain(verdict)
    })
  })
})

it('may stumble over an odd value: the gateway holds it', async () => {
  const stumbles: ToyHabits[] = [
    {
      reply: toyReply.extend({ name: anyName }),
      read: reading((reply, nik) => toyResident({ ...reply, name: reply.name!.trim() }, nik)),
    },
    {
      reply: toyReply.extend({
        name: z
          .string()
          .nullable()
          .transform(name => name!.trim()),
      }),
    },
  ]
  for (const habits of stumbles) for (const { run } of checksNamed('a value is null', habits)) await run()
})

it('leaves out what an adapter says it cannot keep, and names the reason', () => {
  const skips = [{ check: 'a value is null', capability: 'family.lookup', reason: 'the agency never does' }]
  const checks = checksNamed('a value is null', { adapter: { skips } })
  expect(checks.map(({ group, leftOut }) => [group, leftOut])).toEqual([
    ['resident.lookup survives', undefined],
    ['family.lookup survives', 'the agency never does'],
  ])
})

it('wants to be told why it may leave out what it cannot check', async () => {
  const { number: _, ...body } = toyFixtures.exchanges[0]!.response.body as Record<string, string>
  const silent = {
    ...toyFixtures,
    exchanges: [{ ...toyFixtures.exchanges[0]!, response: { status: 200, body } }],
  }
  const [check] = checksNamed(
    'an answer about someone else',
    { read: (reply, nik) => (reply.code === 'OK' ? toyResident(reply, nik) : failed('UPSTREAM_INVALID')) },
    silent,
  )
  await expect(check!.run()).rejects.toThrow(
    "cannot be checked: the answer does not say whom it is about. Tell it in the adapter's skips: " +
      "{ check: 'an answer about someone else', capability: 'resident.lookup', reason: '…' }",
  )
})

it.each([
  {
    habit: 'a package of another name, in JavaScript',
    folder: adapterFolder('mpp-adapter-toy', ['adapter.js', 'adapter.test.js', 'fixtures.json', 'README.md']),
    verdict: undefined,
  },
  {
    habit: 'no README',
    folder: adapterFolder('adapters/toy', ['adapter.ts', 'adapter.test.ts', 'fixtures.json']),
    verdict: 'missing files',
  },
])('looks into the folder: $habit', ({ folder, verdict }) => {
  const [check] = checksNamed(
    'stands in a folder of its own, with its four files',
    sound,
    toyFixtures,
    folder,
  )
  if (verdict === undefined) expect(() => check!.run()).not.toThrow()
  else expect(() => check!.run()).toThrow(verdict)
})

it('finds what the template left to fill in, by file and line', () => {
  const folder = adapterFolder('adapters/toy')
  const [check] = checksNamed('has nothing left to fill in', sound, toyFixtures, folder)
  expect(() => check!.run()).not.toThrow()
  writeFileSync(join(folder, 'README.md'), '# Toy\n\nFILL IN: the outcomes\n')
  expect(() => check!.run()).toThrow('README.md:3 FILL IN: the outcomes')
})
