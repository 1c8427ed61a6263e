import type { FailureCode } from './codes.ts'
import { generateFamily, generatePerson } from './generate-person.ts'
import { personas } from './personas.ts'
import type { WireRecord } from './wire.ts'

/** A person in the register; `code` is what the agency says instead of the record. */
export interface Resident {
  record: WireRecord
  code?: FailureCode
}

const byNik = new Map(personas.map(persona => [persona.nik, persona]))
const byCard = Map.groupBy(personas, persona => String(persona.record.NO_KK))

export function findByNik(nik: string): Resident | null {
  return byNik.get(nik) ?? generatePerson(nik)
}

/** The living and active members of a family card; none is a card that nobody has. */
export function findByCard(card: string): readonly Resident[] {
  return byCard.get(card)?.filter(member => !member.code) ?? generateFamily(card)
}
