/**
 * OSS RBA, business licensing: the integration service for ministries, agencies and regions. Facts and sources: README.md.
 * What happened stands in `kode`, `kode_status` or `code`, whatever the HTTP status.
 */
import { z } from 'zod'
import { defineAdapter } from '#contracts/adapter.ts'
import { businessActorKind, businessScale, nibStatus } from '#contracts/business-codes.ts'
import { businessCheck, businessLookup, businessProjects } from '#contracts/business.ts'
import { licenceAuthority, licenceStatus } from '#contracts/licence-codes.ts'
import { licenceLookup, licenceStatusCheck } from '#contracts/licence.ts'
import { referenceTableRead } from '#contracts/reference-table.ts'
import { secret } from '#contracts/secret.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { aboutAnother, answer, reading, without } from './answer.ts'
import { businessRow, readBusiness } from './business-row.ts'
import { inbound } from './inbound.ts'
import { licenceRow, readLicence } from './licence-row.ts'
import { projectRow, readProject } from './project-row.ts'
import { tableNumbers } from './reference-tables.ts'
import { asDate, asLink, asNpwp, asRegion, list, readNib, value } from './values.ts'

const config = z.strictObject({
  pathPrefix: z
    .string()
    .regex(/^(\/[\w.-]+)*$/, { error: 'a path such as /v1/kl/rba' })
    .default('/v1/kl/rba')
    .describe('The path up to the method; of the staging service `/stg/v1/kl/rba`.'),
  userKey: secret().describe('The key that OSS issued to the institution; sent as the header `user_key`.'),
})

const call = (method: string, body: object, { pathPrefix }: z.output<typeof config>) => ({
  method: 'POST' as const,
  path: `${pathPrefix}/${method}` as `/${string}`,
  body,
})

/** The older methods' envelope. */
const wrapped = (data: string, ...wrapper: string[]) => ({ wrapper, code: 'kode', text: 'keterangan', data })

/** Sixteen digits, as the document wants it: the old form with a 0 before it. */
const npwp16 = (npwp: string): string => npwp.padStart(16, '0')

/**
 * Told of a company in the old form, of a citizen as a NIK; the one cannot be told from the other's number. Of a branch (NITKU)
 * six digits more.
 */
function isSameTaxpayer(asked: string, told: string | null | undefined): boolean {
  const isComparable = told && (told.length >= 16 || asked.startsWith('0'))
  return !isComparable || npwp16(told.slice(0, 16)) === asked
}

export default defineAdapter({
  contract: 1,
  id: 'oss',
  title: { id: 'OSS, perizinan berusaha', en: 'Business licensing (OSS)' },
  trust: 'documented',
  config,
  policy: {
    deadlineMs: 10_000,
    retries: 1,
    concurrency: 16,
    breaker: { errorPercent: 50, minimumCalls: 10, openMs: 15_000 },
  },
  authentication: { strategy: 'headers', headers: ({ userKey }) => ({ user_key: userKey.reveal() }) },
  statuses: { 400: 'read', 401: 'read', 403: 'read', 404: 'read', 405: 'read', 500: 'read', 504: 'read' },
  // Numbers of sixteen digits and more, where OSS writes them as JSON numbers.
  exactIntegers: [
    'kode_referensi',
    'no_dokumen',
    'no_identitas_pemegang_saham',
    'no_identitas_penanggung_jwb',
    'no_izin',
    'no_legal',
    'no_npp',
    'no_va',
    'no_wlkp',
    'nomor_proyek',
    'npwp_cabang',
    'npwp_kantor_cabang',
    'npwp_pemegang_saham',
    'npwp_penanggung_jwb',
    'npwp_perseroan',
    'npwp_perusahaaan',
    'npwp_perusahaan',
  ],

  operations: operation => [
    operation(businessLookup, {
      repeatable: true,
      request: ({ nib, npwp }, config) =>
        call('inqueryNIB', { INQUERYNIB: npwp ? { npwp: npwp16(npwp) } : { nib } }, config),
      reply: answer(wrapped('dataNIB', 'responinqueryNIB'), businessRow),
      read: reading((row, { nib, npwp }) => {
        const found = readBusiness(row)
        const isAsked = npwp ? isSameTaxpayer(npwp16(npwp), found.npwp) : found.nib === nib
        return isAsked ? found : aboutAnother()
      }),
    }),

    operation(businessCheck, {
      repeatable: true,
      probe: { nib: '0000000000000' },
      request: ({ nib }, config) => call('checkNIB', { CHECKNIB: { nib } }, config),
      reply: answer(
        wrapped('dataNIB', 'responcheckNIB'),
        z.object({ nib: value, nama_perusahaan: value, status: value }),
      ),
      read: reading((row, { nib }) => {
        if (readNib(row.nib) !== nib) return aboutAnother()
        const status = read(row.status, nibStatus.read)
        return status ? { nib, name: read(row.nama_perusahaan, asIs) ?? '', status } : without('a status')
      }),
    }),

    operation(businessProjects, {
      repeatable: true,
      request: ({ nib, projectId, kbli }, config) =>
        call('inqueryProyek', { nib, id_proyek: projectId, ...(kbli && { kbli }) }, config),
      reply: answer(
        { code: 'kode_status', text: 'keterangan', data: 'data' },
        z.object({
          nama_perusahaan: value,
          alamat_perusahaan: value,
          alamat_perseroan: value, // in the sample; the table has alamat_perusahaan
          npwp_perusahaan: value,
          npwp_perusahaaan: value, // sic: so the table has it
          jenis_pelaku_usaha: value,
          tgl_terbit_nib: value,
          skala_usaha: value,
          skala_usaha_final: value, // in the sample; the table has skala_usaha
          data_proyek: list(projectRow.extend({ data_checklist: list(licenceRow) })),
        }),
      ),
      read: reading((row, { projectId }) => {
        const projects = (row.data_proyek ?? []).map(entry => ({
          ...readProject(entry),
          licences: entry.data_checklist?.map(readLicence),
        }))
        if (!projects.some(project => project.projectId === projectId)) return aboutAnother()
        return {
          name: read(row.nama_perusahaan, asIs) ?? '',
          actorKind: read(row.jenis_pelaku_usaha, businessActorKind.read),
          scale: read(row.skala_usaha ?? row.skala_usaha_final, businessScale.read),
          issuedOn: read(row.tgl_terbit_nib, asDate),
          npwp: read(row.npwp_perusahaan ?? row.npwp_perusahaaan, asNpwp),
          address: read(row.alamat_perusahaan ?? row.alamat_perseroan, asIs),
          projects,
        }
      }),
    }),

    operation(licenceLookup, {
      repeatable: true,
      request: ({ licenceId, withRequirements }, config) =>
        call(
          'inqueryLicense',
          { INQUERYLICENSE: { id_izin: licenceId, ...(withRequirements && { data_persyaratan: true }) } },
          config,
        ),
      reply: answer(
        { wrapper: ['dataLicense'], code: 'code', text: 'message', data: 'data' },
        z.object({
          oss_id: value,
          id_izin: value,
          kd_izin: value,
          kd_daerah: value,
          kewenangan: value,
          data_proyek: list(projectRow),
          data_checklist: list(licenceRow),
        }),
      ),
      read: reading((row, { licenceId }) => {
        if (read(row.id_izin, asIs) !== licenceId) return aboutAnother()
        return {
          licenceId,
          ossId: read(row.oss_id, asIs),
          code: read(row.kd_izin, asIs),
          authority: read(row.kewenangan, licenceAuthority.read),
          region: read(row.kd_daerah, asRegion),
          projects: row.data_proyek?.map(readProject),
          licences: row.data_checklist?.map(readLicence),
        }
      }),
    }),

    operation(licenceStatusCheck, {
      repeatable: true,
      request: ({ licenceId }, config) =>
        call('checkLicenseStatus', { CHECKLICENSESTATUS: { id_izin: licenceId } }, config),
      reply: answer(
        // The table, the sample of a success and the sample of a failure: three names for one wrapper.
        wrapped(
          'dataIZIN',
          'responcheckLicenseStatus',
          'responcheckStatusLicense',
          'responsecheckStatusLicense',
        ),
        z.object({
          nib: value,
          id_proyek: value,
          id_izin: value,
          kd_status: value,
          uraian_status: value,
          file_lampiran: value,
        }),
      ),
      read: reading((row, { licenceId }) => {
        if (read(row.id_izin, asIs) !== licenceId) return aboutAnother()
        const status = read(row.kd_status, licenceStatus.read)
        if (!status) return without('a status')
        return {
          licenceId,
          nib: readNib(row.nib),
          projectId: read(row.id_proyek, asIs),
          status,
          statusText: read(row.uraian_status, asIs),
          attachment: read(row.file_lampiran, asLink),
        }
      }),
    }),

    operation(referenceTableRead, {
      repeatable: true,
      request: ({ table }, config) =>
        call('getDataReferensi', { GETDATAREFERENSI: { kode: String(tableNumbers[table]) } }, config),
      reply: answer(
        wrapped('dataReferensi', 'respongetDataReferensi'),
        list(z.object({ kode_referensi: value, uraian_referensi: value, keterangan_referensi: value })),
      ),
      read: reading((rows, { table }) => ({
        table,
        rows: rows.map(row => ({
          code: read(row.kode_referensi, asIs) ?? '',
          name: read(row.uraian_referensi, asIs) ?? null,
          note: read(row.keterangan_referensi, asIs) ?? null,
        })),
      })),
    }),
  ],
  inbound,
  skips: [
    {
      check: 'an answer about someone else',
      capability: 'business.projects',
      reason: 'The answer does not repeat the NIB. It must hold the project that was asked about.',
    },
    {
      check: 'an answer about someone else',
      capability: 'reference-table.read',
      reason: 'The answer does not say which table it is, and is about nobody.',
    },
  ],
})
