import type { ContractPath } from '#contracts/elements.ts'

/** The allowed elements as a tree: `true` is an element, `*` a list's items. */
interface Plan {
  readonly [key: string]: Plan | true
}

const plans = new WeakMap<ReadonlySet<ContractPath>, Plan>()

function planFor(elements: ReadonlySet<ContractPath>): Plan {
  let plan = plans.get(elements)
  if (!plan) {
    const root: Record<string, unknown> = Object.create(null)
    for (const path of elements) {
      const keys = path.slice(1).split('/')
      const last = keys.pop()!
      let node = root
      for (const key of keys) node = (node[key] ??= Object.create(null)) as Record<string, unknown>
      node[last] = true
    }
    plans.set(elements, (plan = root as Plan))
  }
  return plan
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
