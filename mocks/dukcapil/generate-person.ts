import { readCardNumber, readNik, writeCardNumber, writeNik, type CardParts, type NikParts } from './nik.ts'
import { regionFields } from './regions.ts'
import type { WireRecord } from './wire.ts'

/**
 * People for every other NIK of province 99: nothing is stored, the NIK says it all, so the same NIK is always the
 * same person. Serial 9999 is the hole: nobody has it.
 *
 * Families are made so that a NIK leads to its card and the card back to its members. The card's number holds the
 * father's birth date with the year + 24; the mother, a son and a daughter differ from him by the days and years
 * below (28 keeps 29 February). Whoever is born since 2000 is a child, whoever was before is a parent.
 */
const roles = {
  father: { sex: 'male', years: 0, days: 0, relation: 'KEPALA KELUARGA' },
  mother: { sex: 'female', years: 0, days: 11, relation: 'ISTRI' },
  son: { sex: 'male', years: 28, days: 5, relation: 'ANAK' },
  daughter: { sex: 'female', years: 28, days: 17, relation: 'ANAK' },
} as const

type Role = keyof typeof roles

const firstChildYear = 2000
const cardYears = 24
const hole = '9999'

const names = {
  male: [
    'ADI',
    'BAGAS',
    'CAHYO',
    'DIMAS',
    'EKO',
    'FAJAR',
    'GALIH',
    'HENDRA',
    'IRFAN',
    'JOKO',
    'KRISNA',
    'LUKMAN',
  ],
  female: [
    'AYU',
    'BUNGA',
    'CITRA',
    'DEWI',
    'ENDAH',
    'FITRI',
    'GITA',
    'HESTI',
    'INDAH',
    'KARTIKA',
    'LESTARI',
    'MAYA',
  ],
  last: [
    'ANGGARA',
    'BASUKI',
    'CENDANA',
    'DARMAWAN',
    'FIRDAUS',
    'GUNADI',
    'HARJO',
    'KUSUMA',
    'LAKSANA',
    'MAHENDRA',
  ],
} as const
const birthPlaces = ['KOTA CONTOH', 'CONTOH BARU', 'CONTOH LAMA', 'CONTOH INDAH'] as const
const religions = ['ISLAM', 'ISLAM', 'ISLAM', 'KRISTEN', 'KATHOLIK', 'HINDU', 'BUDHA'] as const
const bloodGroups = ['A', 'B', 'AB', 'O', 'TIDAK TAHU'] as const
const educations = [
  'SLTA/SEDERAJAT',
  'SLTP/SEDERAJAT',
  'AKADEMI/DIPLOMA III/S.MUDA',
  'DIPLOMA IV/STRATA I',
] as const
const occupations = [
  'KARYAWAN SWASTA',
  'WIRASWASTA',
  'PETANI/PEKEBUN',
  'GURU',
  'PERDAGANGAN',
  'SOPIR',
] as const
const streets = ['MELATI', 'MAWAR', 'KENANGA', 'ANGGREK', 'CEMPAKA', 'DAHLIA', 'FLAMBOYAN'] as const

/** `null` when the NIK is malformed, of another province, or in the hole. */
export function generatePerson(nik: string): { record: WireRecord } | null {
  const parts = readNik(nik)
  if (!parts || !isOurs(parts)) return null
  const role = roleOf(parts)
  return { record: recordOf(role, fatherOf(parts, role)) }
}

/** The members of a generated card, head first; none when nobody has that card. */
export function generateFamily(card: string): { record: WireRecord }[] {
  const parts = readCardNumber(card)
  if (!parts || !isOurs(parts)) return []
  const father: NikParts = { ...parts, sex: 'male', year: parts.year - cardYears }
  if (father.year >= firstChildYear || !isBorn(father)) return []
  return (Object.keys(roles) as Role[])
    .filter(role => isBorn(memberOf(father, role)) && roleOf(memberOf(father, role)) === role)
    .map(role => ({ record: recordOf(role, father) }))
}

function recordOf(role: Role, father: NikParts): WireRecord {
  const member = memberOf(father, role)
  const nik = writeNik(member)
  const fatherNik = writeNik(father)
  const card = writeCardNumber({ ...father, year: father.year + cardYears })
  const pick = picker(nik)
  const home = picker(card)
  const isChild = member.year >= firstChildYear
  const [regency, district] = [Number(father.region.slice(2, 4)), Number(father.region.slice(4))]
  return {
    NIK: BigInt(nik),
    NO_KK: BigInt(card),
    NAMA_LGKP: nameOf(nik, member.sex),
    TMPT_LHR: pick(birthPlaces),
    TGL_LHR: `${member.year}-${twoDigits(member.month)}-${twoDigits(member.day)}`,
    JENIS_KLMIN: member.sex === 'male' ? 'Laki-Laki' : 'Perempuan',
    AGAMA: home(religions),
    GOL_DARAH: pick(bloodGroups),
    STATUS_KAWIN: isChild ? 'BELUM KAWIN' : 'KAWIN',
    STAT_HBKEL: roles[role].relation,
    PDDK_AKH: isChild ? schoolOf(member.year) : pick(educations),
    JENIS_PKRJN: isChild ? 'PELAJAR/MAHASISWA' : pick(occupations),
    NAMA_LGKP_IBU: isChild
      ? nameOf(writeNik(memberOf(father, 'mother')), 'female')
      : nameOf(`${nik}M`, 'female'),
    NAMA_LGKP_AYAH: isChild ? nameOf(fatherNik, 'male') : nameOf(`${nik}F`, 'male'),
    ALAMAT: `JL ${home(streets)} NO ${Number(father.serial)}`,
    NO_RT: (father.day % 12) + 1,
    NO_RW: father.month,
    DUSUN: null,
    KODE_POS: 99_000 + regency,
    ...regionFields(regency, district, 1000 + father.month),
    EKTP_STATUS: isChild ? null : 'TUNGGAL',
  }
}

function isOurs({ region, serial }: CardParts): boolean {
  return region.startsWith('99') && serial !== hole
}

function roleOf({ sex, year }: NikParts): Role {
  if (year >= firstChildYear) return sex === 'male' ? 'son' : 'daughter'
  return sex === 'male' ? 'father' : 'mother'
}

function fatherOf(member: NikParts, role: Role): NikParts {
  const { years, days } = roles[role]
  return { ...member, sex: 'male', year: member.year - years, day: turnDay(member.day, -days) }
}

function memberOf(father: NikParts, role: Role): NikParts {
  const { sex, years, days } = roles[role]
  return { ...father, sex, year: father.year + years, day: turnDay(father.day, days) }
}

/** Within the first 28 days of a month, which every month has; later days stay as they are. */
function turnDay(day: number, by: number): number {
  return day > 28 ? day : ((day - 1 + by + 28) % 28) + 1
}

/** Whether a NIK can say this birth date: not in the future, nor too long ago for two digits. */
function isBorn(parts: NikParts): boolean {
  return readNik(writeNik(parts))?.year === parts.year
}

function nameOf(seed: string, sex: NikParts['sex']): string {
  const pick = picker(`${seed}N`)
  return `${pick(names[sex])} ${pick(names.last)}`
}

function schoolOf(birthYear: number): string {
  if (birthYear >= 2020) return 'TIDAK/BELUM SEKOLAH'
  if (birthYear >= 2014) return 'BELUM TAMAT SD/SEDERAJAT'
  if (birthYear >= 2011) return 'TAMAT SD/SEDERAJAT'
  return birthYear >= 2008 ? 'SLTP/SEDERAJAT' : 'SLTA/SEDERAJAT'
}

/** Picks from lists, one after the other, always the same for the same seed (FNV-1a, then a linear congruence). */
function picker(seed: string): <Value>(list: readonly [Value, ...Value[]]) => Value {
  let state = 0x811c9dc5
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 0x01000193)
  return list => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return list[(state >>> 12) % list.length] ?? list[0]
  }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
