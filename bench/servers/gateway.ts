/** The gateway itself: the demo's configuration, every stage on, the ledger on the disk. Its log goes where stdout goes. */
import { join } from 'node:path'
import { createLog } from '../../gateway/log.ts'
import { startServer } from '../../gateway/server.ts'
import { loadSettings } from '../../gateway/settings/load.ts'
import { discoverAdapters } from '../../gateway/upstream/discovery.ts'
import { underTest } from './under-test.ts'

const root = join(import.meta.dirname, '../..')
const { adapters } = await discoverAdapters(join(root, 'adapters'))
const settings = loadSettings({
  path: join(root, 'config/demo'),
  environment: process.env,
  adapters,
  isDemo: true,
})
const server = await startServer({
  settings,
  log: createLog(),
  dataFolder: process.env['BENCH_DATA']!,
  host: '127.0.0.1',
  port: 0,
})
underTest(server.url, server.stop)
