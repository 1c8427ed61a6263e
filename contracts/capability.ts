/**
 * A capability is one thing a counter can ask or order, independent of who provides it.
 * It is declared once, here; adapters implement it, and the API, its documentation and the decision are made from it.
 */
import type { z } from 'zod'
import { type ContractPath, type Element, elementsOf } from './elements.ts'
import type { Text } from './text.ts'

/**
 * `query`: ask, values come back. `match`: yes or no per element, no value comes back. `submission`: an order, which must be
 * neither lost nor doubled (`submission.ts`). `notice`: an agency tells us.
 */
export type CapabilityKind = 'query' | 'match' | 'submission' | 'notice'

/** Whom or what a question is about. The gateway keeps it only as a keyed hash. */
export interface Subject {
  readonly type:
    | 'nik'
    | 'familyCardNumber'
    | 'npwp'
    | 'licencePlate'
    | 'drivingLicenceNumber'
    | 'nib'
    | 'licenceId'
  readonly value: string
}

/** Businesses and their licences are public. Who asks about anybody else says where, who and why, and needs an agreement. */
export const isPersonal = ({ type }: Subject): boolean => type !== 'nib' && type !== 'licenceId'

/** What questions and notices have in common: a record whose every leaf is an element with a data class and a label. */
interface RecordDeclaration<Output extends z.ZodObject> {
  /** Noun and verb: `resident.lookup`. Agreements name it. */
  readonly id: string
  readonly title: Text
  readonly description: Text
  /** What an adapter must deliver. */
  readonly output: Output
}

export interface CapabilityDeclaration<
  Input extends z.ZodObject,
  Output extends z.ZodObject,
> extends RecordDeclaration<Output> {
  readonly kind: 'query' | 'match'
  /** Always `POST`, so that no personal identifier travels in a URL. */
  readonly path: `/v1/${string}`
  /**
   * `GET`, for what is asked by a public identifier: `/v1/businesses/{nib}`, each name in braces a field of the input.
   * Only public elements come back.
   */
  readonly publicPath?: `/v1/${string}`
  /**
   * For answers that hold public elements only: how long one may be used again, by everyone, and how much longer it may
   * stand in when the agency fails. Absent: not at all. (Where there are personal elements, the agreement says it.)
   */
  readonly publicReuse?: { readonly timeToLiveSeconds: number; readonly staleSeconds: number }
  /** Strict: what a caller sends is refused when it does not fit. */
  readonly input: Input
  /** Everyone a question, and later its answer, is about: evidence and erasure find it by them. */
  readonly subjects: (input: z.output<Input>, output?: z.output<Output>) => readonly Subject[]
  readonly example: { readonly input: z.input<Input>; readonly output: z.input<Output> }
}

export interface Capability<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> extends Omit<CapabilityDeclaration<Input, Output>, 'kind'> {
  readonly kind: Exclude<CapabilityKind, 'notice'>
  /** The elements of the output by contract path, in the order of declaration. */
  readonly elements: ReadonlyMap<ContractPath, Element>
}

export function defineCapability<Input extends z.ZodObject, Output extends z.ZodObject>(
  declaration: CapabilityDeclaration<Input, Output>,
): Capability<Input, Output> {
  const elements = elementsOf(declaration.output)
  const { id, publicReuse } = declaration
  if (publicReuse && elements.values().some(({ dataClass }) => dataClass !== 'public'))
    throw new TypeError(`${id}: publicReuse is for answers that hold public elements only`)
  return { ...declaration, elements }
}

/** What an agency tells us unasked; members read it at `GET /v1/notices`. */
export interface NoticeDeclaration<Output extends z.ZodObject> extends RecordDeclaration<Output> {
  /** Everyone it is about. */
  readonly subjects: (output: z.output<Output>) => readonly Subject[]
  readonly example: { readonly output: z.input<Output> }
}

export interface Notice<Output extends z.ZodObject = z.ZodObject> extends NoticeDeclaration<Output> {
  readonly kind: 'notice'
  readonly elements: ReadonlyMap<ContractPath, Element>
}

export function defineNotice<Output extends z.ZodObject>(
  declaration: NoticeDeclaration<Output>,
): Notice<Output> {
  return { ...declaration, kind: 'notice', elements: elementsOf(declaration.output) }
}
