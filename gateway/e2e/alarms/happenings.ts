/** For each alarm, how it comes about in a real house, and how that is mended. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { SubmissionState } from '#contracts/submission.ts'
import type { Agreement } from '#gateway/access/agreements.ts'
import { readSigningKey } from '#gateway/ledger/anchor.ts'
import type { AlarmCodeName } from '#gateway/ops/alarms/codes.ts'
import { connectRedis } from '#gateway/shared-data/redis.ts'
import { StoreUnavailable, type Store } from '#gateway/store/store.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { as, type House, type HouseOptions, memberOf, startHouse } from '#gateway/testing/house.ts'
import { muteDeskAdapter, deskAdapter, permitOrder, startOrderDesk } from '#gateway/testing/order-desk.ts'
import { ownRedis } from '#gateway/testing/redis.ts'
import { page, startScriptedAgency } from '#gateway/testing/scripted-agency.ts'
import { service } from '#gateway/testing/services.ts'
import { startReceiver } from '#gateway/testing/webhook-receiver.ts'
import { startDukcapil } from '../../../mocks/dukcapil/server.ts'

export interface Happening {
  /** What the alarm is about. */
  readonly source: string | RegExp
  /** The house in which it happens, told what is configured anyway. */
  start(usual: HouseOptions): Promise<House>
  /** It happens, and takes its time. */
  happens(house: House): Promise<unknown>
  /** What happens all the time while it is so. */
  goesOn?(house: House): Promise<unknown>
  /** It is mended. */
  mended(house: House): Promise<unknown>
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const lookup = (house: House, nik = '9999011501900001') => house.ask('/v1/residents/lookup', { nik })

async function lookups(house: House, count: number): Promise<void> {
  for (let asked = 0; asked < count; asked++) await lookup(house, `9999011501900${100 + asked}`)
}

const operator = { ...as('operations'), 'mpp-case': undefined, 'mpp-officer': 'o-90' }

const act = async (house: House, path: string, body: object): Promise<void> => {
  const { status, text } = await house.ask(path, { reason: 'sudah diperiksa', ...body }, operator)
  if (status >= 300) throw new Error(text)
}

/** A house whose one upstream is the population registry. */
const registry =
  (options: HouseOptions = {}) =>
  (usual: HouseOptions): Promise<House> =>
    startHouse({ ...options, ...usual, settings: { ...options.settings, ...usual.settings } })

const patientBreaker = { errorPercent: 100, minimumCalls: 1_000, openMs: 50 }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mpp-alarms-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store of which some calls fail while it is away. */
function leavingStore(names: readonly (keyof Store)[]) {
  let isAway = false
  return {
    leave: () => void (isAway = true),
    comeBack: () => void (isAway = false),
    wrapStore: (store: Store): Store =>
      new Proxy(store, {
        get: (target, name: keyof Store) =>
          isAway && names.includes(name) ? () => Promise.reject(new StoreUnavailable('away')) : target[name],
      }),
  }
}

// -- Agreements ------------------------------------------------------------------------------------------------------

function agreed(before: Partial<Agreement>, after: Partial<Agreement> = before) {
  const agreements = (changes: Partial<Agreement>) => [{ ...agreement({ id: 'pks-dukcapil' }), ...changes }]
  return registry({ agreements: agreements(before), readAgreements: () => agreements(after) })
}

const until = (instant: string): Partial<Agreement> => ({ validUntil: Date.parse(instant) })
const longer = until('2027-12-31T00:00:00+07:00')
const reload = (house: House) => house.ask('/v1/operator/reload', {}, operator)

// -- Orders ----------------------------------------------------------------------------------------------------------

async function orders(
  usual: HouseOptions,
  adapter: ReturnType<typeof deskAdapter>,
  options: HouseOptions = {},
): Promise<House & { readonly desk: Awaited<ReturnType<typeof startOrderDesk>> }> {
  const desk = await startOrderDesk()
  onTestFinished(() => desk.close())
  const house = await startHouse({
    agreements: [
      agreement({ upstream: 'desk', grants: { [permitOrder.id]: { 'skck.new': ['/permitNumber'] } } }),
    ],
    upstreams: [
      {
        id: 'desk',
        adapter,
        baseUrl: desk.url,
        config: {},
        policy: { deadlineMs: 500, retries: 0, breaker: patientBreaker },
      },
    ],
    delivery: { pollMs: 20 },
    ...options,
    ...usual,
    settings: { ...options.settings, ...usual.settings },
  })
  return { ...house, desk }
}

const desks = new WeakMap<House, Awaited<ReturnType<typeof startOrderDesk>>>()

const ordering =
  (adapter: () => ReturnType<typeof deskAdapter>, options: HouseOptions = {}) =>
  async (usual: HouseOptions): Promise<House> => {
    const house = await orders(usual, adapter(), options)
    desks.set(house, house.desk)
    return house
  }

const deskOf = (house: House) => desks.get(house)!

async function order(house: House): Promise<string> {
  const reply = await house.ask(
    permitOrder.path,
    { nik: '9999011501900001', text: 'LAPAK' },
    { 'idempotency-key': randomUUID() },
  )
  if (reply.status >= 300) throw new Error(reply.text)
  return (reply.body as { id: string }).id
}

const becomes = (house: House, id: string, state: SubmissionState) =>
  vi.waitFor(
    async () => {
      const is = (await house.store.findSubmission(id))?.state
      if (is !== state) throw new Error(`it is ${is}`)
    },
    { timeout: 20_000, interval: 20 },
  )

/** The one order that there is. */
async function resolveOrder(house: House): Promise<void> {
  const [row] = await house.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 1)
  await act(house, `/v1/operator/submissions/${row!.id}/resolve`, { outcome: 'rejected' })
}

const promisedOneHour = new Map([
  [
    'skck.new',
    service('skck.new', {
      time: {
        promised: { amount: 60, unit: 'workingMinutes' },
        source: { id: 'contoh', en: 'example' },
        toBeConfirmed: false,
      },
    }),
  ],
])

// -- The table -------------------------------------------------------------------------------------------------------

export const happenings: Readonly<Record<AlarmCodeName, () => Happening>> = {
  UPSTREAM_DOWN: () => ({
    source: 'dukcapil',
    start: registry({ upstreams: [{ policy: { breaker: patientBreaker } }] }),
    async happens(house) {
      house.dukcapil.setWeather('500')
      await lookups(house, 4)
    },
    async mended(house) {
      house.dukcapil.clearWeather()
      house.clock.leap(6 * minute)
      await lookups(house, 4)
    },
  }),

  UPSTREAM_UNREACHABLE() {
    let port = 0
    return {
      source: 'dukcapil',
      async start(usual) {
        port = await closedPort()
        return startHouse({
          ...usual,
          upstreams: [{ baseUrl: `http://127.0.0.1:${port}` }],
          probing: { idleMs: 20, lookEveryMs: 10 },
        })
      },
      async happens() {},
      async mended() {
        const agency = await startDukcapil({ port })
        onTestFinished(() => agency.close())
      },
    }
  },

  UPSTREAM_HELD: () => ({
    source: 'dukcapil',
    start: registry(),
    happens: house => act(house, '/v1/operator/upstreams/dukcapil/mode', { mode: 'held' }),
    mended: house => act(house, '/v1/operator/upstreams/dukcapil/mode', { mode: 'normal' }),
  }),

  UPSTREAM_MISCONFIGURED: () => ({
    source: 'dukcapil',
    start: registry(),
    async happens(house) {
      house.dukcapil.setWeather('wrong-password')
      await lookup(house)
    },
    async mended(house) {
      house.dukcapil.clearWeather()
      house.clock.leap(minute)
      await lookup(house)
    },
  }),

  CIRCUIT_OPEN_LONG: () => ({
    source: 'dukcapil',
    start: registry({
      upstreams: [{ policy: { breaker: { errorPercent: 50, minimumCalls: 3, openMs: 50 } } }],
    }),
    async happens(house) {
      house.dukcapil.setWeather('html')
      await lookups(house, 4)
    },
    goesOn: lookup,
    async mended(house) {
      house.dukcapil.clearWeather()
      await vi.waitFor(async () => {
        const { status } = await lookup(house)
        if (status !== 200) throw new Error(`it answers ${status}`)
      })
    },
  }),

  UPSTREAM_QUOTA_NEAR: () => ({
    source: 'dukcapil',
    start: registry({ upstreams: [{ quota: { perDay: 10 } }] }),
    happens: house => lookups(house, 9),
    mended: async house => house.clock.leap(day),
  }),

  UPSTREAM_QUOTA_SPENT: () => ({
    source: 'dukcapil',
    start: registry({ upstreams: [{ quota: { perDay: 3 } }] }),
    happens: house => lookups(house, 4),
    mended: async house => house.clock.leap(day),
  }),

  AGREEMENT_QUOTA_NEAR: () => ({
    source: 'pks-dukcapil',
    start: agreed({ quotas: [{ purpose: 'skck.new', perDay: 10 }] }),
    happens: house => lookups(house, 9),
    mended: async house => house.clock.leap(day),
  }),

  AGREEMENT_QUOTA_SPENT: () => ({
    source: 'pks-dukcapil',
    start: agreed({ quotas: [{ purpose: undefined, perDay: 2 }] }),
    happens: house => lookups(house, 3),
    mended: async house => house.clock.leap(day),
  }),

  DRIFT_CODES: () => ({
    source: 'dukcapil',
    async start(usual) {
      const agency = await startScriptedAgency()
      onTestFinished(() => agency[Symbol.asyncDispose]())
      agency.says(page({ RESPON: 'Sesuatu yang tak dikenal', RESPONSE_CODE: '7777' }))
      return startHouse({ ...usual, upstreams: [{ baseUrl: agency.url }] })
    },
    happens: house => lookups(house, 3),
    mended: async house => house.clock.leap(hour),
  }),

  DRIFT_TEXTS: () => ({
    source: 'dukcapil',
    start: registry(),
    async happens(house) {
      for (let asked = 0; asked < 2; asked++) await lookup(house, '9999015506820067')
    },
    mended: async house => house.clock.leap(hour),
  }),

  ORDERS_DEAD: () => ({
    source: 'desk',
    start: ordering(muteDeskAdapter, { delivery: { pollMs: 20, giveUpMs: minute } }),
    async happens(house) {
      deskOf(house).takes('quota')
      const id = await order(house)
      await vi.waitFor(
        async () => {
          house.clock.leap(2 * minute)
          if ((await house.store.findSubmission(id))?.state !== 'dead') throw new Error('not yet')
        },
        { timeout: 20_000, interval: 50 },
      )
    },
    mended: resolveOrder,
  }),

  ORDERS_UNCERTAIN: () => ({
    source: 'desk',
    start: ordering(muteDeskAdapter),
    async happens(house) {
      deskOf(house).takes('act-drop')
      await becomes(house, await order(house), 'uncertain')
      house.clock.leap(16 * minute)
    },
    mended: resolveOrder,
  }),

  ORDERS_OVERDUE: () => ({
    source: 'desk',
    start: ordering(deskAdapter, { settings: { services: promisedOneHour } }),
    async happens(house) {
      await becomes(house, await order(house), 'accepted')
      house.clock.leap(2 * hour)
    },
    async mended(house) {
      deskOf(house).finishesAll()
      const [row] = await house.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 1)
      await vi.waitFor(async () => {
        house.clock.leap(2_000)
        await becomes(house, row!.id, 'confirmed')
      })
    },
  }),

  AGREEMENT_ENDING: () => ({
    source: 'pks-dukcapil',
    start: agreed(until('2026-10-10T00:00:00+07:00'), longer),
    async happens() {},
    mended: reload,
  }),

  AGREEMENT_ENDED: () => ({
    source: 'pks-dukcapil',
    start: agreed(until('2026-09-21T10:00:00+07:00'), longer),
    happens: async house => house.clock.leap(hour),
    mended: reload,
  }),

  LEDGER_BEHIND() {
    const store = leavingStore(['appendLedger'])
    return {
      source: 'ledger',
      start: registry({ wrapStore: store.wrapStore }),
      async happens(house) {
        store.leave()
        await lookup(house)
      },
      async mended(house) {
        store.comeBack()
        await lookup(house)
      },
    }
  },

  ANCHORS_BEHIND() {
    let file = ''
    return {
      source: 'anchors',
      start(usual) {
        file = join(newFolder(), 'ledger.jsonl')
        mkdirSync(file) // where the file should be
        const signingKey = readSigningKey(Buffer.alloc(32, 'signing').toString('base64'))
        const anchors = { file, everyRows: 1, everySeconds: 3_600, signingKey, formerKeys: [] }
        return registry({ settings: { anchors } })(usual)
      },
      happens: house => lookup(house),
      async mended(house) {
        rmdirSync(file)
        await lookup(house)
      },
    }
  },

  STORE_AWAY() {
    const store = leavingStore(['readHouseState', 'putHouseState', 'countSubmissions', 'appendLedger'])
    return {
      source: 'store',
      start: registry({ wrapStore: store.wrapStore }),
      happens: async () => store.leave(),
      mended: async () => store.comeBack(),
    }
  },

  REDIS_AWAY() {
    const server = ownRedis()
    return {
      source: 'redis',
      async start(usual) {
        await server!.start()
        const redis = connectRedis(server!.url)
        onTestFinished(async () => {
          await redis.close()
          await server!.kill()
        })
        await vi.waitFor(() => {
          if (redis.state !== 'ready') throw new Error(redis.state)
        })
        return startHouse({ ...usual, redis })
      },
      happens: () => server!.kill(),
      mended: () => server!.start(),
    }
  },

  DISK_NEARLY_FULL() {
    let free = 90
    return {
      source: 'data',
      start: usual =>
        startHouse({
          ...usual,
          operations: {
            ...usual.operations,
            readDisk: async () => ({ bsize: 4_096, blocks: 100, bavail: free }),
          },
        }),
      happens: async () => (free = 4),
      mended: async () => (free = 50),
    }
  },

  CLOCK_SKEW() {
    let ahead = 0
    return {
      source: /^.+-[0-9a-f]{4}$/,
      start: registry({ aheadMs: () => ahead }),
      async happens(house) {
        await house.beat()
        ahead = 90_000
      },
      async mended(house) {
        ahead = 0
        await house.beat() // back is a leap too
        house.clock.leap(5 * minute)
      },
    }
  },

  GATEWAY_SILENT: () => ({
    source: 'mpp-02-dead',
    start: registry(),
    async happens(house) {
      // What one that was killed has left.
      const at = house.clock.now()
      const said = { gateway: 'mpp-02-dead', startedAt: at, at, view: { upstreams: [], conditions: [] } }
      const content = JSON.stringify(said)
      await house.store.putHouseState({ kind: 'gateway', id: 'mpp-02-dead', content })
      house.clock.leap(21_000)
    },
    mended: house => house.store.putHouseState({ kind: 'gateway', id: 'mpp-02-dead', content: null }),
  }),

  WEBHOOK_BEHIND() {
    let isAway = true
    return {
      source: 'front-office-orders',
      async start(usual) {
        const receiver = await startReceiver(() => (isAway ? 503 : 204))
        const webhooks = [
          { id: 'front-office-orders', url: receiver.url, secrets: [Buffer.alloc(32, 'secret')] },
        ]
        const members = [
          { ...memberOf('front-office', ['member']), webhooks },
          memberOf('health-desk', ['member']),
          memberOf('operations', ['operator']),
          memberOf('monitoring', ['monitor']),
        ]
        const house = await ordering(deskAdapter, { settings: { members } })(usual)
        await vi.waitFor(async () => {
          if (!(await house.store.readWebhook('front-office-orders'))) throw new Error('not begun')
        })
        return house
      },
      async happens(house) {
        await becomes(house, await order(house), 'accepted')
        house.clock.leap(16 * minute)
      },
      async mended(house) {
        isAway = false
        const [row] = await house.store.listSubmissions({}, Number.MAX_SAFE_INTEGER, 1)
        const [event] = await house.store.readSubmissionEvents(row!.id)
        await act(house, '/v1/operator/webhooks/front-office-orders/resend', { from: event!.id })
        await vi.waitFor(async () => {
          const { position = 0 } = (await house.store.readWebhook('front-office-orders')) ?? {}
          if (position < (await house.store.lastEventPosition())) throw new Error('it is behind')
        })
      },
    }
  },
}
