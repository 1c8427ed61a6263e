import { hash } from 'node:crypto'
import type { Agreement } from './agreements.ts'

/** An agreement as it was in force, by the digest of what it says. */
export interface AgreementVersion {
  readonly agreement: Agreement
  /** SHA-256, hexadecimal. */
  readonly digest: string
  /** Everything it says, as JSON, the same for the same agreement. */
  readonly content: string
}

/** What another set of agreements changes, by id. */
export interface AgreementChanges {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  /** In force no longer: nothing is granted by them. */
  readonly ended: readonly string[]
  readonly unchanged: readonly string[]
}

/** The agreements in force, all of one reading. */
export interface AgreementRegister {
  readonly all: readonly Agreement[]
  /** Those of a member with an upstream. */
  between(member: string, upstream: string): readonly Agreement[]
  /** The agreement as it is in force now; undefined when it has ended. */
  current(agreement: Agreement): Agreement | undefined
  /** The first digits of its version's digest, as the ledger names it. */
  versionOf(agreement: Agreement): string
  /** What `next` would change. */
  compare(next: readonly AgreementVersion[]): AgreementChanges
  /** From now on these; at once, and whole. One that says the same stays the same object, and so does what is known of it. */
  replace(next: readonly AgreementVersion[]): void
}

export function createAgreementRegister(agreements: readonly Agreement[]): AgreementRegister {
  let byId = new Map<string, AgreementVersion>()
  let all: readonly Agreement[] = []
  let byParties = new Map<string, readonly Agreement[]>()

  function replace(next: readonly AgreementVersion[]): void {
    byId = new Map(
      next.map(version => {
        const { id } = version.agreement
        const before = byId.get(id)
        return [id, before?.digest === version.digest ? before : version]
      }),
    )
    all = Array.from(byId.values(), ({ agreement }) => agreement)
    byParties = Map.groupBy(all, ({ member, upstream }) => `${member} ${upstream}`)
  }
  replace(agreements.map(versionOf))

  return {
    get all() {
      return all
    },
    between: (member, upstream) => byParties.get(`${member} ${upstream}`) ?? [],
    current({ id, member, upstream }) {
      const now = byId.get(id)?.agreement
      return now?.member === member && now.upstream === upstream ? now : undefined
    },
    versionOf: ({ id }) => byId.get(id)!.digest.slice(0, 12),
    compare(next) {
      const ids = new Set(next.map(({ agreement }) => agreement.id))
      const known = next.filter(({ agreement }) => byId.has(agreement.id))
      const isSame = ({ agreement, digest }: AgreementVersion) => byId.get(agreement.id)?.digest === digest
      return {
        added: idsOf(next.filter(version => !known.includes(version))),
        changed: idsOf(known.filter(version => !isSame(version))),
        ended: [...byId.keys()].filter(id => !ids.has(id)),
        unchanged: idsOf(known.filter(isSame)),
      }
    },
    replace,
  }
}

const idsOf = (versions: readonly AgreementVersion[]): readonly string[] =>
  versions.map(({ agreement }) => agreement.id)

/** The agreement with its digest. Elements are those that the contracts name today: other contracts make another version. */
export function versionOf(agreement: Agreement): AgreementVersion {
  const { validFrom, validUntil, grants, ...rest } = agreement
  const content = JSON.stringify({
    ...rest,
    validFrom: new Date(validFrom).toISOString(),
    validUntil: new Date(validUntil).toISOString(),
    grants: [...grants].toSorted(byKey).map(([capability, purposes]) => ({
      capability,
      purposes: [...purposes]
        .toSorted(byKey)
        .map(([purpose, elements]) => ({ purpose, elements: [...elements].toSorted() })),
    })),
  })
  return { agreement, digest: hash('sha256', content), content }
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1
