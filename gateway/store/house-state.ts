/**
 * Small documents that all gateways on a store share: operators' switches, maintenance windows, alarms, and what each gateway
 * says of itself. There are few of each kind, so a kind is always read whole. They hold nothing personal.
 */
export interface HouseState {
  /** `switch`, `maintenance`, `alarm` … */
  readonly kind: string
  /** Unique within its kind. */
  readonly id: string
  /** 1 at first, one more with every change. */
  readonly revision: number
  /** Epoch milliseconds, in the store's time. */
  readonly changedAt: number
  readonly content: string
}

export interface HouseStateStore {
  /** Every document of these kinds, by kind and id, and what time it is in the store. */
  readHouseState(
    kinds: readonly string[],
  ): Promise<{ readonly at: number; readonly rows: readonly HouseState[] }>
  /**
   * Puts a document in the place of the revision that the caller has seen (0: there was none; undefined: whatever is there),
   * or takes it away (null). False when somebody else has changed it meanwhile: then nothing changes.
   */
  putHouseState(
    document: Pick<HouseState, 'kind' | 'id'> & { readonly content: string | null },
    seen?: number,
  ): Promise<boolean>
}
