/** The licence: what a business needs beside its NIB, applied for at OSS and decided by the agency in charge. */
import { z } from 'zod'
import { defineCapability, defineNotice, type Subject } from './capability.ts'
import { optional, personal, publicElement } from './elements.ts'
import { isoDate, licenceId, nib, recordedOssNumber, regionCode } from './identifiers.ts'
import { licenceAuthority, licenceChecklist, licenceKind, licenceStatus } from './licence-codes.ts'
import { project } from './project.ts'

/** Documents are passed on as links, never as bytes. What they show may be personal. */
export const documentLink = z.url({ protocol: /^https?$/ })

const text = z.string().min(1)

/** A document that the applicant has handed in. */
const requirement = z.object({
  requirementId: optional(personal(text, 'Kode persyaratan', 'Requirement')),
  number: optional(personal(text, 'Nomor dokumen', 'Document number')),
  date: optional(personal(isoDate, 'Tanggal dokumen', 'Date of the document')),
  document: optional(personal(documentLink, 'Berkas persyaratan', 'Document')),
  note: optional(personal(text, 'Keterangan', 'Note')),
})

/** A licence as a business has to obtain it, or has obtained it: an entry of the checklist. */
export const licence = z.object({
  licenceId: optional(publicElement(recordedOssNumber, 'ID izin', 'Licence id')),
  projectId: optional(publicElement(recordedOssNumber, 'ID proyek', 'Project id')),
  productId: optional(publicElement(recordedOssNumber, 'ID produk', 'Product id')),
  name: optional(publicElement(text, 'Nama izin', 'Name of the licence')),
  code: optional(publicElement(text, 'Kode izin', 'Licence code')),
  kind: optional(publicElement(licenceKind.output, 'Jenis perizinan', 'Kind of licence')),
  agency: optional(publicElement(text, 'Instansi', 'Agency in charge')),
  authority: optional(publicElement(licenceAuthority.output, 'Kewenangan', 'Level of government')),
  authorityParameter: optional(
    publicElement(text, 'Parameter kewenangan', 'What decides the level of government'),
  ),
  specificField: optional(publicElement(text, 'Bidang spesifik', 'Specific field')),
  status: optional(publicElement(licenceStatus.output, 'Status izin', 'Status of the licence')),
  checklist: optional(publicElement(licenceChecklist.output, 'Tanda komitmen', 'What stands before it')),
  isRepeatable: optional(
    publicElement(z.boolean(), 'Dapat diajukan berulang', 'May be applied for again and again'),
  ),
  isExtension: optional(
    publicElement(z.boolean(), 'Perpanjangan izin sebelum OSS', 'Extends a licence from before OSS'),
  ),
  region: optional(personal(regionCode, 'Kode wilayah', 'Region code')),
  number: optional(personal(text, 'Nomor izin', 'Licence number')),
  issuedOn: optional(personal(isoDate, 'Tanggal izin', 'Date of issue')),
  document: optional(personal(documentLink, 'Berkas izin dari instansi', 'Licence, from the agency')),
  ossDocument: optional(personal(documentLink, 'Berkas izin dari OSS', 'Licence, from OSS')),
  environmentalDocument: z
    .object({
      code: optional(publicElement(text, 'Kode dokumen lingkungan', 'Code of the environmental document')),
      name: optional(publicElement(text, 'Nama dokumen lingkungan', 'Environmental document')),
    })
    .optional(),
  requirements: z.array(requirement).optional(),
})

/** By a licence id nobody can be named: only what comes back tells whose it is. */
export const aboutLicence = (licenceId: string, nib?: string | null): Subject[] => [
  { type: 'licenceId', value: licenceId },
  ...(nib ? [{ type: 'nib', value: nib } as const] : []),
]

export const licenceLookup = defineCapability({
  id: 'licence.lookup',
  kind: 'query',
  path: '/v1/licences/lookup',
  publicPath: '/v1/licences/{licenceId}',
  title: { id: 'Data izin menurut ID izin', en: 'Licence by its id' },
  description: {
    id: 'Mengambil satu permohonan izin beserta proyek dan daftar izinnya. Berkas persyaratan hanya bila diminta.',
    en: 'Fetches one application for a licence with its project and checklist; documents handed in only when asked for.',
  },
  input: z.strictObject({
    licenceId,
    /** Also the documents that the applicant handed in. */
    withRequirements: z.boolean().default(false),
  }),
  output: z.object({
    licenceId: publicElement(recordedOssNumber, 'ID izin', 'Licence id'),
    ossId: optional(publicElement(recordedOssNumber, 'OSS ID', 'OSS id')),
    code: optional(publicElement(text, 'Kode izin', 'Licence code')),
    authority: optional(publicElement(licenceAuthority.output, 'Kewenangan', 'Level of government')),
    region: optional(personal(regionCode, 'Kode wilayah', 'Region code')),
    projects: z.array(project).optional(),
    licences: z.array(licence).optional(),
  }),
  subjects: ({ licenceId: id }) => aboutLicence(id),
  example: {
    input: { licenceId: 'I-2026010508000000000001' },
    output: {
      licenceId: 'I-2026010508000000000001',
      code: '056000000001',
      authority: { code: 'regency', text: 'Kewenangan Kab/Kota' },
      licences: [
        {
          licenceId: 'I-2026010508000000000001',
          name: 'Sertifikat Standar Contoh',
          status: { code: 'documentsComplete', text: 'Dokumen Lengkap' },
        },
      ],
    },
  },
})

export const licenceStatusCheck = defineCapability({
  id: 'licence.status',
  kind: 'query',
  path: '/v1/licences/status',
  publicPath: '/v1/licences/{licenceId}/status',
  title: { id: 'Status izin', en: 'Status of a licence' },
  description: {
    id: 'Sampai di mana permohonan suatu izin.',
    en: 'How far an application for a licence has come.',
  },
  input: z.strictObject({ licenceId }),
  output: z.object({
    licenceId: publicElement(recordedOssNumber, 'ID izin', 'Licence id'),
    nib: optional(publicElement(nib, 'NIB', 'Business identity number')),
    projectId: optional(publicElement(recordedOssNumber, 'ID proyek', 'Project id')),
    status: publicElement(licenceStatus.output, 'Status izin', 'Status of the licence'),
    statusText: optional(publicElement(text, 'Uraian status', "The agency's words on the status")),
    attachment: optional(personal(documentLink, 'Berkas lampiran', 'Attachment')),
  }),
  subjects: ({ licenceId: id }, output) => aboutLicence(id, output?.nib),
  example: {
    input: { licenceId: 'I-2026010508000000000001' },
    output: {
      licenceId: 'I-2026010508000000000001',
      nib: '9999900000001',
      projectId: 'R-2026010508000000000001',
      status: { code: 'documentsComplete', text: 'Dokumen Lengkap' },
      statusText: 'Dokumen Lengkap',
    },
  },
})

export const licenceDocumentSigned = defineNotice({
  id: 'licence.document-signed',
  title: { id: 'Dokumen izin telah ditandatangani', en: 'Licence document signed' },
  description: {
    id: 'OSS memberi tautan ke berkas izin yang telah ditandatangani secara elektronik.',
    en: 'OSS gives the link to a licence that has been signed electronically.',
  },
  output: z.object({
    licenceId: publicElement(recordedOssNumber, 'ID izin', 'Licence id'),
    nib: publicElement(nib, 'NIB', 'Business identity number'),
    document: personal(documentLink, 'Berkas izin', 'Licence document'),
  }),
  subjects: ({ licenceId: id, nib: owner }) => aboutLicence(id, owner),
  example: {
    output: {
      licenceId: 'I-2026010508000000000001',
      nib: '9999900000001',
      document: 'https://oss.example/dokumen/izin-contoh.pdf',
    },
  },
})
