/** Bare `node:http`: parses the body, answers the bytes of a cached answer. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { underTest } from './under-test.ts'

const answer = process.env['BENCH_ANSWER']!
const length = Buffer.byteLength(answer)

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { nik } = JSON.parse(Buffer.concat(chunks).toString()) as { nik?: string }
    response.writeHead(nik ? 200 : 422, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-length': length,
    })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
underTest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
