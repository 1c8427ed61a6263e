/**
 * A gateway of fifty upstreams, each asked a few times a second, with `BENCH_BACKLOG` orders that wait: what a board has to show
 * on a bad day.
 */
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { residentLookup } from '../../contracts/resident.ts'
import { createGateway } from '../../gateway/gateway.ts'
import { createHttpServer } from '../../gateway/http/http-server.ts'
import { createLog } from '../../gateway/log.ts'
import { openStore } from '../../gateway/store/open.ts'
import { testEvent, testKey, testOrder } from '../../gateway/store/test-order.ts'
import { demoSettings } from '../demo-settings.ts'
import { personNik } from '../people.ts'
import { underTest } from './under-test.ts'

const { BENCH_DATA: dataFolder = '', BENCH_BACKLOG: backlog = '0' } = process.env
const upstreams = 50
const askEveryMs = 20

const settings = await demoSettings()
mkdirSync(dataFolder, { recursive: true })
const store = await openStore({ dataFolder }, { ledgerKey: settings.keys.ledger })
await fillBacklog(Number(backlog))

const [registry] = settings.upstreams
const copies = Array.from({ length: upstreams }, (_, index) => ({ ...registry!, id: `agency-${index}` }))
const gateway = createGateway({
  settings: {
    ...settings,
    upstreams: copies,
    routes: [],
    agreements: [],
  },
  store,
  log: createLog(),
})
await gateway.opened
const server = createHttpServer(gateway.app.fetch, {
  connections: 2_000,
  stalledMs: 60_000,
  onRefused: gateway.onRefused,
}).listen(0, '127.0.0.1')
await once(server, 'listening')

/** One after the other, so that each is asked once a second. */
let asked = 0
const asking = setInterval(() => {
  asked += 1
  const upstream = gateway.upstreams[asked % upstreams]!
  upstream.ask(residentLookup, { nik: personNik(asked % 1_000) }, () => 2_000).catch(() => {})
}, askEveryMs)

underTest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, async () => {
  clearInterval(asking)
  gateway.drain()
  server.closeAllConnections()
  server.close()
  await gateway.close()
  await store.close()
})

/** Some are dead, some nobody knows of, most wait for an officer. */
async function fillBacklog(count: number): Promise<void> {
  const atOnce = 1_024
  for (let done = 0; done < count; done += atOnce) {
    const filling = Array.from({ length: Math.min(atOnce, count - done) }, async (_, index) => {
      const order = testOrder({ upstream: `agency-${index % upstreams}`, awaits: 'officer', dueInMs: null })
      await store.acceptSubmission(order, testKey(), testEvent('queued'))
      if (index % 20 === 0)
        await store.moveSubmission(order.id, 1, { state: 'dead', awaits: 'operator' }, [testEvent('dead')])
    })
    await Promise.all(filling)
  }
}
