/**
 * What the documentation names is there. Between backticks, `npm run …` is a script, `GET /v1/…` and `/v1/…` are routes, `mpp_…`
 * is a metric, `ledger.anchors` (a key of gateway.yaml and what is below it) a setting, and capitals are a code of the program.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { submissionStates } from '#contracts/submission.ts'
import { createMetrics } from '#gateway/ops/metrics.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { guides, pages, readPage, root } from './pages.ts'

it.each(pages)('$file: every npm script is one', ({ text }) => {
  const named = [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, script]) => script!)
  expect(named.filter(script => !(script in packageJson.scripts))).toEqual([])
})

/** Each route as a pattern that an address, or a way of writing it, fits. */
let routes: readonly { readonly method: string; readonly pattern: RegExp }[]

beforeAll(async () => {
  const { adapters } = await discoverAdapters(join(root, 'adapters'))
  const configs: Readonly<Record<string, object>> = {
    oss: { userKey: 'kunci' },
    polri: { username: 'mpp', password: 'sandi' },
  }
  const others = Object.entries(configs).map(([id, config]) => ({
    id,
    adapter: adapters.get(id)!,
    config: { ...config },
    ...(id === 'oss' && { inbound: { config: { username: 'oss', password: 'sandi' } } }),
  }))
  const lookups = { capability: 'resident.lookup', upstreams: ['dukcapil', 'polri'] }
  await using house = await startHouse({ upstreams: [{}, ...others], routes: [lookups] })
  routes = house.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) }))
})

const isRoute = (address: string, method?: string): boolean =>
  routes.some(route => (method === undefined || route.method === method) && route.pattern.test(address))

it.each(guides)('$file: every route is one', ({ spans, blocks }) => {
  const addresses = spans.flatMap(span => {
    const [, method, address] = /^(?:(GET|POST|PUT|PATCH|DELETE) )?(\/[^\s?…]*)(?:\?\S*)?$/.exec(span) ?? []
    const isMeant = method !== undefined || /^\/(v1|health)\//.test(address ?? '')
    return address !== undefined && isMeant ? [{ method, address }] : []
  })
  const called = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => [...text.matchAll(/(?<=[\w}] ?)\/(?:v1|health)\/[\w/{}$.-]+/g)])
    .filter(([address]) => !/\$\d/.test(address)) // a function's: how it goes on stands where it is called
    .map(([address]) => ({ method: undefined, address }))
  const unknown = [...addresses, ...called].filter(({ method, address }) => !isRoute(address, method))
  expect(unknown).toEqual([])
})

it.each(pages)('$file: every metric is one', async ({ text }) => {
  const metrics = await createMetrics([]).text()
  const known = new Set([...metrics.matchAll(/^# HELP (\w+)/gm)].map(([, name]) => name!))
  const named = [...text.matchAll(/\bmpp_[a-z_]+/g)].map(([name]) => name)
  const unknown = named
    .filter(name => !name.startsWith('mpp_demo_'))
    .filter(name => !known.has(name) && !known.has(name.replace(/_(bucket|count|sum)$/, '')))
  expect(unknown).toEqual([])
})

/** As the generated reference has them, which a test of its own keeps fresh. */
const settings = new Set(
  [...readPage('docs/configuration.md').text.matchAll(/^\| `([^`]+)`/gm)].map(([, key]) => key!),
)

it.each(guides)('$file: every setting is one', ({ spans }) => {
  const tops = new Set([...settings].filter(key => key.includes('.')).map(key => key.split('.')[0]!))
  const named = spans
    .filter(span => /^[a-z]\w*(\.(\w+|<\w+>)(\[\d*\])?)+$/i.test(span) && tops.has(span.split('.')[0]!))
    .filter(span => !/\.(yaml|json|ts)$/.test(span))
  const unknown = named.filter(span => {
    const key = span.replace(/^(members|upstreams)\.[\w<>-]+/, '$1.<id>').replaceAll(/\[\d*\]/g, '[]')
    return !settings.has(key) && ![...settings].some(other => other.startsWith(`${key}.`))
  })
  expect(unknown).toEqual([])
})

/** Words in capitals that stand in the program itself, beside its comments and tests. */
const codes = new Set([
  ...Object.keys(submissionStates).map(state => state.toUpperCase()), // the reason of SUBMISSION_UNDER_WAY
  'NODE_EXTRA_CA_CERTS', // Node's own
  ...globSync('{contracts,adapters,gateway,mocks,bench}/**/*.{ts,js}', {
    cwd: root,
    exclude: ['**/node_modules/**', '**/*.test.ts', 'gateway/testing/**', 'gateway/e2e/**'],
  }).flatMap(file => {
    const code = readFileSync(join(root, file), 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '')
    return code.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/g) ?? []
  }),
])

const isCode = (span: string): boolean => {
  const [before = '', after] = span.split('…')
  if (after === undefined) return codes.has(span) || settings.has(span)
  return [...codes].some(code => code.startsWith(before) && code.endsWith(after) && code !== before + after)
}

it.each(guides)('$file: every code in capitals is one', ({ spans }) => {
  const named = spans.filter(span => /^(?=.*_|[A-Z]{4})…?[A-Z][A-Z0-9_]*…?$|^…[A-Z0-9_]+$/.test(span))
  expect(named.filter(span => !isCode(span))).toEqual([])
})
