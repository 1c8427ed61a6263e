/**
 * A capability is one thing a counter can ask or order, independent of who provides it.
 * It is declared once, here; adapters implement it, and the API, its documentation and the decision are made from it.
 */
import type { z } from 'zod'
import { type ContractPath, type Element, elementsOf } from './elements.ts'
import type { Text } from './text.ts'

/**
 * `query`: ask, values come back. `match`: yes or no per element, no value comes back.
 * `submission` (an order that must not be lost or doubled) and `notice` (an agency calls us) join with their first capability.
 */
export type CapabilityKind = 'query' | 'match'

/** Whom or what a question is about. The gateway keeps it only as a keyed hash. */
export interface Subject {
  readonly type: 'nik' | 'familyCardNumber'
  readonly value: string
}

export interface CapabilityDeclaration<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** Noun and verb: `resident.lookup`. Agreements name it. */
  readonly id: string
  readonly kind: CapabilityKind
  /** Always `POST`, so that no personal identifier travels in a URL. */
  readonly path: `/v1/${string}`
  readonly title: Text
  readonly description: Text
  /** Strict: what a caller sends is refused when it does not fit. */
  readonly input: Input
  /** What an adapter must deliver. Every leaf is an element with a data class and a label. */
  readonly output: Output
  /** Everyone a question, and later its answer, is about: evidence and erasure find it by them. */
  readonly subjects: (input: z.output<Input>, output?: z.output<Output>) => readonly Subject[]
  readonly example: { readonly input: z.input<Input>; readonly output: z.input<Output> }
}

export interface Capability<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> extends CapabilityDeclaration<Input, Output> {
  /** The elements of the output by contract path, in the order of declaration. */
  readonly elements: ReadonlyMap<ContractPath, Element>
}

export function defineCapability<Input extends z.ZodObject, Output extends z.ZodObject>(
  declaration: CapabilityDeclaration<Input, Output>,
): Capability<Input, Output> {
  return { ...declaration, elements: elementsOf(declaration.output) }
}
