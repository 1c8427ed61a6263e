/** `npm run bench`: what the whole way of a question costs, beside servers that do next to nothing. See README.md. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureBoard } from './board.ts'
import { type Cores, shareCores } from './cores.ts'
import type { ServerId } from './house.ts'
import { measureLedger, serversOf } from './ledger.ts'
import { measureObserving } from './observing.ts'
import { measureOrders } from './orders.ts'
import { type CaseId, cases, type Load, measure, type Round } from './measure.ts'
import { profile } from './profile.ts'
import { median, ratios, resultTable } from './table.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '1000000' },
    backlog: { type: 'string', default: '10000' },
    stored: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
    profile: { type: 'boolean', default: false },
    store: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const load: Load = { connections: wholeNumber('connections', 64), seconds: wholeNumber('seconds', 60) }
const rounds = wholeNumber('rounds', 20)

if (positionals[0] === 'orders') {
  const amounts = { backlog: wholeNumber('backlog', 1_000_000), stored: wholeNumber('stored', 1_000_000) }
  await measureOrders(shareCores(), { ...amounts, rounds, load }, options.store)
  process.exit()
}
if (positionals[0] === 'observing') {
  console.log(await measureObserving(rounds))
  process.exit()
}
if (positionals[0] === 'board') {
  const amounts = { backlog: wholeNumber('backlog', 1_000_000), rounds, seconds: load.seconds }
  console.log(await measureBoard(shareCores(), amounts))
  process.exit()
}
const isLedger = positionals[0] === 'ledger'
if (isLedger) process.env['BENCH_ROWS'] = String(wholeNumber('rows', 10_000_000))
const cores = shareCores()
const { openHouse } = await import('./house.ts') // it reads the environment
const house = await openHouse(cores, serverIds())
try {
  const setting = describe(cores, house.dataFolder)
  if (!options.json) console.log(`${setting.join('\n')}\n`)
  if (isLedger) console.log(await measureLedger(house, rounds, load))
  else if (options.profile) await profile(house, load)
  else report(setting, await measureAll())
} finally {
  await house.close()
}

function serverIds(): readonly ServerId[] {
  if (isLedger) return serversOf(process.env['DATABASE_URL'] !== undefined)
  return options.profile ? ['gateway'] : [...new Set(cases.map(({ server }) => server))]
}

/** All cases in turn, round after round, so that the machine's noise falls on all alike. */
async function measureAll(): Promise<Record<CaseId, Round[]>> {
  const results = Object.fromEntries(cases.map(({ id }) => [id, [] as Round[]])) as Record<CaseId, Round[]>
  for (let round = 0; round <= rounds; round++) {
    for (const one of cases) {
      const result = await measure(house, one, load)
      if (round > 0) results[one.id].push(result) // the first was to warm up
    }
  }
  return results
}

function report(setting: readonly string[], results: Record<CaseId, Round[]>): void {
  if (options.json) console.log(JSON.stringify({ setting, ratios: ratios(results), results }, undefined, 2))
  else console.log(resultTable(results))
}

function describe({ server, others, count }: Cores, dataFolder: string): string[] {
  const { node, v8 } = process.versions
  const where =
    server === undefined
      ? `${count} cores, nothing pinned (no taskset, or one core): figures of servers and load mix`
      : `${count} cores: server on ${server}, load and agency on ${others}`
  return [
    `Node ${node} (V8 ${v8}), ${process.platform} ${process.arch}, ${where}`,
    `store: SQLite, fsync on every commit (one fsync here: ${(fsyncMs(dataFolder) * 1_000).toFixed(0)} µs); shared data in memory, no Redis; log to /dev/null`,
    options.profile
      ? `${load.connections} connections, ${load.seconds} s each, after as much to warm up`
      : `${load.connections} connections, ${rounds} rounds of ${load.seconds} s after one to warm up, medians`,
  ]
}

/** What the disk takes to keep one page: tells a disk from memory. */
function fsyncMs(folder: string): number {
  const file = openSync(join(folder, 'fsync'), 'w')
  const page = Buffer.alloc(4_096, 1)
  const times = Array.from({ length: 50 }, () => {
    const startedAt = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return performance.now() - startedAt
  })
  closeSync(file)
  return median(times)
}

function wholeNumber(
  name: 'seconds' | 'rounds' | 'connections' | 'rows' | 'backlog' | 'stored',
  most: number,
): number {
  const value = Number(options[name])
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  console.error(`--${name} takes a whole number from 1 to ${most}`)
  process.exit(1)
}
