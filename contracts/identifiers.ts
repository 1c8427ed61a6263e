/**
 * Identifiers, with the checks that really exist. Always strings: a NIK of provinces 91 to 99 does not fit a number.
 */
import { z } from 'zod'

const digits = (length: number, name: string) =>
  z.string().regex(new RegExp(`^\\d{${length}}$`), { error: `${name} has ${length} digits`, abort: true })

/** A calendar day, ISO 8601 (`1990-01-15`). */
export const isoDate = z.iso.date()

// -- NIK and family card: region of first issue (6), day month year (6), serial (4) ---------------------------------

/** Two-digit years are ambiguous: any century's calendar will do, and 00 was a leap year in 2000. */
const isCalendarDay = (day: number, month: number, year: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000 + year, month, 0)).getUTCDate()

const dayOf = (identifier: string): number => Number(identifier.slice(6, 8))
const monthOf = (identifier: string): number => Number(identifier.slice(8, 10))
const yearOf = (identifier: string): number => Number(identifier.slice(10, 12))
/** By shape only: provinces are numbered from 11, regencies and districts from 01. The decree table changes too often. */
const hasRegionShape = (identifier: string): boolean =>
  /^(1[1-9]|[2-9]\d)(?!00)\d\d(?!00)\d\d/.test(identifier)
const hasSerial = (identifier: string): boolean => !identifier.endsWith('0000')

/**
 * Nomor Induk Kependudukan, the national identity number: `PPKKCC DDMMYY SSSS`, women's day + 40. No checksum exists.
 * The region is where it was first issued, not where the person lives.
 */
export const nik = digits(16, 'NIK').superRefine((value, check) => {
  const day = dayOf(value)
  if (!hasRegionShape(value)) check.addIssue('NIK digits 1 to 6 are not a region code')
  if (!isCalendarDay(day > 40 ? day - 40 : day, monthOf(value), yearOf(value)))
    check.addIssue('NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)')
  if (!hasSerial(value)) check.addIssue('NIK digits 13 to 16 are not a serial number')
})

/** Nomor Kartu Keluarga, the family card number: as NIK, with the date of issue (no + 40). */
export const familyCardNumber = digits(16, 'Family card number').superRefine((value, check) => {
  if (!hasRegionShape(value)) check.addIssue('Family card number digits 1 to 6 are not a region code')
  if (!isCalendarDay(dayOf(value), monthOf(value), yearOf(value)))
    check.addIssue('Family card number digits 7 to 12 are not a date of issue DDMMYY')
  if (!hasSerial(value)) check.addIssue('Family card number digits 13 to 16 are not a serial number')
})

/** A NIK or family card number as an agency's record holds it: old records break the rules above, and are still true. */
export const recordedNumber = digits(16, 'NIK or family card number')

export interface NikFacts {
  sex: 'male' | 'female'
  /** ISO date; the century is the latest that does not lie after `today`. A person over a hundred is read a century young. */
  birthDate: string
  /** Region of first issue, dotted: `99.99.01`. */
  regionOfFirstIssue: string
}

/** What a valid NIK itself tells. A hint for forms, never a substitute for the registry's answer. */
export function readNik(valid: string, today: string = new Date().toISOString().slice(0, 10)): NikFacts {
  const day = dayOf(valid)
  const twoDigits = (value: number): string => String(value).padStart(2, '0')
  const inCentury = (century: number): string =>
    `${century}${valid.slice(10, 12)}-${valid.slice(8, 10)}-${twoDigits(day > 40 ? day - 40 : day)}`
  const thisCentury = inCentury(20)
  const isReal = isoDate.safeParse(thisCentury).success
  return {
    sex: day > 40 ? 'female' : 'male',
    birthDate: isReal && thisCentury <= today ? thisCentury : inCentury(19),
    regionOfFirstIssue: `${valid.slice(0, 2)}.${valid.slice(2, 4)}.${valid.slice(4, 6)}`,
  }
}

/**
 * What every identity in tests, mocks and demos carries, and no real one: province 99, the 9999 before any other number
 * (older driving licences begin with year and month of birth, so 99 alone is real there), region X on a licence plate.
 */
export const isSynthetic = (identifier: string): boolean => /^(99\d{14}$|9999|X \d)/.test(identifier)

// -- Regions, businesses, taxpayers --------------------------------------------------------------------------------

/** Kemendagri region code without dots: province (2), regency or city (4), district (6) or village (10 digits). */
export const regionCode = z
  .string()
  .regex(/^\d{2}(\d{2}(\d{2}(\d{4})?)?)?$/, { error: 'A region code has 2, 4, 6 or 10 digits' })

/** Nomor Induk Berusaha, the business identity number: random digits, so only the length can be checked. */
export const nib = digits(13, 'NIB')

/** Taxpayer number, old form, digits only (`XX.XXX.XXX.C-KKK.BBB` without punctuation). */
export const npwp15 = digits(15, 'NPWP')

/** Taxpayer number, new form: a citizen's NIK, or `0` and the old form (PMK 112/2022). */
export const npwp16 = digits(16, 'NPWP').refine(
  value => value.startsWith('0') || nik.safeParse(value).success,
  {
    error: 'An NPWP of 16 digits is a NIK, or 0 followed by the 15 digits of the old form',
  },
)

/** Either form of the taxpayer number. */
export const npwp = z.union([npwp15, npwp16], {
  error: 'NPWP has 15 or 16 digits; 16 are a NIK, or 0 and the old form',
})

/** KBLI 2020, the classification of business activities: a group of five digits. */
export const kbli = digits(5, 'KBLI')

// -- Vehicles and the police -----------------------------------------------------------------------------------------

const plateParts = /^\s*([A-Za-z]{1,2})\s*(\d{1,4})\s*([A-Za-z]{0,3})\s*$/

/**
 * Licence plate (NRKB): region, number and letters (some have none), `X 1234 ABC`. Any case and spacing is taken, and
 * comes out in upper case with single spaces.
 */
export const licencePlate = z
  .string()
  .regex(plateParts, { error: 'A licence plate has the form X 1234 ABC', abort: true })
  .overwrite(value => value.replace(plateParts, '$1 $2 $3').trim().toUpperCase())

/** Driving licence (SIM): 12 digits on older cards, more on newer ones; a NIK where Polri numbers them so. */
export const drivingLicenceNumber = z
  .string()
  .regex(/^\d{12,16}$/, { error: 'A driving licence number has 12 to 16 digits' })

/** An application for a police record certificate (SKCK). Its form is not public: assumed. */
export const policeRecordRegistrationNumber = z.string().regex(/^[A-Za-z\d][A-Za-z\d./-]{3,39}$/, {
  error: 'A registration number has 4 to 40 letters, digits, dots, slashes or hyphens',
})

/** A KBLI code as OSS records it: it declares five digits in places and seven in others. */
export const recordedKbli = z.string().regex(/^\d{5}(\d{2})?$/, { error: 'A KBLI code has 5 or 7 digits' })

/** A taxpayer number as an agency's record holds it: either form, or 22 digits where a branch is told (NITKU). */
export const recordedNpwp = z
  .string()
  .regex(/^(\d{15,16}|\d{22})$/, { error: 'An NPWP has 15, 16 or, of a branch, 22 digits' })

// -- OSS, the licensing system: a prefix and the digits of a time stamp, at most 25 characters -----------------------

const ossNumber = (prefix: string, name: string) =>
  z.string().regex(new RegExp(`^${prefix}-\\d{8,23}$`), {
    error: `${name} is ${prefix}- and 8 to 23 digits`,
  })

/** An application for a licence (`id_izin`). */
export const licenceId = ossNumber('I', 'Licence id')

/** A business activity at its place (`id_proyek`). */
export const projectId = ossNumber('R', 'Project id')

/** An OSS number as its records hold it. */
export const recordedOssNumber = z.string().min(1).max(40)
