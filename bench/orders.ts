/** `npm run bench -- orders`: what orders cost the counters, and whether they cost more the more of them there are. See README.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Child, startChild } from './child.ts'
import type { Cores } from './cores.ts'
import { askOnce, openCaseAt } from './house.ts'
import type { Load } from './measure.ts'
import type { CounterLoad, CounterResult } from './order-load.ts'
import type { DeskQuestion, Told } from './servers/desk.ts'
import type { GatewayQuestion, Usage } from './servers/under-test.ts'
import { columns, median } from './table.ts'

export interface OrderAmounts {
  /** Orders that counters bring while the agency is down. */
  readonly backlog: number
  /** Orders in a grown store that are over. */
  readonly stored: number
  readonly rounds: number
  readonly load: Load
}

const youngStored = 1_000
/** Delivered in a round of those that compare young and grown. */
const delivered = 500

type Kind = 'sqlite' | 'postgres'

/** A gateway with an agency of its own, so that nobody else's orders are counted. */
interface Counter {
  readonly title: string
  readonly gateway: Child
  readonly desk: Child
  readonly url: string
}

interface Counters {
  readonly young: Counter
  readonly grown: Counter
  readonly load: Child
}

const ask = <Answer>({ gateway }: Counter, question: GatewayQuestion): Promise<Answer> =>
  gateway.ask<Answer>(question)
const tell = ({ desk }: Counter, question: DeskQuestion): Promise<Told> => desk.ask<Told>(question)

/** In one store, or in all that there are. */
export async function measureOrders(cores: Cores, amounts: OrderAmounts, only?: string): Promise<void> {
  const existing: Kind[] = (await hasPostgres()) ? ['sqlite', 'postgres'] : ['sqlite']
  if (existing.length === 1) console.log('no PostgreSQL: set DATABASE_URL, or start one on 127.0.0.1:5432\n')
  const kinds = existing.filter(kind => only === undefined || kind === only)
  for (const kind of kinds) {
    const { counters, close } = await openCounters(cores, kind, amounts.stored)
    try {
      console.log(`${await measureKind(kind, counters, amounts)}\n`)
    } finally {
      await close()
    }
  }
}

async function measureKind(kind: Kind, counters: Counters, amounts: OrderAmounts): Promise<string> {
  const { young, grown, load } = counters
  const before = loadavg()[0]!
  for (const one of [young, grown]) await drain(one, load, amounts.load, delivered) // to warm up
  const growth = await compareStored(counters, amounts)
  const acceptance = await acceptWhileDown(young, load, amounts)
  const questions = await askWhileDraining(young, load, amounts)
  const delivery = await deliverFor(young, amounts.load.seconds * 1_000)
  for (const one of [young, grown]) await checkOnce(one)

  const { first, last } = acceptance
  const figures = [
    ['orders accepted, agency down', perSecond(acceptance.rate), micros(acceptance.cpu), ...times(last)],
    ['orders delivered', perSecond(delivery.rate), micros(delivery.cpu), '', ''],
    ['questions, nothing delivered', perSecond(questions.without), '', '', ''],
    ['questions, a backlog delivered', perSecond(questions.during), '', '', ''],
    ['  orders delivered meanwhile', perSecond(questions.delivered), '', '', ''],
  ]
  const ratios = [
    [`acceptance p99, last tenth of ${amounts.backlog} / first`, ratio(last.p99 / first.p99), '', '≤ 1.2'],
    [`acceptance p50, last tenth / first`, ratio(last.p50 / first.p50), '', '≤ 1.2'],
    ['questions, backlog delivered / not', ...spread(questions.ratios), '≥ 0.9'],
    [`CPU of a delivery, ${amounts.stored} stored / ${youngStored}`, ...spread(growth.cpu), '≤ 1.1'],
    [`time of a delivery, ${amounts.stored} stored / ${youngStored}`, ...spread(growth.time), '≤ 1.1'],
  ]
  const name = kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  return `${name} (load average ${before.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after)

${columns([['', 'a second', 'CPU µs', 'p50 ms', 'p99 ms'], ...figures])}

${columns([['ratio', 'median', 'spread', 'aim'], ...ratios])}`
}

/** In turn, round after round. */
async function compareStored({ young, grown, load }: Counters, { rounds, load: size }: OrderAmounts) {
  const ratios = { cpu: [] as number[], time: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const one = await drain(young, load, size, delivered)
    const other = await drain(grown, load, size, delivered)
    ratios.cpu.push(other.cpu / one.cpu)
    ratios.time.push(other.ms / one.ms)
  }
  return ratios
}

/** Brings a backlog and has it delivered: CPU microseconds and milliseconds of one delivery. */
async function drain(counter: Counter, load: Child, { connections }: Load, orders: number) {
  await ask(counter, 'hold')
  await bring(counter, load, connections, orders)
  const before = await tell(counter, 'told')
  const usage = await ask<Usage>(counter, 'usage')
  await ask(counter, 'release')
  const until = await untilTold(counter, before.calls + orders)
  await untilNone(counter)
  const { process } = await ask<Usage>(counter, 'usage')
  return { cpu: (process - usage.process) / orders, ms: (until.lastAt - until.firstAt) / (orders - 1) }
}

async function acceptWhileDown(counter: Counter, load: Child, { backlog, load: size }: OrderAmounts) {
  await tell(counter, 'close')
  const usage = await ask<Usage>(counter, 'usage')
  const { answers, seconds, parts } = await bring(counter, load, size.connections, backlog)
  const { process } = await ask<Usage>(counter, 'usage')
  const cpu = (process - usage.process) / answers
  return { rate: answers / seconds, cpu, first: parts[0]!, last: parts.at(-1)! }
}

/** The same question in turn while orders are held and while they are delivered. */
async function askWhileDraining(counter: Counter, load: Child, { rounds, load: size }: OrderAmounts) {
  await ask(counter, 'hold')
  await tell(counter, 'open')
  const rates = { without: [] as number[], during: [] as number[], delivered: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    const without = await askFor(counter, load, size)
    const { calls } = await tell(counter, 'told')
    await ask(counter, 'release')
    await untilTold(counter, calls + 1)
    const from = await tell(counter, 'told')
    const during = await askFor(counter, load, size)
    const to = await tell(counter, 'told')
    await ask(counter, 'hold')
    if ((await ask<number>(counter, 'open orders')) === 0)
      throw new Error('the backlog was delivered before the questions were asked: take a larger --backlog')
    if (round === 0) continue // it was to warm up
    rates.without.push(without)
    rates.during.push(during)
    rates.delivered.push((to.calls - from.calls) / size.seconds)
  }
  rates.without.push(await askFor(counter, load, size))
  return {
    without: median(rates.without),
    during: median(rates.during),
    delivered: median(rates.delivered),
    // Against what was before and after it: whatever else changes in time weighs on neither.
    ratios: rates.during.map(
      (rate, round) => (2 * rate) / (rates.without[round]! + rates.without[round + 1]!),
    ),
  }
}

/** Questions a second. */
async function askFor({ url }: Counter, load: Child, { connections, seconds }: Load): Promise<number> {
  const headers = await openCaseAt(url)
  await askOnce(url, headers, 0, '"mode":"live"')
  const order: CounterLoad = { url, headers, connections, seconds }
  const result = await load.ask<CounterResult>(order)
  return result.answers / result.seconds
}

/** What is left of the backlog, for a while or to its end, with nothing else to do. */
async function deliverFor(counter: Counter, ms: number) {
  const { calls } = await tell(counter, 'told')
  await sleep(1_000) // until nobody has asked anything for a while
  await ask(counter, 'release')
  const from = await untilTold(counter, calls + 1)
  const usage = await ask<Usage>(counter, 'usage')
  await sleep(ms)
  const to = await tell(counter, 'told')
  const { process } = await ask<Usage>(counter, 'usage')
  const count = to.calls - from.calls
  return { rate: (count / (to.lastAt - from.lastAt)) * 1_000, cpu: (process - usage.process) / count }
}

async function bring({ url }: Counter, load: Child, connections: number, orders: number) {
  const order: CounterLoad = { url, headers: await openCaseAt(url), connections, orders }
  return load.ask<CounterResult>(order)
}

const patienceMs = 120_000

/** What the desk was told at last, and first since then. */
async function untilTold(counter: Counter, calls: number): Promise<Told> {
  const { firstAt, ...first } = await tell(counter, 'told')
  let told: Told = { ...first, firstAt }
  for (const startedAt = performance.now(); told.calls < calls;) {
    if (performance.now() - startedAt > patienceMs)
      throw new Error(`only ${told.calls} orders of ${calls} came`)
    await sleep(5)
    const next = await tell(counter, 'told')
    told = { ...next, firstAt: told.calls === first.calls ? next.firstAt : told.firstAt }
  }
  return told
}

async function untilNone(counter: Counter): Promise<void> {
  const startedAt = performance.now()
  while ((await ask<number>(counter, 'open orders')) > 0) {
    if (performance.now() - startedAt > patienceMs) throw new Error('orders are open that were delivered')
    await sleep(5)
  }
}

/** The agency itself says whether an order came twice. */
async function checkOnce(counter: Counter): Promise<void> {
  const { calls, orders } = await tell(counter, 'told')
  if (calls !== orders) throw new Error(`${calls - orders} orders were brought twice`)
}

async function openCounters(cores: Cores, kind: Kind, stored: number) {
  const children: Child[] = []
  const cache = join(import.meta.dirname, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const dataFolder = mkdtempSync(join(cache, 'orders-')) // beside the code, because /tmp may be no disk
  const start = async (script: string, on: string | undefined, environment: Record<string, string> = {}) => {
    const child = await startChild(join(import.meta.dirname, script), { cores: on, environment })
    children.push(child)
    return child
  }
  async function close(): Promise<void> {
    await Promise.all(children.map(child => child.stop()))
    rmSync(dataFolder, { recursive: true, force: true })
  }

  try {
    const agency = await start('../mocks/main.ts', cores.others)
    const { dukcapil } = (agency.ready as { ready: { dukcapil: string } }).ready
    const open = async (title: string, orders: number): Promise<Counter> => {
      const desk = await start('servers/desk.ts', cores.others)
      const gateway = await start('servers/gateway.ts', cores.server, {
        MOCK_DUKCAPIL_URL: dukcapil,
        MOCK_OSS_URL: dukcapil, // never asked
        MOCK_POLRI_URL: dukcapil,
        BENCH_DATA: join(dataFolder, title),
        BENCH_STORE: kind,
        BENCH_DESK: (desk.ready as { url: string }).url,
        BENCH_ORDERS: String(orders),
      })
      return { title, gateway, desk, url: (gateway.ready as { url: string }).url }
    }
    const young = await open('young', youngStored)
    const grown = await open('grown', stored)
    return { counters: { young, grown, load: await start('order-load.ts', cores.others) }, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function hasPostgres(): Promise<boolean> {
  const given = process.env['DATABASE_URL']
  const client = new Client({
    connectionString: given ?? 'postgres://postgres@127.0.0.1:5432/postgres',
    connectionTimeoutMillis: 2_000,
  })
  try {
    await client.connect()
    await client.end()
    return true
  } catch (error) {
    if (given !== undefined) throw error
    return false
  }
}

const perSecond = (value: number): string => value.toFixed(0)
const micros = (value: number): string => value.toFixed(0)
const ratio = (value: number): string => value.toFixed(2)
const times = ({ p50, p99 }: { readonly p50: number; readonly p99: number }): [string, string] => [
  p50.toFixed(1),
  p99.toFixed(1),
]
const spread = (values: readonly number[]): [string, string] => [
  ratio(median(values)),
  `${ratio(Math.min(...values))}–${ratio(Math.max(...values))}`,
]
