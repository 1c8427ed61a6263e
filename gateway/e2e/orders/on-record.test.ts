import { expect, it } from 'vitest'
import type { Agreement } from '#gateway/access/agreements.ts'
import { as } from '#gateway/testing/house.ts'
import { type Counter, nik, openCounter, openDesk, permitAgreement } from './counter.ts'

interface Access {
  readonly act: string
  readonly actText: string
  readonly organisation: string
  readonly purpose: string
  readonly source: string
  readonly elements: readonly string[]
}

async function accessLog({ ask, clock }: Counter): Promise<readonly Access[]> {
  clock.leap(1)
  const request = { reference: 'PDP/2026/0007', receivedAt: new Date(clock.now() - 60_000).toISOString() }
  const headers = { ...as('inspection'), 'mpp-officer': 'o-90', 'accept-language': 'en' }
  const { body } = await ask('/v1/subjects/access-log', { nik, request }, headers)
  return (body as unknown as { accesses: readonly Access[] }).accesses
}

async function threeOrders(): Promise<Counter> {
  const desk = await openDesk()
  desk.takes('finish', 'refuse', 'act-odd')
  const counter = await openCounter(desk.url)
  for (const state of ['confirmed', 'rejected', 'uncertain'] as const) {
    const { body } = await counter.order(`key-${state}`)
    await counter.becomes(body['id'], state)
  }
  return counter
}

it('counts orders in the report of the month, and what came of them, also as CSV', async () => {
  const counter = await threeOrders()
  const line = {
    agreement: permitAgreement().id,
    member: 'front-office',
    purpose: 'skck.new',
    capability: 'permit.order',
    upstream: 'desk',
    reason: null,
    mode: null,
  }
  const month = '/v1/reports/usage?month=2026-09'
  const { body } = await counter.get(month, as('operations'))
  expect((body as unknown as { lines: unknown }).lines).toEqual([
    { ...line, outcome: 'confirmed', count: 1 },
    { ...line, outcome: 'ordered', count: 3 },
    { ...line, outcome: 'rejected', reason: 'REJECTED', count: 1 },
    { ...line, outcome: 'uncertain', count: 1 },
  ])
  const { text } = await counter.get(month, { ...as('operations'), accept: 'text/csv' })
  expect(text).toContain(`2026-09,${line.agreement},front-office,skck.new,permit.order,desk,ordered,,,3\r\n`)
})

it('tells a citizen who ordered what about them, for what, and what came of it', async () => {
  const counter = await threeOrders()
  const accesses = await accessLog(counter)
  expect(accesses.map(({ act, actText }) => [act, actText])).toEqual([
    ['ordered', 'An order was given: Order of a permit'],
    ['confirmed', 'Done: Order of a permit'],
    ['ordered', 'An order was given: Order of a permit'],
    ['rejected', 'Refused by the agency: Order of a permit'],
    ['ordered', 'An order was given: Order of a permit'],
    ['uncertain', 'Being made certain: Order of a permit'],
  ])
  for (const access of accesses)
    expect(access).toMatchObject({
      organisation: 'front-office',
      purpose: 'New police record certificate (SKCK)',
      source: 'Example permit desk',
      elements: [],
    })
  expect(JSON.stringify(accesses)).not.toMatch(/A-03|o-7f3a/)
})

it('tells nothing of orders under an agreement that the law exempts, as it was when they were given', async () => {
  const desk = await openDesk()
  desk.takes('finish')
  let agreements: Agreement[] = [{ ...permitAgreement(), exemptFromAccessLog: true }]
  const counter = await openCounter(desk.url, { agreements, readAgreements: () => agreements })
  const { body } = await counter.order('key-exempt')
  await counter.becomes(body['id'], 'confirmed')
  expect(await accessLog(counter)).toEqual([])
  agreements = [permitAgreement()]
  await counter.ask('/v1/operator/reload', {}, { ...as('operations'), 'mpp-case': undefined })
  const told = await counter.order('key-told')
  await counter.becomes(told.body['id'], 'confirmed')
  agreements = [{ ...permitAgreement(), exemptFromAccessLog: true }]
  await counter.ask('/v1/operator/reload', {}, { ...as('operations'), 'mpp-case': undefined })
  expect((await accessLog(counter)).map(({ act }) => act)).toEqual(['audited', 'ordered', 'confirmed'])
})
