import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { closedPort } from '#gateway/testing/closed-port.ts'
import { faultCodeOf, fetchDocument } from './fetch-document.ts'

async function listen(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
}

const faultOf = (address: string, timeoutMs?: number) =>
  fetchDocument(address, timeoutMs === undefined ? {} : { timeoutMs }).then(() => 'none', faultCodeOf)

it.each<[string, (response: ServerResponse) => void, string]>([
  ['nothing at all', () => {}, 'TimeoutError'],
  ['a beginning and no end', response => void response.write('{'), 'TimeoutError'],
])('waits no longer than it may for %s', async (_, answer, fault) => {
  expect(await faultOf(await listen(answer), 50)).toBe(fault)
})

it.each<[string, (response: ServerResponse) => void, string]>([
  ['a redirect', response => void response.writeHead(302, { location: '/other' }).end(), 'HTTP_302'],
  ['an error', response => void response.writeHead(503).end('kenari'), 'HTTP_503'],
  ['no JSON', response => void response.end('kenari'), 'SyntaxError'],
  ['more than a set of keys needs', response => void response.end(' '.repeat(300_000)), 'TOO_LONG'],
  ['a hang-up', response => void response.destroy(), 'UND_ERR_SOCKET'],
])('says by a code what it got: %s', async (_, answer, fault) => {
  expect(await faultOf(await listen(answer))).toBe(fault)
})

it('says by a code that nobody is there', async () => {
  expect(await faultOf(`http://127.0.0.1:${await closedPort()}/keys`)).toBe('ECONNREFUSED')
})
