/**
 * Polri, the national police: vehicles, its proxy of the population registry, driving licences, police record certificates
 * and loss reports. Facts, sources and what is assumed: README.md.
 */
import { z } from 'zod'
import { defineAdapter, failed, isFailed } from '#contracts/adapter.ts'
import { drivingLicenceLookup, drivingLicenceRenew } from '#contracts/driving-licence.ts'
import { lossReportFile } from '#contracts/loss-report.ts'
import { drivingLicenceClass, drivingLicenceStatus } from '#contracts/police-codes.ts'
import { policeRecordRequest, policeRecordStatusLookup } from '#contracts/police-record.ts'
import { residentLookup } from '#contracts/resident.ts'
import { secret } from '#contracts/secret.ts'
import { vehicleLookup } from '#contracts/vehicle.ts'
import { asIs, read } from '#contracts/wire-value.ts'
// An agency that passes on another's wire format reads it with that agency's reader.
import { readRefusal } from '../dukcapil/refusals.ts'
import { readResident, residentRow } from '../dukcapil/resident-row.ts'
import { readRenewal, renewalPayload, writeRenewal } from './driving-licence-renewal.ts'
import { envelope, open } from './envelope.ts'
import { lossReportPayload, readLossReport, writeLossReport } from './loss-report.ts'
import { orAbsent, writeInquiry } from './order.ts'
import { applicationPayload, readApplication } from './police-record.ts'
import { readRequest, requestPayload, writeRequest } from './police-record-request.ts'
import { readVehicle, readVehicleRefusal, vehicleRow } from './vehicle-row.ts'
import { readDate, text } from './wire.ts'

const path = (usual: `/${string}`) =>
  z
    .string()
    .regex(/^(\/[\w.-]+)+$/, { error: 'a path such as /korlantas/getbynopol' })
    .transform(value => value as `/${string}`)
    .prefault(usual)

const config = z.strictObject({
  username: secret().describe('The user name that the police issued.'),
  password: secret().describe('Its password.'),
  paths: z
    .strictObject({
      vehicle: path('/korlantas/getbynopol').describe('Vehicle by licence plate.'),
      resident: path('/dukcapil/getbynik2').describe(
        'Resident by NIK: the proxy of the population registry.',
      ),
      drivingLicence: path('/sim/getbynosim').describe('Driving licence. Assumed.'),
      policeRecord: path('/skck/getbynoregistrasi').describe('Police record application. Assumed.'),
      lossReport: path('/spkt/laporkehilangan').describe('Files a loss report. Assumed.'),
      lossReportByReference: path('/spkt/getbynoreferensi').describe('Loss report by our order id. Assumed.'),
      policeRecordRequest: path('/skck/daftar').describe('Applies for a police record certificate. Assumed.'),
      policeRecordByReference: path('/skck/getbynoreferensi').describe(
        'Police record application by our order id. Assumed.',
      ),
      drivingLicenceRenewal: path('/sim/perpanjang').describe('Renews a driving licence. Assumed.'),
      drivingLicenceRenewalByReference: path('/sim/getbynoreferensi').describe(
        'Driving licence renewal by our order id. Assumed.',
      ),
    })
    .prefault({})
    .describe('Unit and verb of each method.'),
})

const post = (path: `/${string}`, body: object) => ({
  method: 'POST' as const,
  path,
  body,
})

/** Assumed: so long after an attempt nothing of it is under way any more. */
const settleSeconds = 300

/** Where the registry does not let the police in, nothing of ours is wrong: to hold the police would not help. */
function readPassedOnRefusal(row: z.output<typeof residentRow>) {
  const refusal = readRefusal(row)
  return refusal?.failed === 'UPSTREAM_MISCONFIGURED'
    ? failed('UPSTREAM_UNAVAILABLE', refusal.upstreamCode, 'the registry refuses the police')
    : refusal
}

export default defineAdapter({
  contract: 1,
  id: 'polri',
  title: { id: 'Kepolisian Negara Republik Indonesia', en: 'National police' },
  trust: 'observed',
  config,
  policy: {
    deadlineMs: 6_000,
    retries: 1,
    concurrency: 16,
    breaker: { errorPercent: 50, minimumCalls: 10, openMs: 15_000 },
  },
  authentication: {
    strategy: 'basic',
    credentials: ({ username, password }) => ({ username: username.reveal(), password: password.reveal() }),
  },
  // Provinces 91 to 99 lie beyond 2^53: a plain parse would change the last digit.
  exactIntegers: ['NIK', 'NO_KK', 'NIK_IBU', 'NIK_AYAH', 'nik'],
  // `{"message":"nopol tidak valid, …"}`: what was asked does not suit them.
  statuses: { 400: 'REJECTED' },

  operations: (operation, submit) => [
    operation(vehicleLookup, {
      repeatable: true,
      probe: { licencePlate: 'X 9999 ZZZ' }, // no region has the letter X
      request: ({ licencePlate }, { paths }) => post(paths.vehicle, { nopol: licencePlate }),
      reply: z.tuple([vehicleRow]),
      read: ([row]) => readVehicleRefusal(row) ?? readVehicle(row),
    }),

    operation(residentLookup, {
      repeatable: true,
      request: ({ nik }, { paths }) => post(paths.resident, { nik }),
      reply: envelope(z.object({ content: z.tuple([residentRow]) })),
      read(reply, { nik }) {
        const payload = open(reply, nik, ({ content: [row] }) => readPassedOnRefusal(row))
        if (isFailed(payload)) return payload
        const [row] = payload.content
        const found = readResident({ ...row, NIK: row.NIK ?? nik }) // NIK itself may not be granted
        return found.nik === nik
          ? found
          : failed('UPSTREAM_INVALID', undefined, 'answered about someone else')
      },
    }),

    operation(drivingLicenceLookup, {
      repeatable: true,
      trust: 'assumed',
      request: ({ drivingLicenceNumber, nik }, { paths }) =>
        post(paths.drivingLicence, { no_sim: drivingLicenceNumber, nik }),
      reply: envelope(
        z.object({
          golongan: z.string(),
          nama: z.string(),
          tgl_lahir: text,
          tgl_terbit: text,
          berlaku_sampai: text,
          satpas: text,
          status: z.string(),
        }),
      ),
      read(reply, { nik }) {
        const payload = open(reply, nik)
        if (isFailed(payload)) return payload
        return {
          class: drivingLicenceClass.read(payload.golongan),
          fullName: payload.nama.trim(),
          birthDate: read(payload.tgl_lahir, readDate),
          issuedOn: read(payload.tgl_terbit, readDate),
          validUntil: read(payload.berlaku_sampai, readDate),
          issuingOffice: read(payload.satpas, asIs),
          status: drivingLicenceStatus.read(payload.status),
        }
      },
    }),

    operation(policeRecordStatusLookup, {
      repeatable: true,
      trust: 'assumed',
      request: ({ registrationNumber, nik }, { paths }) =>
        post(paths.policeRecord, { no_registrasi: registrationNumber, nik }),
      reply: envelope(applicationPayload),
      read(reply, { nik, registrationNumber }) {
        const payload = open(reply, nik)
        if (isFailed(payload)) return payload
        const application = readApplication(payload)
        return application.registrationNumber === registrationNumber
          ? application
          : failed('UPSTREAM_INVALID', undefined, 'answered about another application')
      },
    }),

    submit(lossReportFile, {
      trust: 'assumed',
      request: (order, { paths }) => post(paths.lossReport, writeLossReport(order)),
      reply: envelope(lossReportPayload),
      read: readLossReport,
      status: {
        settleSeconds,
        everySeconds: 60, // the citizen waits for it
        request: (order, { paths }) =>
          post(paths.lossReportByReference, writeInquiry(order, order.input.reporter.nik, 'no_laporan')),
        reply: envelope(lossReportPayload),
        read: (reply, order) => orAbsent(readLossReport(reply, order)),
      },
    }),

    submit(policeRecordRequest, {
      trust: 'assumed',
      request: (order, { paths }) => post(paths.policeRecordRequest, writeRequest(order)),
      reply: envelope(requestPayload),
      read: readRequest,
      status: {
        settleSeconds,
        everySeconds: 300,
        request: (order, { paths }) =>
          post(
            paths.policeRecordByReference,
            writeInquiry(order, order.input.applicant.nik, 'no_registrasi'),
          ),
        reply: envelope(requestPayload),
        read: (reply, order) => orAbsent(readRequest(reply, order)),
      },
    }),

    submit(drivingLicenceRenew, {
      trust: 'assumed',
      request: (order, { paths }) => post(paths.drivingLicenceRenewal, writeRenewal(order)),
      reply: envelope(renewalPayload),
      read: readRenewal,
      status: {
        settleSeconds,
        everySeconds: 300,
        request: (order, { paths }) =>
          post(
            paths.drivingLicenceRenewalByReference,
            writeInquiry(order, order.input.holder.nik, 'no_permohonan'),
          ),
        reply: envelope(renewalPayload),
        read: (reply, order) => orAbsent(readRenewal(reply, order)),
      },
    }),
  ],
  skips: [
    {
      check: 'an answer about someone else',
      capability: 'vehicle.lookup',
      reason: 'The answer does not repeat the licence plate.',
    },
  ],
})
