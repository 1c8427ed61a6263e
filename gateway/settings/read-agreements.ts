import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ContractPath } from '#contracts/elements.ts'
import { type Agreement, expandPath, type HasElements, publicElementsOf } from '#gateway/access/agreements.ts'
import type { RouteSettings } from '#gateway/upstream/routing.ts'
import { noticesOf, operationsOf } from '#gateway/upstream/upstream.ts'
import { check, fittingParts } from './check.ts'
import type { Serving } from './load.ts'
import { type Environment, pathOf, type Problem, readYaml } from './read-yaml.ts'
import { agreementFile } from './schema.ts'

/** What an agreement may point at. */
export interface Known {
  readonly upstreams: ReadonlyMap<string, Serving>
  readonly members: readonly string[]
  readonly routes: readonly RouteSettings[]
  readonly timeZone: string
}

type Expect = (path: readonly PropertyKey[], expected: string) => void

/** Every agreement in `agreements/`, one per file, by name of file; what is wrong with them is added to the problems. */
export function readAgreements(
  folder: string,
  environment: Environment,
  problems: Problem[],
  known: Known,
): Agreement[] {
  const names = namesIn(join(folder, 'agreements'), problems)
  const fileOfId = new Map<string, string>()

  return names.toSorted().flatMap(name => {
    const file = `agreements/${name}`
    const content = readYaml(folder, file, environment, problems)
    if (content === undefined) return []
    const whole = check(agreementFile, content, { file }, problems)

    const expect: Expect = (path, expected) => void problems.push({ file, path: pathOf(path), expected })
    const { id, upstream, member, valid, grants = [], quotas = [] } = fittingParts(agreementFile, content)
    if (id !== undefined) {
      const other = fileOfId.get(id)
      if (other) expect(['id'], `an id of its own: ${other} has the same`)
      else fileOfId.set(id, file)
    }
    if (upstream !== undefined && !known.upstreams.has(upstream))
      expect(['upstream'], oneOf(known.upstreams.keys()))
    if (member !== undefined && !known.members.includes(member)) expect(['member'], oneOf(known.members))
    const term = termOf(valid, known.timeZone)
    if (term.validUntil <= term.validFrom) expect(['valid', 'until'], 'a time after valid.from')
    const serving = known.upstreams.get(upstream ?? '')
    const expanded = serving?.adapter ? expandGrants(grants, serving, expect) : new Map<string, never>()
    for (const [index, { capability }] of grants.entries())
      if (upstream !== undefined && member !== undefined && !isReached(capability, upstream, member, known))
        expect(
          ['grants', index, 'capability'],
          `something that ${member} is led to: no route for ${capability} leads from it to ${upstream}`,
        )

    const purposes = new Set(grants.flatMap(grant => grant.purposes))
    for (const [index, { purpose }] of quotas.entries())
      if (purpose !== undefined && !purposes.has(purpose))
        expect(['quotas', index, 'purpose'], `a purpose that is granted: ${[...purposes].join(', ')}`)

    if (!whole) return []
    const { scope, timeToLiveSeconds, staleSeconds } = whole.reuse
    return [
      {
        id: whole.id,
        upstream: whole.upstream,
        member: whole.member,
        legalBasis: whole.legalBasis,
        exemptFromAccessLog: whole.exemptFromAccessLog,
        contact: whole.contact,
        ...term,
        suspendedBy: whole.suspendedBy,
        quotas: whole.quotas.map(({ purpose, perDay }) => ({ purpose, perDay })),
        reuse: { scope, timeToLiveMs: timeToLiveSeconds * 1_000, staleMs: staleSeconds * 1_000 },
        grants: expanded,
      },
    ]
  })
}

/** None where there is no such folder. */
function namesIn(place: string, problems: Problem[]): readonly string[] {
  try {
    return readdirSync(place).filter(name => /\.ya?ml$/.test(name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT')
      problems.push({ file: 'agreements', path: '', expected: `a readable folder (${code})` })
    return []
  }
}

/** Where routes speak of a capability, one of them must lead the member to the upstream, or the agreement is void. */
const isReached = (capability: string, upstream: string, member: string, { routes }: Known): boolean => {
  const rules = routes.filter(route => route.capability === capability)
  return (
    rules.length === 0 ||
    rules.some(rule => (rule.members?.includes(member) ?? true) && rule.upstreams.includes(upstream))
  )
}

/**
 * Capability or notice → purpose → elements, parents expanded; what several grants say adds up. What is public is in every
 * grant: nobody needs leave to see it.
 */
function expandGrants(
  grants: readonly { capability: string; purposes: string[]; elements: string[] }[],
  { adapter, capabilities, notices }: Serving,
  expect: Expect,
): Agreement['grants'] {
  const offered = new Map<string, HasElements>([
    ...operationsOf(adapter!).map(({ capability }) => [capability.id, capability] as const),
    ...noticesOf(adapter!).map(({ notice }) => [notice.id, notice] as const),
  ])
  const isAssumed = (id: string) => offered.has(id) && !capabilities.has(id) && !notices.has(id)
  const granted = new Map<string, Map<string, Set<ContractPath>>>()
  for (const [index, { capability: id, purposes, elements }] of grants.entries()) {
    const capability = offered.get(id)
    if (!capability) {
      expect(['grants', index, 'capability'], oneOf(offered.keys()))
      continue
    }
    if (isAssumed(id))
      expect(
        ['grants', index, 'capability'],
        `${id} among acceptAssumed of the upstream: its wire contract is assumed, and nobody has accepted it`,
      )
    const paths = elements.flatMap((element, position) => {
      const expanded = expandPath(element, capability)
      if (expanded.length === 0) {
        expect(
          ['grants', index, 'elements', position],
          `an element of ${id}: ${[...capability.elements.keys()].join(', ')}`,
        )
      }
      return expanded
    })
    const byPurpose = granted.getOrInsertComputed(id, () => new Map<string, Set<ContractPath>>())
    for (const purpose of purposes)
      byPurpose.set(
        purpose,
        new Set([...publicElementsOf(capability), ...(byPurpose.get(purpose) ?? []), ...paths]),
      )
  }
  return granted
}

/** In epoch milliseconds; a day counts from its start to its end in the time zone. */
function termOf(valid: { from: string; until: string } | undefined, timeZone: string) {
  if (!valid) return { validFrom: -Infinity, validUntil: Infinity }
  return { validFrom: startOf(valid.from, timeZone, 0), validUntil: startOf(valid.until, timeZone, 1) }
}

/** An instant, or the start of a day or of a later one. */
export function startOf(text: string, timeZone: string, daysLater: number): number {
  if (text.includes('T')) return Temporal.Instant.from(text).epochMilliseconds
  return Temporal.PlainDate.from(text).add({ days: daysLater }).toZonedDateTime(timeZone).epochMilliseconds
}

const oneOf = (ids: Iterable<string>): string =>
  `one of ${[...ids].join(', ') || 'those in gateway.yaml, which has none'}`
