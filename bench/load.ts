/** The load, in a process of its own: as many questions as the connections allow, every answer checked. */
import autocannon from 'autocannon'
import { answerParent } from './child.ts'
import { bodyAbout } from './people.ts'

export interface LoadOrder {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Every question about somebody else, or all about one person. */
  readonly people: 'many' | 'one'
  /** Stands in every right answer. */
  readonly expects: string
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  /** Right answers, with status 200. */
  readonly answers: number
  /** Any other end of a question. */
  readonly wrong: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** More than any server here can answer: no connection comes to the end of its list. */
const questionsPerSecond = 1_500

async function run({ url, headers, people, expects, connections, seconds }: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = []
  let asked = 0
  const load = autocannon({
    url,
    method: 'POST',
    headers,
    connections,
    duration: seconds,
    setupClient(client) {
      // Made before the first is sent, so that the load spends its core on asking.
      const length = people === 'many' ? questionsPerSecond * seconds : 1
      const bodies = Array.from({ length }, () => ({ body: bodyAbout(people === 'many' ? asked++ : 0) }))
      client.setRequests(bodies)
    },
    verifyBody: body => body.includes(expects),
  })
  load.on('response', (_client, _status, _bytes, ms) => latencies.push(ms))
  const result = await load
  latencies.sort((one, other) => one - other)
  const percentile = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return {
    answers: result['2xx'] - result.mismatches,
    wrong: result.non2xx + result.errors + result.mismatches,
    seconds: result.duration,
    p50: percentile(0.5),
    p99: percentile(0.99),
  }
}

answerParent('ready', run)
