/** Orders at OSS, through the real upstream: every status, every refusal, and what the state of a licence says of an order about it. */
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { licenceStatus, type LicenceStatusCode } from '#contracts/licence-codes.ts'
import { licenceIssue, licenceReportStatus, licenceUpdate } from '#contracts/licence-orders.ts'
import type { Order, Progress, Submission } from '#contracts/submission.ts'
import type { Exchange, OrderFixture } from '#gateway/conformance/fixtures.ts'
import { playExchange } from '#gateway/conformance/play-exchange.ts'
import adapter from './adapter.ts'

const licenceId = 'I-2026010508000000000001'
const userKey = 'kunci-oss-contoh'
const orderId = '01997b6e-4d00-7000-8000-000000000001'
const acceptedAt = Date.parse('2026-01-06T08:02:03.456+07:00')

beforeAll(() => {
  nock.disableNetConnect()
  if (!nock.isActive()) nock.activate()
})
afterAll(() => nock.restore())

type Any = Submission<any, any>

/** One attempt at an order, or at the question what became of it; in place of what is not said, its example just accepted. */
async function attempt(
  ask: OrderFixture['ask'],
  submission: Any,
  { input = submission.example.input, reference, isAccepted = false }: Partial<Order>,
  reply: object | string,
  status = 200,
) {
  const response = { status, headers: {}, text: typeof reply === 'string' ? reply : JSON.stringify(reply) }
  const exchange: Exchange = {
    name: submission.id,
    capability: submission,
    order: { ask, id: orderId, acceptedAt, isAccepted, ...(reference !== undefined && { reference }) },
    config: adapter.config.parse({ userKey }),
    authentication: undefined,
    input,
    request: { method: 'POST', path: '/', headers: {} },
    response,
    expect: {},
    warnings: [],
  }
  const { received, answer, evidence } = await playExchange(adapter, exchange)
  const { data, code, sent } = answer
  return {
    received: received[0],
    progress: data as Progress | undefined,
    failure: data ? undefined : { code, sent, upstreamCode: evidence['upstreamCode'] },
  }
}

const ordered = {
  licenceId,
  nib: '9999900000001',
  projectId: 'R-2026010508000000000001',
  ossId: 'P02-202601050800000000001',
  code: '056000000001',
}
const decided = {
  ...ordered,
  region: '9999',
  status: 'approved',
  number: '503/001/DPMPTSP/2026',
  numberFormat: '503/{urut}/DPMPTSP/{tahun}',
  issuedOn: '2026-01-20',
  validUntil: '2031-01-20',
  validMonths: 6,
  validYears: 5,
  signer: { name: 'KEPALA CONTOH', civilServantNumber: '999999999999999999', position: 'Kepala DPMPTSP' },
  document: 'https://dokumen.mpp.example/izin/001.pdf',
  attachment: 'https://dokumen.mpp.example/izin/001-lampiran.pdf',
  note: 'Disetujui tanpa syarat',
}
const reported = {
  ...ordered,
  productId: 'S-2026010508000000000001',
  agencyCode: '056',
  status: 'clarificationAsked',
  at: '2026-01-06T23:30:00+09:00',
  officer: { name: 'PETUGAS CONTOH', civilServantNumber: '999999999999999998' },
  note: 'Denah belum terbaca',
  attachment: 'https://dokumen.mpp.example/berita-acara.pdf',
  isFormApproved: false,
}
const taken = (wrapper: string, more: object = {}) => ({
  [wrapper]: { kode: 200, keterangan: 'Sukses', ...more },
})
const methods = {
  issue: { submission: licenceIssue, method: 'receiveLicense', wrapper: 'responreceiveLicense' },
  report: {
    submission: licenceReportStatus,
    method: 'receiveLicenseStatus',
    wrapper: 'responreceiveLicenseStatus',
  },
  update: { submission: licenceUpdate, method: 'updateLicense', wrapper: 'responupdateLicense' },
} as const
type Method = keyof typeof methods
const all = Object.keys(methods) as Method[]

describe('what OSS gets', () => {
  it.each(Object.entries(licenceStatus.codes))('the status %s by its code', async (status, { wire }) => {
    const input = { ...decided, status }
    const { received } = await attempt('deliver', licenceIssue, { input }, taken('responreceiveLicense'))
    expect(received?.text).toContain(`"status_izin":"${wire}"`)
  })

  it.each(['issue', 'report'] as const)('asks about an order (%s) by its licence', async name => {
    const { received } = await attempt('status', methods[name].submission, {}, ofLicence('50'))
    expect(received?.path).toBe('/v1/kl/rba/checkLicenseStatus')
    expect(received?.text).toBe(`{"CHECKLICENSESTATUS":{"id_izin":"${licenceId}"}}`)
  })
})

describe('what OSS answers', () => {
  test.each([
    ['nothing else', {}, {}],
    [
      'empty texts',
      { nomor_izin: '', jenis_perizinan: '', file_lampiran: '-' },
      { number: null, kind: null, attachment: null },
    ],
    [
      'nulls',
      { nomor_izin: null, jenis_perizinan: null, file_lampiran: null },
      { number: null, kind: null, attachment: null },
    ],
    ['objects for texts', { nomor_izin: {}, jenis_perizinan: [], file_lampiran: false }, {}],
    ['a file that is no link', { file_lampiran: 'izin.pdf' }, { attachment: null }],
    ['a kind in no list', { jenis_perizinan: 'K09' }, { kind: { code: 'unknown', text: 'K09' } }],
    ['an endless number', { nomor_izin: '9'.repeat(101) }, { number: '9'.repeat(101) }],
  ])('with success and %s: taken all the same', async (_, more, result) => {
    const { progress } = await attempt('deliver', licenceIssue, {}, taken('responreceiveLicense', more))
    expect(progress).toEqual({ state: 'accepted', result: { licenceId, note: 'Sukses', ...result } })
  })

  it('with a number beyond 2^53 as a JSON number: to its last digit', async () => {
    const reply = '{"responreceiveLicense":{"kode":"200","nomor_izin":9999026000000100001}}'
    const { progress } = await attempt('deliver', licenceIssue, {}, reply)
    expect(progress?.reference).toBe('9999026000000100001')
  })

  const refusals = [
    // OSS says no to this order.
    [400, 'Data Parameter Salah', 'REJECTED'],
    [400, '', 'REJECTED'],
    [400, 'Data izin tidak ditemukan', 'NOT_FOUND'],
    [404, 'Data Izin Tidak Ditemukan', 'NOT_FOUND'],
    // It does not know us.
    [401, 'User Akses Tidak Valid', 'UPSTREAM_MISCONFIGURED'],
    // Nobody knows whether it has acted.
    [403, 'Ilegal Inquiry / Akses.', 'UPSTREAM_INVALID'],
    [404, 'Data / Service Tidak Ditemukan.', 'UPSTREAM_INVALID'],
    [405, 'Akses Service Ditolak', 'UPSTREAM_INVALID'],
    [500, 'Proses Payload Data Di Sistem OSS Gagal', 'UPSTREAM_UNAVAILABLE'],
    [504, 'Proses Payload Data Di Sistem OSS Timeout', 'UPSTREAM_TIMEOUT'],
  ] as const
  const cases = all.flatMap(name =>
    refusals.flatMap(([kode, keterangan, code]) =>
      [200, kode].flatMap(status =>
        [kode, String(kode)].map(wire => ({ name, kode: wire, keterangan, status, code })),
      ),
    ),
  )
  test.each(cases)('to $name: $kode "$keterangan" with HTTP $status is $code', async given => {
    const { name, kode, keterangan, status, code } = given
    const { submission, wrapper } = methods[name]
    const reply = { [wrapper]: { kode, keterangan, dataNIB: {}, nomor_izin: '' } }
    const { progress, failure } = await attempt('deliver', submission, {}, reply, status)
    expect(progress).toBeUndefined()
    expect(failure).toEqual({ code, sent: 'yes', upstreamCode: String(kode) })
  })

  const unreadable = [
    ['another wrapper', { responOther: { kode: 200 } }, 200, 'UPSTREAM_INVALID'],
    ['no code', { responreceiveLicense: { keterangan: 'Sukses' } }, 200, 'UPSTREAM_INVALID'],
    [
      'a code in no list',
      { responreceiveLicense: { kode: 201, keterangan: 'Sukses' } },
      200,
      'UPSTREAM_INVALID',
    ],
    ['a page', '<html></html>', 200, 'UPSTREAM_UNREADABLE'],
    ['nothing', '', 200, 'UPSTREAM_UNREADABLE'],
    ['success with a status of failure', taken('responreceiveLicense'), 500, 'UPSTREAM_UNAVAILABLE'],
    ['no word of OSS', { message: 'Authentication failed' }, 403, 'UPSTREAM_MISCONFIGURED'],
  ] as const
  test.each(unreadable)('%s is never a success', async (_, reply, status, code) => {
    const { failure } = await attempt('deliver', licenceIssue, {}, reply, status)
    expect(failure).toMatchObject({ code, sent: 'yes' })
  })
})

function ofLicence(kd_status: unknown, more: object = {}) {
  const dataIZIN = { id_izin: licenceId, kd_status, ...more }
  return { responcheckStatusLicense: { kode: 200, keterangan: 'Sukses', dataIZIN } }
}
const listed = Object.entries(licenceStatus.codes) as [LicenceStatusCode, { id: string; wire: string }][]

describe('a decision that OSS has taken', () => {
  const follow = (input: object, kd_status: unknown, more?: object) =>
    attempt(
      'status',
      licenceIssue,
      { input: { ...decided, ...input }, isAccepted: true, reference: 'N-1' },
      ofLicence(kd_status, more),
    )

  const acts: Record<string, object> = {
    41: { state: 'accepted', clock: 'pause' },
    42: { state: 'accepted', clock: 'resume' },
    43: { state: 'accepted', clock: 'reset' },
    44: { state: 'accepted', clock: 'restart' },
    50: { state: 'confirmed', clock: 'done' },
    57: { state: 'confirmed', clock: 'approved-by-silence' },
    90: { state: 'rejected' },
  }
  test.each(listed)('%s', async (code, { id, wire }) => {
    for (const kd_status of [wire, Number(wire), id]) {
      const { progress } = await follow({}, kd_status)
      expect(progress).toEqual({
        state: 'accepted',
        ...acts[wire],
        agencyState: wire,
        result: { licenceId, number: 'N-1', status: { code, text: id } },
      })
    }
  })

  it('is shown with the words and the file of OSS', async () => {
    const more = { nib: '123455', uraian_status: 'Disetujui', file_lampiran: 'https://oss.example/izin.pdf' }
    expect((await follow({}, '50', more)).progress?.result).toEqual({
      licenceId,
      number: 'N-1',
      status: { code: 'approved', text: 'Disetujui' },
      statusText: 'Disetujui',
      attachment: 'https://oss.example/izin.pdf',
    })
  })

  test.each(['refused', 'requirementsRefused', 'warned', 'suspended', 'fined'] as const)(
    'that was %s is done when OSS has it so',
    async status => {
      const { wire } = licenceStatus.codes[status]
      const { progress } = await follow({ status }, wire)
      expect(progress).toMatchObject({ state: 'confirmed', clock: 'done', agencyState: wire })
    },
  )

  test.each([
    ['58', '58'],
    [58, '58'],
    ['77', '77'],
    ['050', '050'],
    ['Izin terbit', undefined],
    ['9999011501900001', undefined],
  ])('keeps its state at a step that no table knows: %o', async (kd_status, agencyState) => {
    const { progress } = await follow({}, kd_status)
    expect(progress).toEqual({ state: 'unlisted', ...(agencyState && { agencyState }) })
  })

  test.each([
    ['another licence', ofLicence('50', { id_izin: 'I-2026010508000000000002' }), 'UPSTREAM_INVALID'],
    ['no status', ofLicence(''), 'UPSTREAM_INVALID'],
    [
      'no licence',
      { responsecheckStatusLicense: { kode: 400, keterangan: 'Data izin tidak ditemukan' } },
      'NOT_FOUND',
    ],
    [
      'a fault',
      { responsecheckStatusLicense: { kode: 500, keterangan: 'Terjadi kesalahan sistem' } },
      'UPSTREAM_UNAVAILABLE',
    ],
  ])('is not judged by %s', async (_, reply, code) => {
    const { failure } = await attempt('status', licenceIssue, { isAccepted: true }, reply)
    expect(failure).toMatchObject({ code })
  })
})

describe.each(['issue', 'report'] as const)('after a lost answer to %s', name => {
  const found = async (sent: string, kd_status: string) => {
    const { submission } = methods[name]
    const input = { ...(name === 'issue' ? decided : reported), status: sent }
    return (await attempt('status', submission, { input }, ofLicence(kd_status))).progress
  }

  test.each(listed)('%s: OSS has it when it has what was sent', async (sent, { wire }) => {
    const { state, agencyState } = (await found(sent, wire))!
    expect(['accepted', 'confirmed']).toContain(state)
    expect(agencyState).toBe(wire)
  })

  test.each([
    ['approved', '10'],
    ['approved', '45'],
    ['refused', '45'],
    ['warned', '50'],
    ['clarificationAsked', '10'],
    ['clarificationAskedAgain', '42'],
    ['documentsComplete', '09'],
    ['approvedBySilence', '49'],
  ])('%s: it did not arrive when OSS is only at %s', async (sent, kd_status) => {
    expect(await found(sent, kd_status)).toEqual({ state: 'absent' })
  })

  test.each([
    ['the applicant has answered', 'clarificationAsked', '42'],
    ['the time has run out', 'requirementsVerified', '57'],
    ['another decision', 'approved', '90'],
    ['an older or a newer decision', 'refused', '50'],
    ['a licence under sanction', 'refused', '70'],
    ['a code in no list', 'approved', '58'],
    ['handed back, and complete by now', 'documentsIncomplete', '10'],
    ['handed back, and handed in again', 'requirementsRefused', '09'],
    ['handed back, and paid by now', 'paymentToBeCorrected', '32'],
  ])('%s: nobody can tell', async (_, sent, kd_status) => {
    expect(await found(sent, kd_status)).toEqual({ state: 'unlisted', agencyState: kd_status })
  })
})

describe('how OSS is asked', () => {
  const specificationOf = (submission: Any) => {
    const found: { status?: object }[] = []
    const none = undefined as never
    adapter.operations(
      () => none,
      ({ id }, specification) => {
        if (id === submission.id) found.push(specification)
        return none
      },
    )
    return found[0]!
  }

  it('about decisions and reports, after it has had time to settle', () => {
    for (const submission of [licenceIssue, licenceReportStatus])
      expect(specificationOf(submission).status).toMatchObject({ settleSeconds: 600, everySeconds: 300 })
  })

  it('not about changes, of which its status shows nothing', () => {
    expect(specificationOf(licenceUpdate).status).toBeUndefined()
  })
})
