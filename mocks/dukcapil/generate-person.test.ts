import fc from 'fast-check'
import { expect, it } from 'vitest'
import { generateFamily, generatePerson } from './generate-person.ts'
import { readCardNumber, readNik, writeNik } from './nik.ts'

const someNik = fc
  .record({
    regency: fc.integer({ min: 1, max: 99 }),
    date: fc.date({ min: new Date(1927, 0, 1), max: new Date(), noInvalidDate: true }),
    sex: fc.constantFrom('male' as const, 'female' as const),
    serial: fc.integer({ min: 1, max: 9998 }),
  })
  .map(({ regency, date, sex, serial }) =>
    writeNik({
      region: `99${String(regency).padStart(2, '0')}01`,
      day: date.getDate(),
      month: date.getMonth() + 1,
      year: date.getFullYear(),
      sex,
      serial: String(serial).padStart(4, '0'),
    }),
  )

it('every NIK of province 99 is the same person each time, with sex, birth date and family to match', () => {
  fc.assert(
    fc.property(someNik, nik => {
      const parts = readNik(nik)
      const record = generatePerson(nik)?.record
      expect(generatePerson(nik)?.record).toEqual(record)
      expect(record?.NIK).toBe(BigInt(nik))
      expect(record?.JENIS_KLMIN).toBe(parts?.sex === 'male' ? 'Laki-Laki' : 'Perempuan')
      expect(String(record?.TGL_LHR).split('-').map(Number)).toEqual([parts?.year, parts?.month, parts?.day])

      const card = String(record?.NO_KK)
      expect(readCardNumber(card)).not.toBeNull()
      const family = generateFamily(card).map(member => member.record)
      expect(family).toContainEqual(record)
      expect(family.map(member => String(member.NO_KK))).toEqual(family.map(() => card))
    }),
    { numRuns: 300 },
  )
})

it('children have the names of their parents', () => {
  const [father, mother, son, daughter] = generateFamily('9901011503141234').map(member => member.record)
  expect(father?.STAT_HBKEL).toBe('KEPALA KELUARGA')
  for (const child of [son, daughter]) {
    expect(child?.NAMA_LGKP_AYAH).toBe(father?.NAMA_LGKP)
    expect(child?.NAMA_LGKP_IBU).toBe(mother?.NAMA_LGKP)
  }
})

it.each([
  ['9901011503909999', 'the hole'],
  ['3275011503900001', 'another province'],
  ['9901013002900001', '30 February'],
  ['9901012902010001', '29 February 2001'],
  ['9901010013900001', 'month 13'],
  ['9901017201900001', 'day 72'],
  ['9901011503900000', 'serial 0000'],
  ['990101150390001', 'too short'],
])('%s is nobody: %s', nik => {
  expect(generatePerson(nik)).toBeNull()
})
