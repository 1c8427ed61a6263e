/** What agencies told us, as a member may read it: stage by stage, as with a question. */
import { randomUUIDv7 } from 'node:crypto'
import type { Notice } from '#contracts/capability.ts'
import type { ContractPath } from '#contracts/elements.ts'
import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import { publicElementsOf } from '#gateway/access/agreements.ts'
import { hasContext, type Header, readStanding, type Standing } from '#gateway/access/context.ts'
import { decideAmong, type Grant, notGranted, publicGrant, type Refusal } from '#gateway/access/decide.ts'
import type { Caller } from '#gateway/access/members.ts'
import { type View, viewOf } from '#gateway/access/release.ts'
import type { Answer } from '#gateway/answer.ts'
import { GatewayFailure } from '#gateway/failure.ts'
import {
  type Evidence,
  type RefusedQuestion,
  type Release,
  storeUnavailable,
} from '#gateway/ledger/evidence.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import { unknownCodesIn } from '#gateway/records.ts'
import type { Sealer } from '#gateway/sealing.ts'
import type { NoticeRow, Store } from '#gateway/store/store.ts'
import { openNotice } from './sealed-notice.ts'

export interface PageRequest {
  readonly caller: Caller
  readonly header: Header
  /** Where the page before ended; 0 at first. */
  readonly after: number
  readonly limit: number
}

/** A notice, as far as the member may see it. */
export interface ShownNotice extends Pick<Answer, 'data' | 'withheld' | 'warnings'> {
  readonly id: string
  /** Its contract: `business.registered`. */
  readonly type: string
  /** The upstream. */
  readonly source: string
  /** ISO instant. */
  readonly receivedAt: string
  /** The ledger's entry; null for what is public. */
  readonly auditId: string | null
}

export interface Page {
  readonly notices: readonly ShownNotice[]
  /** Where the next page goes on. */
  readonly end: number
}

export type ReadMailbox = (request: PageRequest) => Promise<Page>

export interface MailboxHouse {
  /** The notices that each upstream may send. */
  readonly sources: readonly { readonly upstream: string; readonly notice: Notice }[]
  readonly agreements: AgreementRegister
  readonly store: Store
  readonly sealer: Sealer
  readonly evidence: Evidence
  readonly log: Log
  readonly metrics: Pick<Metrics, 'noticeUnopened'>
  readonly now: () => number
}

/** Notices of one kind, and what this member may see of them. */
interface Readable {
  readonly notice: Notice
  readonly grant: Grant
}

export function createMailbox(house: MailboxHouse): ReadMailbox {
  const { sources, agreements, store, sealer, evidence, log, metrics, now } = house

  return async function readMailbox(request) {
    // 1. read the context: what is public needs none
    const { caller, header } = request
    const standing = hasContext(header) ? readStanding(header, caller) : undefined
    try {
      return await readPage(request, standing)
    } catch (error) {
      const isRefusal = error instanceof GatewayFailure && error.code === 'NOT_GRANTED'
      throw isRefusal && standing ? await keepRefusal(error, caller, standing) : error
    }
  }

  async function readPage(
    { caller, after, limit }: PageRequest,
    standing: Standing | undefined,
  ): Promise<Page> {
    // 2. decide
    const kinds = Array.from(choose(caller.member.id, standing).values(), ({ kind }) => kind)

    // 3. read a page, and open what is on it, as far as it may be shown by now
    const rows = await store.readNotices(kinds, after, limit).catch(storeUnavailable)
    const readable = choose(caller.member.id, standing)
    const shown = rows.flatMap(row => {
      const held = readable.get(keyOf(row))
      const record = held && open(row)
      if (!record) return []
      const { notice, grant } = held
      const view = viewOf(record, notice.elements.keys(), grant)
      return view.shown.length === 0 ? [] : [{ row, record, notice, grant, view }]
    })

    // 4. record, and release
    const notices = await Promise.all(
      shown.map(async ({ row, record, notice, grant, view }): Promise<ShownNotice> => ({
        id: row.id,
        type: row.notice,
        source: row.upstream,
        receivedAt: new Date(row.receivedAt).toISOString(),
        data: view.data,
        withheld: view.withheld,
        warnings: [...unknownCodesIn(record)]
          .filter(path => grant.elements.has(path))
          .map(path => ({ code: 'CODE_UNKNOWN', path })),
        auditId: await keep(row, { notice, grant, view, caller, standing }),
      })),
    )
    return { notices, end: rows.at(-1)?.sequence ?? after }
  }

  /** Each kind on its own: under an agreement, or else what is public of it. */
  function choose(member: string, standing: Standing | undefined) {
    const refusals: Refusal[] = []
    const readable = new Map<string, Readable & { readonly kind: { upstream: string; notice: string } }>()
    for (const { upstream, notice } of sources) {
      const decision =
        standing &&
        decideAmong(
          { capability: notice.id, purpose: standing.purpose, asked: undefined },
          agreements.between(member, upstream),
          now(),
        )
      const grant = decision?.granted ? decision : publicGrant(notice, undefined)
      const kind = { upstream, notice: notice.id }
      if (grant) readable.set(keyOf(kind), { kind, notice, grant })
      else if (decision && !decision.granted) refusals.push(decision)
    }
    if (readable.size === 0 && refusals.length > 0) throw notGranted(refusals)
    return readable
  }

  /** The record; undefined when its key is gone, and then the others are shown without it. */
  function open(row: NoticeRow): Record<string, unknown> | undefined {
    try {
      return openNotice(sealer, row)
    } catch (error) {
      const { upstream, notice } = row
      metrics.noticeUnopened({ upstream, notice })
      log.error({ upstream, notice, fault: faultOf(error) }, 'a notice does not open: it is left out')
      return undefined
    }
  }

  /** The refusal, once it is on record. */
  async function keepRefusal(
    failure: GatewayFailure,
    { member, keyId }: Caller,
    standing: Standing,
  ): Promise<GatewayFailure> {
    const auditId = randomUUIDv7()
    const content: RefusedQuestion = {
      kind: 'refusal',
      capability: 'notices',
      member: member.id,
      key: keyId,
      ...standing,
      subjects: [],
      outcome: failure.code,
      source: failure.source,
      sent: failure.sent,
      reason: failure.facts.reason,
    }
    await evidence.record({ id: auditId, at: now(), content })
    return failure.with({ auditId })
  }

  /** Who, where, why, whose, and which elements; nothing of what is public. The entry's id, if there is one. */
  async function keep(
    row: NoticeRow,
    {
      notice,
      grant,
      view,
      caller,
      standing,
    }: Readable & { view: View; caller: Caller; standing: Standing | undefined },
  ): Promise<string | null> {
    const open = publicElementsOf(notice)
    if (!standing || view.shown.every((path: ContractPath) => open.has(path))) return null
    const auditId = randomUUIDv7()
    const content: Release = {
      kind: notice.kind,
      capability: notice.id,
      notice: row.id,
      member: caller.member.id,
      key: caller.keyId,
      ...standing,
      subjects: row.subjects,
      outcome: 'released',
      upstream: row.upstream,
      agreement: grant.agreement?.id,
      agreementVersion: grant.agreement && agreements.versionOf(grant.agreement),
      exempt: grant.agreement?.exemptFromAccessLog || undefined,
      elements: view.shown,
    }
    await evidence.record({ id: auditId, at: now(), content })
    return auditId
  }
}

const keyOf = ({ upstream, notice }: { upstream: string; notice: string }): string => `${upstream} ${notice}`
