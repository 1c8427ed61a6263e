import type { Capability, Notice } from '#contracts/capability.ts'
import type { ContractPath, DataClass } from '#contracts/elements.ts'
import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import type { Agreement } from '#gateway/access/agreements.ts'
import type { Choose } from '#gateway/access/choose.ts'
import { decideAmong, type Grant, publicGrant } from '#gateway/access/decide.ts'
import type { AgreedQuotas } from '#gateway/quotas/agreed-quotas.ts'
import type { Language } from './problem.ts'

export interface RightsHouse {
  readonly capabilities: readonly Capability[]
  /** The notices that each upstream may send. */
  readonly notices: readonly { readonly upstream: string; readonly notice: Notice }[]
  readonly agreements: AgreementRegister
  readonly choose: Choose
  readonly quotas: AgreedQuotas
  readonly now: () => number
}

export interface NamedElement {
  readonly path: ContractPath
  readonly label: string
  readonly dataClass: DataClass
}

/** What may be asked or read, of whom, and until when. */
export interface Right extends GrantFacts {
  /** Or a notice. */
  readonly capability: string
  readonly kind: Capability['kind'] | 'notice'
  readonly title: string
  readonly purpose: string
  readonly upstream: string
  readonly elements: readonly NamedElement[]
}

/** What a member may ask now. Nothing is sent, and nobody is asked about. */
export interface Rights {
  readonly member: string
  readonly rights: readonly Right[]
  /** What needs neither agreement nor context, as long as it is about no person. */
  readonly public: readonly Pick<Right, 'capability' | 'kind' | 'title' | 'elements'>[]
}

type Declared = Capability | Notice

/** `GET /v1/me/rights`. */
export async function rightsOf(house: RightsHouse, member: string, language: Language): Promise<Rights> {
  const { capabilities, notices, agreements, choose, quotas, now } = house
  const own = agreements.all.filter(agreement => agreement.member === member)
  const purposesOf = (id: string): readonly string[] => [
    ...new Set(own.flatMap(({ grants }) => [...(grants.get(id)?.keys() ?? [])])),
  ]
  const named = ({ elements }: Declared, shown: ReadonlySet<ContractPath>): readonly NamedElement[] =>
    [...elements]
      .filter(([path]) => shown.has(path))
      .map(([path, { label, dataClass }]) => ({ path, label: label[language], dataClass }))
  const told = (declared: Declared, shown: ReadonlySet<ContractPath>) => ({
    capability: declared.id,
    kind: declared.kind,
    title: declared.title[language],
    elements: named(declared, shown),
  })

  const granted = [
    ...capabilities.flatMap(capability =>
      purposesOf(capability.id).flatMap(purpose =>
        choose({ member, capability: capability.id, purpose, asked: undefined, open: undefined }).chosen.map(
          ({ upstream, grant }) => ({ declared: capability, purpose, upstream: upstream.id, grant }),
        ),
      ),
    ),
    ...notices.flatMap(({ upstream, notice }) =>
      purposesOf(notice.id).flatMap(purpose => {
        const intent = { capability: notice.id, purpose, asked: undefined }
        const grant = decideAmong(intent, agreements.between(member, upstream), now())
        return grant.granted ? [{ declared: notice, purpose, upstream, grant }] : []
      }),
    ),
  ]
  const declared = new Map<string, Declared>([
    ...capabilities.filter(({ kind }) => kind !== 'match').map(one => [one.id, one] as const),
    ...notices.map(({ notice }) => [notice.id, notice] as const),
  ])
  return {
    member,
    rights: await Promise.all(
      granted.map(async ({ declared, purpose, upstream, grant }) => ({
        ...told(declared, grant.elements),
        purpose,
        upstream,
        ...(await factsOf(grant, purpose, quotas)),
      })),
    ),
    public: [...declared.values()].flatMap(one => {
      const open = publicGrant(one, undefined)
      return open ? [told(one, open.elements)] : []
    }),
  }
}

/** The conditions of a grant. */
export interface GrantFacts {
  /** Null: none is needed. */
  readonly agreement: string | null
  /** ISO instant; from then on no longer. Null: without end. */
  readonly validUntil: string | null
  readonly reuse: {
    readonly scope: Agreement['reuse']['scope']
    readonly timeToLiveSeconds: number
    readonly staleSeconds: number
  } | null
  readonly quotas: readonly {
    /** Null: of all purposes together. */
    readonly purpose: string | null
    readonly perDay: number
    /** Today. */
    readonly left: number
    readonly secondsUntilTurn: number
  }[]
}

export async function factsOf(
  { agreement }: Grant,
  purpose: string | undefined,
  quotas: AgreedQuotas,
): Promise<GrantFacts> {
  if (!agreement || purpose === undefined)
    return { agreement: null, validUntil: null, reuse: null, quotas: [] }
  const { scope, timeToLiveMs, staleMs } = agreement.reuse
  const left = await quotas.left(agreement, purpose)
  return {
    agreement: agreement.id,
    validUntil: new Date(agreement.validUntil).toISOString(),
    reuse: { scope, timeToLiveSeconds: timeToLiveMs / 1_000, staleSeconds: staleMs / 1_000 },
    quotas: left.map(({ purpose = null, ...quota }) => ({ purpose, ...quota })),
  }
}
