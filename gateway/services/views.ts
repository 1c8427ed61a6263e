/** What people are told of a service, and of an order by the standard of its service, in one language. */
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { ClockReading, ClockState } from './clock.ts'
import {
  type DeliveryComponent,
  deliveryComponents,
  type PromisedTime,
  type Service,
  type Services,
  type Standard,
} from './service.ts'

interface Sourced {
  /** Where it is known from. */
  readonly source: string
}

interface Requirement {
  readonly id: string
  readonly text: string
  readonly optional: boolean
  /** Needed only then; null: always. */
  readonly when: string | null
}

interface Fee extends Sourced {
  readonly free: boolean
  /** Whole rupiah. */
  readonly amounts: readonly { readonly variant: string; readonly title: string; readonly rupiah: number }[]
  readonly note: string | null
}

interface Named {
  /** The purpose that requests and agreements name. */
  readonly code: string
  /** Of the standard: whatever changes in it makes it another one. */
  readonly version: string
  readonly agency: { readonly code: string; readonly name: string }
  readonly title: string
}

/** The public six of the fourteen components; null is what nobody knows. */
export interface PublicService extends Named {
  readonly requirements: (Sourced & { readonly items: readonly Requirement[] }) | null
  readonly procedure: (Sourced & { readonly steps: readonly string[] }) | null
  readonly time: (Sourced & { readonly promised: PromisedTime | null; readonly note: string | null }) | null
  readonly fee: Fee | null
  readonly product: (Sourced & { readonly text: string }) | null
  readonly complaints: (Sourced & { readonly text: string }) | null
  /** What is not known, or not known to hold here: the mall has yet to confirm it. */
  readonly toBeConfirmed: readonly DeliveryComponent[]
}

export function publicService(service: Service, language: Language): PublicService {
  const { requirements, procedure, time, fee, product, complaints } = service
  const said = (text: Text): string => text[language]
  return {
    ...namedIn(service, language),
    requirements: requirements && {
      items: requirementsIn(requirements, language),
      source: said(requirements.source),
    },
    procedure: procedure && { steps: procedure.steps.map(said), source: said(procedure.source) },
    time: time && {
      promised: time.promised,
      note: time.note ? said(time.note) : null,
      source: said(time.source),
    },
    fee: fee && feeIn(fee, language),
    product: product && { text: said(product.text), source: said(product.source) },
    complaints: complaints && { text: said(complaints.text), source: said(complaints.source) },
    toBeConfirmed: deliveryComponents.filter(component => service[component]?.toBeConfirmed ?? true),
  }
}

/** `GET /v1/services`. */
export const publicServices = (
  services: Services,
  language: Language,
): { readonly services: readonly PublicService[] } => ({
  services: [...services.values()].map(service => publicService(service, language)),
})

export interface ServiceView extends Named {
  /** `conditional`: whether it is needed depends on `when`, which a person judges. Null: nobody knows what is required. */
  readonly requirements: readonly (Requirement & { readonly state: RequirementState })[] | null
  /** `rupiah`: what is to be paid; null where that depends on what is not known here. */
  readonly fee: (Fee & { readonly rupiah: number | null }) | null
  readonly promised: PromisedTime | null
  readonly clock: ClockView | null
}

export const requirementStates = ['met', 'missing', 'conditional', 'optional'] as const
export type RequirementState = (typeof requirementStates)[number]

/** Instants as ISO texts; otherwise as `ClockReading`. */
export interface ClockView {
  readonly state: ClockState
  readonly startedAt: string
  readonly elapsedMs: number
  readonly dueAt: string | null
  readonly remainingMs: number | null
  readonly isLate: boolean
  readonly finishedAt: string | null
  readonly pauses: readonly {
    readonly from: string
    readonly until: string | null
    readonly reason: string | null
  }[]
  readonly resets: number
}

/** How an order stands by the standard it was accepted under. `met` names requirements; `variant` a fee. */
export function serviceView(
  standard: Standard,
  {
    met,
    variant,
    clock,
  }: {
    readonly met: ReadonlySet<string>
    readonly variant?: string | undefined
    readonly clock: ClockReading | undefined
  },
  language: Language,
): ServiceView {
  const { requirements, fee, time } = standard
  return {
    ...namedIn(standard, language),
    requirements:
      requirements &&
      requirementsIn(requirements, language).map(one => ({ ...one, state: stateOf(one, met) })),
    fee: fee && { ...feeIn(fee, language), rupiah: rupiahOf(fee, variant) },
    promised: time?.promised ?? null,
    clock: clock ? clockView(clock) : null,
  }
}

function stateOf({ id, optional, when }: Requirement, met: ReadonlySet<string>): RequirementState {
  if (met.has(id)) return 'met'
  if (optional) return 'optional'
  return when === null ? 'missing' : 'conditional'
}

function rupiahOf(
  { free, amounts }: NonNullable<Standard['fee']>,
  variant: string | undefined,
): number | null {
  if (free) return 0
  const fitting = amounts.length === 1 ? amounts[0] : amounts.find(amount => amount.variant === variant)
  return fitting?.rupiah ?? null
}

const clockView = ({ startedAt, dueAt, finishedAt, pauses, ...rest }: ClockReading): ClockView => ({
  ...rest,
  startedAt: isoOf(startedAt),
  dueAt: isoOf(dueAt),
  finishedAt: isoOf(finishedAt),
  pauses: pauses.map(({ from, until, reason }) => ({ from: isoOf(from), until: isoOf(until), reason })),
})

const isoOf = <At extends number | null>(at: At): At extends number ? string : null =>
  (at === null ? null : new Date(at).toISOString()) as At extends number ? string : null

const namedIn = ({ code, version, agency, title }: Standard, language: Language): Named => ({
  code,
  version,
  agency: { code: agency.code, name: agency[language] },
  title: title[language],
})

const requirementsIn = (
  { items }: NonNullable<Standard['requirements']>,
  language: Language,
): readonly Requirement[] =>
  items.map(({ id, text, optional, when }) => ({
    id,
    text: text[language],
    optional,
    when: when ? when[language] : null,
  }))

const feeIn = ({ free, amounts, note, source }: NonNullable<Standard['fee']>, language: Language): Fee => ({
  free,
  amounts: amounts.map(({ variant, title, rupiah }) => ({ variant, title: title[language], rupiah })),
  note: note ? note[language] : null,
  source: source[language],
})
