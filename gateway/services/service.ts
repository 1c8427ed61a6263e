/**
 * A public service and its standard, as UU 25/2009 and PermenPANRB 15/2014 ask for: fourteen components, of which the first six
 * are public. This is the shape of `services.yaml`; `docs/configuration.md` is generated from these descriptions.
 */
import { z } from 'zod'
import type { Text } from '#contracts/text.ts'

const id = z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, {
  error: 'an id of small letters and digits, joined by "-" or "."',
})

const text = z.strictObject({ id: z.string().min(1), en: z.string().min(1) }).meta({ isBilingual: true })

const areDifferent = (values: readonly string[]): boolean => new Set(values).size === values.length

/** Where a component is known from, and whether it holds here. */
const known = {
  source: z.string().describe('Where this stands: one of `sources`.'),
  toBeConfirmed: z
    .boolean()
    .default(false)
    .describe('Elsewhere it is so, or it is not certain: the mall has yet to confirm it.'),
}

export const timeUnits = ['workingMinutes', 'workingDays', 'days'] as const

const statement = z.strictObject({ text: text.describe('What the mall states.'), ...known })

/** Public: the delivery of the service. */
const delivery = {
  requirements: z
    .strictObject({
      items: z
        .array(
          z.strictObject({
            id: id.describe('Orders name it: `ktp`.'),
            text: text.describe('The paper, or what must be so.'),
            optional: z.boolean().default(false).describe('It may be brought, and need not be.'),
            when: text.optional().describe('Needed only then.'),
          }),
        )
        .min(1)
        .refine(items => areDifferent(items.map(item => item.id)), {
          error: 'requirements whose ids differ',
        })
        .describe('Each by itself.'),
      ...known,
    })
    .optional()
    .describe('1: what the applicant brings.'),
  procedure: z
    .strictObject({ steps: z.array(text).min(1).describe('In order.'), ...known })
    .optional()
    .describe('2: system, mechanism and procedure.'),
  time: z
    .strictObject({
      amount: z
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .describe('The longest it may take; orders are measured against it.'),
      unit: z
        .enum(timeUnits)
        .optional()
        .describe(
          '`workingMinutes` and `workingDays` pass while the mall is open (`mall.calendar`); `days` are 24 hours each.',
        ),
      note: text.optional().describe('What else there is to say of it.'),
      ...known,
    })
    .refine(({ amount, unit }) => (amount === undefined) === (unit === undefined), {
      error: 'amount and unit together, or neither',
    })
    .refine(({ amount, note }) => amount !== undefined || note !== undefined, {
      error: 'an amount with its unit, or a note',
    })
    .transform(({ amount, unit, ...rest }) => ({
      promised: amount === undefined || unit === undefined ? null : { amount, unit },
      ...rest,
    }))
    .optional()
    .describe('3: how long it takes at most.'),
  fee: z
    .strictObject({
      free: z.boolean().default(false).describe('It costs nothing.'),
      amounts: z
        .array(
          z.strictObject({
            variant: id.describe('Which kind of the service: `sim-a`.'),
            title: text.describe('What it is called.'),
            rupiah: z.int().min(0).describe('Whole rupiah.'),
          }),
        )
        .refine(amounts => areDifferent(amounts.map(({ variant }) => variant)), {
          error: 'variants that differ',
        })
        .default([])
        .describe('What it costs, by variant; one alone is the fee.'),
      note: text.optional().describe('What else is paid, or how it is worked out.'),
      ...known,
    })
    .refine(({ free, amounts, note }) => (free ? amounts.length === 0 : amounts.length > 0 || note), {
      error: 'free, or amounts, or a note that says what is paid',
    })
    .optional()
    .describe('4: what it costs.'),
  product: statement.optional().describe('5: what the applicant gets.'),
  complaints: statement.optional().describe('6: how complaints, proposals and suggestions are handled.'),
}

/** Kept, not published: the management of the service. */
const management = {
  legalBasis: z
    .strictObject({
      items: z.array(z.string().min(1)).min(1).describe('Each regulation.'),
      toBeConfirmed: known.toBeConfirmed,
    })
    .optional()
    .describe('7: the regulations behind it.'),
  facilities: statement.optional().describe('8: facilities and infrastructure.'),
  staffCompetence: statement.optional().describe('9: what the staff must be able to do.'),
  supervision: statement.optional().describe('10: internal supervision.'),
  staffNumber: statement.optional().describe('11: the number of staff.'),
  serviceGuarantee: statement.optional().describe('12: that it is done by the standard.'),
  securityGuarantee: statement.optional().describe('13: security and safety.'),
  evaluation: statement.optional().describe('14: how its performance is evaluated.'),
}

const components = { ...delivery, ...management }

export const serviceBlock = z.strictObject({
  agency: z.string().describe('Whose service it is: one of `agencies`.'),
  title: text.describe('What it is called.'),
  ...components,
})

export const servicesFile = z.strictObject({
  sources: z
    .record(id, text)
    .describe('Where things are known from, a bilingual text by id: a regulation, a published list.'),
  agencies: z.record(id, text).describe('The agencies, a bilingual text by id.'),
  common: z
    .strictObject({ procedure: delivery.procedure, complaints: delivery.complaints, ...management })
    .prefault({})
    .describe('Components of every service that says nothing else.'),
  services: z
    .record(id, serviceBlock)
    .describe('The services, by code: the purpose that requests and agreements name.'),
})

export type DeliveryComponent = keyof typeof delivery
export type Component = keyof typeof components
export const deliveryComponents = Object.keys(delivery) as DeliveryComponent[]
export const allComponents = Object.keys(components) as Component[]

type Block = z.output<typeof serviceBlock>
type SaidOf<Key extends Component> = NonNullable<Block[Key]>

/** A component as it is read: its source is a text. */
type Read<Said> = Said extends { source: string } ? Omit<Said, 'source'> & { readonly source: Text } : Said

/** A service as it is read. What nobody knows of it is null. */
export type Service = { readonly [Key in Component]: Read<SaidOf<Key>> | null } & {
  readonly code: string
  readonly agency: Text & { readonly code: string }
  readonly title: Text
  /** Of everything that stands here: whatever changes makes it another one. */
  readonly version: string
}

/** By code. */
export type Services = ReadonlyMap<string, Service>

/** What an order keeps of its service from its acceptance on, as JSON: a later change of the standard is not its own. */
export type Standard = Pick<
  Service,
  'code' | 'version' | 'agency' | 'title' | 'requirements' | 'time' | 'fee'
>
export type PromisedTime = NonNullable<NonNullable<Standard['time']>['promised']>

/** Undefined: there is no such service. */
export function standardOf(services: Services, purpose: string): Standard | undefined {
  const service = services.get(purpose)
  if (!service) return undefined
  const { code, version, agency, title, requirements, time, fee } = service
  return { code, version, agency, title, requirements, time, fee }
}

/** What a purpose is called; by its code where no service has it. */
export const serviceTitle = (services: Services, code: string): Text =>
  services.get(code)?.title ?? { id: code, en: code }
