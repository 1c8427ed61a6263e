/** An agency for the kit's own tests: it knows people by NIK and families by card, and says no with a code. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import {
  type Adapter,
  defineAdapter,
  defineInbound,
  failed,
  type Failed,
  type InboundSpecification,
  type Operation,
  type OperationSpecification,
  type SubmitSpecification,
} from '#contracts/adapter.ts'
import { defineNotice } from '#contracts/capability.ts'
import { optional, personal } from '#contracts/elements.ts'
import { familyLookup } from '#contracts/family.ts'
import { religion } from '#contracts/population-codes.ts'
import { residentLookup } from '#contracts/resident.ts'
import { isSameSecret, secret } from '#contracts/secret.ts'
import { defineSubmission, documents, type Order, type Progress } from '#contracts/submission.ts'

const config = z.strictObject({
  password: secret(),
  spelling: z.strictObject({ nik: z.string().default('nik') }).prefault({}),
})
type Config = z.output<typeof config>

export const toyReply = z.object({
  code: z.string(),
  number: z.string().optional(),
  name: z.string().optional(),
  faith: z.string().optional(),
  born: z.iso.date().optional(),
})
export type ToyReply = z.output<typeof toyReply>

const toyFamily = z.object({
  code: z.string(),
  card: z.string().optional(),
  people: z.array(z.object({ number: z.string(), name: z.string() })).optional(),
})

type Resident = z.input<(typeof residentLookup)['output']>
type Family = z.input<(typeof familyLookup)['output']>

/** What a test may break. */
interface Habits {
  path(nik: string, password: string): `/${string}`
  reply: z.ZodType<ToyReply>
  read(reply: ToyReply, nik: string, password: string): Resident | Failed
  readFamily(reply: z.output<typeof toyFamily>, card: string): Family | Failed
  operation: Partial<
    OperationSpecification<
      (typeof residentLookup)['input'],
      (typeof residentLookup)['output'],
      z.ZodType<ToyReply>,
      Config
    >
  >
  adapter: Partial<Adapter<typeof config>>
}

export type ToyHabits = Partial<Habits>

const refusal = (code: string): Failed => failed(code === 'NONE' ? 'NOT_FOUND' : 'UPSTREAM_INVALID', code)

/** What a sound adapter makes of a reply. */
export const toyResident = ({ name = '', faith, born }: ToyReply, nik: string): Resident => ({
  nik,
  fullName: name,
  ...(faith !== undefined && { religion: religion.read(faith) }),
  ...(born !== undefined && { birthDate: born }),
})

export function toyAdapter(habits: ToyHabits = {}): Adapter {
  const {
    path,
    reply,
    read,
    readFamily,
    operation: changes,
    adapter,
  }: Habits = {
    path: () => '/people',
    reply: toyReply,
    read(reply, nik) {
      if (reply.code !== 'OK') return refusal(reply.code)
      return reply.number === nik ? toyResident(reply, nik) : failed('UPSTREAM_INVALID')
    },
    readFamily({ code, card, people = [] }, familyCardNumber) {
      if (code !== 'OK') return refusal(code)
      const isWhole = new Set(people.map(({ number }) => number)).size === people.length
      if (card !== familyCardNumber || !isWhole) return failed('UPSTREAM_INVALID')
      const members = people.map(({ number, name }) => ({ nik: number, fullName: name }))
      return { familyCardNumber, members }
    },
    operation: {},
    adapter: {},
    ...habits,
  }
  return defineAdapter({
    contract: 1,
    id: 'toy',
    title: { id: 'Instansi mainan', en: 'Toy agency' },
    trust: 'assumed',
    config,
    policy: {
      deadlineMs: 1_000,
      retries: 1,
      concurrency: 2,
      breaker: { errorPercent: 50, minimumCalls: 10, openMs: 1_000 },
    },
    operations: operation => [
      operation(residentLookup, {
        repeatable: true,
        request: ({ nik }, { password, spelling }) => ({
          method: 'POST',
          path: path(nik, password.reveal()),
          body: { [spelling.nik]: nik, password: password.reveal() },
        }),
        reply,
        read: (answer, { nik }, { password }) => read(answer, nik, password.reveal()),
        ...changes,
      }),
      operation(familyLookup, {
        repeatable: false,
        request: ({ familyCardNumber }) => ({
          method: 'POST',
          path: '/families',
          body: { card: familyCardNumber },
        }),
        reply: toyFamily,
        read: (answer, { familyCardNumber }) => readFamily(answer, familyCardNumber),
      }),
    ],
    ...adapter,
  })
}

export const toyNik = '9999011501900001'
export const toyPassword = 'sandi-mainan'
const familyCard = '9999010101200001'
const request = { method: 'POST', path: '/people', body: { nik: toyNik, password: toyPassword } }

const found = {
  name: 'found',
  capability: 'resident.lookup',
  input: { nik: toyNik },
  request,
  response: {
    status: 200,
    body: { code: 'OK', number: toyNik, name: 'WARGA CONTOH', faith: 'ALIRAN CONTOH', born: '1990-01-15' },
  },
  expect: {
    data: {
      nik: toyNik,
      fullName: 'WARGA CONTOH',
      religion: { code: 'unknown', text: 'ALIRAN CONTOH' },
      birthDate: '1990-01-15',
    },
  },
  warnings: ['/religion'],
  quotaLeft: null,
}

const notFound = {
  name: 'not found',
  capability: 'resident.lookup',
  input: { nik: toyNik },
  request,
  response: { status: 200, body: { code: 'NONE' } },
  expect: { failure: 'NOT_FOUND', upstreamCode: 'NONE' },
}

const family = {
  name: 'a family',
  capability: 'family.lookup',
  input: { familyCardNumber: familyCard },
  request: { method: 'POST', path: '/families', body: { card: familyCard } },
  response: {
    status: 200,
    body: {
      code: 'OK',
      card: familyCard,
      people: [
        { number: toyNik, name: 'WARGA CONTOH' },
        { number: '9999015203920003', name: 'ISTRI CONTOH' },
      ],
    },
  },
  expect: {
    data: {
      familyCardNumber: familyCard,
      members: [
        { nik: toyNik, fullName: 'WARGA CONTOH' },
        { nik: '9999015203920003', fullName: 'ISTRI CONTOH' },
      ],
    },
  },
}

export const toyFixtures = { config: { password: toyPassword }, exchanges: [found, notFound, family] }

/** The fixtures with something else in "found", and in "not found". */
export const toyFixturesWith = (changes: object, changesOfNotFound: object = {}) => ({
  ...toyFixtures,
  exchanges: [{ ...found, ...changes }, { ...notFound, ...changesOfNotFound }, family],
})

// -- Other ways of being known to the agency ----------------------------------------------------------------------------

const body = { nik: toyNik }
const withoutPassword = {
  request: ({ nik }: { nik: string }) => ({ method: 'POST', path: '/people', body: { nik } }) as const,
}

/** The fixtures of an agency that knows us by a header. */
const knownBy = (headers: Record<string, string>, more: object = {}) => {
  const asked = { request: { method: 'POST', path: '/people', headers, body }, ...more }
  return {
    ...toyFixtures,
    exchanges: [
      { ...found, ...asked },
      { ...notFound, ...asked },
    ],
  }
}

const operationsWithoutFamily = (adapter: Adapter): Adapter => ({
  ...adapter,
  operations: (operation, submit) => adapter.operations(operation, submit).slice(0, 1),
})

export const toyWithBasic = (habits: ToyHabits = {}): Adapter =>
  operationsWithoutFamily(
    toyAdapter({
      ...habits,
      operation: withoutPassword,
      adapter: {
        authentication: {
          strategy: 'basic',
          credentials: ({ password }) => ({ username: 'toy', password: password.reveal() }),
        },
      },
    }),
  )
export const basicFixtures = knownBy({
  authorization: `Basic ${Buffer.from(`toy:${toyPassword}`).toString('base64')}`,
})

/** `signed`: what goes into the signature. */
export const toyWithSignature = (
  signed = (now: number, body: unknown) => `${now} ${String(body)}`,
): Adapter =>
  operationsWithoutFamily(
    toyAdapter({
      operation: withoutPassword,
      adapter: {
        authentication: {
          strategy: 'signature',
          sign: ({ body }, { password }, now) => ({
            'x-signature': createHmac('sha256', password.reveal()).update(signed(now, body)).digest('hex'),
          }),
        },
      },
    }),
  )
export const signatureFixtures = knownBy(
  { 'x-signature': '87474053ef4bab7af01c814f038201e210cc55365df7dabef43ae6c598a757d1' },
  { at: '2026-09-21T09:00:00+07:00' },
)

export const toyWithToken = (
  habits: ToyHabits = {},
  isExpired: (status: number) => boolean = status => status === 401,
): Adapter =>
  operationsWithoutFamily(
    toyAdapter({
      ...habits,
      operation: withoutPassword,
      adapter: {
        authentication: {
          strategy: 'token',
          request: ({ password }) => ({
            method: 'POST',
            path: '/token',
            body: { password: password.reveal() },
          }),
          read(reply) {
            const read = z.object({ token: z.string() }).safeParse(reply)
            return read.success
              ? { token: read.data.token, lifetimeSeconds: 3_600 }
              : failed('UPSTREAM_MISCONFIGURED')
          },
          headers: token => ({ authorization: `Bearer ${token}` }),
          isExpired,
        },
      },
    }),
  )
export const tokenFixtures = {
  ...knownBy({ authorization: 'Bearer token-contoh-1' }),
  authentication: {
    request: { method: 'POST', path: '/token', body: { password: toyPassword } },
    response: { status: 200, body: { token: 'token-contoh-1' } },
  },
}

// -- A format of its own -------------------------------------------------------------------------------------------------

/** Asks `nik|password`, and is answered `code|number|name`. `changesInside`: the checks that change values in an answer. */
export const toyWithFormat = (changesInside: readonly string[]): Adapter =>
  operationsWithoutFamily(
    toyAdapter({
      operation: {
        encode: ({ method, path, body }) => ({
          method,
          path,
          headers: { 'content-type': 'text/plain' },
          body: Object.values(body as object).join('|'),
        }),
        decode(bytes) {
          const [code, number, name, ...more] = Buffer.from(bytes).toString().split('|')
          if (code === undefined || !/^[A-Z]+$/.test(code) || more.length > 0)
            throw new Error('not our format')
          return { code, number, name }
        },
      },
      adapter: {
        statuses: { 404: 'NOT_FOUND', 422: 'read' },
        skips: changesInside.map(check => ({ check, reason: 'The kit changes values in JSON only.' })),
      },
    }),
  )
const textRequest = { method: 'POST', path: '/people', text: `${toyNik}|${toyPassword}` }
export const formatFixtures = {
  ...toyFixtures,
  exchanges: [
    {
      ...found,
      request: textRequest,
      response: { status: 200, text: `OK|${toyNik}|WARGA CONTOH` },
      expect: { data: { nik: toyNik, fullName: 'WARGA CONTOH' } },
      warnings: [],
    },
    {
      ...notFound,
      request: textRequest,
      response: { status: 422, base64: Buffer.from('NONE').toString('base64') },
    },
  ],
}

// -- An agency that takes orders -----------------------------------------------------------------------------------------

const permitRequest = defineSubmission({
  id: 'permit.request',
  kind: 'submission',
  path: '/v1/permits',
  title: { id: 'Permohonan izin', en: 'Request for a permit' },
  description: { id: 'Memohon izin.', en: 'Requests a permit.' },
  input: z.strictObject({ nik: z.string().regex(/^\d{16}$/), purpose: z.string().min(1), documents }),
  output: z.object({
    nik: personal(z.string(), 'NIK', 'NIK'),
    number: optional(personal(z.string(), 'Nomor', 'Number')),
  }),
  subjects: ({ nik }) => [{ type: 'nik', value: nik }],
  documents: input => input.documents,
  example: {
    input: { nik: toyNik, purpose: 'Melamar pekerjaan' },
    output: { nik: toyNik, number: 'IZIN/1' },
  },
})

export const toyPermit = z.object({
  code: z.string(),
  reference: z.string().optional(),
  nik: z.string().optional(),
  state: z.string().optional(),
  number: z.string().nullish(),
})
type PermitReply = z.output<typeof toyPermit>
type Permit = z.input<(typeof permitRequest)['output']>
type PermitOrder = Order<z.output<(typeof permitRequest)['input']>>
type PermitSpecification = SubmitSpecification<
  (typeof permitRequest)['input'],
  (typeof permitRequest)['output'],
  z.ZodType<PermitReply>,
  z.ZodType<PermitReply>,
  Config
>

const permitStates = new Map<string, 'accepted' | 'confirmed' | 'rejected'>([
  ['REGISTERED', 'accepted'],
  ['ISSUED', 'confirmed'],
  ['REFUSED', 'rejected'],
])

/** What a sound adapter makes of an answer that is about its order. */
export function toyProgress({ nik, state = '', number }: PermitReply): Progress<Permit> {
  const known = permitStates.get(state)
  if (!known) return { state: 'unlisted' }
  return { state: known, agencyState: state, result: { nik: nik!, number } }
}

function readPermit(reply: PermitReply, order: PermitOrder): Progress<Permit> | Failed {
  if (reply.code === 'NO') return failed('REJECTED', 'NO')
  const isThis = reply.reference === order.id && reply.nik === order.input.nik
  return reply.code === 'OK' && isThis ? toyProgress(reply) : failed('UPSTREAM_INVALID', reply.code)
}

const readPermitStatus = (reply: PermitReply, order: PermitOrder): Progress<Permit> | Failed =>
  reply.code === 'NONE' ? { state: 'absent' } : readPermit(reply, order)

/** `bind`: what becomes of the operation afterwards. */
export const toyWithOrder = (
  habits: Partial<PermitSpecification> = {},
  statusHabits: Partial<NonNullable<PermitSpecification['status']>> = {},
  adapter: Partial<Adapter> = {},
  bind: (operation: Operation) => Operation = operation => operation,
): Adapter => ({
  ...toyAdapter(),
  operations: (_, submit) => [
    bind(
      submit(permitRequest, {
        request: ({ id, input, attachments }) => ({
          method: 'POST',
          path: '/permits',
          body: {
            reference: id,
            nik: input.nik,
            purpose: input.purpose,
            papers: input.documents.map(({ requirement, attachment }) => ({
              requirement,
              content: attachment && attachments[attachment]!.bytes.toBase64(),
            })),
          },
        }),
        reply: toyPermit,
        read: readPermit,
        status: {
          settleSeconds: 60,
          everySeconds: 60,
          request: ({ id, input: { nik } }) => ({
            method: 'POST',
            path: '/permits/status',
            body: { reference: id, nik },
          }),
          reply: toyPermit,
          read: readPermitStatus,
          ...statusHabits,
        },
        ...habits,
      }),
    ),
  ],
  ...adapter,
})

const orderId = '01997b6e-4d00-7000-8000-000000000001'
const attachment = 'att_0123456789abcdefghijAB'
const ordered = {
  capability: 'permit.request',
  input: {
    nik: toyNik,
    purpose: 'Melamar pekerjaan',
    documents: [{ requirement: 'photo', attachment }, { requirement: 'ktp' }],
  },
  request: {
    method: 'POST',
    path: '/permits',
    body: {
      reference: orderId,
      nik: toyNik,
      purpose: 'Melamar pekerjaan',
      papers: [
        { requirement: 'photo', content: Buffer.from(attachment).toString('base64') },
        { requirement: 'ktp' },
      ],
    },
  },
}
const askedAfter = {
  ...ordered,
  order: { ask: 'status' },
  request: { method: 'POST', path: '/permits/status', body: { reference: orderId, nik: toyNik } },
}
const permitAnswer = { code: 'OK', reference: orderId, nik: toyNik, state: 'REGISTERED', number: null }
const issued = { ...permitAnswer, state: 'ISSUED', number: 'IZIN/1' }

export const orderFixtures = {
  config: { password: toyPassword },
  exchanges: [
    {
      ...ordered,
      name: 'taken',
      response: { status: 200, body: permitAnswer },
      expect: {
        data: { state: 'accepted', agencyState: 'REGISTERED', result: { nik: toyNik, number: null } },
      },
    },
    {
      ...ordered,
      name: 'refused',
      response: { status: 200, body: { code: 'NO' } },
      expect: { failure: 'REJECTED', upstreamCode: 'NO' },
    },
    {
      ...askedAfter,
      name: 'issued',
      order: { ask: 'status', isAccepted: true, reference: 'IZIN/1' },
      response: { status: 200, body: issued },
      expect: {
        data: { state: 'confirmed', agencyState: 'ISSUED', result: { nik: toyNik, number: 'IZIN/1' } },
      },
    },
    {
      ...askedAfter,
      name: 'absent',
      response: { status: 200, body: { code: 'NONE' } },
      expect: { data: { state: 'absent' } },
    },
  ],
}

// -- An agency that calls us ---------------------------------------------------------------------------------------------

const moved = defineNotice({
  id: 'resident.moved',
  title: { id: 'Pindah', en: 'Moved' },
  description: { id: 'Seorang penduduk pindah.', en: 'A resident has moved.' },
  output: z.object({
    nik: personal(z.string(), 'NIK', 'NIK'),
    street: personal(z.string(), 'Jalan', 'Street'),
  }),
  subjects: ({ nik }) => [{ type: 'nik', value: nik }],
  example: { output: { nik: toyNik, street: 'JL CONTOH NO 1' } },
})
const movedBody = z.object({ nik: z.string(), street: z.string() })
const inboundConfig = z.strictObject({ key: secret() })
type InboundHabits = Partial<
  InboundSpecification<(typeof moved)['output'], typeof movedBody, z.output<typeof inboundConfig>>
>

export const toyWithInbound = (habits: InboundHabits = {}): Adapter =>
  toyAdapter({
    adapter: {
      inbound: defineInbound({
        config: inboundConfig,
        operations: receive => [
          receive(moved, {
            path: '/moved',
            body: movedBody,
            verify: ({ header }, { key }) => isSameSecret(header('x-key') ?? '', key.reveal()),
            read: body => body,
            answer: outcome => ({ status: outcome === 'stored' ? 200 : 400, body: { outcome } }),
            ...habits,
          }),
        ],
      }),
    },
  })
export const inboundFixtures = {
  ...toyFixtures,
  inbound: [
    {
      name: 'somebody has moved',
      notice: 'resident.moved',
      config: { key: 'kunci-dari-instansi' },
      headers: { 'X-Key': 'kunci-dari-instansi' },
      body: { nik: toyNik, street: 'JL CONTOH NO 1', since: '2026-09-21' },
      expect: {
        answer: { status: 200, body: { outcome: 'stored' } },
        data: { nik: toyNik, street: 'JL CONTOH NO 1' },
      },
    },
  ],
}
