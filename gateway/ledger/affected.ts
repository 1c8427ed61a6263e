/** Whom a breach concerns: the subjects of a member, a key or a period, by keyed hash (UU 27/2022 art. 46). */
import { randomUUIDv7 } from 'node:crypto'
import type { ContractPath } from '#contracts/elements.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { LedgerRow, Store } from '#gateway/store/store.ts'
import type { Position } from './access-log.ts'
import { csvLine } from './csv.ts'
import { type Actor, contentOf, type Evidence, isRelease, type Release } from './evidence.ts'
import { exemptionIn } from './exemption.ts'
import { type Names, shownOfOrder } from './names.ts'
import { rowsOf } from './rows.ts'

/** What was exposed: everything that fits all that is given. */
export interface Exposure {
  readonly member?: string | undefined
  /** A key of the member. */
  readonly key?: string | undefined
  /** Epoch milliseconds; from the first on, before the second. */
  readonly from?: number | undefined
  readonly until?: number | undefined
}

/** Somebody whose data was shown. What the law exempts stands apart, so that the rest can be told as it is. */
export interface Affected {
  /** The keyed hash. */
  readonly subject: string
  /** ISO instants. */
  readonly firstAt: string
  readonly lastAt: string
  readonly accesses: number
  /** What was shown, in all. */
  readonly elements: readonly { readonly path: ContractPath; readonly label: string }[]
  /** Of the last access: whoever made it knows by this who that was. */
  readonly lastAuditId: string
  /** The law exempts these accesses: the person is not told of them. */
  readonly exempt: boolean
}

export interface AffectedPage {
  readonly subjects: readonly Affected[]
  readonly next: Position | undefined
  readonly auditId: string
}

export interface AffectedRequest {
  readonly by: Actor
  readonly reference: string
  /** Epoch milliseconds. */
  readonly discoveredAt: number
  readonly exposure: Exposure
  readonly language: Language
  readonly position: Position | undefined
  /** How many entries a page holds. A subject may come again on a later page, with later accesses. */
  readonly limit: number
}

export type FindAffected = (request: AffectedRequest) => Promise<AffectedPage>

export interface AffectedHouse {
  readonly store: Pick<Store, 'findLedger' | 'readVersions'>
  readonly evidence: Evidence
  readonly names: Names
  readonly now: () => number
}

interface Gathered {
  readonly subject: string
  readonly exempt: boolean
  readonly firstAt: number
  lastAt: number
  lastAuditId: string
  accesses: number
  readonly elements: Map<ContractPath, string>
}

export function createAffected({ store, evidence, names, now }: AffectedHouse): FindAffected {
  return async function findAffected(request) {
    const { by, reference, discoveredAt, exposure, language, limit } = request
    const { after, until } = request.position ?? {
      after: 0,
      until: Math.min(exposure.until ?? Infinity, now()),
    }

    const isExempt = exemptionIn(store)
    const found = new Map<string, Gathered>()
    let end = after
    let isFull = false
    const search = { until, ...(exposure.from !== undefined && { from: exposure.from }) }
    for await (const row of rowsOf(store, search, after)) {
      const content = contentOf(row)
      if (isRelease(content) && isExposed(content, exposure)) {
        const exempt = await isExempt(content)
        const fresh = content.subjects.filter(subject => !found.has(keyOf(subject, exempt))).length
        isFull = found.size > 0 && found.size + fresh > limit
        if (isFull) break
        for (const subject of content.subjects) gather(subject, exempt, row, content)
      }
      end = row.sequence
    }

    function gather(subject: string, exempt: boolean, { at, id }: LedgerRow, content: Release): void {
      const one = found.getOrInsertComputed(keyOf(subject, exempt), () => ({
        subject,
        exempt,
        firstAt: at,
        lastAt: at,
        lastAuditId: id,
        accesses: 0,
        elements: new Map<ContractPath, string>(),
      }))
      one.lastAt = at
      one.lastAuditId = id
      one.accesses += 1
      for (const [path, label] of shownOfOrder(content)) one.elements.set(path, label[language])
      for (const path of content.elements)
        one.elements.set(path, names.element(content.capability, path)[language])
    }

    const auditId = randomUUIDv7()
    const content = {
      kind: 'audit',
      act: 'incident.affected',
      ...by,
      reference,
      since: discoveredAt,
      search: { ...exposure },
    } as const
    await evidence.record({ id: auditId, at: now(), content })
    return {
      subjects: [...found.values()].map(told),
      next: isFull ? { after: end, until } : undefined,
      auditId,
    }
  }
}

const isExposed = (content: Release, { member, key }: Exposure): boolean =>
  (member === undefined || content.member === member) && (key === undefined || content.key === key)

const keyOf = (subject: string, exempt: boolean): string => `${subject} ${exempt}`

const told = (one: Gathered): Affected => ({
  subject: one.subject,
  firstAt: new Date(one.firstAt).toISOString(),
  lastAt: new Date(one.lastAt).toISOString(),
  accesses: one.accesses,
  elements: [...one.elements].map(([path, label]) => ({ path, label })),
  lastAuditId: one.lastAuditId,
  exempt: one.exempt,
})

export const affectedCsvHead = csvLine([
  'subject',
  'firstAt',
  'lastAt',
  'accesses',
  'elements',
  'lastAuditId',
  'exempt',
])

export const affectedCsvLine = (one: Affected): string =>
  csvLine([
    one.subject,
    one.firstAt,
    one.lastAt,
    one.accesses,
    one.elements.map(({ label }) => label).join('; '),
    one.lastAuditId,
    String(one.exempt),
  ])
