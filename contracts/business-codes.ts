/**
 * The code lists of business licensing that tell of a business, its people and its projects, with the codes of OSS.
 * Source: the appendices (Lampiran) of the Pedoman Integrasi Aplikasi OSS RBA, version 4.3.22.
 */
import { codeList } from './code-list.ts'

/** Lampiran 14. */
export const nibStatus = codeList({
  active: { wire: '01', id: 'Aktif', en: 'Active' },
  notYetActive: { wire: '02', id: 'Belum Aktif', en: 'Not yet active' },
  mayPrepare: { wire: '03', id: 'Diizinkan Usaha', en: 'May prepare its business' },
  mayOperate: { wire: '04', id: 'Diizinkan Beroperasi', en: 'May operate' },
  suspended: { wire: '05', id: 'Dibekukan', en: 'Suspended' },
  revoked: { wire: '06', id: 'Dicabut', en: 'Revoked' },
})

/** What the latest message about a NIB did (`tipe_dokumen`). */
export const nibDocumentKind = codeList({
  original: { wire: '9', id: 'Original', en: 'Original' },
  update: { wire: '5', id: 'Perubahan', en: 'Update', also: ['Update'] },
  revocation: { wire: '3', id: 'Pencabutan', en: 'Revocation' },
  cancellation: { wire: '4', id: 'Pembatalan', en: 'Cancellation' },
})

/** Lampiran 18. */
export const businessActorKind = codeList({
  organisation: { wire: '01', id: 'Badan Usaha', en: 'Organisation' },
  individual: { wire: '02', id: 'Perseorangan', en: 'Sole trader' },
  representativeOffice: { wire: '03', id: 'Kantor Perwakilan', en: 'Representative office' },
  foreignOrganisation: { wire: '04', id: 'Badan Usaha Luar Negeri', en: 'Foreign organisation' },
})

/** Lampiran 2. */
export const businessForm = codeList({
  limitedCompany: {
    wire: '01',
    id: 'Perseroan Terbatas (PT)',
    en: 'Limited company (PT)',
    also: ['Perusahaan Terbatas (PT)', 'PT'],
  },
  limitedPartnership: {
    wire: '02',
    id: 'Persekutuan Komanditer (CV)',
    en: 'Limited partnership (CV)',
    also: ['Perseroan Komanditer (CV)', 'CV'],
  },
  governmentEnterprise: { wire: '04', id: 'Badan Usaha Pemerintah', en: 'Government enterprise' },
  generalPartnership: { wire: '05', id: 'Firma (Fa)', en: 'General partnership', also: ['Firma'] },
  civilPartnership: { wire: '06', id: 'Persekutuan Perdata', en: 'Civil partnership' },
  cooperative: { wire: '07', id: 'Koperasi', en: 'Cooperative' },
  pensionFund: { wire: '08', id: 'Dana Pensiun', en: 'Pension fund' },
  association: {
    wire: '09',
    id: 'Persekutuan dan Perkumpulan',
    en: 'Association',
    also: ['Pesekutuan dan Perkumpulan', 'Perkumpulan'],
  },
  foundation: { wire: '10', id: 'Yayasan', en: 'Foundation' },
  permanentEstablishment: { wire: '16', id: 'Bentuk Usaha Tetap (BUT)', en: 'Permanent establishment' },
  individual: { wire: '17', id: 'Perseorangan', en: 'Sole trader' },
  publicServiceAgency: { wire: '18', id: 'Badan Layanan Umum (BLU)', en: 'Public service agency' },
  otherLegalBody: {
    wire: '19',
    id: 'Badan Hukum (selain PT, Yayasan dan Koperasi)',
    en: 'Other legal body',
  },
  foreignFranchisor: {
    wire: '20',
    id: 'Badan Usaha Lainnya (khusus STPW luar negeri)',
    en: 'Foreign franchisor',
  },
  stateCorporation: { wire: '21', id: 'Perusahaan Umum (Perum)', en: 'State corporation' },
  regionalCorporation: { wire: '22', id: 'Perusahaan Umum Daerah (Perumda)', en: 'Regional corporation' },
  regionalCompany: { wire: '23', id: 'Perusahaan Daerah (Perusda)', en: 'Regional company' },
  jointOperatingBody: { wire: '24', id: 'Badan Operasi Bersama (BOB)', en: 'Joint operating body' },
  representativeEnterprise: {
    wire: '25',
    id: 'Badan Usaha Perwakilan',
    en: 'Representative enterprise',
  },
  onePersonCompany: { wire: '26', id: 'Perseroan Terbatas (PT) Perorangan', en: 'One-person company' },
  foreignFuturesTrader: { wire: '27', id: 'Pedagang Berjangka Asing (PBA)', en: 'Foreign futures trader' },
  villageEnterprise: { wire: '28', id: 'Badan Usaha Milik Desa (BUM Desa)', en: 'Village enterprise' },
  jointVillageEnterprise: {
    wire: '29',
    id: 'Badan Usaha Milik Desa Bersama (BUM Desa Bersama)',
    en: 'Joint village enterprise',
  },
})

/** Lampiran 12. */
export const legalPersonality = codeList({
  legalBody: { wire: '01', id: 'Badan Hukum', en: 'Legal body' },
  notLegalBody: { wire: '02', id: 'Bukan Badan Hukum', en: 'Not a legal body' },
})

/** Lampiran 1. */
export const investmentStatus = codeList({
  foreign: { wire: '01', id: 'Penanaman Modal Asing', en: 'Foreign investment', also: ['PMA'] },
  domestic: {
    wire: '02',
    id: 'Penanaman Modal Dalam Negeri',
    en: 'Domestic investment',
    also: ['PMDN'],
  },
  neither: { wire: '03', id: 'Bukan (PMA/PMDN)', en: 'Neither' },
})

/** Lampiran 3. */
export const importIdentification = codeList({
  general: { wire: '01', id: 'Angka Pengenal Importir Umum (API-U)', en: 'General importer (API-U)' },
  producer: { wire: '02', id: 'Angka Pengenal Importir Produsen (API-P)', en: 'Producer importer (API-P)' },
})

/** Lampiran 31. */
export const businessScale = codeList({
  micro: { wire: '01', id: 'Usaha Mikro', en: 'Micro', also: ['Mikro'] },
  small: { wire: '02', id: 'Usaha Kecil', en: 'Small', also: ['Kecil'] },
  medium: { wire: '03', id: 'Usaha Menengah', en: 'Medium', also: ['Menengah'] },
  large: { wire: '04', id: 'Usaha Besar', en: 'Large', also: ['Besar'] },
})

/** No appendix lists them: the levels are those of PP 5/2021, the short forms are inferred. */
export const businessRisk = codeList({
  low: { wire: 'R', id: 'Rendah', en: 'Low' },
  mediumLow: { wire: 'MR', id: 'Menengah Rendah', en: 'Medium low' },
  mediumHigh: { wire: 'MT', id: 'Menengah Tinggi', en: 'Medium high' },
  high: { wire: 'T', id: 'Tinggi', en: 'High' },
})

/** Lampiran 4. */
export const identityKind = codeList({
  identityCard: {
    wire: '01',
    id: 'Kartu Tanda Penduduk (KTP)',
    en: 'Identity card',
    also: ['KTP'],
  },
  passport: { wire: '02', id: 'Paspor', en: 'Passport' },
})

/** Lampiran 13. */
export const shareholderKind = codeList({
  individual: { wire: '01', id: 'Perorangan', en: 'Individual' },
  legalBody: { wire: '02', id: 'Badan Hukum', en: 'Legal body' },
})

/** Lampiran 19. */
export const taxStatus = codeList({
  valid: { wire: '00', id: 'Valid/Sukses', en: 'Valid' },
  invalid: { wire: '01', id: 'Invalid/Gagal', en: 'Invalid' },
  annualReturnDue: { wire: '02', id: 'Masa SPT Tahunan', en: 'Annual return due' },
  vatReturnsDue: { wire: '03', id: 'Masa PPN 3 Bulanan', en: 'VAT returns of three months due' },
  notFound: { wire: '04', id: 'Wajib Pajak Tidak Ditemukan', en: 'Taxpayer not found' },
  representativeOffice: { wire: '16', id: 'Perwakilan (KPPA)', en: 'Representative office' },
  foreignFranchisor: { wire: '17', id: 'STPW Luar Negeri', en: 'Foreign franchisor' },
  stateCorporation: { wire: '21', id: 'Perusahaan Umum (Perum)', en: 'State corporation' },
  regionalCorporation: { wire: '22', id: 'Perusahaan Umum Daerah (Perumda)', en: 'Regional corporation' },
  regionalCompany: { wire: '23', id: 'Perusahaan Daerah (Perusda)', en: 'Regional company' },
})

/** Lampiran 7. */
export const deedKind = codeList({
  establishment: { wire: '01', id: 'Akta Pendirian', en: 'Establishment' },
  amendment: { wire: '02', id: 'Akta Perubahan', en: 'Amendment' },
  contract: { wire: '06', id: 'Kontrak', en: 'Contract' },
  regulation: { wire: '07', id: 'Peraturan', en: 'Regulation' },
  appointment: { wire: '09', id: 'SK Penetapan', en: 'Decree' },
  liquidation: { wire: '10', id: 'Akta Likuidasi', en: 'Liquidation' },
  merger: { wire: '11', id: 'Akta Merger', en: 'Merger' },
  dissolution: { wire: '12', id: 'Akta Pembubaran', en: 'Dissolution' },
})

/** Lampiran 26. */
export const projectKind = codeList({
  main: { wire: '01', id: 'Utama', en: 'Main' },
  supporting: { wire: '02', id: 'Pendukung', en: 'Supporting' },
  branchOffice: { wire: '03', id: 'Kantor Cabang Administrasi', en: 'Administrative branch office' },
  expansion: { wire: '04', id: 'Perluasan', en: 'Expansion' },
  supportingOperations: { wire: '05', id: 'Pendukung UMKU', en: 'Supporting operational licences (UMKU)' },
})

/** Lampiran 20. */
export const sector = codeList({
  homeAffairs: { wire: '010', id: 'Dalam Negeri', en: 'Home affairs' },
  defence: { wire: '012', id: 'Pertahanan', en: 'Defence' },
  law: { wire: '013', id: 'Hukum dan Hak Asasi Manusia', en: 'Law and human rights' },
  finance: { wire: '015', id: 'Keuangan', en: 'Finance' },
  agriculture: { wire: '018', id: 'Pertanian', en: 'Agriculture' },
  industry: { wire: '019', id: 'Industri', en: 'Industry' },
  energy: { wire: '020', id: 'Energi dan Sumber Daya Mineral', en: 'Energy and mineral resources' },
  transport: { wire: '022', id: 'Perhubungan', en: 'Transport' },
  education: { wire: '023', id: 'Pendidikan', en: 'Education' },
  religion: { wire: '024', id: 'Agama', en: 'Religion' },
  manpower: { wire: '026', id: 'Ketenagakerjaan', en: 'Manpower' },
  environment: { wire: '029', id: 'Lingkungan Hidup dan Kehutanan', en: 'Environment and forestry' },
  fisheries: { wire: '032', id: 'Kelautan dan Perikanan', en: 'Marine affairs and fisheries' },
  publicWorks: { wire: '033', id: 'Pekerjaan Umum dan Perumahan Rakyat', en: 'Public works and housing' },
  tourism: { wire: '040', id: 'Pariwisata', en: 'Tourism' },
  research: { wire: '042', id: 'Riset Teknologi dan Pendidikan', en: 'Research, technology and education' },
  cooperatives: { wire: '044', id: 'Koperasi dan UKM', en: 'Cooperatives and small businesses' },
  land: { wire: '056', id: 'Agraria dan Tata Ruang', en: 'Land and spatial planning' },
  communications: { wire: '059', id: 'Komunikasi dan Informatika', en: 'Communications and informatics' },
  police: { wire: '060', id: 'Kepolisian', en: 'Police' },
  foodAndDrugs: { wire: '063', id: 'Obat dan Makanan', en: 'Food and drugs' },
  standards: { wire: '084', id: 'Badan Standarisasi Nasional', en: 'National standards' },
  nuclear: { wire: '085', id: 'Ketenaganukliran', en: 'Nuclear energy' },
  trade: { wire: '090', id: 'Perdagangan', en: 'Trade' },
})

/** Lampiran 5. */
export const landTenure = codeList({
  rented: { wire: '01', id: 'Sewa', en: 'Rented' },
  owned: { wire: '02', id: 'Milik Sendiri', en: 'Owned' },
  lent: { wire: '03', id: 'Pinjam Pakai', en: 'Lent' },
})

/** Lampiran 17. */
export const landUnit = codeList({
  squareMetre: { wire: '01', id: 'M2', en: 'Square metre' },
  hectare: { wire: '02', id: 'Ha', en: 'Hectare' },
})

/** Lampiran 16. */
export const locationKind = codeList({
  insideZone: { wire: '01', id: 'Dalam Kawasan', en: 'Inside a zone' },
  outsideZone: { wire: '02', id: 'Di luar Kawasan', en: 'Outside any zone' },
})
