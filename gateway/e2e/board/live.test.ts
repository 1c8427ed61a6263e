/** What an open page of the board is sent, and when that ends. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createLog } from '#gateway/log.ts'
import { startServer } from '#gateway/server.ts'
import { demoKeys } from '#gateway/settings/demo.ts'
import { loadSettings } from '#gateway/settings/load.ts'
import { startHouse } from '#gateway/testing/house.ts'
import { discoverAdapters } from '#gateway/upstream/discovery.ts'
import { switchTo } from '../steering/operator.ts'
import { keys, visit, type Visitor } from './visitor.ts'

interface Told {
  readonly event: string
  readonly data: string
}

/** The events that a page is sent, one after the other; the end at last. */
async function listen(url: string, visitor: Visitor, page = '/ops', version = '') {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const address = `${url}/ops/live?page=${encodeURIComponent(page)}&version=${version}`
  const response = await fetch(address, { headers: { cookie } })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  async function next(): Promise<Told | undefined> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const [, event = '', data = ''] = /event: (.*)\ndata: (.*)/.exec(text.slice(0, end)) ?? []
        text = text.slice(end + 2)
        return { event, data }
      }
      const { done, value } = await reader.read()
      if (done) return undefined
      text += value
    }
  }
  return {
    response,
    next,
    async nextChange() {
      for (;;) {
        const told = await next()
        if (told?.event === 'change')
          return JSON.parse(told.data) as { version: string; fragments: [string, string][] }
        if (!told) throw new Error('the stream has ended')
      }
    },
    cancel: () => reader.cancel(),
  }
}

const versionIn = (page: string): string => /data-version="([^"]+)"/.exec(page)![1]!

it('sends a page what has changed since it was made, and nothing else', async () => {
  await using house = await startHouse({
    upstreams: [{ id: 'dukcapil' }, { id: 'dukcapil-region' }],
    routes: [
      { capability: 'resident.lookup', upstreams: ['dukcapil', 'dukcapil-region'] },
      { capability: 'resident.match', upstreams: ['dukcapil', 'dukcapil-region'] },
      { capability: 'family.lookup', upstreams: ['dukcapil', 'dukcapil-region'] },
    ],
  })
  const visitor = visit(house)
  await visitor.signIn(keys.operator)
  const version = versionIn((await visitor.get('/ops')).text)
  const live = await listen(house.url, visitor, '/ops', version)
  expect(live.response.headers.get('content-type')).toBe('text/event-stream')
  expect(live.response.headers.get('cache-control')).toBe('no-store')
  expect((await live.next())!.event).toBe('beat')

  await switchTo(house, 'held', 'pemadaman listrik')
  const { fragments } = await live.nextChange()
  expect(fragments.map(([id]) => id)).toContain('tile-dukcapil')
  expect(fragments.map(([id]) => id)).not.toContain('tile-dukcapil-region')
  expect(fragments.find(([id]) => id === 'tile-dukcapil')![1]).toContain('pemadaman listrik')
  await live.cancel()

  // A page of before a restart is sent everything.
  const old = await listen(house.url, visitor, '/ops', 'ffffffff.7')
  expect((await old.nextChange()).fragments.map(([id]) => id)).toEqual(
    expect.arrayContaining(['summary', 'tile-dukcapil', 'tile-dukcapil-region', 'beside']),
  )
  await old.cancel()
})

it('is only for those who have signed in, of pages that there are, as long as they are known', async () => {
  await using house = await startHouse()
  const visitor = visit(house)
  expect((await visitor.get('/ops/live?page=/ops')).status).toBe(401)
  await visitor.signIn(keys.operator)
  for (const page of ['/ops/nowhere', 'http://[', '//'])
    expect((await visitor.get(`/ops/live?page=${page}`)).status).toBe(404)
  const live = await listen(house.url, visitor)
  house.clock.leap(13 * 60 * 60_000)
  let last = ''
  for (let told = await live.next(); told; told = await live.next()) last = told.event
  expect(last).toBe('over')
})

it('keeps a screen on the wall signed in as long as it is open, and no operator', async () => {
  await using house = await startHouse()
  for (const [key, status] of [
    [keys.monitor, 200],
    [keys.operator, 401],
  ] as const) {
    const visitor = visit(house)
    await visitor.signIn(key)
    for (let hours = 0; hours < 20; hours += 1) {
      house.clock.leap(20 * 60_000)
      const { response, cancel } = await listen(house.url, visitor)
      const [renewed] = response.headers.getSetCookie()
      if (renewed) visitor.cookies.set('mpp-board', /=([^;]*)/.exec(renewed)![1]!)
      await cancel()
    }
    expect((await visitor.get('/ops')).status).toBe(status)
  }
})

it('ends its streams first when the gateway ends', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'mpp-board-'))
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }))
  const agency = 'http://127.0.0.1:9'
  const settings = loadSettings({
    path: 'config/demo',
    environment: { MOCK_DUKCAPIL_URL: agency, MOCK_OSS_URL: agency, MOCK_POLRI_URL: agency },
    adapters: (await discoverAdapters('adapters')).adapters,
    isDemo: true,
  })
  const server = await startServer({
    settings,
    log: createLog({ write() {} }),
    dataFolder,
    host: '127.0.0.1',
    port: 0,
  })
  const visitor = visit(server)
  await visitor.signIn(demoKeys.operations)
  const live = await listen(server.url, visitor, '/ops/alarms')
  await live.next()
  const stopped = server.stop()
  // A connection that was broken would throw here.
  for (let told = await live.next(); told; told = await live.next()) expect(told.event).not.toBe('over')
  await stopped
})
