/** Fixtures: recorded exchanges with an agency, about synthetic people (province 99) only. */
import { z } from 'zod'
import type { Adapter } from '#contracts/adapter.ts'
import type { Capability } from '#contracts/capability.ts'
import { type FailureCode, failures } from '#contracts/failures.ts'
import { operationsOf } from '#gateway/upstream/upstream.ts'

const record = z.record(z.string(), z.unknown())

const exchangeFixture = z.strictObject({
  /** What it shows, in a few words; unique for its capability. */
  name: z.string().min(1),
  capability: z.string(),
  /** Settings that differ from the file's own. */
  config: record.optional(),
  /** What the counter asks. */
  input: record,
  /** What the agency must get. */
  request: z.strictObject({
    method: z.enum(['GET', 'POST']),
    path: z.string().startsWith('/'),
    body: z.unknown().optional(),
  }),
  /** What it answers: `body` as JSON (`"123n"` is an exact integer, see `exact-json.ts`), or `text` as it is. */
  response: z
    .strictObject({
      status: z.int().min(200).max(599),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown().optional(),
      text: z.string().optional(),
    })
    .refine(({ body, text }) => (body === undefined) !== (text === undefined), {
      error: 'either body or text',
    }),
  /** What the counter gets: all of the data, or a failure with the agency's own code where it has one. */
  expect: z
    .strictObject({
      data: record.optional(),
      failure: z
        .enum(Object.keys(failures) as [FailureCode], { error: 'expected a code of contracts/failures.ts' })
        .optional(),
      upstreamCode: z.string().optional(),
    })
    .refine(({ data, failure }) => (data === undefined) !== (failure === undefined), {
      error: 'either data or failure',
    }),
  /** Elements whose text no code list knows. */
  warnings: z.array(z.string()).default([]),
  /** What the gateway then knows of the day's quota; null: nothing. Not checked where absent. */
  quotaLeft: z.int().nullable().optional(),
})

const fixtureFile = z.strictObject({
  /** The adapter's settings, with invented credentials: they are looked for wherever they must not appear. */
  config: record,
  exchanges: z.array(exchangeFixture).min(1),
})

export interface Exchange extends Omit<z.output<typeof exchangeFixture>, 'capability' | 'config'> {
  readonly capability: Capability
  /** Parsed by the adapter's own schema. */
  readonly config: unknown
}

/**
 * The exchanges of a fixture file, resolved.
 * @throws Error with every mistake in the file, by exchange and path.
 */
export function readFixtures(adapter: Adapter, file: unknown): readonly Exchange[] {
  const parsed = fixtureFile.safeParse(file)
  if (!parsed.success) throw mistaken(issuesOf(parsed.error))
  const { config, exchanges } = parsed.data
  const capabilities = new Map(operationsOf(adapter).map(({ capability }) => [capability.id, capability]))
  const mistakes: string[] = []

  const resolved = exchanges.flatMap((exchange, index): Exchange[] => {
    const mistake = (what: string) => mistakes.push(`"${exchange.name}": ${what}`)
    const check = (where: string, schema: z.ZodType, value: unknown): unknown => {
      const { error, data } = schema.safeParse(value)
      if (error) issuesOf(error, [where]).forEach(mistake)
      return data
    }
    const isSame = (other: typeof exchange) =>
      other.name === exchange.name && other.capability === exchange.capability
    if (exchanges.findIndex(isSame) !== index) mistake('the name is taken')
    const capability = capabilities.get(exchange.capability)
    if (!capability) {
      mistake(`capability: expected one of ${[...capabilities.keys()].join(', ')}`)
      return []
    }
    check('input', capability.input, exchange.input)
    if (exchange.expect.data) check('expect.data', capability.output, exchange.expect.data)
    return [
      { ...exchange, capability, config: check('config', adapter.config, { ...config, ...exchange.config }) },
    ]
  })
  if (mistakes.length > 0) throw mistaken(mistakes)
  return resolved
}

const issuesOf = ({ issues }: z.ZodError, under: readonly string[] = []): string[] =>
  issues.map(({ path, message }) => `${[...under, ...path].join('.')}: ${message}`)

const mistaken = (mistakes: readonly string[]): Error =>
  new Error(`in the fixtures:\n  ${mistakes.join('\n  ')}`)
