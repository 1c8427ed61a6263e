/**
 * Hostile requests to every route that the app has, whatever the weather at the agencies. Bounded and seeded: the seed is
 * printed, `MPP_FUZZ_SEED` plays a run again, and `MPP_FUZZ_RUNS` makes it longer.
 */
import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { capabilities, submissions } from '#contracts/capabilities.ts'
import type { InboundOutcome } from '#contracts/adapter.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { expectProblem } from '#gateway/testing/expect-problem.ts'
import { as, dukcapilConfig, type House, startHouse } from '#gateway/testing/house.ts'
import { noticesOf } from '#gateway/upstream/upstream.ts'
import oss from '../../../adapters/oss/adapter.ts'
import ossFixtures from '../../../adapters/oss/fixtures.json' with { type: 'json' }
import polri from '../../../adapters/polri/adapter.ts'
import { credentials as ossCredentials, startOss } from '../../../mocks/oss/server.ts'
import { credentials as polriCredentials, startPolri } from '../../../mocks/polri/server.ts'
import { exchange, type Sent } from './exchange.ts'
import { hostileRequest, type Target } from './hostile.ts'

const seed = Number(process.env['MPP_FUZZ_SEED'] ?? randomInt(2 ** 31))
const runs = Number(process.env['MPP_FUZZ_RUNS'] ?? 1_500)

/** The agency's key for us, when it calls. */
const inboundKey = 'kunci-kenari-oss'
const secrets = [dukcapilConfig.password, ossCredentials.user_key, polriCredentials.password, inboundKey]
const birds = new RegExp(['9999015508880088', 'kenari', 'mpp_test_key', ...secrets].join('|'), 'i')

/** Short enough to wait for, again and again. */
const policy = { deadlineMs: 150, retries: 1, breaker: { errorPercent: 50, minimumCalls: 10, openMs: 10 } }

const bad = [
  'reset',
  'truncated',
  'html',
  'empty',
  'hang',
  'slow=20',
  '401',
  '404',
  '408',
  '429',
  '500',
  '503',
]
const weathers = [...bad, ...Array.from({ length: 20 }, () => undefined)]

type Agency =
  | Awaited<ReturnType<typeof startOss>>
  | Awaited<ReturnType<typeof startPolri>>
  | House['dukcapil']

let house: House
let agencies: readonly Agency[]
let targets: readonly Target[]

beforeAll(async () => {
  const [business, police] = await Promise.all([startOss(), startPolri()])
  house = await startHouse({
    agreements: ['dukcapil', 'oss', 'polri'].flatMap(upstream => [
      agreement({ upstream, reuse: { scope: 'case', timeToLiveMs: 1_000, staleMs: 60_000 } }),
    ]),
    upstreams: [
      { policy },
      {
        id: 'oss',
        adapter: oss,
        baseUrl: business.url,
        config: { userKey: ossCredentials.user_key },
        policy,
        inbound: { config: { scheme: 'user_key', key: inboundKey } },
      },
      { id: 'polri', adapter: polri, baseUrl: police.url, config: polriCredentials, policy },
    ],
    routes: [{ capability: 'resident.lookup', upstreams: ['dukcapil', 'polri'] }],
  })
  agencies = [house.dukcapil, business, police]
  targets = await targetsOf(house)
})

afterAll(async () => {
  await house.close()
  for (const agency of agencies.slice(1)) await agency.close()
})

it(
  `finds no fault, no crash, no hang and no leak (MPP_FUZZ_SEED=${seed} MPP_FUZZ_RUNS=${runs})`,
  { timeout: 60_000 + runs * 100 },
  async () => {
    console.info(`fuzz: MPP_FUZZ_SEED=${seed} MPP_FUZZ_RUNS=${runs}`)
    const usual = {
      'content-type': 'application/json',
      'mpp-case': openCase,
      'mpp-purpose': 'skck.new',
      'mpp-counter': 'A-03',
      'mpp-officer': 'o-7f3a',
      user_key: inboundKey,
    }
    const request = hostileRequest(targets, usual, callers, furtherHeaders)
    const sky = fc.record({ weather: fc.constantFrom(...weathers), agency: fc.nat({ max: 2 }) })
    const seen = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(request, sky, async (sent, { weather, agency }) => {
        const isFair = weather === undefined
        agencies[agency]!.setWeather(weather ?? 'slow=0')
        const status = await expectOrder(sent)
        seen.set(status, (seen.get(status) ?? 0) + 1)
        agencies[agency]!.clearWeather()
        house.clock.leap(isFair ? 20 : 61_000) // a hold of an agency that refused us ends after a minute
      }),
      { seed, numRuns: runs },
    )
    console.info('fuzz: answers by status', Object.fromEntries(seen))

    const after = await Promise.all(
      ['/metrics', '/health/ready', '/health/upstreams'].map(path => house.get(path)),
    )
    for (const { status, text } of after) {
      expect(status).toBe(200)
      expect(text).not.toMatch(birds)
    }
  },
)

/** Sends it, and holds the answer against what every answer must be; its status. */
async function expectOrder(sent: Sent): Promise<number> {
  const logged = house.log.length
  const response = await exchange(house.url, await inOpenCase(sent))
  const { status, headers } = response
  const text = await response.text()

  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-powered-by')).toBeNull()
  expect(status).not.toBe(500)
  const isReadiness = sent.path.startsWith('/health/ready')
  const isInbound = !headers.get('content-type')?.includes('problem') && sent.path.startsWith('/inbound/')
  const isPage = sent.path.startsWith('/ops') && headers.get('content-type')?.startsWith('text/html') // for people
  if (isInbound) expect(agencyAnswers).toContain(text)
  else if (status >= 400 && sent.method !== 'HEAD' && !isReadiness && !isPage)
    expectProblem(response, JSON.parse(text))
  if (isInbound || status >= 400) expect(text + JSON.stringify([...headers])).not.toMatch(birds)

  const lines = house.log.slice(logged).join('')
  expect(lines).not.toMatch(birds)
  expect(lines).not.toMatch(/"level":50|"fault"|INTERNAL_ERROR/)
  return status
}

// -- What is sent where ---------------------------------------------------------------------------------------------

const byRole: Readonly<Record<string, string>> = {
  member: as('front-office').authorization,
  operator: as('operations').authorization,
  auditor: as('inspection').authorization,
}

const callers = [
  ...Object.values(byRole),
  as('health-desk').authorization,
  'Bearer kenari-sandi-77',
  'Basic a2VuYXJpOmtlbmFyaQ==',
  'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJrZW5hcmkifQ.',
  undefined,
]

const furtherHeaders = [
  'accept',
  'accept-language',
  'content-encoding',
  'content-type',
  'expect',
  'forwarded',
  'idempotency-key',
  'if-none-match',
  'mpp-elements',
  'mpp-case',
  'mpp-unknown',
  'origin',
  'prefer',
  'range',
  'traceparent',
  'transfer-encoding-x',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-http-method-override',
]

/** Stands for a case that is open when the request is sent. */
const openCase = '<an open case>'
let visit: { readonly id: string; readonly openedAt: number } | undefined

async function inOpenCase(sent: Sent): Promise<Sent> {
  if (sent.headers['mpp-case'] !== openCase) return sent
  const now = house.clock.now()
  if (!visit || now > visit.openedAt + 30 * 60_000) visit = { id: await house.openCase(), openedAt: now }
  return { ...sent, headers: { ...sent.headers, 'mpp-case': visit.id } }
}

const outcomes: readonly InboundOutcome[] = ['stored', 'unverified', 'unreadable', 'unavailable']
const agencyAnswers = noticesOf(oss).flatMap(({ specification }) =>
  outcomes.map(outcome => JSON.stringify(specification.answer(outcome).body)),
)

interface Documented {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> }
  readonly security?: readonly { readonly apiKey?: readonly string[] }[]
}

/**
 * Every route of the app. What it takes, and from whom, is what the API's own document says; what an agency sends stands in
 * its fixtures. A route that is documented nowhere gets what the others take.
 */
async function targetsOf({ routes, get }: House): Promise<Target[]> {
  const { paths } = JSON.parse((await get('/openapi.json')).text) as {
    paths: Record<string, Record<string, Documented>>
  }
  const examples = Object.values({ ...capabilities, ...submissions }).map(({ example }) => example.input)
  const parameters = Object.assign({}, ...examples) as Record<string, string>
  return routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => {
      const documented = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      const example = documented?.requestBody?.content['application/json']?.example
      const usual = example === undefined ? [{}, ...examples] : [example]
      const bodies = path.startsWith('/inbound/') ? ossFixtures.inbound.map(({ body }) => body) : usual
      const role = documented?.security?.flatMap(({ apiKey = [] }) => apiKey)[0] ?? 'member'
      return { method, path, parameters, bodies, caller: byRole[role]! }
    })
}
