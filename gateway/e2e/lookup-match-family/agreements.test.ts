import { describe, expect, it } from 'vitest'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, startHouse } from '#gateway/testing/house.ts'

const input = { nik: '9999011501900001' }
const second = 1_000

describe('what no agreement grants', () => {
  it.each([
    ['an element', { 'mpp-elements': '/fullName,/motherName' }, 'ELEMENT_NOT_GRANTED'],
    ['a purpose', { 'mpp-purpose': 'family-card.change' }, 'PURPOSE_NOT_GRANTED'],
    ['a member', as('health-desk'), 'AGREEMENT_MISSING'],
  ])('%s is refused with a reason, and nothing is sent', async (_, headers, reason) => {
    const grants = { 'resident.lookup': { 'skck.new': ['/nik', '/fullName'] } }
    await using house = await startHouse({ agreements: [agreement({ grants })] })
    const { status, body } = await house.ask('/v1/residents/lookup', input, headers)
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'NOT_GRANTED', reason, source: 'gateway', sent: 'no', sources: [] })
    expect(house.dukcapil.calls).toEqual({})
  })

  it('names the ungranted element by its contract path', async () => {
    const grants = { 'resident.lookup': { 'skck.new': ['/nik', '/fullName'] } }
    await using house = await startHouse({ agreements: [agreement({ grants })] })
    const { body } = await house.ask('/v1/residents/lookup', input, {
      'mpp-elements': '/fullName,/motherName',
    })
    expect(body.errors).toEqual([{ pointer: '/motherName', detail: 'not granted for this purpose' }])
  })

  it('a capability is refused as such', async () => {
    const grants = { 'resident.lookup': { 'skck.new': ['/nik', '/fullName'] } }
    await using house = await startHouse({ agreements: [agreement({ grants })] })
    const { body } = await house.ask('/v1/residents/match', input)
    expect(body).toMatchObject({ code: 'NOT_GRANTED', reason: 'CAPABILITY_NOT_GRANTED', sent: 'no' })
  })
})

describe('the term of an agreement', () => {
  it('begins and ends at the second', async () => {
    const start = Date.parse('2026-09-21T09:00:00+07:00')
    const term = { validFrom: start + 10 * second, validUntil: start + 20 * second }
    await using house = await startHouse({ agreements: [agreement(term)] })
    const reasonNow = async () => {
      const { status, body } = await house.ask('/v1/residents/lookup', input)
      return body.reason ?? status
    }
    house.clock.leap(10 * second - 1)
    expect(await reasonNow()).toBe('AGREEMENT_NOT_YET_VALID')
    house.clock.leap(1)
    expect(await reasonNow()).toBe(200)
    house.clock.leap(10 * second - 1)
    expect(await reasonNow()).toBe(200)
    house.clock.leap(1)
    expect(await reasonNow()).toBe('AGREEMENT_EXPIRED')
  })

  it('ends while the agency is being asked: nothing is shown, and the caller learns that the question was sent', async () => {
    const validUntil = Date.parse('2026-09-21T09:00:00+07:00') + second
    await using house = await startHouse({ agreements: [agreement({ validUntil })] })
    house.dukcapil.setWeather('slow=700')
    const asking = house.ask('/v1/residents/lookup', input)
    await expect.poll(() => house.dukcapil.calls).toEqual({ lookup: 1 })
    house.clock.leap(second)
    const { body, text } = await asking
    expect(body).toMatchObject({ code: 'NOT_GRANTED', reason: 'AGREEMENT_EXPIRED', sent: 'yes' })
    expect(text).not.toContain('WARGA CONTOH')
  })
})
