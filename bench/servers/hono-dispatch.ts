/** Bare Hono + undici `dispatch`: parses the body, asks the agency the gateway's own question, answers the bytes of a live answer. */
import { Hono } from 'hono'
import { type Dispatcher, Pool } from 'undici'
import { credentials } from '../../mocks/dukcapil/institutions.ts'
import { personNik } from '../people.ts'
import { serveHono } from './serve-hono.ts'

const { institution, user_id, password, ip } = credentials
const path = `/dukcapil/get_json/${institution}/CALL_NIK`
const headers = { accept: 'application/json', 'content-type': 'application/json' }
// As many connections as the gateway's own pool has.
const pool = new Pool(process.env['MOCK_DUKCAPIL_URL']!, {
  connections: 32,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
})

interface AgencyAnswer {
  readonly status: number
  readonly body: Buffer<ArrayBuffer>
}

const ask = (body: string): Promise<AgencyAnswer> =>
  new Promise((resolve, reject) => {
    let status = 0
    const chunks: Buffer[] = []
    pool.dispatch({ method: 'POST', path, headers, body }, {
      onRequestStart() {},
      onResponseStart(_, statusCode) {
        status = statusCode
      },
      onResponseData(_, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        resolve({
          status,
          body: (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)) as Buffer<ArrayBuffer>,
        })
      },
      onResponseError(_, error) {
        reject(error)
      },
    } satisfies Dispatcher.DispatchHandler)
  })

/** A live answer of the gateway, but for the person it is about. */
const [before, after] = process.env['BENCH_LIVE_ANSWER']!.split(personNik(0)) as [string, string]
const app = new Hono()

app.post('/v1/residents/lookup', async c => {
  const { nik } = await c.req.json<{ nik: string }>()
  const { status, body } = await ask(JSON.stringify({ nik, user_id, password, ip_user: ip }))
  if (status !== 200 || body.length === 0) return c.body(null, 502)
  return c.body(before + nik + after, 200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  })
})
await serveHono(app)
