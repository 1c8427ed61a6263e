/**
 * OSS RBA, business licensing: the integration service for ministries, agencies and regions. Facts and sources: README.md.
 * What happened stands in `kode`, `kode_status` or `code`, whatever the HTTP status.
 */
import { z } from 'zod'
import { defineAdapter, isFailed } from '#contracts/adapter.ts'
import { businessActorKind, businessScale, nibStatus } from '#contracts/business-codes.ts'
import { businessCheck, businessLookup, businessProjects } from '#contracts/business.ts'
import { licenceAuthority, licenceKind, licenceStatus } from '#contracts/licence-codes.ts'
import { licenceIssue, licenceReportStatus, licenceUpdate } from '#contracts/licence-orders.ts'
import { licenceLookup, licenceStatusCheck } from '#contracts/licence.ts'
import { referenceTableRead } from '#contracts/reference-table.ts'
import { secret } from '#contracts/secret.ts'
import type { Order } from '#contracts/submission.ts'
import { asIs, read } from '#contracts/wire-value.ts'
import { aboutAnother, answer, flat, reading, without, wrapped } from './answer.ts'
import { businessRow, readBusiness } from './business-row.ts'
import { inbound } from './inbound.ts'
import { licenceRow, readLicence } from './licence-row.ts'
import {
  type LicenceStatus,
  licenceStatusReply,
  type licenceStatusRow,
  readLicenceStatus,
} from './licence-status.ts'
import { issueBody, reportBody, updateBody } from './order-bodies.ts'
import { progressOfIssue, progressOfReport } from './order-progress.ts'
import { projectRow, readProject } from './project-row.ts'
import { tableNumbers } from './reference-tables.ts'
import { asDate, asLink, asNpwp, asRegion, list, readNib, value, wireOf } from './values.ts'

const config = z.strictObject({
  pathPrefix: z
    .string()
    .regex(/^(\/[\w.-]+)*$/, { error: 'a path such as /v1/kl/rba' })
    .default('/v1/kl/rba')
    .describe('The path up to the method; of the staging service `/stg/v1/kl/rba`.'),
  userKey: secret().describe('The key that OSS issued to the institution; sent as the header `user_key`.'),
})

type Config = z.output<typeof config>

const call = (method: string, body: object, { pathPrefix }: Config) => ({
  method: 'POST' as const,
  path: `${pathPrefix}/${method}` as `/${string}`,
  body,
})

const askStatus = (licenceId: string, config: Config) =>
  call('checkLicenseStatus', { CHECKLICENSESTATUS: { id_izin: licenceId } }, config)

/** What the status of a licence says of an order about it. */
const following = <About extends Order<{ licenceId: string }>, Step>(
  progressOf: (found: LicenceStatus, order: About) => Step,
) => ({
  settleSeconds: 600, // OSS answers 504 while it may still be at work, and nothing says for how long
  everySeconds: 300, // a decision is usually there at the first question; a service standard counts in working hours
  request: ({ input }: About, config: Config) => askStatus(input.licenceId, config),
  reply: licenceStatusReply,
  read: reading((row: z.output<typeof licenceStatusRow>, order: About) => {
    const found = readLicenceStatus(row, order.input.licenceId)
    return isFailed(found) ? found : progressOf(found, order)
  }),
})

/** Beside a success: an odd word must not put in doubt that OSS has taken an order. */
const said = value.catch(undefined)

/** One that the house can keep; the guide's are at most 30 long. */
const asReference = (number: string | null | undefined): string | undefined =>
  number && number.length <= 100 ? number : undefined

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
    'nomor_izin',
    'nomor_proyek',
    'npwp_cabang',
    'npwp_kantor_cabang',
    'npwp_pemegang_saham',
    'npwp_penanggung_jwb',
    'npwp_perseroan',
    'npwp_perusahaaan',
    'npwp_perusahaan',
  ],

  operations: (operation, submit) => [
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
      request: ({ licenceId }, config) => askStatus(licenceId, config),
      reply: licenceStatusReply,
      read: reading((row, { licenceId }) => readLicenceStatus(row, licenceId)),
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

    submit(licenceIssue, {
      request: ({ input }, config) => call('receiveLicense', { IZINFINAL: issueBody(input) }, config),
      reply: answer(
        flat('responreceiveLicense'),
        z.object({ keterangan: said, nomor_izin: said, jenis_perizinan: said, file_lampiran: said }),
      ),
      read: reading((row, { input: { licenceId } }) => {
        const number = read(row.nomor_izin, asIs)
        return {
          state: 'accepted',
          reference: asReference(number),
          result: {
            licenceId,
            number,
            kind: read(row.jenis_perizinan, licenceKind.read),
            attachment: read(row.file_lampiran, asLink),
            note: read(row.keterangan, asIs),
          },
        }
      }),
      status: following(progressOfIssue),
    }),

    submit(licenceReportStatus, {
      request: ({ input, acceptedAt }, config) =>
        call('receiveLicenseStatus', { IZINSTATUS: reportBody(input, acceptedAt) }, config),
      reply: answer(flat('responreceiveLicenseStatus'), z.object({ keterangan: said })),
      read: reading((row, { input: { licenceId, status } }) => ({
        state: 'confirmed',
        agencyState: wireOf(licenceStatus, status),
        result: { licenceId, note: read(row.keterangan, asIs) },
      })),
      status: following(progressOfReport),
    }),

    // Without `status`: what checkLicenseStatus and inqueryLicense tell is the same before and after most updates.
    submit(licenceUpdate, {
      request: ({ input }, config) => call('updateLicense', { IZINFINAL: updateBody(input) }, config),
      reply: answer(
        flat('responupdateLicense'),
        z.object({ keterangan: said, keterangan_reset_izin_ds: said, nomor_izin: said }),
      ),
      read: reading((row, { input: { licenceId } }) => {
        const number = read(row.nomor_izin, asIs)
        return {
          state: 'confirmed',
          reference: asReference(number),
          result: {
            licenceId,
            number,
            signatureReset: read(row.keterangan_reset_izin_ds, asIs),
            note: read(row.keterangan, asIs),
          },
        }
      }),
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
    ...[licenceIssue, licenceReportStatus, licenceUpdate].map(({ id }) => ({
      check: 'an answer about someone else',
      capability: id,
      reason: 'The answer to an order does not repeat which licence it is about.',
    })),
  ],
})
