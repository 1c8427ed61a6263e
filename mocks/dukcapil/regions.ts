import type { WireRecord } from './wire.ts'

/** The eight region keys of an address in province 99: parts as unpadded integers, and their names. */
export function regionFields(regency: number, district: number, village: number) {
  return {
    NO_PROP: 99,
    PROP_NAME: 'PROVINSI CONTOH',
    NO_KAB: regency,
    KAB_NAME: `${regency > 70 ? 'KOTA' : 'KABUPATEN'} CONTOH${numbered(regency > 70 ? regency - 70 : regency)}`,
    NO_KEC: district,
    KEC_NAME: `KECAMATAN CONTOH${numbered(district)}`,
    NO_KEL: village,
    KEL_NAME: village < 2000 ? 'KELURAHAN CONTOH' : 'DESA CONTOH',
  } satisfies WireRecord
}

function numbered(part: number): string {
  return part === 1 ? '' : ` ${part}`
}
