/** The counters of `npm run bench -- orders`, in a process of their own: orders each with a key of its own, or one question. */
import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import { answerParent } from './child.ts'
import { bodyAbout, personNik } from './people.ts'

export interface CounterLoad {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  /** So many orders; or the same question for so many seconds. */
  readonly orders?: number
  readonly seconds?: number
}

export interface CounterResult {
  readonly answers: number
  readonly seconds: number
  /** Milliseconds, of ten parts in the order in which they were asked. */
  readonly parts: readonly { readonly p50: number; readonly p99: number }[]
}

let ordered = 0

const orderOf = (headers: CounterLoad['headers']) => {
  const body = JSON.stringify({ nik: personNik(ordered++), text: 'LAPAK' })
  return { path: '/v1/permits', headers: { ...headers, 'idempotency-key': randomUUID() }, body, status: 202 }
}

async function run({ url, headers, connections, orders, seconds = 0 }: CounterLoad): Promise<CounterResult> {
  const pool = new Pool(url, { connections, pipelining: 1 })
  const question = { path: '/v1/residents/lookup', headers, body: bodyAbout(0), status: 200 }
  const latencies: number[] = []
  const startedAt = performance.now()
  const goesOn = (): boolean =>
    orders === undefined ? performance.now() - startedAt < seconds * 1_000 : latencies.length < orders

  async function ask(): Promise<void> {
    while (goesOn()) {
      const { status, ...request } = orders === undefined ? question : orderOf(headers)
      const place = latencies.push(0) - 1
      const sentAt = performance.now()
      const { statusCode, body } = await pool.request({ ...request, method: 'POST' })
      const text = await body.text()
      latencies[place] = performance.now() - sentAt
      const isRight = statusCode === status && (orders !== undefined || text.includes('"mode":"cached"'))
      if (!isRight) throw new Error(`wrong answer: ${statusCode} ${text}`)
    }
  }

  await Promise.all(Array.from({ length: connections }, ask))
  const took = (performance.now() - startedAt) / 1_000
  await pool.close()
  const length = Math.ceil(latencies.length / 10)
  const parts = Array.from({ length: 10 }, (_, part) => {
    const sorted = latencies.slice(part * length, (part + 1) * length).toSorted((one, other) => one - other)
    const percentile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
    return { p50: percentile(0.5), p99: percentile(0.99) }
  })
  return { answers: latencies.length, seconds: took, parts }
}

answerParent('ready', run)
