/**
 * Does a module hold an adapter? The compiler says so of those in the tree; a package may have been built against another
 * version of the contracts, or by hand.
 */
import { z } from 'zod'
import { policy, trustLevels } from '#contracts/adapter.ts'

const callable = z.custom(value => typeof value === 'function')
/** A schema of whichever copy of zod. */
const schema = z.custom(value => typeof (value as Partial<z.ZodType> | undefined)?.safeParse === 'function')
const text = z.string().min(1)
const texts = z.object({ id: text, en: text })
const trust = z.enum(trustLevels)

const record = z.object({ id: text, kind: text, title: texts, output: schema, elements: z.instanceof(Map) })
const capability = record.extend({ path: z.string().startsWith('/v1/'), input: schema, subjects: callable })

const adapter = z.object({
  id: text,
  title: texts,
  trust,
  config: schema,
  policy,
  authentication: z.object({ strategy: z.enum(['headers', 'basic', 'signature', 'token']) }).optional(),
  exactIntegers: z.array(text).optional(),
  statuses: z.record(z.string(), text).optional(),
  operations: callable,
  inbound: z.object({ config: schema, operations: callable }).optional(),
  skips: z.array(z.object({ check: text, reason: text })).optional(),
})

const exchange = z.object({
  request: callable,
  reply: schema,
  read: callable,
  encode: callable.optional(),
  decode: callable.optional(),
})
const operation = z.object({
  capability,
  specification: exchange.extend({
    repeatable: z.boolean(),
    trust: trust.optional(),
    /** Orders only. */
    status: exchange
      .extend({ settleSeconds: z.number().nonnegative(), everySeconds: z.number().positive() })
      .optional(),
  }),
})

const call = z.object({
  notice: record,
  specification: z.object({
    path: z.string().startsWith('/'),
    body: schema,
    verify: callable,
    read: callable,
    answer: callable,
  }),
})

/** Every member that is missing, or is not what the contract says, by its place. */
export function mistakesIn(value: unknown): readonly string[] {
  const own = placesOf(adapter.safeParse(value), '')
  if (own.length > 0) return own
  const { operations, inbound } = value as z.output<typeof adapter>
  return [
    ...listed('operations', operations as Declare, operation),
    ...(inbound ? listed('inbound.operations', inbound.operations as Declare, call) : []),
  ]
}

type Bind = (what: unknown, specification: unknown) => unknown
type Declare = (bind: Bind, bindOrder: Bind) => unknown

function listed(name: string, declare: Declare, item: z.ZodObject): readonly string[] {
  const [what] = Object.keys(item.shape) as [string]
  try {
    const all = declare(
      (declared, specification) => ({ [what]: declared, specification }),
      // An order is never sent twice: its specification does not say so.
      (declared, specification) => ({
        [what]: declared,
        specification: { ...(specification as object), repeatable: false },
      }),
    )
    return placesOf(z.array(item).min(1).safeParse(all), name)
  } catch (error) {
    return [`${name} that can be read (${(error as Error).message})`]
  }
}

const placesOf = ({ error }: z.ZodSafeParseResult<unknown>, under: string): string[] => [
  ...new Set(
    error?.issues.map(({ path }) => [...(under ? [under] : []), ...path].map(String).join('.')) ?? [],
  ),
]
