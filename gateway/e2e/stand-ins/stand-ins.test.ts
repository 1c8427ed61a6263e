/**
 * Adapter and stand-in agency must not drift apart: each fixture's question, put to the stand-in, ends as the fixture says, and
 * the stand-in calls us as the fixtures say.
 */
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Adapter } from '#contracts/adapter.ts'
import { type Exchange, readFixtures } from '#gateway/conformance/fixtures.ts'
import { openStage } from '#gateway/conformance/stage.ts'
import { jsonOrText } from '#gateway/conformance/wire-body.ts'
import { noticesOf } from '#gateway/upstream/upstream.ts'
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
    const { exchanges, inbound } = readFixtures(
      adapter,
      JSON.parse(readFileSync(inAdapter(id, 'fixtures.json'), 'utf8')),
    )
    return { id, adapter, standIn, exchanges, inbound }
  }),
)

it('there are some', () => {
  expect(ids).not.toEqual([])
})

const questionsIn = (exchanges: readonly Exchange[]) => exchanges.filter(({ order }) => !order)
const ordersIn = (exchanges: readonly Exchange[]) =>
  exchanges.flatMap(exchange => (exchange.order ? [{ ...exchange, order: exchange.order }] : []))

describe.each(agencies)('the stand-in $id', ({ adapter, standIn, exchanges, inbound }) => {
  let serving: Serving
  beforeAll(async () => {
    serving = await standIn.start({ port: 0 })
  })
  afterAll(() => serving.close())

  it.each(questionsIn(exchanges))('$capability.id: $name', async recorded => {
    const { at: _, ...exchange } = recorded // asked at the stand-in's own time
    await checkReplay(adapter, exchange, serving)
  })

  // Each at a stand-in that nobody has ordered anything of, on the day of the fixtures.
  it.each(ordersIn(exchanges))('$capability.id: $name', async exchange => {
    vi.useFakeTimers({ toFake: ['Date'], now: exchange.order.acceptedAt })
    const fresh = await standIn.start({ port: 0 })
    try {
      const before = exchanges.find(
        ({ capability, name }) => capability === exchange.capability && name === exchange.standIn?.after,
      )
      if (before) await checkReplay(adapter, before, fresh)
      for (const [word, body] of Object.entries(exchange.standIn?.steer ?? {})) {
        const steered = await fetch(`${fresh.url}/mock/${word}`, {
          method: 'POST',
          body: JSON.stringify(body),
        })
        expect(steered.status, await steered.text()).toBe(200)
      }
      await checkReplay(adapter, exchange, fresh)
    } finally {
      vi.useRealTimers()
      await fresh.close()
    }
  })

  it.each(inbound)('$notice: $name', async ({ notice, headers, standIn, expect: { answer }, ...call }) => {
    const { specification } = noticesOf(adapter).find(operation => operation.notice.id === notice)!
    await using receiver = await startReceiver(answer)
    const order = { ...standIn?.push, url: `${receiver.url}${specification.path}` }
    const ordered = await fetch(`${serving.url}/mock/push`, { method: 'POST', body: JSON.stringify(order) })

    expect(await ordered.json()).toEqual(answer)
    expect(receiver.calls).toEqual([
      { headers: expect.objectContaining(headers) as unknown, content: call.text ?? call.body },
    ])
  })
})

/** Asks the fixture's question, once: retries are the gateway's. */
async function checkReplay(adapter: Adapter, exchange: Exchange, serving: Serving): Promise<void> {
  const { weather } = exchange.standIn ?? {}
  if (weather !== undefined) serving.setWeather(weather, { calls: 1 })
  await using stage = openStage(adapter, exchange, serving.url, { retries: 0 })
  const { status, answer, evidence } = await stage.ask()

  const { data, failure, upstreamCode } = exchange.expect
  if (failure === undefined) {
    const warnings = exchange.warnings.map(path => ({ code: 'CODE_UNKNOWN', path }))
    expect({ status, ...answer }, 'what becomes of its answer').toMatchObject({ status: 200, warnings })
    expect(answer['data']).toEqual(data)
  } else {
    const hint =
      'what becomes of its answer; a refusal given in some weather only names it: "standIn": { "weather": … }'
    expect(answer['code'], hint).toBe(failure)
    expect(evidence['upstreamCode']).toBe(upstreamCode)
  }
}

interface Call {
  readonly headers: IncomingHttpHeaders
  /** As fixtures write it. */
  readonly content: unknown
}

/** Whoever is called: it remembers, and answers. */
async function startReceiver({ status, body }: { readonly status: number; readonly body: unknown }) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    calls.push({ headers: request.headers, content: jsonOrText(await text(request)) })
    response.writeHead(status, { connection: 'close' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
