/**
 * The code lists of business licensing that tell of a licence, with the codes of OSS.
 * Source: the appendices (Lampiran) of the Pedoman Integrasi Aplikasi OSS RBA, version 4.3.22.
 */
import { codeList } from './code-list.ts'

/** Lampiran 10: how far an application has come. 41 stops the clock of the service standard, 42 starts it again. */
export const licenceStatus = codeList({
  screening: { wire: '05', id: 'Proses Penapisan', en: 'Being screened' },
  requirementsMet: { wire: '09', id: 'Telah Melengkapi Persyaratan', en: 'Requirements handed in' },
  documentsComplete: { wire: '10', id: 'Dokumen Lengkap', en: 'Documents complete' },
  documentsIncomplete: { wire: '11', id: 'Dokumen Belum Lengkap', en: 'Documents incomplete' },
  fulfillingCommitment: { wire: '12', id: 'Pemenuhan Komitmen', en: 'Fulfilling its commitment' },
  validation: { wire: '20', id: 'Validasi', en: 'Being validated' },
  paymentVerification: { wire: '30', id: 'Verifikasi Pembayaran', en: 'Payment being verified' },
  paymentConfirmation: { wire: '31', id: 'Konfirmasi Pembayaran', en: 'Payment to be confirmed' },
  paymentProofWaiting: {
    wire: '32',
    id: 'Menunggu Verifikasi Bukti Bayar PNBP',
    en: 'Proof of payment waiting to be verified',
  },
  paymentApproved: { wire: '33', id: 'Persetujuan Pembayaran', en: 'Payment approved' },
  paymentToBeCorrected: {
    wire: '34',
    id: 'Perbaikan Konfirmasi Pembayaran',
    en: 'Confirmation of payment to be corrected',
  },
  inspection: { wire: '40', id: 'Inspeksi', en: 'Being inspected' },
  clarificationAsked: {
    wire: '41',
    id: 'Konfirmasi Persyaratan',
    en: 'Clarification asked for (clock stops)',
  },
  clarificationGiven: {
    wire: '42',
    id: 'Data Konfirmasi Persyaratan',
    en: 'Clarification given (clock goes on)',
    also: ['Data Konfirmasi'],
  },
  clarificationAskedAgain: {
    wire: '43',
    id: 'Re-Konfirmasi Persyaratan',
    en: 'Clarification asked for again (clock is reset)',
    also: ['Re-Konfirmasi'],
  },
  clarificationGivenAgain: {
    wire: '44',
    id: 'Data Re-Konfirmasi Persyaratan',
    en: 'Clarification given again (clock starts anew)',
    also: ['Data Re-Konfirmasi'],
  },
  requirementsVerified: { wire: '45', id: 'Persyaratan terverifikasi', en: 'Requirements verified' },
  numberBeingAssigned: { wire: '49', id: 'Pengambilan Nomor', en: 'Number being assigned' },
  approved: { wire: '50', id: 'Disetujui', en: 'Approved' },
  issuedProvisionally: { wire: '52', id: 'Terbit Sementara', en: 'Issued provisionally' },
  approvedBySilence: {
    wire: '57',
    id: 'Disetujui secara otomatis oleh sistem OSS (fiktif positif)',
    en: 'Approved by itself: the agency did not decide in time',
    also: ['Disetujui otomatis (fiktif positif)'],
  },
  warned: { wire: '60', id: 'Peringatan', en: 'Warned' },
  suspended: {
    wire: '70',
    id: 'Penghentian Sementara Kegiatan Berusaha',
    en: 'Activity suspended',
    also: ['Penghentian Sementara'],
  },
  fined: {
    wire: '80',
    id: 'Pengenaan Denda Administratif',
    en: 'Fined',
    also: ['Denda Administratif'],
  },
  refused: { wire: '90', id: 'Ditolak', en: 'Refused' },
  requirementsRefused: { wire: '93', id: 'Penolakan Persyaratan', en: 'Requirements refused' },
})

export type LicenceStatusCode = keyof typeof licenceStatus.codes

/** Lampiran 27. */
export const licenceKind = codeList({
  basic: { wire: '01', id: 'Izin Dasar', en: 'Basic licence' },
  licence: { wire: '02', id: 'Izin', en: 'Licence' },
  standardCertificate: { wire: '04', id: 'Sertifikat Standar', en: 'Standard certificate' },
  standardRequirement: {
    wire: 'K02',
    id: 'Persyaratan Standar',
    en: 'Standard requirement',
    also: ['Persyarat Standar'],
  },
  supportingOperations: { wire: 'K03', id: 'UMKU', en: 'Supporting operational licence (UMKU)' },
})

/** Lampiran 28: what stands between the business and the licence. */
export const licenceChecklist = codeList({
  commitment: { wire: 'Y', id: 'Komitmen', en: 'Commitment to be fulfilled' },
  noCommitment: { wire: 'N', id: 'Tidak Komitmen', en: 'No commitment' },
  issuedAutomatically: { wire: 'O', id: 'Otomatis Terbit', en: 'Issued by itself' },
  forInformation: {
    wire: 'T',
    id: 'Tidak Butuh Komitmen (Tembusan)',
    en: 'No commitment needed (for information)',
  },
})

/** Who decides (`kewenangan`). */
export const licenceAuthority = codeList({
  national: { wire: '00', id: 'Kewenangan Pusat', en: 'National government' },
  province: { wire: '01', id: 'Kewenangan Provinsi', en: 'Province' },
  regency: { wire: '02', id: 'Kewenangan Kab/Kota', en: 'Regency or city' },
})
