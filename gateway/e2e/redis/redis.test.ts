import { expect, it } from 'vitest'
import { connectRedis } from '#gateway/shared-data/redis.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { type House, startHouse } from '#gateway/testing/house.ts'
import { describeWithOwnRedis } from '#gateway/testing/redis.ts'

describeWithOwnRedis('shared data in Redis', server => {
  const agreements = [agreement({ reuse: { scope: 'agreement', timeToLiveMs: 60_000 } })]

  const startGateway = async () => {
    const redis = connectRedis(server.url)
    await expect.poll(() => redis.state).toBe('ready')
    const house = await startHouse({ agreements, redis })
    return Object.assign(house, {
      async [Symbol.asyncDispose]() {
        await house.close()
        await redis.close()
      },
    })
  }

  const modeOf = async (house: House, nik: string) => {
    const { body } = await house.ask('/v1/residents/lookup', { nik })
    return body.provenance?.[''].mode ?? body.code
  }
  const warnings = async (house: House) => (await house.get('/health/ready', {})).text

  it('what one gateway fetched, another one reads', async () => {
    await using one = await startGateway()
    await using other = await startGateway()
    expect(await modeOf(one, '9999011501900001')).toBe('live')
    expect(await modeOf(other, '9999011501900001')).toBe('cached')
    expect(other.dukcapil.calls).toEqual({})
  })

  it('answers go on while Redis is away, and use it again when it is back', async () => {
    await using one = await startGateway()
    await using other = await startGateway()

    await server.kill()
    expect(await modeOf(one, '9999015203920003')).toBe('live')
    expect(await modeOf(one, '9999015203920003')).toBe('cached') // its own memory
    expect(await modeOf(other, '9999015203920003')).toBe('live')
    expect(await warnings(one)).toContain('Redis is away')
    expect((await one.get('/health/ready', {})).status).toBe(200)

    await server.start()
    await expect.poll(() => warnings(one)).not.toContain('Redis is away')
    await expect.poll(() => warnings(other)).not.toContain('Redis is away')
    expect(await modeOf(one, '9999010806150005')).toBe('live')
    expect(await modeOf(other, '9999010806150005')).toBe('cached')
  })

  it('a Redis that hangs holds nobody up for long', async () => {
    await using house = await startGateway()
    server.freeze()
    const startedAt = performance.now()
    expect(await modeOf(house, '9999016902240007')).toBe('live')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    server.thaw()
  })
})
