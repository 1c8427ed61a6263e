import { expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'

/** One resident; the police desk for a clearance certificate, the health desk for an insurance card. */
const resident = { nik: '9999011501900001' }
const reuse = { scope: 'case', timeToLiveMs: 900_000 } as const
const agreements = [
  agreement({ reuse, grants: { 'resident.lookup': { 'skck.new': ['/nik', '/fullName', '/religion'] } } }),
  agreement({
    member: 'health-desk',
    reuse,
    grants: { 'resident.lookup': { 'health.card': ['/nik', '/fullName', '/bloodGroup'] } },
  }),
]
const members = { 'front-office': 'skck.new', 'health-desk': 'health.card' } as const

async function look(
  house: House,
  member: keyof typeof members,
  visit: string,
  purpose: string = members[member],
) {
  const { status, body } = await house.ask('/v1/residents/lookup', resident, {
    ...as(member),
    'mpp-case': visit,
    'mpp-purpose': purpose,
  })
  if (status !== 200) return { refused: body.reason, sent: body.sent }
  return { sees: Object.keys(body.data!), mode: body.provenance![''].mode }
}

it('in one case: each sees its own elements, and the agency was asked once', async () => {
  await using house = await startHouse({ agreements })
  const visit = await house.openCase()
  expect(await look(house, 'front-office', visit)).toEqual({
    sees: ['nik', 'fullName', 'religion'],
    mode: 'live',
  })
  expect(await look(house, 'health-desk', visit)).toEqual({
    sees: ['nik', 'fullName', 'bloodGroup'],
    mode: 'cached',
  })
  expect(house.dukcapil.calls).toEqual({ lookup: 1 })
})

it('in two cases: each sees the same as before, and the agency was asked for each', async () => {
  await using house = await startHouse({ agreements })
  expect(await look(house, 'front-office', await house.openCase())).toEqual({
    sees: ['nik', 'fullName', 'religion'],
    mode: 'live',
  })
  expect(await look(house, 'health-desk', await house.openCase())).toEqual({
    sees: ['nik', 'fullName', 'bloodGroup'],
    mode: 'live',
  })
  expect(house.dukcapil.calls).toEqual({ lookup: 2 })
})

it("the other's purpose, or the other's case without taking part: refused, and nothing is sent", async () => {
  await using house = await startHouse({ agreements })
  const visit = await house.openCase({ members: [] })
  await look(house, 'front-office', visit)
  expect(await look(house, 'front-office', visit, 'health.card')).toEqual({
    refused: 'PURPOSE_NOT_GRANTED',
    sent: 'no',
  })
  expect(await look(house, 'health-desk', visit)).toEqual({ refused: 'CASE_FOREIGN', sent: 'no' })
  expect(house.dukcapil.calls).toEqual({ lookup: 1 })
})

it('each release is on record: who, why, under which version of which agreement, what was shown', async () => {
  await using house = await startHouse({ agreements })
  const visit = await house.openCase()
  await look(house, 'front-office', visit)
  await look(house, 'health-desk', visit)
  const rows = await house.store.readLedger(0, 10)
  const versions = await Promise.all(
    agreements.map(async ({ id }) => (await house.store.readVersions('agreement', id)).at(-1)!),
  )
  expect(rows.map(({ content }) => JSON.parse(content!) as object)).toMatchObject([
    {
      member: 'front-office',
      purpose: 'skck.new',
      agreement: 'pks-front-office-dukcapil',
      agreementVersion: versions[0]!.digest.slice(0, 12),
      mode: 'live',
      elements: ['/nik', '/fullName', '/religion'],
    },
    {
      member: 'health-desk',
      purpose: 'health.card',
      agreement: 'pks-health-desk-dukcapil',
      agreementVersion: versions[1]!.digest.slice(0, 12),
      mode: 'cached',
      elements: ['/nik', '/fullName', '/bloodGroup'],
    },
  ])
})
