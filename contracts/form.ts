/** Parts that the forms of several orders share: what an applicant writes about themselves, and where they live. */
import { z } from 'zod'
import { nik } from './identifiers.ts'
import { pastDate } from './past-date.ts'
import { citizenship, policeOfficeLevel, stayPermitKind } from './police-codes.ts'
import { maritalStatus, occupation, religion, sex } from './population-codes.ts'

/**
 * For `refine`: a rule over several fields, told at one of them. It is checked beside other mistakes, so that a form gets all
 * of its mistakes at once: any field may be missing or wrong in what the rule is asked about.
 */
export const mistakeAt = (path: readonly string[], error: string) => ({
  path: [...path],
  error,
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
})

/** One line of text, without control characters. */
export const formLine = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, { error: 'must not be empty' })
    .max(longest, { error: `at most ${longest} characters` })
    .regex(/^\P{Cc}*$/u, { error: 'one line, without control characters' })

/** Text of several lines, without other control characters. */
export const formText = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, { error: 'must not be empty' })
    .max(longest, { error: `at most ${longest} characters` })
    .regex(/^[\P{Cc}\r\n]*$/u, { error: 'text and line breaks, without other control characters' })

export const formName = formLine(200)
export const formYear = z.int().min(1900).max(2200)

export const phoneNumber = z
  .string()
  .regex(/^(\+\d{1,3}|0)\d{6,13}$/, { error: 'A telephone number is +62 or 0 and digits: 081200000000' })
export const emailAddress = z.email().max(254)
export const bankAccountNumber = z
  .string()
  .regex(/^\d{5,20}$/, { error: 'A bank account number has 5 to 20 digits' })

/** As on an identity card, by name: forms ask for no region codes. */
export const formAddress = z.strictObject({
  street: formLine(300),
  neighbourhood: z
    .string()
    .regex(/^\d{1,3}$/, { error: 'RT has up to 3 digits' })
    .optional(),
  communityUnit: z
    .string()
    .regex(/^\d{1,3}$/, { error: 'RW has up to 3 digits' })
    .optional(),
  village: formLine(100).optional(),
  district: formLine(100).optional(),
  regency: formLine(100),
  province: formLine(100),
  postalCode: z
    .string()
    .regex(/^\d{5}$/, { error: 'A postal code has 5 digits' })
    .optional(),
})

/** The person at the counter. Everyone has a NIK: foreigners who live here are given one too, visitors are not served. */
export const formPerson = z.strictObject({
  nik,
  fullName: formName,
  birthPlace: formLine(100),
  birthDate: pastDate,
  sex: sex.input,
  religion: religion.input,
  occupation: occupation.input,
  address: formAddress,
  phone: phoneNumber,
  email: emailAddress.optional(),
})

export const passportNumber = z
  .string()
  .regex(/^[A-Z0-9]{5,15}$/, { error: 'A passport number has 5 to 15 capital letters and digits' })

interface MaybeForeign {
  readonly citizenship?: string
  readonly nationality?: unknown
  readonly passportNumber?: unknown
  readonly stayPermit?: unknown
}
type OfForeigners = Exclude<keyof MaybeForeign, 'citizenship'>

const foreignersHave = (field: OfForeigners) => (applicant: MaybeForeign) =>
  applicant.citizenship !== 'foreign' || applicant[field] !== undefined
const othersLack = (field: OfForeigners) => (applicant: MaybeForeign) =>
  applicant.citizenship !== 'indonesian' || applicant[field] === undefined
const missing = 'is needed of a foreigner'
const misplaced = 'is for foreigners only'

/** An applicant whose citizenship matters; a foreigner shows a passport and a permit to stay beside the NIK. */
export const formApplicant = z
  .strictObject({
    ...formPerson.shape,
    maritalStatus: maritalStatus.input,
    citizenship: citizenship.input,
    /** Foreigners' only: the country. */
    nationality: formLine(100).optional(),
    /** Where they live, when not as on the identity card. */
    domicile: formAddress.optional(),
    passportNumber: passportNumber.optional(),
    /** Foreigners' only. */
    stayPermit: z.strictObject({ kind: stayPermitKind.input, number: formLine(40) }).optional(),
  })
  .refine(foreignersHave('nationality'), mistakeAt(['nationality'], missing))
  .refine(foreignersHave('passportNumber'), mistakeAt(['passportNumber'], missing))
  .refine(foreignersHave('stayPermit'), mistakeAt(['stayPermit'], missing))
  .refine(othersLack('nationality'), mistakeAt(['nationality'], misplaced))
  .refine(othersLack('stayPermit'), mistakeAt(['stayPermit'], misplaced))

/** A police office; `code` is the police's own (`kode satwil`). */
export const policeOffice = z.strictObject({
  level: policeOfficeLevel.input,
  name: formLine(120),
  code: formLine(20).optional(),
})
