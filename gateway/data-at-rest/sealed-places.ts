/** Everything in the store that holds personal values: keys rotate and people are erased in each of them alike. */
import { openNotice, sealNotice } from '#gateway/inbound/sealed-notice.ts'
import { keyIdOf, SealBroken, type Sealer } from '#gateway/sealing.ts'
import type { Store } from '#gateway/store/store.ts'

export interface SealedPlace {
  /** As operators read it. */
  readonly name: string
  /** Which keys its records are sealed with. */
  keyIds(): Promise<readonly string[]>
  /** Puts what another key sealed under the sealer's first key, a page after `position`; undefined when there is no more. */
  reseal(sealer: Sealer, position: number): Promise<ResealedPage | undefined>
  /** Destroys all about somebody (a keyed hash); how many records. */
  erase(subject: string): Promise<number>
}

interface ResealedPage {
  readonly resealed: number
  /** Altered, or sealed with a key that is not configured. */
  readonly unopened: number
  readonly end: number
}

const pageSize = 200

const noticesIn = (store: Store): SealedPlace => ({
  name: 'notices',
  keyIds: () => store.sealedKeyIds(),
  async reseal(sealer, position) {
    const rows = await store.readSealed(position, pageSize)
    const end = rows.at(-1)?.sequence
    if (end === undefined) return undefined
    let resealed = 0
    let unopened = 0
    for (const row of rows) {
      if (keyIdOf(row.sealed) === sealer.keyId) continue
      const record = opened(() => openNotice(sealer, row))
      if (!record) unopened += 1
      // Else it has been destroyed or resealed meanwhile, which is as good.
      else if (await store.reseal(row, sealNotice(sealer, row, record))) resealed += 1
    }
    return { resealed, unopened, end }
  },
  erase: subject => store.eraseNotices(subject),
})

function opened<Content>(open: () => Content): Content | undefined {
  try {
    return open()
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

export const sealedPlaces = (store: Store): readonly SealedPlace[] => [noticesIn(store)]
