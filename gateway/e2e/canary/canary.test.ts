import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RedisClient } from '#gateway/shared-data/redis.ts'
import { agreement } from '#gateway/testing/agreement.ts'
import { dukcapilConfig, type House, type Reply, startHouse } from '#gateway/testing/house.ts'
import { page, type ScriptedAgency, startScriptedAgency } from '#gateway/testing/scripted-agency.ts'
import { startCollector, type TraceCollector } from '#gateway/testing/trace-collector.ts'
import dukcapil from '../../../adapters/dukcapil/adapter.ts'

/** Three birds that must never be heard outside: who is asked about, and what lets us ask. */
const nik = '9999015508880088'
const name = 'KENARI RAHASIA'
const password = 'kenari-sandi-77'
const birds = /9999015508880088|kenari/i

const person = {
  NIK: nik,
  NO_KK: '9999010101200099',
  NAMA_LGKP: name,
  NAMA_LGKP_IBU: `IBU ${name}`,
  ALAMAT: `JL ${name}`,
}
const reuse = { scope: 'case', timeToLiveMs: 10_000, staleMs: 60_000 } as const

/** The house in front of an agency that repeats what it hears, with a Redis that remembers what it is given, all of it traced. */
let agency: ScriptedAgency
let house: House
let redis: RedisClient & { readonly given: Buffer[] }
let collector: TraceCollector
let problems: Reply[]

beforeEach(async () => {
  agency = await startScriptedAgency()
  redis = keepingRedis()
  collector = await startCollector()
  problems = []
  house = await startHouse({
    agreements: [agreement({ reuse })],
    redis,
    traces: collector.settings,
    upstreams: [{ baseUrl: agency.url, config: { ...dukcapilConfig, password } }],
  })
})

afterEach(async () => {
  await expectSilence()
  await house.close() // and tells the last of its traces
  expectSilentTraces()
  await agency[Symbol.asyncDispose]()
})

/** Wherever a test went, no bird may have got out. */
async function expectSilence(): Promise<void> {
  const heard = {
    log: house.log.join(''),
    metrics: (await house.get('/metrics')).text,
    health: (await house.get('/health/upstreams')).text + (await house.get('/health/ready')).text,
    problems: problems.map(({ text, headers }) => text + JSON.stringify([...headers])).join('\n'),
    redis: Buffer.concat(redis.given).toString('latin1'),
    dataFolder: bytesIn(house.dataFolder),
  }
  for (const [place, text] of Object.entries(heard)) expect(text, place).not.toMatch(birds)
  expect(heard.log).toContain('"msg":"request"') // something was there to be searched
  expect(heard.metrics).toContain('mpp_request_duration_seconds_count')
  expect(heard.dataFolder).toContain('SQLite format 3')
}

const ask = async (path: string, input: unknown, headers = {}): Promise<Reply> => {
  const reply = await house.ask(path, input, headers)
  if (reply.status !== 200) problems.push(reply)
  return reply
}
const lookup = (headers = {}) => ask('/v1/residents/lookup', { nik }, headers)

it('answers: live, cached, stale, matched, a family', async () => {
  agency.says(page(person))
  const live = await lookup()
  expect(live.text).toMatch(birds) // the released data is the one place for them
  expect((await lookup()).body.provenance?.['']).toMatchObject({ mode: 'cached' })
  expect(Buffer.concat(redis.given).length).toBeGreaterThan(100)

  expect((await ask('/v1/families/lookup', { familyCardNumber: '9999010101200099' })).status).toBe(200)
  agency.says(page({ NIK: 'Sesuai', NAMA_LGKP: 'Sesuai (100)' }))
  const match = await ask('/v1/residents/match', { nik, fullName: name })
  expect(match.status).toBe(200)
  expect(match.text).not.toMatch(birds)
  expect(agency.received.join('')).toMatch(/kenari-sandi-77/) // the agency is told the password, and nobody else

  house.clock.leap(20_000)
  agency.says({ status: 500, body: `${name} ${password}` })
  expect((await lookup()).body.provenance?.['']).toMatchObject({ mode: 'stale' })
})

it.each([
  [
    'an error page that repeats the question',
    { status: 500, body: `${password} ${nik}` },
    'UPSTREAM_UNAVAILABLE',
  ],
  [
    'a refusal with HTTP 401',
    { status: 401, body: `{"error":"wrong password ${password}"}` },
    'UPSTREAM_MISCONFIGURED',
  ],
  ['no JSON', { body: `<html>${name} ${password}</html>` }, 'UPSTREAM_UNREADABLE'],
  ['half a record', { body: JSON.stringify({ content: [person] }).slice(0, -9) }, 'UPSTREAM_UNREADABLE'],
  [
    'a refusal that no list knows',
    page({ RESPON: `${name} tidak ditemukan, sandi ${password}` }),
    'UPSTREAM_INVALID',
  ],
  ['a code that no list knows', page({ RESPONSE_CODE: password, RESPONSE: name }), 'UPSTREAM_INVALID'],
  ['a refusal that lists know', page({ RESPON: ' data  TIDAK ditemukan', NAMA_LGKP: name }), 'NOT_FOUND'],
  ['the wrong person', page({ ...person, NIK: '9999010101200053' }), 'UPSTREAM_INVALID'],
  ['a date that is none', page({ ...person, TGL_LHR: name }), 'UPSTREAM_INVALID'],
  ['an object for a text', page({ ...person, NAMA_LGKP: { [name]: password } }), 'UPSTREAM_INVALID'],
  ['another envelope', { body: JSON.stringify({ data: person, [nik]: password }) }, 'UPSTREAM_INVALID'],
  ['a text for a number', page({ ...person, KODE_POS: name }), 'UPSTREAM_INVALID'],
  ['a value that is in no code list', page({ ...person, AGAMA: name }), undefined],
  ['nothing', 'hang-up' as const, 'UPSTREAM_UNAVAILABLE'],
])('the agency says: %s', async (_, answer, code) => {
  agency.says(answer)
  expect((await lookup()).body.code).toBe(code)
  // Whoever made the adapter learns where, from the log.
  expect(house.log.join('').includes('an answer breaks the contract')).toBe(code === 'UPSTREAM_INVALID')
})

it.each([
  ['a field too many', '/v1/residents/lookup', { nik, fullName: name }, {}],
  ['a NIK too long', '/v1/residents/lookup', { nik: `${nik}1` }, {}],
  ['a name for a NIK', '/v1/residents/match', { nik: name, birthDate: name, sex: name }, {}],
  ['JSON that breaks off', '/v1/residents/lookup', `{"nik":"${nik}", ${name}`, {}],
  ['a form', '/v1/residents/lookup', `nik=${nik}&name=${name}`, {}],
  ['too much', '/v1/residents/lookup', name.repeat(10_000), {}],
  ['a NIK in the address', `/v1/residents/${nik}`, {}, {}],
  ['a NIK in the query', `/v1/residents/lookup?nik=${nik}&name=${name}`, {}, {}],
  ['a NIK for the officer', '/v1/residents/lookup', { nik }, { 'mpp-officer': nik }],
  ['a name for the counter', '/v1/residents/lookup', { nik }, { 'mpp-counter': name }],
  ['a name for the purpose', '/v1/residents/lookup', { nik }, { 'mpp-purpose': name }],
  ['a name for the case', '/v1/residents/lookup', { nik }, { 'mpp-case': name }],
  ['a purpose that is not granted', '/v1/residents/lookup', { nik }, { 'mpp-purpose': 'other' }],
  ['a NIK for a trace', '/v1/residents/lookup', {}, { traceparent: `00-${nik.repeat(2)}-${nik}-01` }],
  ['the password for a key', '/v1/residents/lookup', { nik }, { authorization: `Bearer ${password}` }],
  ['a case that is not open', '/v1/residents/lookup', { nik }, { 'mpp-case': 'case_0123456789abcdefghijkl' }],
])('bad input: %s', async (_, path, input, headers) => {
  const { status } = await ask(path, input, headers)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(agency.received).toEqual([])
})

it('a fault of our own: a broken adapter, a broken store', async () => {
  const broken = (): never => {
    throw new TypeError(`cannot read ${nik} of ${name}, password ${password}`)
  }
  const adapter = {
    ...dukcapil,
    operations: (...bind: Parameters<typeof dukcapil.operations>) =>
      dukcapil.operations(...bind).map(({ capability, specification }) => ({
        capability,
        specification: { ...specification, request: broken },
      })),
  }
  await house.close()
  house = await startHouse({ upstreams: [{ adapter }], traces: collector.settings })
  expect((await lookup()).body).toMatchObject({ code: 'INTERNAL_ERROR', status: 500, source: 'gateway' })

  await using brokenStore = await startHouse({
    traces: collector.settings,
    wrapStore: store => ({ ...store, appendLedger: async () => broken() }),
  })
  const reply = await brokenStore.ask('/v1/residents/lookup', { nik })
  expect(reply.body.code).toBe('INTERNAL_ERROR')
  problems.push(reply)
  expect(brokenStore.log.join('')).toContain('TypeError at ')
  expect(brokenStore.log.join('')).not.toMatch(birds)
})

function expectSilentTraces(): void {
  expect(collector.bodies.join('')).not.toMatch(birds)
  expect(collector.spans.length).toBeGreaterThan(0)
}

/** Everything that is written to Redis, keys and values. */
function keepingRedis() {
  const given: Buffer[] = []
  return {
    given,
    state: 'ready' as const,
    get: async () => undefined,
    async set(key: string, value: Buffer, _keepMs: number, tags: readonly string[] = []) {
      given.push(Buffer.from(key), value, ...tags.map(tag => Buffer.from(tag)))
    },
    removeTagged: async () => true,
    close: async () => {},
  }
}

function bytesIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString('latin1'))
    .join('\n')
}
