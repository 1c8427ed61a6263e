import type { ContractPath } from '#contracts/elements.ts'
import type { Grant } from './decide.ts'

/** The allowed elements as a tree: `true` is an element, `*` a list's items. */
interface Plan {
  readonly [key: string]: Plan | true
}

const plans = new WeakMap<ReadonlySet<ContractPath>, Plan>()

function planFor(elements: ReadonlySet<ContractPath>): Plan {
  return plans.getOrInsertComputed(elements, () => {
    const root: Record<string, unknown> = Object.create(null)
    for (const path of elements) {
      const keys = path.slice(1).split('/')
      const last = keys.pop()!
      let node = root
      for (const key of keys) node = (node[key] ??= Object.create(null)) as Record<string, unknown>
      node[last] = true
    }
    return root as Plan
  })
}

/**
 * Copies the allowed elements of a record and nothing else; a field that no element names cannot pass.
 * A group without any allowed element is left out; a list keeps its length, so that what is shown stays in place.
 */
export function release(record: unknown, elements: ReadonlySet<ContractPath>): Record<string, unknown> {
  return (project(record, planFor(elements)) ?? {}) as Record<string, unknown>
}

function project(value: unknown, plan: Plan | true): unknown {
  if (plan === true) return value
  if (value === null || typeof value !== 'object') return undefined // a group must be one: anything else is not an element
  if (Array.isArray(value)) return plan['*'] && value.map(item => project(item, plan['*']!) ?? {})
  let shown: Record<string, unknown> | undefined
  for (const key in plan) {
    const child = project((value as Record<string, unknown>)[key], plan[key]!)
    if (child !== undefined) (shown ??= {})[key] = child
  }
  return shown
}

/** What may be shown of a record, and what is kept back. */
export interface View {
  readonly data: Readonly<Record<string, unknown>>
  /** The elements in it. */
  readonly shown: readonly ContractPath[]
  /** Held by the record, not granted. */
  readonly withheld: readonly ContractPath[]
}

const views = new WeakMap<object, WeakMap<ReadonlySet<ContractPath>, View>>()

/**
 * The view of a record under a grant. Records and grants never change, so it is worked out once for each pair:
 * a shared answer is shown many times. `elements` are those of the capability, `granted` a superset of `allowed`.
 */
export function viewOf(
  record: object,
  elements: Iterable<ContractPath>,
  { elements: allowed, grantedElements: granted }: Pick<Grant, 'elements' | 'grantedElements'>,
): View {
  const ofRecord = views.getOrInsertComputed(record, () => new WeakMap())
  return ofRecord.getOrInsertComputed(allowed, () => {
    const held = elementsIn(record, elements)
    return {
      data: release(record, allowed),
      shown: held.filter(element => allowed.has(element)),
      withheld: held.filter(element => !granted.has(element)),
    }
  })
}

/** The elements that a record holds (also as null), of those that the contract names. */
export function elementsIn(record: unknown, elements: Iterable<ContractPath>): ContractPath[] {
  const held: ContractPath[] = []
  for (const path of elements) if (holds(record, path.slice(1).split('/'), 0)) held.push(path)
  return held
}

function holds(value: unknown, keys: readonly string[], depth: number): boolean {
  if (depth === keys.length) return value !== undefined
  if (Array.isArray(value)) return keys[depth] === '*' && value.some(item => holds(item, keys, depth + 1))
  if (value === null || typeof value !== 'object') return false
  return holds((value as Record<string, unknown>)[keys[depth]!], keys, depth + 1)
}
