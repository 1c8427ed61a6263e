/** What health and metrics cost a question: the calls that each makes on its way, a great many times, in this process alone. */
import { createMetrics } from '../gateway/ops/metrics.ts'
import { type AttemptOutcome, createTraffic } from '../gateway/upstream/traffic.ts'

const capabilities = ['resident.lookup', 'resident.match', 'family.lookup']
const outcomes: readonly AttemptOutcome[] = [
  'ok',
  'ok',
  'ok',
  'ok',
  'NOT_FOUND',
  'ok',
  'UPSTREAM_TIMEOUT',
  'ok',
]
const times = 2_000_000

export function measureHealth(rounds: number): string {
  const traffic = createTraffic(Date.now, capabilities)
  const metrics = createMetrics([])
  const steps = {
    'traffic.note': (turn: number) =>
      traffic.note(capabilities[turn % 3]!, outcomes[turn % 8]!, (turn * 7_919) % 3_000),
    'metrics of an attempt': (turn: number) =>
      metrics.attempt({
        upstream: 'dukcapil',
        capability: capabilities[turn % 3]!,
        outcome: outcomes[turn % 8]!,
        ms: (turn * 7_919) % 3_000,
        unknownCodes: [],
      }),
    'metrics of an answer': () =>
      metrics.answer({ upstream: 'dukcapil', capability: 'resident.lookup', mode: 'live' }),
    'metrics of a request': (turn: number) =>
      metrics.request(
        { route: '/v1/residents/lookup', member: 'front-office', code: 'OK' },
        ((turn * 7_919) % 3_000) / 1_000,
      ),
  }
  const lines = Object.entries(steps).map(([name, step]) => ({ name, cost: cheapest(rounds, step) }))
  const all = { name: 'together', cost: lines.reduce((sum, { cost }) => sum + cost, 0) }
  return [...lines, all].map(({ name, cost }) => `${name.padEnd(24)}${cost.toFixed(3)} µs`).join('\n')
}

/** CPU microseconds a call, of the round that was disturbed least; the first is to warm up. */
function cheapest(rounds: number, step: (turn: number) => void): number {
  const measured = Array.from({ length: rounds + 1 }, () => {
    const before = process.cpuUsage()
    for (let turn = 0; turn < times; turn++) step(turn)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / times
  })
  return Math.min(...measured.slice(1))
}
