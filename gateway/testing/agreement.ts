import { capabilities, notices, submissions } from '#contracts/capabilities.ts'
import { type Agreement, expandPath, type HasElements, publicElementsOf } from '#gateway/access/agreements.ts'
import { permitOrder } from './order-desk.ts'

const ours: Readonly<Record<string, HasElements>> = { ...capabilities, ...submissions, ...notices }
const known = { ...ours, [permitOrder.id]: permitOrder }

/** Capability id → purpose → granted paths. */
type Grants = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

interface Changes extends Partial<Omit<Agreement, 'grants' | 'reuse'>> {
  readonly reuse?: Partial<Agreement['reuse']>
  readonly grants?: Grants
}

/** Everything that each capability names, for two purposes. */
const everything: Grants = Object.fromEntries(
  Object.entries(ours).map(([id, { elements }]) => {
    const all = [...elements.keys()]
    return [id, { 'skck.new': all, 'skck.renewal': all }]
  }),
)

/** The front office's agreement with `dukcapil`, valid all year, granting everything and sharing nothing, but for the changes. */
export function agreement({ grants = everything, reuse, ...changes }: Changes = {}): Agreement {
  return {
    id: `pks-${changes.member ?? 'front-office'}-${changes.upstream ?? 'dukcapil'}`,
    upstream: 'dukcapil',
    member: 'front-office',
    legalBasis: 'PKS 470/1/2026',
    contact: { name: 'Ibu Contoh', email: 'pks@example.go.id' },
    validFrom: Date.parse('2026-01-01T00:00:00+07:00'),
    validUntil: Date.parse('2027-01-01T00:00:00+07:00'),
    suspendedBy: [],
    quotas: [],
    reuse: { scope: 'none', timeToLiveMs: 0, staleMs: 0, ...reuse },
    grants: expand(grants),
    ...changes,
  }
}

function expand(grants: Grants): Agreement['grants'] {
  return new Map(
    Object.entries(grants).map(([id, purposes]) => {
      const capability = known[id]!
      const expanded = Object.entries(purposes).map(
        ([purpose, paths]) =>
          [
            purpose,
            new Set([
              ...publicElementsOf(capability),
              ...paths.flatMap(path => expandPath(path, capability)),
            ]),
          ] as const,
      )
      return [id, new Map(expanded)]
    }),
  )
}
