import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type HeaderChanges, type House, startHouse } from '#gateway/testing/house.ts'

let house: House
beforeAll(async () => {
  house = await startHouse({ agreements: [agreement(), agreement({ member: 'health-desk' })] })
})
afterAll(() => house.close())

const ask = (headers: HeaderChanges) =>
  house.ask('/v1/residents/lookup', { nik: '9999011501900001' }, headers)

describe('context', () => {
  it.each(['Mpp-Purpose', 'Mpp-Counter', 'Mpp-Officer', 'Mpp-Case'])(
    'without %s: names it, and it alone',
    async header => {
      const { body } = await ask({ [header.toLowerCase()]: undefined })
      expect(body).toMatchObject({ status: 422, code: 'CONTEXT_MISSING', source: 'gateway', sent: 'no' })
      expect(body.errors).toEqual([{ header, detail: expect.stringContaining('expected') }])
    },
  )

  it('names every header that is missing or malformed at once', async () => {
    const { body } = await ask({
      'mpp-purpose': 'SKCK baru',
      'mpp-counter': '',
      'mpp-officer': undefined,
      'mpp-case': undefined,
    })
    expect(body.errors?.map(({ header }) => header)).toEqual([
      'Mpp-Purpose',
      'Mpp-Counter',
      'Mpp-Officer',
      'Mpp-Case',
    ])
  })

  it.each([
    ['NIK', 'Mpp-Officer', '9999011501900001'],
    ['NIP', 'Mpp-Officer', '198501012010011001'],
    ['dotted NIP', 'Mpp-Officer', '19850101.201001.1.001'],
    ['NIK', 'Mpp-Counter', 'A-9999011501900001'],
    ['NIK', 'Mpp-Purpose', 'skck.9999011501900001'],
  ])('takes no %s in %s, and does not repeat it', async (_, header, value) => {
    const { body, text } = await ask({ [header.toLowerCase()]: value })
    expect(body).toMatchObject({ code: 'CONTEXT_MISSING', errors: [{ header }] })
    expect(text).not.toContain(value)
  })

  it.each(['Mpp-Purpose', 'Mpp-Counter', 'Mpp-Officer', 'Mpp-Case'])(
    'with %s twice: neither is taken, and it is named',
    async header => {
      const value = header === 'Mpp-Case' ? await house.openCase() : 'skck.new'
      const { body } = await ask({ [header.toLowerCase()]: `${value}, ${value}` }) // two lines of one name, joined
      expect(body).toMatchObject({ code: 'CONTEXT_MISSING', errors: [{ header }] })
    },
  )

  it('knows no element of another capability', async () => {
    const { body } = await ask({ 'mpp-elements': '/fullName,/members/*/nik' })
    expect(body).toMatchObject({ code: 'INPUT_INVALID', errors: [{ header: 'Mpp-Elements' }] })
    expect(body.errors?.[0]?.detail).toContain('/members/*/nik')
  })
})

describe('a case', () => {
  it.each([
    ['that nobody opened', async () => ask({ 'mpp-case': 'case_0123456789abcdefghijkl' }), 'CASE_UNKNOWN'],
    [
      "that is another organisation's",
      async () => ask({ ...as('health-desk'), 'mpp-case': await house.openCase({ members: [] }) }),
      'CASE_FOREIGN',
    ],
    [
      'that has ended',
      async () => {
        const visit = await house.openCase({ minutes: 1 })
        house.clock.leap(60_000)
        return ask({ 'mpp-case': visit })
      },
      'CASE_EXPIRED',
    ],
    [
      'of yesterday',
      async () => {
        const visit = await house.openCase()
        house.clock.leap(15 * 3_600_000) // from nine in the morning to midnight in Jakarta
        return ask({ 'mpp-case': visit })
      },
      'CASE_EXPIRED',
    ],
  ])('%s is refused by name', async (_, asked, reason) => {
    const { body } = await asked()
    expect(body).toMatchObject({
      status: 422,
      code: 'CASE_INVALID',
      reason,
      sent: 'no',
      errors: [{ header: 'Mpp-Case' }],
    })
  })

  it.each([
    ['a member that nobody knows', { members: ['health-desk', 'unknown-desk'] }, '/members/1'],
    ['a day and a minute', { minutes: 24 * 60 + 1 }, '/minutes'],
  ])('is not opened with %s', async (_, input, pointer) => {
    const { body } = await house.ask('/v1/cases', input)
    expect(body).toMatchObject({ status: 422, code: 'INPUT_INVALID', errors: [{ pointer }] })
  })
})

it('of all this, nothing has reached the agency or hurt the house', async () => {
  expect(house.dukcapil.calls).toEqual({})
  expect((await house.get('/health/ready', {})).status).toBe(200)
})
