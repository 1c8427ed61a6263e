import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { acceptOrder, moveTo } from '#gateway/store/test-order.ts'
import { as, startHouse } from '#gateway/testing/house.ts'
import { createClient, GatewayUnreachable, type ToldEvent } from './client.ts'

const apiKey = as('front-office').authorization.replace('Bearer ', '')

/** A gateway that answers each request in its turn, and is asked for no more than that. */
async function startGateway(...turns: ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  const lastIds: (string | string[] | undefined)[] = []
  const server = createServer((request, response) => {
    lastIds.push(request.headers['last-event-id'])
    turns[lastIds.length - 1]!(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { mpp: createClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey }), lastIds }
}

const event = (id: string) => `id: ${id}\nevent: submission.sending\ndata: {"id":"${id}"}\n\n`

async function take(events: AsyncIterable<ToldEvent>, count: number): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of events) if (ids.push(id) === count) break
  return ids
}

it('follows what happens, and goes on after what was seen', async () => {
  await using house = await startHouse()
  const mpp = createClient({ baseUrl: house.url, apiKey })
  const events = mpp.events()
  const first = events.next()
  let order = await acceptOrder(house.store, { member: 'front-office' })
  // It listens from now on, and nobody is told since when: so something goes on happening.
  const happening = setInterval(() => {
    void acceptOrder(house.store, { member: 'front-office' })
  }, 200)
  onTestFinished(() => clearInterval(happening))
  const { value } = await first
  clearInterval(happening)
  await events.return(undefined as never)

  for (const state of ['sending', 'confirmed'] as const) order = await moveTo(house.store, order, state)
  for await (const { submission, state } of mpp.events({ after: value.id }))
    if (submission === order.id && state === 'confirmed') break
})

it('comes again after what it has, whatever ends the connection', async () => {
  const { mpp, lastIds } = await startGateway(
    (_, response) => {
      response.write(`retry: 1\n\n${event('one')}id: half\ndata: {"id":`)
      setTimeout(() => response.destroy(), 50)
    },
    (_, response) => response.writeHead(503).end('<html>'),
    (_, response) => response.end(`: \n\n${event('two')}`),
    (_, response) => void response.write(event('three')),
  )
  expect(await take(mpp.events({ after: 'zero' }), 3)).toEqual(['one', 'two', 'three'])
  expect(lastIds).toEqual(['zero', 'one', 'one', 'two'])
})

it('says so when it cannot know what it missed', async () => {
  const { mpp } = await startGateway((_, response) => response.end('retry: 1\n\n'))
  await expect(mpp.events().next()).rejects.toThrow(GatewayUnreachable)
})

it('ends with a refusal that coming again would not mend, and with its signal', async () => {
  await using house = await startHouse()
  const mpp = createClient({ baseUrl: house.url, apiKey })
  await expect(mpp.events({ after: '01999999-0000-7000-8000-000000000000' }).next()).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    reason: 'EVENT_UNKNOWN',
  })
  const reason = new Error('the counter has closed')
  const closing = new AbortController()
  const next = mpp.events({ signal: closing.signal }).next()
  closing.abort(reason)
  await expect(next).rejects.toBe(reason)
})
