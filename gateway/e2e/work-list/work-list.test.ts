import { describe, expect, it } from 'vitest'
import { lossReportFile } from '#contracts/loss-report.ts'
import { acceptOrder } from '#gateway/store/test-order.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, startHouse } from '#gateway/testing/house.ts'
import { permitOrder } from '#gateway/testing/order-desk.ts'
import polri from '../../../adapters/polri/adapter.ts'
import { credentials } from '../../../mocks/polri/server.ts'
import { nik, orderedText, permitAgreement, type Permits, startPermits } from './permits.ts'

const officer = (id: string) => ({ 'mpp-officer': id })
const looking = (headers = {}) => ({
  ...as('front-office'),
  'mpp-purpose': 'skck.new',
  'mpp-counter': 'B-01',
  'mpp-officer': 'o-1',
  ...headers,
})

describe('an order for an agency without an API', () => {
  it('waits on the list, is taken, and ends as the officer says', async () => {
    const house = await startPermits()
    const id = await house.order()
    expect((await house.read(`/v1/submissions/${id}`)).body).toMatchObject({
      state: 'queued',
      next: { by: 'officer' },
    })
    const list = await house.read('/v1/work-list')
    expect(list.body).toMatchObject({
      items: [{ id, state: 'queued', source: 'desk', member: 'front-office', takenBy: null }],
      cursor: null,
    })
    expect(list.text).not.toContain(nik)

    const taken = await house.post(`/v1/work-list/${id}/take`, '', officer('o-1'))
    expect(taken.body).toMatchObject({
      state: 'sending',
      stateText: 'Sedang dikerjakan petugas',
      attempts: 1,
      takenBy: { member: 'front-office', officer: 'o-1' },
    })
    const finish = { outcome: 'accepted', reference: 'STPL/B/17/IX/2026', agencyState: 'A1' }
    const accepted = await house.post(`/v1/work-list/${id}/finish`, finish, officer('o-1'))
    expect(accepted.body).toMatchObject({ state: 'accepted', takenBy: null, next: { by: 'officer' } })

    // Another one ends it, days later.
    await house.post(`/v1/work-list/${id}/take`, '', officer('o-2'))
    const done = { outcome: 'confirmed', result: { permitNumber: 'IZ-4' } }
    expect((await house.post(`/v1/work-list/${id}/finish`, done, officer('o-2'))).body).toMatchObject({
      state: 'confirmed',
      next: null,
    })
    expect((await house.read('/v1/work-list')).body['items']).toEqual([])

    const visit = { ...looking(), 'mpp-case': await house.openCase() }
    const shown = await house.read(`/v1/submissions/${id}`, visit)
    expect(shown.body).toMatchObject({
      state: 'confirmed',
      reference: 'STPL/B/17/IX/2026',
      data: { permitNumber: 'IZ-4' },
    })
    expect(shown.body['history'].map(({ type, state, reason }: any) => [type, state, reason])).toEqual([
      ['submission.queued', 'queued', undefined],
      ['submission.taken', 'sending', 'BY_HAND'],
      ['submission.accepted', 'accepted', 'BY_HAND'],
      ['submission.taken', 'accepted', 'BY_HAND'],
      ['submission.confirmed', 'confirmed', 'BY_HAND'],
    ])
    const ledger = await house.ledgerOf(id)
    expect(ledger.map(({ kind, act, outcome, officer }) => [kind, act ?? outcome, officer])).toEqual([
      ['submission', 'ordered', 'o-7f3a'],
      ['act', 'submission.take', 'o-1'],
      ['act', 'submission.finish', 'o-1'],
      ['effect', 'accepted', undefined],
      ['act', 'submission.take', 'o-2'],
      ['act', 'submission.finish', 'o-2'],
      ['effect', 'confirmed', undefined],
      ['submission', 'released', 'o-1'],
    ])
    expect(ledger.at(-1)).toMatchObject({ elements: ['/permitNumber'], reference: true })
    expect(house.desk.calls).toBe(0)
    expect(house.log.join()).not.toContain(nik)
  })

  it('is not waited for: an officer does not come within seconds', async () => {
    const house = await startPermits()
    const asked = { prefer: 'wait=30', 'idempotency-key': 'key-0001' }
    const reply = await house.ask(permitOrder.path, { nik, text: orderedText }, asked)
    expect(reply).toMatchObject({ status: 202, body: { state: 'queued', next: { by: 'officer' } } })
  })

  it('tells the counter why the agency refused', async () => {
    const house = await startPermits()
    const id = await house.order()
    await house.post(`/v1/work-list/${id}/take`, '')
    const bare = await house.post(`/v1/work-list/${id}/finish`, { outcome: 'rejected' })
    expect(bare.body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ pointer: '/reason', detail: expect.stringContaining('why the agency refused') }],
    })
    const reason = `sidik jari ${nik} tidak terbaca`
    const number = { outcome: 'rejected', reason, agencyState: nik }
    expect((await house.post(`/v1/work-list/${id}/finish`, number)).body).toMatchObject({
      errors: [{ pointer: '/agencyState', detail: expect.stringContaining('no number of a person') }],
    })
    await house.post(`/v1/work-list/${id}/finish`, { outcome: 'rejected', reason })
    expect(JSON.stringify(await house.ledgerOf(id))).not.toContain(reason)
    const shown = await house.read(`/v1/submissions/${id}`, {
      ...looking(),
      'mpp-case': await house.openCase(),
    })
    expect(shown.body).toMatchObject({ state: 'rejected', reason })
    expect((await house.ledgerOf(id)).at(-1)).toMatchObject({
      outcome: 'released',
      reason: true,
      elements: [],
    })
    // The citizen's access log says it too.
    house.clock.leap(1)
    const { body: log } = await house.post(
      '/v1/subjects/access-log',
      { nik, request: { reference: 'PDP/1', receivedAt: '2026-09-21T08:00:00+07:00' } },
      { ...as('inspection'), 'accept-language': 'en' },
    )
    expect(log['accesses']).toMatchObject([
      { act: 'ordered', elements: [] },
      { act: 'rejected', elements: [] },
      { act: 'seen', elements: ['Reason of the rejection'] },
    ])
    expect((await house.read(`/v1/submissions/${id}`)).body).toMatchObject({
      state: 'rejected',
      reason: null,
    })
  })

  it('shows what was ordered only for a reason, and on record', async () => {
    const house = await startPermits()
    const id = await house.order()
    const bare = await house.read(`/v1/work-list/${id}`)
    expect(bare.body).toMatchObject({ id, order: null, auditId: null })
    expect(bare.text).not.toContain(orderedText)

    const half = await house.read(`/v1/work-list/${id}`, { ...as('front-office'), 'mpp-officer': 'o-1' })
    expect(half.body).toMatchObject({
      code: 'CONTEXT_MISSING',
      errors: [{ header: 'Mpp-Purpose' }, { header: 'Mpp-Counter' }],
    })
    const other = await house.read(`/v1/work-list/${id}`, looking({ 'mpp-purpose': 'skck.renewal' }))
    expect(other.body).toMatchObject({
      code: 'NOT_GRANTED',
      reason: 'PURPOSE_NOT_GRANTED',
      errors: [{ header: 'Mpp-Purpose' }],
    })
    expect((await house.ledgerOf(id)).slice(1)).toMatchObject([
      { kind: 'refusal', outcome: 'CONTEXT_MISSING', capability: 'permit.order', officer: 'o-1' },
      {
        kind: 'refusal',
        outcome: 'NOT_GRANTED',
        reason: 'PURPOSE_NOT_GRANTED',
        purpose: 'skck.renewal',
        subjects: [expect.any(String)],
      },
    ])
    expect((await house.ledgerOf(id)).every(({ kind }) => kind === 'refusal' || kind === 'submission')).toBe(
      true,
    )

    const full = await house.read(`/v1/work-list/${id}`, looking())
    expect(full.body['order']).toEqual({
      input: { nik, text: orderedText, documents: [] },
      documents: [],
      reference: null,
    })
    expect((await house.ledgerOf(id)).at(-1)).toMatchObject({
      kind: 'submission',
      outcome: 'released',
      officer: 'o-1',
      purpose: 'skck.new',
      shown: 'order',
      elements: [],
    })

    house.clock.leap(1)
    const { body: log } = await house.post(
      '/v1/subjects/access-log',
      { nik, request: { reference: 'PDP/1', receivedAt: '2026-09-21T08:00:00+07:00' } },
      { ...as('inspection'), 'accept-language': 'en' },
    )
    expect(log['accesses']).toEqual([
      expect.objectContaining({ act: 'ordered', actText: 'An order was given: Order of a permit' }),
      expect.objectContaining({ source: 'Example permit desk', elements: ['What was ordered'] }),
    ])
  })

  it('is one officer’s, though two take it at once', async () => {
    const house = await startPermits()
    const id = await house.order()
    const takes = await Promise.all(
      ['o-1', 'o-2', 'o-3'].map(one => house.post(`/v1/work-list/${id}/take`, '', officer(one))),
    )
    const [won, ...others] = takes.filter(({ status }) => status === 200)
    expect(others).toEqual([])
    const winner: string = won!.body['takenBy'].officer
    for (const { body } of takes.filter(({ status }) => status !== 200))
      expect(body).toMatchObject({
        code: 'SUBMISSION_UNDER_WAY',
        reason: 'TAKEN',
        detail: expect.stringContaining(`${winner} of front-office`),
      })
    const acts = (await house.ledgerOf(id)).filter(({ act }) => act === 'submission.take')
    expect(acts.map(one => one['officer'])).toEqual([winner])

    const loser = winner === 'o-1' ? 'o-2' : 'o-1'
    const outcome = { outcome: 'confirmed', reference: 'P-1' }
    expect((await house.post(`/v1/work-list/${id}/finish`, outcome, officer(loser))).status).toBe(409)
    expect((await house.post(`/v1/work-list/${id}/take`, '', officer(winner))).status).toBe(200)
    expect((await house.post(`/v1/submissions/${id}/cancel`, { reason: 'keliru' })).body).toMatchObject({
      code: 'SUBMISSION_UNDER_WAY',
      reason: 'SENDING',
    })
  })

  it('goes back on the list when its officer, or an operator, says that nothing was done', async () => {
    const house = await startPermits()
    const id = await house.order()
    const free = { acted: false, reason: 'ganti petugas' }
    const release = (headers: object, body: object = free) =>
      house.post(`/v1/work-list/${id}/release`, body, { ...headers })

    expect((await release(officer('o-1'))).body).toMatchObject({ reason: 'NOT_TAKEN' })
    await house.post(`/v1/work-list/${id}/take`, '', officer('o-1'))
    expect((await release(officer('o-2'))).body).toMatchObject({ reason: 'TAKEN' })
    expect((await release(officer('o-1'), { ...free, acted: true })).body).toMatchObject({
      errors: [{ pointer: '/acted', detail: expect.stringContaining('finish it') }],
    })
    expect((await release(officer('o-1'))).body).toMatchObject({ state: 'queued', takenBy: null })

    await house.post(`/v1/work-list/${id}/take`, '', officer('o-2'))
    expect((await release({ ...as('operations'), ...officer('op-1') })).body).toMatchObject({
      state: 'queued',
    })
    expect((await house.post(`/v1/submissions/${id}/cancel`, { reason: 'keliru' })).body).toMatchObject({
      state: 'cancelled',
    })
  })

  it('is not taken while an earlier one about the same thing is on its way, and says what it waits behind', async () => {
    const house = await startPermits()
    const [first, second] = [await house.order({ permit: 'L-1' }), await house.order({ permit: 'L-1' })]
    const other = await house.order({ permit: 'L-2' })
    const take = (id: string) => house.post(`/v1/work-list/${id}/take`, '', officer('o-1'))
    const listed = async () =>
      (await house.read('/v1/work-list', looking())).body['items'].map(
        (item: { behind: unknown }) => item.behind,
      )
    const waitsFor = async (state: string) => {
      const { status, body } = await take(second)
      expect([status, body['code'], body['reason']]).toEqual([409, 'SUBMISSION_UNDER_WAY', 'BEHIND'])
      expect(body['detail']).toContain(`${first}, which is ${state}`)
    }

    expect(await listed()).toEqual([null, { id: first, state: 'queued' }, null])
    await waitsFor('queued')
    expect((await take(other)).status).toBe(200)
    expect((await take(first)).body).toMatchObject({ state: 'sending', behind: null })
    await waitsFor('sending')
    const { revision } = (await house.store.findSubmission(first))!
    const dead = { state: 'dead', awaits: 'operator', takenBy: null } as const
    await house.store.moveSubmission(first, revision, dead, [])
    await waitsFor('dead')
    expect((await house.store.findSubmission(second))!.state).toBe('queued')

    const resolution = { outcome: 'confirmed', reference: 'P-1', reason: 'dicek di instansi' }
    const operator = { ...as('operations'), ...officer('op-1') }
    await house.post(`/v1/operator/submissions/${first}/resolve`, resolution, operator)
    expect((await take(second)).body).toMatchObject({ state: 'sending', behind: null })
  })

  it('waits behind that of another organisation without learning which it is', async () => {
    const house = await startPermits()
    const { orderKey } = (await house.store.findSubmission(await house.order({ permit: 'L-1' })))!
    const [mine] = await house.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 1)
    await house.post(`/v1/submissions/${mine!.id}/cancel`, { reason: 'keliru' })
    const theirs = { upstream: 'desk', member: 'health-desk', awaits: 'officer', dueInMs: null } as const
    const { id } = await acceptOrder(house.store, { ...theirs, orderKey })
    const second = await house.order({ permit: 'L-1' })
    const item = async (headers: object) =>
      (await house.read(`/v1/work-list/${second}`, { 'mpp-purpose': undefined, ...headers })).body
    expect(await item(as('front-office'))).toMatchObject({ behind: { id: null, state: 'queued' } })
    expect(await item(as('operations'))).toMatchObject({ behind: { id, state: 'queued' } })
    const { body } = await house.post(`/v1/work-list/${second}/take`, '', officer('o-1'))
    expect(body).toMatchObject({ reason: 'BEHIND', detail: expect.stringContaining('another organisation') })
    expect(JSON.stringify(body)).not.toContain(id)
  })

  it('is unknown to members that neither ordered it nor assist the agency', async () => {
    const house = await startPermits()
    const id = await house.order()
    const stranger = { ...looking(as('health-desk')), 'mpp-officer': 'o-1' }
    expect((await house.read('/v1/work-list', stranger)).body['items']).toEqual([])
    expect((await house.read(`/v1/work-list/${id}`, stranger)).body).toMatchObject({
      code: 'ROUTE_UNKNOWN',
      reason: 'SUBMISSION_UNKNOWN',
    })
    expect((await house.post(`/v1/work-list/${id}/take`, '', as('health-desk'))).status).toBe(404)
    expect((await house.read('/v1/work-list', as('inspection'))).status).toBe(403)
    expect((await house.read('/v1/work-list', as('operations'))).body['items']).toHaveLength(1)
  })

  it('is brought to the agency by the members that assist it', async () => {
    const house = await startPermits({ assistedBy: ['health-desk'] })
    const id = await house.order()
    const assistant = looking(as('health-desk'))
    expect((await house.read('/v1/work-list', assistant)).body['items']).toMatchObject([{ id }])
    expect((await house.read(`/v1/work-list/${id}`, assistant)).body['order'].input).toMatchObject({ nik })
    // An officer of the same id at another member is another officer.
    await house.post(`/v1/work-list/${id}/take`, '', { ...as('health-desk'), ...officer('o-1') })
    expect((await house.post(`/v1/work-list/${id}/take`, '', officer('o-1'))).body).toMatchObject({
      detail: expect.stringContaining('o-1 of health-desk'),
    })
    const finish = { outcome: 'confirmed', result: { permitNumber: 'IZ-1', colour: 'red' } }
    const by = { ...as('health-desk'), ...officer('o-1') }
    expect((await house.post(`/v1/work-list/${id}/finish`, finish, by)).body).toMatchObject({
      errors: [{ pointer: '/result/colour', detail: 'no such field' }],
    })
    const typed = { outcome: 'confirmed', result: { permitNumber: 4 } }
    expect((await house.post(`/v1/work-list/${id}/finish`, typed, by)).body).toMatchObject({
      errors: [{ pointer: '/result/permitNumber' }],
    })
    const nothing = { status: 422, body: { code: 'INPUT_INVALID', errors: [{ pointer: '/reference' }] } }
    const end = (said: object) =>
      house.post(`/v1/work-list/${id}/finish`, { outcome: 'confirmed', ...said }, by)
    expect(await end({})).toMatchObject(nothing)
    expect(await end({ result: {} })).toMatchObject(nothing)
    expect((await end({ reference: 'P-1' })).body).toMatchObject({ state: 'confirmed' })
  })

  it('is not taken without an officer, nor under an agreement that has ended', async () => {
    const house = await startPermits()
    const id = await house.order()
    const nobody = await house.post(`/v1/work-list/${id}/take`, '', { 'mpp-officer': undefined })
    expect(nobody.body).toMatchObject({ code: 'CONTEXT_MISSING', errors: [{ header: 'Mpp-Officer' }] })

    house.clock.leap(permitAgreement().validUntil - house.clock.now())
    const look = await house.read(`/v1/work-list/${id}`, looking(as('front-office')))
    expect(look.body).toMatchObject({ code: 'NOT_GRANTED', reason: 'AGREEMENT_EXPIRED' })
    expect(look.text).not.toContain(orderedText)
    const ended = await house.post(`/v1/work-list/${id}/take`, '')
    expect(ended.body).toMatchObject({ code: 'NOT_GRANTED', reason: 'AGREEMENT_EXPIRED' })
    expect((await house.ledgerOf(id)).at(-1)).toMatchObject({
      kind: 'refusal',
      outcome: 'NOT_GRANTED',
      reason: 'AGREEMENT_EXPIRED',
      officer: 'o-7f3a',
    })
    expect((await house.read(`/v1/submissions/${id}`)).body).toMatchObject({
      state: 'dead',
      next: { by: 'operator' },
    })
  })

  it('is found page by page, by upstream, state and case', async () => {
    const house = await startPermits({ assistedBy: ['front-office'] })
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) ids.push(await house.order())
    await house.post(`/v1/work-list/${ids[0]}/take`, '')
    async function pages(query: string) {
      const seen: string[] = []
      const cursors: string[] = []
      for (let cursor = ''; ;) {
        const { body } = await house.read(`/v1/work-list?limit=2&${query}${cursor && `&cursor=${cursor}`}`)
        seen.push(...body['items'].map((item: any) => item.id))
        if (body['cursor'] === null) return { seen, cursors }
        cursor = body['cursor']
        cursors.push(cursor)
      }
    }
    const oldest = await pages('')
    expect(oldest.seen).toEqual(ids)
    expect((await pages('order=newest')).seen).toEqual(ids.toReversed())
    expect((await house.read(`/v1/work-list?order=newest&cursor=${oldest.cursors[0]}`)).body).toMatchObject({
      errors: [{ parameter: 'cursor' }],
    })
    const count = async (query: string) => (await house.read(`/v1/work-list?${query}`)).body['items'].length
    expect(await count('state=sending')).toBe(1)
    expect(await count('state=queued,sending')).toBe(5)
    expect(await count('upstream=elsewhere')).toBe(0)
    expect(await count(`case=${await house.openCase()}`)).toBe(0)
    expect((await house.read('/v1/work-list?state=dead&colour=red')).body).toMatchObject({
      errors: [{ parameter: 'state' }, { parameter: 'colour' }],
    })
  })
})

describe('the clock of the service standard', () => {
  const hourMs = 60 * 60_000
  const finish = async (house: Permits, id: string, said: object) => {
    await house.post(`/v1/work-list/${id}/take`, '')
    return house.post(`/v1/work-list/${id}/finish`, { outcome: 'accepted', ...said })
  }
  const clockOf = async (house: Permits, id: string) =>
    (await house.read(`/v1/submissions/${id}`)).body['service'].clock

  it('stands still while the agency waits for the applicant, and goes on', async () => {
    const house = await startPermits()
    const id = await house.order()
    await finish(house, id, { agencyState: 'BERKAS-KURANG', clock: 'pause' })
    const standing = await clockOf(house, id)
    expect(standing).toMatchObject({ state: 'paused', pauses: [{ until: null, reason: 'BERKAS-KURANG' }] })
    house.clock.leap(5 * hourMs)
    expect(await clockOf(house, id)).toEqual(standing)
    await finish(house, id, { agencyState: 'BERKAS-LENGKAP', clock: 'resume' })
    expect(await clockOf(house, id)).toMatchObject({
      state: 'running',
      remainingMs: standing.remainingMs,
      pauses: [{ until: expect.any(String) }],
    })
    house.clock.leap(hourMs)
    expect((await clockOf(house, id)).elapsedMs).toBe(standing.elapsedMs + hourMs)
  })

  it('is ended by the outcome, not by hand', async () => {
    const house = await startPermits()
    const id = await house.order()
    const paused = { outcome: 'confirmed', reference: 'P-1', clock: 'pause' }
    expect((await finish(house, id, paused)).body).toMatchObject({ errors: [{ pointer: '/clock' }] })
    expect((await finish(house, id, { clock: 'done' })).body).toMatchObject({
      errors: [{ pointer: '/clock' }],
    })
  })

  it('tells the officer which order is pressing', async () => {
    const house = await startPermits()
    await house.order()
    const serviceOf = async () => (await house.read('/v1/work-list')).body['items'][0].service
    const service = await serviceOf()
    expect(service).toEqual({ title: expect.any(String), dueAt: expect.any(String), isLate: false })
    house.clock.leap(Date.parse(service.dueAt) - house.clock.now() + 1)
    expect(await serviceOf()).toEqual({ ...service, isLate: true })
  })
})

it('lets the officer enter a code alone: its text is that of the list', async () => {
  const path = lossReportFile.path
  await using house = await startHouse({
    agreements: [agreement({ upstream: 'polri' })],
    upstreams: [
      {
        id: 'polri',
        adapter: polri,
        baseUrl: 'http://127.0.0.1:9',
        config: credentials,
        assisted: [lossReportFile.id],
      },
    ],
  })
  const purpose = { 'mpp-purpose': 'skck.new', 'idempotency-key': 'key-0001' }
  const { body } = await house.ask(path, { ...lossReportFile.example.input, documents: [] }, purpose)
  const { id } = body as { id: string }
  const act = (what: string, said: unknown) =>
    house.ask(`/v1/work-list/${id}/${what}`, said, { 'mpp-case': undefined })
  await act('take', '')
  const result = { reportNumber: 'SKTLK/17', status: { code: 'issued' } }
  expect(await act('finish', { outcome: 'confirmed', result })).toMatchObject({ status: 200 })
  const shown = await house.get(`/v1/submissions/${id}`, { ...looking(), 'mpp-case': await house.openCase() })
  expect(shown.body.data).toEqual({ ...result, status: { code: 'issued', text: 'Terbit' } })
})

it('takes what is uncertain where the agency cannot be asked', async () => {
  const house = await startPermits({ isAssisted: false })
  house.desk.takes('act-drop')
  const id = await house.order()
  await house.becomes(id, 'uncertain')
  expect((await house.read('/v1/work-list')).body['items']).toMatchObject([
    { id, state: 'uncertain', next: { text: expect.stringContaining('memastikannya') } },
  ])
  await house.post(`/v1/work-list/${id}/take`, '', officer('o-1'))
  expect((await house.read('/v1/work-list')).body['items']).toMatchObject([{ id, state: 'uncertain' }])
  const found = { outcome: 'accepted', reference: 'P-1' }
  expect((await house.post(`/v1/work-list/${id}/finish`, found, officer('o-1'))).body).toMatchObject({
    state: 'accepted',
    next: { by: 'officer' },
  })
  expect(house.desk.effects).toEqual([id])
})
