/**
 * Who looked at me, and what was ordered about me: what a subject is told on request (UU 27/2022). The officer and the counter stay in the ledger. What the law
 * exempts is left out, and nothing tells that it was: not the wording, not the pages, and the time that an answer takes only by
 * the step of its pace.
 */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { submissionStates } from '#contracts/submission.ts'
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { Pseudonyms } from '#gateway/pseudonym.ts'
import type { LedgerRow, Store } from '#gateway/store/store.ts'
import { csvLine } from './csv.ts'
import {
  type Actor,
  type Audit,
  contentOf,
  type Effect,
  type Evidence,
  isOrdering,
  isRelease,
  type Ordered,
  type Release,
} from './evidence.ts'
import { exemptionIn } from './exemption.ts'
import { type Names, shownOfOrder } from './names.ts'
import { rowsOf } from './rows.ts'

/** One access to somebody's data. */
export interface Access {
  /** ISO instant. */
  readonly at: string
  readonly organisation: string
  /** The service, in plain words where they are known, else its code; `audit` where an auditor answered a request such as this one. */
  readonly purpose: string
  /** The agency whose data it was; null where the ledger itself was looked into. */
  readonly source: string | null
  /** What was shown, in plain words. */
  readonly elements: readonly string[]
  /** What was done. */
  readonly act: AccessAct
  /** The same in plain words, with what was ordered. */
  readonly actText: string
}

/**
 * `seen`: data was shown. `ordered`: an order was given; what came of it at the agency follows, as in the states of orders.
 * `audited`: the ledger itself was looked into.
 */
const acts = {
  seen: { id: 'Data dilihat', en: 'Data was seen' },
  ordered: { id: 'Permohonan diajukan', en: 'An order was given' },
  accepted: submissionStates.accepted,
  confirmed: submissionStates.confirmed,
  rejected: submissionStates.rejected,
  uncertain: submissionStates.uncertain,
  audited: { id: 'Riwayat akses dilihat', en: 'The access log was read' },
} as const satisfies Record<string, Text>
export type AccessAct = keyof typeof acts
export const accessActs = Object.keys(acts) as AccessAct[]

type Told = Release | Ordered | Effect | Audit

export interface AccessPage {
  readonly accesses: readonly Access[]
  /** Where the next page goes on; undefined after the last one. */
  readonly next: Position | undefined
  readonly auditId: string
}

export interface Position {
  readonly after: number
  /** Recorded before this instant: every page is of the ledger as the first one found it. */
  readonly until: number
}

export interface AccessLogRequest {
  readonly by: Actor
  readonly nik: string
  readonly reference: string
  /** When the request came in; epoch milliseconds. */
  readonly receivedAt: number
  readonly language: Language
  /** Undefined: the first page. */
  readonly position: Position | undefined
  readonly limit: number
}

export type ReadAccessLog = (request: AccessLogRequest) => Promise<AccessPage>

export interface AccessLogHouse {
  readonly store: Pick<Store, 'findLedger' | 'readVersions'>
  readonly evidence: Evidence
  readonly pseudonyms: Pseudonyms
  readonly names: Names
  readonly now: () => number
}

/** Said with every answer, whether or not anything was left out. */
export const exemptionNotice: Text = {
  id: 'Kegiatan yang menurut undang-undang dikecualikan dari pemberitahuan dapat tidak dicantumkan di sini. Kalimat ini selalu dicantumkan.',
  en: 'Activities that the law exempts from being told may be left out here. This sentence is always here.',
}

/** An answer takes as long, or twice, four times … as long: its time does not tell how much was left out. */
const paceMs = 250

const pacedMs = (elapsedMs: number): number =>
  paceMs * 2 ** Math.max(0, Math.ceil(Math.log2(elapsedMs / paceMs)))

export function createAccessLog(house: AccessLogHouse): ReadAccessLog {
  const { store, evidence, pseudonyms, names, now } = house

  return async function readAccessLog(request) {
    const startedAt = performance.now()
    try {
      return await read(request)
    } finally {
      const elapsedMs = performance.now() - startedAt
      await sleep(pacedMs(elapsedMs) - elapsedMs)
    }
  }

  async function read(request: AccessLogRequest): Promise<AccessPage> {
    const { by, nik, reference, receivedAt, language, limit } = request
    const { after, until } = request.position ?? { after: 0, until: now() }
    const subject = pseudonyms.subject({ type: 'nik', value: nik })

    // One more than the page holds: only what will be shown decides whether there is another page.
    const isExempt = exemptionIn(store)
    const shown: { readonly row: LedgerRow; readonly content: Told }[] = []
    for await (const row of rowsOf(store, { subject, until }, after)) {
      const content = contentOf(row)
      // A refused question showed nothing, and is not told.
      const isDone = isRelease(content) || isOrdering(content)
      if (content?.kind === 'audit' || (isDone && !(await isExempt(content)))) shown.push({ row, content })
      if (shown.length > limit) break
    }
    const page = shown.slice(0, limit)

    const auditId = randomUUIDv7()
    const content: Audit = {
      kind: 'audit',
      act: 'subject.access-log',
      ...by,
      reference,
      since: receivedAt,
      subjects: [subject],
    }
    await evidence.record({ id: auditId, at: now(), content })
    return {
      accesses: page.map(({ row, content }) => accessOf(row, content, language)),
      next: shown.length > limit ? { after: page.at(-1)!.row.sequence, until } : undefined,
      auditId,
    }
  }

  /** What was shown of them or ordered about them, or who answered such a request. */
  function accessOf(row: LedgerRow, content: Told, language: Language): Access {
    const at = new Date(row.at).toISOString()
    const organisation = names.member(content.member)
    const done = (act: AccessAct, what = ''): Pick<Access, 'act' | 'actText'> => ({
      act,
      actText: `${acts[act][language]}${what}`,
    })
    if (content.kind === 'audit')
      return { at, organisation, purpose: 'audit', source: null, elements: [], ...done('audited') }
    const access = {
      at,
      organisation,
      purpose: names.purpose(content.purpose, language),
      source: names.upstream(content.upstream)[language],
    }
    if (isOrdering(content)) {
      const what = `: ${names.capability(content.capability)[language]}`
      return { ...access, elements: [], ...done(content.outcome, what) }
    }
    const elements = [
      ...shownOfOrder(content).map(([, label]) => label[language]),
      ...content.elements.map(path => names.element(content.capability, path)[language]),
    ]
    return { ...access, elements, ...done('seen') }
  }
}

const headings: Record<Language, readonly string[]> = {
  id: ['Waktu', 'Instansi pengakses', 'Keperluan', 'Sumber data', 'Data yang dilihat', 'Yang dilakukan'],
  en: ['Time', 'Organisation', 'Purpose', 'Source of the data', 'Data seen', 'What was done'],
}

/** Accesses for a person to read; the last line says what is always said. */
export const accessLogCsv = (accesses: readonly Access[], language: Language): string =>
  [
    csvLine(headings[language]),
    ...accesses.map(({ at, organisation, purpose, source, elements, actText }) =>
      csvLine([at, organisation, purpose, source, elements.join('; '), actText]),
    ),
    csvLine([exemptionNotice[language], '', '', '', '', '']),
  ].join('')
