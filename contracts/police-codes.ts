/**
 * The code lists of the police, in their own words. Vehicle kinds: UU 22/2009 art. 47; plate colours: Perpol 7/2021 art. 45,
 * and black from before; licence classes: Perpol 5/2021. The lists of states are assumed: nothing public names them.
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

// -- Forms of orders ---------------------------------------------------------------------------------------------------

/** Where the police work, from the district up. */
export const policeOfficeLevel = codeList({
  sector: { id: 'Polsek', en: 'Police sector (district)' },
  resort: { id: 'Polres', en: 'Police resort (regency or city)', also: ['Polresta', 'Polrestabes'] },
  region: { id: 'Polda', en: 'Police region (province)' },
  headquarters: { id: 'Mabes', en: 'Headquarters', also: ['Mabes Polri'] },
})

export const citizenship = codeList({
  indonesian: { id: 'WNI', en: 'Indonesian' },
  foreign: { id: 'WNA', en: 'Foreign' },
})

export const stayPermitKind = codeList({
  limited: { id: 'KITAS', en: 'Limited stay permit' },
  permanent: { id: 'KITAP', en: 'Permanent stay permit' },
})

export const policeRecordRequestKind = codeList({
  new: { id: 'Baru', en: 'New' },
  renewal: { id: 'Perpanjangan', en: 'Renewal' },
})

export const policeRecordPaymentMethod = codeList({
  virtualAccount: { id: 'BRIVA', en: 'Virtual account' },
  counter: { id: 'Tunai', en: 'Cash at the counter' },
})

/** What is reported lost most often. The list is assumed: the form takes any text. */
export const lostItemType = codeList({
  identityCard: { id: 'KTP', en: 'Identity card' },
  familyCard: { id: 'Kartu keluarga', en: 'Family card', also: ['KK'] },
  drivingLicence: { id: 'SIM', en: 'Driving licence' },
  vehicleRegistration: { id: 'STNK', en: 'Vehicle registration' },
  vehicleOwnership: { id: 'BPKB', en: 'Vehicle ownership book' },
  licencePlate: { id: 'Plat nomor', en: 'Licence plate', also: ['TNKB'] },
  bankCard: { id: 'Kartu ATM', en: 'Bank card', also: ['Kartu debit', 'Kartu kredit'] },
  bankBook: { id: 'Buku tabungan', en: 'Bank book' },
  landCertificate: { id: 'Sertifikat tanah', en: 'Land certificate' },
  diploma: { id: 'Ijazah', en: 'Diploma' },
  civilDeed: { id: 'Akta catatan sipil', en: 'Civil registration deed' },
  marriageBook: { id: 'Buku nikah', en: 'Marriage book' },
  passport: { id: 'Paspor', en: 'Passport' },
  taxpayerCard: { id: 'NPWP', en: 'Taxpayer card' },
  healthInsuranceCard: { id: 'Kartu BPJS', en: 'Health insurance card' },
  simCard: { id: 'Kartu telepon seluler', en: 'SIM card of a telephone' },
  telephone: { id: 'Telepon seluler', en: 'Telephone', also: ['Handphone'] },
  other: { id: 'Lainnya', en: 'Other' },
})

/** The way of a loss report; the last two end it. */
export const lossReportStatus = codeList({
  registered: { id: 'Terdaftar', en: 'Registered' },
  issued: { id: 'Terbit', en: 'Issued' },
  refused: { id: 'Ditolak', en: 'Refused' },
})

/** The way of a driving licence renewal, in order; the last three end it. */
export const drivingLicenceRenewalStatus = codeList({
  registered: { id: 'Terdaftar', en: 'Registered' },
  paid: { id: 'Terbayar', en: 'Paid' },
  issued: { id: 'Terbit', en: 'Issued' },
  refused: { id: 'Ditolak', en: 'Refused' },
  expired: { id: 'Kedaluwarsa', en: 'Expired' },
})

/** How the card comes to its holder. */
export const drivingLicenceDelivery = codeList({
  self: { id: 'Ambil sendiri', en: 'Collected by the holder' },
  proxy: { id: 'Diwakilkan', en: 'Collected by someone with a letter of authority' },
  post: { id: 'Pos', en: 'By post' },
})
