/**
 * What must not be lost. One small interface, several implementations, one test suite for all of them (`store-suite.ts`).
 * Whatever a promise reports as done is on the disk; all instants are epoch milliseconds, UTC.
 */

import type { HouseStateStore } from './house-state.ts'
import type { SubmissionStore } from './submissions.ts'

/** One citizen's visit. It never changes once opened. */
export interface Case {
  readonly id: string
  /** The member that opened it. */
  readonly openedBy: string
  /** The members that take part. */
  readonly members: readonly string[]
  readonly openedAt: number
  readonly expiresAt: number
}

/** One access to personal data, or one effect. */
export interface LedgerEntry {
  /** The audit id that the caller is told, a UUIDv7. */
  readonly id: string
  readonly at: number
  /** Who, where, why, whose (keyed hashes), which elements, from where, outcome. Anything that JSON can say. */
  readonly content: Readonly<Record<string, unknown>>
}

/** An entry as it is kept, in the chain of `gateway/ledger/chain.ts`. */
export interface LedgerRow {
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number
  readonly id: string
  readonly at: number
  /** The JSON text exactly as it went into the digest; null once it has been destroyed. */
  readonly content: string | null
  readonly digest: string
  readonly hash: string
}

/** What an agency told us. */
export interface StoredNotice {
  /** A UUIDv7. */
  readonly id: string
  readonly upstream: string
  /** The id of its contract: `business.registered`. */
  readonly notice: string
  readonly receivedAt: number
  /** Everyone it is about, as keyed hashes. */
  readonly subjects: readonly string[]
  /** Of what the agency sent, as a keyed hash: an upstream's notice with the same one is the same. */
  readonly fingerprint: string
  /** The record, sealed. */
  readonly sealed: Uint8Array
}

/** A notice as it is kept. */
export interface NoticeRow extends StoredNotice {
  /** Rises in order of arrival: what is kept later never gets a lower one than what could be read before. */
  readonly sequence: number
}

/** Which notices of which upstream. */
export type NoticeKind = Pick<StoredNotice, 'upstream' | 'notice'>

/** Which rows of the ledger: of somebody (a keyed hash), of a time, both, or all. */
export interface LedgerSearch {
  readonly subject?: string
  /** Recorded from the first instant on, before the second. */
  readonly from?: number
  readonly until?: number
}

/** A quota's day: `key` names the quota, `day` is a calendar day (`2026-01-31`) in the time zone that is its own. */
export interface QuotaDay {
  readonly key: string
  readonly day: string
}

/** A text that is kept in every version it ever had: an agreement as it was in force. */
export interface Version {
  /** `agreement`. */
  readonly kind: string
  readonly id: string
  /** Of the content; tells versions apart. */
  readonly digest: string
  readonly content: string
  /** When it came into force here. */
  readonly since: number
}

/** A notice's sealed record, as it is kept. Its seal opens as this notice and no other. */
export type SealedRow = Pick<NoticeRow, 'sequence' | 'id' | 'upstream' | 'notice' | 'sealed'>

/** Somebody's data was erased: what was fetched about them by a gateway that did not know of it yet is void. */
export interface Erasure {
  /** Rises in order: what is kept later never gets a lower one than what could be read before. */
  readonly sequence: number
  /** A keyed hash. */
  readonly subject: string
}

export interface Store extends SubmissionStore, HouseStateStore {
  openCase(visit: Case): Promise<void>
  findCase(id: string): Promise<Case | undefined>
  appendLedger(entry: LedgerEntry): Promise<void>
  /** The last row; undefined while there is none. */
  readLedgerHead(): Promise<LedgerRow | undefined>
  /** Rows with a sequence above `after`, in order, at most `limit` of them. */
  readLedger(after: number, limit: number): Promise<readonly LedgerRow[]>
  /** False when the same one is kept already; then nothing changes. */
  keepNotice(notice: StoredNotice): Promise<boolean>
  /** Notices of these kinds with a sequence above `after`, in order, at most `limit` of them; destroyed ones are left out. */
  readNotices(kinds: readonly NoticeKind[], after: number, limit: number): Promise<readonly NoticeRow[]>
  /** Rows that fit, with a sequence above `after`, in order, at most `limit` of them. Destroyed content fits nothing but time. */
  findLedger(search: LedgerSearch, after: number, limit: number): Promise<readonly LedgerRow[]>
  /**
   * Destroys the content of rows recorded before an instant whose content says one of these `kind`s, oldest first, at most
   * `limit` of them; how many. The chain still verifies.
   */
  destroyLedgerContent(kinds: readonly string[], before: number, limit: number): Promise<number>

  /** Takes as much of a day's quota as is left, at most `wanted`; how much. Exact, however many gateways take at once. */
  takeQuota(quota: QuotaDay, limit: number, wanted: number): Promise<number>
  /** Gives back what was taken and not used. */
  returnQuota(quota: QuotaDay, count: number): Promise<void>
  /** The agency says how much is used: where that is more than is known here, it is believed. */
  raiseQuota(quota: QuotaDay, used: number): Promise<void>
  /** How much is taken. */
  readQuota(quota: QuotaDay): Promise<number>

  /** False when the version in force is the same. */
  keepVersion(version: Version): Promise<boolean>
  /** Every version, oldest first. */
  readVersions(kind: string, id: string): Promise<readonly Version[]>

  /** Destroys what notices about somebody (a keyed hash) hold; how many. They stay known by fingerprint. */
  eraseNotices(subject: string): Promise<number>
  /** Remembered for good: shared answers are held against it. */
  keepErasure(subject: string, at: number): Promise<void>
  /** Erasures with a sequence above `after`, in order, at most `limit` of them. */
  readErasures(after: number, limit: number): Promise<readonly Erasure[]>
  /** Destroys what notices received before an instant hold, at most `limit` of them; how many. */
  destroyNotices(before: number, limit: number): Promise<number>
  /** Sealed notices of all kinds with a sequence above `after`, in order, at most `limit` of them. */
  readSealed(after: number, limit: number): Promise<readonly SealedRow[]>
  /**
   * The ids of the keys that notices are sealed with (bytes 3 to 2 + n of `sealed`, n being its second byte), each once. Asked
   * at every start, so it must not read every record.
   */
  sealedKeyIds(): Promise<readonly string[]>
  /** Puts the same, sealed with another key, in its place; false when it has changed meanwhile. */
  reseal(row: SealedRow, sealed: Uint8Array): Promise<boolean>

  /** Keeps a check value (of a key, say) under a name, unless one is there; the one that is kept. */
  keepCheck(name: string, value: string): Promise<string>

  /** Finishes what was asked before; whatever is asked afterwards is refused. */
  close(): Promise<void>
}

/** The store cannot work now. What was asked is not known to be kept, and a later attempt may succeed. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The store works, but will never keep this: its id is taken, or a value does not fit. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused'
}
