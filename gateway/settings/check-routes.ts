/** Routes against what is there: no rule points nowhere, and no capability is claimed twice without one. */
import type { Capability } from '#contracts/capability.ts'
import type { RouteSettings } from '#gateway/upstream/routing.ts'
import { operationsOf } from '#gateway/upstream/upstream.ts'
import type { Serving } from './load.ts'
import { placeOf, type Problem } from './read-yaml.ts'

export interface KnownToRoutes {
  readonly upstreams: ReadonlyMap<string, Serving>
  readonly members: readonly string[]
  readonly file: string
}

export function checkRoutes(
  routes: readonly RouteSettings[],
  { upstreams, members, file }: KnownToRoutes,
  problems: Problem[],
): void {
  const expect = (path: readonly PropertyKey[], expected: string): void =>
    void problems.push({ path: placeOf(file, path), expected })
  const claimants = Map.groupBy(
    [...upstreams].flatMap(([id, { capabilities }]) =>
      [...capabilities].map(capability => ({ capability, id })),
    ),
    ({ capability }) => capability,
  )
  const claimantsOf = (capability: string): readonly string[] =>
    claimants.get(capability)?.map(({ id }) => id) ?? []

  for (const [index, route] of routes.entries()) {
    const under = ['routes', index]
    const serving = claimantsOf(route.capability)
    if (serving.length === 0) expect([...under, 'capability'], `one of ${[...claimants.keys()].join(', ')}`)
    for (const [position, upstream] of route.upstreams.entries())
      if (serving.length > 0 && !serving.includes(upstream))
        expect(
          [...under, 'upstreams', position],
          `one that serves ${route.capability}: ${serving.join(', ')}`,
        )
    for (const [position, member] of (route.members ?? []).entries())
      if (!members.includes(member)) expect([...under, 'members', position], `one of ${members.join(', ')}`)
  }

  const unruled = [...claimants]
    .filter(
      ([capability, serving]) => serving.length > 1 && !routes.some(route => route.capability === capability),
    )
    .map(([capability]) => `${capability} (${claimantsOf(capability).join(', ')})`)
  if (unruled.length > 0)
    expect(['routes'], `a rule for each capability that several upstreams serve: ${unruled.join(', ')}`)
  checkDeclarations(upstreams, expect)
}

/** Adapters kept elsewhere bring capabilities of their own: one id, and one address, is one and the same capability. */
function checkDeclarations(
  upstreams: KnownToRoutes['upstreams'],
  expect: (path: readonly PropertyKey[], expected: string) => void,
): void {
  const declared = new Map<string, { readonly capability: Capability; readonly by: string }>()
  for (const [by, { adapter, capabilities }] of upstreams) {
    for (const { capability } of adapter ? operationsOf(adapter) : []) {
      if (!capabilities.has(capability.id)) continue
      for (const key of [capability.id, capability.path]) {
        const other = declared.get(key)
        if (!other) declared.set(key, { capability, by })
        else if (!isSame(capability, other.capability))
          expect(
            ['upstreams', by, 'adapter'],
            `an adapter that declares ${key} as that of ${other.by} does, or calls it otherwise`,
          )
      }
    }
  }
}

/** They may come from two copies of the contracts. */
const isSame = (one: Capability, other: Capability): boolean =>
  one === other || JSON.stringify(shapeOf(one)) === JSON.stringify(shapeOf(other))

const shapeOf = ({ id, kind, path, publicPath, elements }: Capability) => [
  id,
  kind,
  path,
  publicPath,
  ...elements.keys(),
]
