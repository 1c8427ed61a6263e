import type { FailureCode } from './codes.ts'
import { readNik } from './nik.ts'
import { regionFields } from './regions.ts'
import type { WireRecord } from './wire.ts'

/** Somebody made by hand, to show one thing. All are invented; province 99 does not exist. */
export interface Persona {
  nik: string
  shows: string
  record: WireRecord
  /** What the agency says instead of the record. */
  code?: FailureCode
}

interface Member extends WireRecord {
  nik: string
  shows: string
  code?: FailureCode
}

const aWoman = { JENIS_KLMIN: 'Perempuan' } as const
const aChild = {
  STATUS_KAWIN: 'BELUM KAWIN',
  STAT_HBKEL: 'ANAK',
  PDDK_AKH: 'TIDAK/BELUM SEKOLAH',
  JENIS_PKRJN: 'BELUM/TIDAK BEKERJA',
  EKTP_STATUS: null,
} as const satisfies WireRecord

export const personas: readonly Persona[] = [
  // The family of the examples: four members.
  ...household('9999010101200001', {}, [
    {
      nik: '9999011501900001',
      shows:
        'the usual record; mother with trailing spaces; last digits of NIK and NO_KK lost by a plain parse',
      NAMA_LGKP: 'WARGA CONTOH SATU',
      NAMA_LGKP_IBU: 'IBU CONTOH   ',
    },
    {
      nik: '9999015203920003',
      shows: 'wife, with marriage deed',
      ...aWoman,
      NAMA_LGKP: 'ISTRI CONTOH SATU',
      STAT_HBKEL: 'ISTRI',
      PDDK_AKH: 'SLTA/SEDERAJAT',
      JENIS_PKRJN: 'MENGURUS RUMAH TANGGA',
      GOL_DARAH: 'O',
      TGL_KWN: '2014-06-07',
      NO_AKTA_KWN: '9901-KW-07062014-0001',
    },
    {
      nik: '9999010806150005',
      shows: "child with birth deed and both parents' NIK as numbers",
      ...aChild,
      NAMA_LGKP: 'ANAK CONTOH PERTAMA',
      PDDK_AKH: 'BELUM TAMAT SD/SEDERAJAT',
      JENIS_PKRJN: 'PELAJAR/MAHASISWA',
      GOL_DARAH: 'A',
      NIK_IBU: 9999015203920003n,
      NAMA_LGKP_IBU: 'ISTRI CONTOH SATU',
      NIK_AYAH: 9999011501900001n,
      NAMA_LGKP_AYAH: 'WARGA CONTOH SATU',
      NO_AKTA_LHR: '9901-LT-10062015-0005',
    },
    {
      nik: '9999016902240007',
      shows: 'born on 29 February',
      ...aChild,
      ...aWoman,
      NAMA_LGKP: 'ANAK CONTOH KEDUA',
      NAMA_LGKP_IBU: 'ISTRI CONTOH SATU',
      NAMA_LGKP_AYAH: 'WARGA CONTOH SATU',
    },
  ]),

  // Seven members, with most of the relations.
  ...household(
    '9999011703050007',
    { AGAMA: 'KATHOLIK', ALAMAT: 'JL. CONTOH RAYA GG. 3 NO. 7A', NO_RT: 12, NO_RW: 3 },
    [
      {
        nik: '9999012104650011',
        shows: 'family of seven; pensioner',
        NAMA_LGKP: 'YOHANES CONTOH',
        JENIS_PKRJN: 'PENSIUNAN',
        PDDK_AKH: 'STRATA II',
        GOL_DARAH: 'A+',
      },
      {
        nik: '9999014508680013',
        shows: 'sex in capitals',
        JENIS_KLMIN: 'PEREMPUAN',
        NAMA_LGKP: 'MARIA CONTOH',
        STAT_HBKEL: 'ISTRI',
        JENIS_PKRJN: 'GURU',
        GOL_DARAH: 'B+',
      },
      {
        nik: '9999010209880015',
        shows: 'grown child, married: "KAWIN TERCATAT"',
        NAMA_LGKP: 'PETRUS CONTOH',
        STAT_HBKEL: 'ANAK',
        STATUS_KAWIN: 'KAWIN TERCATAT',
        JENIS_PKRJN: 'PNS',
        GOL_DARAH: 'AB+',
      },
      {
        nik: '9999017010900017',
        shows: 'daughter-in-law, "KAWIN BELUM TERCATAT"',
        ...aWoman,
        NAMA_LGKP: 'AGNES CONTOH',
        STAT_HBKEL: 'MENANTU',
        STATUS_KAWIN: 'KAWIN BELUM TERCATAT',
        JENIS_PKRJN: 'BIDAN',
        PDDK_AKH: 'AKADEMI/DIPLOMA III/S.MUDA',
        GOL_DARAH: 'O+',
      },
      {
        nik: '9999010511140019',
        shows: 'grandchild',
        ...aChild,
        NAMA_LGKP: 'YOSEF CONTOH',
        STAT_HBKEL: 'CUCU',
        PDDK_AKH: 'TAMAT SD/SEDERAJAT',
        JENIS_PKRJN: 'PELAJAR/MAHASISWA',
      },
      {
        nik: '9999014107420001',
        shows: "head's mother, widowed",
        ...aWoman,
        NAMA_LGKP: 'ELISABET CONTOH',
        STAT_HBKEL: 'ORANGTUA',
        STATUS_KAWIN: 'CERAI MATI',
        JENIS_PKRJN: 'LAINNYA',
        GOL_DARAH: 'A-',
      },
      {
        nik: '9999015912990023',
        shows: 'household help',
        ...aWoman,
        NAMA_LGKP: 'TERESIA',
        STAT_HBKEL: 'PEMBANTU',
        STATUS_KAWIN: 'BELUM KAWIN',
        PDDK_AKH: 'SLTP/SEDERAJAT',
        GOL_DARAH: 'B-',
      },
    ],
  ),

  // Six members, in a village of the regency next door.
  ...household(
    '9999022505100011',
    {
      AGAMA: 'HINDU',
      ALAMAT: 'BANJAR CONTOH',
      DUSUN: 'DUSUN CONTOH KULON',
      NO_RT: 1,
      NO_RW: 0,
      KODE_POS: 99002,
      ...regionFields(2, 12, 2003),
    },
    [
      {
        nik: '9999022401780025',
        shows: 'village: DUSUN is there, NO_KEL from 2000',
        NAMA_LGKP: 'I WAYAN CONTOH',
        JENIS_PKRJN: 'PETANI/PEKEBUN',
        PDDK_AKH: 'TAMAT SD/SEDERAJAT',
        GOL_DARAH: 'AB',
      },
      {
        nik: '9999026502800027',
        shows: 'family of six; market trader',
        ...aWoman,
        NAMA_LGKP: 'NI MADE CONTOH',
        STAT_HBKEL: 'ISTRI',
        JENIS_PKRJN: 'PEDAGANG',
        PDDK_AKH: 'SLTP/SEDERAJAT',
        GOL_DARAH: 'AB-',
      },
      {
        nik: '9999022603020029',
        shows: 'student, sex as "Laki-laki"',
        ...aChild,
        JENIS_KLMIN: 'Laki-laki',
        NAMA_LGKP: 'I PUTU CONTOH',
        PDDK_AKH: 'SLTA/SEDERAJAT',
        JENIS_PKRJN: 'PELAJAR/MAHASISWA',
        EKTP_STATUS: 'TUNGGAL',
      },
      {
        nik: '9999026704080031',
        shows: 'e-KTP not recorded yet (BELUM REKAM)',
        ...aChild,
        ...aWoman,
        NAMA_LGKP: 'NI KADEK CONTOH',
        PDDK_AKH: 'SLTA/SEDERAJAT',
        JENIS_PKRJN: 'PELAJAR/MAHASISWA',
        EKTP_STATUS: 'BELUM REKAM',
      },
      {
        nik: '9999022805500033',
        shows: "wife's father",
        NAMA_LGKP: 'I NYOMAN CONTOH',
        STAT_HBKEL: 'MERTUA',
        STATUS_KAWIN: 'CERAI MATI',
        JENIS_PKRJN: 'PETERNAK',
        PDDK_AKH: 'TIDAK/BELUM SEKOLAH',
        GOL_DARAH: 'O-',
      },
      {
        nik: '9999022906910035',
        shows: 'other relative',
        NAMA_LGKP: 'I KETUT CONTOH',
        STAT_HBKEL: 'FAMILI LAIN',
        STATUS_KAWIN: 'BELUM KAWIN',
        JENIS_PKRJN: 'SOPIR',
      },
    ],
  ),

  // Five members, in a city.
  ...household(
    '9999711209110013',
    { AGAMA: 'BUDHA', ALAMAT: 'RUKO CONTOH BLOK C/5', KODE_POS: 99711, ...regionFields(71, 2, 1001) },
    [
      {
        nik: '9999710803750037',
        shows: 'city (NO_KAB from 71); doctorate',
        NAMA_LGKP: 'TAN CONTOH',
        JENIS_PKRJN: 'DOSEN',
        PDDK_AKH: 'STRATA III',
        GOL_DARAH: 'B',
      },
      {
        nik: '9999714904770039',
        shows: 'doctor',
        ...aWoman,
        NAMA_LGKP: 'LIM CONTOH',
        STAT_HBKEL: 'ISTRI',
        JENIS_PKRJN: 'DOKTER',
        PDDK_AKH: 'STRATA II',
      },
      {
        nik: '9999711005120041',
        shows: 'twin: same birth date as the next',
        ...aChild,
        NAMA_LGKP: 'KEMBAR CONTOH SATU',
        PDDK_AKH: 'BELUM TAMAT SD/SEDERAJAT',
        JENIS_PKRJN: 'PELAJAR/MAHASISWA',
      },
      {
        nik: '9999715005120041',
        shows: 'twin sister: the NIK differs only in the day + 40',
        ...aChild,
        ...aWoman,
        NAMA_LGKP: 'KEMBAR CONTOH DUA',
        PDDK_AKH: 'BELUM TAMAT SD/SEDERAJAT',
        JENIS_PKRJN: 'PELAJAR/MAHASISWA',
      },
      { nik: '9999712001260043', shows: 'a baby', ...aChild, NAMA_LGKP: 'BAYI CONTOH' },
    ],
  ),

  // Three members; the head is a woman.
  ...household('9999010607180015', { AGAMA: 'KRISTEN', ALAMAT: 'KOMP. CONTOH PERMAI B-12' }, [
    {
      nik: '9999014611830045',
      shows: 'woman as head of the family',
      ...aWoman,
      NAMA_LGKP: 'RUTH CONTOH',
      JENIS_PKRJN: 'KARYAWAN BUMN',
    },
    {
      nik: '9999010712810047',
      shows: 'husband of the head',
      NAMA_LGKP: 'DANIEL CONTOH',
      STAT_HBKEL: 'SUAMI',
      JENIS_PKRJN: 'WIRASWASTA',
      PDDK_AKH: 'DIPLOMA I/II',
    },
    {
      nik: '9999010801100049',
      shows: 'relation LAINNYA',
      ...aChild,
      NAMA_LGKP: 'TITIPAN CONTOH',
      STAT_HBKEL: 'LAINNYA',
      PDDK_AKH: 'SLTP/SEDERAJAT',
      JENIS_PKRJN: 'PELAJAR/MAHASISWA',
    },
  ]),

  // Two members.
  ...household('9999010908220017', { AGAMA: 'KHONGHUCU', ALAMAT: 'JL CONTOH NO 9' }, [
    {
      nik: '9999014902850051',
      shows: 'divorced, with date and deed',
      ...aWoman,
      NAMA_LGKP: 'KWEE CONTOH',
      STATUS_KAWIN: 'CERAI HIDUP',
      JENIS_PKRJN: 'PERDAGANGAN',
      TGL_CRAI: '2021-11-30',
      NO_AKTA_CRAI: '9901-CR-30112021-0051',
    },
    {
      nik: '9999010101200053',
      shows: 'born 1 January 2020: the two digits 20 are this century',
      ...aChild,
      NAMA_LGKP: 'CUCU ABAD INI',
    },
  ]),

  // Alone on their cards, one peculiarity each.
  alone({
    nik: '9999010101200055',
    shows: 'born 1 January 1920: the two digits 20 are the last century',
    NAMA_LGKP: 'SEPUH CONTOH',
    TGL_LHR: '1920-01-01',
    STATUS_KAWIN: 'CERAI MATI',
    PDDK_AKH: 'TIDAK/BELUM SEKOLAH',
  }),
  alone({
    nik: '9999015001570057',
    shows: 'a name of one word; KEPERCAYAAN',
    ...aWoman,
    NAMA_LGKP: 'SUKARNI',
    AGAMA: 'KEPERCAYAAN TERHADAP TUHAN YME',
    STATUS_KAWIN: 'CERAI MATI',
  }),
  alone({
    nik: '9999011102700059',
    shows: 'degrees, dots and commas in the name',
    NAMA_LGKP: 'DR. IR. H. CONTOH GELAR, S.H., M.SI.',
    PDDK_AKH: 'STRATA III',
  }),
  alone({
    nik: '9999015203880061',
    shows: 'an apostrophe in the name',
    ...aWoman,
    NAMA_LGKP: "NUR'AINI CONTOH",
  }),
  alone({
    nik: '9999011304860063',
    shows: 'trailing spaces in own and parents’ names',
    NAMA_LGKP: 'SPASI CONTOH    ',
    NAMA_LGKP_IBU: 'IBU SPASI  ',
    NAMA_LGKP_AYAH: 'AYAH SPASI ',
  }),
  alone({
    nik: '9999011405840065',
    shows: 'quotes, a backslash and the text "NIK": 1 in the address',
    NAMA_LGKP: 'KUTIP CONTOH',
    ALAMAT: 'GG. "CONTOH" A\\B "NIK": 1',
  }),
  alone({
    nik: '9999015506820067',
    shows: 'a religion and an occupation in no list',
    ...aWoman,
    NAMA_LGKP: 'LAIN DAFTAR',
    AGAMA: 'ALIRAN CONTOH',
    JENIS_PKRJN: 'PENGRAJIN AWAN',
  }),
  alone({
    nik: '9999011607800069',
    shows: 'sex as "LAKI-LAKI"',
    JENIS_KLMIN: 'LAKI-LAKI',
    NAMA_LGKP: 'KAPITAL CONTOH',
  }),
  alone({
    nik: '9999011708780071',
    shows: 'NIK and NO_KK as strings',
    NAMA_LGKP: 'TEKS CONTOH',
    NIK: '9999011708780071',
    NO_KK: '9999010102150071',
  }),
  alone({
    nik: '9999015809760073',
    shows: 'birth date as DD-MM-YYYY',
    ...aWoman,
    NAMA_LGKP: 'TANGGAL STRIP',
    TGL_LHR: '18-09-1976',
  }),
  alone({
    nik: '9999011910740075',
    shows: 'birth date as DD.MM.YYYY',
    NAMA_LGKP: 'TANGGAL TITIK',
    TGL_LHR: '19.10.1974',
  }),
  alone({
    nik: '9999016011720077',
    shows: 'a disability (PNYDNG_CCT, protected)',
    ...aWoman,
    NAMA_LGKP: 'DIFABEL CONTOH',
    PNYDNG_CCT: 'DISABILITAS FISIK',
  }),
  alone({
    nik: '9999012112700079',
    shows: 'a photo, for IMIGRASI only; e-KTP metadata',
    NAMA_LGKP: 'FOTO CONTOH',
    EKTP_CREATED: '2012-03-04',
    EKTP_LOCAL_ID: '990101-000079',
    FOTO: '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==',
  }),
  alone({
    nik: '9999016201690081',
    shows: 'e-KTP recorded twice (DUPLICATE_RECORD)',
    ...aWoman,
    NAMA_LGKP: 'REKAM GANDA',
    EKTP_STATUS: 'DUPLICATE_RECORD',
  }),
  alone({
    nik: '9999012302670083',
    shows: 'null wherever null can be',
    NAMA_LGKP: 'KOSONG CONTOH',
    ...nulls(
      'GOL_DARAH',
      'PDDK_AKH',
      'JENIS_PKRJN',
      'NAMA_LGKP_IBU',
      'NAMA_LGKP_AYAH',
      'NIK_IBU',
      'NIK_AYAH',
      'NO_RT',
    ),
    ...nulls(
      'NO_RW',
      'KODE_POS',
      'NO_AKTA_LHR',
      'TGL_KWN',
      'NO_AKTA_KWN',
      'PNYDNG_CCT',
      'EKTP_STATUS',
      'EKTP_CREATED',
    ),
  }),
  alone({
    nik: '9999016403650085',
    shows: 'only a few keys came, as if few were granted',
    ...aWoman,
    NAMA_LGKP: 'SEDIKIT CONTOH',
    ...missing('TMPT_LHR', 'AGAMA', 'GOL_DARAH', 'STATUS_KAWIN', 'PDDK_AKH', 'JENIS_PKRJN', 'NAMA_LGKP_IBU'),
    ...missing('NAMA_LGKP_AYAH', 'DUSUN', 'KODE_POS', 'EKTP_STATUS'),
  }),

  // Found, and not usable.
  alone({ nik: '9999010202450021', shows: 'deceased (11)', NAMA_LGKP: 'ALMARHUM CONTOH', code: '11' }),
  alone({
    nik: '9999014303550087',
    shows: 'duplicate (12)',
    ...aWoman,
    NAMA_LGKP: 'GANDA CONTOH',
    code: '12',
  }),
  alone({ nik: '9999010404660089', shows: 'inactive (14)', NAMA_LGKP: 'NONAKTIF CONTOH', code: '14' }),
  alone({
    nik: '9999010505770091',
    shows: 'cannot be processed (08)',
    NAMA_LGKP: 'SULIT CONTOH',
    code: '08',
  }),

  // Records that break the contract.
  alone({ nik: '9999010606880093', shows: 'broken: the name is missing', NAMA_LGKP: undefined }),
  alone({
    nik: '9999014707790095',
    shows: 'broken: birth date 1979-13-45',
    ...aWoman,
    NAMA_LGKP: 'RUSAK CONTOH',
    TGL_LHR: '1979-13-45',
  }),
  alone({
    nik: '9999010808680097',
    shows: 'birth date unknown: 00-00-0000',
    NAMA_LGKP: 'TANPA TANGGAL',
    TGL_LHR: '00-00-0000',
  }),
]

/** The members of one family card: what they share, then what each has of its own. */
function household(card: string, shared: WireRecord, members: readonly Member[]): Persona[] {
  return members.map(({ nik, shows, code, ...own }) => ({
    nik,
    shows,
    record: { ...usualRecord(nik, card), ...shared, ...own },
    ...(code && { code }),
  }))
}

/** On a card of their own, which has the serial of the NIK. */
function alone(member: Member): Persona {
  const card = `999901010215${member.nik.slice(12)}`
  return household(card, { STATUS_KAWIN: 'BELUM KAWIN' }, [member])[0] as Persona
}

/** The record of the published examples, for whoever has this NIK. */
function usualRecord(nik: string, card: string): WireRecord {
  const parts = readNik(nik)
  if (!parts) throw new Error(`not a NIK: ${nik}`)
  const [month, day] = [parts.month, parts.day].map(part => String(part).padStart(2, '0'))
  return {
    NIK: BigInt(nik),
    NO_KK: BigInt(card),
    NAMA_LGKP: null,
    TMPT_LHR: 'KOTA CONTOH',
    TGL_LHR: `${parts.year}-${month}-${day}`,
    JENIS_KLMIN: 'Laki-Laki',
    AGAMA: 'ISLAM',
    GOL_DARAH: 'TIDAK TAHU',
    STATUS_KAWIN: 'KAWIN',
    STAT_HBKEL: 'KEPALA KELUARGA',
    PDDK_AKH: 'DIPLOMA IV/STRATA I',
    JENIS_PKRJN: 'KARYAWAN SWASTA',
    NAMA_LGKP_IBU: 'IBU CONTOH',
    NAMA_LGKP_AYAH: 'AYAH CONTOH',
    ALAMAT: 'JL CONTOH NO 1',
    NO_RT: 1,
    NO_RW: 2,
    DUSUN: null,
    KODE_POS: 99999,
    ...regionFields(1, 1, 1004),
    EKTP_STATUS: 'TUNGGAL',
  }
}

function nulls(...keys: (keyof WireRecord)[]): WireRecord {
  return Object.fromEntries(keys.map(key => [key, null]))
}

function missing(...keys: (keyof WireRecord)[]): WireRecord {
  return Object.fromEntries(keys.map(key => [key, undefined]))
}
