/**
 * An agency that acts and hangs up, answers late, wrongly or not at all; gateways that are killed or stand still past their
 * leases at every step, and clocks that leap. Afterwards: at most one effect for each order, none lost, every state true.
 * `TORTURE_ORDERS=2000` for more, `TORTURE_SEED` to run a bad run again.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { verifyChain } from '#gateway/ledger/chain.ts'
import { openStore } from '#gateway/store/open.ts'
import type { Store } from '#gateway/store/store.ts'
import type { SubmissionRow } from '#gateway/store/submissions.ts'
import { as, ledgerKey } from '#gateway/testing/house.ts'
import { manners, type OrderDesk, startOrderDesk } from '#gateway/testing/order-desk.ts'
import { describeWithPostgres } from '#gateway/testing/postgres.ts'
import type { FromGateway, ToGateway, TortureOptions } from './gateway.ts'
import { generator } from './random.ts'
import { type Blow, deadlineMs, leaseMarginMs, steps } from './steps.ts'

const orders = Number(process.env['TORTURE_ORDERS'] ?? 1_000)
const seed = Number(process.env['TORTURE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const counters = 24
/** But what ends with a person, or holds the whole agency. */
const tortures = manners.filter(manner => manner !== 'act-odd' && manner !== 'quota')
const timeout = 180_000 + orders * 300

/** Every step, killed and stopped, each at some early time that it is taken. */
const blowsOf = (random: () => number): Blow[] =>
  steps
    .flatMap(step =>
      (['killed', 'stopped'] as const).map(fate => ({ step, fate, nth: 1 + Math.floor(random() * 5) })),
    )
    .map(blow => ({ blow, rank: random() }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ blow }) => blow)

/** One gateway after the other in the same place: whoever dies has a successor. */
class Post {
  url: string | undefined
  readonly #options: TortureOptions
  readonly #blows: Blow[]
  readonly #random: () => number
  /** What is to hit the gateway that is there. */
  #blow: Blow | undefined
  #process: ChildProcess | undefined
  #clockMs = 0
  #closing = false
  #gone: Promise<void> = Promise.resolve()

  /** `blows` are shared among the posts: each falls once. */
  constructor(options: TortureOptions, blows: Blow[], random: () => number) {
    this.#options = options
    this.#blows = blows
    this.#random = random
    void this.#staff()
    void this.#wakeAgain()
  }

  get isSpared(): boolean {
    return this.#blow === undefined && this.#blows.length === 0
  }

  async #staff(): Promise<void> {
    while (!this.#closing) {
      const child = fork(join(import.meta.dirname, 'gateway.ts'), [JSON.stringify(this.#options)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      this.#process = child
      child.on('message', (told: FromGateway) => {
        if ('url' in told) {
          this.url = told.url
          this.#tell({ clockMs: this.#clockMs })
        }
        this.#threaten()
      })
      this.#gone = new Promise(resolve => child.on('exit', () => resolve()))
      await this.#gone
      this.url = undefined
      // Only the blow that it was meant to die of may kill it.
      if (!this.#closing && this.#blow?.fate !== 'killed') throw new Error('a gateway died by itself')
    }
  }

  #threaten(): void {
    this.#blow = this.#blows.pop()
    if (this.#blow) this.#tell({ blow: this.#blow })
  }

  /** Who stands still goes on when every lease of theirs is over. */
  async #wakeAgain(): Promise<void> {
    while (!this.#closing) {
      await sleep(50)
      const { pid } = this.#process ?? {}
      if (pid === undefined || !standsStill(pid)) continue
      await sleep((deadlineMs + leaseMarginMs) * (1 + this.#random()))
      if (standsStill(pid)) process.kill(pid, 'SIGCONT')
    }
  }

  leap(clockMs: number): void {
    this.#clockMs = clockMs
    this.#tell({ clockMs })
  }

  #tell(told: ToGateway): void {
    if (this.#process?.connected) this.#process.send(told, () => {})
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#process?.kill('SIGKILL')
    await this.#gone
  }
}

function standsStill(pid: number): boolean {
  try {
    return /^\d+ \(.*\) [tT] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Now and then, orders about one permit, which the agency gets one after the other. */
const permitOf = (number: number) => (number % 4 === 0 ? { permit: `L-${Math.floor(number / 12)}` } : {})

/** Orders until it is accepted, with the same key; the submission's id, as it was told. */
async function orderPersistently(
  posts: readonly Post[],
  number: number,
  random: () => number,
): Promise<string> {
  for (;;) {
    const { url } = posts[Math.floor(random() * posts.length)]!
    if (url === undefined) {
      await sleep(20)
      continue
    }
    try {
      const post = (path: string, body: object, headers: Record<string, string> = {}) =>
        fetch(url + path, {
          method: 'POST',
          headers: { ...as('front-office'), 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(5_000),
        })
      const visit = (await (await post('/v1/cases', {})).json()) as { id: string }
      const answer = await post(
        '/v1/permits',
        { nik: '9999011501900001', text: `LAPAK ${number}`, ...permitOf(number) },
        {
          'mpp-case': visit.id,
          'mpp-purpose': 'skck.new',
          'mpp-counter': 'A-03',
          'mpp-officer': 'o-7f3a',
          'idempotency-key': `torture-${number}`,
        },
      )
      const body = (await answer.json()) as { id?: string; code?: string }
      if (answer.ok && body.id !== undefined) return body.id
      if (answer.status !== 503 && answer.status !== 429 && body.code !== 'CASE_INVALID')
        throw new Error(`order ${number}: ${answer.status} ${body.code}`)
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('order ')) throw error
      await sleep(20) // it died, or stands still
    }
  }
}

async function torture(gateways: number, databaseUrl: string | undefined): Promise<void> {
  console.log(`torture: TORTURE_SEED=${seed} TORTURE_ORDERS=${orders}`)
  const random = generator(seed)
  const dataFolder = mkdtempSync(join(tmpdir(), 'mpp-torture-'))
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }))
  const desk = await startOrderDesk()
  onTestFinished(() => desk.close())
  desk.takesBy(() => tortures[Math.floor(random() * tortures.length)]!)
  desk.hides(200)

  const blows = blowsOf(random)
  const fallen = blows.length
  const posts = Array.from(
    { length: gateways },
    () => new Post({ deskUrl: desk.url, dataFolder, databaseUrl }, blows, random),
  )
  onTestFinished(async () => void (await Promise.all(posts.map(post => post.close()))))

  const ids = new Map<number, string>()
  let next = 0
  // More than were asked for, if it takes more until every blow has fallen.
  const isOver = (): boolean => next >= orders && posts.every(({ isSpared }) => isSpared)
  const ending = new AbortController()
  const leaping = (async () => {
    for (; !ending.signal.aborted; await sleep(700))
      for (const post of posts) post.leap(Math.floor((random() - 0.5) * 2 * 3_600_000))
  })()
  const untrue: string[] = []
  const watching = (async () => {
    for (; !ending.signal.aborted; await sleep(20))
      untrue.push(...(await untrueNow(posts, ids, desk, random)))
  })()
  await Promise.all(
    Array.from({ length: counters }, async () => {
      while (!isOver()) {
        const number = next++
        ids.set(number, await orderPersistently(posts, number, random))
        if (next > orders) await sleep(200)
      }
    }),
  )
  ending.abort()
  await Promise.all([leaping, watching])
  expect(untrue).toEqual([])

  // From now on everybody behaves, and the clocks have come through all that was put off.
  desk.takesBy(() => 'finish')
  desk.finishesAll()
  for (const post of posts) post.leap(3 * 3_600_000)
  await settled(posts, ids)
  await Promise.all(posts.map(post => post.close()))

  const store = await openStore({ databaseUrl, dataFolder }, { ledgerKey })
  try {
    await judge(store, ids, desk)
  } finally {
    await store.close()
  }
  console.log(
    `torture: ${ids.size} orders, ${desk.calls} calls at the desk, ${desk.effects.length} effects, ${fallen} blows`,
  )
}

/** Of one order, by chance: what its counter is told at this moment, and does not agree with what the desk has done. */
async function untrueNow(
  posts: readonly Post[],
  ids: ReadonlyMap<number, string>,
  desk: OrderDesk,
  random: () => number,
): Promise<readonly string[]> {
  const id = ids.get(Math.floor(random() * ids.size))
  const url = posts.find(post => post.url !== undefined)?.url
  if (id === undefined || url === undefined) return []
  const answer = await fetch(`${url}/v1/submissions/${id}`, {
    headers: as('front-office'),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined)
  const { state } = (answer?.ok ? await answer.json().catch(() => ({})) : {}) as { state?: string }
  const effects = desk.effects.filter(effect => effect === id).length
  const isTrue =
    state === 'accepted' || state === 'confirmed'
      ? effects === 1
      : state === 'rejected'
        ? effects === 0
        : effects <= 1
  return isTrue ? [] : [`${id} is ${state}, and has ${effects} effects`]
}

/** Until nothing is on its way any more: each order is done, or was refused. */
async function settled(posts: readonly Post[], ids: ReadonlyMap<number, string>): Promise<void> {
  const waiting = new Set(ids.values())
  while (waiting.size > 0) {
    await sleep(100)
    const url = posts.find(post => post.url !== undefined)?.url
    if (url === undefined) continue
    for (const id of [...waiting].slice(0, 50)) {
      const answer = await fetch(`${url}/v1/submissions/${id}`, { headers: as('front-office') }).catch(
        () => undefined,
      )
      const { state } = (answer?.ok ? await answer.json() : {}) as { state?: string }
      if (state === 'confirmed' || state === 'rejected') waiting.delete(id)
    }
  }
}

async function judge(store: Store, ids: ReadonlyMap<number, string>, desk: OrderDesk): Promise<void> {
  // None lost, none doubled: each key has one order of its own, and there are no others.
  expect(new Set(ids.values()).size).toBe(ids.size)
  const rows: SubmissionRow[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ; before = rows.at(-1)!.sequence) {
    const page = await store.listSubmissions({}, before, 1_000)
    if (page.length === 0) break
    rows.push(...page)
  }
  expect(rows.map(({ id }) => id).toSorted()).toEqual([...ids.values()].toSorted())

  const effects = new Map<string, number>()
  for (const id of desk.effects) effects.set(id, (effects.get(id) ?? 0) + 1)
  const untrue = rows.filter(({ id, state }) => (effects.get(id) ?? 0) !== (state === 'confirmed' ? 1 : 0))
  expect(
    untrue.map(({ id, state, attempts }) => ({ id, state, attempts, effects: effects.get(id) ?? 0 })),
  ).toEqual([])

  // About one permit, each came to the agency after those that were accepted before it.
  const turns = rows.flatMap(({ id, orderKey, sequence }) =>
    orderKey !== null && effects.has(id) ? [{ orderKey, sequence, turn: desk.effects.indexOf(id) }] : [],
  )
  const lines = Map.groupBy(turns, ({ orderKey }) => orderKey)
    .values()
    .toArray()
  expect(lines.some(line => line.length > 1)).toBe(true)
  for (const line of lines)
    expect(line.toSorted((one, other) => one.turn - other.turn)).toEqual(
      line.toSorted((one, other) => one.sequence - other.sequence),
    )

  let head: Parameters<typeof verifyChain>[2]
  const onRecord = new Set<unknown>()
  for (;;) {
    const page = await store.readLedger(head?.sequence ?? 0, 1_000)
    if (page.length === 0) break
    const verdict = verifyChain(ledgerKey, page, head)
    if (!verdict.ok) throw new Error(`the ledger is broken at ${verdict.sequence}`)
    head = verdict.head
    for (const { content } of page) {
      const { kind, outcome, submission } = JSON.parse(content!) as Record<string, unknown>
      if (kind === 'effect' && outcome !== 'uncertain') onRecord.add(submission)
    }
  }
  expect(rows.filter(({ id }) => !onRecord.has(id))).toEqual([])
}

describe('under torture', () => {
  it('a gateway with SQLite loses and doubles nothing', () => torture(1, undefined), timeout)
})

await describeWithPostgres('under torture', postgres => {
  it('two gateways with PostgreSQL lose and double nothing', () => torture(2, postgres.newPlace()), timeout)
})
