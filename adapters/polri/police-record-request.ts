/** An application for a police record certificate (SKCK), as it is made. Assumed from end to end. */
import type { z } from 'zod'
import {
  citizenship,
  policeRecordPaymentMethod,
  policeRecordRequestKind,
  policeRecordStatus,
  stayPermitKind,
} from '#contracts/police-codes.ts'
import type { policeRecordRequest } from '#contracts/police-record.ts'
import { education, maritalStatus, occupation, religion } from '#contracts/population-codes.ts'
import type { Order } from '#contracts/submission.ts'
import type { Envelope } from './envelope.ts'
import {
  citizensTurn,
  granted,
  orderPayload,
  policesTurn,
  readOrder,
  refused,
  type Steps,
  writeDocuments,
  yesOrNo,
} from './order.ts'
import { writeAddress, writeOffice, writePerson } from './person.ts'
import { applicationPayload, readApplication } from './police-record.ts'

export const requestPayload = orderPayload(applicationPayload)

type Form = z.output<typeof policeRecordRequest.input>
type Relative = Form['family']['father']

/** Registered, it waits for the payment; at the fingerprints, for the citizen to come. Unpaid too long, it has expired. */
const steps: Steps<keyof typeof policeRecordStatus.codes> = {
  registered: citizensTurn,
  paid: policesTurn,
  recordsCheck: policesTurn,
  fingerprints: citizensTurn,
  issued: granted,
  refused,
  expired: refused,
}

const writeRelative = (relative: Relative | undefined) =>
  relative && {
    nama: relative.fullName,
    umur: relative.age,
    agama: relative.religion && religion.write(relative.religion),
    kewarganegaraan: relative.nationality,
    pekerjaan: relative.occupation && occupation.write(relative.occupation),
    alamat: relative.address,
  }

export const writeRequest = ({ id, input, attachments }: Order<Form>): object => ({
  no_referensi: id,
  ...writeOffice(input.office),
  jenis_permohonan: policeRecordRequestKind.write(input.kind),
  no_skck_lama: input.previousCertificateNumber,
  keperluan: input.purpose,
  metode_bayar: policeRecordPaymentMethod.write(input.paymentMethod),
  ...writePerson(input.applicant),
  status_perkawinan: maritalStatus.write(input.applicant.maritalStatus),
  kewarganegaraan: citizenship.write(input.applicant.citizenship),
  negara: input.applicant.nationality,
  domisili: input.applicant.domicile && writeAddress(input.applicant.domicile),
  no_paspor: input.applicant.passportNumber,
  izin_tinggal: input.applicant.stayPermit && {
    jenis: stayPermitKind.write(input.applicant.stayPermit.kind),
    nomor: input.applicant.stayPermit.number,
  },
  pasangan: writeRelative(input.family.spouse),
  ayah: writeRelative(input.family.father),
  ibu: writeRelative(input.family.mother),
  saudara: input.family.siblings.map(writeRelative),
  pendidikan: input.education.map(({ level, institution, city, graduationYear }) => ({
    tingkat: education.write(level),
    nama: institution,
    kota: city,
    tahun_lulus: graduationYear,
  })),
  pernah_pidana: yesOrNo(input.criminalCases.ever),
  pidana: input.criminalCases.entries.map(entry => ({
    perkara: entry.case,
    putusan: entry.verdict,
    tahap: entry.stage,
  })),
  pernah_melanggar: yesOrNo(input.violations.ever),
  pelanggaran: input.violations.entries.map(({ violation, stage }) => ({
    pelanggaran: violation,
    tahap: stage,
  })),
  ciri_fisik: {
    tinggi: input.physicalFeatures.heightCentimetres,
    berat: input.physicalFeatures.weightKilograms,
    rambut: input.physicalFeatures.hair,
    muka: input.physicalFeatures.face,
    kulit: input.physicalFeatures.skin,
    tanda_istimewa: input.physicalFeatures.specialMarks,
    rumus_sidik_jari: input.physicalFeatures.fingerprintFormula,
  },
  riwayat_pekerjaan: input.workHistory.map(({ employer, position, fromYear, untilYear }) => ({
    instansi: employer,
    jabatan: position,
    tahun_mulai: fromYear,
    tahun_selesai: untilYear,
  })),
  negara_dikunjungi: input.countriesVisited.map(({ country, year }) => ({ negara: country, tahun: year })),
  hobi: input.hobbies,
  sponsor: input.sponsor && {
    nama: input.sponsor.name,
    ...(input.sponsor.address && writeAddress(input.sponsor.address)),
    no_telepon: input.sponsor.phone,
  },
  lampiran: writeDocuments(input.documents, attachments),
})

/** Read as `police-record.status` reads it: of `catatan` nothing more is told here. Nor is why one was refused. */
export const readRequest = (reply: Envelope<z.output<typeof requestPayload>>, order: Order<Form>) =>
  readOrder(reply, order, order.input.applicant.nik, steps, payload => {
    const result = readApplication(payload)
    return { reference: result.registrationNumber, status: policeRecordStatus.read(payload.status), result }
  })
