import { jakartaTime } from './jakarta-time.ts'

/** The way of an application for a police record certificate, in order. Assumed, like everything about it. */
export const statuses = [
  'TERDAFTAR',
  'TERBAYAR',
  'PENELITIAN_CATATAN',
  'SIDIK_JARI',
  'TERBIT',
  'DITOLAK',
  'KEDALUWARSA',
] as const

export interface Application {
  number: string
  nik: string
  shows: string
  status: string
  /** What the police find when they look. */
  catatan: 'TIDAK ADA' | 'ADA'
  /** `YYYY-MM-DD`, once issued. */
  issued?: string
}

const applications: readonly Application[] = [
  {
    number: 'SKCK/99/2026/000001',
    nik: '9999011501900001',
    shows: 'just registered, nobody has looked yet',
    status: 'TERDAFTAR',
    catatan: 'TIDAK ADA',
  },
  {
    number: 'SKCK/99/2026/000002',
    nik: '9999015203920003',
    shows: 'looked up: no record',
    status: 'SIDIK_JARI',
    catatan: 'TIDAK ADA',
  },
  {
    number: 'SKCK/99/2026/000003',
    nik: '9999012104650011',
    shows: 'looked up: a record, of which no counter may learn',
    status: 'SIDIK_JARI',
    catatan: 'ADA',
  },
  {
    number: 'SKCK/99/2026/000004',
    nik: '9999014508680013',
    shows: 'issued',
    status: 'TERBIT',
    catatan: 'TIDAK ADA',
    issued: '2026-01-05',
  },
  {
    number: 'SKCK/99/2026/000005',
    nik: '9999010209880015',
    shows: 'issued in spite of a record',
    status: 'TERBIT',
    catatan: 'ADA',
    issued: '2026-01-06',
  },
  {
    number: 'SKCK/99/2026/000006',
    nik: '9999022401780025',
    shows: 'refused',
    status: 'DITOLAK',
    catatan: 'ADA',
  },
  {
    number: 'SKCK/99/2026/000007',
    nik: '9999026502800027',
    shows: 'a status in no list',
    status: 'DIARSIPKAN',
    catatan: 'TIDAK ADA',
  },
]

/** The applications of one stand-in; they change while it runs. */
export function createApplications() {
  const byNumber = new Map(applications.map(application => [application.number, application]))
  return {
    find: (number: string, nik: string): Application | undefined => {
      const found = byNumber.get(number)
      return found?.nik === nik ? found : undefined
    },

    /** False when there is no such application. What is issued now is issued today. */
    setStatus(number: string, status: string): boolean {
      const found = byNumber.get(number)
      if (!found) return false
      byNumber.set(number, { ...found, status, issued: jakartaTime().slice(0, 10) })
      return true
    },
  }
}

/** As the police tell it: what only a later state knows is null until then. */
export function payloadOf({ number, status, catatan, issued = '' }: Application) {
  const isIssued = status === 'TERBIT'
  const isLookedUp = ['SIDIK_JARI', 'TERBIT', 'DITOLAK'].includes(status)
  const serial = number.slice(-6)
  return {
    no_registrasi: number,
    status,
    kode_bayar: `9999900${serial}`,
    jumlah: 30_000,
    satwil_kode: '9901',
    no_skck: isIssued ? `SKCK/YANMAS/${serial}/99/2026` : null,
    tgl_terbit: isIssued ? issued : null,
    berlaku_sampai: isIssued ? sixMonthsAfter(issued) : null,
    catatan: isLookedUp ? catatan : null,
  }
}

function sixMonthsAfter(day: string): string {
  const date = new Date(day)
  date.setUTCMonth(date.getUTCMonth() + 6)
  return date.toISOString().slice(0, 10)
}
