/** What an adapter's author may misspell, and the compiler finds: `tsc` is the judge of every line marked here. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Adapter,
  defineAdapter,
  defineInbound,
  failed,
  type Operate,
  type Receive,
  type Submit,
} from './adapter.ts'
import { defineNotice } from './capability.ts'
import { optional, publicElement } from './elements.ts'
import { familyLookup } from './family.ts'
import { licenceUpdate } from './licence-orders.ts'
import { residentLookup } from './resident.ts'

const config = z.strictObject({ userId: z.string() })
type Config = z.output<typeof config>
const reply = z.object({ NAMA: z.string() })
const question = { method: 'POST', path: '/people' } as const
const repeatable = true
const request = () => question

const operations = (operation: Operate<Config>) => [
  operation(residentLookup, {
    repeatable,
    request: ({ nik }, { userId }) => ({ ...question, body: { nik, userId } }),
    reply,
    read: ({ NAMA }, { nik }) =>
      NAMA === ''
        ? failed('NOT_FOUND')
        : { nik, fullName: NAMA, religion: null, address: { street: 'JL CONTOH' } },
  }),

  operation(residentLookup, {
    repeatable,
    request: input => ({
      ...question,
      // @ts-expect-error a misspelled input field
      body: { nik: input.nic },
    }),
    reply,
    read: ({ NAMA }, { nik }) => ({ nik, fullName: NAMA }),
  }),

  operation(residentLookup, {
    repeatable,
    request: (_, config) => ({
      ...question,
      // @ts-expect-error an undeclared configuration key
      body: { userId: config.userID },
    }),
    reply,
    read: ({ NAMA }, { nik }) => ({ nik, fullName: NAMA }),
  }),

  operation(residentLookup, {
    repeatable,
    request,
    reply,
    read: (reply, { nik }) => ({
      nik,
      // @ts-expect-error a misspelled reply key
      fullName: reply.NAME,
    }),
  }),

  operation(residentLookup, {
    repeatable,
    request,
    reply,
    read: ({ NAMA }, { nik }) => ({
      nik,
      fullName: NAMA,
      // @ts-expect-error a misspelled element, which could be absent as well
      religon: null,
    }),
  }),

  operation(residentLookup, {
    repeatable,
    request,
    reply,
    read: ({ NAMA }, { nik }) => ({
      nik,
      fullName: NAMA,
      address: {
        street: 'JL CONTOH',
        // @ts-expect-error a misspelled element of a group
        hamlett: null,
      },
    }),
  }),

  operation(familyLookup, {
    repeatable,
    request,
    reply,
    read: ({ NAMA }, { familyCardNumber }) => ({
      familyCardNumber,
      members: [
        {
          nik: '9999011501900001',
          fullName: NAMA,
          // @ts-expect-error a misspelled element of a list
          motherNames: null,
        },
      ],
    }),
  }),

  operation(residentLookup, {
    repeatable,
    request,
    reply,
    // @ts-expect-error a failure code that does not exist
    read: () => failed('NOT_FUOND'),
  }),

  operation(residentLookup, {
    repeatable,
    request,
    reply,
    // @ts-expect-error a failure code of the gateway's own
    read: () => failed('NOT_GRANTED'),
  }),
]

const orderReply = z.object({ NO: z.string(), STATUS: z.string() })
const granted = { state: 'confirmed', clock: 'done' } as const

const orders = (_: Operate<Config>, submit: Submit<Config>) => [
  submit(licenceUpdate, {
    request: ({ id, input, acceptedAt }, { userId }) => ({
      ...question,
      body: { id, at: acceptedAt, nib: input.nib, userId },
    }),
    reply: orderReply,
    read: ({ NO, STATUS }, { input: { licenceId } }) =>
      STATUS === '' ? failed('REJECTED') : { ...granted, reference: NO, result: { licenceId, number: NO } },
    status: {
      settleSeconds: 60,
      everySeconds: 60,
      request: ({ reference }) => ({ ...question, body: { reference } }),
      reply: z.object({ KETERANGAN: z.string() }),
      read: ({ KETERANGAN }) => (KETERANGAN === '' ? { state: 'absent' } : { state: 'unlisted' }),
    },
  }),

  submit(licenceUpdate, {
    request: order => ({
      ...question,
      // @ts-expect-error a misspelled input field
      body: { nib: order.input.nip },
    }),
    reply: orderReply,
    read: () => granted,
  }),

  submit(licenceUpdate, {
    request,
    reply: orderReply,
    // @ts-expect-error a misspelled reply key
    read: reply => ({ ...granted, agencyState: reply.STAUTS }),
  }),

  submit(licenceUpdate, {
    request,
    reply: orderReply,
    read: () => ({
      // @ts-expect-error a state that no order has
      state: 'done',
    }),
  }),

  submit(licenceUpdate, {
    request,
    reply: orderReply,
    read: ({ NO }) => ({
      ...granted,
      // @ts-expect-error a misspelled part of the progress, which could be absent as well
      refrence: NO,
    }),
  }),

  submit(licenceUpdate, {
    request,
    reply: orderReply,
    read: ({ NO }, { input: { licenceId } }) => ({
      ...granted,
      result: {
        licenceId,
        // @ts-expect-error a misspelled element of the result
        nubmer: NO,
      },
    }),
  }),

  submit(licenceUpdate, {
    request,
    reply: orderReply,
    read: () => granted,
    status: {
      settleSeconds: 60,
      everySeconds: 60,
      request,
      reply: orderReply,
      read: (_, { input: { licenceId } }) => ({
        ...granted,
        result: {
          licenceId,
          // @ts-expect-error a misspelled element in the answer to the question after it
          ntoe: null,
        },
      }),
    },
  }),

  submit(licenceUpdate, {
    request,
    reply: orderReply,
    read: () => granted,
    // @ts-expect-error without saying how often to ask
    status: {
      settleSeconds: 60,
      request,
      reply: orderReply,
      read: () => granted,
    },
  }),
]

const adapter: Adapter<typeof config> = {
  contract: 1,
  id: 'example',
  title: { id: 'Contoh', en: 'Example' },
  trust: 'assumed',
  config,
  policy: {
    deadlineMs: 1_000,
    retries: 0,
    concurrency: 1,
    breaker: { errorPercent: 50, minimumCalls: 10, openMs: 1_000 },
  },
  operations: (operation, submit) => [...operations(operation), ...orders(operation, submit)],
}

const token = {
  strategy: 'token',
  request,
  headers: (value: string) => ({ authorization: value }),
  isExpired: (status: number) => status === 401,
} as const

const authenticated = [
  defineAdapter({
    ...adapter,
    authentication: {
      strategy: 'headers',
      // @ts-expect-error a misspelled configuration key
      headers: config => ({ user: config.userID }),
    },
  }),
  defineAdapter({
    ...adapter,
    authentication: {
      strategy: 'signature',
      // @ts-expect-error a misspelled configuration key
      sign: (_, config) => ({ user: config.userID }),
    },
  }),
  defineAdapter({
    ...adapter,
    authentication: {
      ...token,
      // @ts-expect-error a token that is not to be had is no "no" about the question
      read: () => failed('NOT_FOUND'),
    },
  }),
  defineAdapter({ ...adapter, authentication: { ...token, read: () => failed('UPSTREAM_MISCONFIGURED') } }),
  defineAdapter({
    ...adapter,
    statuses: {
      404: 'NOT_FOUND',
      500: 'read',
      // @ts-expect-error a failure code of the gateway's own
      403: 'NOT_GRANTED',
    },
  }),
]

const issued = defineNotice({
  id: 'licence.issued',
  title: { id: 'Izin terbit', en: 'Licence issued' },
  description: { id: 'Izin terbit.', en: 'A licence was issued.' },
  output: z.object({
    number: publicElement(z.string(), 'Nomor', 'Number'),
    place: optional(publicElement(z.string(), 'Tempat', 'Place')),
  }),
  subjects: () => [],
  example: { output: { number: '1' } },
})

const receive = (receive: Receive<Config>) => [
  receive(issued, {
    path: '/licences',
    body: z.object({ no: z.string() }),
    // @ts-expect-error a misspelled configuration key
    verify: ({ header }, config) => header('user') === config.userID,
    read: ({ no }) => ({
      number: no,
      // @ts-expect-error a misspelled element
      palce: null,
    }),
    answer: () => ({ status: 200, body: {} }),
  }),
  receive(issued, {
    path: '/licences',
    body: z.object({ no: z.string() }),
    verify: ({ header }, { userId }) => header('user') === userId,
    read: ({ no }) => (no === '' ? failed('REJECTED') : { number: no, place: null }),
    answer: () => ({ status: 200, body: {} }),
  }),
]

it('compiles only what the contract names', () => {
  const inbound = defineInbound({ config, operations: receive })
  expect([...authenticated, { ...adapter, inbound }].map(({ id }) => id)).toEqual(Array(6).fill('example'))
})
