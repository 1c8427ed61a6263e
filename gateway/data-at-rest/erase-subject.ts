/** The erasure of a person: on record first, then everywhere. Asked for again, it does the same again. */
import { randomUUIDv7 } from 'node:crypto'
import { type Actor, type Evidence, storeUnavailable } from '#gateway/ledger/evidence.ts'
import type { Pseudonyms } from '#gateway/pseudonym.ts'
import type { SharedData } from '#gateway/shared-data/shared-data.ts'
import type { SealedPlace } from './sealed-places.ts'

export interface ErasureRequest {
  readonly by: Actor
  readonly nik: string
  /** Why, and the request or decision it follows, for the ledger. */
  readonly reason: string
  readonly reference: string
}

export interface Erasure {
  /** Epoch ms. */
  readonly erasedAt: number
  /** Stored records destroyed, by place. Shared answers are not counted: they are gone from every gateway. */
  readonly destroyed: Readonly<Record<string, number>>
  /** Orders that are still under way, by place, where there are any: what is kept of them goes the moment they end. */
  readonly open: Readonly<Record<string, number>>
  /** Where something still lies, sealed and served to nobody, until it can be reached and is removed too. */
  readonly pending: readonly 'redis'[]
  readonly auditId: string
}

export type EraseSubject = (request: ErasureRequest) => Promise<Erasure>

export interface ErasureHouse {
  readonly sharedData: SharedData
  readonly places: readonly SealedPlace[]
  readonly evidence: Evidence
  readonly pseudonyms: Pseudonyms
  readonly now: () => number
}

export function createEraseSubject(house: ErasureHouse): EraseSubject {
  const { sharedData, places, evidence, pseudonyms, now } = house

  const erasable = places.flatMap(({ name, erase }) => (erase ? [{ name, erase }] : []))

  return async function eraseSubject({ by, nik, reason, reference }) {
    const subject = pseudonyms.subject({ type: 'nik', value: nik })
    const erasedAt = now()
    const auditId = randomUUIDv7()
    await evidence.record({
      id: auditId,
      at: erasedAt,
      content: {
        kind: 'act',
        act: 'subject.erase',
        ...by,
        subjects: [subject],
        reason,
        reference,
      },
    })
    try {
      const [{ pending }, ...counts] = await Promise.all([
        sharedData.erase(subject, erasedAt),
        ...erasable.map(({ erase }) => erase(subject)),
      ])
      const erased = erasable.map(({ name }, index) => ({ name, ...counts[index]! }))
      const destroyed = Object.fromEntries(erased.map(one => [one.name, one.destroyed]))
      const open = Object.fromEntries(erased.flatMap(one => (one.open > 0 ? [[one.name, one.open]] : [])))
      return { erasedAt, destroyed, open, pending, auditId }
    } catch (error) {
      return storeUnavailable(error)
    }
  }
}
