/** What a counter does with its orders: wait for the end, look again, list, withdraw. */
import { describe, expect, it } from 'vitest'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { acceptOrder } from '#gateway/store/test-order.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as } from '#gateway/testing/house.ts'
import { permitOrder } from '#gateway/testing/order-desk.ts'
import { openCounter, openDesk, permit, permitAgreement } from './counter.ts'

const nobody = async (): Promise<string> => `http://127.0.0.1:${await closedPort()}`

describe('Prefer: wait', () => {
  it('tells the end at once, when it comes in time', async () => {
    const desk = await openDesk()
    desk.takes('finish')
    const counter = await openCounter(desk.url)
    const { status, headers, body } = await counter.order('key-0001', permit, { prefer: 'wait=20' })
    expect(status).toBe(200)
    expect(headers.get('preference-applied')).toBe('wait=20')
    expect(headers.get('location')).toBe(`/v1/submissions/${body['id']}`)
    expect(body).toMatchObject({
      state: 'confirmed',
      reference: `P-${body['id']}`,
      data: { permitNumber: `P-${body['id']}` },
      next: null,
    })
  })

  it("tells the agency's no as the end of the order, not as a fault", async () => {
    const desk = await openDesk()
    desk.takes('refuse')
    const counter = await openCounter(desk.url)
    const { status, body } = await counter.order('key-0001', permit, { prefer: 'respond-async, wait=20' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'rejected', data: null, next: null })
    expect(body['history'].at(-1)).toMatchObject({ code: 'REJECTED', upstreamCode: 'R-1', sent: 'yes' })
  })

  it('says where to look, when it takes longer', async () => {
    const desk = await openDesk()
    const counter = await openCounter(desk.url)
    const { status, headers, body } = await counter.order('key-0001', permit, { prefer: 'wait=1' })
    expect(status).toBe(202)
    expect(headers.get('preference-applied')).toBe('wait=1')
    expect(body).toMatchObject({ state: 'accepted', next: { by: 'agency' } })
    const { body: shown } = await counter.read(headers.get('location')!)
    expect(shown).toMatchObject({ id: body['id'], state: 'accepted' })
  })

  it.each(['wait=soon', 'handling=lenient', 'wait'])('is no preference: %s', async prefer => {
    const counter = await openCounter(await nobody())
    const { status, headers } = await counter.order('key-0001', permit, { prefer })
    expect(status).toBe(202)
    expect(headers.get('preference-applied')).toBeNull()
  })
})

describe('an order', () => {
  it('shows nothing personal but to those who say why they look', async () => {
    const desk = await openDesk()
    desk.takes('finish')
    const counter = await openCounter(desk.url)
    const { body } = await counter.order('key-0001')
    const id: string = body['id']
    await counter.becomes(id, 'confirmed')

    const bare = await counter.read(`/v1/submissions/${id}`)
    expect(bare.body).toMatchObject({ state: 'confirmed', reference: null, data: null, auditId: null })
    expect(bare.text).not.toMatch(/P-|9999011501900001|LAPAK/)
    const full = await counter.look(id)
    expect(full.body).toMatchObject({ reference: `P-${id}`, data: { permitNumber: `P-${id}` } })
    const rows = await counter.store.readLedger(0, 100)
    expect(rows.map(({ content }) => JSON.parse(content!))).toContainEqual(
      expect.objectContaining({ kind: 'submission', outcome: 'released', submission: id }),
    )

    expect(await counter.read(`/v1/submissions/${id}`, as('health-desk'))).toMatchObject({
      status: 404,
      body: { code: 'ROUTE_UNKNOWN', reason: 'SUBMISSION_UNKNOWN' },
    })
    expect((await counter.read('/v1/submissions/019b0000-0000-7000-8000-000000000000')).status).toBe(404)
  })

  it('shows what came of it for what it was ordered for, and for no other purpose', async () => {
    const desk = await openDesk()
    desk.takes('finish')
    const both = { 'skck.new': ['/permitNumber'], 'skck.renewal': ['/permitNumber'] }
    const agreements = [agreement({ upstream: 'desk', grants: { [permitOrder.id]: both } })]
    const counter = await openCounter(desk.url, { agreements })
    const { body } = await counter.order('key-0001')
    await counter.becomes(body['id'], 'confirmed')
    expect((await counter.look(body['id'], { 'mpp-purpose': 'skck.renewal' })).body).toMatchObject({
      code: 'NOT_GRANTED',
      reason: 'PURPOSE_NOT_GRANTED',
      auditId: expect.any(String),
    })
    expect((await counter.look(body['id'])).body).toMatchObject({ reference: `P-${body['id']}` })
  })

  it('shows what came of it to nobody once its agreement does not cover it any more', async () => {
    const desk = await openDesk()
    desk.takes('finish')
    let suspendedBy: readonly 'upstream'[] = []
    const readAgreements = () => [{ ...permitAgreement(), suspendedBy }]
    const counter = await openCounter(desk.url, { readAgreements })
    const { body } = await counter.order('key-0001')
    await counter.becomes(body['id'], 'confirmed')
    suspendedBy = ['upstream']
    await counter.ask('/v1/operator/reload', '', { ...as('operations'), 'mpp-case': undefined })
    const refused = await counter.look(body['id'])
    expect(refused.body).toMatchObject({ reason: 'AGREEMENT_SUSPENDED', auditId: expect.any(String) })
    const rows = await counter.store.readLedger(0, 100)
    expect(JSON.parse(rows.find(({ id }) => id === refused.body['auditId'])!.content!)).toMatchObject({
      kind: 'refusal',
      outcome: 'NOT_GRANTED',
      reason: 'AGREEMENT_SUSPENDED',
      submission: body['id'],
      officer: 'o-7f3a',
      purpose: 'skck.new',
    })
    // Whoever orders it again learns that it was kept, not that it is refused.
    const again = await counter.order('key-0001')
    expect(again).toMatchObject({ status: 200, body: { id: body['id'], state: 'confirmed', data: null } })
    expect((await counter.read(`/v1/submissions/${body['id']}`)).body).toMatchObject({ state: 'confirmed' })
  })

  it('is found page by page, by case and by state', async () => {
    const desk = await openDesk()
    desk.takes('finish', 'refuse', 'act')
    const counter = await openCounter(desk.url)
    const other = await counter.openCase()
    const ids: string[] = []
    for (const [key, visit] of [['key-0001'], ['key-0002'], ['key-0003', other]] as const) {
      const { body } = await counter.order(key, permit, visit ? { 'mpp-case': visit } : {})
      ids.unshift(body['id'])
      await expect
        .poll(async () => (await counter.read(`/v1/submissions/${body['id']}`)).body['state'])
        .toMatch(/confirmed|rejected|accepted/)
    }
    const list = async (query: string, headers = as('front-office')) => {
      const { body } = await counter.read(`/v1/submissions?${query}`, headers)
      return body['submissions'].map(({ id }: any) => id)
    }
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await counter.read(`/v1/submissions?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...body['submissions'].map(({ id }: any) => id))
      ;({ cursor } = body as any)
    }
    expect(seen).toEqual(ids)
    expect(await list(`case=${other}`)).toEqual([ids[0]])
    expect(await list('state=rejected')).toEqual([ids[1]])
    expect(await list('state=accepted,confirmed&capability=permit.order')).toEqual([ids[0], ids[2]])
    expect(await list('', as('health-desk'))).toEqual([])
    const wrong = await counter.read('/v1/submissions?state=lost&colour=red&limit=0')
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ parameter: 'colour' })]) },
    })
  })
})

describe('cancelling', () => {
  it('withdraws what was not sent yet, once and for all', async () => {
    const counter = await openCounter(await nobody())
    const { body } = await counter.order('key-0001')
    const id: string = body['id']
    expect((await counter.cancel(id)).body).toMatchObject({ state: 'cancelled', next: null })
    expect((await counter.cancel(id)).body).toMatchObject({ state: 'cancelled' })
    counter.clock.leap(60 * 60_000)
    expect((await counter.order('key-0001')).body).toMatchObject({ id, state: 'cancelled' })
    expect((await counter.order('key-0002')).body['id']).not.toBe(id)
  })

  it('is refused once it may be on its way', async () => {
    const desk = await openDesk()
    desk.takes('act-hang')
    const counter = await openCounter(desk.url)
    const { body } = await counter.order('key-0001')
    await counter.becomes(body['id'], 'sending')
    expect(await counter.cancel(body['id'])).toMatchObject({
      status: 409,
      body: { code: 'SUBMISSION_UNDER_WAY', reason: 'SENDING' },
    })
    await counter.becomes(body['id'], 'uncertain')
    expect((await counter.cancel(body['id'])).body).toMatchObject({
      reason: 'UNCERTAIN',
      title: 'Keadaan permohonan tidak mengizinkan ini',
    })
    expect((await counter.read(`/v1/submissions/${body['id']}`)).body['next']).toMatchObject({
      text: 'Gerbang memastikannya pada instansi',
    })
  })

  it("is nobody else's to do", async () => {
    const counter = await openCounter(await nobody())
    const { body } = await counter.order('key-0001')
    const path = `/v1/submissions/${body['id']}/cancel`
    const other = { ...as('health-desk'), 'mpp-case': undefined }
    expect((await counter.ask(path, { reason: 'salah loket' }, other)).status).toBe(404)
    expect((await counter.ask(path, {}, { 'mpp-case': undefined })).body).toMatchObject({
      errors: [{ pointer: '/reason' }],
    })
    expect((await counter.read(`/v1/submissions/${body['id']}`)).body).toMatchObject({ state: 'queued' })
  })

  it('races a worker: withdrawn and never sent, or brought to the agency and not withdrawn', async () => {
    const desk = await openDesk()
    desk.takes('finish')
    const counter = await openCounter(desk.url)
    const races = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const { body } = await counter.order(`key-race-${index}`)
        const cancelled = await counter.cancel(body['id'])
        return { id: body['id'] as string, isCancelled: cancelled.status === 200 }
      }),
    )
    for (const { id, isCancelled } of races) {
      await counter.becomes(id, isCancelled ? 'cancelled' : 'confirmed')
      expect(desk.effects.filter(effect => effect === id)).toHaveLength(isCancelled ? 0 : 1)
    }
  })
})

it('shows how far an order is also when its content does not open any more', async () => {
  const counter = await openCounter(await nobody())
  const { id } = await acceptOrder(counter.store, { member: 'front-office' }) // sealed with nothing of ours
  const { status, body } = await counter.get(`/v1/submissions/${id}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ id, service: null, reference: null, data: null })
  expect((await counter.get('/v1/operator/submissions', as('operations'))).status).toBe(200)
})

it('says what an order waits behind, where agencies get them one after the other', async () => {
  const desk = await openDesk()
  desk.takes('hang')
  desk.isMute = true
  const counter = await openCounter(desk.url)
  const first = await counter.order('key-0001', { ...permit, permit: 'L-1' })
  const second = await counter.order('key-0002', { ...permit, permit: 'L-1' })
  expect((await counter.get(`/v1/submissions/${second.body['id']}`)).body).toMatchObject({
    behind: { id: first.body['id'], state: expect.any(String) },
  })
  expect((await counter.get(`/v1/submissions/${first.body['id']}`)).body).toMatchObject({ behind: null })
})
