/** The business: whoever holds a NIB, company or sole trader, as the licensing system knows them. */
import { z } from 'zod'
import {
  businessActorKind,
  businessForm,
  businessScale,
  deedKind,
  identityKind,
  importIdentification,
  investmentStatus,
  legalPersonality,
  nibDocumentKind,
  nibStatus,
  shareholderKind,
  taxStatus,
} from './business-codes.ts'
import { defineCapability, defineNotice, type Subject } from './capability.ts'
import { optional, personal, publicElement, specific } from './elements.ts'
import {
  isoDate,
  kbli,
  nib,
  npwp,
  projectId,
  recordedNpwp,
  recordedOssNumber,
  regionCode,
} from './identifiers.ts'
import { licence } from './licence.ts'
import { project } from './project.ts'

const text = z.string().min(1)
const rupiah = z.int().nonnegative()
const percent = z.number().min(0).max(100)

const businessNumber = publicElement(nib, 'NIB', 'Business identity number')
const businessName = publicElement(text, 'Nama usaha', 'Business name')

/** `region` is as deep as it is known: regency or village. */
const address = z.object({
  street: optional(personal(text, 'Alamat', 'Street address')),
  neighbourhood: optional(personal(text, 'RT/RW', 'Neighbourhood (RT/RW)')),
  village: optional(personal(text, 'Desa/Kelurahan', 'Village')),
  region: optional(personal(regionCode, 'Kode wilayah', 'Region code')),
  postalCode: optional(personal(z.string().regex(/^\d{5}$/), 'Kode pos', 'Postal code')),
})

/** What shareholders and responsible persons have in common. */
const party = {
  name: optional(personal(text, 'Nama', 'Name')),
  position: optional(personal(text, 'Jabatan', 'Position')),
  identityKind: optional(personal(identityKind.output, 'Jenis identitas', 'Kind of identity document')),
  identityNumber: optional(personal(text, 'Nomor identitas', 'Identity number')),
  npwp: optional(personal(recordedNpwp, 'NPWP', 'Taxpayer number')),
  isForeign: optional(personal(z.boolean(), 'Asing', 'Foreign')),
  country: optional(personal(text, 'Negara asal', 'Country of origin')),
  email: optional(personal(text, 'Surel', 'Email')),
  taxStatus: optional(specific(taxStatus.output, 'Status pajak', 'Tax status')),
}

const shareholder = z.object({
  ...party,
  kind: optional(personal(shareholderKind.output, 'Jenis pemegang saham', 'Kind of shareholder')),
  controller: optional(personal(text, 'Pengendali', 'Controlled by')),
  address: optional(personal(text, 'Alamat', 'Address')),
  capital: optional(specific(rupiah, 'Modal (rupiah)', 'Capital (rupiah)')),
})

const responsiblePerson = z.object({
  ...party,
  address: address.optional(),
  phone: optional(personal(text, 'Telepon', 'Phone')),
  mobilePhone: optional(personal(text, 'Telepon seluler', 'Mobile phone')),
})

const deed = z.object({
  kind: optional(personal(deedKind.output, 'Jenis akta', 'Kind of deed')),
  number: optional(personal(text, 'Nomor akta', 'Deed number')),
  date: optional(personal(isoDate, 'Tanggal akta', 'Date of the deed')),
  notary: optional(personal(text, 'Notaris', 'Notary')),
})

/**
 * Public is what the public register shows. A NIB may be a sole trader's: then address, phone and email are a home's, the
 * NPWP is the owner's NIK and the capital private money. One record serves both, so these are never public; money and tax
 * standing are of the specific kind (UU 27/2022 art. 4(2)).
 */
export const business = z.object({
  nib: businessNumber,
  ossId: optional(publicElement(recordedOssNumber, 'OSS ID', 'OSS id')),
  name: businessName,
  shortName: optional(publicElement(text, 'Nama singkatan', 'Short name')),
  status: optional(publicElement(nibStatus.output, 'Status NIB', 'Status of the NIB')),
  documentKind: optional(publicElement(nibDocumentKind.output, 'Tipe dokumen', 'Kind of document')),
  actorKind: optional(
    publicElement(businessActorKind.output, 'Jenis pelaku usaha', 'Kind of business actor'),
  ),
  form: optional(publicElement(businessForm.output, 'Bentuk usaha', 'Legal form')),
  legalPersonality: optional(
    publicElement(legalPersonality.output, 'Status badan hukum', 'Legal personality'),
  ),
  scale: optional(publicElement(businessScale.output, 'Skala usaha', 'Scale')),
  investmentStatus: optional(
    publicElement(investmentStatus.output, 'Status penanaman modal', 'Investment status'),
  ),
  importIdentification: optional(
    publicElement(importIdentification.output, 'Angka pengenal importir', 'Importer identification'),
  ),
  submittedOn: optional(publicElement(isoDate, 'Tanggal pengajuan NIB', 'NIB submitted on')),
  issuedOn: optional(publicElement(isoDate, 'Tanggal terbit NIB', 'NIB issued on')),
  changedOn: optional(publicElement(isoDate, 'Tanggal perubahan NIB', 'NIB changed on')),
  npwp: optional(personal(recordedNpwp, 'NPWP', 'Taxpayer number')),
  address: address.optional(),
  contact: z
    .object({
      phone: optional(personal(text, 'Telepon', 'Phone')),
      email: optional(personal(text, 'Surel', 'Email')),
    })
    .optional(),
  registrations: z
    .object({
      employmentInsurance: optional(
        personal(text, 'Nomor BPJS Ketenagakerjaan', 'Employment insurance number'),
      ),
      healthInsurance: optional(personal(text, 'Nomor BPJS Kesehatan', 'Health insurance number')),
      manpowerReport: optional(personal(text, 'Nomor WLKP', 'Manpower report number')),
    })
    .optional(),
  capital: z
    .object({
      authorised: optional(specific(rupiah, 'Modal dasar (rupiah)', 'Authorised capital (rupiah)')),
      issued: optional(specific(rupiah, 'Modal ditempatkan (rupiah)', 'Issued capital (rupiah)')),
      domestic: optional(specific(rupiah, 'Modal dalam negeri (rupiah)', 'Domestic capital (rupiah)')),
      foreign: optional(specific(rupiah, 'Modal asing (rupiah)', 'Foreign capital (rupiah)')),
      domesticPercent: optional(
        specific(percent, 'Persentase modal dalam negeri', 'Domestic share, percent'),
      ),
      foreignPercent: optional(specific(percent, 'Persentase modal asing', 'Foreign share, percent')),
    })
    .optional(),
  shareholders: z.array(shareholder).optional(),
  responsiblePersons: z.array(responsiblePerson).optional(),
  deeds: z.array(deed).optional(),
  ratification: z
    .object({
      number: optional(personal(text, 'Nomor pengesahan', 'Ratification number')),
      date: optional(personal(isoDate, 'Tanggal pengesahan', 'Date of ratification')),
    })
    .optional(),
  projects: z.array(project).optional(),
  licences: z.array(licence).optional(),
})
type Business = z.output<typeof business>

/** In either form the same taxpayer: sixteen digits are 0 and the old form, or a citizen's NIK (PMK 112/2022). */
const taxpayer = (value: string): Subject =>
  /^[1-9]\d{15}$/.test(value)
    ? { type: 'nik', value }
    : { type: 'npwp', value: value.replace(/^0(?=\d{15}$)/, '') }

const taxpayers = (...values: readonly (string | null | undefined)[]): Subject[] =>
  values.flatMap(value => (value ? [taxpayer(value)] : []))

/** The business, its taxpayer number, and the natural persons behind it. */
function subjectsOfBusiness({
  nib: value,
  npwp,
  shareholders = [],
  responsiblePersons = [],
}: Business): Subject[] {
  const persons = [...shareholders.filter(({ kind }) => kind?.code !== 'legalBody'), ...responsiblePersons]
  return unique([
    { type: 'nib', value },
    ...taxpayers(npwp),
    ...persons.flatMap(({ identityNumber, npwp }): Subject[] => [
      ...(identityNumber && /^\d{16}$/.test(identityNumber)
        ? [{ type: 'nik', value: identityNumber } as const]
        : []),
      ...taxpayers(npwp),
    ]),
  ])
}

const unique = (subjects: readonly Subject[]): Subject[] => [
  ...new Map(subjects.map(subject => [`${subject.type} ${subject.value}`, subject])).values(),
]

export const businessLookup = defineCapability({
  id: 'business.lookup',
  kind: 'query',
  path: '/v1/businesses/lookup',
  publicPath: '/v1/businesses/{nib}',
  title: { id: 'Data usaha menurut NIB atau NPWP', en: 'Business by NIB or NPWP' },
  description: {
    id: 'Mengambil data satu usaha: identitas, proyek, izin, dan menurut perjanjian juga orang di belakangnya.',
    en: 'Fetches one business: identity, projects, licences and, as far as the agreement goes, the people behind it.',
  },
  input: z.strictObject({ nib: nib.optional(), npwp: npwp.optional() }).superRefine((input, check) => {
    const given = Object.values(input).filter(value => value !== undefined).length
    if (given === 0) check.addIssue({ code: 'custom', path: ['nib'], message: 'nib or npwp is needed' })
    if (given > 1) check.addIssue({ code: 'custom', path: ['npwp'], message: 'either nib or npwp, not both' })
  }),
  output: business,
  subjects: (input, output) =>
    output
      ? unique([...taxpayers(input.npwp), ...subjectsOfBusiness(output)])
      : [...(input.nib ? [{ type: 'nib', value: input.nib } as const] : []), ...taxpayers(input.npwp)],
  example: {
    input: { nib: '9999900000001' },
    output: {
      nib: '9999900000001',
      name: 'USAHA CONTOH',
      status: { code: 'active', text: 'Aktif' },
      actorKind: { code: 'organisation', text: 'Badan Usaha' },
      form: { code: 'limitedCompany', text: 'Perseroan Terbatas (PT)' },
      issuedOn: '2026-01-05',
      projects: [
        {
          projectId: 'R-2026010508000000000001',
          kbli: '56101',
          activity: 'Restoran',
          risk: { code: 'mediumLow', text: 'Menengah Rendah' },
        },
      ],
    },
  },
})

export const businessCheck = defineCapability({
  id: 'business.check',
  kind: 'query',
  path: '/v1/businesses/check',
  publicPath: '/v1/businesses/{nib}/status',
  title: { id: 'Pengecekan NIB', en: 'NIB check' },
  description: {
    id: 'Apakah suatu NIB ada, atas nama siapa, dan apa statusnya.',
    en: 'Whether a NIB exists, in whose name, and what its status is.',
  },
  input: z.strictObject({ nib }),
  output: z.object({
    nib: businessNumber,
    name: businessName,
    status: publicElement(nibStatus.output, 'Status NIB', 'Status of the NIB'),
  }),
  subjects: ({ nib: value }) => [{ type: 'nib', value }],
  example: {
    input: { nib: '9999900000001' },
    output: { nib: '9999900000001', name: 'USAHA CONTOH', status: { code: 'active', text: 'Aktif' } },
  },
})

export const businessProjects = defineCapability({
  id: 'business.projects',
  kind: 'query',
  path: '/v1/businesses/projects',
  publicPath: '/v1/businesses/{nib}/projects/{projectId}',
  title: { id: 'Data proyek suatu usaha', en: 'Projects of a business' },
  description: {
    id: 'Mengambil proyek suatu usaha menurut NIB dan ID proyek, beserta izinnya.',
    en: 'Fetches a project of a business by NIB and project id, with its licences.',
  },
  input: z.strictObject({ nib, projectId, kbli: kbli.optional() }),
  output: z.object({
    name: businessName,
    actorKind: optional(
      publicElement(businessActorKind.output, 'Jenis pelaku usaha', 'Kind of business actor'),
    ),
    scale: optional(publicElement(businessScale.output, 'Skala usaha', 'Scale')),
    issuedOn: optional(publicElement(isoDate, 'Tanggal terbit NIB', 'NIB issued on')),
    npwp: optional(personal(recordedNpwp, 'NPWP', 'Taxpayer number')),
    address: optional(personal(text, 'Alamat', 'Address')),
    projects: z.array(project.extend({ licences: z.array(licence).optional() })).min(1),
  }),
  subjects: (input, output) => [{ type: 'nib', value: input.nib }, ...taxpayers(output?.npwp)],
  example: {
    input: { nib: '9999900000001', projectId: 'R-2026010508000000000001' },
    output: {
      name: 'USAHA CONTOH',
      actorKind: { code: 'organisation', text: 'Badan Usaha' },
      projects: [{ projectId: 'R-2026010508000000000001', kbli: '56101' }],
    },
  },
})

export const businessChanged = defineNotice({
  id: 'business.changed',
  title: { id: 'NIB terbit atau berubah', en: 'NIB issued or changed' },
  description: {
    id: 'OSS memberi tahu bahwa suatu NIB terbit, diubah, dicabut atau dibatalkan; lihat tipe dokumen.',
    en: 'OSS tells that a NIB has been issued, changed, revoked or cancelled; the kind of document says which.',
  },
  output: business,
  subjects: subjectsOfBusiness,
  example: {
    output: {
      nib: '9999900000001',
      name: 'USAHA CONTOH',
      status: { code: 'active', text: 'Aktif' },
      documentKind: { code: 'original', text: 'Original' },
      issuedOn: '2026-01-05',
    },
  },
})
