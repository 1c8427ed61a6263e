/** One case, measured once: how fast, at which cost, and proof that it was what it says. */
import { askOnce, type House, type ServerId } from './house.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import type { ServerQuestion, Usage } from './servers/under-test.ts'

export interface Case {
  readonly id: string
  readonly title: string
  readonly server: ServerId
  readonly people: LoadOrder['people']
  readonly expects: string
}

/** All answer the same question to the same path, with the same headers. */
export const cases = [
  {
    id: 'cached',
    title: 'gateway, cached question',
    server: 'gateway',
    people: 'one',
    expects: '"mode":"cached"',
  },
  {
    id: 'live',
    title: 'gateway, live question',
    server: 'gateway',
    people: 'many',
    expects: '"mode":"live"',
  },
  { id: 'nodeHttp', title: 'bare node:http', server: 'node-http', people: 'one', expects: '"mode":"cached"' },
  { id: 'hono', title: 'bare Hono', server: 'hono', people: 'one', expects: '"mode":"cached"' },
  {
    id: 'honoDispatch',
    title: 'bare Hono + dispatch',
    server: 'hono-dispatch',
    people: 'many',
    expects: '"mode":"live"',
  },
] as const satisfies readonly Case[]
export type CaseId = (typeof cases)[number]['id']

export interface Load {
  readonly connections: number
  readonly seconds: number
}

export interface Round {
  /** Requests a second. */
  readonly rate: number
  /** CPU microseconds a request: the whole process, and its answering thread alone. */
  readonly cpu: number
  readonly mainCpu: number
  /** Share of the server's core that was in use. */
  readonly busy: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly answers: number
  /** Questions that the agency was asked. */
  readonly agencyCalls: number
  /** Of the last answer's body. */
  readonly bytes: number
}

/** Throws when a single answer was wrong, or when a live question was not live. */
export async function measure(
  house: House,
  { id, server, people, expects }: Case,
  { connections, seconds }: Load,
): Promise<Round> {
  const { ask, ready } = house.servers.get(server)!
  const headers = await house.openCase(server)
  const [first, last] = people === 'many' ? [10_000_000, 10_000_001] : [0, 0] // beyond those whom the load asks about
  if (people === 'one' && expects.includes('cached') && isGateway(server))
    await askOnce(ready.url, headers, first, '"mode":"live"')
  await askOnce(ready.url, headers, first, expects)

  const callsBefore = await house.agencyCalls()
  const before = await ask<Usage>('usage' satisfies ServerQuestion)
  const order: LoadOrder = {
    url: `${ready.url}/v1/residents/lookup`,
    headers,
    people,
    expects,
    connections,
    seconds,
  }
  const { answers, wrong, ...result } = await house.load.ask<LoadResult>(order)
  const after = await ask<Usage>('usage' satisfies ServerQuestion)
  const agencyCalls = (await house.agencyCalls()) - callsBefore

  const bytes = Buffer.byteLength(await askOnce(ready.url, headers, last, expects))
  if (wrong > 0 || answers === 0) throw new Error(`${id}: ${wrong} wrong answers, ${answers} right ones`)
  // What was in flight at the end was asked, but not waited for.
  const expected = people === 'many' ? answers : 0
  if (agencyCalls < expected || agencyCalls > expected + connections)
    throw new Error(`${id}: the agency was asked ${agencyCalls} times for ${answers} answers`)

  const cpu = (after.process - before.process) / answers
  return {
    rate: answers / result.seconds,
    cpu,
    mainCpu: (after.main - before.main) / answers,
    busy: (cpu * answers) / 1e6 / result.seconds,
    p50: result.p50,
    p99: result.p99,
    answers,
    agencyCalls,
    bytes,
  }
}

const isGateway = (server: ServerId): boolean => !['node-http', 'hono', 'hono-dispatch'].includes(server)
