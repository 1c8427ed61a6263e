/**
 * What must not be lost. One small interface, several implementations, one test suite for all of them (`store-suite.ts`).
 * Whatever a promise reports as done is on the disk; all instants are epoch milliseconds, UTC.
 */

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

export interface Store {
  openCase(visit: Case): Promise<void>
  findCase(id: string): Promise<Case | undefined>
  appendLedger(entry: LedgerEntry): Promise<void>
  /** Rows with a sequence above `after`, in order, at most `limit` of them. */
  readLedger(after: number, limit: number): Promise<readonly LedgerRow[]>
  /** False when the same one is kept already; then nothing changes. */
  keepNotice(notice: StoredNotice): Promise<boolean>
  /** Notices of these kinds with a sequence above `after`, in order, at most `limit` of them; destroyed ones are left out. */
  readNotices(kinds: readonly NoticeKind[], after: number, limit: number): Promise<readonly NoticeRow[]>
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
