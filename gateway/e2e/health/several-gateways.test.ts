/** Each gateway sees agencies with its own eyes; on one database, each shows what all of them see. */
import { expect, it } from 'vitest'
import { as, type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'

const input = { nik: '9999011501900001' }
const often = { everyMs: 30 }
const patient = { timeout: 10_000 }

const health = async (house: House) =>
  (await house.get('/health/upstreams/dukcapil', as('operations'))).body as unknown as {
    state: string
    everywhere: object
    gateways: { gateway: string }[]
  }

async function ask(house: House, times: number): Promise<void> {
  for (let question = 0; question < times; question++) await house.ask('/v1/residents/lookup', input)
}

await describeWithPostgres('several gateways on one PostgreSQL', postgres => {
  const start = (databaseUrl: string, options: HouseOptions = {}) =>
    startHouse({ databaseUrl, heartbeat: often, upstreams: [{ policy: { retries: 0 } }], ...options })

  it('are shown one by one, together, and where they differ', async () => {
    const databaseUrl = postgres.newPlace()
    await using one = await start(databaseUrl)
    await using other = await start(databaseUrl)
    await ask(one, 6)
    other.dukcapil.setWeather('html')
    await ask(other, 4)

    const theirs = {
      state: 'down',
      attempts: 4,
      faults: 4,
      isSilent: false,
      lastSuccess: null,
      reachable: null,
    }
    await expect
      .poll(() => health(one), patient)
      .toMatchObject({
        state: 'ok',
        everywhere: { gateways: 2, silent: 0, attempts: 10, faults: 4, faultShare: 0.4, differ: true },
        gateways: [
          { state: 'ok', attempts: 6, faults: 0, ageMs: 0, circuit: 'closed' },
          { ...theirs, circuit: 'closed', ageMs: expect.any(Number) },
        ],
      })
    await expect
      .poll(() => health(other), patient)
      .toMatchObject({
        state: 'down',
        everywhere: { attempts: 10, faults: 4, differ: true },
        gateways: [{ state: 'down' }, { state: 'ok' }],
      })
    const names = (await health(one)).gateways.map(({ gateway }) => gateway)
    expect((await health(other)).gateways.map(({ gateway }) => gateway)).toEqual(names.toReversed())
  })

  it('are shown as silent when they say nothing more, and count no longer; one that ends is gone', async () => {
    const databaseUrl = postgres.newPlace()
    await using one = await start(databaseUrl)
    let isCutOff = false
    await using mute = await start(databaseUrl, {
      wrapStore: store => ({
        ...store,
        putHouseState: (...given) => (isCutOff ? Promise.resolve(true) : store.putHouseState(...given)),
      }),
    })
    await ask(one, 1)
    await ask(mute, 2)
    await expect.poll(() => health(one), patient).toMatchObject({ everywhere: { silent: 0, attempts: 3 } })
    isCutOff = true
    await expect
      .poll(() => health(one), patient)
      .toMatchObject({
        everywhere: { gateways: 2, silent: 1, attempts: 1 },
        gateways: [{ isSilent: false }, { isSilent: true, attempts: 2 }],
      })
    isCutOff = false
    await mute.close()
    await expect.poll(() => health(one), patient).toMatchObject({ everywhere: { gateways: 1, attempts: 1 } })
  })
})
