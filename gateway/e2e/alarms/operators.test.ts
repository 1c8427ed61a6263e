/** What operators see of alarms, and do to them. */
import { expect, it } from 'vitest'
import type { AlarmView } from '#gateway/http/alarms.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, type Reply, startHouse } from '#gateway/testing/house.ts'

const operator = { ...as('operations'), 'mpp-case': undefined, 'mpp-officer': 'o-90' }

const ending = [agreement({ id: 'pks-dukcapil', validUntil: Date.parse('2026-10-01T00:00:00+07:00') })]

async function startEnding(): Promise<House> {
  const house = await startHouse({ agreements: ending })
  await house.beat()
  return house
}

const listed = async (house: House, headers = {}): Promise<readonly AlarmView[]> =>
  ((await house.get('/v1/operator/alarms', { ...operator, ...headers })).body as { alarms: AlarmView[] })
    .alarms

const acknowledge = (house: House, id: string, body: object, headers = {}): Promise<Reply> =>
  house.ask(`/v1/operator/alarms/${id}/acknowledge`, body, { ...operator, ...headers })

it('are shown with what they mean and what to do, in both languages', async () => {
  await using house = await startEnding()
  const [alarm, ...others] = await listed(house)
  expect(others).toEqual([])
  expect(alarm).toMatchObject({
    code: 'AGREEMENT_ENDING',
    severity: 'notice',
    source: 'pks-dukcapil',
    title: 'Perjanjian segera berakhir',
    runbook: 'docs/operators.md#agreement-ending',
    facts: { days: 10 },
    acknowledged: null,
    clearedAt: null,
  })
  expect((await listed(house, { 'accept-language': 'en' }))[0]).toMatchObject({
    title: 'An agreement ends soon',
    action: 'Begin the renewal: signatures take time.',
  })
})

it('are read by auditors and monitors, acknowledged by operators, and not seen by members', async () => {
  await using house = await startEnding()
  const [alarm] = await listed(house)
  for (const role of ['inspection', 'monitoring'] as const) {
    expect((await house.get('/v1/operator/alarms', as(role))).status).toBe(200)
    const refused = await acknowledge(house, alarm!.id, { reason: 'saya lihat' }, as(role))
    expect(refused.body).toMatchObject({ code: 'NOT_GRANTED', reason: 'ROLE_MISSING' })
  }
  expect((await house.get('/v1/operator/alarms', as('front-office'))).body.code).toBe('NOT_GRANTED')
})

it('are acknowledged with a reason, once, on record', async () => {
  await using house = await startEnding()
  const { id } = (await listed(house))[0]!
  for (const body of [{}, { reason: '' }, { reason: 'nik 9999011501900001' }])
    expect((await acknowledge(house, id, body)).body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ pointer: '/reason' }],
    })
  expect(
    (await acknowledge(house, id, { reason: 'tanda tangan jumat' }, { 'mpp-officer': undefined })).body,
  ).toMatchObject({ code: 'CONTEXT_MISSING' })
  const seen = await acknowledge(house, id, { reason: 'tanda tangan jumat' })
  expect(seen.body).toMatchObject({
    id,
    acknowledged: { by: { member: 'operations', officer: 'o-90' }, reason: 'tanda tangan jumat' },
  })
  expect((await acknowledge(house, id, { reason: 'sekali lagi' })).body).toEqual(seen.body)
  const acts = (await house.store.readLedger(0, 100))
    .map(({ content }) => JSON.parse(content!) as Record<string, unknown>)
    .filter(({ kind }) => kind === 'act')
  expect(acts).toMatchObject([
    {
      act: 'alarm.acknowledge',
      alarm: id,
      code: 'AGREEMENT_ENDING',
      source: 'pks-dukcapil',
      reason: 'tanda tangan jumat',
      officer: 'o-90',
    },
  ])
})

it('that are not there cannot be acknowledged, and only two lists can be asked for', async () => {
  await using house = await startEnding()
  expect((await acknowledge(house, 'nothing', { reason: 'tidak ada' })).body).toMatchObject({
    status: 404,
    code: 'ROUTE_UNKNOWN',
    reason: 'ALARM_UNKNOWN',
  })
  for (const [query, parameter] of [
    ['state=closed', 'state'],
    ['severity=critical', 'severity'],
  ])
    expect((await house.get(`/v1/operator/alarms?${query}`, operator)).body).toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ parameter }],
    })
})
