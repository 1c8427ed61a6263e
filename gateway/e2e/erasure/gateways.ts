/** Gateways that share a store and a Redis, as they stand behind one load balancer. */
import { expect } from 'vitest'
import { connectRedis, type RedisClient } from '#gateway/shared-data/redis.ts'
import type { Store } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { as, type HeaderChanges, type House, type HouseOptions, startHouse } from '#gateway/testing/house.ts'
import { startTcpProxy } from '#gateway/testing/tcp-proxy.ts'

export const budi = '9999011501900001'
/** Of Budi's family. */
export const siti = '9999015203920003'

const agreements = [agreement({ reuse: { scope: 'agreement', timeToLiveMs: 60_000, staleMs: 600_000 } })]

export interface GatewayOptions extends HouseOptions {
  readonly store: Store
  readonly redisUrl: string
  /** Puts something between the gateway and Redis. */
  readonly wrapRedis?: (redis: RedisClient) => RedisClient
}

export async function startGateway({
  store,
  redisUrl,
  wrapRedis,
  ...options
}: GatewayOptions): Promise<House> {
  const redis = connectRedis(redisUrl)
  await expect.poll(() => redis.state, { timeout: 10_000 }).toBe('ready')
  const house = await startHouse({
    agreements,
    wrapStore: () => store,
    redis: wrapRedis?.(redis) ?? redis,
    ...options,
  })
  const closeHouse = house.close
  const close = async () => {
    await closeHouse()
    await redis.close()
  }
  return Object.assign(house, { close, [Symbol.asyncDispose]: close })
}

/** How a gateway comes by its answer about somebody; the code, when there is none. */
export async function modeOf(house: House, nik: string, headers?: HeaderChanges) {
  const { body } = await house.ask('/v1/residents/lookup', { nik }, headers)
  return body.provenance?.[''].mode ?? body.code
}

export const erase = (house: House, nik: string) =>
  house.ask(
    '/v1/subjects/erase',
    { nik, reason: 'subject request granted', reference: 'PDP/2026/0007' },
    as('operations'),
  )

/** A way to Redis that can be cut or go dead. */
export async function startCable(redisUrl: string) {
  const { hostname, port } = new URL(redisUrl)
  const proxy = await startTcpProxy(hostname, Number(port))
  return { ...proxy, url: `redis://127.0.0.1:${proxy.port}`, [Symbol.asyncDispose]: proxy.close }
}
