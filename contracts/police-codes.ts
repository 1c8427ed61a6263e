/**
 * The code lists of the police, in their own words. Vehicle kinds: UU 22/2009 art. 47; plate colours: Perpol 7/2021 art. 45,
 * and black from before; licence classes: Perpol 5/2021. The two lists of states are assumed: nothing public names them.
 */
import { codeList } from './code-list.ts'

export const vehicleKind = codeList({
  motorcycle: { id: 'Sepeda motor', en: 'Motorcycle' },
  passengerCar: { id: 'Mobil penumpang', en: 'Passenger car' },
  bus: { id: 'Mobil bus', en: 'Bus', also: ['Bus'] },
  goodsVehicle: { id: 'Mobil barang', en: 'Goods vehicle', also: ['Mobil beban'] },
  specialVehicle: { id: 'Kendaraan khusus', en: 'Special vehicle' },
})

/** Who may use the plate: private and diplomatic white or black, public yellow, government red, free-trade zones green. */
export const plateColour = codeList({
  white: { id: 'Putih', en: 'White' },
  black: { id: 'Hitam', en: 'Black' },
  yellow: { id: 'Kuning', en: 'Yellow' },
  red: { id: 'Merah', en: 'Red' },
  green: { id: 'Hijau', en: 'Green' },
})

export const drivingLicenceClass = codeList({
  a: { id: 'A', en: 'A' },
  aPublic: { id: 'A Umum', en: 'A, public transport' },
  b1: { id: 'BI', en: 'B I', also: ['B I', 'B1'] },
  b1Public: { id: 'BI Umum', en: 'B I, public transport', also: ['B I Umum', 'B1 Umum'] },
  b2: { id: 'BII', en: 'B II', also: ['B II', 'B2'] },
  b2Public: { id: 'BII Umum', en: 'B II, public transport', also: ['B II Umum', 'B2 Umum'] },
  c: { id: 'C', en: 'C' },
  c1: { id: 'CI', en: 'C I', also: ['C I', 'C1'] },
  c2: { id: 'CII', en: 'C II', also: ['C II', 'C2'] },
  d: { id: 'D', en: 'D' },
  d1: { id: 'DI', en: 'D I', also: ['D I', 'D1'] },
})

export const drivingLicenceStatus = codeList({
  active: { id: 'Aktif', en: 'Active' },
  expired: { id: 'Kedaluwarsa', en: 'Expired' },
  revoked: { id: 'Dicabut', en: 'Revoked' },
})

/** The way of an application for a police record certificate, in order; the last three end it. */
export const policeRecordStatus = codeList({
  registered: { id: 'Terdaftar', en: 'Registered' },
  paid: { id: 'Terbayar', en: 'Paid' },
  recordsCheck: { id: 'Penelitian catatan', en: 'Records being checked', also: ['PENELITIAN_CATATAN'] },
  fingerprints: { id: 'Sidik jari', en: 'Fingerprints', also: ['SIDIK_JARI'] },
  issued: { id: 'Terbit', en: 'Issued' },
  refused: { id: 'Ditolak', en: 'Refused' },
  expired: { id: 'Kedaluwarsa', en: 'Expired' },
})
