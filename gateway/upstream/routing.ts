/** Who is asked for what: stage 3 of a question. */
import type { Upstream } from './upstream.ts'

/** A rule of the configuration: for these members and purposes, this capability is asked of these upstreams, in order. */
export interface RouteSettings {
  readonly capability: string
  /** Undefined: for all of them. */
  readonly members?: readonly string[] | undefined
  readonly purposes?: readonly string[] | undefined
  readonly upstreams: readonly string[]
}

export interface Asker {
  readonly member: string
  /** A public question has none. */
  readonly purpose: string | undefined
}

export type Candidates = (capability: string, asker: Asker) => readonly Upstream[]

/** The first rule that fits decides; a capability without any rule goes to the upstream that serves it. */
export function createRouting(upstreams: readonly Upstream[], routes: readonly RouteSettings[]): Candidates {
  const byId = new Map(upstreams.map(upstream => [upstream.id, upstream]))
  const rules = Map.groupBy(
    routes.map(route => ({ ...route, candidates: route.upstreams.map(id => byId.get(id)!) })),
    ({ capability }) => capability,
  )
  const serving = new Map(
    upstreams
      .flatMap(({ operations }) => [...operations.keys()])
      .map(id => [id, upstreams.filter(({ operations }) => operations.has(id))]),
  )
  return function candidates(capability, asker) {
    const ofCapability = rules.get(capability)
    if (!ofCapability) return serving.get(capability) ?? []
    return ofCapability.find(rule => fits(rule, asker))?.candidates ?? []
  }
}

/** Does a rule speak of this asker? */
export const fits = (
  { members, purposes }: Pick<RouteSettings, 'members' | 'purposes'>,
  { member, purpose }: Asker,
): boolean =>
  (members === undefined || members.includes(member)) &&
  (purposes === undefined || (purpose !== undefined && purposes.includes(purpose)))
