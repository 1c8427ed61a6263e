/** Everything in the store that holds personal values: keys rotate and people are erased in each of them alike. */
import { openAttachment, openContent, sealAttachment, sealContent } from '#gateway/delivery/content.ts'
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
  /** Destroys all about somebody (a keyed hash). Absent: what is here goes with what it belongs to. */
  erase?(subject: string): Promise<Erased>
}

/** How many records are destroyed, and how many are as soon as they are at their end. */
export interface Erased {
  readonly destroyed: number
  readonly open: number
}

interface ResealedPage {
  readonly resealed: number
  /** Altered, or sealed with a key that is not configured. */
  readonly unopened: number
  readonly end: number
}

const noticesIn = (store: Store): SealedPlace => ({
  name: 'notices',
  keyIds: () => store.sealedKeyIds(),
  reseal: pageByPage({
    read: position => store.readSealed(position, 200),
    sealAnew: (sealer, row) => sealNotice(sealer, row, openNotice(sealer, row)),
    replace: (row, sealed) => store.reseal(row, sealed),
  }),
  erase: async subject => ({ destroyed: await store.eraseNotices(subject), open: 0 }),
})

const ordersIn = (store: Store): SealedPlace => ({
  name: 'orders',
  keyIds: () => store.sealedSubmissionKeyIds(),
  reseal: pageByPage({
    read: position => store.readSealedSubmissions(position, 200),
    sealAnew: (sealer, row) => sealContent(sealer, row.id, openContent(sealer, row)!),
    replace: (row, sealed) => store.resealSubmission(row, sealed),
  }),
  erase: subject => store.eraseSubmissions(subject),
})

const attachmentsIn = (store: Store): SealedPlace => ({
  name: 'attachments',
  keyIds: () => store.sealedAttachmentKeyIds(),
  reseal: pageByPage({
    read: position => store.readSealedAttachments(position, 10), // each may be 2 MB
    sealAnew: (sealer, row) => sealAttachment(sealer, row, openAttachment(sealer, row)),
    replace: (row, sealed) => store.resealAttachment(row, sealed),
  }),
})

interface Sealed {
  readonly sequence: number
  readonly sealed: Uint8Array
}

interface Pages<Row extends Sealed> {
  read(position: number): Promise<readonly Row[]>
  /** @throws SealBroken */
  sealAnew(sealer: Sealer, row: Row): Buffer
  /** False when it has been destroyed or resealed meanwhile, which is as good. */
  replace(row: Row, sealed: Buffer): Promise<boolean>
}

const pageByPage =
  <Row extends Sealed>({ read, sealAnew, replace }: Pages<Row>): SealedPlace['reseal'] =>
  async (sealer, position) => {
    const rows = await read(position)
    const end = rows.at(-1)?.sequence
    if (end === undefined) return undefined
    let resealed = 0
    let unopened = 0
    for (const row of rows) {
      if (keyIdOf(row.sealed) === sealer.keyId) continue
      const sealed = opened(() => sealAnew(sealer, row))
      if (!sealed) unopened += 1
      else if (await replace(row, sealed)) resealed += 1
    }
    return { resealed, unopened, end }
  }

function opened<Content>(open: () => Content): Content | undefined {
  try {
    return open()
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

export const sealedPlaces = (store: Store): readonly SealedPlace[] => [
  noticesIn(store),
  ordersIn(store),
  attachmentsIn(store),
]
