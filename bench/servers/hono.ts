/** Bare Hono: parses the body, answers the bytes of a cached answer. */
import { Hono } from 'hono'
import { serveHono } from './serve-hono.ts'

const answer = process.env['BENCH_ANSWER']!
const app = new Hono()

app.post('/v1/residents/lookup', async c => {
  const { nik } = await c.req.json<{ nik?: string }>()
  return c.body(answer, nik ? 200 : 422, { 'content-type': 'application/json', 'cache-control': 'no-store' })
})
await serveHono(app)
