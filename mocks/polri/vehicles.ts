/** Vehicles as Korlantas writes them; region X does not exist. Codes and texts beside the keys are invented. */
export interface Vehicle {
  plate: string
  shows: string
  row: Readonly<Record<string, string | null>>
}

const usual = {
  Merk: 'MEREK CONTOH',
  Type: 'CONTOH 150 AT',
  TahunPembuatan: '2019',
  IsiCylinder: '150.00',
  Warna: 'HITAM',
  KodeJenisKendaraan: 'R',
  KodeModelKendaraan: 'R01',
  KodeKabKota: '9901',
  KodePolda: '99',
  KodeTNKB: '1',
  NIK: '9999011501900001',
  JenisKendaraan: 'SEPEDA MOTOR',
  ModelKendaraan: 'SEPEDA MOTOR SOLO',
  KabKota: 'KABUPATEN CONTOH',
  Polda: 'POLDA CONTOH',
  WarnaTNKB: 'PUTIH',
  Keterangan: '',
}
const aCar = {
  Type: 'CONTOH 1.5 MT',
  IsiCylinder: '1496.00',
  KodeJenisKendaraan: 'A',
  KodeModelKendaraan: 'A04',
  JenisKendaraan: 'MOBIL PENUMPANG',
  ModelKendaraan: 'MINIBUS',
}

export const vehicles: readonly Vehicle[] = [
  { plate: 'X 1234 ABC', shows: 'the usual motorcycle, of WARGA CONTOH SATU', row: usual },
  {
    plate: 'X 1 AA',
    shows: 'a car on an older black plate, with trailing spaces and a note',
    row: {
      ...usual,
      ...aCar,
      Merk: 'MEREK CONTOH   ',
      TahunPembuatan: '2014',
      NIK: '9999015203920003',
      KodeTNKB: '2',
      WarnaTNKB: 'HITAM',
      Keterangan: 'BUKA BLOKIR 2020 ',
    },
  },
  {
    plate: 'X 7000 ZB',
    shows: "a company's bus: no NIK, yellow plate",
    row: {
      ...usual,
      ...aCar,
      Type: 'CONTOH 7.7 BUS',
      IsiCylinder: '7684.00',
      NIK: '0000000000000000',
      JenisKendaraan: 'MOBIL BUS',
      ModelKendaraan: 'BUS',
      WarnaTNKB: 'KUNING',
    },
  },
  {
    plate: 'X 2024',
    shows: 'no letters; electric, so no cylinders; region blank',
    row: { ...usual, Type: 'CONTOH LISTRIK', IsiCylinder: '0.00', KodeKabKota: '', KabKota: null },
  },
  {
    plate: 'X 4321 QQ',
    shows: 'a kind and a plate colour in no list',
    row: { ...usual, JenisKendaraan: 'KERETA LUNCUR', WarnaTNKB: 'UNGU' },
  },
  { plate: 'X 6666 BB', shows: 'a broken record: no brand', row: { ...usual, Merk: null } },
]
