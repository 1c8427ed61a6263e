/**
 * The stand-in national police: POST with Basic authentication. A vehicle is an array of one with `STATUS`; everything
 * else is in the envelope of their gateway, misses included, with HTTP 200.
 */
import { randomUUID } from 'node:crypto'
import { failureRow, type FailureCode } from '../dukcapil/codes.ts'
import { readNik } from '../dukcapil/nik.ts'
import { findByNik } from '../dukcapil/register.ts'
import { writePage, type Row } from '../dukcapil/wire.ts'
import { serve, type Answer, type Serving } from '../serve.ts'
import type { StandIn } from '../stand-in.ts'
import { createApplications, payloadOf, statuses } from './applications.ts'
import { drivingLicences } from './driving-licences.ts'
import { jakartaTime } from './jakarta-time.ts'
import { createOrders, type OrderHabits, type OrderKind, type PoliceOrder } from './orders.ts'
import { vehicles } from './vehicles.ts'

/** What a gateway puts into its configuration to be let in. */
export const credentials = { username: 'mpp-contoh', password: 'sandi-polri-contoh' } as const

export interface PolriOptions extends OrderHabits {
  /** 0, the default, takes a free one. */
  port?: number
  /** Weather from the start, e.g. `slow=2000`. */
  weather?: string | undefined
}

/**
 * `calls` counts `vehicle`, `resident`, `drivingLicence` and `policeRecord`; of orders `lossReport`, `policeRecordRequest` and
 * `drivingLicenceRenewal`, and the questions after them, `lossReportStatus` and so on.
 */
export interface Polri extends Serving {
  /** Everything that was done for whoever ordered it, oldest first: a doubled order stands there twice. */
  orders(): readonly PoliceOrder[]
  /** See `steer` in `orders.ts`: `advance`, `forget` or a state, of the order with this reference or number. */
  steerOrder(order: string, act: string): void
  /** Throws when there is no such application, or no such status. */
  setPoliceRecord(registrationNumber: string, status: string): void
}

type Fields = Readonly<Record<string, unknown>>

/** What Dukcapil tells the police in this weather. The other methods know nothing of it. */
const registryTroubles = new Map<string, FailureCode>([
  ['registry-login', '03'],
  ['registry-ip', '04'],
  ['registry-quota', '05'],
])

const byPlate = new Map(vehicles.map(({ plate, row }) => [plate, row]))
const byLicence = new Map(drivingLicences.map(licence => [licence.number, licence]))
const login = `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`

export async function startPolri(options: PolriOptions = {}): Promise<Polri> {
  const applications = createApplications()
  const orders = createOrders(options)

  /** By path; units and verbs are assumed from the third on. */
  const methods = new Map([
    ['/korlantas/getbynopol', { name: 'vehicle', ask: askVehicle }],
    ['/dukcapil/getbynik2', { name: 'resident', ask: askResident }],
    ['/sim/getbynosim', { name: 'drivingLicence', ask: askDrivingLicence }],
    ['/skck/getbynoregistrasi', { name: 'policeRecord', ask: askPoliceRecord }],
    ...orderMethods('lossReport', '/spkt/laporkehilangan', '/spkt/getbynoreferensi'),
    ...orderMethods('policeRecordRequest', '/skck/daftar', '/skck/getbynoreferensi'),
    ...orderMethods('drivingLicenceRenewal', '/sim/perpanjang', '/sim/getbynoreferensi'),
  ])

  function orderMethods(kind: OrderKind, orderPath: string, statusPath: string) {
    const take = (fields: Fields, trouble: string | undefined): Answer => {
      const order = orders.register(kind, fields)
      return order === null ? say(400, 'request tidak valid') : tell(order, fields, trouble)
    }
    const ask = (fields: Fields, trouble: string | undefined): Answer => {
      const { no_referensi, nik } = fields
      if (typeof no_referensi !== 'string' || typeof nik !== 'string') return say(400, 'request tidak valid')
      return tell(orders.findByReference(kind, no_referensi, nik), fields, trouble)
    }
    return [
      [orderPath, { name: kind, ask: take }],
      [statusPath, { name: `${kind}Status`, ask }],
    ] as const
  }

  function tell(order: PoliceOrder | undefined, { nik }: Fields, trouble: string | undefined): Answer {
    if (!order) return notFound(String(nik))
    const told = trouble === 'mixed-up' ? { ...order, reference: randomUUID() } : order
    return envelope(JSON.stringify(orders.payloadOf(told)), order.nik)
  }

  function route(path: string) {
    const method = methods.get(path)
    if (!method) return
    const answer = (body: string, trouble: string | undefined, headers: Fields): Answer => {
      if (trouble === 'wrong-password' || headers['authorization'] !== login) return say(401, 'Unauthorized')
      return method.ask(fieldsIn(body), trouble)
    }
    return { name: method.name, answer }
  }

  function askPoliceRecord({ no_registrasi, nik }: Fields): Answer {
    if (typeof no_registrasi !== 'string' || typeof nik !== 'string') return say(400, 'request tidak valid')
    const found = applications.find(no_registrasi, nik)
    if (found) return envelope(JSON.stringify(payloadOf(found)), nik)
    const ordered = orders.findByNumber('policeRecordRequest', no_registrasi, nik)
    return ordered ? envelope(JSON.stringify(orders.payloadOf(ordered)), nik) : notFound(nik)
  }

  function setPoliceRecord(registrationNumber: string, status: string): void {
    if (!statuses.some(known => known === status))
      throw new RangeError(`status: one of ${statuses.join(', ')}`)
    if (!applications.setStatus(registrationNumber, status))
      throw new RangeError('registrationNumber: there is no such application')
  }

  const serving = await serve({
    port: options.port,
    weather: options.weather,
    troubles: ['wrong-password', 'mixed-up', ...registryTroubles.keys()],
    route,
    show: word => (word === 'orders' ? orders.list() : undefined),
    steer(word, body) {
      const { registrationNumber, status, order, act } = fieldsIn(body)
      try {
        switch (word) {
          case 'police-record':
            setPoliceRecord(String(registrationNumber), String(status))
            return { body: JSON.stringify({ registrationNumber, status }) }
          case 'order':
            orders.steer(String(order), String(act))
            return { body: JSON.stringify({ order, act }) }
          default:
            return
        }
      } catch (error) {
        return { status: 400, body: JSON.stringify({ error: (error as RangeError).message }) }
      }
    },
  })
  return { ...serving, setPoliceRecord, orders: orders.list, steerOrder: orders.steer }
}

export default {
  defaultPort: 9103,
  start: startPolri,
  hints: url => [
    `  POST ${url}/korlantas/getbynopol (/dukcapil/getbynik2, /sim/getbynosim, /skck/getbynoregistrasi)`,
    `  curl -u ${credentials.username}:${credentials.password} -d '{"nopol":"X 1234 ABC"}' ${url}/korlantas/getbynopol`,
    `  plates: ${vehicles.map(({ plate }) => plate).join(', ')}; any other is not found`,
    `  driving licences: 999999010001 of 9999011501900001; applications: SKCK/99/2026/000001, likewise`,
    `  orders: POST ${url}/spkt/laporkehilangan (/skck/daftar, /sim/perpanjang); what was done: curl ${url}/mock/orders`,
    `  an application goes on: curl -d '{"registrationNumber":"SKCK/99/2026/000001","status":"TERBIT"}' ${url}/mock/police-record`,
  ],
} satisfies StandIn

function askVehicle({ nopol }: Fields): Answer {
  if (typeof nopol !== 'string' || !/^[A-Z]{1,2} [1-9]\d{0,3}( [A-Z]{1,3})?$/.test(nopol))
    return say(400, 'nopol tidak valid, contoh nopol: X 1234 ABC')
  const row = byPlate.get(nopol)
  const found = row
    ? { STATUS: '1', ...row }
    : { STATUS: '0', DESKRIPSI: 'NRKB TIDAK DITEMUKAN DALAM DATABASE KAMI, SILAHKAN HUBUNGI SAMSAT' }
  return { body: JSON.stringify([found]) }
}

/** Passes on what the population registry says, in its own words. */
function askResident({ nik }: Fields, trouble: string | undefined): Answer {
  if (typeof nik !== 'string' || !/^\d{16}$/.test(nik)) return say(400, 'request tidak valid')
  const found = registryTroubles.get(trouble ?? '') ?? inRegistry(nik)
  const row = typeof found === 'string' ? failureRow(found, 'classic', 'lookup') : found
  return envelope(writePage([row]), nik)
}

/** The row that the police pass on, all but the photo; or why there is none. */
function inRegistry(nik: string): Row | FailureCode {
  if (!readNik(nik)) return '15'
  const resident = findByNik(nik)
  if (!resident) return '13'
  return resident.code ?? { ...resident.record, FOTO: undefined }
}

function askDrivingLicence({ no_sim, nik }: Fields): Answer {
  if (typeof no_sim !== 'string' || typeof nik !== 'string') return say(400, 'request tidak valid')
  const licence = byLicence.get(no_sim)
  const holder = findByNik(nik)?.record
  if (!licence || licence.nik !== nik || !holder) return notFound(nik)
  const { golongan, tgl_terbit, berlaku_sampai, satpas, status } = licence
  const payload = {
    golongan,
    nama: holder.NAMA_LGKP,
    tgl_lahir: holder.TGL_LHR,
    tgl_terbit,
    berlaku_sampai,
    satpas,
    status,
  }
  return envelope(JSON.stringify(payload), nik)
}

const notFound = (nik: string): Answer => envelope('null', nik, '14', 'Data Tidak Ditemukan')

/** `payload` is JSON already: it may hold numbers that JavaScript cannot. */
function envelope(payload: string, nik: string, code = '00', description = 'Success'): Answer {
  const body =
    `{"StatusDesc":${JSON.stringify(description)},"Payload":${payload},"StatusCode":"${code}",` +
    `"trace_id":"${randomUUID()}","nik":${JSON.stringify(nik)},"waktu_akses":"${jakartaTime().replaceAll('-', '')}"}`
  return { body }
}

const say = (status: number, message: string): Answer => ({ status, body: JSON.stringify({ message }) })

/** The fields of a JSON object; none when it is not one. */
function fieldsIn(body: string): Fields {
  try {
    return { ...(JSON.parse(body) as object | null) }
  } catch {
    return {}
  }
}
