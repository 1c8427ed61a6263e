import { setTimeout } from 'node:timers/promises'
import { beforeEach, expect, it } from 'vitest'
import { createPseudonyms } from '#gateway/pseudonym.ts'
import type { RedisClient } from '#gateway/shared-data/redis.ts'
import { type Store, StoreUnavailable } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, ledgerKey, startHouse } from '#gateway/testing/house.ts'
import { createMemoryStore } from '#gateway/testing/memory-store.ts'
import { describeWithOwnRedis } from '#gateway/testing/redis.ts'
import { budi, erase, modeOf, siti, startCable, startGateway } from './gateways.ts'

const hashOf = (nik: string) =>
  createPseudonyms(Buffer.alloc(32, 'pseudonyms')).subject({ type: 'nik', value: nik })

describeWithOwnRedis('erasing a person', server => {
  let store: Store

  beforeEach(async () => {
    store = createMemoryStore(ledgerKey)
    await server.kill()
    await server.start() // empty
  })

  it('reaches every gateway, Redis and the notices, is on record, and leaves others alone', async () => {
    await using one = await startGateway({ store, redisUrl: server.url })
    await using other = await startGateway({ store, redisUrl: server.url })
    for (const nik of [budi, siti]) {
      expect(await modeOf(one, nik)).toBe('live')
      expect(await modeOf(other, nik)).toBe('cached')
    }
    await store.keepNotice(noticeAbout(budi))

    const { status, body } = await erase(one, budi)
    expect(status).toBe(200)
    expect(body).toEqual({
      erasedAt: expect.any(String),
      destroyed: { notices: 1, orders: 0 },
      open: {},
      pending: [],
      auditId: expect.any(String),
    })
    expect(await modeOf(other, siti)).toBe('cached')
    expect(await modeOf(other, budi)).toBe('live')
    expect(await modeOf(one, budi)).toBe('cached') // what the other has fetched since
    expect(await store.readSealed(0, 10)).toEqual([])

    const rows = await store.findLedger({ subject: hashOf(budi) }, 0, 100)
    const act = rows.find(({ id }) => id === body.auditId)!
    expect(JSON.parse(act.content!)).toMatchObject({
      kind: 'act',
      act: 'subject.erase',
      member: 'operations',
      officer: 'o-7f3a',
      identity: 'asserted',
      reason: 'subject request granted',
      reference: 'PDP/2026/0007',
    })
    expect(act.content + one.log.join('')).not.toContain(budi)
  })

  it('erases what is about several people for any of them', async () => {
    await using house = await startGateway({ store, redisUrl: server.url })
    const family = async () => {
      const { body } = await house.ask('/v1/families/lookup', { familyCardNumber: '9999010101200001' })
      return body.provenance?.[''].mode ?? body.code
    }
    expect([await family(), await family()]).toEqual(['live', 'cached'])
    await erase(house, siti)
    expect(await family()).toBe('live')
  })

  it('holds in a gateway that is cut off from Redis, and in one whose connection is dead without knowing', async () => {
    await using cable = await startCable(server.url)
    await using deadCable = await startCable(server.url)
    await using one = await startGateway({ store, redisUrl: server.url })
    await using cutOff = await startGateway({ store, redisUrl: cable.url })
    await using unaware = await startGateway({ store, redisUrl: deadCable.url })
    expect(await modeOf(one, budi)).toBe('live')
    for (const house of [cutOff, unaware]) expect(await modeOf(house, budi)).toBe('cached')

    cable.cut()
    deadCable.freeze()
    for (const house of [cutOff, unaware]) expect(await modeOf(house, budi)).toBe('cached')
    expect((await erase(one, budi)).status).toBe(200)
    for (const house of [cutOff, unaware]) expect(await modeOf(house, budi)).toBe('live')
    deadCable.cut() // else the end waits for it
  })

  it('says that a frozen Redis was not reached, serves none of it meanwhile, and removes it later', async () => {
    await using one = await startGateway({ store, redisUrl: server.url })
    await using other = await startGateway({ store, redisUrl: server.url })
    expect(await modeOf(one, budi)).toBe('live')
    expect(await modeOf(other, budi)).toBe('cached')
    server.freeze()
    expect((await erase(one, budi)).body).toMatchObject({ pending: ['redis'] })
    expect(await modeOf(other, budi)).toBe('live')
    server.thaw()
    await expect.poll(() => server.countKeys(), { timeout: 15_000 }).toBe(0)
    expect((await erase(one, budi)).body).toMatchObject({ pending: [] })
  }, 30_000)

  it('is finished by the next gateway, where the one that began it ended before Redis was back', async () => {
    const wrapRedis = (redis: RedisClient): RedisClient => ({
      get state() {
        return redis.state
      },
      get: redis.get,
      set: redis.set,
      removeTagged: async () => false,
      close: redis.close,
    })
    const first = await startGateway({ store, redisUrl: server.url, wrapRedis })
    expect(await modeOf(first, budi)).toBe('live')
    expect((await erase(first, budi)).body).toMatchObject({ pending: ['redis'] })
    await first.close()
    expect(await server.countKeys()).toBe(2)

    const unableToRemove = await startGateway({ store, redisUrl: server.url, wrapRedis })
    expect(await modeOf(unableToRemove, budi), 'it lies in Redis still').toBe('live')
    await unableToRemove.close()

    await using able = await startGateway({ store, redisUrl: server.url })
    await expect.poll(() => server.countKeys()).toBe(0)
    expect(await modeOf(able, budi)).toBe('live')
  })

  it('is not undone by an answer that was on its way', async () => {
    await using one = await startGateway({ store, redisUrl: server.url })
    await using other = await startGateway({ store, redisUrl: server.url })
    other.dukcapil.setWeather('slow=2500')
    const onItsWay = modeOf(other, budi)
    await expect.poll(() => other.dukcapil.calls).toEqual({ lookup: 1 })
    await erase(one, budi)
    expect(await onItsWay).toBe('live')
    expect(await modeOf(one, budi)).toBe('live')
    expect(await server.countKeys(), 'of the second answer').toBe(2)
  })

  it('takes away what would have stood in for an agency that fails', async () => {
    await using house = await startGateway({
      store,
      redisUrl: server.url,
      upstreams: [{ policy: { deadlineMs: 2_500, retries: 0 } }],
    })
    expect(await modeOf(house, budi)).toBe('live')
    house.clock.leap(120_000)
    house.dukcapil.setWeather('hang')
    expect(await modeOf(house, budi)).toBe('stale')
    const asked = modeOf(house, budi)
    await expect.poll(() => house.dukcapil.calls).toEqual({ lookup: 3 })
    await erase(house, budi)
    expect(await asked).toBe('UPSTREAM_TIMEOUT')
  })

  it('is refused to members, to nonsense, and where it cannot be remembered', async () => {
    const forgetful: Store = {
      ...store,
      keepErasure: () => Promise.reject(new StoreUnavailable('the disk is full')),
    }
    await using house = await startHouse({ wrapStore: () => forgetful })
    const asMember = await house.ask('/v1/subjects/erase', { nik: budi, reason: 'a', reference: 'b' })
    expect(asMember.body).toMatchObject({ code: 'NOT_GRANTED', reason: 'ROLE_MISSING' })
    const nonsense = await house.ask('/v1/subjects/erase', { nik: '12', reason: '' }, as('operations'))
    expect(nonsense.body.errors!.map(({ pointer }) => pointer)).toEqual(['/nik', '/reason', '/reference'])
    const byNobody = await house.ask(
      '/v1/subjects/erase',
      { nik: budi, reason: 'a', reference: 'b' },
      { ...as('operations'), 'mpp-officer': undefined },
    )
    expect(byNobody.body).toMatchObject({ code: 'CONTEXT_MISSING' })
    expect((await erase(house, budi)).body).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('works without Redis, in the one gateway', async () => {
    const reuse = { scope: 'agreement', timeToLiveMs: 60_000 } as const
    await using house = await startHouse({ agreements: [agreement({ reuse })] })
    expect([await modeOf(house, budi), await modeOf(house, budi)]).toEqual(['live', 'cached'])
    expect((await erase(house, budi)).body).toMatchObject({ pending: [] })
    expect(await modeOf(house, budi)).toBe('live')
    await setTimeout(1_100) // so that the gateway asks its store again
    expect(await modeOf(house, budi)).toBe('cached')
  })
})

const noticeAbout = (nik: string) => ({
  id: 'notice-1',
  upstream: 'market',
  notice: 'stall.opened',
  receivedAt: 1,
  subjects: [hashOf(nik)],
  fingerprint: 'one',
  sealed: Buffer.from([1, 1, 107, 0]),
})
