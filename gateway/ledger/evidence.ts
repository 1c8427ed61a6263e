import { GatewayFailure } from '#gateway/failure.ts'
import { type LedgerEntry, type Store, StoreUnavailable } from '#gateway/store/store.ts'

/** Keeps evidence before anything personal leaves. */
export interface Evidence {
  /** Durable when resolved; without it, nothing may be released. */
  record(entry: LedgerEntry): Promise<void>
  /** Whether the last entry could be kept. */
  readonly isKept: boolean
}

export function createEvidence(store: Store): Evidence {
  let isKept = true
  return {
    async record(entry) {
      try {
        await store.appendLedger(entry)
        isKept = true
      } catch (error) {
        isKept = false
        storeUnavailable(error)
      }
    },
    get isKept() {
      return isKept
    },
  }
}

/** Throws the store's trouble in the house's words; anything else is a fault of ours. */
export function storeUnavailable(error: unknown): never {
  if (!(error instanceof StoreUnavailable)) throw error
  throw new GatewayFailure('STORE_UNAVAILABLE', {
    retryAfter: null,
    detail: 'what must be kept cannot be kept now, so nothing is released',
  })
}
