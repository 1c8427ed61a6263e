/**
 * The whole house for a test: a stand-in agency and the real gateway before it, on free ports, over real sockets, with a real
 * store in a folder of its own. `await using house = await startHouse()` closes it all at the end of the test.
 */
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Adapter, Policy } from '#contracts/adapter.ts'
import type { Agreement } from '#gateway/access/agreements.ts'
import type { Member, Role } from '#gateway/access/members.ts'
import type { Answer } from '#gateway/answer.ts'
import type { DeliverySettings } from '#gateway/delivery/delivery.ts'
import { createGateway, type OperationsSettings } from '#gateway/gateway.ts'
import { usualThresholds } from '#gateway/ops/alarms/conditions.ts'
import { createHttpServer } from '#gateway/http/http-server.ts'
import type { Problem } from '#gateway/http/problem.ts'
import { createLog } from '#gateway/log.ts'
import type { HeartbeatSettings } from '#gateway/ops/heartbeat.ts'
import type { ProberSettings } from '#gateway/ops/prober.ts'
import { noTracing, startTracing, type TraceSettings } from '#gateway/ops/tracing.ts'
import { weekdays } from '#gateway/services/calendar.ts'
import { readServices } from '#gateway/settings/read-services.ts'
import type { Settings } from '#gateway/settings/settings.ts'
import type { RedisClient } from '#gateway/shared-data/redis.ts'
import { openStore } from '#gateway/store/open.ts'
import type { Store } from '#gateway/store/store.ts'
import type { MaintenanceWindow } from '#gateway/upstream/maintenance.ts'
import type { RouteSettings } from '#gateway/upstream/routing.ts'
import type { Identities } from '#gateway/validate.ts'
import dukcapilAdapter from '../../adapters/dukcapil/adapter.ts'
import { credentials, type Dukcapil, startDukcapil } from '../../mocks/dukcapil/server.ts'
import { agreement } from './agreement.ts'
import { type Clock, createClock } from './clock.ts'
import { expectProblem } from './expect-problem.ts'
import { openFrom } from './services.ts'

export const ledgerKey = Buffer.alloc(32, 'ledger')

/** What agreements and authorisation speak of. */
export type MemberId = 'front-office' | 'health-desk'

/** Who runs the gateway, who reads its ledger, and who reads its figures. */
type Overseer = 'operations' | 'inspection' | 'monitoring'

export interface HouseOptions {
  /** One that grants the front office everything, sharing nothing, unless told. */
  readonly agreements?: readonly Agreement[]
  /** What a reload reads; the same ones unless told. */
  readonly readAgreements?: () => readonly Agreement[]
  /** Each the stand-in with the policy below where it says nothing else. */
  readonly upstreams?: readonly UpstreamOptions[]
  readonly routes?: readonly RouteSettings[]
  readonly identities?: Identities
  readonly trustedProxies?: readonly string[]
  readonly redis?: RedisClient
  readonly traces?: TraceSettings
  /** Over the usual settings. */
  readonly settings?: Partial<
    Pick<
      Settings,
      | 'mall'
      | 'calendar'
      | 'services'
      | 'members'
      | 'issuers'
      | 'keys'
      | 'anchors'
      | 'retention'
      | 'alarms'
      | 'board'
    >
  >
  /** PostgreSQL instead of a folder of its own. */
  readonly databaseUrl?: string
  /** One that stays, instead of a folder that goes with the house. */
  readonly dataFolder?: string
  /** Another clock than the house's, for the gateway and its store. */
  readonly now?: () => number
  /** How far the gateway's clock is ahead of its store's. */
  readonly aheadMs?: () => number
  readonly delivery?: Partial<DeliverySettings>
  readonly operations?: OperationsSettings
  readonly heartbeat?: Partial<HeartbeatSettings>
  readonly probing?: Partial<ProberSettings>
  /** Puts something between the gateway and its store. */
  readonly wrapStore?: (store: Store) => Store
}

interface UpstreamOptions {
  readonly id?: string
  readonly adapter?: Adapter
  readonly baseUrl?: string
  readonly config?: Readonly<Record<string, unknown>>
  readonly policy?: Partial<Policy>
  readonly timeZone?: string
  readonly quota?: { readonly perDay: number }
  readonly maintenance?: readonly MaintenanceWindow[]
  /** Orders that a person brings to the agency, the members whose officers do, and who looks after what cannot go on. */
  readonly assisted?: readonly string[]
  readonly assistedBy?: readonly MemberId[]
  readonly owner?: string
  readonly notices?: ReadonlySet<string>
  readonly inbound?: { readonly allowFrom?: readonly string[]; readonly config: object }
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** An answer, or a problem: every problem is checked to be a whole one. */
  readonly body: Partial<Answer> & Partial<Problem>
}

/** Over the usual ones; `undefined` takes a header away. */
export type HeaderChanges = Readonly<Record<string, string | undefined>>

export interface House {
  readonly url: string
  readonly dukcapil: Dukcapil
  /** Stands still until it is told to leap. */
  readonly clock: Clock
  readonly store: Store
  readonly dataFolder: string
  /** Every route of the app. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  /** Every line logged so far. */
  readonly log: readonly string[]
  /** Asks as the front office, at a counter, in a case that both members take part in. */
  ask(path: string, input: unknown, headers?: HeaderChanges, signal?: AbortSignal): Promise<Reply>
  /** As the front office unless told; figures as whoever monitors. */
  get(path: string, headers?: HeaderChanges): Promise<Reply>
  /** Looks at once at what it looks at every few seconds, and says what it sees. */
  beat(): Promise<void>
  /** A new case of the front office; its id. */
  openCase(options?: { readonly members?: readonly string[]; readonly minutes?: number }): Promise<string>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Patient enough for a slow machine; a test of time shortens the figure that it is about. */
const policy: Policy = {
  deadlineMs: 5_000,
  retries: 1,
  concurrency: 32,
  breaker: { errorPercent: 50, minimumCalls: 10, openMs: 30_000 },
}

const keyOf = (member: MemberId | Overseer): string => `mpp_test_key_of_the_${member}`

/** The header with which a member asks. */
export const as = (member: MemberId | Overseer) => ({ authorization: `Bearer ${keyOf(member)}` })

export async function startHouse(options: HouseOptions = {}): Promise<House> {
  const clock = createClock()
  const dukcapil = await startDukcapil()
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'mpp-house-'))
  const now = options.now ?? clock.now
  const store = await openStore({ dataFolder, databaseUrl: options.databaseUrl }, { ledgerKey, now })
  const log: string[] = []
  const writeLog = createLog({ write: line => log.push(line) })
  const tracing = options.traces ? await startTracing(options.traces, writeLog) : noTracing
  const gateway = createGateway({
    settings: settingsOf(options, dukcapil.url),
    store: options.wrapStore?.(store) ?? store,
    log: writeLog,
    redis: options.redis,
    tracing,
    now: () => now() + (options.aheadMs?.() ?? 0),
    ...(options.now ? {} : { elapsed: clock.now }),
    dataFolder,
    ...(options.delivery && { delivery: options.delivery }),
    ...(options.operations && { operations: options.operations }),
    ...(options.heartbeat && { heartbeat: options.heartbeat }),
    ...(options.probing && { probing: options.probing }),
  })
  await gateway.opened
  const server = createHttpServer(gateway.app.fetch, {
    connections: 2_000,
    stalledMs: 60_000,
    onRefused: gateway.onRefused,
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function send(
    method: string,
    path: string,
    headers: HeaderChanges,
    init: RequestInit = {},
  ): Promise<Reply> {
    const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const response = await fetch(`${url}${path}`, { ...init, method, headers: kept })
    const isStream = response.headers.get('content-type') === 'text/event-stream'
    if (isStream) await response.body!.cancel() // it never ends by itself
    const text = isStream ? '' : await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const body = isJson ? (JSON.parse(text) as Reply['body']) : {}
    if (response.status >= 400 && path !== '/health/ready') expectProblem(response, body)
    return { status: response.status, headers: response.headers, text, body }
  }

  async function openCase({
    members = ['health-desk'],
    minutes,
  }: { members?: readonly string[]; minutes?: number } = {}) {
    const opened = await send('POST', '/v1/cases', as('front-office'), {
      body: JSON.stringify({ members, minutes }),
    })
    return (opened.body as { id: string }).id
  }

  let usualCase: Promise<string> | undefined

  async function close() {
    server.closeAllConnections()
    server.close()
    await gateway.close()
    await store.close()
    await tracing.close()
    await dukcapil.close()
    if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true })
  }

  return {
    url,
    dukcapil,
    clock,
    store,
    dataFolder,
    routes: gateway.app.routes,
    log,
    async ask(path, input, headers = {}, signal) {
      const visit = 'mpp-case' in headers ? undefined : await (usualCase ??= openCase())
      const usual = {
        ...as('front-office'),
        'content-type': 'application/json',
        'mpp-case': visit,
        'mpp-purpose': 'skck.new',
        'mpp-counter': 'A-03',
        'mpp-officer': 'o-7f3a',
      }
      const body = typeof input === 'string' ? input : JSON.stringify(input)
      return send('POST', path, { ...usual, ...headers }, { body, ...(signal && { signal }) })
    },
    get: (path, headers = as(path === '/metrics' ? 'monitoring' : 'front-office')) =>
      send('GET', path, headers),
    openCase,
    beat: gateway.beat,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function settingsOf(
  {
    agreements = [agreement()],
    readAgreements = () => agreements,
    upstreams = [{}],
    routes = [],
    trustedProxies = [],
    identities = 'synthetic',
    settings,
  }: HouseOptions,
  agencyUrl: string,
): Settings {
  return {
    mall: { name: 'Mal Pelayanan Publik Contoh', timeZone: 'Asia/Jakarta', dayEnds: '24:00' },
    calendar: { timeZone: 'Asia/Jakarta', hours: openFrom(8, 16, weekdays.slice(0, 5)), holidays: [] },
    services: servicesOfTheHouse,
    identities,
    keys: {
      sealing: [{ id: 'test', key: Buffer.alloc(32, 'sealing') }],
      ledger: ledgerKey,
      pseudonyms: Buffer.alloc(32, 'pseudonyms'),
    },
    members: [
      memberOf('front-office', ['member']),
      memberOf('health-desk', ['member']),
      memberOf('operations', ['operator']),
      memberOf('inspection', ['auditor']),
      memberOf('monitoring', ['monitor']),
    ],
    issuers: [],
    anchors: undefined,
    alarms: { webhooks: [], repeatMinutes: 60, ...usualThresholds },
    retention: {},
    board: {},
    ...settings,
    upstreams: upstreams.map(
      ({
        id = 'dukcapil',
        adapter = dukcapilAdapter,
        baseUrl = agencyUrl,
        timeZone = 'Asia/Jakarta',
        config,
        policy: changes,
        quota,
        maintenance = [],
        assisted = [],
        assistedBy = [],
        owner,
        notices,
        inbound,
      }) => ({
        id,
        adapter,
        baseUrl,
        timeZone,
        maintenance,
        config: adapter.config.parse(config ?? dukcapilConfig),
        policy: { ...policy, ...changes },
        assisted: new Set(assisted),
        assistedBy: new Set(assistedBy),
        ...(owner !== undefined && { owner }),
        ...(quota && { quota }),
        ...(notices && { notices }),
        ...(inbound && {
          inbound: { allowFrom: inbound.allowFrom, config: adapter.inbound!.config.parse(inbound.config) },
        }),
      }),
    ),
    routes,
    trustedProxies,
    limits: { connections: 2_000 },
    agreements,
    readAgreements,
  }
}

const servicesOfTheHouse = readServices('.', undefined, {}, [])

/** A member with one key, with which `as` asks. */
export const memberOf = (id: MemberId | Overseer, roles: readonly Role[]): Member => ({
  id,
  name: id,
  roles,
  rateLimit: { requests: 100_000, seconds: 1 },
  keys: [{ id: 'test', sha256: hash('sha256', keyOf(id)), roles, expiresAt: Infinity }],
})

export const dukcapilConfig = {
  institution: credentials.institution,
  userId: credentials.user_id,
  password: credentials.password,
  clientIp: credentials.ip,
}
