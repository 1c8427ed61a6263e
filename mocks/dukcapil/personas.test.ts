import { describe, expect, it } from 'vitest'
import { readCardNumber, readNik } from './nik.ts'
import { personas } from './personas.ts'
import { personaTable } from './persona-table.ts'
import type { RecordKey } from './wire.ts'

// Their birth date says on purpose something else than the NIK.
const oddBirthDates = ['9999010101200055', '9999014707790095', '9999010808680097']

describe('personas', () => {
  it.each(personas)('$nik, $shows', ({ nik, record }) => {
    const parts = readNik(nik)
    expect(parts?.region).toMatch(/^99/)
    expect(String(record.NIK)).toBe(nik)
    expect(Number(nik) % 2).toBe(0) // the odd last digit does not survive a JavaScript number
    expect(String(record.NO_KK)).toMatch(/^99.*[13579]$/)
    expect(readCardNumber(String(record.NO_KK))).not.toBeNull()
    expect(String(record.JENIS_KLMIN).toLowerCase()).toBe(parts?.sex === 'male' ? 'laki-laki' : 'perempuan')
    if (!oddBirthDates.includes(nik))
      expect(birthDateOf(String(record.TGL_LHR))).toEqual(parts && dateOf(parts))
  })

  it('are each somebody else', () => {
    expect(new Set(personas.map(({ nik }) => nik)).size).toBe(personas.length)
    expect(new Set(personas.map(({ shows }) => shows)).size).toBe(personas.length)
  })

  it('live in families of one to seven, with one head and one address each', () => {
    const families = [...Map.groupBy(personas, ({ record }) => String(record.NO_KK)).values()]
    expect(new Set(families.map(family => family.length))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]))
    for (const family of families) {
      expect(family.filter(({ record }) => record.STAT_HBKEL === 'KEPALA KELUARGA')).toHaveLength(1)
      expect(new Set(family.map(({ record }) => `${record.ALAMAT} ${record.NO_KEL}`)).size).toBe(1)
    }
  })

  it.each([
    [
      'AGAMA',
      ['ISLAM', 'KRISTEN', 'KATHOLIK', 'HINDU', 'BUDHA', 'KHONGHUCU', 'KEPERCAYAAN TERHADAP TUHAN YME'],
    ],
    [
      'STATUS_KAWIN',
      ['BELUM KAWIN', 'KAWIN', 'CERAI HIDUP', 'CERAI MATI', 'KAWIN TERCATAT', 'KAWIN BELUM TERCATAT'],
    ],
    ['STAT_HBKEL', ['KEPALA KELUARGA', 'SUAMI', 'ISTRI', 'ANAK', 'MENANTU', 'CUCU', 'ORANGTUA', 'MERTUA']],
    ['STAT_HBKEL', ['FAMILI LAIN', 'PEMBANTU', 'LAINNYA']],
    ['PDDK_AKH', ['TIDAK/BELUM SEKOLAH', 'BELUM TAMAT SD/SEDERAJAT', 'TAMAT SD/SEDERAJAT', 'SLTP/SEDERAJAT']],
    ['PDDK_AKH', ['SLTA/SEDERAJAT', 'DIPLOMA I/II', 'AKADEMI/DIPLOMA III/S.MUDA', 'DIPLOMA IV/STRATA I']],
    ['PDDK_AKH', ['STRATA II', 'STRATA III']],
    ['GOL_DARAH', ['A', 'B', 'AB', 'O', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-', 'TIDAK TAHU']],
  ] satisfies [RecordKey, string[]][])('have every value of %s: %j', (key, values) => {
    const seen = personas.map(({ record }) => record[key])
    expect(seen).toEqual(expect.arrayContaining(values))
  })

  it('stand in personas.md (fresh it up with vitest -u)', async () => {
    await expect(personaTable()).toMatchFileSnapshot('personas.md')
  })
})

function dateOf({ year, month, day }: { year: number; month: number; day: number }): number[] {
  return [year, month, day]
}

function birthDateOf(text: string): number[] {
  const numbers = text.split(/[-.]/).map(Number)
  return text.indexOf('-') === 4 ? numbers : numbers.toReversed()
}
