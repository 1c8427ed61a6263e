/** `npm run bench -- ledger`: what evidence costs, and whether it costs more the more of it there is. See README.md. */
import type { House } from './house.ts'
import { type Case, type Load, measure, type Round } from './measure.ts'
import { columns, median } from './table.ts'

const cached = { people: 'one', expects: '"mode":"cached"' } as const

/** Each beside the one that it is compared with. */
const pairs = [
  { title: 'SQLite, written / not written', aim: '≥ 0.7', one: 'gateway', other: 'without-ledger' },
  {
    title: 'PostgreSQL, written / not written',
    aim: '≥ 0.7',
    one: 'postgres',
    other: 'postgres-without-ledger',
  },
  { title: 'SQLite, grown / young', aim: '≥ 0.91', one: 'grown', other: 'gateway' },
  { title: 'PostgreSQL, grown / young', aim: '≥ 0.91', one: 'postgres-grown', other: 'postgres' },
] as const
type ServerOf = (typeof pairs)[number]['one' | 'other']

/** The servers that it needs; `hasPostgres`: those of PostgreSQL too. */
export const serversOf = (hasPostgres: boolean): readonly ServerOf[] => [
  ...new Set(
    pairs
      .flatMap(({ one, other }): ServerOf[] => [one, other])
      .filter(id => hasPostgres || !id.startsWith('postgres')),
  ),
]

/** In turn, round after round, so that the machine's noise falls on all alike; the first round warms up. */
export async function measureLedger(house: House, rounds: number, load: Load): Promise<string> {
  const ids = [...house.servers.keys()].filter((id): id is ServerOf =>
    serversOf(true).includes(id as ServerOf),
  )
  const results = new Map<ServerOf, Round[]>(ids.map(id => [id, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const id of ids) {
      const one: Case = { id, title: id, server: id, ...cached }
      const result = await measure(house, one, load)
      if (round > 0) results.get(id)!.push(result)
    }
  }
  const figures = ids.map(id => {
    const of = results.get(id)!
    const figure = (name: 'rate' | 'cpu' | 'p50' | 'p99', digits: number) =>
      median(of.map(round => round[name])).toFixed(digits)
    return [id, figure('rate', 0), figure('cpu', 1), figure('p50', 2), figure('p99', 2)]
  })
  const ratios = pairs
    .filter(({ one, other }) => results.has(one) && results.has(other))
    .map(({ title, aim, one, other }) => {
      const each = (figure: 'rate' | 'cpu') =>
        results.get(one)!.map((round, index) => {
          const beside = results.get(other)![index]!
          return figure === 'rate' ? round.rate / beside.rate : beside.cpu / round.cpu
        })
      const spread = [Math.min(...each('rate')), Math.max(...each('rate'))].map(value => value.toFixed(2))
      return [title, median(each('rate')).toFixed(2), spread.join('–'), median(each('cpu')).toFixed(2), aim]
    })
  return `${columns([['cached question', 'requests/s', 'CPU µs', 'p50 ms', 'p99 ms'], ...figures])}

${columns([['ratio', 'requests/s', 'spread', 'per CPU second', 'aim'], ...ratios])}`
}
