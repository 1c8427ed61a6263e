/** Adapter and stand-in agency must not drift apart: each fixture's question, put to the stand-in, ends as the fixture says. */
import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { readFixtures } from '#gateway/conformance/fixtures.ts'
import { openStage } from '#gateway/conformance/stage.ts'
import type { Serving } from '../../../mocks/serve.ts'
import type { StandIn } from '../../../mocks/stand-in.ts'

const root = join(import.meta.dirname, '../../..')
const inAdapter = (id: string, file: string) => join(root, 'adapters', id, file)
const serverOf = (id: string) => join(root, 'mocks', id, 'server.ts')

const ids = (await readdir(join(root, 'adapters'))).filter(
  id => existsSync(inAdapter(id, 'fixtures.json')) && existsSync(serverOf(id)),
)
const agencies = await Promise.all(
  ids.map(async id => {
    const { default: adapter } = (await import(inAdapter(id, 'adapter.ts'))) as { default: Adapter }
    const { default: standIn } = (await import(serverOf(id))) as { default: StandIn }
    const { exchanges } = readFixtures(
      adapter,
      JSON.parse(readFileSync(inAdapter(id, 'fixtures.json'), 'utf8')),
    )
    return { id, adapter, standIn, exchanges }
  }),
)

it('there are some', () => {
  expect(ids).not.toEqual([])
})

describe.each(agencies)('the stand-in $id', ({ adapter, standIn, exchanges }) => {
  let serving: Serving
  beforeAll(async () => {
    serving = await standIn.start({ port: 0 })
  })
  afterAll(() => serving.close())

  it.each(exchanges)('$capability.id: $name', async recorded => {
    const { at: _, ...exchange } = recorded
    // Asked at the stand-in's own time, and once: retries are the gateway's.
    if (exchange.standIn) serving.setWeather(exchange.standIn.weather, { calls: 1 })
    await using stage = openStage(adapter, exchange, serving.url, { retries: 0 })
    const { status, answer, evidence } = await stage.ask()

    const { data, failure, upstreamCode } = exchange.expect
    if (failure === undefined) {
      const warnings = exchange.warnings.map(path => ({ code: 'CODE_UNKNOWN', path }))
      expect({ status, ...answer }).toMatchObject({ status: 200, warnings })
      expect(answer['data']).toEqual(data)
    } else {
      expect(answer['code']).toBe(failure)
      expect(evidence['upstreamCode']).toBe(upstreamCode)
    }
  })
})
