/** What agencies told us, as a member may read it: stage by stage, as with a question. */
import { randomUUIDv7 } from 'node:crypto'
import type { Notice } from '#contracts/capability.ts'
import type { AgreementRegister } from '#gateway/access/agreement-register.ts'
import { publicElementsOf } from '#gateway/access/agreements.ts'
import { askerOf, hasContext, type Header, readStanding, type Standing } from '#gateway/access/context.ts'
import { decideAmong, type Grant, notGranted, publicGrant, type Refusal } from '#gateway/access/decide.ts'
import type { Caller } from '#gateway/access/members.ts'
import { type View, viewOf } from '#gateway/access/release.ts'
import type { Answer } from '#gateway/answer.ts'
import { failureOf, GatewayFailure } from '#gateway/failure.ts'
import { type Evidence, keepRefusal, type Release, storeUnavailable } from '#gateway/ledger/evidence.ts'
import { faultOf, type Log } from '#gateway/log.ts'
import type { Metrics } from '#gateway/ops/metrics.ts'
import type { AgreedQuotas, Room } from '#gateway/quotas/agreed-quotas.ts'
import { unknownCodesIn } from '#gateway/records.ts'
import type { Sealer } from '#gateway/sealing.ts'
import type { NoticeRow, Store } from '#gateway/store/store.ts'
import { openNotice } from './sealed-notice.ts'

export interface PageRequest {
  readonly caller: Caller
  readonly header: Header
  /** @throws INPUT_INVALID */
  page(): WantedPage
}

export interface WantedPage {
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
  readonly quotas: Pick<AgreedQuotas, 'reserve'>
  readonly store: Store
  readonly sealer: Sealer
  readonly evidence: Evidence
  readonly log: Log
  readonly metrics: Pick<Metrics, 'noticeUnopened'>
  readonly now: () => number
}

/** Who reads; without where, who and why, only what is public. */
interface Reader {
  readonly caller: Caller
  readonly standing: Standing | undefined
}

/** Notices of one kind, and what this member may see of them. */
interface Readable {
  readonly notice: Notice
  readonly grant: Grant
}

interface Shown extends Readable {
  readonly row: NoticeRow
  readonly record: Record<string, unknown>
  readonly view: View
  /** More is shown than everyone may see: it is on record, and counts on the agreement's quota. */
  readonly isPersonal: boolean
}

export function createMailbox(house: MailboxHouse): ReadMailbox {
  const { sources, agreements, quotas, store, sealer, evidence, log, metrics, now } = house

  return async function readMailbox({ caller, header, page }) {
    try {
      // 1. read the context: what is public needs none
      const wanted = page()
      const standing = hasContext(header) ? readStanding(header, caller) : undefined
      return await readPage({ caller, standing }, wanted)
    } catch (error) {
      if (!hasContext(header)) throw error
      const asked = { at: now(), capability: 'notices', ...askerOf(header, caller), subjects: [] }
      throw await keepRefusal(evidence, failureOf(error), asked)
    }
  }

  async function readPage(reader: Reader, { after, limit }: WantedPage): Promise<Page> {
    // 2. decide
    const kinds = Array.from(choose(reader).values(), ({ kind }) => kind)

    // 3. read a page, as far as it may be shown by now and the quotas last
    const read = () => store.readNotices(kinds, after, limit).catch(storeUnavailable)
    const rows = await read()
    const { shown, at, next } = await takeRoom(reader, rows)

    // 4. record
    const notices = await Promise.all(
      shown.map(async (one): Promise<ShownNotice> => ({
        id: one.row.id,
        type: one.row.notice,
        source: one.row.upstream,
        receivedAt: new Date(one.row.receivedAt).toISOString(),
        data: one.view.data,
        withheld: one.view.withheld,
        warnings: [...unknownCodesIn(one.record)]
          .filter(path => one.grant.elements.has(path))
          .map(path => ({ code: 'CODE_UNKNOWN', path })),
        auditId: await keep(reader, one, at),
      })),
    )

    // 5. release what is still there: recording takes time, in which somebody may have been erased
    const isRecorded = notices.some(({ auditId }) => auditId !== null)
    const there = new Set((isRecorded ? await read() : rows).map(({ id }) => id))
    const last = next ? rows[rows.indexOf(next) - 1] : rows.at(-1)
    return { notices: notices.filter(({ id }) => there.has(id)), end: last?.sequence ?? after }
  }

  /**
   * What may be shown of these, each as one of today's of its agreement: all of them, or those before the `next` one, for which
   * a quota is spent. Taking takes time: what is shown is decided by the agreements, and on the day, of the instant `at`.
   * @throws QUOTA_SPENT when there is no room for the first.
   */
  async function takeRoom(
    reader: Reader,
    rows: readonly NoticeRow[],
  ): Promise<{ shown: readonly Shown[]; at: number; next: NoticeRow | undefined }> {
    for (;;) {
      const all = view(reader, rows)
      const rooms: Room[] = []
      try {
        const spent = await reserve(reader, all, rooms)
        if (spent && rooms.length === 0) throw spent
        const shown = all.slice(0, rooms.length)
        const at = now()
        if (!isDecided(reader, shown) || !rooms.every(room => room.isOf(at))) continue
        for (const room of rooms) room.fill()
        return { shown, at, next: all[rooms.length]?.row }
      } finally {
        for (const room of rooms) room.giveBack()
      }
    }
  }

  /** Adds a room for each, in order; why not for all of them. */
  async function reserve(
    { standing }: Reader,
    all: readonly Shown[],
    rooms: Room[],
  ): Promise<GatewayFailure | undefined> {
    for (const { isPersonal, grant } of all) {
      try {
        rooms.push(await quotas.reserve(isPersonal ? grant.agreement : undefined, standing?.purpose))
      } catch (error) {
        if (!(error instanceof GatewayFailure) || error.code !== 'QUOTA_SPENT') throw error
        return error.with({ agreement: grant.agreement?.id })
      }
    }
    return undefined
  }

  /** Nothing that these are shown under has changed since. */
  function isDecided(reader: Reader, shown: readonly Shown[]): boolean {
    const readable = choose(reader)
    return shown.every(({ row, grant }) => readable.get(keyOf(row))?.grant.agreement === grant.agreement)
  }

  /** Those that hold anything for this reader. */
  function view(reader: Reader, rows: readonly NoticeRow[]): readonly Shown[] {
    const readable = choose(reader)
    return rows.flatMap(row => {
      const held = readable.get(keyOf(row))
      const record = held && open(row)
      if (!record) return []
      const { notice, grant } = held
      const view = viewOf(record, notice.elements.keys(), grant)
      const everyones = publicElementsOf(notice)
      const isPersonal = view.shown.some(path => !everyones.has(path))
      return view.shown.length === 0 ? [] : [{ row, record, notice, grant, view, isPersonal }]
    })
  }

  /** Each kind on its own: under an agreement, or else what is public of it. */
  function choose({ caller: { member }, standing }: Reader) {
    const refusals: Refusal[] = []
    const readable = new Map<string, Readable & { readonly kind: { upstream: string; notice: string } }>()
    for (const { upstream, notice } of sources) {
      const decision =
        standing &&
        decideAmong(
          { capability: notice.id, purpose: standing.purpose, asked: undefined },
          agreements.between(member.id, upstream),
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

  /** Who, where, why, whose, and which elements; nothing of what is public. The entry's id, if there is one. */
  async function keep(
    { caller, standing }: Reader,
    { row, notice, grant, view, isPersonal }: Shown,
    at: number,
  ): Promise<string | null> {
    if (!standing || !isPersonal) return null
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
    await evidence.record({ id: auditId, at, content })
    return auditId
  }
}

const keyOf = ({ upstream, notice }: { upstream: string; notice: string }): string => `${upstream} ${notice}`
