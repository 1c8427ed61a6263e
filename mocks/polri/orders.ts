/**
 * What the police have been asked to do: loss reports, applications for police record certificates, renewals of driving
 * licences. Assumed like their wire format. A second call with the same reference is a second order, unless they are told
 * otherwise: nobody has promised that they recognise one.
 */
import { payloadOf, statuses } from './applications.ts'
import { drivingLicences } from './driving-licences.ts'
import { jakartaTime } from './jakarta-time.ts'

type Fields = Readonly<Record<string, unknown>>

export type OrderKind = 'lossReport' | 'policeRecordRequest' | 'drivingLicenceRenewal'

/** An effect at the police. */
export interface PoliceOrder {
  kind: OrderKind
  /** Theirs: of the report, the application. */
  number: string
  /** The sender's (`no_referensi`). */
  reference: string
  nik: string
  status: string
  /** Forgotten: they know nothing of it any more when they are asked. It was done all the same. */
  forgotten: boolean
  /** `YYYY-MM-DD HH:mm`, in Jakarta. */
  registered: string
  /** `YYYY-MM-DD`, once issued. */
  issued?: string
  /** Why it was refused. */
  reason?: string
}

export interface OrderHabits {
  /** A reference that is known makes no second order. Off: it does. */
  recogniseReferences?: boolean | undefined
  /** For so long a new order is not found by who asks for it. */
  unseenMs?: number | undefined
}

interface Kind {
  /** The states of an order that goes well. */
  flow: readonly string[]
  states: readonly string[]
  /** A key of the request without which it is none. */
  needs: string
  number(serial: string): string
  /** As the police tell it: what only a later state knows is null until then. */
  payload(order: PoliceOrder): object
}

const romanMonths = 'I II III IV V VI VII VIII IX X XI XII'.split(' ')
const today = (): string => jakartaTime().slice(0, 10)
const yearNow = (): string => today().slice(0, 4)
const office = 'POLRES CONTOH'

const kinds: Readonly<Record<OrderKind, Kind>> = {
  lossReport: {
    flow: ['TERDAFTAR', 'TERBIT'],
    states: ['TERDAFTAR', 'TERBIT', 'DITOLAK'],
    needs: 'barang',
    number: serial =>
      `SKTLK/${Number(serial)}/${romanMonths[Number(today().slice(5, 7)) - 1]}/${yearNow()}/SPKT/${office}`,
    payload({ number, status, registered, reason }) {
      const issued = status === 'TERBIT'
      return {
        no_laporan: number,
        status,
        tgl_lapor: registered.slice(0, 10),
        jam_lapor: registered.slice(11),
        berlaku_sampai: issued ? daysAfter(registered.slice(0, 10), 14) : null,
        satwil_nama: office,
        petugas_nama: issued ? 'PETUGAS CONTOH' : null,
        petugas_pangkat: issued ? 'AIPTU' : null,
        petugas_nrp: issued ? '99990001' : null,
        alasan: reason ?? null,
      }
    },
  },
  policeRecordRequest: {
    flow: statuses.slice(0, 5),
    states: statuses,
    needs: 'keperluan',
    number: serial => `SKCK/99/${yearNow()}/1${serial.slice(1)}`,
    payload: ({ number, nik, status, issued }) =>
      payloadOf({ number, nik, shows: '', status, catatan: 'TIDAK ADA', issued: issued ?? today() }),
  },
  drivingLicenceRenewal: {
    flow: ['TERDAFTAR', 'TERBAYAR', 'TERBIT'],
    states: ['TERDAFTAR', 'TERBAYAR', 'TERBIT', 'DITOLAK', 'KEDALUWARSA'],
    needs: 'no_sim',
    number: serial => `SIM/99/${yearNow()}/${serial}`,
    payload({ number, nik, status, issued, reason }) {
      const licence = drivingLicences.find(licence => licence.nik === nik)!
      const isIssued = status === 'TERBIT'
      return {
        no_permohonan: number,
        status,
        kode_bayar: `9999800${number.slice(-6)}`,
        jumlah: licence.golongan === 'A' ? 80_000 : 75_000,
        satpas: 'SATPAS CONTOH',
        no_sim: isIssued ? licence.number : null,
        tgl_terbit: isIssued ? issued : null,
        berlaku_sampai: isIssued ? yearsAfter(issued!, 5) : null,
        no_resi: null,
        alasan: reason ?? null,
      }
    },
  },
}

/** The orders of one stand-in; they change while it runs. */
export function createOrders({ recogniseReferences = false, unseenMs = 0 }: OrderHabits = {}) {
  const all: { readonly order: PoliceOrder; readonly seenFrom: number }[] = []

  const find = (kind: OrderKind, fits: (order: PoliceOrder) => boolean): PoliceOrder | undefined =>
    all.findLast(
      ({ order, seenFrom }) =>
        order.kind === kind && !order.forgotten && seenFrom <= Date.now() && fits(order),
    )?.order

  /** Undefined: nobody can be found whose order this could be. Null: the request lacks something. */
  function register(kind: OrderKind, fields: Fields): PoliceOrder | undefined | null {
    const { no_referensi: reference, nik } = fields
    if (typeof reference !== 'string' || typeof nik !== 'string' || !fields[kinds[kind].needs]) return null
    const known = all.find(({ order }) => order.kind === kind && order.reference === reference)
    if (known && recogniseReferences) return known.order
    const refusal = kind === 'drivingLicenceRenewal' ? refusalOf(fields) : ''
    if (refusal === undefined) return
    const order: PoliceOrder = {
      kind,
      number: kinds[kind].number(String(all.length + 1).padStart(6, '0')),
      reference,
      nik,
      status: refusal ? 'DITOLAK' : 'TERDAFTAR',
      forgotten: false,
      registered: jakartaTime().slice(0, 16),
      ...(refusal && { reason: refusal }),
    }
    all.push({ order, seenFrom: Date.now() + unseenMs })
    return order
  }

  return {
    register,

    findByReference: (kind: OrderKind, reference: string, nik: string) =>
      find(kind, order => order.reference === reference && order.nik === nik),

    findByNumber: (kind: OrderKind, number: string, nik: string) =>
      find(kind, order => order.number === number && order.nik === nik),

    payloadOf: (order: PoliceOrder): object => ({
      no_referensi: order.reference,
      ...kinds[order.kind].payload(order),
    }),

    /** Everything that was done, oldest first, what is forgotten included. */
    list: (): readonly PoliceOrder[] => all.map(({ order }) => ({ ...order })),

    /**
     * `act`: `advance` to the next state, `forget`, or the name of a state.
     * Throws when there is no such order, by reference or number, or no such state.
     */
    steer(which: string, act: string): void {
      const meant = all.filter(({ order }) => order.reference === which || order.number === which)
      if (meant.length === 0) throw new RangeError('order: there is no such order')
      for (const { order } of meant) {
        const { flow, states } = kinds[order.kind]
        if (act === 'forget') {
          order.forgotten = true
          continue
        }
        const next = act === 'advance' ? flow[flow.indexOf(order.status) + 1] : act
        // Any capitals are a state: also one that they have never named.
        if (next === undefined || !/^[A-Z_]+$/.test(next))
          throw new RangeError(`act: advance, forget or one of ${states.join(', ')}`)
        order.status = next
        if (next === 'TERBIT') order.issued = today()
        if (next === 'DITOLAK') order.reason = 'BERKAS TIDAK LENGKAP'
      }
    },
  }
}

/** Why this licence cannot be renewed; empty: it can. Undefined: it is not theirs. */
function refusalOf({ no_sim, nik }: Fields): string | undefined {
  const licence = drivingLicences.find(({ number }) => number === no_sim)
  if (!licence || licence.nik !== nik) return
  if (licence.status === 'KEDALUWARSA') return 'SIM KEDALUWARSA, HARUS DIBUAT BARU'
  return licence.status === 'DICABUT' ? 'SIM DICABUT' : ''
}

function daysAfter(day: string, days: number): string {
  const date = new Date(day)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

const yearsAfter = (day: string, years: number): string => `${Number(day.slice(0, 4)) + years}${day.slice(4)}`
