/** The reference tables of business licensing: the agency's own code lists, KBLI and licence codes among them. */
import { z } from 'zod'
import { defineCapability } from './capability.ts'
import { publicElement } from './elements.ts'

export const referenceTables = [
  'capital-statuses',
  'company-forms',
  'importer-identifications',
  'identity-kinds',
  'land-tenures',
  'investor-origins',
  'deed-kinds',
  'licence-codes',
  'response-codes',
  'licence-statuses',
  'share-classes',
  'legal-personalities',
  'shareholder-kinds',
  'nib-statuses',
  'investment-restrictions',
  'location-kinds',
  'land-units',
  'business-actor-kinds',
  'tax-statuses',
  'sectors',
  'zone-kinds',
  'project-statuses',
  'education-levels',
  'location-positions',
  'location-statuses',
  'project-kinds',
  'licence-kinds',
  'checklist-flags',
  'foreign-worker-positions',
  'kbli',
  'specific-fields',
  'zones',
] as const
export type ReferenceTable = (typeof referenceTables)[number]

export const referenceTableRead = defineCapability({
  id: 'reference-table.read',
  kind: 'query',
  path: '/v1/reference-tables/read',
  publicPath: '/v1/reference-tables/{table}',
  publicReuse: { timeToLiveSeconds: 24 * 3600, staleSeconds: 30 * 24 * 3600 },
  title: { id: 'Tabel referensi perizinan berusaha', en: 'Reference table of business licensing' },
  description: {
    id: 'Kode dan uraian menurut instansi sendiri; jarang berubah, jadi disimpan lama.',
    en: "The agency's own codes and their meanings; they seldom change, so they are kept long.",
  },
  input: z.strictObject({ table: z.enum(referenceTables) }),
  output: z.object({
    table: publicElement(z.enum(referenceTables), 'Tabel', 'Table'),
    // An empty table would be kept as long as a full one.
    rows: z
      .array(
        z.object({
          code: publicElement(z.string().min(1), 'Kode', 'Code'),
          name: publicElement(z.string().nullable(), 'Uraian', 'Meaning'),
          note: publicElement(z.string().nullable(), 'Keterangan', 'Note'),
        }),
      )
      .min(1),
  }),
  subjects: () => [],
  example: {
    input: { table: 'nib-statuses' },
    output: {
      table: 'nib-statuses',
      rows: [
        { code: '01', name: 'Aktif', note: null },
        { code: '05', name: 'Dibekukan', note: null },
      ],
    },
  },
})
