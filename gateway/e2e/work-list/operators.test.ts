import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { stateEvent } from '#gateway/delivery/events.ts'
import { as } from '#gateway/testing/house.ts'
import { startOrderDesk } from '#gateway/testing/order-desk.ts'
import { nik, orderedText, type Permits, startPermits } from './permits.ts'

const operator = { ...as('operations'), 'mpp-officer': 'op-1', 'accept-language': 'en' }
const dayMs = 24 * 60 * 60_000

const act = (house: Permits, path: string, body: object, headers: object = {}) =>
  house.post(`/v1/operator/submissions/${path}`, body, { ...operator, ...headers })

const list = async (house: Permits, query = '') =>
  (await house.read(`/v1/operator/submissions?${query}`, operator)).body['submissions']

/** One that the agency did, but never said so. */
async function uncertainOrder(house: Permits): Promise<string> {
  house.desk.takes('act-drop', 'finish')
  const id = await house.order()
  await house.becomes(id, 'uncertain')
  return id
}

async function kill(house: Permits, id: string): Promise<void> {
  const { revision } = (await house.store.findSubmission(id))!
  const change = { state: 'dead', awaits: 'operator', dueInMs: null } as const
  await house.store.moveSubmission(id, revision, change, [
    stateEvent(house.clock.now(), { state: 'dead', reason: 'CAPABILITY_NOT_SERVED' }),
  ])
}

describe('a dead order', () => {
  it('has an owner, a reason and a clock, and goes on when it is run again', async () => {
    const house = await startPermits({ isAssisted: false, owner: 'Budi, loket-it@kab.example' })
    const { port } = new URL(house.desk.url)
    await house.desk.close()
    const id = await house.order()
    await vi.waitFor(async () =>
      expect((await list(house))[0]).toMatchObject({
        lastFailure: { code: 'UPSTREAM_UNAVAILABLE', sent: 'no' },
      }),
    )
    house.clock.leap(8 * dayMs)
    await house.becomes(id, 'dead')

    const [dead, ...others] = await list(house, 'state=dead')
    expect(others).toEqual([])
    expect(dead).toMatchObject({
      id,
      member: 'front-office',
      owner: 'Budi, loket-it@kab.example',
      reason: 'GIVEN_UP',
      since: new Date(house.clock.now()).toISOString(),
      next: { by: 'operator' },
    })
    expect(JSON.stringify(dead)).not.toMatch(new RegExp(`${nik}|${orderedText}`))
    expect(await list(house, 'state=dead&olderThanMinutes=60')).toEqual([])
    house.clock.leap(61 * 60_000)
    expect(await list(house, 'state=dead&olderThanMinutes=60')).toHaveLength(1)

    const back = await startOrderDesk(Number(port))
    onTestFinished(() => back.close())
    const again = await act(house, `${id}/rerun`, { reason: 'instansi sudah pulih' })
    expect(again.body).toMatchObject({ state: 'queued', reason: 'BY_OPERATOR' })
    await house.becomes(id, 'accepted')
    expect(back.effects).toEqual([id])
    expect(await house.ledgerOf(id)).toContainEqual(
      expect.objectContaining({
        kind: 'act',
        act: 'submission.rerun',
        officer: 'op-1',
        reason: 'instansi sudah pulih',
        state: 'queued',
      }),
    )
  })

  it('is not sent again blindly when it may have arrived', async () => {
    const house = await startPermits({ isAssisted: false })
    const id = await uncertainOrder(house)
    await kill(house, id)
    expect((await act(house, `${id}/rerun`, { reason: 'coba lagi' })).body).toMatchObject({
      state: 'uncertain',
      next: { by: 'officer' },
    })
    expect(house.desk.calls).toBe(1)
    await kill(house, id)
    const sure = { reason: 'instansi memastikan tidak ada', nothingHappened: true }
    expect((await act(house, `${id}/rerun`, sure)).body).toMatchObject({ state: 'queued' })
    await house.becomes(id, 'confirmed')
    expect(house.desk.calls).toBe(2)
  })

  it('is refused a second run, and a run without a reason or a person', async () => {
    const house = await startPermits()
    const id = await house.order()
    expect((await act(house, `${id}/rerun`, { reason: 'coba lagi' })).body).toMatchObject({
      code: 'SUBMISSION_UNDER_WAY',
      reason: 'QUEUED',
    })
    await kill(house, id)
    expect((await act(house, `${id}/rerun`, { reason: 'x' })).body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ pointer: '/reason', detail: expect.stringContaining('3 to 500') }],
    })
    expect(
      (await act(house, `${id}/rerun`, { reason: 'coba lagi' }, { 'mpp-officer': undefined })).body,
    ).toMatchObject({ code: 'CONTEXT_MISSING', errors: [{ header: 'Mpp-Officer' }] })
    expect((await act(house, `${id}/rerun`, { reason: 'coba lagi' }, as('front-office'))).status).toBe(403)
    expect((await act(house, 'nobody/rerun', { reason: 'coba lagi' })).body).toMatchObject({
      reason: 'SUBMISSION_UNKNOWN',
    })
  })
})

it('are found by who ordered them and in which case; only what is in trouble has an owner', async () => {
  const house = await startPermits({ owner: 'Budi, loket-it@kab.example' })
  const visit = await house.openCase()
  const [first, second] = [await house.order(), await house.order({}, { 'mpp-case': visit })]
  const idsOf = async (query: string) => (await list(house, query)).map(({ id }: any) => id)
  expect(await idsOf('member=front-office')).toEqual([second, first])
  expect(await idsOf('member=health-desk')).toEqual([])
  expect(await idsOf(`case=${visit}`)).toEqual([second])
  expect(await list(house)).toMatchObject([{ owner: null }, { owner: null }])
  await kill(house, first)
  expect(await list(house, 'state=dead')).toMatchObject([{ id: first, owner: 'Budi, loket-it@kab.example' }])
})

it('is confirmed without a number where one is kept already', async () => {
  const house = await startPermits()
  const id = await house.order()
  await house.post(`/v1/work-list/${id}/take`, '')
  await house.post(`/v1/work-list/${id}/finish`, { outcome: 'accepted', reference: 'P-3' })
  const said = { outcome: 'confirmed', reason: 'sudah selesai' }
  expect((await act(house, `${id}/resolve`, said)).body).toMatchObject({ state: 'confirmed' })
})

it('runs all dead orders of an agency again, after a dry run that changes nothing', async () => {
  const house = await startPermits()
  const ids = [await house.order(), await house.order(), await house.order()]
  for (const id of ids) await kill(house, id)
  const all = { filter: { upstream: 'desk' }, reason: 'perjanjian diperbarui', limit: 2 }
  expect((await act(house, 'rerun', { ...all, dryRun: true })).body).toMatchObject({
    dryRun: true,
    count: 2,
    more: true,
    submissions: [{ id: ids[2], state: 'queued' }, { id: ids[1] }],
  })
  expect(await list(house, 'state=dead')).toHaveLength(3)
  expect((await act(house, 'rerun', all)).body).toMatchObject({ count: 2, more: true })
  expect((await act(house, 'rerun', all)).body).toMatchObject({ count: 1, more: false })
  expect((await house.read('/v1/work-list')).body['items']).toHaveLength(3)
  expect((await act(house, 'rerun', { ...all, filter: { upstream: 'else' } })).body).toMatchObject({
    count: 0,
  })
  expect((await act(house, 'rerun', { ...all, limit: 1_001 })).body).toMatchObject({
    errors: [{ pointer: '/limit' }],
  })
})

describe('an uncertain order', () => {
  it.each([
    ['confirmed', 'confirmed'],
    ['rejected', 'rejected'],
    ['accepted', 'accepted'],
    ['not-happened', 'queued'],
  ])('is resolved by hand: %s', async (outcome, state) => {
    const house = await startPermits({ isAssisted: false })
    const id = await uncertainOrder(house)
    const said = { outcome, reason: 'dicek di aplikasi instansi', reference: 'P-9' }
    expect((await act(house, `${id}/resolve`, said)).body).toMatchObject({ id, state })
    const ledger = await house.ledgerOf(id)
    expect(ledger).toContainEqual(
      expect.objectContaining({ act: 'submission.resolve', outcome, officer: 'op-1', member: 'operations' }),
    )
    if (outcome === 'not-happened') return house.becomes(id, 'confirmed')
    expect(ledger.at(-1)).toMatchObject({ kind: 'effect', outcome: state })
    const shown = await house.read(`/v1/submissions/${id}`, {
      ...as('front-office'),
      'mpp-purpose': 'skck.new',
      'mpp-counter': 'A-03',
      'mpp-officer': 'o-1',
      'mpp-case': await house.openCase(),
    })
    expect(shown.body).toMatchObject({ state, reference: 'P-9' })
    return undefined
  })

  it('cannot be resolved while it still waits, nor twice', async () => {
    const house = await startPermits()
    const id = await house.order()
    const bare = { outcome: 'confirmed', reason: 'sudah selesai' }
    expect((await act(house, `${id}/resolve`, bare)).body).toMatchObject({ reason: 'QUEUED' })
    await house.post(`/v1/work-list/${id}/take`, '')
    expect(await act(house, `${id}/resolve`, bare)).toMatchObject({
      status: 422,
      body: { code: 'INPUT_INVALID', errors: [{ pointer: '/reference' }] },
    })
    const said = { ...bare, reference: 'P-9' }
    expect((await act(house, `${id}/resolve`, said)).body).toMatchObject({ state: 'confirmed' })
    expect((await act(house, `${id}/resolve`, said)).body).toMatchObject({ reason: 'CONFIRMED' })
    expect((await act(house, `${id}/resolve`, { outcome: 'lost', reason: 'hilang' })).body).toMatchObject({
      errors: [{ pointer: '/outcome', detail: expect.stringContaining('not-happened') }],
    })
  })
})

it('is never sent again once the agency has said that it has it, whatever an operator says', async () => {
  const house = await startPermits({ isAssisted: false })
  const id = await house.order()
  await house.becomes(id, 'accepted')
  const said = { outcome: 'not-happened', reason: 'tidak ditemukan' }
  expect(await act(house, `${id}/resolve`, said)).toMatchObject({
    status: 409,
    body: { code: 'SUBMISSION_UNDER_WAY', reason: 'ACCEPTED' },
  })
  await kill(house, id)
  const again = { reason: 'tidak ditemukan', nothingHappened: true }
  expect((await act(house, `${id}/resolve`, said)).body).toMatchObject({ reason: 'ACCEPTED' })
  expect((await act(house, `${id}/rerun`, again)).body).toMatchObject({ reason: 'ACCEPTED' })
  expect((await act(house, `${id}/rerun`, { reason: 'diteruskan' })).body).toMatchObject({
    state: 'accepted',
  })
  expect(house.desk.calls).toBe(1)
})
