/**
 * Fixtures: recorded exchanges with an agency, about synthetic people (province 99) only. One `fixtures.json` per adapter:
 *
 *     {
 *       // The adapter's settings, with invented credentials of at least 8 characters: they are looked for wherever they
 *       // must not appear.
 *       "config": { "institution": "DISKOMINFO", "password": "kata-sandi-contoh" },
 *
 *       // Where a token is fetched first: how, at a path of its own. `expired` is the answer to a question whose token has
 *       // expired; HTTP 401 with nothing in it where it is absent.
 *       "authentication": {
 *         "request": { "method": "POST", "path": "/token", "text": "grant_type=client_credentials" },
 *         "response": { "status": 200, "body": { "access_token": "token-contoh", "expires_in": 3600 } },
 *         "expired": { "status": 401, "body": { "code": "900901" } }
 *       },
 *
 *       "exchanges": [
 *         {
 *           "name": "found",                                // what it shows; unique for its capability
 *           "capability": "resident.lookup",
 *           "config": { "institution": "DINKES" },          // settings that differ from the file's own
 *           "at": "2026-09-21T09:00:00+07:00",              // the gateway's clock, where a signature depends on it
 *           "input": { "nik": "9999011501900001" },         // what the counter asks
 *           "request": {                                    // what the agency must get
 *             "method": "POST",
 *             "path": "/get_json/DINKES/CALL_NIK",
 *             "headers": { "x-signature": "…" },            // these at least
 *             "body": { "nik": "9999011501900001" }         // JSON; or "text", as it is
 *           },
 *           "response": {                                   // what it answers
 *             "status": 200,
 *             "headers": { "content-type": "application/json" },
 *             "body": { "code": "OK" }                      // JSON; or "text", or "base64" for bytes
 *           },
 *           "expect": { "data": { "nik": "…" } },           // all of the data; or, of a failure:
 *                                                           // { "failure": "NOT_FOUND", "upstreamCode": "13" }
 *           "warnings": ["/religion"],                      // elements whose text no code list knows
 *           "quotaLeft": 4999,                              // what is then known of the day's quota; null: nothing
 *           "standIn": { "weather": "quota-gone" }          // the weather in which mocks/<id> gives the same outcome
 *         },
 *         {
 *           "name": "issued",
 *           "capability": "licence.issue",                  // an order: it is brought to the agency, or …
 *           "order": {                                      // what is not the counter's; may be absent
 *             "ask": "status",                              // … the agency is asked what became of it
 *             "id": "01997b6e-4d00-7000-8000-000000000001", // ours; by default this one
 *             "acceptedAt": "2026-01-06T08:02:03+07:00",    // likewise
 *             "reference": "05602600000010001",             // the agency's own, where it has given one
 *             "isAccepted": true                            // the agency has said that it has it; false by default
 *           },
 *           "input": { "licenceId": "I-…" },                // an attachment that it names is an image/jpeg of its id's bytes
 *           "request": { … },
 *           "response": { … },
 *           "expect": { "data": { "state": "confirmed", "agencyState": "50", "result": { … } } },  // its `Progress`
 *           "standIn": {
 *             "after": "taken",                             // the order that was brought to mocks/<id> before
 *             "steer": { "order": { "act": "TERBIT" } }     // what `POST /mock/order` said then
 *           }
 *         }
 *       ],
 *
 *       // Where the agency calls us.
 *       "inbound": [
 *         {
 *           "name": "a business is licensed",
 *           "notice": "business.licensed",
 *           "config": { "password": "sandi-dari-instansi" }, // what stands under `upstreams.<id>.inbound.config`
 *           "at": "2026-09-21T09:00:00+07:00",
 *           "headers": { "token": "…" },
 *           "body": { "nib": "9999900000001" },              // JSON; or "text", as it is
 *           "expect": {
 *             "answer": { "status": 200, "body": { "kode": 200 } },
 *             "data": { "nib": "9999900000001" }             // what is kept; absent: nothing
 *           },
 *           "standIn": { "push": { "nib": "9999900000001" } } // what `POST /mock/push` must say for mocks/<id> to call thus
 *         }
 *       ]
 *     }
 *
 * In every JSON body `"9999011501900001n"` is the exact integer 9999011501900001 on the wire (see `exact-json.ts`).
 * Each exchange is played by `describeAdapter`; where there is a stand-in agency, the same questions are put to it too, and
 * must end the same, and it must make the same calls to us. What a stand-in cannot show is no fixture: write it into `adapter.test.ts`.
 */
import { z } from 'zod'
import type { Adapter } from '#contracts/adapter.ts'
import type { Capability } from '#contracts/capability.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { progressOf } from '#contracts/submission.ts'
import { noticesOf, operationsOf } from '#gateway/upstream/upstream.ts'

const record = z.record(z.string(), z.unknown())
const headers = z
  .record(z.string(), z.string())
  .transform(all =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value])),
  )

/** Epoch milliseconds. */
const instant = z.union([z.int(), z.iso.datetime({ offset: true }).transform(text => Date.parse(text))])

/** What an adapter gets of an order beside its input. */
const orderFixture = z.strictObject({
  ask: z.enum(['deliver', 'status']).default('deliver'),
  id: z.uuid().default('01997b6e-4d00-7000-8000-000000000001'),
  acceptedAt: instant.default(Date.parse('2026-01-06T08:02:03+07:00')),
  reference: z.string().min(1).optional(),
  isAccepted: z.boolean().default(false),
})

/** How many of these are there? */
const countOf = (...values: readonly unknown[]): number => values.filter(value => value !== undefined).length

const requestFixture = z
  .strictObject({
    method: z.enum(['GET', 'POST']),
    path: z.string().startsWith('/'),
    headers: headers.default({}),
    body: z.unknown().optional(),
    text: z.string().optional(),
  })
  .refine(({ body, text }) => countOf(body, text) <= 1, { error: 'either body or text' })

const responseFixture = z
  .strictObject({
    status: z.int().min(200).max(599),
    headers: headers.default({}),
    body: z.unknown().optional(),
    text: z.string().optional(),
    base64: z.base64().optional(),
  })
  .refine(({ body, text, base64 }) => countOf(body, text, base64) === 1, {
    error: 'either body, text or base64',
  })

const exchangeFixture = z.strictObject({
  name: z.string().min(1),
  capability: z.string(),
  config: record.optional(),
  at: instant.optional(),
  order: orderFixture.optional(),
  input: record,
  request: requestFixture,
  response: responseFixture,
  expect: z
    .strictObject({
      data: record.optional(),
      failure: z
        .enum(Object.keys(failures) as [FailureCode], { error: 'expected a code of contracts/failures.ts' })
        .optional(),
      upstreamCode: z.string().optional(),
    })
    .refine(({ data, failure }) => countOf(data, failure) === 1, { error: 'either data or failure' }),
  warnings: z.array(z.string()).default([]),
  quotaLeft: z.int().nullable().optional(),
  standIn: z
    .strictObject({
      weather: z.string().optional(),
      after: z.string().optional(),
      steer: z.record(z.string(), record).optional(),
    })
    .optional(),
})

const inboundFixture = z
  .strictObject({
    name: z.string().min(1),
    notice: z.string(),
    config: record.default({}),
    at: instant.optional(),
    headers: headers.default({}),
    body: z.unknown().optional(),
    text: z.string().optional(),
    expect: z.strictObject({
      answer: z.strictObject({ status: z.int(), body: z.unknown() }),
      data: record.optional(),
    }),
    standIn: z.strictObject({ push: z.record(z.string(), z.string()) }).optional(),
  })
  .refine(({ body, text }) => countOf(body, text) === 1, { error: 'either body or text' })

const fixtureFile = z.strictObject({
  config: record,
  authentication: z
    .strictObject({
      request: requestFixture,
      response: responseFixture,
      expired: responseFixture.default({ status: 401, headers: {}, text: '' }),
    })
    .optional(),
  exchanges: z.array(exchangeFixture).min(1),
  inbound: z.array(inboundFixture).default([]),
})

export type WireQuestion = z.output<typeof requestFixture>
export type WireReply = z.output<typeof responseFixture>
export type TokenExchange = NonNullable<z.output<typeof fixtureFile>['authentication']>

export type OrderFixture = z.output<typeof orderFixture>

export interface Exchange extends Omit<z.output<typeof exchangeFixture>, 'capability' | 'config' | 'order'> {
  readonly capability: Capability
  /** Undefined: a question. */
  readonly order: OrderFixture | undefined
  /** Parsed by the adapter's own schema. */
  readonly config: unknown
  /** Comes first, where the adapter fetches a token. */
  readonly authentication: TokenExchange | undefined
}

export type InboundExchange = z.output<typeof inboundFixture>

export interface Fixtures {
  /** The adapter's settings as the file has them. */
  readonly config: Readonly<Record<string, unknown>>
  readonly exchanges: readonly Exchange[]
  readonly inbound: readonly InboundExchange[]
}

/**
 * A fixture file, resolved.
 * @throws Error with every mistake in the file, by exchange and path.
 */
export function readFixtures(adapter: Adapter, file: unknown): Fixtures {
  const parsed = fixtureFile.safeParse(file)
  if (!parsed.success) throw mistaken(issuesOf(parsed.error))
  const { config, authentication, exchanges, inbound } = parsed.data
  const operations = new Map(operationsOf(adapter).map(operation => [operation.capability.id, operation]))
  const notices = new Map(noticesOf(adapter).map(({ notice }) => [notice.id, notice]))
  const mistakes: string[] = []
  const checkOf =
    (name: string) =>
    (where: string, schema: z.ZodType, value: unknown): unknown => {
      const { error, data } = schema.safeParse(value)
      if (error) for (const issue of issuesOf(error, [where])) mistakes.push(`"${name}": ${issue}`)
      return data
    }

  const fetchesToken = adapter.authentication?.strategy === 'token'
  if (fetchesToken !== (authentication !== undefined))
    mistakes.push(`authentication: ${fetchesToken ? 'show how the token is fetched' : 'no token is fetched'}`)

  mistakes.push(...takenNames(exchanges.map(({ name, capability }) => ({ name, of: capability }))))
  const resolved = exchanges.flatMap((exchange): Exchange[] => {
    const operation = operations.get(exchange.capability)
    if (!operation) {
      mistakes.push(`"${exchange.name}": capability: expected one of ${[...operations.keys()].join(', ')}`)
      return []
    }
    const { capability, follow } = operation
    const isOrder = capability.kind === 'submission'
    const order = isOrder ? (exchange.order ?? orderFixture.parse({})) : undefined
    if (exchange.order && !isOrder) mistakes.push(`"${exchange.name}": order: ${capability.id} is a question`)
    if (order?.ask === 'status' && !follow)
      mistakes.push(`"${exchange.name}": order.ask: the adapter does not ask what became of it`)
    const check = checkOf(exchange.name)
    check('input', capability.input, exchange.input)
    if (exchange.expect.data) check('expect.data', answerOf(capability), exchange.expect.data)
    const { after } = exchange.standIn ?? {}
    if (after !== undefined && !exchanges.some(one => one.name === after && one.capability === capability.id))
      mistakes.push(`"${exchange.name}": standIn.after: no such exchange of ${capability.id}`)
    const own = check('config', adapter.config, { ...config, ...exchange.config })
    return [{ ...exchange, capability, order, config: own, authentication }]
  })

  mistakes.push(...takenNames(inbound.map(({ name, notice }) => ({ name, of: notice }))))
  for (const call of inbound) {
    const notice = notices.get(call.notice)
    const check = checkOf(call.name)
    if (!notice)
      mistakes.push(
        `"${call.name}": notice: expected one of ${[...notices.keys()].join(', ') || 'none: it declares no inbound'}`,
      )
    else if (call.expect.data) check('expect.data', notice.output, call.expect.data)
    if (adapter.inbound) check('config', adapter.inbound.config, call.config)
  }
  if (mistakes.length > 0) throw mistaken(mistakes)
  return { config, exchanges: resolved, inbound }
}

/** The shape of what comes of it: the record, or the progress of an order. */
export const answerOf = ({ kind, output }: Capability): z.ZodObject =>
  kind === 'submission' ? progressOf(output) : output

function* takenNames(all: readonly { name: string; of: string }[]): Generator<string> {
  const taken = new Set<string>()
  for (const { name, of } of all) {
    if (taken.has(`${of} ${name}`)) yield `"${name}": the name is taken`
    taken.add(`${of} ${name}`)
  }
}

const issuesOf = ({ issues }: z.ZodError, under: readonly string[] = []): string[] =>
  issues.map(({ path, message }) => `${[...under, ...path].join('.')}: ${message}`)

const mistaken = (mistakes: readonly string[]): Error =>
  new Error(`in the fixtures:\n  ${mistakes.join('\n  ')}`)
