import { businesses, initialLicenceStatuses, type DataNib, type LicenceEntry } from './businesses.ts'
import { jakartaDay } from './jakarta-day.ts'

export interface Licence {
  business: DataNib
  /** Its entry in the checklist of the business. */
  entry: LicenceEntry
  /** L10. */
  status: string
}

/** What OSS has done because it was told to: the same call once more is one more. */
export interface Effect {
  readonly method: string
  readonly id_izin: string
  /** What the call said, without its wrapper. */
  readonly given: Readonly<Record<string, unknown>>
}

/** What OSS knows, and what changes in it. */
export interface Register {
  findByNib(nib: string): DataNib | undefined
  /** By 16 digits: a NIK, or 0 and the 15 digits of the old form, of which `npwp_perseroan` is. */
  findByNpwp(npwp: string): DataNib | undefined
  findLicence(id: string): Licence | undefined
  /** `undefined` when nobody has that NIB. */
  setStatus(nib: string, status: string): DataNib | undefined
  setLicenceStatus(id: string, status: string): Licence | undefined
  /** Writes into the entry of a licence. */
  changeLicence(id: string, change: Partial<LicenceEntry>): void
  /** Oldest first. */
  readonly effects: readonly Effect[]
  note(effect: Effect): void
  /** All as it was at the start, without effects. */
  reset(): void
}

const revoked = '06'

export function createRegister(): Register {
  const records = new Map<string, DataNib>()
  const statuses = new Map<string, string>()
  const effects: Effect[] = []

  function reset(): void {
    for (const record of businesses) records.set(record.nib, record)
    for (const [id, status] of Object.entries(initialLicenceStatuses)) statuses.set(id, status)
    effects.length = 0
  }

  function findLicence(id: string): Licence | undefined {
    const status = statuses.get(id)
    for (const business of records.values()) {
      const entry = business.data_checklist.find(({ id_izin }) => id_izin === id)
      if (entry && status) return { business, entry, status }
    }
    return undefined
  }

  reset()
  return {
    reset,
    effects,
    note: effect => void effects.push(effect),
    findLicence,
    findByNib: nib => records.get(nib),
    findByNpwp: npwp =>
      [...records.values()].find(({ npwp_perseroan }) => npwp_perseroan.padStart(16, '0') === npwp),

    setStatus(nib, status) {
      const record = records.get(nib)
      if (!record) return undefined
      const changed = {
        ...record,
        tgl_perubahan_nib: jakartaDay(),
        status_nib: status,
        'tipe_dokumen ': status === revoked ? '3' : '5',
      }
      records.set(nib, changed)
      return changed
    },

    setLicenceStatus(id, status) {
      if (!findLicence(id)) return undefined
      statuses.set(id, status)
      return findLicence(id)
    },

    changeLicence(id, change) {
      const business = findLicence(id)?.business
      if (!business) return
      const data_checklist = business.data_checklist.map(entry =>
        entry.id_izin === id ? { ...entry, ...change } : entry,
      )
      records.set(business.nib, { ...business, data_checklist })
    },
  }
}
