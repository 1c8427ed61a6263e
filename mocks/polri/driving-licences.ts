/** Driving licences under assumed keys. Holder and birth date are those of the population registry. */
export interface DrivingLicence {
  number: string
  nik: string
  shows: string
  golongan: string
  tgl_terbit: string
  berlaku_sampai: string
  satpas: string
  status: string
}

const usual = {
  golongan: 'C',
  tgl_terbit: '2024-03-04',
  berlaku_sampai: '2029-03-04',
  satpas: 'SATPAS CONTOH',
  status: 'AKTIF',
}

export const drivingLicences: readonly DrivingLicence[] = [
  { ...usual, number: '999999010001', nik: '9999011501900001', shows: 'the usual one: C, active' },
  {
    ...usual,
    number: '999999010002',
    nik: '9999015203920003',
    shows: 'expired',
    golongan: 'A',
    tgl_terbit: '2019-05-06',
    berlaku_sampai: '2024-05-06',
    status: 'KEDALUWARSA',
  },
  {
    ...usual,
    number: '999999010003',
    nik: '9999012104650011',
    shows: 'revoked, for public transport; dates as DD-MM-YYYY',
    golongan: 'BI UMUM',
    tgl_terbit: '07-08-2023',
    berlaku_sampai: '07-08-2028',
    status: 'DICABUT',
  },
  {
    ...usual,
    number: '9999014508680013',
    nik: '9999014508680013',
    shows: 'a NIK for a number; issuing office blank',
    golongan: 'A',
    satpas: '',
  },
  {
    ...usual,
    number: '999999010005',
    nik: '9999022401780025',
    shows: 'a class and a status in no list',
    golongan: 'E',
    status: 'DITAHAN',
  },
]
