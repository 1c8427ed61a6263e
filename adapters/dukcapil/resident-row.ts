/** One person as a row of the registry, and what it means in the house's words. */
import { z } from 'zod'
import type { family } from '#contracts/family.ts'
import {
  bloodGroup,
  education,
  familyRelation,
  maritalStatus,
  occupation,
  religion,
  sex,
} from '#contracts/population-codes.ts'
import type { resident } from '#contracts/resident.ts'
import { asIs, read, type WireValue } from '#contracts/wire-value.ts'
import { refusalKeys } from './refusals.ts'

const text = z.string().nullish()
/** The registry writes these as unpadded integers; some mirrors as text. */
const digits = z.union([z.int().nonnegative(), z.string().regex(/^\s*\d*\s*$/)]).nullish()

/** Only the keys that are read; what the agreement with the registry does not cover is missing. */
export const residentRow = z.object({
  ...refusalKeys,
  NIK: text,
  NO_KK: text,
  NAMA_LGKP: text,
  TMPT_LHR: text,
  TGL_LHR: text,
  JENIS_KLMIN: text,
  AGAMA: text,
  GOL_DARAH: text,
  STATUS_KAWIN: text,
  STAT_HBKEL: text,
  PDDK_AKH: text,
  JENIS_PKRJN: text,
  NAMA_LGKP_IBU: text,
  NAMA_LGKP_AYAH: text,
  NIK_IBU: text,
  NIK_AYAH: text,
  ALAMAT: text,
  NO_RT: digits,
  NO_RW: digits,
  DUSUN: text,
  KODE_POS: digits,
  NO_PROP: digits,
  PROP_NAME: text,
  NO_KAB: digits,
  KAB_NAME: text,
  NO_KEC: digits,
  KEC_NAME: text,
  NO_KEL: digits,
  KEL_NAME: text,
  NO_AKTA_LHR: text,
  TGL_KWN: text,
  NO_AKTA_KWN: text,
  TGL_CRAI: text,
  NO_AKTA_CRAI: text,
  PNYDNG_CCT: text,
  EKTP_STATUS: text,
})
type Row = z.output<typeof residentRow>

const padded = (length: number) => (value: string) => value.padStart(length, '0')
/** A zero where a number must be is the registry's blank. */
const unlessZero = (convert: (text: string) => string) => (value: string) =>
  /^0+$/.test(value) ? null : convert(value)

/** Three formats are in use. Another one passes through and fails the contract: never a wrong date. */
function readDate(value: string): string | null {
  const [, day, month, year] = /^(\d\d)[-.](\d\d)[-.](\d{4})$/.exec(value) ?? []
  const iso = year ? `${year}-${month}-${day}` : value
  return iso === '0000-00-00' ? null : iso
}

const regionLengths = [2, 2, 2, 4] as const

/** Codes are joined from the top level down; without a level above, a level has no complete code. */
export function readAddress(row: Row): z.input<typeof resident>['address'] {
  const parts = [row.NO_PROP, row.NO_KAB, row.NO_KEC, row.NO_KEL].map((value, level) =>
    read(value, unlessZero(padded(regionLengths[level]!))),
  )
  const region = (level: number, wireName: WireValue) => {
    const name = read(wireName, asIs)
    if (parts[level] === undefined && name === undefined) return undefined
    if (!parts[level] && !name) return null
    const path = parts.slice(0, level + 1)
    return { code: path.every(Boolean) ? path.join('') : null, name: name ?? null }
  }
  return {
    street: read(row.ALAMAT, asIs),
    neighbourhood: read(row.NO_RT, padded(3)),
    communityUnit: read(row.NO_RW, padded(3)),
    hamlet: read(row.DUSUN, asIs),
    postalCode: read(row.KODE_POS, unlessZero(padded(5))),
    province: region(0, row.PROP_NAME),
    regency: region(1, row.KAB_NAME),
    district: region(2, row.KEC_NAME),
    village: region(3, row.KEL_NAME),
  }
}

/** What a row says of one person. */
export function readResident(row: Row): z.input<typeof resident> {
  return { ...readMember(row), familyCardNumber: read(row.NO_KK, asIs), address: readAddress(row) }
}

/** What a row says of a family member: all but what the family shares. The contract refuses an empty NIK or name. */
export function readMember(row: Row): z.input<typeof family>['members'][number] {
  return {
    nik: read(row.NIK, asIs) ?? '',
    fullName: read(row.NAMA_LGKP, asIs) ?? '',
    birthPlace: read(row.TMPT_LHR, asIs),
    birthDate: read(row.TGL_LHR, readDate),
    sex: read(row.JENIS_KLMIN, sex.read),
    religion: read(row.AGAMA, religion.read),
    bloodGroup: read(row.GOL_DARAH, bloodGroup.read),
    maritalStatus: read(row.STATUS_KAWIN, maritalStatus.read),
    familyRelation: read(row.STAT_HBKEL, familyRelation.read),
    education: read(row.PDDK_AKH, education.read),
    occupation: read(row.JENIS_PKRJN, occupation.read),
    motherName: read(row.NAMA_LGKP_IBU, asIs),
    fatherName: read(row.NAMA_LGKP_AYAH, asIs),
    motherNik: read(row.NIK_IBU, unlessZero(asIs)),
    fatherNik: read(row.NIK_AYAH, unlessZero(asIs)),
    birthDeedNumber: read(row.NO_AKTA_LHR, asIs),
    marriageDate: read(row.TGL_KWN, readDate),
    marriageDeedNumber: read(row.NO_AKTA_KWN, asIs),
    divorceDate: read(row.TGL_CRAI, readDate),
    divorceDeedNumber: read(row.NO_AKTA_CRAI, asIs),
    disability: read(row.PNYDNG_CCT, asIs),
    identityCardStatus: read(row.EKTP_STATUS, asIs),
  }
}
