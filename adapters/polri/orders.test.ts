/** Orders on the assumed wire: what the police get, and how their answers are read. */
import { describe, expect, it, test } from 'vitest'
import type { z } from 'zod'
import type { SubmitSpecification } from '#contracts/adapter.ts'
import { drivingLicenceRenew } from '#contracts/driving-licence.ts'
import { lossReportFile } from '#contracts/loss-report.ts'
import { policeRecordRequest } from '#contracts/police-record.ts'
import { type Order, progressOf, type Submission } from '#contracts/submission.ts'
import adapter from './adapter.ts'
import fixtures from './fixtures.json' with { type: 'json' }

type Specification = SubmitSpecification<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType, unknown>

const specifications = new Map<string, Specification>()
const unused = { capability: lossReportFile, specification: {} } as never
adapter.operations(
  () => unused,
  (submission, specification) => {
    specifications.set(submission.id, specification)
    return unused
  },
)

const config: unknown = adapter.config.parse(fixtures.config)
const nik = '9999011501900001'
const other = '9999015203920003'
const id = '01997b6e-4d00-7000-8000-000000000001'
const attachment = 'att_0123456789abcdefghijAB'

/** One of the three, as the gateway would bring it. */
function order(submission: unknown, changes: object = {}, more: Partial<Order> = {}) {
  const { id: capability, input, output, example } = submission as Submission
  const specification = specifications.get(capability)!
  const own: Order = {
    id,
    input: input.parse({ ...example.input, ...changes }),
    acceptedAt: Date.parse('2026-01-05T09:15:00+07:00'),
    reference: undefined,
    isAccepted: false,
    attachments: {},
    ...more,
  }
  const progress = progressOf(output)
  const reading =
    ({ reply, read }: Pick<Specification, 'reply' | 'read'>) =>
    (body: unknown): unknown => {
      const told = read(reply.parse(body), own, config)
      return 'failed' in told ? told : progress.parse(told)
    }
  /** As it goes over the wire. */
  const sent = (request: { body?: unknown }) => ({
    ...request,
    body: JSON.parse(JSON.stringify(request.body)) as Record<string, unknown>,
  })
  return {
    specification,
    request: () => sent(specification.request(own, config, 0)),
    inquiry: () => sent(specification.status!.request(own, config, 0)),
    read: reading(specification),
    readStatus: reading(specification.status!),
  }
}

const inEnvelope = (Payload: object | null, more: object = {}) => ({
  StatusCode: '00',
  StatusDesc: 'Success',
  Payload,
  nik,
  ...more,
})

type Steps = readonly (readonly [text: string, state: string, clock: string | undefined])[]

const cases = [
  {
    submission: lossReportFile,
    path: '/spkt/laporkehilangan',
    statusPath: '/spkt/getbynoreferensi',
    numberKey: 'no_laporan',
    number: 'SKTLK/1/I/2026/SPKT/POLRES CONTOH',
    steps: [
      ['TERDAFTAR', 'accepted', 'resume'],
      ['TERBIT', 'confirmed', undefined],
      ['DITOLAK', 'rejected', undefined],
    ],
  },
  {
    submission: policeRecordRequest,
    path: '/skck/daftar',
    statusPath: '/skck/getbynoreferensi',
    numberKey: 'no_registrasi',
    number: 'SKCK/99/2026/000001',
    steps: [
      ['TERDAFTAR', 'accepted', 'pause'],
      ['TERBAYAR', 'accepted', 'resume'],
      ['PENELITIAN_CATATAN', 'accepted', 'resume'],
      ['SIDIK_JARI', 'accepted', 'pause'],
      ['TERBIT', 'confirmed', undefined],
      ['DITOLAK', 'rejected', undefined],
      ['KEDALUWARSA', 'rejected', undefined],
    ],
  },
  {
    submission: drivingLicenceRenew,
    path: '/sim/perpanjang',
    statusPath: '/sim/getbynoreferensi',
    numberKey: 'no_permohonan',
    number: 'SIM/99/2026/000001',
    steps: [
      ['TERDAFTAR', 'accepted', 'pause'],
      ['TERBAYAR', 'accepted', 'resume'],
      ['TERBIT', 'confirmed', undefined],
      ['DITOLAK', 'rejected', undefined],
      ['KEDALUWARSA', 'rejected', undefined],
    ],
  },
] as const

describe.each(cases)('$submission.id', ({ submission, path, statusPath, numberKey, number, steps }) => {
  const answer = (status: string, more: object = {}) =>
    inEnvelope({ no_referensi: id, [numberKey]: number, status, ...more })
  const invalid = (detail: string) => ({ failed: 'UPSTREAM_INVALID', detail })

  it('is assumed, and can be asked after', () => {
    const { trust, status } = order(submission).specification
    expect(trust).toBe('assumed')
    expect(status).toMatchObject({ settleSeconds: 300, everySeconds: expect.any(Number) })
  })

  it('goes under our own id, with the papers', () => {
    const attachments = {
      [attachment]: { contentType: 'image/jpeg', bytes: new Uint8Array([255, 216, 255]) },
    }
    const documents = [{ requirement: 'driving-licence' }, { requirement: 'photo', attachment }]
    const { request } = order(submission, { documents }, { attachments })
    expect(request()).toMatchObject({
      method: 'POST',
      path,
      body: {
        no_referensi: id,
        nik,
        lampiran: [
          { jenis: 'DRIVING_LICENCE', asli_dilihat: 'Y' },
          { jenis: 'PHOTO', format: 'image/jpeg', isi: '/9j/' },
        ],
      },
    })
  })

  it('is asked after by our id, and by theirs once it is known', () => {
    expect(order(submission).inquiry()).toEqual({
      method: 'POST',
      path: statusPath,
      body: { no_referensi: id, nik },
    })
    expect(order(submission, {}, { reference: number }).inquiry().body).toEqual({
      no_referensi: id,
      nik,
      [numberKey]: number,
    })
  })

  it.each<Steps[number]>(steps)('reads %s as %s, and the clock: %s', (text, state, clock) => {
    const { read, readStatus } = order(submission)
    for (const told of [text, ` ${text.toLowerCase().replace('_', ' ')} `])
      for (const progress of [read(answer(told)), readStatus(answer(told))])
        expect(progress).toEqual({
          state,
          ...(clock && { clock }),
          agencyState: text,
          reference: number,
          result: expect.objectContaining({ status: expect.objectContaining({ code: expect.any(String) }) }),
        })
  })

  it.each(['DIARSIPKAN', nik, 'WARGA CONTOH SATU', ''])(
    'does not know the state "%s", nor repeat it',
    text => {
      expect(order(submission).readStatus(answer(text))).toEqual({ state: 'unlisted', reference: number })
    },
  )

  it.each(['read', 'readStatus'] as const)('%s lets nobody else be taken for it', way => {
    const reading = order(submission)[way]
    expect(reading(inEnvelope({ ...answer('TERBIT').Payload, no_referensi: `${id}9` }))).toMatchObject(
      invalid('answered about another order'),
    )
    expect(reading({ ...answer('TERBIT'), nik: other })).toMatchObject(invalid('answered about someone else'))
    expect(() => reading(answer('TERBIT', { [numberKey]: '' }))).toThrow()
    expect(() => reading(inEnvelope({ [numberKey]: number, status: 'TERBIT' }))).toThrow()
  })

  it('knows "not found" as an answer to each of the two', () => {
    const miss = inEnvelope(null, { StatusCode: '14' })
    expect(order(submission).read(miss)).toMatchObject({ failed: 'NOT_FOUND', upstreamCode: '14' })
    expect(order(submission).readStatus(miss)).toEqual({ state: 'absent' })
  })

  it.each([
    [{ StatusCode: '68' }, 'unlisted 68'],
    [{ StatusCode: '00', Payload: null }, undefined],
  ])('takes %o for no success and no absence', (more, upstreamCode) => {
    for (const way of ['read', 'readStatus'] as const)
      expect(order(submission)[way]({ ...answer('TERBIT'), ...more })).toMatchObject({
        failed: 'UPSTREAM_INVALID',
        upstreamCode,
      })
  })
})

describe('the forms', () => {
  it('an application of a foreigner, renewed, with all that citizens do not have', () => {
    const { applicant, physicalFeatures } = policeRecordRequest.example.input
    const address = { street: 'JL LAIN', regency: 'KOTA LAIN', province: 'PROVINSI LAIN' }
    const form = {
      kind: 'renewal',
      previousCertificateNumber: 'SKCK/YANMAS/000001/99/2025',
      applicant: {
        ...applicant,
        citizenship: 'foreign',
        nationality: 'NEGERI CONTOH',
        passportNumber: 'X0000000',
        stayPermit: { kind: 'permanent', number: 'P-99' },
        domicile: address,
      },
      criminalCases: { ever: true, entries: [{ case: 'PERKARA', verdict: 'PUTUSAN', stage: 'SELESAI' }] },
      violations: { ever: true, entries: [{ violation: 'PELANGGARAN', stage: 'SELESAI' }] },
      physicalFeatures: { ...physicalFeatures, specialMarks: 'TAHI LALAT', fingerprintFormula: '1/1' },
      countriesVisited: [{ country: 'NEGERI LAIN', year: 2020 }],
      sponsor: { name: 'SPONSOR CONTOH', address, phone: '081200000001' },
    }
    const wireAddress = { alamat: 'JL LAIN', kabupaten: 'KOTA LAIN', provinsi: 'PROVINSI LAIN' }
    expect(order(policeRecordRequest, form).request().body).toMatchObject({
      jenis_permohonan: 'PERPANJANGAN',
      no_skck_lama: 'SKCK/YANMAS/000001/99/2025',
      kewarganegaraan: 'WNA',
      negara: 'NEGERI CONTOH',
      no_paspor: 'X0000000',
      izin_tinggal: { jenis: 'KITAP', nomor: 'P-99' },
      domisili: wireAddress,
      pernah_pidana: 'Y',
      pidana: [{ perkara: 'PERKARA', putusan: 'PUTUSAN', tahap: 'SELESAI' }],
      pernah_melanggar: 'Y',
      pelanggaran: [{ pelanggaran: 'PELANGGARAN', tahap: 'SELESAI' }],
      ciri_fisik: { tanda_istimewa: 'TAHI LALAT', rumus_sidik_jari: '1/1' },
      negara_dikunjungi: [{ negara: 'NEGERI LAIN', tahun: 2020 }],
      sponsor: { nama: 'SPONSOR CONTOH', ...wireAddress, no_telepon: '081200000001' },
    })
  })

  const renewal = {
    no_referensi: id,
    no_sim: '999999010001',
    golongan: 'C',
    berlaku_sampai: '2029-03-04',
    nik,
    nama: 'WARGA CONTOH SATU',
    no_telepon: '081200000000',
    email: 'warga.satu@contoh.example',
    no_rikkes: 'RIKKES-99-000001',
    tgl_rikkes: '2029-02-01',
    no_psikologi: 'EPPSI-99-000001',
    tgl_psikologi: '2029-02-01',
    satpas: 'SATPAS CONTOH',
    satpas_kode: '9901',
    rekening_bank: 'BANK CONTOH',
    rekening_nomor: '9999000001',
    rekening_nama: 'WARGA CONTOH SATU',
    lampiran: [],
  }
  test.each([
    [{ way: 'self' }, { pengiriman: 'AMBIL SENDIRI' }],
    [
      { way: 'proxy', proxy: { nik: other, fullName: 'WARGA CONTOH DUA' } },
      { pengiriman: 'DIWAKILKAN', kuasa: { nik: other, nama: 'WARGA CONTOH DUA' } },
    ],
    [
      { way: 'post', address: { street: 'JL LAIN', regency: 'KOTA LAIN', province: 'PROVINSI LAIN' } },
      {
        pengiriman: 'POS',
        tujuan: { alamat: 'JL LAIN', kabupaten: 'KOTA LAIN', provinsi: 'PROVINSI LAIN' },
      },
    ],
  ])('a renewal, delivered by %o', (delivery, pengiriman) => {
    expect(order(drivingLicenceRenew, { delivery, documents: [] }).request().body).toEqual({
      ...renewal,
      ...pengiriman,
    })
  })
})

describe('what the citizen gets', () => {
  it('of a loss report', () => {
    const payload = {
      no_referensi: id,
      no_laporan: ' SKTLK/1/I/2026/SPKT/POLRES CONTOH ',
      status: 'TERBIT',
      tgl_lapor: '05-01-2026',
      jam_lapor: '09:15',
      berlaku_sampai: '2026-01-19',
      satwil_nama: 'POLRES CONTOH',
      petugas_nama: 'PETUGAS CONTOH',
      petugas_pangkat: 'AIPTU',
      petugas_nrp: '99990001',
      alasan: '-',
    }
    expect(order(lossReportFile).read(inEnvelope(payload))).toMatchObject({
      result: { ...lossReportFile.example.output, refusalReason: null },
    })
    expect(() => order(lossReportFile).read(inEnvelope({ ...payload, jam_lapor: '9.15 WIB' }))).toThrow()
  })

  it('of a renewal', () => {
    const payload = {
      no_referensi: id,
      no_permohonan: 'SIM/99/2029/000001',
      status: 'TERBIT',
      jumlah: '75000',
      satpas: 'SATPAS CONTOH',
      no_sim: '999999010001',
      tgl_terbit: '02-02-2029',
      berlaku_sampai: '2034-02-02',
      kode_bayar: '',
      no_resi: 'P99',
    }
    expect(order(drivingLicenceRenew).readStatus(inEnvelope(payload))).toMatchObject({
      result: { ...drivingLicenceRenew.example.output, paymentCode: null, trackingNumber: 'P99' },
    })
    const refused = { ...payload, status: 'DITOLAK', alasan: 'SIM KEDALUWARSA' }
    expect(order(drivingLicenceRenew).readStatus(inEnvelope(refused))).toMatchObject({
      state: 'rejected',
      result: { refusalReason: 'SIM KEDALUWARSA' },
    })
  })

  const registered = {
    no_referensi: id,
    no_registrasi: 'SKCK/99/2026/000001',
    status: 'TERDAFTAR',
    kode_bayar: '99999000000001',
    jumlah: 30_000,
    satwil_kode: '9901',
  }

  it('of an application: first what to pay', () => {
    const { read } = order(policeRecordRequest)
    expect(read(inEnvelope(registered))).toMatchObject({
      state: 'accepted',
      result: { paymentCode: '99999000000001', amount: 30_000, canBeIssued: null },
    })
  })

  test.each(policeRecordSteps())('of a record nothing, in %s with %s', (status, catatan, canBeIssued) => {
    const { readStatus } = order(policeRecordRequest)
    const progress = readStatus(inEnvelope({ ...registered, status, catatan, alasan: 'ADA CATATAN' }))
    expect(progress).toMatchObject({ result: { canBeIssued } })
    expect(JSON.stringify(progress)).not.toMatch(/ADA/)
  })
})

function policeRecordSteps() {
  const open = ['TERDAFTAR', 'TERBAYAR', 'PENELITIAN_CATATAN', 'SIDIK_JARI']
  const all = [...open, 'TERBIT', 'DITOLAK', 'KEDALUWARSA']
  return all.flatMap(status =>
    ['ADA', 'TIDAK ADA', null].map(catatan => {
      const isClear = status === 'TERBIT' || (open.includes(status) && catatan === 'TIDAK ADA')
      return [status, catatan, isClear ? true : null] as const
    }),
  )
}
