/**
 * Who looked at me: what a subject is told on request (UU 27/2022). The officer and the counter stay in the ledger. What the law
 * exempts is left out, and nothing tells that it was: not the wording, not the pages, not the time that an answer takes.
 */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Text } from '#contracts/text.ts'
import type { Language } from '#gateway/http/problem.ts'
import type { Pseudonyms } from '#gateway/pseudonym.ts'
import type { LedgerRow, Store } from '#gateway/store/store.ts'
import { csvLine } from './csv.ts'
import { type Actor, type Audit, contentOf, type Evidence, isRelease, type Release } from './evidence.ts'
import type { Names } from './names.ts'
import { rowsOf } from './rows.ts'

/** One access to somebody's data. */
export interface Access {
  /** ISO instant. */
  readonly at: string
  readonly organisation: string
  /** The code of a service; `audit` where an auditor answered a request such as this one. */
  readonly purpose: string
  /** The agency whose data it was; null where the ledger itself was looked into. */
  readonly source: string | null
  /** What was shown, in plain words. */
  readonly elements: readonly string[]
}

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
  readonly store: Pick<Store, 'findLedger'>
  readonly evidence: Evidence
  readonly pseudonyms: Pseudonyms
  readonly names: Names
  /** Is the law's exemption agreed in it today? */
  readonly isExempt: (agreement: string) => boolean
  readonly now: () => number
}

/** Said with every answer, whether or not anything was left out. */
export const exemptionNotice: Text = {
  id: 'Kegiatan yang menurut undang-undang dikecualikan dari pemberitahuan dapat tidak dicantumkan di sini. Kalimat ini selalu dicantumkan.',
  en: 'Activities that the law exempts from being told may be left out here. This sentence is always here.',
}

/** An answer takes a multiple of it, so that its time does not tell how much was left out. */
const paceMs = 250

export function createAccessLog(house: AccessLogHouse): ReadAccessLog {
  const { store, evidence, pseudonyms, names, isExempt, now } = house

  return async function readAccessLog(request) {
    const startedAt = performance.now()
    const { by, nik, reference, receivedAt, language, limit } = request
    const { after, until } = request.position ?? { after: 0, until: now() }
    const subject = pseudonyms.subject({ type: 'nik', value: nik })

    // One more than the page holds: only what will be shown decides whether there is another page.
    const shown: { readonly sequence: number; readonly access: Access }[] = []
    for await (const row of rowsOf(store, { subject, until }, after)) {
      const access = accessIn(row, language)
      if (access) shown.push({ sequence: row.sequence, access })
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
    await sleep(paceMs - ((performance.now() - startedAt) % paceMs))
    return {
      accesses: page.map(({ access }) => access),
      next: shown.length > limit ? { after: page.at(-1)!.sequence, until } : undefined,
      auditId,
    }
  }

  /** What was shown of them, and who answered such a request. A refused question showed nothing, and is not told. */
  function accessIn(row: LedgerRow, language: Language): Access | undefined {
    const content = contentOf(row)
    const at = new Date(row.at).toISOString()
    if (content?.kind === 'audit')
      return { at, organisation: names.member(content.member), purpose: 'audit', source: null, elements: [] }
    if (!isRelease(content) || isLeftOut(content)) return undefined
    return {
      at,
      organisation: names.member(content.member),
      purpose: content.purpose,
      source: names.upstream(content.upstream)[language],
      elements: content.elements.map(path => names.element(content.capability, path)[language]),
    }
  }

  /** Exempt when it was recorded, or by now. */
  function isLeftOut({ exempt, agreement }: Release): boolean {
    return exempt === true || (agreement !== undefined && isExempt(agreement))
  }
}

const headings: Record<Language, readonly string[]> = {
  id: ['Waktu', 'Instansi pengakses', 'Keperluan', 'Sumber data', 'Data yang dilihat'],
  en: ['Time', 'Organisation', 'Purpose', 'Source of the data', 'Data seen'],
}

/** Accesses for a person to read; the last line says what is always said. */
export const accessLogCsv = (accesses: readonly Access[], language: Language): string =>
  [
    csvLine(headings[language]),
    ...accesses.map(({ at, organisation, purpose, source, elements }) =>
      csvLine([at, organisation, purpose, source, elements.join('; ')]),
    ),
    csvLine([exemptionNotice[language], '', '', '', '']),
  ].join('')
