import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sweep } from '#gateway/delivery/sweep.ts'
import { createLog } from '#gateway/log.ts'
import { as } from '#gateway/testing/house.ts'
import { permitOrder } from '#gateway/testing/order-desk.ts'
import { nik, orderedText, type Permits, startPermits } from './permits.ts'

const hourMs = 60 * 60_000
const most = 2 * 1024 * 1024
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

const fileOf = (start: string | readonly number[], bytes: number): Buffer<ArrayBuffer> => {
  const file = Buffer.alloc(bytes, 'KARTU KELUARGA ')
  file.set(Buffer.from(start as string))
  return file
}

const pdf = (bytes = 400) => fileOf('%PDF-1.7\n', bytes)

async function upload(
  house: Permits,
  body: Buffer<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${house.url}/v1/attachments`, {
    method: 'POST',
    headers: { ...as('front-office'), ...headers },
    body,
    duplex: 'half',
  })
  return { status: response.status, body: (await response.json()) as Record<string, any> }
}

const withPaper = (attachment: string) => ({
  nik,
  text: orderedText,
  documents: [{ requirement: 'kk', attachment }],
})

it.each([
  ['application/pdf', '%PDF-1.4\n'],
  ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
  ['image/png', png],
])('keeps a file of type %s by its bytes, sealed', async (type, start) => {
  const house = await startPermits()
  const kept = await upload(house, fileOf(start, 5_000))
  expect(kept).toEqual({
    status: 201,
    body: {
      id: expect.stringMatching(/^att_[\w-]{22}$/),
      contentType: type,
      bytes: 5_000,
      expiresAt: new Date(house.clock.now() + 24 * hourMs).toISOString(),
    },
  })
  expect((await upload(house, fileOf(start, 20), { 'content-type': `${type}; x=1` })).status).toBe(201)
  expect(
    (await upload(house, fileOf(start, 20), { 'content-type': 'application/octet-stream' })).status,
  ).toBe(201)
  const stored = readdirSync(house.dataFolder).map(name =>
    readFileSync(join(house.dataFolder, name), 'latin1'),
  )
  expect(stored.join()).not.toContain('KARTU KELUARGA')
})

it('takes 2 MB and not a byte more, whether or not the length is said', async () => {
  const house = await startPermits()
  expect((await upload(house, pdf(most))).status).toBe(201)
  const tooLarge = {
    status: 422,
    body: expect.objectContaining({
      code: 'INPUT_INVALID',
      reason: 'ATTACHMENT_TOO_LARGE',
      errors: [{ pointer: '', detail: expect.stringContaining('2097152 bytes') }],
    }),
  }
  expect(await upload(house, pdf(most + 1))).toEqual(tooLarge)
  expect(await upload(house, new Blob([pdf(most + 1)]).stream())).toEqual(tooLarge)
  expect(await house.store.readSealedAttachments(0, 10)).toHaveLength(1)
})

it('refuses what is of another type, or called another, and keeps nothing of it', async () => {
  const house = await startPermits()
  const refused = (body: Buffer<ArrayBuffer>, headers?: Record<string, string>) =>
    upload(house, body, headers)
  const text = await refused(Buffer.from('halo'), { 'content-type': 'application/pdf' })
  expect(text).toMatchObject({
    status: 422,
    body: {
      code: 'INPUT_INVALID',
      reason: 'ATTACHMENT_TYPE',
      errors: [{ detail: expect.stringContaining('application/pdf, image/jpeg, image/png') }],
    },
  })
  expect((await refused(Buffer.alloc(0))).body).toMatchObject({ reason: 'ATTACHMENT_TYPE' })
  expect((await refused(pdf(), { 'content-type': 'image/png' })).body).toMatchObject({
    reason: 'ATTACHMENT_TYPE',
    errors: [{ header: 'Content-Type', detail: expect.stringContaining('application/pdf') }],
  })
  expect((await refused(pdf(), as('operations'))).status).toBe(403)
  expect(await house.store.readSealedAttachments(0, 10)).toEqual([])
})

it('belongs to its member alone, and a refused order does not consume its key', async () => {
  const house = await startPermits()
  const theirs = await upload(house, pdf(), as('health-desk'))
  const key = { 'idempotency-key': randomUUID() }
  const refused = await house.ask(permitOrder.path, withPaper(theirs.body['id']), key)
  expect(refused.body).toMatchObject({
    code: 'INPUT_INVALID',
    errors: [{ pointer: '/documents/0/attachment', detail: expect.stringContaining('upload it again') }],
  })
  const ours = await upload(house, pdf())
  const accepted = await house.ask(permitOrder.path, withPaper(ours.body['id']), key)
  expect(accepted.status).toBe(202)
  expect(accepted.headers.get('idempotency-replayed')).toBeNull()
})

it('is gone after a day unless an order names it', async () => {
  const house = await startPermits()
  const [used, unused] = [(await upload(house, pdf())).body['id'], (await upload(house, pdf())).body['id']]
  const id = await house.order(withPaper(used))
  const cleanUp = () =>
    sweep({ store: house.store, log: createLog({ write: () => {} }), retentionDays: 1, now: house.clock.now })

  house.clock.leap(23 * hourMs)
  await cleanUp()
  expect(await house.store.readSealedAttachments(0, 10)).toHaveLength(2)
  house.clock.leap(hourMs)
  await cleanUp()
  expect(await house.store.findAttachments('front-office', [used, unused])).toMatchObject([{ id: used }])

  const visit = { 'mpp-case': await house.openCase(), 'idempotency-key': randomUUID() }
  expect((await house.ask(permitOrder.path, withPaper(unused), visit)).body).toMatchObject({
    code: 'INPUT_INVALID',
    errors: [{ pointer: '/documents/0/attachment', detail: expect.stringContaining('expired') }],
  })
  expect((await house.read(`/v1/submissions/${id}`)).body).toMatchObject({ state: 'queued' })
})

it('is gone after a day, also before it is cleaned up', async () => {
  const house = await startPermits()
  const [used, unused] = [(await upload(house, pdf())).body['id'], (await upload(house, pdf())).body['id']]
  await house.order(withPaper(used))
  house.clock.leap(24 * hourMs)
  const visit = { 'mpp-case': await house.openCase() }
  await house.order(withPaper(used), visit)
  const late = { ...visit, 'idempotency-key': randomUUID() }
  expect((await house.ask(permitOrder.path, withPaper(unused), late)).body).toMatchObject({
    code: 'INPUT_INVALID',
    errors: [{ pointer: '/documents/0/attachment', detail: expect.stringContaining('expired') }],
  })
})

it('comes with others of 10 MB together at most', async () => {
  const house = await startPermits()
  const papers: string[] = []
  for (let paper = 0; paper < 5; paper++) papers.push((await upload(house, pdf(most))).body['id'])
  const withPapers = (ids: readonly string[]) => ({
    documents: ids.map(attachment => ({ requirement: 'kk', attachment })),
  })
  await house.order(withPapers([...papers, papers[0]!]))
  papers.push((await upload(house, pdf())).body['id'])
  const key = { 'idempotency-key': randomUUID() }
  const refused = await house.ask(permitOrder.path, { ...withPaper(''), ...withPapers(papers) }, key)
  const errors = papers.map((_, index) => ({
    pointer: `/documents/${index}/attachment`,
    detail: expect.stringContaining('10485760 bytes together'),
  }))
  expect(refused.body).toMatchObject({ status: 422, code: 'INPUT_INVALID' })
  expect(refused.body['errors']).toHaveLength(6)
  expect(refused.body['errors']).toEqual(expect.arrayContaining(errors))
})

it('is not taken where 200 wait for an order already, until one is named', async () => {
  const house = await startPermits()
  const uploaded = await Promise.all(Array.from({ length: 200 }, () => upload(house, pdf())))
  expect(uploaded.filter(({ status }) => status !== 201)).toEqual([])
  expect(await upload(house, pdf())).toMatchObject({
    status: 422,
    body: { code: 'INPUT_INVALID', reason: 'ATTACHMENTS_UNUSED' },
  })
  expect(await house.store.readSealedAttachments(0, 1_000)).toHaveLength(200)
  expect((await upload(house, pdf(), as('health-desk'))).status).toBe(201)
  await house.order(withPaper(uploaded[0]!.body['id']))
  expect((await upload(house, pdf())).status).toBe(201)
})

it('is handed to the officer who brings the order to the agency, on record', async () => {
  const house = await startPermits()
  const paper = pdf()
  const { id: attachment } = (await upload(house, paper)).body
  const other = (await upload(house, pdf())).body['id']
  const id = await house.order(withPaper(attachment))
  const at = `${house.url}/v1/work-list/${id}/attachments`
  const looking = {
    ...as('front-office'),
    'mpp-purpose': 'skck.new',
    'mpp-counter': 'B-01',
    'mpp-officer': 'o-1',
  }
  const item = await house.read(`/v1/work-list/${id}`, looking)
  expect(item.body['order'].documents).toEqual([{ requirement: 'kk', attachment }])

  const before = (await house.ledgerOf(id)).length
  expect((await fetch(`${at}/${attachment}`, { headers: as('front-office') })).status).toBe(422)
  const got = await fetch(`${at}/${attachment}`, { headers: looking })
  expect(Object.fromEntries(got.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  expect(Buffer.from(await got.arrayBuffer())).toEqual(paper)
  expect((await house.ledgerOf(id)).slice(before)).toMatchObject([
    { kind: 'refusal', outcome: 'CONTEXT_MISSING' },
    { kind: 'submission', outcome: 'released', shown: 'order' },
  ])
  expect((await fetch(`${at}/${other}`, { headers: looking })).status).toBe(404)
})

it('goes with the order of a person who is erased: at once, or as soon as the order ends', async () => {
  const house = await startPermits()
  const paper = async () => (await upload(house, pdf())).body['id']
  const [open, ended] = [
    await house.order(withPaper(await paper())),
    await house.order(withPaper(await paper())),
  ]
  await house.post(`/v1/submissions/${ended}/cancel`, { reason: 'batal' })
  const erase = async () =>
    (
      await house.post(
        '/v1/subjects/erase',
        { nik, reason: 'permintaan', reference: 'PDP/2026/7' },
        as('operations'),
      )
    ).body
  expect(await erase()).toMatchObject({ destroyed: { notices: 0, orders: 1 }, open: { orders: 1 } })
  expect(await house.store.readSealedAttachments(0, 10)).toHaveLength(1)

  await house.post(`/v1/work-list/${open}/take`, '')
  expect(
    (await house.post(`/v1/work-list/${open}/finish`, { outcome: 'confirmed', reference: 'P-1' })).status,
  ).toBe(200)
  expect(await house.store.readSealedAttachments(0, 10)).toEqual([])
  expect(await house.store.readSealedSubmissions(0, 10)).toEqual([])
  expect((await house.read(`/v1/submissions/${open}`)).body).toMatchObject({
    state: 'confirmed',
    service: null,
  })
  expect(await erase()).toMatchObject({ destroyed: { orders: 0 }, open: {} })
}, 20_000)
