import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  drivingLicenceNumber,
  familyCardNumber,
  isSynthetic,
  kbli,
  licencePlate,
  nib,
  nik,
  npwp,
  npwp16,
  policeRecordRegistrationNumber,
  readNik,
  recordedNumber,
  regionCode,
} from './identifiers.ts'

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** Every valid NIK, with what it says: built from the rules, not from the parser. */
const citizens = fc
  .record({
    province: fc.integer({ min: 11, max: 99 }),
    regency: fc.integer({ min: 1, max: 99 }),
    district: fc.integer({ min: 1, max: 99 }),
    born: fc.date({ min: new Date('1950-01-01'), max: new Date('2025-12-31'), noInvalidDate: true }),
    isWoman: fc.boolean(),
    serial: fc.integer({ min: 1, max: 9999 }),
  })
  .map(({ province, regency, district, born, isWoman, serial }) => {
    const day = born.getUTCDate() + (isWoman ? 40 : 0)
    const year = twoDigits(born.getUTCFullYear() % 100)
    const region = `${province}${twoDigits(regency)}${twoDigits(district)}`
    return {
      nik: `${region}${twoDigits(day)}${twoDigits(born.getUTCMonth() + 1)}${year}${String(serial).padStart(4, '0')}`,
      sex: isWoman ? 'female' : 'male',
      birthDate: born.toISOString().slice(0, 10),
      region: `${province}.${twoDigits(regency)}.${twoDigits(district)}`,
    }
  })

const messages = (schema: typeof nik, value: string): string[] =>
  schema.safeParse(value).error?.issues.map(({ message }) => message) ?? []

describe('NIK', () => {
  it('accepts every number that follows the rules, and reads back what it says', () => {
    fc.assert(
      fc.property(citizens, citizen => {
        expect(nik.safeParse(citizen.nik).success).toBe(true)
        // Born before 1950, a two-digit year would be ambiguous; as of 2049 none of these is.
        const today = citizen.birthDate < '2000' ? '1999-12-31' : '2049-12-31'
        expect(readNik(citizen.nik, today)).toEqual({
          sex: citizen.sex,
          birthDate: citizen.birthDate,
          regionOfFirstIssue: citizen.region,
        })
      }),
    )
  })

  it.each([
    ['999901150190000', 'NIK has 16 digits'],
    ['99990115019000011', 'NIK has 16 digits'],
    ['99990115O1900001', 'NIK has 16 digits'],
    ['0099011501900001', 'NIK digits 1 to 6 are not a region code'],
    ['1099011501900001', 'NIK digits 1 to 6 are not a region code'],
    ['9900011501900001', 'NIK digits 1 to 6 are not a region code'],
    ['9999001501900001', 'NIK digits 1 to 6 are not a region code'],
    ['9999010001900001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999013201900001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999014001900001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999017201900001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999011500900001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999011513900001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999013102900001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999012902010001', 'NIK digits 7 to 12 are not a birth date DDMMYY (women: day + 40)'],
    ['9999011501900000', 'NIK digits 13 to 16 are not a serial number'],
  ])('refuses %s: %s', (value, message) => {
    expect(messages(nik, value)).toContain(message)
  })

  it('is never a number: beyond 2^53 the last digit would be lost', () => {
    expect(nik.safeParse(Number('9999011501900001')).success).toBe(false)
  })

  it('accepts the leap days of both sexes', () => {
    expect(nik.safeParse('9999012902000001').success).toBe(true)
    expect(nik.safeParse('9999016902040001').success).toBe(true)
  })

  it('reads the latest century that is not in the future', () => {
    expect(readNik('9999011501260001', '2026-01-14').birthDate).toBe('1926-01-15')
    expect(readNik('9999011501260001', '2026-01-15').birthDate).toBe('2026-01-15')
    expect(readNik('9999012902000001', '2026-01-15').birthDate).toBe('2000-02-29')
  })
})

describe('other identifiers', () => {
  it('checks a family card by its date of issue, without + 40', () => {
    expect(familyCardNumber.safeParse('9999010101200001').success).toBe(true)
    expect(familyCardNumber.safeParse('9999014101200001').success).toBe(false)
  })

  it('takes an old record as it is, whatever its date part says', () => {
    expect(recordedNumber.safeParse('9999010000000000').success).toBe(true)
    expect(recordedNumber.safeParse('999901000000000').success).toBe(false)
  })

  it.each([
    [nib, '9999900000001', '999990000000'],
    [npwp, '999999999999999', '99999999999999'],
    [npwp, '0999999999999999', '1999999999999999'],
    [npwp16, '9999011501900001', '9999013201900001'],
    [kbli, '56101', '5610'],
    [drivingLicenceNumber, '999999010001', '99999901000'],
    [drivingLicenceNumber, '9999011501900001', '99990115019000011'],
    [policeRecordRegistrationNumber, 'SKCK/99/2026/000001', 'SKCK 99'],
    [regionCode, '99', '9'],
    [regionCode, '9901', '990'],
    [regionCode, '990101', '99010'],
    [regionCode, '9901011004', '99010110041'],
  ])('%# accepts %s and refuses %s', (schema, good, bad) => {
    expect(schema.safeParse(good).success).toBe(true)
    expect(schema.safeParse(bad).success).toBe(false)
  })
})

describe('licence plate', () => {
  it.each([
    ['X 1234 ABC', 'X 1234 ABC'],
    ['x1234abc', 'X 1234 ABC'],
    ['  xy   1 a ', 'XY 1 A'],
    ['X 1234', 'X 1234'],
    ['x1234 ', 'X 1234'],
  ])('takes "%s" as %s', (spelled, plate) => {
    expect(licencePlate.parse(spelled)).toBe(plate)
  })

  it.each(['1234 ABC', 'XYZ 1234 A', 'X ABC', 'X 12345 ABC', 'X 1234 ABCD', 'X-1234-ABC', ''])(
    'refuses "%s", and shows the form',
    plate => {
      expect(licencePlate.safeParse(plate).error?.issues).toMatchObject([
        { message: 'A licence plate has the form X 1234 ABC' },
      ])
    },
  )
})

it.each([
  ['9999011501900001', true],
  ['9901011501900001', true],
  ['3175011501900001', false],
  ['9999900000001', true],
  ['9912345678901', false],
  ['X 1234 ABC', true],
  ['B 1234 XYZ', false],
  ['999999010001', true],
  ['990199010001', false], // a licence of somebody born in January 1999
])('%s is synthetic: %s', (identifier, expected) => {
  expect(isSynthetic(identifier)).toBe(expected)
})
