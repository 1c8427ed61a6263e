/** What anybody may read of the services, and what the start says of purposes that none has. */
import { describe, expect, it } from 'vitest'
import { serviceSchema, servicesSchema } from '#gateway/openapi/service-schemas.ts'
import type { PublicService } from '#gateway/services/views.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type House, startHouse } from '#gateway/testing/house.ts'
import { service } from '#gateway/testing/services.ts'

const openly = { authorization: undefined }
const read = async <Answer>(house: House, path: string, headers = {}): Promise<Answer> =>
  (await house.get(path, { ...openly, ...headers })).body as unknown as Answer

describe('the services of the mall', () => {
  it('are open to everyone, each as in the list, without what is not public', async () => {
    await using house = await startHouse()
    const { services } = servicesSchema.strict().parse(await read(house, '/v1/services'))
    expect(services.length).toBeGreaterThan(20)
    for (const one of services) {
      const alone = await read<PublicService>(house, `/v1/services/${one.code}`)
      expect(serviceSchema.strict().parse(alone)).toEqual(one)
      expect(Object.keys(alone)).not.toContain('legalBasis')
    }
  })

  it('say what they cost and how long they take, with the source, in the language asked for', async () => {
    await using house = await startHouse()
    const licence = await read<PublicService>(house, '/v1/services/driving-licence.renewal')
    expect(licence).toMatchObject({
      title: 'Perpanjangan SIM A atau SIM C',
      fee: { amounts: [{ rupiah: 80_000 }, { rupiah: 75_000 }], source: 'PP 76/2020' },
      time: { promised: { amount: 60, unit: 'workingMinutes' } },
    })
    expect(licence.toBeConfirmed).toContain('time')
    expect(licence.toBeConfirmed).toContain('procedure') // nobody knows it
    expect(licence.procedure).toBeNull()
    expect(licence.toBeConfirmed).not.toContain('fee')
    const english = await read<PublicService>(house, '/v1/services/driving-licence.renewal', {
      'accept-language': 'en',
    })
    expect(english).toMatchObject({ agency: { name: 'Indonesian National Police' } })
    expect(english.version).toBe(licence.version)
  })

  it('are sent once: whoever has them is told that they are the same', async () => {
    await using house = await startHouse()
    for (const path of ['/v1/services', '/v1/services/skck.new']) {
      const first = await house.get(path, openly)
      expect(first.headers.get('vary')).toBe('Accept-Language')
      expect(first.headers.get('content-language')).toBe('id')
      const etag = first.headers.get('etag')!
      const again = await house.get(path, { ...openly, 'if-none-match': `"another", W/${etag}` })
      expect(again).toMatchObject({ status: 304, text: '' })
      expect(again.headers.get('etag')).toBe(etag)
      const english = await house.get(path, { ...openly, 'if-none-match': etag, 'accept-language': 'en' })
      expect(english.status).toBe(200)
    }
  })

  it.each(['/v1/services/skck', '/v1/services/SKCK.NEW', '/v1/services/__proto__', '/v1/services/%2e%2e'])(
    'that are none are unknown: %s',
    async path => {
      await using house = await startHouse()
      const { body } = await house.get(path, openly)
      expect(body).toMatchObject({ status: 404, code: 'ROUTE_UNKNOWN' })
    },
  )

  it('say where to look for one that there is', async () => {
    await using house = await startHouse()
    const { body } = await house.get('/v1/services/skck', openly)
    expect(body.detail).toBe('no such service: GET /v1/services lists them')
  })

  it('are those of the mall where it has its own', async () => {
    await using house = await startHouse({
      settings: { services: new Map([['stall.permit', service('stall.permit')]]) },
    })
    expect(await read(house, '/v1/services', { 'accept-language': 'en' })).toMatchObject({
      services: [{ code: 'stall.permit', title: 'Service stall.permit', requirements: null }],
    })
  })
})

describe('a purpose that no service has', () => {
  const research = agreement({
    grants: { 'resident.lookup': { research: ['/fullName'], 'skck.new': ['/nik'] } },
  })
  const warnings = (house: House) =>
    house.log
      .filter(line => line.includes('purposes that no service has'))
      .map(line => JSON.parse(line) as object)

  it('is told to the log, at the start and when the agreements are read anew', async () => {
    let current = [research]
    await using house = await startHouse({ agreements: [research], readAgreements: () => current })
    expect(warnings(house)).toEqual([expect.objectContaining({ level: 40, purposes: ['research'] })])
    const reload = () => house.ask('/v1/operator/reload', {}, as('operations'))
    expect((await reload()).status).toBe(200)
    expect(warnings(house)).toHaveLength(2)
    current = [agreement()]
    expect((await reload()).status).toBe(200)
    expect(warnings(house)).toHaveLength(2)
  })

  it('is served all the same', async () => {
    await using house = await startHouse({ agreements: [research] })
    const { status } = await house.ask(
      '/v1/residents/lookup',
      { nik: '9999011501900001' },
      { 'mpp-purpose': 'research' },
    )
    expect(status).toBe(200)
  })
})
