/** Routes against what is there: no rule points nowhere, and no capability is claimed twice without one. */
import { z } from 'zod'
import { capabilities } from '#contracts/capabilities.ts'
import type { Capability } from '#contracts/capability.ts'
import type { RouteSettings } from '#gateway/upstream/routing.ts'
import { declaredBy } from '#gateway/upstream/upstream.ts'
import type { Serving } from './load.ts'
import { pathOf, type Problem } from './read-yaml.ts'

export interface KnownToRoutes {
  readonly upstreams: ReadonlyMap<string, Serving>
  readonly members: readonly string[]
  readonly file: string
}

/** The gateway's own addresses beside those of the capabilities. */
const routesOfTheHouse = [
  'POST /v1/cases',
  'GET /v1/notices',
  'GET /v1/services',
  'GET /v1/services/{code}',
  'POST /v1/attachments',
  'GET /v1/submissions',
  'GET /v1/submissions/{id}',
  'POST /v1/submissions/{id}/cancel',
  'GET /v1/work-list',
  'GET /v1/work-list/{id}',
  'GET /v1/work-list/{id}/attachments/{attachment}',
  'POST /v1/work-list/{id}/take',
  'POST /v1/work-list/{id}/release',
  'POST /v1/work-list/{id}/finish',
]

export function checkRoutes(
  routes: readonly RouteSettings[],
  { upstreams, members, file }: KnownToRoutes,
  problems: Problem[],
): void {
  const expect = (path: readonly PropertyKey[], expected: string): void =>
    void problems.push({ file, path: pathOf(path), expected })
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

/**
 * Adapters kept elsewhere may bring capabilities of their own: an id is one and the same capability, whoever serves it, and an
 * address leads to one of them.
 */
function checkDeclarations(
  upstreams: KnownToRoutes['upstreams'],
  expect: (path: readonly PropertyKey[], expected: string) => void,
): void {
  const declared: Declared[] = Object.values(capabilities).map(capability => ({
    capability: capability as Capability,
    by: 'the house',
  }))
  for (const [by, { adapter, capabilities: served }] of upstreams) {
    for (const capability of adapter ? declaredBy(adapter) : []) {
      if (!served.has(capability.id)) continue
      const expectOf = (expected: string): void => expect(['upstreams', by, 'adapter'], expected)
      for (const problem of problemsOf(capability, declared)) expectOf(problem)
      declared.push({ capability, by })
    }
  }
}

interface Declared {
  readonly capability: Capability
  readonly by: string
}

function problemsOf(capability: Capability, declared: readonly Declared[]): string[] {
  const { id, publicPath, input } = capability
  const same = declared.find(other => other.capability.id === id)
  if (same)
    return isSame(capability, same.capability)
      ? []
      : [`an adapter that declares ${id} as ${same.by} does, or calls it otherwise`]
  const taken = [
    ...routesOfTheHouse.map(route => ({ route, by: 'the gateway itself' })),
    ...declared.flatMap(other =>
      routesOf(other.capability).map(route => ({ route, by: other.capability.id })),
    ),
  ]
  const clashes = routesOf(capability).flatMap(route =>
    taken
      .filter(other => meet(route, other.route))
      .map(other => `another address for ${id}: ${route} is taken by ${other.by}`),
  )
  const strays = [...(publicPath ?? '').matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name!)
    .filter(name => !Object.hasOwn(input.shape, name))
    .map(name => `a publicPath of ${id} that names fields of its input: ${name} is none`)
  return [...clashes, ...strays]
}

const routesOf = ({ path, publicPath }: Capability): string[] => [
  `POST ${path}`,
  ...(publicPath ? [`GET ${publicPath}`] : []),
]

/** Do two routes answer the same request? A name in braces stands for any segment. */
function meet(one: string, other: string): boolean {
  const [segments, others] = [one.split('/'), other.split('/')]
  const isAny = (segment: string | undefined): boolean => segment?.startsWith('{') ?? false
  return (
    segments.length === others.length &&
    segments.every((segment, index) => segment === others[index] || isAny(segment) || isAny(others[index]))
  )
}

/** Adapters may come with a copy of the contracts of their own: what they declare must say the same. */
const isSame = (one: Capability, other: Capability): boolean =>
  one === other || JSON.stringify(shapeOf(one)) === JSON.stringify(shapeOf(other))

const shapeOf = ({ id, kind, path, publicPath, publicReuse, elements, input, output }: Capability) => [
  { id, kind, path, publicPath, publicReuse },
  [...elements].map(([element, { dataClass }]) => [element, dataClass]),
  [input, output].map(schema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })),
]
